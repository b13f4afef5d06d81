//! A SIP user agent on one UDP socket: the exchange has one, and so has every softphone.
//!
//! Transactions (retransmission, timers, matching) are rsipstack's; dialogs are ours, in [`super::dialog`], because a
//! contact centre needs to know about every way in which a call may end.

use super::dialog::DialogMail;
use super::socket::GatedSocket;
use crate::protocol::digest;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{
    Header, Method, Request, Response, SipMessage, StatusCode, StatusCodeKind, Uri, Version,
};
use rsipstack::transaction::endpoint::{EndpointInnerRef, EndpointOption, TargetLocator};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, TransportLayer};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use vocabulary::Chance;

/// How a user agent is started.
#[derive(Clone, Debug)]
pub struct AgentConfig {
    /// Where to listen. Port 0 lets the operating system choose.
    pub bind: SocketAddr,
    /// The address others are told, if it is another than the bound one.
    pub advertised: Option<IpAddr>,
    /// Who may call: the addresses of the trunk. None: everybody.
    pub callers: Option<Vec<IpAddr>>,
    /// The `User-Agent` header.
    pub name: String,
    /// RFC 3261's T1: 500 ms, except in tests that cannot wait for 64 times that.
    pub t1: Duration,
}

impl AgentConfig {
    /// An agent on `bind` with the standard's timers.
    #[must_use]
    pub fn new(bind: SocketAddr) -> Self {
        Self {
            bind,
            advertised: None,
            callers: None,
            name: "Lots".to_owned(),
            t1: Duration::from_millis(500),
        }
    }
}

/// A user agent. Cheap to clone.
#[derive(Clone)]
pub struct Agent {
    inner: Arc<AgentInner>,
}

struct AgentInner {
    endpoint: EndpointInnerRef,
    local: SocketAddr,
    t1: Duration,
    dialogs: Mutex<HashMap<DialogKey, mpsc::UnboundedSender<DialogMail>>>,
    chance: Arc<dyn Chance>,
    stop: CancellationToken,
    flows: Flows,
    /// Requests of ours that wait for their final answer.
    asking: AtomicUsize,
}

/// Where telephones behind address translation are really reached, by the host and port they give themselves. The
/// acknowledgement of their answer, which the stack sends by itself, goes there and not to an address of their own
/// network.
#[derive(Clone, Default)]
struct Flows(Arc<Mutex<HashMap<String, SocketAddr>>>);

/// Flows remembered; beyond that all are forgotten, and come back with the next call to each telephone.
const FLOWS_MAX: usize = 10_000;

impl Flows {
    fn table(&self) -> MutexGuard<'_, HashMap<String, SocketAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, uri: &Uri, flow: SocketAddr) {
        let mut table = self.table();
        if table.len() >= FLOWS_MAX {
            table.clear();
        }
        table.insert(uri.host_with_port.to_string(), flow);
    }
}

#[async_trait::async_trait]
impl TargetLocator for Flows {
    async fn locate(&self, uri: &Uri) -> rsipstack::Result<SipAddr> {
        let known = self.table().get(&uri.host_with_port.to_string()).copied();
        match known {
            Some(flow) => Ok(flow.into()),
            None => uri.try_into(),
        }
    }
}

/// Serves the socket; if that ends without having been asked to, telephony is dead, and somebody must hear of it.
async fn watch_over(endpoint: EndpointInnerRef, stop: CancellationToken) {
    let served = tokio::spawn(async move { endpoint.serve().await }).await;
    if !stop.is_cancelled() {
        metrics::counter!("sip_endpoint_failed_total").increment(1);
        tracing::error!(?served, "the SIP socket is no longer served");
    }
}

/// Counts a request while it waits for its answer, however the waiting ends.
struct Asking<'a>(&'a AtomicUsize);

impl<'a> Asking<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What in-dialog requests are told apart by: Call-ID and our tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DialogKey {
    pub call_id: String,
    pub local_tag: String,
}

