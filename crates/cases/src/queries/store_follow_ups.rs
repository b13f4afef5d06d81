//! Follow-ups, notes, tasks and messages: read one, write one.

use crate::clock::{FollowUpClock, Terms};
use crate::commands::TakenAs;
use crate::model::{FollowUp, FollowUpState, Note, Task, TaskKind};
use storage::{FromValue, Mismatch, Row, Session, StorageError, ToValue, Value, params, sql};
use vocabulary::{CaseId, FollowUpId, MessageId, OfficerId, TaskId, Timestamp, UserId};

impl ToValue for Terms {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.to_string().into())
    }
}

impl FromValue for Terms {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        String::from_value(value)?
            .parse()
            .map_err(|_| Mismatch { wanted: "an assignment's terms", found: "another text" })
    }
}

macro_rules! select_follow_up {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, officer_id, message, state, sent_at, due_day, reminder_at, reminders_sent,
                    call_task_at, extended_to_day, paused_at, answered_at, term_day, escalate_at, terms,
                    asked_resident_at
             FROM follow_ups ",
            $rest
        )
    };
}

fn read_follow_up(r: &Row<'_>) -> Result<FollowUp, StorageError> {
    let due_day = r.get(6)?;
    Ok(FollowUp {
        id: r.get(0)?,
        case_id: r.get(1)?,
        officer_id: r.get(2)?,
        message: r.get(3)?,
        state: r.get(4)?,
        sent_at: r.get(5)?,
        clock: FollowUpClock {
            due_day,
            term_day: r.get::<Option<_>>(13)?.unwrap_or(due_day),
            reminder_at: r.get(7)?,
            reminders_sent: r.get(8)?,
            call_task_at: r.get(9)?,
            escalate_at: r.get(14)?,
            extended_to_day: r.get(10)?,
            paused_at: r.get(11)?,
        },
        answered_at: r.get(12)?,
        terms: r.get(15)?,
        asked_resident_at: r.get(16)?,
    })
}

/// One follow-up.
pub fn follow_up(s: &mut Session<'_>, id: FollowUpId) -> Result<Option<FollowUp>, StorageError> {
    s.row(sql!(select_follow_up!("WHERE id = $1")), params![id], read_follow_up)
}

/// A case's follow-ups, oldest first.
pub fn follow_ups_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<FollowUp>, StorageError> {
    s.rows(sql!(select_follow_up!("WHERE case_id = $1 ORDER BY sent_at, id")), params![case], read_follow_up)
}

/// The questions an officer has not answered, oldest first, at most `limit`: for the simulation and the demo, whose
/// officers have no mailbox to read.
pub fn waiting_of_officer(
    s: &mut Session<'_>,
    officer: OfficerId,
    limit: u32,
) -> Result<Vec<FollowUp>, StorageError> {
    s.rows(
        sql!(select_follow_up!("WHERE officer_id = $1 AND state = 'waiting' ORDER BY sent_at, id LIMIT $2")),
        params![officer, limit],
        read_follow_up,
    )
}

pub(crate) fn insert_follow_up(s: &mut Session<'_>, f: &FollowUp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO follow_ups (id, case_id, officer_id, message, state, sent_at, due_day, reminder_at,
                 reminders_sent, call_task_at, extended_to_day, paused_at, answered_at, term_day, escalate_at, terms,
                 asked_resident_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
        ),
        params![
            f.id,
            f.case_id,
            f.officer_id,
            f.message,
            f.state,
            f.sent_at,
            f.clock.due_day,
            f.clock.reminder_at,
            f.clock.reminders_sent,
            f.clock.call_task_at,
            f.clock.extended_to_day,
            f.clock.paused_at,
            f.answered_at,
            f.clock.term_day,
            f.clock.escalate_at,
            f.terms,
            f.asked_resident_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update_follow_up(s: &mut Session<'_>, f: &FollowUp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE follow_ups SET state = $2, due_day = $3, reminder_at = $4, reminders_sent = $5, call_task_at = $6,
                 extended_to_day = $7, paused_at = $8, answered_at = $9, term_day = $10, escalate_at = $11,
                 asked_resident_at = $12
             WHERE id = $1"
        ),
        params![
            f.id,
            f.state,
            f.clock.due_day,
            f.clock.reminder_at,
            f.clock.reminders_sent,
            f.clock.call_task_at,
            f.clock.extended_to_day,
            f.clock.paused_at,
            f.answered_at,
            f.clock.term_day,
            f.clock.escalate_at,
            f.asked_resident_at
        ],
    )?;
    Ok(())
}

fn read_note(r: &Row<'_>) -> Result<Note, StorageError> {
    Ok(Note {
        id: r.get(0)?,
        author_kind: r.get(1)?,
        author_id: r.get(2)?,
        public: r.get(3)?,
        follow_up_id: r.get(4)?,
        text: r.get(5)?,
        written_at: r.get(6)?,
    })
}

/// A case's notes, oldest first.
pub fn notes_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Note>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, author_kind, author_id, public, follow_up_id, text, written_at FROM case_notes
             WHERE case_id = $1 ORDER BY written_at, id"
        ),
        params![case],
        read_note,
    )
}

