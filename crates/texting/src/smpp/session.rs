//! The connection: bound, kept alive, made anew when it breaks.
//!
//! One task owns it. What is asked waits in a queue while there is no connection, or is answered that there is none, so
//! that the message goes back to its own clock; an answer that does not come counts as not taken, and the message is
//! sent again: rather twice than never.

use super::{Request, TakeReceipt, pdu, receipt};
use crate::config::SmppGateway;
use crate::texter::Refusal;
use futures::{SinkExt as _, StreamExt as _};
use outward::TlsConnector;
use rusmpp::pdus::DeliverSmResp;
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::{Command, CommandId, CommandStatus, Pdu};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::codec::Framed;
use tokio_util::sync::CancellationToken;

/// The waits between attempts to connect, in seconds; the last goes on.
const RECONNECT_AFTER_S: [u64; 6] = [1, 2, 5, 10, 30, 60];
/// How long nothing is sent after the gateway has said that it is too much.
const THROTTLED_PAUSE: Duration = Duration::from_secs(1);
/// How often what has waited too long for an answer is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The largest message that is read, in bytes.
const COMMAND_BYTES_MAX: usize = 16 * 1024;
/// Sequence numbers go up to this (SMPP 3.4, section 3.2).
const SEQUENCE_MAX: u32 = 0x7fff_ffff;

pub(super) struct Session {
    gateway: SmppGateway,
    connector: TlsConnector,
    take: TakeReceipt,
    queue: mpsc::Receiver<Request>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}
type Line = Framed<Box<dyn Stream>, CommandCodec>;

/// Why a connection ended, in a word for the log.
type Ended = &'static str;

struct Pending {
    answer: oneshot::Sender<Result<String, Refusal>>,
    until: Instant,
}

/// A connection that is bound.
struct Bound<'a> {
    line: Line,
    gateway: &'a SmppGateway,
    take: &'a TakeReceipt,
    pending: BTreeMap<u32, Pending>,
    sequence: u32,
    heard_at: Instant,
    asked_at: Option<Instant>,
    paused_until: Instant,
}

