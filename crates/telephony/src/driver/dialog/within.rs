//! Requests within a dialog: from the other end, and the ones that ask it to go elsewhere.

use super::super::agent::ServerRequest;
use super::task::{State, Task};
use super::{DialogEvent, DialogMail, remote_target};
use crate::protocol::dtmf::Digit;
use rsipstack::sip::headers::untyped;
use rsipstack::sip::prelude::HeadersExt as _;
use rsipstack::sip::{Header, Method, Request, StatusCodeKind};
use std::time::Duration;

impl Task {
    /// A request within the dialog.
    pub(super) async fn requested(&mut self, request: Box<ServerRequest>) {
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
                } else if matches!(self.state, State::Calling { .. }) {
                    self.hung_up_early = true;
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

    pub(super) async fn reanswer(&mut self, sdp: Option<String>) {
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

    pub(super) fn refer(&mut self, uri: &str) {
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
