//! A call as SIP sees it: one dialog, from the INVITE to the BYE, in whichever direction.
//!
//! Each dialog is a task with a mailbox. Its owner holds a [`Dialog`] to command it and hears [`DialogEvent`]s. Letting go
//! of the [`Dialog`] hangs up, whatever the state: an unanswered call of ours is cancelled, an unanswered call to us is
//! refused, an answered one gets its BYE, and one that is answered in the very moment it is cancelled gets it too.

use super::agent::{Agent, DialogKey, Head, NoAnswer, ServerRequest, count_request, sdp_type};
use crate::protocol::dtmf::Digit;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, Host, Method, Request, Response, SipMessage, StatusCode, StatusCodeKind, Uri};
use rsipstack::transaction::transaction::{Transaction, TransactionEvent, TransactionEventSender};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What becomes of a dialog. [`Cancelled`](Self::Cancelled), [`Refused`](Self::Refused), [`HungUp`](Self::HungUp) and
/// [`Failed`](Self::Failed) end it: exactly one of them comes, and nothing after it, unless the owner hung up first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogEvent {
    /// Our call rings at the other end.
    Ringing,
    /// Our call has been answered, with this session description.
    Answered(Vec<u8>),
    /// Our answer has been acknowledged; with a session description if our answer held the offer.
    Confirmed(Vec<u8>),
    /// The other end proposes a new session description. Answer with [`Dialog::reanswer`].
    Reoffered(Vec<u8>),
    /// A key was pressed, told in the signalling (`application/dtmf-relay`).
    Digit(Digit),
    /// The other end asks to be connected to this address instead; we have said that we would.
    Referred(String),
    /// What became of our [`Dialog::refer`]: whether the other end does it.
    ReferDone(bool),
    /// The caller gave up before the answer.
    Cancelled,
    /// Our call was not taken; the final code, or 408 if nobody answered.
    Refused(u16),
    /// The other end hung up.
    HungUp,
    /// Our answer was never acknowledged: the other end is gone.
    Failed,
}

impl DialogEvent {
    /// Whether the dialog is over with this.
    #[must_use]
    pub const fn ends(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Refused(_) | Self::HungUp | Self::Failed)
    }
}

/// Where a dialog's events go. Called from the runtime: hand on, do not work.
pub type DialogSink = Box<dyn FnMut(DialogEvent) + Send>;

enum Command {
    Ring,
    Answer(String),
    Refuse(u16, Vec<Header>),
    Reanswer(Option<String>),
    Refer(String),
}

/// What a dialog's task is told.
pub(super) enum DialogMail {
    Command(DialogCommand),
    Request(Box<ServerRequest>),
    Invite(SipMessage),
    InviteOver,
    ReferAnswer(bool),
}

/// Opaque, so that only [`Dialog`] gives commands.
pub(super) struct DialogCommand(Option<Command>);

/// The owner's hand on a dialog. Dropping it hangs up.
pub struct Dialog {
    mail: mpsc::UnboundedSender<DialogMail>,
}

impl Dialog {
    fn command(&self, command: Command) {
        // If the task is gone, so is the call, and the owner has been told.
        self.mail.send(DialogMail::Command(DialogCommand(Some(command)))).ok();
    }

    /// Tells the caller that it rings here.
    pub fn ring(&self) {
        self.command(Command::Ring);
    }

    /// Takes the call, with our session description.
    pub fn answer(&self, sdp: String) {
        self.command(Command::Answer(sdp));
    }

    /// Does not take the call: `code` from 300 on, with `headers`.
    pub fn refuse(self, code: u16, headers: Vec<Header>) {
        self.command(Command::Refuse(code, headers));
    }

    /// Answers [`DialogEvent::Reoffered`]; none refuses it, and everything stays as it was.
    pub fn reanswer(&self, sdp: Option<String>) {
        self.command(Command::Reanswer(sdp));
    }

    /// Asks the other end to connect itself to `uri`. [`DialogEvent::ReferDone`] tells what came of it.
    pub fn refer(&self, uri: &str) {
        self.command(Command::Refer(uri.to_owned()));
    }

    /// Hangs up.
    pub fn hang_up(self) {}
}

