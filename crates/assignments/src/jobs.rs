//! What the clock does with assignments. Each job may run twice, late, or after what it was for is over; it looks at how
//! things stand and does only what is still due.

use crate::commands::{self, load};
use crate::error::AssignmentsError;
use crate::limits::REVIEW_AHEAD_DAYS;
use crate::model::VersionState;
use crate::queries;
use crate::words::{self, DepartmentLetter};
use cases::CaseSettings;
use cases::commands::{NewLetter, write_letter};
use knowledge::tasks::{NewTask, TaskKind};
use serde::Deserialize;
use std::sync::Arc;
use storage::jobs::{JobError, NewJob, Runner};
use storage::{Database, Session, StorageError};
use vocabulary::civil::{Date, Time};
use vocabulary::{
    AssignmentId, AssignmentVersionId, Context, GenericUuid as _, Language, LinkId, SignedDuration,
    Timestamp, local_day, start_of_day, time_zone,
};

/// Puts an approved version in force on its day. Payload: `{"version": id}`.
pub const IN_FORCE: &str = "assignment_in_force";
/// Reminds a department of what it has not answered. Payload: `{"link": id}`.
pub const APPROVAL_REMINDER: &str = "assignment_approval_reminder";
/// Begins the yearly review in time. Payload: `{"assignment": id, "day": day}`.
pub const REVIEW: &str = "assignment_review";
/// Marks a review that was not done in time. Payload: `{"assignment": id, "day": day}`.
pub const REVIEW_OVERDUE: &str = "assignment_review_overdue";

#[derive(Deserialize)]
struct OfVersion {
    version: AssignmentVersionId,
}

#[derive(Deserialize)]
struct OfLink {
    link: LinkId,
}

#[derive(Deserialize)]
struct Review {
    assignment: AssignmentId,
    day: Date,
}

fn read<T: for<'de> Deserialize<'de>>(payload: &serde_json::Value) -> Result<T, AssignmentsError> {
    T::deserialize(payload).map_err(|error| AssignmentsError::Payload(error.to_string()))
}

/// Eight in the morning: when people read letters.
fn morning(day: Date) -> Timestamp {
    day.to_datetime(Time::constant(8, 0, 0, 0))
        .to_zoned(time_zone())
        .map_or_else(|_| start_of_day(day), |zoned| zoned.timestamp())
}

/// Plans what is to be done before and after a review day.
pub(crate) fn plan_review(
    s: &mut Session<'_>,
    ctx: &Context,
    id: AssignmentId,
    day: Date,
) -> Result<(), StorageError> {
    let begins = day.checked_sub(SignedDuration::from_hours(24 * REVIEW_AHEAD_DAYS)).unwrap_or(day);
    let overdue = day.tomorrow().unwrap_or(day);
    for (kind, on) in [(REVIEW, begins), (REVIEW_OVERDUE, overdue)] {
        storage::jobs::enqueue(
            s,
            ctx,
            NewJob {
                kind,
                payload: serde_json::json!({ "assignment": id, "day": day }),
                run_at: morning(on).max(ctx.now),
                dedupe_key: Some(format!("{kind}:{id}:{day}")),
            },
        )?;
    }
    Ok(())
}

/// Puts an approved version in force, if it still waits for its day.
///
/// # Errors
/// [`AssignmentsError::Payload`], or the database.
pub fn in_force(
    s: &mut Session<'_>,
    ctx: &Context,
    payload: &serde_json::Value,
) -> Result<(), AssignmentsError> {
    let about: OfVersion = read(payload)?;
    let waits = queries::version(s, about.version)?.is_some_and(|version| {
        version.state == VersionState::Approved && version.basis.valid_from <= local_day(ctx.now)
    });
    if waits { commands::put_in_force(s, ctx, about.version) } else { Ok(()) }
}

/// Reminds a department, if it has not answered.
///
/// # Errors
/// [`AssignmentsError::Payload`], or the database.
pub fn approval_reminder(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
) -> Result<(), AssignmentsError> {
    let about: OfLink = read(payload)?;
    commands::remind(s, ctx, settings, about.link)
}