/// The newest note that answers a question.
pub(crate) fn answer_to(
    s: &mut Session<'_>,
    follow_up: FollowUpId,
    case: CaseId,
) -> Result<Option<Note>, StorageError> {
    s.row(
        sql!(
            "SELECT id, author_kind, author_id, public, follow_up_id, text, written_at FROM case_notes
             WHERE case_id = $2 AND follow_up_id = $1 ORDER BY written_at DESC, id DESC LIMIT 1"
        ),
        params![follow_up, case],
        read_note,
    )
}

pub(crate) fn count_notes(s: &mut Session<'_>, case: CaseId) -> Result<usize, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM case_notes WHERE case_id = $1"), params![case], |r| r.get(0))
}

pub(crate) fn insert_note(s: &mut Session<'_>, case: CaseId, n: &Note) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO case_notes (id, case_id, author_kind, author_id, public, follow_up_id, text, written_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![n.id, case, n.author_kind, n.author_id, n.public, n.follow_up_id, n.text, n.written_at],
    )?;
    Ok(())
}

fn read_task(r: &Row<'_>) -> Result<Task, StorageError> {
    Ok(Task {
        id: r.get(0)?,
        kind: r.get(1)?,
        case_id: r.get(2)?,
        follow_up_id: r.get(3)?,
        created_at: r.get(4)?,
        done_at: r.get(5)?,
        done_by: r.get(6)?,
    })
}

/// One task.
pub fn task(s: &mut Session<'_>, id: TaskId) -> Result<Option<Task>, StorageError> {
    s.row(
        sql!("SELECT id, kind, case_id, follow_up_id, created_at, done_at, done_by FROM tasks WHERE id = $1"),
        params![id],
        read_task,
    )
}

pub(crate) fn open_tasks_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Task>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, kind, case_id, follow_up_id, created_at, done_at, done_by FROM tasks
             WHERE case_id = $1 AND done_at IS NULL ORDER BY created_at, id"
        ),
        params![case],
        read_task,
    )
}

pub(crate) fn insert_task(s: &mut Session<'_>, t: &Task) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO tasks (id, kind, case_id, follow_up_id, created_at, done_at, done_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![t.id, t.kind, t.case_id, t.follow_up_id, t.created_at, t.done_at, t.done_by],
    )?;
    Ok(())
}

pub(crate) fn finish_task(
    s: &mut Session<'_>,
    task: TaskId,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE tasks SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL"),
        params![task, at, by],
    )
}

/// A message to be written down for sending.
pub(crate) struct NewMessage<'a> {
    pub id: MessageId,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub case_id: CaseId,
    pub follow_up_id: Option<FollowUpId>,
    /// Where the answer goes, if not to the sender.
    pub reply_to: Option<&'a str>,
    pub created_at: Timestamp,
}

pub(crate) fn insert_email(s: &mut Session<'_>, m: &NewMessage<'_>) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO messages (id, channel, recipient, subject, body, case_id, follow_up_id, created_at, state,
                 reply_to)
             VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, 'waiting', $8)"
        ),
        params![m.id, m.recipient, m.subject, m.body, m.case_id, m.follow_up_id, m.created_at, m.reply_to],
    )?;
    Ok(())
}

/// What a message was about, if it was about a case.
pub(crate) fn message_about(
    s: &mut Session<'_>,
    message: MessageId,
) -> Result<Option<(CaseId, Option<FollowUpId>)>, StorageError> {
    let found =
        s.row(sql!("SELECT case_id, follow_up_id FROM messages WHERE id = $1"), params![message], |r| {
            Ok((r.get::<Option<CaseId>>(0)?, r.get::<Option<FollowUpId>>(1)?))
        })?;
    Ok(found.and_then(|(case, follow_up)| case.map(|case| (case, follow_up))))
}

/// Whether any question of a case still awaits its officer's answer.
pub(crate) fn officer_is_asked(s: &mut Session<'_>, case: CaseId) -> Result<bool, StorageError> {
    let waiting = s.the_row(
        sql!("SELECT COUNT(*) FROM follow_ups WHERE case_id = $1 AND state = $2"),
        params![case, FollowUpState::Waiting],
        |r| r.get::<u32>(0),
    )?;
    Ok(waiting > 0)
}

/// The open task of that kind, if the case has one for that question.
pub(crate) fn open_task(
    s: &mut Session<'_>,
    case: CaseId,
    kind: TaskKind,
    follow_up: Option<FollowUpId>,
) -> Result<Option<TaskId>, StorageError> {
    let open = open_tasks_of(s, case)?;
    Ok(open.into_iter().find(|task| task.kind == kind && task.follow_up_id == follow_up).map(|task| task.id))
}

/// As what an e-mail has been taken, if it has come before.
pub(crate) fn officer_mail_taken(
    s: &mut Session<'_>,
    message_id: &str,
    follow_up: FollowUpId,
) -> Result<Option<TakenAs>, StorageError> {
    s.row(
        sql!("SELECT taken FROM officer_mails WHERE message_id = $1 AND follow_up_id = $2"),
        params![message_id, follow_up],
        |r| r.get(0),
    )
}

pub(crate) fn insert_officer_mail(
    s: &mut Session<'_>,
    message_id: &str,
    follow_up: FollowUpId,
    taken: TakenAs,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO officer_mails (message_id, follow_up_id, taken, taken_at) VALUES ($1, $2, $3, $4)"),
        params![message_id, follow_up, taken, at],
    )?;
    Ok(())
}