impl Drop for Dialog {
    fn drop(&mut self) {
        self.mail.send(DialogMail::Command(DialogCommand(None))).ok();
    }
}

/// A call to be made.
pub struct Call {
    /// The address to call.
    pub uri: String,
    /// Where to send it, whatever the address says.
    pub destination: SocketAddr,
    /// Whether everything goes to `destination`, because the other end sits behind it (a registered telephone), or to
    /// where it says that it is.
    pub stay: bool,
    /// The `From` header without its tag.
    pub from: String,
    /// The user part of our `Contact`.
    pub contact_user: String,
    /// Our offer.
    pub offer: String,
    /// More headers.
    pub headers: Vec<Header>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// We call; no final answer yet.
    Calling { provisional: bool },
    /// We have given up calling and wait for the call to end, or to be answered after all.
    TakingBack { cancelled: bool },
    /// We are called and have not answered.
    Arriving,
    /// We have answered and wait for the acknowledgement.
    Confirming,
    /// The call is up.
    Up,
    /// All is over.
    Over,
}

/// A dialog's own knowledge.
struct Task {
    agent: Agent,
    key: DialogKey,
    sink: Option<DialogSink>,
    mail: mpsc::UnboundedReceiver<DialogMail>,
    own_mail: mpsc::WeakUnboundedSender<DialogMail>,
    state: State,
    /// The INVITE that began it.
    invite: Request,
    /// To answer it, if we are called.
    respond: Option<TransactionEventSender>,
    local: String,
    remote: String,
    target: String,
    routes: Vec<String>,
    contact: String,
    flow: SocketAddr,
    stay: bool,
    local_sequence: u32,
    remote_sequence: Option<u32>,
    local_sdp: String,
    reoffer: Option<Box<ServerRequest>>,
    deadline: Option<Instant>,
}

impl Agent {
    /// Calls. The events go to `sink`.
    ///
    /// # Errors
    /// If the address is none.
    pub fn call(&self, call: Call, sink: DialogSink) -> Result<Dialog, NoAnswer> {
        let key = DialogKey { call_id: self.token(), local_tag: self.token() };
        let local = format!("{};tag={}", call.from, key.local_tag);
        let remote = format!("<{}>", call.uri);
        let head = Head {
            method: Method::Invite,
            uri: &call.uri,
            from: &local,
            to: &remote,
            call_id: &key.call_id,
            sequence: 1,
        };
        let mut invite = self.request(&head).ok_or(NoAnswer)?;
        let contact = self.contact(&call.contact_user);
        invite.headers.push(Header::Contact(untyped::Contact::new(contact.clone())));
        invite.headers.push(Header::Allow(untyped::Allow::new(crate::protocol::gate::ALLOW)));
        invite.headers.extend(call.headers);
        invite.headers.push(sdp_type());
        invite.body = call.offer.clone().into_bytes();
        let transaction = self.client(invite.clone(), call.destination)?;
        let mut task = self.task(key, sink, invite, State::Calling { provisional: false });
        (task.1.local, task.1.remote, task.1.contact) = (local, remote, contact);
        (task.1.target, task.1.flow, task.1.stay) = (call.uri, call.destination, call.stay);
        (task.1.local_sequence, task.1.local_sdp) = (1, call.offer);
        let pump_mail = task.0.mail.clone();
        tokio::spawn(async move {
            let mut transaction = transaction;
            if transaction.send().await.is_err() {
                pump_mail.send(DialogMail::InviteOver).ok();
                return;
            }
            pump(transaction, pump_mail).await;
        });
        tokio::spawn(task.1.run());
        Ok(task.0)
    }