/// Nothing could be sent, or no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct NoAnswer;

/// A request from outside, to be answered.
pub struct ServerRequest {
    transaction: Transaction,
    source: SocketAddr,
}

impl ServerRequest {
    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.transaction.original
    }

    /// Where it came from.
    #[must_use]
    pub fn source(&self) -> SocketAddr {
        self.source
    }

    /// The value of the first header called `name`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.request().header_value(name)
    }

    /// The method as in the request line.
    #[must_use]
    pub fn method(&self) -> Method {
        *self.request().method()
    }

    /// The user part of the address asked for.
    #[must_use]
    pub fn dialled(&self) -> String {
        let uri = self.request().uri();
        // `tel:08123` is parsed as a host.
        uri.user().map_or_else(
            || uri.host_with_port.to_string(),
            |user| user.split(';').next().unwrap_or(user).to_owned(),
        )
    }

    /// Answers with `code`, for good.
    pub async fn reply(self, code: u16, headers: Vec<Header>) {
        self.reply_with(code, headers, None).await;
    }

    /// Answers with `code` and perhaps a session description, for good. An INVITE is kept until its answer has been
    /// acknowledged or given up.
    pub async fn reply_with(mut self, code: u16, mut headers: Vec<Header>, sdp: Option<String>) {
        count_request(self.method(), code);
        if sdp.is_some() {
            headers.push(sdp_type());
        }
        let replied =
            self.transaction.reply_with(StatusCode::from(code), headers, sdp.map(String::into_bytes)).await;
        if let Err(error) = replied {
            tracing::debug!(%error, code, "an answer could not be sent");
            return;
        }
        if self.method() == Method::Invite {
            tokio::spawn(async move { while self.transaction.receive().await.is_some() {} });
        }
    }

    pub(super) fn into_transaction(self) -> Transaction {
        self.transaction
    }
}

/// Counts an answered request.
pub(super) fn count_request(method: Method, code: u16) {
    let result = match code {
        100..=199 => return,
        200..=299 => "accepted",
        300..=399 => "redirected",
        401 | 407 => "challenged",
        400..=499 => "refused",
        _ => "failed",
    };
    metrics::counter!("sip_requests_total", "method" => method.to_string(), "result" => result).increment(1);
}

/// The header that says that the body is SDP.
pub(super) fn sdp_type() -> Header {
    Header::ContentType(untyped::ContentType::new("application/sdp"))
}

impl Agent {
    /// Starts an agent. Requests that begin something new come out of the receiver; those within dialogs go to them.
    ///
    /// # Errors
    /// If the socket cannot be bound.
    pub async fn start(
        config: AgentConfig,
        chance: Arc<dyn Chance>,
    ) -> io::Result<(Self, mpsc::UnboundedReceiver<ServerRequest>)> {
        let socket = GatedSocket::bind(config.bind, config.callers).await?;
        let bound = socket.local()?;
        let local = SocketAddr::new(config.advertised.unwrap_or(bound.ip()), bound.port());
        let stop = CancellationToken::new();
        let transport = TransportLayer::new(stop.clone());
        let connection =
            UdpConnection::from_socket(Arc::new(socket), Some(local), Some(stop.child_token())).await;
        transport.add_transport(connection.map_err(io::Error::other)?.into());
        let flows = Flows::default();
        let option = EndpointOption { t1: config.t1, t1x64: config.t1 * 64, ..EndpointOption::default() };
        let endpoint = rsipstack::EndpointBuilder::new()
            .with_transport_layer(transport)
            .with_cancel_token(stop.clone())
            .with_user_agent(&config.name)
            .with_option(option)
            .with_target_locator(Box::new(flows.clone()))
            .build();
        let transactions = endpoint.incoming_transactions().map_err(io::Error::other)?;
        let inner = AgentInner {
            endpoint: endpoint.inner.clone(),
            local,
            t1: config.t1,
            dialogs: Mutex::default(),
            chance,
            stop: stop.clone(),
            flows,
            asking: AtomicUsize::new(0),
        };
        let agent = Self { inner: Arc::new(inner) };
        tokio::spawn(watch_over(endpoint.inner.clone(), stop));
        let (arrivals, arrived) = mpsc::unbounded_channel();
        tokio::spawn(agent.clone().sort(transactions, arrivals));
        Ok((agent, arrived))
    }

