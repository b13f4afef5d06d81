//! What moves an assignment on, apart from writing, sending and answering.

use super::{act, load, plan_review};
use crate::course::Act;
use crate::error::AssignmentsError;
use crate::limits::REVIEW_DAYS_MAX;
use crate::queries;
use storage::Session;
use vocabulary::civil::Date;
use vocabulary::{AssignmentId, AssignmentVersionId, Context, SignedDuration, local_day};

/// Gives up a draft.
///
/// # Errors
/// It is no draft.
pub fn discard(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentId,
    version: u32,
) -> Result<(), AssignmentsError> {
    let loaded = load(s, id)?;
    act(s, ctx, &loaded, Act::Discard(version)).map(drop)
}

/// Takes back what lies with the department; its link holds no more.
///
/// # Errors
/// It has not been sent, or has been answered.
pub fn take_back(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentId,
    version: u32,
) -> Result<(), AssignmentsError> {
    let loaded = load(s, id)?;
    act(s, ctx, &loaded, Act::TakeBack(version)).map(drop)
}

/// Puts an approved version in force. What held before is replaced.
///
/// # Errors
/// It has not been approved.
pub fn put_in_force(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentVersionId,
) -> Result<(), AssignmentsError> {
    let version = queries::version(s, id)?.ok_or(AssignmentsError::NotFound { what: "version" })?;
    let loaded = load(s, version.assignment)?;
    act(s, ctx, &loaded, Act::PutInForce(version.number)).map(drop)
}

/// Begins to go through what holds.
///
/// # Errors
/// Nothing holds.
pub fn begin_review(s: &mut Session<'_>, ctx: &Context, id: AssignmentId) -> Result<(), AssignmentsError> {
    let loaded = load(s, id)?;
    act(s, ctx, &loaded, Act::BeginReview).map(drop)
}

/// What holds has been gone through with the department, and goes on as it is until `next`.
///
/// # Errors
/// Nothing holds, or the next review is not within a year or so.
pub fn reviewed(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentId,
    next: Date,
) -> Result<(), AssignmentsError> {
    let today = local_day(ctx.now);
    let latest = today.checked_add(SignedDuration::from_hours(24 * REVIEW_DAYS_MAX)).unwrap_or(Date::MAX);
    if next <= today || next > latest {
        return Err(AssignmentsError::Day { field: "next" });
    }
    let loaded = load(s, id)?;
    // A review may be done before anybody has said that it begins.
    if loaded.holding().is_some_and(|held| held.state == crate::VersionState::InForce) {
        if loaded.assignment.review_day == Some(next) {
            return Ok(());
        }
        act(s, ctx, &loaded, Act::BeginReview)?;
    }
    let loaded = load(s, id)?;
    act(s, ctx, &loaded, Act::Reviewed)?;
    plan_review(s, ctx, &loaded.assignment, next)
}

/// Ends an assignment: what holds does so no more, and what is on its way is withdrawn.
///
/// # Errors
/// There is no such assignment.
pub fn end(s: &mut Session<'_>, ctx: &Context, id: AssignmentId) -> Result<(), AssignmentsError> {
    let loaded = load(s, id)?;
    act(s, ctx, &loaded, Act::End).map(drop)
}
