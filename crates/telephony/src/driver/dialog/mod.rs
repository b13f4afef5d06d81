//! A call as SIP sees it: one dialog, from the INVITE to the BYE, in whichever direction.
//!
//! Each dialog is a task with a mailbox. Its owner holds a [`Dialog`] to command it and hears [`DialogEvent`]s. Letting go
//! of the [`Dialog`] hangs up, whatever the state: an unanswered call of ours is cancelled, an unanswered call to us is
//! refused, an answered one gets its BYE, and one that is answered in the very moment it is cancelled gets it too.

mod task;
mod within;

use super::agent::{Agent, DialogKey, Head, NoAnswer, ServerRequest, sdp_type};
use crate::protocol::dtmf::Digit;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, Host, Method, Request, SipMessage, Uri};
use rsipstack::transaction::transaction::Transaction;
use std::net::SocketAddr;
use task::{State, Task};
use tokio::sync::mpsc;

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
        if call.stay {
            self.learn_flow(&invite.uri, call.destination);
        }
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
            hung_up_early: false,
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
