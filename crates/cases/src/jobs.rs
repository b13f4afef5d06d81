//! What the clock does with cases. Each job may run twice, late, or after what it was for is over; it looks at how
//! things stand and does only what is still due.

use crate::commands::{
    Change, NewLetter, add_task, change_status, load_case, post_to_officer, record, wind, write_letter,
};
use crate::error::CasesError;
use crate::model::{CaseSettings, FollowUp, FollowUpState, TaskKind};
use crate::queries::{self, store, store_follow_ups};
use crate::words;
use serde::Deserialize;
use std::sync::Arc;
use storage::jobs::{JobError, Runner};
use storage::{Database, Session};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseStatus, Context, FollowUpId, local_day};

/// Reminds an officer. Payload: `{"follow_up": id}`.
pub const FOLLOW_UP_REMINDER: &str = "follow_up_reminder";
/// Puts a call task in the contact centre's list. Payload: `{"follow_up": id}`.
pub const FOLLOW_UP_CALL_TASK: &str = "follow_up_call_task";
/// Tells the department's contact that an officer does not answer. Payload: `{"follow_up": id}`.
pub const FOLLOW_UP_ESCALATION: &str = "follow_up_escalation";
/// Wakes a resting case. Payload: `{"case": id}`.
pub const CASE_WAKE: &str = "case_wake";
/// Sends a message; the room `mail` does it. Payload: `{"message": id}`.
pub const SEND_MESSAGE: &str = "send_message";

#[derive(Deserialize)]
struct AboutFollowUp {
    follow_up: FollowUpId,
}

#[derive(Deserialize)]
struct AboutCase {
    case: CaseId,
}

fn read<T: for<'de> Deserialize<'de>>(payload: &serde_json::Value) -> Result<T, CasesError> {
    T::deserialize(payload).map_err(|error| CasesError::Payload(error.to_string()))
}

/// The question a job is about, if its officer's answer is still awaited.
fn waiting_question(
    s: &mut Session<'_>,
    payload: &serde_json::Value,
) -> Result<Option<FollowUp>, CasesError> {
    let about: AboutFollowUp = read(payload)?;
    Ok(queries::follow_up(s, about.follow_up)?.filter(|question| question.state == FollowUpState::Waiting))
}

/// Reminds the officer if a reminder is due, and winds the clock for the next one.
///
/// # Errors
/// [`CasesError::Payload`], or the database.
pub fn follow_up_reminder(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), CasesError> {
    let Some(mut question) = waiting_question(s, payload)? else { return Ok(()) };
    let Some(clock) = question.clock.reminded(question.terms, ctx.now) else { return Ok(()) };
    question.clock = clock;
    store_follow_ups::update_follow_up(s, &question)?;
    wind(s, ctx, &question)?;
    let case = load_case(s, question.case_id)?;
    let officer = people::directory::queries::officer(s, question.officer_id)?;
    let link = store::officer_link(s, question.id)?;
    if let (Some(officer), Some(link)) = (officer.filter(|officer| officer.active), link) {
        let sent = local_day(question.sent_at);
        post_to_officer(s, ctx, settings, (&officer, &case, &question), link.id, |letter| {
            letter.reminder(sent)
        })?;
        let nth = Some(question.clock.reminders_sent.to_string());
        record(s, ctx, "follow_up_reminded", case.id, Some(question.id.into_untyped_uuid()), nth)?;
    }
    Ok(())
}

/// Tells the contact centre to phone the officer, if that is due.
///
/// # Errors
/// [`CasesError::Payload`], or the database.
pub fn follow_up_call_task(
    s: &mut Session<'_>,
    ctx: &Context,
    payload: &serde_json::Value,
) -> Result<(), CasesError> {
    let Some(mut question) = waiting_question(s, payload)? else { return Ok(()) };
    let Some(clock) = question.clock.call_task_made(ctx.now) else { return Ok(()) };
    question.clock = clock;
    store_follow_ups::update_follow_up(s, &question)?;
    add_task(s, ctx, TaskKind::CallOfficer, question.case_id, Some(question.id))?;
    Ok(())
}