impl Session {
    pub(super) fn new(
        gateway: SmppGateway,
        connector: TlsConnector,
        take: TakeReceipt,
        queue: mpsc::Receiver<Request>,
    ) -> Self {
        Self { gateway, connector, take, queue }
    }

    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let mut failures = 0;
        while !shutdown.is_cancelled() && !self.queue.is_closed() {
            match self.connect().await {
                Ok(line) => {
                    failures = 0;
                    tracing::info!("bound to the gateway for text messages");
                    let ended = self.serve(line, &shutdown).await;
                    tracing::info!(ended, "the connection to the gateway for text messages has ended");
                }
                Err(why) => {
                    tracing::warn!(why, "no connection to the gateway for text messages");
                }
            }
            let wait = RECONNECT_AFTER_S[failures.min(RECONNECT_AFTER_S.len() - 1)];
            failures += 1;
            self.refuse_for(Duration::from_secs(wait), &shutdown).await;
        }
    }

    /// Answers what is asked that there is no connection, until it is time to try again.
    async fn refuse_for(&mut self, wait: Duration, shutdown: &CancellationToken) {
        let until = sleep(wait);
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = &mut until => return,
                request = self.queue.recv() => match request {
                    Some(request) => {
                        let refusal = Refusal::temporary("not_bound", "no connection to the gateway");
                        drop(request.answer.send(Err(refusal)));
                    }
                    None => return,
                },
            }
        }
    }

    async fn connect(&self) -> Result<Line, Ended> {
        let limit = Duration::from_secs(self.gateway.timeout_s);
        let stream = timeout(limit, self.open()).await.map_err(|_| "timeout")??;
        let codec = CommandCodec::new().with_max_length(COMMAND_BYTES_MAX);
        let mut line = Framed::new(stream, codec);
        let bind = pdu::bind(&self.gateway).ok_or("configuration")?;
        let bound = async {
            line.send(Command::new(CommandStatus::EsmeRok, 1, bind)).await.map_err(|_| "broken")?;
            loop {
                let answer = line.next().await.ok_or("closed")?.map_err(|_| "broken")?;
                match (answer.id(), answer.status()) {
                    (
                        CommandId::BindTransceiverResp | CommandId::BindTransmitterResp,
                        CommandStatus::EsmeRok,
                    ) => {
                        return Ok(());
                    }
                    (
                        CommandId::BindTransceiverResp
                        | CommandId::BindTransmitterResp
                        | CommandId::GenericNack,
                        _,
                    ) => return Err("bind refused"),
                    _ => {}
                }
            }
        };
        timeout(limit, bound).await.map_err(|_| "timeout")??;
        Ok(line)
    }

    async fn open(&self) -> Result<Box<dyn Stream>, Ended> {
        let tcp = TcpStream::connect((self.gateway.host.as_str(), self.gateway.port)).await;
        let tcp = tcp.map_err(|_| "connection")?;
        tcp.set_nodelay(true).map_err(|_| "connection")?;
        if !self.gateway.tls {
            return Ok(Box::new(tcp));
        }
        let name = self.gateway.host.clone().try_into().map_err(|_| "host")?;
        Ok(Box::new(self.connector.connect(name, tcp).await.map_err(|_| "tls")?))
    }

    async fn serve(&mut self, line: Line, shutdown: &CancellationToken) -> Ended {
        let now = Instant::now();
        let mut bound = Bound {
            line,
            gateway: &self.gateway,
            take: &self.take,
            pending: BTreeMap::new(),
            sequence: 1,
            heard_at: now,
            asked_at: None,
            paused_until: now,
        };
        let mut look = tokio::time::interval(LOOK_EVERY);
        let ended = loop {
            let room = bound.has_room();
            let outcome = tokio::select! {
                () = shutdown.cancelled() => {
                    let _ = bound.send(Pdu::Unbind).await;
                    break "shutdown";
                }
                _ = look.tick() => bound.look().await,
                heard = bound.line.next() => match heard {
                    Some(Ok(command)) => bound.heard(command).await,
                    Some(Err(_)) => Err("broken"),
                    None => Err("closed"),
                },
                request = self.queue.recv(), if room => match request {
                    Some(request) => bound.submit(request).await,
                    None => Err("shutdown"),
                },
            };
            if let Err(ended) = outcome {
                break ended;
            }
        };
        for pending in std::mem::take(&mut bound.pending).into_values() {
            let refusal =
                Refusal::temporary("connection", "the connection broke before the gateway answered");
            drop(pending.answer.send(Err(refusal)));
        }
        ended
    }
}

