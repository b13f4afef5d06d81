//! What the clock does with processes. Each job may run twice, late, or after what it was for is over; it looks at how
//! things stand and does only what is still due.

use crate::commands::{call_next, remind_of_booking};
use crate::error::ProcessesError;
use crate::queries;
use crate::run::Mark;
use cases::CaseSettings;
use serde::Deserialize;
use std::sync::Arc;
use storage::jobs::{JobError, Runner};
use storage::{Database, Session};
use vocabulary::{BookingId, CaseId, CaseStatus, Context, Timestamp};

/// Tells the contact centre that a step is due. Payload: `{"case": id, "step": key, "due_at": instant}`.
pub const STEP_DUE: &str = "process_step_due";
/// Calls the next contractor. Payload: `{"case": id, "step": key, "tried": count, "since": instant}`.
pub const CALL_UNANSWERED: &str = "process_call_unanswered";
/// Reminds a resident of a booked time. Payload: `{"case": id, "booking": id}`.
pub const BOOKING_REMINDER: &str = "booking_reminder";

#[derive(Deserialize)]
struct DueStep {
    case: CaseId,
    step: String,
    due_at: Timestamp,
}

#[derive(Deserialize)]
struct Call {
    case: CaseId,
    step: String,
    tried: usize,
    since: Timestamp,
}

#[derive(Deserialize)]
struct Reminder {
    case: CaseId,
    booking: BookingId,
}

fn read<T: for<'de> Deserialize<'de>>(payload: &serde_json::Value) -> Result<T, ProcessesError> {
    T::deserialize(payload).map_err(|error| ProcessesError::Payload(error.to_string()))
}

fn rests(s: &mut Session<'_>, case: CaseId) -> Result<bool, ProcessesError> {
    let status = cases::queries::case(s, case)?.map(|case| case.status);
    Ok(matches!(status, None | Some(CaseStatus::Solved | CaseStatus::Suspended)))
}

/// Puts a step that is due in the contact centre's list, if it is still open and due then.
///
/// # Errors
/// [`ProcessesError::Payload`], or the database.
pub fn step_due(
    s: &mut Session<'_>,
    ctx: &Context,
    payload: &serde_json::Value,
) -> Result<(), ProcessesError> {
    let about: DueStep = read(payload)?;
    if rests(s, about.case)? {
        return Ok(());
    }
    let still = queries::open_steps(s, about.case)?
        .into_iter()
        .any(|step| step.step == about.step && step.due_at == Some(about.due_at));
    if still {
        cases::commands::step_is_due(s, ctx, about.case)?;
    }
    Ok(())
}

/// Calls the next contractor, if the one called last has not answered.
///
/// # Errors
/// [`ProcessesError::Payload`], or the database.
pub fn call_unanswered(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), ProcessesError> {
    let about: Call = read(payload)?;
    let Some(running) = queries::running(s, about.case)? else { return Ok(()) };
    let Some(place) = running.definition.step(&about.step) else { return Ok(()) };
    let open = running.state.marks[place] == Mark::Open { since: about.since };
    let tried = running.state.calls.get(&place).map_or(0, Vec::len);
    if open && tried == about.tried && !rests(s, about.case)? {
        call_next(s, ctx, settings, running, place)?;
    }
    Ok(())
}

/// Reminds a resident of a booked time, if it still holds.
///
/// # Errors
/// [`ProcessesError::Payload`], or the database.
pub fn booking_reminder(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), ProcessesError> {
    let about: Reminder = read(payload)?;
    match queries::running(s, about.case)? {
        Some(running) => remind_of_booking(s, ctx, settings, &running, about.booking),
        None => Ok(()),
    }
}

/// What a failed job of ours means to the runner: a payload that cannot be read does not get better.
fn job_error(error: ProcessesError) -> JobError {
    match error {
        ProcessesError::Payload(_) => JobError::GiveUp(error.to_string()),
        other => JobError::Retry(other.to_string()),
    }
}

/// Gives `runner` the handlers of this room.
#[must_use]
pub fn wire(runner: Runner, db: &Database, settings: Arc<CaseSettings>) -> Runner {
    let due = db.clone();
    let call = (db.clone(), settings.clone());
    let reminder = (db.clone(), settings);
    runner
        .on(STEP_DUE, move |payload, info| {
            let db = due.clone();
            async move { db.write(move |s| step_due(s, &info.ctx, &payload)).await.map_err(job_error) }
        })
        .on(CALL_UNANSWERED, move |payload, info| {
            let (db, settings) = call.clone();
            async move {
                db.write(move |s| call_unanswered(s, &info.ctx, &settings, &payload)).await.map_err(job_error)
            }
        })
        .on(BOOKING_REMINDER, move |payload, info| {
            let (db, settings) = reminder.clone();
            async move {
                db.write(move |s| booking_reminder(s, &info.ctx, &settings, &payload))
                    .await
                    .map_err(job_error)
            }
        })
}