    /// Where others reach this agent.
    #[must_use]
    pub fn local(&self) -> SocketAddr {
        self.inner.local
    }

    /// Our `Contact` for `user`.
    #[must_use]
    pub fn contact(&self, user: &str) -> String {
        format!("<sip:{user}@{}>", self.inner.local)
    }

    /// How many dialogs are alive.
    #[must_use]
    pub fn dialogs(&self) -> usize {
        self.dialog_table().len()
    }

    /// Whether requests of ours still wait for their answers.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.inner.asking.load(Ordering::Relaxed) > 0
    }

    /// Stops at once: nothing is sent or received any more.
    pub fn stop(&self) {
        self.inner.stop.cancel();
    }

    /// RFC 3261's 64 times T1: how long we wait for what ought to come.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.inner.t1 * 64
    }

    /// A random token for tags, Call-IDs and nonces.
    #[must_use]
    pub fn token(&self) -> String {
        let mut bytes = [0; 12];
        self.inner.chance.fill(&mut bytes);
        digest::hex(&bytes)
    }

    pub(super) fn endpoint(&self) -> &EndpointInnerRef {
        &self.inner.endpoint
    }

    fn dialog_table(&self) -> MutexGuard<'_, HashMap<DialogKey, mpsc::UnboundedSender<DialogMail>>> {
        self.inner.dialogs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self, key: DialogKey, mail: mpsc::UnboundedSender<DialogMail>) {
        self.dialog_table().insert(key, mail);
    }

    pub(super) fn leave(&self, key: &DialogKey) {
        self.dialog_table().remove(key);
    }

    /// Hands requests within a dialog to it, and all others out.
    async fn sort(
        self,
        mut transactions: mpsc::UnboundedReceiver<Transaction>,
        arrivals: mpsc::UnboundedSender<ServerRequest>,
    ) {
        loop {
            let transaction = tokio::select! {
                () = self.inner.stop.cancelled() => return,
                next = transactions.recv() => match next {
                    Some(transaction) => transaction,
                    None => return,
                },
            };
            let source =
                transaction.connection.as_ref().and_then(|c| c.get_remote_addr()?.get_socketaddr().ok());
            let Some(source) = source else { continue };
            let request = ServerRequest { transaction, source };
            let Some(local_tag) = request.local_tag() else {
                if arrivals.send(request).is_err() {
                    return;
                }
                continue;
            };
            let call_id = request.header("Call-ID").unwrap_or_default();
            let dialog = self.dialog_table().get(&DialogKey { call_id, local_tag }).cloned();
            let lost = match dialog {
                Some(dialog) => dialog.send(DialogMail::Request(Box::new(request))).err().map(|e| e.0),
                None => Some(DialogMail::Request(Box::new(request))),
            };
            if let Some(DialogMail::Request(request)) = lost {
                tokio::spawn(request.reply(481, Vec::new()));
            }
        }
    }

    /// Sends a request outside any dialog, or in one when the headers say so, and waits for its final answer.
    ///
    /// # Errors
    /// When nothing can be sent or nobody answers.
    pub async fn ask(&self, request: Request, destination: SocketAddr) -> Result<Response, NoAnswer> {
        let mut transaction = self.client(request, destination)?;
        let _asking = Asking::begin(&self.inner.asking);
        transaction.send().await.map_err(|_| NoAnswer)?;
        while let Some(message) = transaction.receive().await {
            if let SipMessage::Response(response) = message
                && response.status_code.kind() != StatusCodeKind::Provisional
            {
                return Ok(response);
            }
        }
        Err(NoAnswer)
    }

    /// Remembers that whoever calls itself `uri` is reached at `flow`.
    pub(super) fn learn_flow(&self, uri: &Uri, flow: SocketAddr) {
        self.inner.flows.learn(uri, flow);
    }

    pub(super) fn client(&self, request: Request, destination: SocketAddr) -> Result<Transaction, NoAnswer> {
        let key = TransactionKey::from_request(&request, TransactionRole::Client).map_err(|_| NoAnswer)?;
        let mut transaction = Transaction::new_client(key, request, self.inner.endpoint.clone(), None);
        transaction.destination =
            Some(SipAddr { r#type: Some(rsipstack::sip::Transport::Udp), addr: destination.into() });
        Ok(transaction)
    }

    /// A request with the headers every one has. `from` and `to` are whole header values with their tags.
    pub(super) fn request(&self, head: &Head<'_>) -> Option<Request> {
        let uri = Uri::try_from(head.uri).ok()?;
        let via = self.inner.endpoint.get_via(None, None).ok()?;
        let headers = vec![
            Header::Via(via.into()),
            Header::From(untyped::From::new(head.from)),
            Header::To(untyped::To::new(head.to)),
            Header::CallId(untyped::CallId::new(head.call_id)),
            Header::CSeq(untyped::CSeq::new(format!("{} {}", head.sequence, head.method))),
            Header::MaxForwards(untyped::MaxForwards::new("70")),
            Header::UserAgent(untyped::UserAgent::new(self.inner.endpoint.user_agent.clone())),
        ];
        Some(Request {
            method: head.method,
            uri,
            version: Version::V2,
            headers: headers.into(),
            body: Vec::new(),
        })
    }

    /// Registers `user` at `registrar` for `expires_seconds` (0 takes it back), answering one challenge. Gives the code
    /// of the last answer.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn register(
        &self,
        registrar: SocketAddr,
        user: &str,
        password: &str,
        expires_seconds: u32,
    ) -> Result<u16, NoAnswer> {
        let call_id = self.token();
        let uri = format!("sip:{registrar}");
        let (from, to) =
            (format!("<sip:{user}@{registrar}>;tag={}", self.token()), format!("<sip:{user}@{registrar}>"));
        let mut authorization = None;
        let mut code = 0;
        for sequence in 1..=2 {
            let head = Head {
                method: Method::Register,
                uri: &uri,
                from: &from,
                to: &to,
                call_id: &call_id,
                sequence,
            };
            let mut request = self.request(&head).ok_or(NoAnswer)?;
            request.headers.push(Header::Contact(untyped::Contact::new(self.contact(user))));
            request.headers.push(Header::Expires(untyped::Expires::new(expires_seconds.to_string())));
            if let Some(value) = authorization.take() {
                request.headers.push(Header::Authorization(untyped::Authorization::new(value)));
            }
            let response = self.ask(request, registrar).await?;
            code = response.status_code.code();
            if code != 401 {
                break;
            }
            let client_nonce = self.token();
            let challenges = response.headers.iter().filter_map(|header| match header {
                Header::WwwAuthenticate(challenge) => Some(challenge.value()),
                _ => None,
            });
            authorization = digest::strongest(challenges).and_then(|challenge| {
                digest::answer(challenge, user, password, "REGISTER", &uri, &client_nonce)
            });
            if authorization.is_none() {
                break;
            }
        }
        Ok(code)
    }
}

impl ServerRequest {
    /// Our tag, if the request is within a dialog.
    fn local_tag(&self) -> Option<String> {
        self.request().to_header().ok()?.tag().ok()?.map(|tag| tag.value().to_owned())
    }
}

/// What is different in the head of each request.
pub(super) struct Head<'a> {
    pub method: Method,
    pub uri: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub call_id: &'a str,
    pub sequence: u32,
}
