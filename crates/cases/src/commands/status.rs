//! Moving a case by hand: taking it up, letting it wait or rest, solving and reopening it.

use super::answer::resident_has_answered;
use super::forward::take_back;
use super::notes::write_note;
use super::steps::{
    days_ahead, finish_tasks, load_case, load_case_for, take_step, tell_resident, waiting_questions,
};
use crate::clock::morning;
use crate::error::CasesError;
use crate::jobs;
use crate::limits::{ANSWER_CHARS_MAX, REST_DAYS_MAX};
use crate::model::{Case, CaseSettings, TaskKind};
use crate::queries::{store, store_follow_ups};
use crate::status::Step;
use people::text;
use storage::Session;
use storage::jobs::NewJob;
use vocabulary::civil::Date;
use vocabulary::{CaseId, CaseOutcome, CaseStatus, Context, local_day};

/// What is to become of a case's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A guide takes it up.
    Begin,
    /// The resident must do something first; the officer's clock stands still meanwhile.
    WaitForResident,
    /// It rests until a day, on which it wakes by itself; the officer's clock stands still meanwhile.
    SuspendUntil(Date),
    /// The waiting or the rest is over.
    Resume,
}

/// Moves a case and tells the resident.
///
/// # Errors
/// The case is not there or cannot take that step, or the day is out of range.
pub fn change_status(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    change: Change,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    let step = match change {
        Change::Begin => Step::Begin,
        Change::WaitForResident => Step::WaitForResident,
        Change::SuspendUntil(until) => {
            check_rest(ctx, until)?;
            if case.status == CaseStatus::Suspended {
                return rest_until(s, ctx, case, until);
            }
            Step::Suspend
        }
        Change::Resume => Step::Resume { officer_asked: store_follow_ups::officer_is_asked(s, case.id)? },
    };
    // The same change again is no mistake of whoever pressed twice.
    let there_already = match change {
        Change::Begin => case.status == CaseStatus::Ongoing,
        Change::WaitForResident => case.status == CaseStatus::WaitingForResident,
        Change::SuspendUntil(_) | Change::Resume => false,
    };
    if there_already {
        return Ok(case);
    }
    let before = case.status;
    let changed = take_step(s, ctx, &mut case, step)?;
    if change == Change::Resume && before == CaseStatus::WaitingForResident {
        resident_has_answered(s, ctx, settings, &case)?;
    }
    if let Change::SuspendUntil(until) = change {
        case = rest_until(s, ctx, case, until)?;
    }
    if changed {
        tell_resident(s, ctx, settings, &case, false)?;
    }
    Ok(case)
}

fn check_rest(ctx: &Context, until: Date) -> Result<(), CasesError> {
    let earliest = local_day(ctx.now).tomorrow().unwrap_or(Date::MAX);
    let latest = local_day(days_ahead(ctx, REST_DAYS_MAX - 1));
    if (earliest..=latest).contains(&until) {
        Ok(())
    } else {
        Err(CasesError::DayOutOfRange { earliest, latest })
    }
}

fn rest_until(s: &mut Session<'_>, ctx: &Context, mut case: Case, until: Date) -> Result<Case, CasesError> {
    case.rests_until_day = Some(until);
    case.changed_at = ctx.now;
    store::update_case(s, &case)?;
    let run_at = morning(until);
    storage::jobs::enqueue(
        s,
        ctx,
        NewJob {
            kind: jobs::CASE_WAKE,
            payload: serde_json::json!({ "case": case.id }),
            run_at,
            dedupe_key: Some(format!("{}:{}:{until}", jobs::CASE_WAKE, case.id)),
        },
    )?;
    Ok(case)
}

/// A case that the contact centre has solved.
#[derive(Clone, Debug)]
pub struct Solve {
    /// Which.
    pub case_id: CaseId,
    /// How it ended.
    pub outcome: CaseOutcome,
    /// What the resident is told; may be blank.
    pub answer: String,
}

/// Closes a case: officers who are still asked are told that they need not answer, and the resident is told.
///
/// # Errors
/// The case is not there or closed already with another outcome, or the text is not acceptable.
pub fn solve(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    cmd: &Solve,
) -> Result<Case, CasesError> {
    let answer = text::optional_paragraphs("answer", &cmd.answer, ANSWER_CHARS_MAX)?;
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    if case.status == CaseStatus::Solved && case.outcome == Some(cmd.outcome) {
        return Ok(case);
    }
    for mut question in waiting_questions(s, case.id)? {
        take_back(s, ctx, settings, &case, &mut question)?;
    }
    take_step(s, ctx, &mut case, Step::Solve)?;
    case.outcome = Some(cmd.outcome);
    store::update_case(s, &case)?;
    finish_tasks(s, ctx, case.id, |task| task.kind != TaskKind::TellResident)?;
    let answered = answer.is_some();
    if let Some(answer) = answer {
        write_note(s, ctx, &case, answer, true, None)?;
    }
    tell_resident(s, ctx, settings, &case, answered)?;
    // As written down: every change counts its revision on.
    load_case(s, case.id)
}

/// Opens a closed case again and tells the resident.
///
/// # Errors
/// The case is not there or not closed.
pub fn reopen(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
) -> Result<Case, CasesError> {
    let mut case = load_case_for(s, ctx, case)?;
    if case.status == CaseStatus::Reopened {
        return Ok(case);
    }
    reopen_now(s, ctx, settings, &mut case)?;
    Ok(case)
}

/// Opens a closed case that is loaded.
pub(super) fn reopen_now(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &mut Case,
) -> Result<(), CasesError> {
    take_step(s, ctx, case, Step::Reopen)?;
    tell_resident(s, ctx, settings, case, false)?;
    Ok(())
}
