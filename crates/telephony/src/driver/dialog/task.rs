//! A dialog's task: what it knows, what it is told to do, and what becomes of its INVITE.

use super::super::agent::{Agent, DialogKey, Head, ServerRequest, count_request, sdp_type};
use super::{
    Command, DialogCommand, DialogEvent, DialogMail, DialogSink, address_of, record_route, remote_target,
};
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, Method, Request, Response, SipMessage, StatusCode, StatusCodeKind, Uri};
use rsipstack::transaction::transaction::{TransactionEvent, TransactionEventSender};
use std::net::SocketAddr;
use tokio::sync::mpsc;
use tokio::time::Instant;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
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
pub(super) struct Task {
    pub(super) agent: Agent,
    pub(super) key: DialogKey,
    pub(super) sink: Option<DialogSink>,
    pub(super) mail: mpsc::UnboundedReceiver<DialogMail>,
    pub(super) own_mail: mpsc::WeakUnboundedSender<DialogMail>,
    pub(super) state: State,
    /// The INVITE that began it.
    pub(super) invite: Request,
    /// To answer it, if we are called.
    pub(super) respond: Option<TransactionEventSender>,
    pub(super) local: String,
    pub(super) remote: String,
    pub(super) target: String,
    pub(super) routes: Vec<String>,
    pub(super) contact: String,
    pub(super) flow: SocketAddr,
    pub(super) stay: bool,
    pub(super) local_sequence: u32,
    pub(super) remote_sequence: Option<u32>,
    /// The other end has hung up before its answer was read: the two overtook each other on their way to us.
    pub(super) hung_up_early: bool,
    pub(super) local_sdp: String,
    pub(super) reoffer: Option<Box<ServerRequest>>,
    pub(super) deadline: Option<Instant>,
}

impl Task {
    pub(super) async fn run(mut self) {
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

    pub(super) fn tell(&mut self, event: DialogEvent) {
        let ends = event.ends();
        if let Some(sink) = &mut self.sink {
            sink(event);
        }
        if ends {
            self.sink = None;
        }
    }

    pub(super) fn end(&mut self, event: DialogEvent) {
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
    pub(super) fn request(&mut self, method: Method, uri: String, to: String) -> Option<Request> {
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

    pub(super) fn destination(&self) -> SocketAddr {
        if self.stay {
            return self.flow;
        }
        let next = self.routes.first().unwrap_or(&self.target);
        Uri::try_from(next.as_str()).ok().as_ref().and_then(address_of).unwrap_or(self.flow)
    }

    /// Answers the INVITE that began the dialog.
    pub(super) fn respond(&mut self, code: u16, headers: Vec<Header>, sdp: Option<String>) {
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
                if self.hung_up_early {
                    self.end(DialogEvent::HungUp);
                }
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
}