    /// Takes in a call: says 100 and waits for commands. None if the INVITE lacks what a dialog needs; it is answered.
    pub fn take(&self, request: ServerRequest, sink: DialogSink) -> Option<Dialog> {
        let source = request.source();
        let invite = request.request().clone();
        let key =
            DialogKey { call_id: request.header("Call-ID").unwrap_or_default(), local_tag: self.token() };
        let target = remote_target(&invite.typed_contact_headers().unwrap_or_default());
        let Some(target) = target else {
            tokio::spawn(request.reply(400, Vec::new()));
            return None;
        };
        let contact = self.contact(&request.dialled());
        let transaction = request.into_transaction();
        let respond = transaction.tu_sender.clone();
        let mut task = self.task(key.clone(), sink, invite, State::Arriving);
        let dialog = &mut task.1;
        dialog.local =
            format!("{};tag={}", dialog.invite.header_value("To").unwrap_or_default(), key.local_tag);
        dialog.remote = dialog.invite.header_value("From").unwrap_or_default();
        dialog.routes = record_route(&dialog.invite.typed_record_route_headers().unwrap_or_default());
        dialog.remote_sequence = dialog.invite.cseq_header().ok().and_then(|c| c.seq().ok());
        (dialog.target, dialog.contact, dialog.flow) = (target, contact, source);
        dialog.respond = Some(respond);
        let pump_mail = task.0.mail.clone();
        tokio::spawn(async move {
            let mut transaction = transaction;
            if let Err(error) = transaction.send_trying().await {
                tracing::debug!(%error, "100 Trying could not be sent");
            }
            pump(transaction, pump_mail).await;
        });
        tokio::spawn(task.1.run());
        Some(task.0)
    }

    fn task(&self, key: DialogKey, sink: DialogSink, invite: Request, state: State) -> (Dialog, Task) {
        let (mail, inbox) = mpsc::unbounded_channel();
        self.enter(key.clone(), mail.clone());
        let task = Task {
            agent: self.clone(),
            key,
            sink: Some(sink),
            mail: inbox,
            own_mail: mail.downgrade(),
            state,
            invite,
            respond: None,
            local: String::new(),
            remote: String::new(),
            target: String::new(),
            routes: Vec::new(),
            contact: String::new(),
            flow: self.local(),
            stay: false,
            local_sequence: 0,
            remote_sequence: None,
            local_sdp: String::new(),
            reoffer: None,
            deadline: None,
        };
        (Dialog { mail }, task)
    }
}

/// Drives the INVITE's transaction, which must have a task of its own: its methods may not be broken off.
async fn pump(mut transaction: Transaction, mail: mpsc::UnboundedSender<DialogMail>) {
    while let Some(message) = transaction.receive().await {
        mail.send(DialogMail::Invite(message)).ok();
    }
    mail.send(DialogMail::InviteOver).ok();
}

fn remote_target(contacts: &[rsipstack::sip::typed::Contact]) -> Option<String> {
    contacts.first().map(|contact| contact.uri.to_string())
}

fn record_route(headers: &[rsipstack::sip::typed::RecordRoute]) -> Vec<String> {
    headers.iter().map(|route| format!("<{}>", route.uri)).collect()
}

