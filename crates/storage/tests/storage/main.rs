//! Storage through its public surface, on every engine there is. One binary, so that the tests share one server.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod alike;
mod backup;
mod jobs;
mod recovery;
mod transactions;

use std::sync::Arc;
use storage::timeline::{Entry, Subject};
use vocabulary::{Actor, Context, SeededChance, Timestamp};

/// Monday the second of November 2026, eight in the morning in Sweden.
fn monday_morning() -> Timestamp {
    "2026-11-02T07:00:00Z".parse().unwrap()
}

fn context() -> Context {
    Context::new(monday_morning(), Actor::System, Arc::new(SeededChance::new(1)))
}

/// Something to append to the timeline, told apart by `id`.
fn entry(id: u128) -> Entry {
    let subject = Subject { kind: "case", id: uuid::Uuid::from_u128(id) };
    Entry { kind: "case_registered", subject, related: None, detail: None }
}
