//! What the room `processes` does to a case: whose turn it is, what is sent, what stands in the contact centre's list.

use super::steps::{finish_tasks, load_case, load_case_for, take_step, tell_resident};
use crate::error::CasesError;
use crate::jobs;
use crate::model::{Case, CaseSettings, MessageChannel, TaskKind};
use crate::queries::store_follow_ups;
use crate::resident_access::{self, Way};
use crate::status::Step;
use storage::jobs::NewJob;
use storage::{Session, StorageError, params, sql};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseStatus, Context, MessageId};

/// Whose turn it is in a case that goes through steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The contact centre's.
    Centre,
    /// A department's.
    Department,
    /// The resident's.
    Resident,
}

/// The case, for somebody who wants to do something with it.
///
/// # Errors
/// It is not there, or not for them.
pub fn case_for(s: &mut Session<'_>, ctx: &Context, id: CaseId) -> Result<Case, CasesError> {
    load_case_for(s, ctx, id)
}

/// Lets the status say whose turn it is, and tells the resident if it changed. A case that is closed or rests stays so,
/// and while an officer's answer is awaited it is still the department's turn.
///
/// # Errors
/// The case is not there.
pub fn set_turn(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    id: CaseId,
    turn: Turn,
) -> Result<Case, CasesError> {
    let mut case = load_case(s, id)?;
    let asked = store_follow_ups::officer_is_asked(s, id)?;
    let Some(step) = step_to(case.status, turn, asked) else { return Ok(case) };
    if take_step(s, ctx, &mut case, step)? {
        tell_resident(s, ctx, settings, &case, false)?;
    }
    Ok(case)
}

const fn step_to(status: CaseStatus, turn: Turn, officer_asked: bool) -> Option<Step> {
    use CaseStatus::{New, Ongoing, Reopened, Solved, Suspended, WaitingForDepartment, WaitingForResident};
    match (status, turn) {
        (Solved | Suspended, _)
        | (Ongoing, Turn::Centre)
        | (WaitingForDepartment, Turn::Department)
        | (WaitingForResident, Turn::Resident) => None,
        (New | Reopened, Turn::Centre) => Some(Step::Begin),
        (WaitingForResident, Turn::Centre) => Some(Step::Resume { officer_asked }),
        (WaitingForDepartment, Turn::Centre) => {
            if officer_asked {
                None
            } else {
                Some(Step::OfficerGone)
            }
        }
        (New | Ongoing | Reopened | WaitingForResident, Turn::Department) => Some(Step::Forward),
        (New | Ongoing | Reopened | WaitingForDepartment, Turn::Resident) => Some(Step::WaitForResident),
    }
}

/// Puts that a step is late in the contact centre's list, once.
///
/// # Errors
/// The database.
pub fn step_is_due(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), StorageError> {
    super::add_task(s, ctx, TaskKind::DoStep, case, None)
}

/// Puts in the contact centre's list that nobody called out has answered, once.
///
/// # Errors
/// The database.
pub fn call_contractor(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), StorageError> {
    super::add_task(s, ctx, TaskKind::CallContractor, case, None)
}

/// Takes what steps have put in the contact centre's list out of it.
///
/// # Errors
/// The database.
pub fn step_is_done(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    kind: TaskKind,
) -> Result<(), StorageError> {
    finish_tasks(s, ctx, case, |task| task.kind == kind)
}

/// A message about a case, to somebody.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// How it goes.
    pub channel: MessageChannel,
    /// An e-mail address, or a telephone number in E.164.
    pub recipient: &'a str,
    /// One line; not sent with a text message.
    pub subject: &'a str,
    /// Plain text.
    pub body: &'a str,
}

/// Writes a message about a case down, and the job that sends it.
///
/// # Errors
/// The database.
pub fn send(
    s: &mut Session<'_>,
    ctx: &Context,
    case: CaseId,
    message: &Outgoing<'_>,
) -> Result<MessageId, StorageError> {
    let id: MessageId = ctx.next_id();
    s.execute(
        sql!(
            "INSERT INTO messages (id, channel, recipient, subject, body, case_id, created_at, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting')"
        ),
        params![id, message.channel, message.recipient, message.subject, message.body, case, ctx.now],
    )?;
    storage::jobs::enqueue(
        s,
        ctx,
        NewJob {
            kind: jobs::SEND_MESSAGE,
            payload: serde_json::json!({ "message": id }),
            run_at: ctx.now,
            dedupe_key: Some(format!("{}:{id}", jobs::SEND_MESSAGE)),
        },
    )?;
    Ok(id)
}

/// Writes to the resident of a case in the way they want to be told; if that may or can be done in no way, somebody is
/// told to do it. Says whether a message is on its way.
///
/// # Errors
/// The database.
pub fn write_to_resident(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    subject: &str,
    body: &str,
) -> Result<bool, CasesError> {
    let Some(resident) = case.resident_id else { return Ok(false) };
    let Some(resident) = people::residents::queries::by_id(s, resident)? else { return Ok(false) };
    let chosen = resident_access::told_by(s, case.id)?;
    let (channel, recipient) = match resident_access::way_of_telling(settings, &resident, chosen) {
        Way::To(channel, recipient) => (channel, recipient),
        Way::Unwanted => return Ok(false),
        Way::None => {
            super::add_task(s, ctx, TaskKind::TellResident, case.id, None)?;
            return Ok(false);
        }
    };
    let message = send(s, ctx, case.id, &Outgoing { channel, recipient: &recipient, subject, body })?;
    let related = Some(message.into_untyped_uuid());
    super::record(s, ctx, "resident_written_to", case.id, related, Some(channel.to_string()))?;
    Ok(true)
}
