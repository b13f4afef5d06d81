//! Bringing in what a department approved before Lots was there.

use super::{Create, act, create, load, record};
use crate::course::Act;
use crate::error::AssignmentsError;
use crate::model::{Answered, Basis};
use crate::queries;
use people::text;
use storage::Session;
use vocabulary::{AssignmentId, Context, DepartmentId, UserId, start_of_day};

/// An assignment that a department approved on paper.
#[derive(Clone, Debug)]
pub struct BringIn {
    /// Short code, unique.
    pub code: String,
    /// Whose it is.
    pub department: DepartmentId,
    /// Who in the contact centre looks after it.
    pub owner: Option<UserId>,
    /// Who approved it, as the paper says.
    pub approved_by: String,
    /// What it says.
    pub basis: Basis,
}

/// Brings in an assignment that a department has approved on paper: it goes the whole way, with who approved it written
/// down, and holds from its first day. No page leads here; it is for whoever sets up a house. A code that is there
/// already is left as it is.
///
/// # Errors
/// [`AssignmentsError::Incomplete`]; a text is not acceptable; its first day has not come.
pub fn bring_in(s: &mut Session<'_>, ctx: &Context, cmd: &BringIn) -> Result<AssignmentId, AssignmentsError> {
    if let Some(there) = queries::assignment_by_code(s, &cmd.code)? {
        return Ok(there.id);
    }
    let by = text::line("approved_by", &cmd.approved_by, text::NAME_CHARS_MAX)?;
    let approved_at = start_of_day(cmd.basis.valid_from);
    if approved_at > ctx.now {
        return Err(AssignmentsError::Day { field: "valid_from" });
    }
    let made = Create {
        code: cmd.code.clone(),
        department: cmd.department,
        owner: cmd.owner,
        basis: cmd.basis.clone(),
    };
    let (assignment, version) = create(s, ctx, &made)?;
    let missing = version.basis.missing();
    if !missing.is_empty() {
        return Err(AssignmentsError::Incomplete(missing));
    }
    for step in [Act::Send(1), Act::Approve(1)] {
        let loaded = load(s, assignment.id)?;
        act(s, ctx, &loaded, step)?;
    }
    let email = version.basis.contacts.first().map(|person| person.email.clone()).unwrap_or_default();
    let answer = Answered { at: approved_at, by, email, reason: None };
    queries::set_answer(s, version.id, &answer)?;
    record(s, ctx, "assignment_brought_in", &version, Some("1".to_owned()))?;
    let loaded = load(s, assignment.id)?;
    act(s, ctx, &loaded, Act::PutInForce(1))?;
    Ok(assignment.id)
}