impl Bound<'_> {
    fn has_room(&self) -> bool {
        self.pending.len() < usize::from(self.gateway.window) && Instant::now() >= self.paused_until
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(self.gateway.timeout_s)
    }

    async fn write(&mut self, command: Command) -> Result<(), Ended> {
        let limit = self.limit();
        let written = timeout(limit, self.line.send(command)).await;
        written.map_err(|_| "timeout")?.map_err(|_| "broken")
    }

    async fn send(&mut self, pdu: impl Into<Pdu>) -> Result<u32, Ended> {
        self.sequence = if self.sequence >= SEQUENCE_MAX { 1 } else { self.sequence + 1 };
        let sequence = self.sequence;
        self.write(Command::new(CommandStatus::EsmeRok, sequence, pdu)).await?;
        Ok(sequence)
    }

    async fn answer(&mut self, to: &Command, status: CommandStatus, pdu: Pdu) -> Result<(), Ended> {
        self.write(Command::new(status, to.sequence_number(), pdu)).await
    }

    async fn submit(&mut self, request: Request) -> Result<(), Ended> {
        let until = Instant::now() + self.limit();
        match self.send(request.submit).await {
            Ok(sequence) => {
                self.pending.insert(sequence, Pending { answer: request.answer, until });
                Ok(())
            }
            Err(ended) => {
                let refusal = Refusal::temporary("connection", "the message could not be written");
                drop(request.answer.send(Err(refusal)));
                Err(ended)
            }
        }
    }

    /// Ends what has waited too long, and asks for a sign of life when it has been quiet.
    async fn look(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        let late: Vec<u32> =
            self.pending.iter().filter(|(_, pending)| pending.until <= now).map(|(s, _)| *s).collect();
        for sequence in late {
            if let Some(pending) = self.pending.remove(&sequence) {
                let refusal = Refusal::temporary("timeout", "the gateway did not answer in time");
                drop(pending.answer.send(Err(refusal)));
            }
        }
        if self.asked_at.is_some_and(|asked| now.duration_since(asked) >= self.limit()) {
            return Err("no sign of life");
        }
        let quiet = now.duration_since(self.heard_at) >= Duration::from_secs(self.gateway.enquire_link_s);
        if quiet && self.asked_at.is_none() {
            self.send(Pdu::EnquireLink).await?;
            self.asked_at = Some(now);
        }
        Ok(())
    }

    async fn heard(&mut self, command: Command) -> Result<(), Ended> {
        self.heard_at = Instant::now();
        self.asked_at = None;
        match command.id() {
            CommandId::SubmitSmResp | CommandId::GenericNack => self.answered(&command),
            CommandId::EnquireLink => {
                self.answer(&command, CommandStatus::EsmeRok, Pdu::EnquireLinkResp).await?;
            }
            CommandId::DeliverSm => self.delivered(&command).await?,
            CommandId::Unbind => {
                let _ = self.answer(&command, CommandStatus::EsmeRok, Pdu::UnbindResp).await;
                return Err("unbound by the gateway");
            }
            CommandId::EnquireLinkResp | CommandId::UnbindResp => {}
            // Requests have the high bit clear; what we do not know is told so.
            other if u32::from(other) & 0x8000_0000 == 0 => {
                self.answer(&command, CommandStatus::EsmeRinvcmdid, Pdu::GenericNack).await?;
            }
            _ => {}
        }
        Ok(())
    }

    fn answered(&mut self, command: &Command) {
        let Some(pending) = self.pending.remove(&command.sequence_number()) else { return };
        let status = command.status();
        if matches!(status, CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful) {
            self.paused_until = Instant::now() + THROTTLED_PAUSE;
        }
        let outcome = match (status, command.pdu()) {
            (CommandStatus::EsmeRok, Some(Pdu::SubmitSmResp(taken))) => {
                Ok(taken.message_id().as_str().to_owned())
            }
            (CommandStatus::EsmeRok, _) => Ok(String::new()),
            (refused, _) => Err(refusal(refused)),
        };
        drop(pending.answer.send(outcome));
    }

    /// A receipt is acknowledged once it is kept. What else comes in is a resident's answer, which goes nowhere: the
    /// messages say so.
    async fn delivered(&mut self, command: &Command) -> Result<(), Ended> {
        let Some(Pdu::DeliverSm(delivered)) = command.pdu() else {
            return self.answer(command, CommandStatus::EsmeRinvcmdlen, Pdu::GenericNack).await;
        };
        let kept = match receipt::receipt_of(delivered) {
            Some(receipt) => (self.take)(receipt).await,
            None => true,
        };
        let status = if kept { CommandStatus::EsmeRok } else { CommandStatus::EsmeRxTAppn };
        self.answer(command, status, DeliverSmResp::default().into()).await
    }
}

/// What an error status means. Those that say that the gateway is busy, or that somebody must see to the account, are
/// tried again; the others say that this message is no good.
fn refusal(status: CommandStatus) -> Refusal {
    use CommandStatus as S;
    let code = format!("smpp_{:08x}", u32::from(status));
    let text = format!("{status:?}");
    match status {
        S::EsmeRinvmsglen
        | S::EsmeRinvdstadr
        | S::EsmeRinvdstton
        | S::EsmeRinvdstnpi
        | S::EsmeRinvesmclass
        | S::EsmeRinvdcs
        | S::EsmeRinvsched
        | S::EsmeRinvexpiry
        | S::EsmeRxPAppn
        | S::EsmeRxRAppn
        | S::EsmeRdeliveryfailure => Refusal::permanent(code, text),
        _ => Refusal::temporary(code, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_message_is_permanent_and_all_else_is_tried_again() {
        for status in [CommandStatus::EsmeRinvdstadr, CommandStatus::EsmeRinvmsglen] {
            assert!(refusal(status).permanent);
        }
        for status in [
            CommandStatus::EsmeRthrottled,
            CommandStatus::EsmeRmsgqful,
            CommandStatus::EsmeRsyserr,
            CommandStatus::EsmeRsubmitfail,
            CommandStatus::EsmeRinvsrcadr,
            CommandStatus::EsmeRxTAppn,
            CommandStatus::Other(0x0400),
        ] {
            assert!(!refusal(status).permanent, "{status:?}");
        }
        assert_eq!(refusal(CommandStatus::EsmeRthrottled).code, "smpp_00000058");
    }
}
