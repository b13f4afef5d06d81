//! The same change to many cases. Each is checked and changed on its own, in a transaction of its own, so that one that
//! refuses does not hold up the others; and each only once, however often the same change arrives.

use crate::commands::{
    AddNote, Assignment, Change, Solve, add_note, assign, change_status, reopen, set_priority, solve,
};
use crate::error::CasesError;
use crate::limits::{BULK_CASES_MAX, BULK_REMEMBERED_DAYS};
use crate::model::CaseSettings;
use crate::number::CaseNumber;
use crate::queries::{self, saved};
use crate::viewer::Viewer;
use storage::Session;
use vocabulary::{BulkChangeId, CaseId, CaseOutcome, Context, Priority, SignedDuration, UserId};

/// What is to be done with each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// This guide has it, or nobody in particular. The group that has it keeps it.
    Assign(Option<UserId>),
    /// How soon it should be taken up.
    Priority(Priority),
    /// Move it.
    Change(Change),
    /// Close it without a text to the resident, who is told that it is closed.
    Solve(CaseOutcome),
    /// Open it again.
    Reopen,
    /// Write an internal note on it.
    Note(String),
}

/// What came of it for one case that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It was changed.
    Done,
    /// It was so already, or this very change has reached it before.
    Already,
}

/// The cases to be changed, each once, in the order they were ticked.
///
/// # Errors
/// There are more than [`BULK_CASES_MAX`].
pub fn each_once(cases: impl IntoIterator<Item = CaseId>) -> Result<Vec<CaseId>, CasesError> {
    let mut once: Vec<CaseId> = Vec::new();
    for case in cases {
        if once.contains(&case) {
            continue;
        }
        if once.len() == BULK_CASES_MAX {
            return Err(CasesError::TooMany { what: "cases at once", max: BULK_CASES_MAX });
        }
        once.push(case);
    }
    Ok(once)
}

/// Changes one of the cases. Run it in a transaction of its own.
///
/// # Errors
/// Why this case refuses.
pub fn change_one(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    bulk: BulkChangeId,
    id: CaseId,
    action: &BulkAction,
) -> Result<(CaseNumber, Reached), CasesError> {
    let before = queries::case(s, id)?.ok_or(CasesError::NotFound { what: "case" })?;
    Viewer::of(ctx.actor).opens(s, &before)?;
    if saved::bulk_reached(s, bulk, id, ctx.now)? {
        return Ok((before.number, Reached::Already));
    }
    match action {
        BulkAction::Assign(user) => {
            let to = Assignment { assignee_id: *user, answer_group_id: before.answer_group_id };
            assign(s, ctx, id, to)?;
        }
        BulkAction::Priority(priority) => {
            set_priority(s, ctx, id, *priority)?;
        }
        BulkAction::Change(change) => {
            change_status(s, ctx, settings, id, *change)?;
        }
        BulkAction::Solve(outcome) => {
            let cmd = Solve { case_id: id, outcome: *outcome, answer: String::new() };
            solve(s, ctx, settings, &cmd)?;
        }
        BulkAction::Reopen => {
            reopen(s, ctx, settings, id)?;
        }
        BulkAction::Note(text) => {
            let cmd = AddNote { case_id: id, text: text.clone(), public: false };
            add_note(s, ctx, settings, &cmd)?;
        }
    }
    let after = queries::case(s, id)?.map_or(before.revision, |case| case.revision);
    let reached = if after == before.revision { Reached::Already } else { Reached::Done };
    Ok((before.number, reached))
}

/// Forgets changes that nobody will send again.
///
/// # Errors
/// The database.
pub fn forget_old(s: &mut Session<'_>, ctx: &Context) -> Result<(), CasesError> {
    let before = ctx.now - SignedDuration::from_hours(24 * BULK_REMEMBERED_DAYS);
    Ok(saved::forget_bulk(s, before, 10 * BULK_CASES_MAX)?)
}
