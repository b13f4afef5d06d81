//! Webhooks from the outside, against a receiver of our own on this machine.

mod losing_nothing;
mod receiver;
mod sending;

use crate::commands::{self, PutWebhook};
use crate::sender::{Notify, Sender};
use crate::{EVERYTHING, Secret, Webhook};
use outward::{Limits, Outward, Reach};
use people::SigningKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use storage::testing::{TestDatabase, sqlite};
use storage::timeline::{self, Entry, Subject};
use vocabulary::{
    Actor, AnyId, Chance, Clock as _, Context, ManualClock, SeededChance, SignedDuration, WebhookId,
};

pub(super) const KEY: SigningKey = SigningKey::from_bytes([4; 32]);

pub(super) struct World {
    pub db: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub chance: Arc<dyn Chance>,
    pub notices: Arc<AtomicUsize>,
}

impl World {
    pub fn new(db: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-02T09:00:00Z".parse().unwrap()));
        Self { db, clock, chance: Arc::new(SeededChance::new(1)), notices: Arc::default() }
    }

    pub fn sqlite() -> Self {
        Self::new(sqlite())
    }

    pub fn ctx(&self) -> Context {
        Context::new(self.clock.now(), Actor::System, self.chance.clone())
    }

    pub fn notify(&self) -> Notify {
        let notices = Arc::clone(&self.notices);
        Arc::new(move |_, _, _| {
            notices.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    }

    pub fn sender(&self) -> Sender {
        let limits = Limits { call_max: Duration::from_secs(2), ..Limits::default() };
        let outward = Outward::new(Reach::PublicAndLoopback).with_limits(limits);
        let (db, clock) = (self.db.database(), self.clock.clone());
        Sender::new(db, clock.clone(), clock, self.chance.clone(), KEY, outward, self.notify())
    }

    pub async fn webhook(&self, url: &str) -> (Webhook, Secret) {
        let ctx = self.ctx();
        let cmd = PutWebhook {
            name: "Karttjänsten".to_owned(),
            url: url.to_owned(),
            kinds: vec![EVERYTHING.to_owned()],
            contact_email: String::new(),
        };
        let made = self.db.write(move |s| commands::create(s, &ctx, &KEY, Reach::PublicAndLoopback, &cmd));
        made.await.unwrap()
    }

    /// Something happens to a case.
    pub async fn happens(&self, kind: &'static str, case: u128) -> i64 {
        let ctx = self.ctx();
        let entry = move || Entry {
            kind,
            subject: Subject { kind: "case", id: AnyId::from_u128(case) },
            related: None,
            detail: Some("phone".to_owned()),
        };
        self.db.write(move |s| timeline::append(s, &ctx, entry())).await.unwrap()
    }

    pub async fn now_is(&self, id: WebhookId) -> Webhook {
        self.db.read(move |s| crate::queries::webhook(s, id)).await.unwrap().unwrap()
    }

    pub fn advance(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }
}
