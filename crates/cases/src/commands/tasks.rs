//! Finishing what stands in the contact centre's list.

use super::answer::{OfficerAnswer, take_answer};
use super::calls::answered_by_telephone;
use super::forward::{ChangeRecipient, Forward, ask, ask_instead, load_question};
use super::notes::write_note;
use super::steps::{acting_user, load_case, record, touch};
use crate::error::CasesError;
use crate::limits::NOTE_CHARS_MAX;
use crate::model::{CaseSettings, FollowUp, Task, TaskKind};
use crate::queries::{self, store_follow_ups};
use crate::viewer::Viewer;
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{Context, OfficerId, TaskId};

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEnd {
    /// The officer answered on the telephone that it is done.
    AnswerTaken {
        /// The answer.
        text: String,
        /// Whether the resident may read it as it is.
        public: bool,
    },
    /// The officer promised an answer by a day.
    MoreTime {
        /// The day.
        until: Date,
        /// Why; may be blank.
        reason: String,
    },
    /// The case was sent to somebody else.
    SentTo {
        /// To whom.
        officer_id: OfficerId,
        /// What is asked; blank repeats what was asked before.
        message: String,
    },
    /// The resident has been told.
    ResidentTold {
        /// What is worth noting; may be blank.
        note: String,
    },
    /// The message handed over has been read and seen to.
    MessageRead {
        /// What came of it; may be blank.
        note: String,
    },
    /// It need not be done.
    NotNeeded {
        /// Why.
        note: String,
    },
}

/// Finishes a task and does what follows from how it ended. Whoever works for the board may take the task also of a
/// strictly secret case: they learn its number and whom to phone, not what it is about.
///
/// # Errors
/// The task is not there, done by somebody else, or of a kind that does not end so; or what follows is refused.
pub fn complete_task(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    task: TaskId,
    end: &TaskEnd,
) -> Result<Task, CasesError> {
    let task = queries::task(s, task)?.ok_or(CasesError::NotFound { what: "task" })?;
    let case = load_case(s, task.case_id)?;
    Viewer::of(ctx.actor).takes_tasks(s, &case)?;
    if task.done_at.is_some() {
        let by_the_same = task.done_by.is_some() && task.done_by == acting_user(ctx);
        return if by_the_same { Ok(task) } else { Err(CasesError::TaskDone) };
    }
    follow(s, ctx, settings, &task, end)?;
    // What followed may have finished the task already.
    if store_follow_ups::finish_task(s, task.id, ctx.now, acting_user(ctx))? > 0 {
        let id = task.id.into_untyped_uuid();
        record(s, ctx, "task_done", task.case_id, Some(id), Some(task.kind.to_string()))?;
    }
    queries::task(s, task.id)?.ok_or(CasesError::NotFound { what: "task" })
}

fn follow(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    task: &Task,
    end: &TaskEnd,
) -> Result<(), CasesError> {
    let question = task.follow_up_id;
    match (task.kind, end, question) {
        (
            TaskKind::CallOfficer | TaskKind::ReadOfficerMail,
            TaskEnd::AnswerTaken { text, public },
            Some(question),
        ) => {
            let question = load_question(s, question)?;
            phoned(s, ctx, task, &question)?;
            let answer = OfficerAnswer::Done { text: text.clone(), public: *public };
            take_answer(s, ctx, settings, question, &answer)?;
        }
        (
            TaskKind::CallOfficer | TaskKind::ReadOfficerMail,
            TaskEnd::MoreTime { until, reason },
            Some(question),
        ) => {
            let question = load_question(s, question)?;
            phoned(s, ctx, task, &question)?;
            let answer = OfficerAnswer::MoreTime { until: *until, reason: reason.clone() };
            take_answer(s, ctx, settings, question, &answer)?;
        }
        (
            TaskKind::CallOfficer | TaskKind::ReadOfficerMail,
            TaskEnd::SentTo { officer_id, message },
            Some(question),
        ) => {
            let cmd =
                ChangeRecipient { follow_up_id: question, officer_id: *officer_id, message: message.clone() };
            let (case, question) = (load_case(s, task.case_id)?, load_question(s, question)?);
            ask_instead(s, ctx, settings, case, question, &cmd)?;
        }
        (TaskKind::FindRecipient, TaskEnd::SentTo { officer_id, message }, question) => {
            let message = match question {
                Some(question) if message.trim().is_empty() => load_question(s, question)?.message,
                _ => message.clone(),
            };
            let cmd = Forward {
                case_id: task.case_id,
                officer_id: Some(*officer_id),
                message,
                due_working_days: None,
            };
            let mut case = load_case(s, task.case_id)?;
            ask(s, ctx, settings, &mut case, &cmd)?;
        }
        (TaskKind::TellResident, TaskEnd::ResidentTold { note }, _)
        | (
            TaskKind::ReadMessage | TaskKind::ReadAddition | TaskKind::ReadOfficerMail,
            TaskEnd::MessageRead { note },
            _,
        ) => {
            if !note.trim().is_empty() {
                write_internal(s, ctx, task, note)?;
            }
        }
        (_, TaskEnd::NotNeeded { note }, _) => write_internal(s, ctx, task, note)?,
        _ => return Err(CasesError::TaskMismatch),
    }
    Ok(())
}

/// Who gives an answer by telephone has been reached by telephone.
fn phoned(s: &mut Session<'_>, ctx: &Context, task: &Task, question: &FollowUp) -> Result<(), CasesError> {
    match task.kind {
        TaskKind::CallOfficer => answered_by_telephone(s, ctx, question),
        _ => Ok(()),
    }
}

fn write_internal(s: &mut Session<'_>, ctx: &Context, task: &Task, note: &str) -> Result<(), CasesError> {
    let text = text::paragraphs("note", note, NOTE_CHARS_MAX)?;
    let mut case = load_case(s, task.case_id)?;
    write_note(s, ctx, &case, text, false, None)?;
    touch(s, ctx, &mut case)?;
    Ok(())
}
