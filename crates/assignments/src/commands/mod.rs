//! What can be done with assignments. Every command runs in one write transaction: it loads, asks the pure machine,
//! and writes versions, timeline, letters and jobs together. Each may arrive twice.

mod answer;
mod import;
mod moves;
mod outside;
mod referrals;
mod send;
mod standard;
mod write;

pub use crate::basis::{contact_line, rule_line};
pub use answer::{Approval, DepartmentAnswer, answer_by_link, approval_by_link};
pub use import::{BringIn, bring_in};
pub use moves::{begin_review, discard, end, put_in_force, reviewed, take_back};
pub use outside::{Outside, mark_outside};
pub use referrals::{PutReferral, put_referral};
pub use send::{Send, agreed, send};
pub(crate) use send::{language_of, remind};
pub use standard::{PutCheck, put_check};
pub use write::{Create, Edit, create, edit, revise, set_owner};

use crate::course::{self, Act, Change, Standing};
use crate::error::AssignmentsError;
use crate::jobs;
use crate::model::{Assignment, Version, VersionState};
use crate::queries::{self, NewState};
use storage::Session;
use storage::jobs::NewJob;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{AssignmentId, Context, GenericUuid as _, Timestamp, start_of_day};

/// An assignment with all its versions, newest first.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The assignment.
    pub assignment: Assignment,
    /// Its versions.
    pub versions: Vec<Version>,
}

impl Loaded {
    /// Where each version stands.
    #[must_use]
    pub fn book(&self) -> Vec<Standing> {
        self.versions.iter().map(|v| Standing { version: v.number, state: v.state }).collect()
    }

    /// The version with that number.
    ///
    /// # Errors
    /// There is none.
    pub fn version(&self, number: u32) -> Result<&Version, AssignmentsError> {
        let found = self.versions.iter().find(|version| version.number == number);
        found.ok_or(AssignmentsError::Refused(course::Refusal::NoSuchVersion))
    }

    /// What holds, if anything does.
    #[must_use]
    pub fn holding(&self) -> Option<&Version> {
        self.versions.iter().find(|version| version.state.holds())
    }
}

/// An assignment with its versions.
///
/// # Errors
/// There is none, or the database.
pub fn load(s: &mut Session<'_>, id: AssignmentId) -> Result<Loaded, AssignmentsError> {
    let assignment = queries::assignment(s, id)?;
    let assignment = assignment.ok_or(AssignmentsError::NotFound { what: "assignment" })?;
    Ok(Loaded { versions: queries::versions(s, id)?, assignment })
}

/// Writes one line about a version.
pub(crate) fn record(
    s: &mut Session<'_>,
    ctx: &Context,
    kind: &'static str,
    version: &Version,
    detail: Option<String>,
) -> Result<(), AssignmentsError> {
    let subject = Subject { kind: "assignment", id: version.assignment.into_untyped_uuid() };
    let related = Some(version.id.into_untyped_uuid());
    timeline::append(s, ctx, Entry { kind, subject, related, detail })?;
    Ok(())
}

/// Does `act` and writes down what it changes, with all that follows from it. Gives what changed.
fn act(
    s: &mut Session<'_>,
    ctx: &Context,
    loaded: &Loaded,
    act: Act,
) -> Result<Vec<Change>, AssignmentsError> {
    let changes = course::after(&loaded.book(), act)?;
    // From when the newer one holds, if one does: until then the older one did.
    let from = changes
        .iter()
        .find(|change| change.to == VersionState::InForce)
        .and_then(|change| loaded.version(change.version).ok())
        .map(holds_from);
    for change in &changes {
        let Ok(version) = loaded.version(change.version) else { continue };
        queries::set_state(s, NewState { id: version.id, to: change.to, at: ctx.now })?;
        follow(s, ctx, loaded, version, change.to, from)?;
        record(s, ctx, word(version.state, change.to), version, Some(version.number.to_string()))?;
    }
    Ok(changes)
}

/// What follows from where a version stands now.
fn follow(
    s: &mut Session<'_>,
    ctx: &Context,
    loaded: &Loaded,
    version: &Version,
    to: VersionState,
    newer_from: Option<Timestamp>,
) -> Result<(), AssignmentsError> {
    match to {
        VersionState::InForce if version.state == VersionState::Approved => {
            queries::set_in_force(s, version.id, ctx.now)?;
            queries::open_coverage(s, version.id, &version.basis.case_types, holds_from(version))?;
            plan_review(s, ctx, &loaded.assignment, version.basis.review_day)?;
        }
        VersionState::Replaced => {
            queries::close_coverage(s, version.id, newer_from.unwrap_or(ctx.now))?;
        }
        VersionState::Ended => {
            queries::close_coverage(s, version.id, ctx.now)?;
            queries::set_ended(s, loaded.assignment.id, ctx.now)?;
        }
        VersionState::Withdrawn | VersionState::Refused => {
            queries::revoke_links(s, version.id, ctx.now)?;
        }
        VersionState::Approved => {
            let run_at = holds_from(version).max(ctx.now);
            storage::jobs::enqueue(
                s,
                ctx,
                NewJob {
                    kind: jobs::IN_FORCE,
                    payload: serde_json::json!({ "version": version.id }),
                    run_at,
                    dedupe_key: Some(format!("{}:{}", jobs::IN_FORCE, version.id)),
                },
            )?;
        }
        VersionState::Draft | VersionState::Sent | VersionState::InForce | VersionState::UnderReview => {}
    }
    Ok(())
}

/// From when a version holds: the beginning of its first day.
fn holds_from(version: &Version) -> Timestamp {
    start_of_day(version.basis.valid_from)
}

/// Sets the day of the next review, and what is to be done before it and after.
fn plan_review(
    s: &mut Session<'_>,
    ctx: &Context,
    assignment: &Assignment,
    day: vocabulary::civil::Date,
) -> Result<(), AssignmentsError> {
    queries::set_review_day(s, assignment.id, Some(day))?;
    jobs::plan_review(s, ctx, assignment.id, day)?;
    Ok(())
}

/// What the timeline calls a step from one state to another.
const fn word(from: VersionState, to: VersionState) -> &'static str {
    match to {
        VersionState::Draft => "assignment_drafted",
        VersionState::Sent => "assignment_sent",
        VersionState::Approved => "assignment_approved",
        VersionState::InForce => match from {
            VersionState::UnderReview => "assignment_reviewed",
            _ => "assignment_in_force",
        },
        VersionState::UnderReview => "assignment_review_begun",
        VersionState::Refused => "assignment_refused",
        VersionState::Withdrawn => "assignment_withdrawn",
        VersionState::Replaced => "assignment_replaced",
        VersionState::Ended => "assignment_ended",
    }
}
