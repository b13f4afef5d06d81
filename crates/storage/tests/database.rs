//! The database through its public surface, on every engine there is.

use std::sync::Arc;
use storage::testing;
use storage::timeline::{self, Entry, Subject};
use storage::{StorageError, counters, params, settings, sql};
use vocabulary::{Actor, Context, SeededChance, Timestamp};

fn context() -> Context {
    let now: Timestamp = "2026-11-02T07:00:00Z".parse().unwrap();
    Context::new(now, Actor::System, Arc::new(SeededChance::new(1)))
}

fn entry(id: u128) -> Entry {
    let subject = Subject { kind: "case", id: uuid::Uuid::from_u128(id) };
    Entry { kind: "case_registered", subject, related: None, detail: None }
}

#[tokio::test]
async fn what_is_written_is_read() {
    for db in testing::both() {
        let ctx = context();
        db.write(move |s| settings::set(s, &ctx, "town", "Vikhamn")).await.unwrap();
        let town = db.read(|s| settings::get(s, "town")).await.unwrap();
        assert_eq!(town.as_deref(), Some("Vikhamn"));
    }
}

#[tokio::test]
async fn a_panicking_closure_keeps_nothing_and_harms_nobody() {
    for db in testing::both() {
        let refused: Result<(), StorageError> = db
            .write(|s| {
                counters::next(s, "case")?;
                panic!("on purpose")
            })
            .await;
        assert_eq!(refused, Err(StorageError::Panicked("on purpose".to_owned())));
        assert_eq!(db.write(|s| counters::next(s, "case")).await, Ok(1));
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for db in testing::both() {
        let refused = db.read(|s| counters::next(s, "case")).await;
        assert!(matches!(refused, Err(StorageError::ReadOnly { .. })), "{refused:?}");
        let refused = db.read(|s| s.execute(sql!("DELETE FROM counters"), params![])).await;
        assert!(matches!(refused, Err(StorageError::ReadOnly { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn announcements_come_after_the_commit_and_in_order() {
    for db in testing::both() {
        let mut heard = db.announcements();
        let ctx = context();
        for id in 1..=20 {
            let ctx = ctx.clone();
            let _: Result<i64, StorageError> = db
                .write(move |s| {
                    let seq = timeline::append(s, &ctx, entry(id))?;
                    if id % 3 == 0 { Err(StorageError::Closed) } else { Ok(seq) }
                })
                .await;
        }
        let mut seqs = Vec::new();
        while seqs.len() < 14 {
            seqs.extend(heard.recv().await.unwrap().iter().map(|a| (a.seq, a.subject_id.as_u128())));
        }
        let expected: Vec<_> = (1..).zip((1..=20).filter(|id| id % 3 != 0)).collect();
        assert_eq!(seqs, expected);
    }
}
