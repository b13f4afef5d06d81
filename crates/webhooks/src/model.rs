//! What a webhook is, and the pure rules of when it is tried and when it is given up.

use crate::event::EVERYTHING;
use vocabulary::{AnyId, Chance, SignedDuration, Timestamp, WebhookDeliveryId, WebhookId};

/// How long one thing is tried, and how long a webhook may fail without one success before it is disabled.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);
/// How long the log of what was delivered is kept.
pub const LOG_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long the old secret signs beside a new one.
pub const OLD_SECRET_HOLDS: SignedDuration = SignedDuration::from_hours(24);
/// The longest wait that the other side may ask for.
pub const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Most webhooks there may be.
pub const WEBHOOKS_MAX: usize = 50;
/// Longest name of one.
pub const NAME_CHARS_MAX: usize = 80;

vocabulary::words! {
    /// Whether a webhook is told anything.
    WebhookState, "webhook state" {
        /// It is.
        Active = "active",
        /// Not at the moment: an administrator has said so.
        Paused = "paused",
        /// Not any more: it failed for too long, or said that it is gone.
        Disabled = "disabled",
    }

    /// How far a delivery has come.
    DeliveryState, "delivery state" {
        /// To be sent, or sent again.
        Waiting = "waiting",
        /// The other side has taken it.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

storage::word_value!(WebhookState);
storage::word_value!(DeliveryState);

/// Another system that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of webhooks, explained in the migration")]
pub struct Webhook {
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub kinds: Vec<String>,
    pub contact_email: Option<String>,
    pub state: WebhookState,
    pub disabled_reason: Option<String>,
    pub secret_version: i64,
    pub old_secret_until_at: Option<Timestamp>,
    pub cursor_seq: i64,
    pub failing_since_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

impl Webhook {
    /// Whether it wants to be told of `kind`.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        let everything = self.kinds.iter().any(|wanted| wanted == EVERYTHING);
        crate::EVENTS.contains(&kind) && (everything || self.kinds.iter().any(|wanted| wanted == kind))
    }

    /// The versions of the secret that sign at `now`, the newest first.
    #[must_use]
    pub fn secret_versions(&self, now: Timestamp) -> Vec<i64> {
        let old = self.old_secret_until_at.is_some_and(|until| now < until);
        if old { vec![self.secret_version, self.secret_version - 1] } else { vec![self.secret_version] }
    }
}

/// One thing a webhook is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the columns of webhook_deliveries, explained in the migration"
)]
pub struct Delivery {
    pub id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    pub seq: Option<i64>,
    pub kind: String,
    pub subject_id: Option<AnyId>,
    pub body: String,
    pub state: DeliveryState,
    pub attempts: u32,
    pub next_at: Timestamp,
    pub first_tried_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub answer_status: Option<u16>,
    pub problem: Option<String>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side has taken it (2xx).
    Delivered {
        /// Its status.
        status: u16,
    },
    /// The other side says it is gone for good (410).
    Gone,
    /// It did not work; it is tried again.
    Failed {
        /// The status, if there was an answer.
        status: Option<u16>,
        /// One word: `timeout`, `connection`, `status`.
        problem: &'static str,
        /// How long the other side asks to be left alone.
        retry_after: Option<SignedDuration>,
    },
}

/// The wait before the attempt after `attempts` (counted from 1): seconds at first, then hours; up to a fifth more by
/// chance, so that what failed together is not tried together.
#[must_use]
pub fn back_off(attempts: u32, chance: &dyn Chance) -> SignedDuration {
    const STEPS_S: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait_s = STEPS_S[place.min(STEPS_S.len() - 1)];
    let more_ms = chance.below(u64::try_from(wait_s * 200).unwrap_or(0) + 1);
    SignedDuration::from_secs(wait_s) + SignedDuration::from_millis(i64::try_from(more_ms).unwrap_or(0))
}

/// What is written down of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done.
    Delivered,
    /// Again, then.
    Again(Timestamp),
    /// This one is given up; what comes after it is tried.
    GiveUp,
    /// The webhook is disabled and this waits until it is not.
    Disable(&'static str),
}

/// Decides what an outcome means for a delivery whose attempt it was, and for its webhook.
pub(crate) fn judge(
    webhook: &Webhook,
    delivery: &Delivery,
    outcome: &Outcome,
    now: Timestamp,
    chance: &dyn Chance,
) -> Verdict {
    let for_too_long =
        |since: Option<Timestamp>| since.is_some_and(|at| now.duration_since(at) >= GIVE_UP_AFTER);
    match outcome {
        Outcome::Delivered { .. } => Verdict::Delivered,
        Outcome::Gone => Verdict::Disable("gone"),
        // A test is tried once: whoever asked for it is looking at the answer.
        Outcome::Failed { .. } if delivery.seq.is_none() => Verdict::GiveUp,
        Outcome::Failed { .. } if for_too_long(webhook.failing_since_at) => Verdict::Disable("failing"),
        Outcome::Failed { .. } if for_too_long(delivery.first_tried_at) => Verdict::GiveUp,
        Outcome::Failed { retry_after, .. } => {
            let asked = retry_after.unwrap_or(SignedDuration::ZERO).min(RETRY_AFTER_MAX);
            let wait = back_off(delivery.attempts, chance).max(asked);
            Verdict::Again(now.saturating_add(wait).unwrap_or(Timestamp::MAX))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededChance;

    #[test]
    fn it_is_tried_often_at_first_and_for_days() {
        let chance = SeededChance::new(1);
        let mut total = SignedDuration::ZERO;
        let mut attempts = 0;
        while total < GIVE_UP_AFTER {
            attempts += 1;
            let wait = back_off(attempts, &chance);
            assert!(wait >= SignedDuration::from_secs(5) && wait <= SignedDuration::from_hours(10));
            total += wait;
        }
        assert!((12..=20).contains(&attempts), "{attempts} attempts in three days");
        assert!(back_off(u32::MAX, &chance) <= SignedDuration::from_hours(10));
    }
}