/// Tells the department's contact that a question has gone unanswered, if that is due. The letter says which case and
/// since when, and nothing of what it is about: it goes to a mailbox that many may read.
///
/// # Errors
/// [`CasesError::Payload`], or the database.
pub fn follow_up_escalation(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), CasesError> {
    let Some(mut question) = waiting_question(s, payload)? else { return Ok(()) };
    let Some(clock) = question.clock.escalated(ctx.now) else { return Ok(()) };
    question.clock = clock;
    store_follow_ups::update_follow_up(s, &question)?;
    let case = load_case(s, question.case_id)?;
    let officer = people::directory::queries::officer(s, question.officer_id)?
        .ok_or(CasesError::NotFound { what: "officer" })?;
    let department = people::directory::queries::department(s, officer.department)?
        .ok_or(CasesError::NotFound { what: "department" })?;
    let letter = words::escalation_letter(&words::Escalation {
        language: officer.language,
        department: &department.name,
        number: case.number.as_str(),
        officer: &officer.name,
        sent: local_day(question.sent_at),
        due: question.clock.term_day,
        municipality: &settings.municipality,
    });
    let letter = NewLetter {
        recipient: department.escalation_email,
        subject: letter.subject,
        body: letter.body,
        case_id: Some(case.id),
        auto: true,
        ..NewLetter::default()
    };
    write_letter(s, ctx, &letter)?;
    record(s, ctx, "follow_up_escalated", case.id, Some(question.id.into_untyped_uuid()), None)?;
    Ok(())
}

/// Wakes a case whose rest is over.
///
/// # Errors
/// [`CasesError::Payload`], or the database.
pub fn case_wake(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), CasesError> {
    let about: AboutCase = read(payload)?;
    let Some(case) = queries::case(s, about.case)? else { return Ok(()) };
    let rest_is_over = case.rests_until_day.is_some_and(|until| until <= local_day(ctx.now));
    if case.status == CaseStatus::Suspended && rest_is_over {
        change_status(s, ctx, settings, case.id, Change::Resume)?;
    }
    Ok(())
}

/// What a failed job of ours means to the runner: a payload that cannot be read does not get better.
#[must_use]
pub fn job_error(error: CasesError) -> JobError {
    match error {
        CasesError::Payload(_) => JobError::GiveUp(error.to_string()),
        other => JobError::Retry(other.to_string()),
    }
}

/// Gives `runner` the handlers of this room; [`SEND_MESSAGE`] is the room `mail`'s.
#[must_use]
pub fn wire(runner: Runner, db: &Database, settings: Arc<CaseSettings>) -> Runner {
    let reminder = (db.clone(), settings.clone());
    let call_task = db.clone();
    let escalation = (db.clone(), settings.clone());
    let wake = (db.clone(), settings);
    runner
        .on(FOLLOW_UP_REMINDER, move |payload, info| {
            let (db, settings) = reminder.clone();
            async move {
                db.write(move |s| follow_up_reminder(s, &info.ctx, &settings, &payload)).await.map_err(job_error)
            }
        })
        .on(FOLLOW_UP_CALL_TASK, move |payload, info| {
            let db = call_task.clone();
            async move { db.write(move |s| follow_up_call_task(s, &info.ctx, &payload)).await.map_err(job_error) }
        })
        .on(FOLLOW_UP_ESCALATION, move |payload, info| {
            let (db, settings) = escalation.clone();
            async move {
                db.write(move |s| follow_up_escalation(s, &info.ctx, &settings, &payload)).await.map_err(job_error)
            }
        })
        .on(CASE_WAKE, move |payload, info| {
            let (db, settings) = wake.clone();
            async move {
                db.write(move |s| case_wake(s, &info.ctx, &settings, &payload)).await.map_err(job_error)
            }
        })
}
