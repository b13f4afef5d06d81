//! From looks to what is told: a stream is told when it begins, and not again until it has been calm for a while.

use super::{Judgement, Rise, Stream};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{SignedDuration, Timestamp};

/// How long a stream must have been calm before it is over, and can be told anew.
const CALM_FOR: SignedDuration = SignedDuration::from_mins(30);

/// A stream that has been told and is not over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Going {
    /// How many were counted when it was at its highest.
    pub counted: u32,
    /// Since when it has been calm.
    pub calm_since: Option<Timestamp>,
}

/// What is new since the last look.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A stream begins to rise: told.
    Began(Rise),
    /// It has risen further.
    Higher(Rise),
    /// It is calm, or no longer so.
    Calm(Stream, Option<Timestamp>),
    /// It has been calm long enough: it may be told again when it rises anew.
    Over(Stream),
}

/// What has changed at `now`, given what is going on. The same look twice changes nothing the second time.
#[must_use]
pub fn follow(now: Timestamp, judgement: &Judgement, going: &BTreeMap<Stream, Going>) -> Vec<Change> {
    let mut changes = Vec::new();
    for rise in &judgement.rises {
        match going.get(&rise.stream) {
            None => changes.push(Change::Began(rise.clone())),
            Some(known) => {
                if known.calm_since.is_some() {
                    changes.push(Change::Calm(rise.stream.clone(), None));
                }
                if rise.counted > known.counted {
                    changes.push(Change::Higher(rise.clone()));
                }
            }
        }
    }
    let rising: BTreeSet<&Stream> = judgement.rises.iter().map(|rise| &rise.stream).collect();
    for (stream, known) in going.iter().filter(|(stream, _)| !rising.contains(stream)) {
        match (judgement.is_calm(stream), known.calm_since) {
            (true, None) => changes.push(Change::Calm(stream.clone(), Some(now))),
            (true, Some(since)) if now.duration_since(since) >= CALM_FOR => {
                changes.push(Change::Over(stream.clone()));
            }
            (false, Some(_)) => changes.push(Change::Calm(stream.clone(), None)),
            (true, Some(_)) | (false, None) => {}
        }
    }
    changes
}
