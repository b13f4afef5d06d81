//! Which guides have a telephone: registered SIP phones and browsers together.

use super::{Event, Exchange};
use crate::centre::Account;
use crate::driver::agent::ServerRequest;
use crate::protocol::digest::Credentials;
use crate::registrar::{Claim, Registered, challenge_headers, refusal_headers};
use routing::Input;
use rsipstack::sip::{Header, headers::untyped};
use std::time::Instant;
use vocabulary::UserId;

impl Exchange {
    /// A telephone wants to register.
    pub(super) async fn registering(&mut self, request: ServerRequest) {
        match self.registrar.claim(&request, Instant::now(), &*self.parts.chance) {
            Claim::Challenge(challenges) => request.reply(401, challenge_headers(challenges)).await,
            Claim::Refused(code) => request.reply(code, Vec::new()).await,
            Claim::Proof(credentials) => {
                // The store is asked on the side: other telephones do not wait for it.
                let (accounts, mailbox) = (self.parts.accounts.clone(), self.parts.mailbox.clone());
                tokio::spawn(async move {
                    let account = accounts.account(credentials.user.clone()).await;
                    mailbox.send(Event::Account(Box::new(request), credentials, account)).ok();
                });
            }
        }
    }

    /// The account is known, or there is none.
    pub(super) async fn proved(
        &mut self,
        request: ServerRequest,
        credentials: &Credentials,
        account: Option<&Account>,
    ) {
        let Some(user) = self.registrar.prove(credentials, account) else {
            // The same answer for an unknown account as for a wrong password.
            return request.reply(403, Vec::new()).await;
        };
        let contact = |value: String| vec![Header::Contact(untyped::Contact::new(value))];
        match self.registrar.register(user, &request, Instant::now()) {
            Registered::Up(user, value) => {
                self.telephones_of(user);
                request.reply(200, contact(value)).await;
            }
            Registered::Down(user) => {
                self.telephones_of(user);
                request.reply(200, Vec::new()).await;
            }
            Registered::Asked(value) => request.reply(200, value.map(contact).unwrap_or_default()).await,
            Registered::Refused(code) => request.reply(code, refusal_headers(code)).await,
        }
    }

    /// Tells the core if `guide` has got a telephone or lost the last one.
    pub(super) fn telephones_of(&mut self, guide: UserId) {
        let has_one = self.registrar.binding(guide).is_some() || self.parts.browsers.has(guide);
        if has_one && self.up.insert(guide) {
            self.lanes.send(guide, Input::TelephoneUp { guide });
        } else if !has_one && self.up.remove(&guide) {
            self.lanes.send(guide, Input::TelephoneDown { guide });
        }
    }
}
