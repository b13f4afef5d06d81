//! What becomes of closed cases (gallring). A case carries a rule's code; a rule says how long it is kept, counted from
//! when, and what is done then. Without a rule nothing is ever done; a hold stops it. By night what is due is proposed,
//! a person approves a batch, and only then is it carried out, each case looked at again at that moment.

pub mod commands;
mod dispose;
pub mod jobs;
pub mod queries;

use jiff::Span;
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseId, DisposalId, HoldId, ResidentId, Timestamp, UserId};

/// Longest time a rule keeps, in months: what is to be kept longer is preserved.
pub const KEEP_MONTHS_MAX: u32 = 1_200;
/// Most cases of one batch: as many as a person can answer for.
pub const BATCH_CASES_MAX: usize = 2_000;
/// Cases disposed of in one transaction. Each is a few dozen statements; others wait meanwhile.
pub const LOT_CASES_MAX: usize = 20;
/// For how long a rejected case is not proposed again, in days.
pub const REJECTED_REST_DAYS: i64 = 90;
/// Longest reason of a hold and basis of a rule, in characters.
pub const REASON_CHARS_MAX: usize = 300;

vocabulary::words! {
    /// From when a rule counts.
    CountedFrom, "start of a retention time" {
        /// The day the case was closed.
        Closed = "closed",
        /// The day it arrived.
        Arrived = "arrived",
    }

    /// What a rule does when the time is out.
    RetentionAction, "retention action" {
        /// The case goes, with all that hangs from it.
        Delete = "delete",
        /// Everything personal goes; what is left can be counted.
        Anonymise = "anonymise",
        /// It is preserved for good (bevaras).
        Preserve = "preserve",
    }

    /// How far a batch has come.
    DisposalState, "disposal state" {
        /// Waits for somebody to decide.
        Proposed = "proposed",
        /// Is being carried out.
        Approved = "approved",
        /// Is carried out; what is left is the record of destruction.
        Done = "done",
        /// Was turned down.
        Rejected = "rejected",
    }

    /// Why a case is kept.
    WhyKept, "reason for keeping" {
        /// It carries no rule that is in use.
        NoRule = "no_rule",
        /// Its rule preserves it.
        Preserved = "preserved",
        /// A hold stops it.
        Held = "held",
        /// It is open.
        Open = "open",
        /// Its time is not out.
        NotDue = "not_due",
        /// Somebody turned its batch down.
        Rejected = "rejected",
    }
}

storage::word_value!(CountedFrom);
storage::word_value!(RetentionAction);
storage::word_value!(DisposalState);
storage::word_value!(WhyKept);

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What cases carry: `cases.retention_rule`.
    pub code: String,
    /// How long a case is kept, in months; at most [`KEEP_MONTHS_MAX`].
    pub keep_months: u32,
    /// Counted from when.
    pub counted_from: CountedFrom,
    /// And then.
    pub action: RetentionAction,
    /// The decision it rests on.
    pub basis: String,
    /// Whether it is in use.
    pub active: bool,
}

/// What of a case the rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// The day it arrived.
    pub arrival_day: Date,
    /// The day it was closed; none while it is open.
    pub closed_day: Option<Date>,
    /// Whether a hold stops it.
    pub held: bool,
}

impl Rule {
    /// The last day on which a case of that age is kept; none while it is open, or when the time goes beyond all
    /// calendars. A month is a calendar month: from 31 January one month goes to 28 or 29 February.
    #[must_use]
    pub fn last_day_kept(&self, age: Age) -> Option<Date> {
        let closed = age.closed_day?;
        let from = match self.counted_from {
            CountedFrom::Closed => closed,
            CountedFrom::Arrived => age.arrival_day,
        };
        let end = from.checked_add(Span::new().try_months(i64::from(self.keep_months)).ok()?).ok()?;
        // Counted from its arrival a case may be out of time on the day it is closed; not before.
        Some(end.max(closed))
    }
}

/// What is to be done today with a case of that age under `rule`.
///
/// # Errors
/// Why it is kept.
pub fn verdict(rule: Option<&Rule>, age: Age, today: Date) -> Result<RetentionAction, WhyKept> {
    let Some(rule) = rule.filter(|rule| rule.active) else { return Err(WhyKept::NoRule) };
    if rule.action == RetentionAction::Preserve {
        return Err(WhyKept::Preserved);
    }
    if age.held {
        return Err(WhyKept::Held);
    }
    if age.closed_day.is_none() {
        return Err(WhyKept::Open);
    }
    match rule.last_day_kept(age) {
        Some(last) if last < today => Ok(rule.action),
        _ => Err(WhyKept::NotDue),
    }
}

/// A stop to weeding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Id.
    pub id: HoldId,
    /// The case it stops, if it is one.
    pub case_id: Option<CaseId>,
    /// The case's number.
    pub case_number: Option<String>,
    /// The resident all of whose cases it stops, if it is one.
    pub resident_id: Option<ResidentId>,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: Option<UserId>,
    /// When.
    pub placed_at: Timestamp,
    /// When it was released.
    pub released_at: Option<Timestamp>,
}

/// A batch that a rule says may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposal {
    /// Id.
    pub id: DisposalId,
    /// The rule as it was when proposed; its `active` is always true here.
    pub rule: Rule,
    /// How far it has come.
    pub state: DisposalState,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<AnyId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When it was carried out.
    pub done_at: Option<Timestamp>,
}

/// What a batch holds or has come to, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisposalCount {
    /// The board.
    pub board: String,
    /// The case type's name.
    pub case_type: String,
    /// The year the cases arrived.
    pub arrival_year: i64,
    /// How many.
    pub cases: u64,
}

#[cfg(test)]
mod model_tests;
