//! Attempts that other rooms hold against a limit, as sign-in does: a code typed by somebody without an account, a code
//! that is asked for. Counted before it is looked at, so that attempts at the same time cannot pass the limit together.

use std::net::IpAddr;
use storage::{Session, StorageError};
use vocabulary::{SignedDuration, Timestamp};

use super::commands::{self, Counter};
use super::{model, queries};
use crate::SigningKey;

/// What attempts are counted under: hashed, so that the table tells nothing of whom or where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    key_hash: Vec<u8>,
    attempts_max: u32,
}

impl Tally {
    /// At most `attempts_max` of what `purpose` names, under `of`, within the window of sign-in's throttles.
    #[must_use]
    pub fn of(key: &SigningKey, purpose: &str, of: &[u8], attempts_max: u32) -> Self {
        Self { key_hash: key.derived("tally", &[purpose.as_bytes(), of]).to_vec(), attempts_max }
    }

    /// The same under where a request comes from.
    #[must_use]
    pub fn of_address(key: &SigningKey, purpose: &str, address: IpAddr, attempts_max: u32) -> Self {
        Self::of(key, purpose, &model::source(address), attempts_max)
    }
}

/// Counts an attempt under each tally, or refuses it under the first that is full, counts nothing, and tells how long to
/// wait.
///
/// # Errors
/// The database.
pub fn count_attempt(
    s: &mut Session<'_>,
    at: Timestamp,
    tallies: &[Tally],
) -> Result<Result<(), SignedDuration>, StorageError> {
    let counters: Vec<Counter> = tallies
        .iter()
        .map(|tally| Counter { key_hash: tally.key_hash.clone(), failures_max: tally.attempts_max })
        .collect();
    commands::reserve(s, at, &counters)
}

/// Gives an attempt back that did not fail after all.
///
/// # Errors
/// The database.
pub fn uncount_attempt(s: &mut Session<'_>, tallies: &[Tally]) -> Result<(), StorageError> {
    for tally in tallies {
        queries::give_back(s, &tally.key_hash)?;
    }
    Ok(())
}