/// Begins the yearly review: what holds is under review, its owner has a task, and the department a letter. Said of a
/// day that is no longer the review day, it does nothing.
///
/// # Errors
/// [`AssignmentsError::Payload`], or the database.
pub fn review(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    payload: &serde_json::Value,
    overdue: bool,
) -> Result<(), AssignmentsError> {
    let about: Review = read(payload)?;
    let loaded = load(s, about.assignment)?;
    let Some(held) = loaded.holding().cloned() else { return Ok(()) };
    if loaded.assignment.review_day != Some(about.day) {
        return Ok(());
    }
    // Begun by hand, or by this job once before; or told of already.
    let done = if overdue {
        local_day(ctx.now) <= about.day || told(s, about.assignment, OVERDUE_WORD, &about.day.to_string())?
    } else {
        held.state == VersionState::UnderReview
    };
    if done {
        return Ok(());
    }
    commands::begin_review(s, ctx, about.assignment)?;
    if !overdue {
        let note = words::review_task(Language::Swedish, &held.basis.title);
        let task = NewTask {
            kind: TaskKind::Review,
            article: None,
            gap: None,
            owner: loaded.assignment.owner,
            note,
            due: Some(about.day),
            key: Some(format!("assignment_review:{}:{}", about.assignment, about.day)),
        };
        knowledge::tasks::make(s, ctx, &task)
            .map_err(|error| AssignmentsError::Payload(error.to_string()))?;
    }
    let Some(person) = held.basis.contacts.first() else { return Ok(()) };
    let letter = DepartmentLetter {
        language: commands::language_of(s, &person.email)?,
        name: &person.name,
        title: &held.basis.title,
        version: held.number,
        municipality: &settings.municipality,
    }
    .review(about.day, overdue);
    write_letter(
        s,
        ctx,
        &NewLetter {
            recipient: person.email.clone(),
            subject: letter.subject,
            body: letter.body,
            auto: true,
            ..NewLetter::default()
        },
    )?;
    if overdue {
        commands::record(s, ctx, OVERDUE_WORD, &held, Some(about.day.to_string()))?;
    }
    Ok(())
}

/// What the timeline calls a review that was not done in time.
const OVERDUE_WORD: &str = "assignment_review_overdue";
/// How far back the timeline of an assignment is looked through.
const TOLD_MAX: u32 = 200;

/// Whether the timeline tells of `kind` with that detail.
pub(crate) fn told(
    s: &mut Session<'_>,
    id: AssignmentId,
    kind: &str,
    detail: &str,
) -> Result<bool, StorageError> {
    let lines = storage::timeline::of_subject(s, id.into_untyped_uuid(), TOLD_MAX)?;
    Ok(lines.iter().any(|line| line.announcement.kind == kind && line.detail.as_deref() == Some(detail)))
}

/// What a failed job of ours means to the runner: a payload that cannot be read does not get better.
fn job_error(error: AssignmentsError) -> JobError {
    match error {
        AssignmentsError::Payload(_) | AssignmentsError::NotFound { .. } => {
            JobError::GiveUp(error.to_string())
        }
        other => JobError::Retry(other.to_string()),
    }
}

/// Gives `runner` the handlers of this room.
#[must_use]
pub fn wire(runner: Runner, db: &Database, settings: Arc<CaseSettings>) -> Runner {
    let due = db.clone();
    let reminder = (db.clone(), settings.clone());
    let begins = (db.clone(), settings.clone());
    let overdue = (db.clone(), settings);
    runner
        .on(IN_FORCE, move |payload, info| {
            let db = due.clone();
            async move { db.write(move |s| in_force(s, &info.ctx, &payload)).await.map_err(job_error) }
        })
        .on(APPROVAL_REMINDER, move |payload, info| {
            let (db, settings) = reminder.clone();
            async move {
                let done = db.write(move |s| approval_reminder(s, &info.ctx, &settings, &payload)).await;
                done.map_err(job_error)
            }
        })
        .on(REVIEW, move |payload, info| {
            let (db, settings) = begins.clone();
            async move {
                let done = db.write(move |s| review(s, &info.ctx, &settings, &payload, false)).await;
                done.map_err(job_error)
            }
        })
        .on(REVIEW_OVERDUE, move |payload, info| {
            let (db, settings) = overdue.clone();
            async move {
                let done = db.write(move |s| review(s, &info.ctx, &settings, &payload, true)).await;
                done.map_err(job_error)
            }
        })
}
