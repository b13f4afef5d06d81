//! Work to be done later, at least once: written in the same transaction as what calls for it, run by a [`Runner`].

mod queries;
mod runner;

pub use runner::{JobInfo, Runner};

use crate::{Session, StorageError};
use vocabulary::{Context, JobId, SignedDuration, Timestamp};

/// How long a job may run before somebody else takes it over, on the clock. A runner that is alive renews it.
pub const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How many times a job is tried before it is left as failed.
pub const ATTEMPTS_MAX: u32 = 10;
/// The wait before the second attempt; it doubles with each.
pub const BACK_OFF_FIRST: SignedDuration = SignedDuration::from_secs(10);
/// The longest wait between two attempts.
pub const BACK_OFF_MAX: SignedDuration = SignedDuration::from_hours(1);
/// How long a finished job is kept for whoever looks into what happened, and to know a `dedupe_key` again.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A job to be enqueued.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Which handler runs it.
    pub kind: &'static str,
    /// What the handler is told. Ids, not personal data.
    pub payload: serde_json::Value,
    /// When it may run at the earliest.
    pub run_at: Timestamp,
    /// Jobs with the same key are one job, also after it is done.
    pub dedupe_key: Option<String>,
}

/// Why a job could not be done, and what to do about it. `?` on any error means another try.
#[derive(Debug)]
pub enum JobError {
    /// Try again after a while; gives up after [`ATTEMPTS_MAX`] attempts.
    Retry(String),
    /// Nothing went wrong, but it is too early. Not counted as an attempt.
    Later(Timestamp),
    /// Trying again would not help.
    GiveUp(String),
}

impl<E: std::error::Error> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Retry(error.to_string())
    }
}

/// Keeps a job for later. Gives none if a job with the same `dedupe_key` is there already.
///
/// # Errors
/// What the engine says.
pub fn enqueue(s: &mut Session<'_>, ctx: &Context, job: NewJob) -> Result<Option<JobId>, StorageError> {
    let id: JobId = ctx.next_id();
    Ok(queries::insert(s, id, ctx.now, &job)?.then_some(id))
}

/// How many jobs of `kind` are in each state, to show and to test with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// To be run, now or later.
    pub waiting: u64,
    /// Running, or left behind by a node that died.
    pub running: u64,
    /// Done.
    pub done: u64,
    /// Given up.
    pub failed: u64,
}

/// The figures of one kind of job.
///
/// # Errors
/// What the engine says.
pub fn figures(s: &mut Session<'_>, kind: &str) -> Result<Figures, StorageError> {
    queries::figures(s, kind)
}

/// The wait before the attempt after `attempt` (counted from 1): doubling, with half of it left to chance so that what
/// failed together is not tried together.
fn back_off(attempt: u32, chance: &dyn vocabulary::Chance) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(16);
    let full = BACK_OFF_FIRST.saturating_mul(1 << doublings).min(BACK_OFF_MAX);
    let half_ms = u64::try_from(full.as_millis() / 2).unwrap_or(0);
    let ms = half_ms + chance.below(half_ms + 1);
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_is_half_chance() {
        let chance = vocabulary::SeededChance::new(7);
        for (attempt, full_s) in [(1, 10), (2, 20), (3, 40), (9, 2_560), (10, 3_600), (u32::MAX, 3_600)] {
            for _ in 0..100 {
                let wait = back_off(attempt, &chance);
                assert!(wait >= SignedDuration::from_secs(full_s) / 2, "{attempt}: {wait:?}");
                assert!(wait <= SignedDuration::from_secs(full_s), "{attempt}: {wait:?}");
            }
        }
    }
}