fn address_of(uri: &Uri) -> Option<SocketAddr> {
    let port = uri.host_with_port.port.as_ref().map_or(5060, |p| p.value());
    match uri.host_with_port.host {
        Host::IpAddr(ip) if !ip.is_unspecified() && port != 0 => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

impl Task {
    async fn run(mut self) {
        while self.state != State::Over {
            let deadline = self.deadline;
            let mail = tokio::select! {
                mail = self.mail.recv() => mail,
                () = async { tokio::time::sleep_until(deadline.unwrap_or_else(Instant::now)).await }, if deadline.is_some() => {
                    self.late();
                    continue;
                }
            };
            match mail {
                Some(DialogMail::Command(DialogCommand(Some(command)))) => self.obey(command).await,
                Some(DialogMail::Command(DialogCommand(None))) | None => self.hang_up().await,
                Some(DialogMail::Request(request)) => self.requested(request).await,
                Some(DialogMail::Invite(message)) => self.invite_message(message).await,
                Some(DialogMail::InviteOver) => self.invite_over().await,
                Some(DialogMail::ReferAnswer(done)) => self.tell(DialogEvent::ReferDone(done)),
            }
        }
        self.agent.leave(&self.key);
        // Who still wants something of a dialog that is over is told so.
        self.mail.close();
        while let Ok(mail) = self.mail.try_recv() {
            if let DialogMail::Request(request) = mail {
                let code = if request.method() == Method::Bye { 200 } else { 481 };
                request.reply(code, Vec::new()).await;
            }
        }
    }

    fn tell(&mut self, event: DialogEvent) {
        let ends = event.ends();
        if let Some(sink) = &mut self.sink {
            sink(event);
        }
        if ends {
            self.sink = None;
        }
    }

    fn end(&mut self, event: DialogEvent) {
        self.state = State::Over;
        self.tell(event);
    }

    /// The patience with an end that does not end is over.
    fn late(&mut self) {
        self.deadline = None;
        self.state = State::Over;
    }

    async fn obey(&mut self, command: Command) {
        match (command, &self.state) {
            (Command::Ring, State::Arriving) => self.respond(180, Vec::new(), None),
            (Command::Answer(sdp), State::Arriving) => {
                self.state = State::Confirming;
                self.local_sdp.clone_from(&sdp);
                self.respond(
                    200,
                    vec![Header::Allow(untyped::Allow::new(crate::protocol::gate::ALLOW))],
                    Some(sdp),
                );
            }
            (Command::Refuse(code, headers), State::Arriving) => {
                self.respond(code, headers, None);
                self.sink = None;
                self.state = State::Over;
            }
            (Command::Refuse(..), _) => self.hang_up().await,
            (Command::Reanswer(sdp), _) => self.reanswer(sdp).await,
            (Command::Refer(uri), State::Up | State::Confirming) => self.refer(&uri),
            (Command::Refer(_), _) => self.tell(DialogEvent::ReferDone(false)),
            (Command::Ring | Command::Answer(_), _) => {}
        }
    }

    async fn hang_up(&mut self) {
        self.sink = None;
        match self.state {
            State::Arriving => {
                self.respond(480, Vec::new(), None);
                self.state = State::Over;
            }
            State::Calling { provisional } => {
                self.state = State::TakingBack { cancelled: false };
                self.deadline = Some(Instant::now() + self.agent.patience());
                if provisional {
                    self.cancel();
                }
            }
            State::Confirming | State::Up => self.bye(),
            State::TakingBack { .. } | State::Over => {}
        }
    }

    /// Sends BYE and forgets; its transaction repeats it until it is answered or given up.
    fn bye(&mut self) {
        self.state = State::Over;
        if let Some(request) = self.request(Method::Bye, self.target.clone(), self.remote.clone()) {
            self.send_and_forget(request);
        }
    }

    fn send_and_forget(&self, request: Request) {
        let (agent, destination) = (self.agent.clone(), self.destination());
        tokio::spawn(async move { agent.ask(request, destination).await.ok() });
    }

    /// CANCEL has the INVITE's branch and number, or it would cancel nothing (RFC 3261, 9.1).
    fn cancel(&mut self) {
        self.state = State::TakingBack { cancelled: true };
        let mut request = Request { method: Method::Cancel, body: Vec::new(), ..self.invite.clone() };
        let number = self.invite.cseq_header().and_then(|c| c.seq()).unwrap_or(1);
        request.headers.retain(|h| {
            matches!(
                h,
                Header::Via(_)
                    | Header::From(_)
                    | Header::To(_)
                    | Header::CallId(_)
                    | Header::MaxForwards(_)
                    | Header::Route(_)
            )
        });
        request.headers.push(Header::CSeq(untyped::CSeq::new(format!("{number} CANCEL"))));
        self.send_and_forget(request);
    }

    /// A request within the dialog.
    fn request(&mut self, method: Method, uri: String, to: String) -> Option<Request> {
        self.local_sequence += 1;
        let head = Head {
            method,
            uri: &uri,
            from: &self.local,
            to: &to,
            call_id: &self.key.call_id,
            sequence: self.local_sequence,
        };
        let mut request = self.agent.request(&head)?;
        request.headers.push(Header::Contact(untyped::Contact::new(self.contact.clone())));
        for route in &self.routes {
            request.headers.push(Header::Route(untyped::Route::new(route.clone())));
        }
        Some(request)
    }

    fn destination(&self) -> SocketAddr {
        if self.stay {
            return self.flow;
        }
        let next = self.routes.first().unwrap_or(&self.target);
        Uri::try_from(next.as_str()).ok().as_ref().and_then(address_of).unwrap_or(self.flow)
    }

    /// Answers the INVITE that began the dialog.
    fn respond(&mut self, code: u16, headers: Vec<Header>, sdp: Option<String>) {
        let Some(sender) = &self.respond else { return };
        count_request(Method::Invite, code);
        let mut response = self.agent.endpoint().make_response(
            &self.invite,
            StatusCode::from(code),
            sdp.as_ref().map(|sdp| sdp.clone().into_bytes()),
        );
        response.headers.unique_push(Header::To(untyped::To::new(self.local.clone())));
        for header in self.invite.headers.iter() {
            if matches!(header, Header::RecordRoute(_)) {
                response.headers.push(header.clone());
            }
        }
        if code < 300 {
            response.headers.push(Header::Contact(untyped::Contact::new(self.contact.clone())));
        }
        if sdp.is_some() {
            response.headers.push(sdp_type());
        }
        response.headers.extend(headers);
        sender.send(TransactionEvent::Respond(response)).ok();
    }

    async fn invite_message(&mut self, message: SipMessage) {
        match message {
            SipMessage::Response(response) => self.response(&response),
            SipMessage::Request(request) if request.method == Method::Cancel => {
                if self.state == State::Arriving {
                    self.respond(487, Vec::new(), None);
                    self.end(DialogEvent::Cancelled);
                }
            }
            SipMessage::Request(request) if request.method == Method::Ack => {
                if self.state == State::Confirming {
                    self.state = State::Up;
                    self.tell(DialogEvent::Confirmed(request.body));
                }
            }
            SipMessage::Request(_) => {}
        }
    }

    fn response(&mut self, response: &Response) {
        let code = response.status_code.code();
        match (response.status_code.kind(), &self.state) {
            (StatusCodeKind::Provisional, State::Calling { .. }) => {
                self.state = State::Calling { provisional: true };
                if code > 100 {
                    self.tell(DialogEvent::Ringing);
                }
            }
            (StatusCodeKind::Provisional, State::TakingBack { cancelled: false }) => self.cancel(),
            (StatusCodeKind::Provisional, _) => {}
            (StatusCodeKind::Successful, State::Calling { .. }) => {
                self.establish(response);
                self.state = State::Up;
                self.tell(DialogEvent::Answered(response.body.clone()));
            }
            (StatusCodeKind::Successful, State::TakingBack { .. }) => {
                // The answer crossed our CANCEL: it has been acknowledged below us, and is ended at once.
                self.establish(response);
                self.bye();
            }
            (StatusCodeKind::Successful, _) => self.fork(response),
            (_, State::Calling { .. }) => self.end(DialogEvent::Refused(code)),
            (_, State::TakingBack { .. }) => self.state = State::Over,
            _ => {}
        }
    }

    /// Learns who answered, and where they are.
    fn establish(&mut self, response: &Response) {
        self.remote = response.header_value("To").unwrap_or_default();
        if let Some(target) = remote_target(&response.typed_contact_headers().unwrap_or_default()) {
            self.target = target;
        }
        self.routes = record_route(&response.typed_record_route_headers().unwrap_or_default());
        self.routes.reverse();
        self.deadline = None;
    }

    /// A second telephone has answered the same call: it has come too late. A repeated answer of the first is nothing new.
    fn fork(&mut self, response: &Response) {
        let remote = response.header_value("To").unwrap_or_default();
        let target = remote_target(&response.typed_contact_headers().unwrap_or_default());
        if remote != self.remote
            && let Some(target) = target
            && let Some(bye) = self.request(Method::Bye, target, remote)
        {
            self.send_and_forget(bye);
        }
    }

    async fn invite_over(&mut self) {
        match self.state {
            State::Confirming => {
                self.tell(DialogEvent::Failed);
                self.bye();
            }
            State::Calling { .. } => self.end(DialogEvent::Refused(408)),
            State::Arriving => self.end(DialogEvent::Cancelled),
            State::TakingBack { .. } => self.state = State::Over,
            State::Up | State::Over => {}
        }
    }

    /// A request within the dialog.
    async fn requested(&mut self, request: Box<ServerRequest>) {
        let from_tag = |r: &Request| {
            r.from_header().ok().and_then(|h| h.tag().ok().flatten()).map(|t| t.value().to_owned())
        };
        let known_tag =
            untyped::From::new(self.remote.clone()).tag().ok().flatten().map(|t| t.value().to_owned());
        if known_tag.is_some() && from_tag(request.request()) != known_tag {
            return request.reply(481, Vec::new()).await;
        }
        let number = request.request().cseq_header().ok().and_then(|c| c.seq().ok());
        if number <= self.remote_sequence && self.remote_sequence.is_some() {
            return request.reply(500, Vec::new()).await;
        }
        self.remote_sequence = number;
        match request.method() {
            Method::Bye => {
                request.reply(200, Vec::new()).await;
                if self.state == State::Confirming || self.state == State::Up {
                    self.end(DialogEvent::HungUp);
                } else if self.state == State::Arriving {
                    self.respond(487, Vec::new(), None);
                    self.end(DialogEvent::Cancelled);
                }
            }
            Method::Invite | Method::Update => self.reoffered(request).await,
            Method::Info => {
                let digit = digit_of(&String::from_utf8_lossy(&request.request().body));
                request.reply(200, Vec::new()).await;
                if let Some(digit) = digit {
                    self.tell(DialogEvent::Digit(digit));
                }
            }
            Method::Options | Method::Notify => request.reply(200, Vec::new()).await,
            Method::Refer => match request.header("Refer-To") {
                Some(to) => {
                    request.reply(202, Vec::new()).await;
                    self.tell(DialogEvent::Referred(to));
                }
                None => request.reply(400, Vec::new()).await,
            },
            _ => {
                let allow = Header::Allow(untyped::Allow::new(crate::protocol::gate::ALLOW));
                request.reply(405, vec![allow]).await;
            }
        }
    }

    async fn reoffered(&mut self, request: Box<ServerRequest>) {
        if self.state != State::Up || self.reoffer.is_some() {
            return request.reply(491, Vec::new()).await;
        }
        let contacts = request.request().typed_contact_headers().unwrap_or_default();
        if let Some(target) = remote_target(&contacts) {
            self.target = target;
        }
        let body = request.request().body.clone();
        if !body.is_empty() {
            self.reoffer = Some(request);
            return self.tell(DialogEvent::Reoffered(body));
        }
        // A mere refresh; an INVITE without an offer wants ours, which has not changed.
        let sdp = (request.method() == Method::Invite).then(|| self.local_sdp.clone());
        let contact = Header::Contact(untyped::Contact::new(self.contact.clone()));
        request.reply_with(200, vec![contact], sdp).await;
    }

    async fn reanswer(&mut self, sdp: Option<String>) {
        let Some(request) = self.reoffer.take() else { return };
        match sdp {
            Some(sdp) => {
                self.local_sdp.clone_from(&sdp);
                let contact = Header::Contact(untyped::Contact::new(self.contact.clone()));
                request.reply_with(200, vec![contact], Some(sdp)).await;
            }
            None => request.reply(488, Vec::new()).await,
        }
    }

    fn refer(&mut self, uri: &str) {
        let Some(mut request) = self.request(Method::Refer, self.target.clone(), self.remote.clone()) else {
            return self.tell(DialogEvent::ReferDone(false));
        };
        request.headers.push(Header::ReferTo(untyped::ReferTo::new(format!("<{uri}>"))));
        request.headers.push(Header::ReferredBy(untyped::ReferredBy::new(self.contact.clone())));
        let (agent, destination, mail) = (self.agent.clone(), self.destination(), self.own_mail.clone());
        tokio::spawn(async move {
            /// Long enough for any living peer; a resident should not wait for a dead one.
            const REFER_MAX: Duration = Duration::from_secs(5);
            let answer = tokio::time::timeout(REFER_MAX, agent.ask(request, destination)).await;
            let done = matches!(answer, Ok(Ok(response)) if response.status_code.kind() == StatusCodeKind::Successful);
            if let Some(mail) = mail.upgrade() {
                mail.send(DialogMail::ReferAnswer(done)).ok();
            }
        });
    }
}

/// The key in an `application/dtmf-relay` body.
fn digit_of(body: &str) -> Option<Digit> {
    let signal = body.lines().find_map(|line| line.trim().strip_prefix("Signal="))?;
    signal.trim().chars().next().and_then(Digit::from_char)
}
