//! A gateway over SMPP 3.4: one connection that is kept, made anew when it breaks.

mod pdu;
mod receipt;
mod session;

pub(crate) use pdu::{Part, submit};

use crate::config::SmppGateway;
use crate::delivery::Receipt;
use crate::texter::Refusal;
use outward::TlsConnector;
use rusmpp::pdus::SubmitSm;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// How many messages may queue up for the connection.
const QUEUED_MAX: usize = 100;

/// Takes what the gateway says of how a message fared; false if it could not be kept and is to be said again.
pub(crate) type TakeReceipt =
    Arc<dyn Fn(Receipt) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// What is asked of the connection.
pub(crate) struct Request {
    pub submit: SubmitSm,
    pub answer: oneshot::Sender<Result<String, Refusal>>,
}

/// The way to the connection.
pub(crate) struct Smpp {
    pub(crate) gateway: SmppGateway,
    requests: mpsc::Sender<Request>,
}

impl Smpp {
    pub(crate) fn start(
        gateway: SmppGateway,
        connector: TlsConnector,
        take: TakeReceipt,
        shutdown: CancellationToken,
    ) -> Self {
        let (requests, queue) = mpsc::channel(QUEUED_MAX);
        let session = session::Session::new(gateway.clone(), connector, take, queue);
        tokio::spawn(session.run(shutdown));
        Self { gateway, requests }
    }

    /// Hands one message or part of one to the gateway; gives its name for it.
    pub(crate) async fn send(&self, submit: SubmitSm) -> Result<String, Refusal> {
        let (answer, answered) = oneshot::channel();
        let gone = || Refusal::temporary("connection", "the connection to the gateway has ended");
        self.requests.send(Request { submit, answer }).await.map_err(|_| gone())?;
        answered.await.unwrap_or_else(|_| Err(gone()))
    }
}
