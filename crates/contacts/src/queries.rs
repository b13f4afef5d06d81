//! The contacts' SQL.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{Actor, CaseId, CaseTypeId, Channel, ContactId, ResidentId, Timestamp, UserId};

use crate::model::{Arrive, Contact, ContactLine, Cursor, Ending, LIST_MAX, Log, Page, Secrecy};
use crate::sight::seen;

fn contact(r: &Row<'_>) -> Result<Contact, StorageError> {
    Ok(Contact {
        id: r.get(0)?,
        channel: r.get(1)?,
        resident: r.get(2)?,
        caller_number: r.get(3)?,
        group: r.get(4)?,
        arrived_at: r.get(5)?,
        queued_at: r.get(6)?,
        answered_at: r.get(7)?,
        ended_at: r.get(8)?,
        ending: r.get(9)?,
        guide: r.get(10)?,
        logged_at: r.get(11)?,
        case_type: r.get(12)?,
        outcome: r.get(13)?,
        note: r.get(14)?,
        case: r.get(15)?,
    })
}

fn line(r: &Row<'_>) -> Result<ContactLine, StorageError> {
    Ok(ContactLine {
        contact: contact(r)?,
        case_type_name: r.get(16)?,
        case_number: r.get(17)?,
        guide_name: r.get(18)?,
        resident_name: r.get(19)?,
        resident_protected: r.get(20)?,
        sealed: false,
        secrecy: Secrecy { class: r.get(21)?, board: r.get(22)?, named: [r.get(23)?, r.get(24)?] },
    })
}

/// The columns of [`line`] and where they come from; put together at compile time.
macro_rules! lines {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.channel, c.resident_id, c.caller_number, c.answer_group_id, c.arrived_at, c.queued_at,
                    c.answered_at, c.ended_at, c.ending, c.guide_id, c.logged_at, c.case_type_id, c.outcome, c.note,
                    c.case_id, t.name, k.number, u.name, CASE WHEN r.protected THEN NULL ELSE r.name END,
                    COALESCE(r.protected, FALSE), COALESCE(k.secrecy_class, t.secrecy_class),
                    COALESCE(k.board, t.board), k.registered_by, k.assignee_id
             FROM contacts c
             LEFT JOIN case_types t ON t.id = c.case_type_id
             LEFT JOIN cases k ON k.id = c.case_id
             LEFT JOIN users u ON u.id = c.guide_id
             LEFT JOIN residents r ON r.id = c.resident_id ",
            $rest
        )
    };
}

/// One contact, whole: for commands. What a person is shown of it is [`line_by_id`].
pub fn by_id(s: &mut Session<'_>, id: ContactId) -> Result<Option<Contact>, StorageError> {
    s.row(
        sql!(
            "SELECT id, channel, resident_id, caller_number, answer_group_id, arrived_at, queued_at, answered_at,
                    ended_at, ending, guide_id, logged_at, case_type_id, outcome, note, case_id
             FROM contacts WHERE id = $1"
        ),
        params![id],
        contact,
    )
}

/// One contact with its words, as `actor` may see it.
pub fn line_by_id(
    s: &mut Session<'_>,
    actor: Actor,
    id: ContactId,
) -> Result<Option<ContactLine>, StorageError> {
    let found = s.rows(sql!(lines!("WHERE c.id = $1")), params![id], line)?;
    Ok(seen(s, actor, found)?.pop())
}

/// A resident's contacts as `actor` may see them, newest first, at most `limit` (and never more than [`LIST_MAX`]).
pub fn of_resident(
    s: &mut Session<'_>,
    actor: Actor,
    resident: ResidentId,
    limit: u32,
) -> Result<Vec<ContactLine>, StorageError> {
    let found = s.rows(
        sql!(lines!("WHERE c.resident_id = $1 ORDER BY c.arrived_at DESC, c.id DESC LIMIT $2")),
        params![resident, limit.min(LIST_MAX)],
        line,
    )?;
    seen(s, actor, found)
}

/// A case's contacts as `actor` may see them, newest first, at most [`LIST_MAX`].
pub fn of_case(s: &mut Session<'_>, actor: Actor, case: CaseId) -> Result<Vec<ContactLine>, StorageError> {
    let found = s.rows(
        sql!(lines!("WHERE c.case_id = $1 ORDER BY c.arrived_at DESC, c.id DESC LIMIT $2")),
        params![case, LIST_MAX],
        line,
    )?;
    seen(s, actor, found)
}

/// The ids of every contact of a case.
pub fn ids_of_case(s: &mut Session<'_>, case: CaseId) -> Result<Vec<ContactId>, StorageError> {
    s.rows(sql!("SELECT id FROM contacts WHERE case_id = $1 ORDER BY id"), params![case], |r| r.get(0))
}

/// Puts a contact with another case, if it is with the one it is said to be; tells how many were.
pub(crate) fn move_case(
    s: &mut Session<'_>,
    id: ContactId,
    (from, to): (CaseId, CaseId),
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE contacts SET case_id = $3 WHERE id = $1 AND case_id = $2"), params![id, from, to])
}

/// The contacts a guide has handled and not yet logged, newest first, at most `limit`.
pub fn unlogged_of(s: &mut Session<'_>, guide: UserId, limit: u32) -> Result<Vec<ContactLine>, StorageError> {
    s.rows(
        sql!(lines!(
            "WHERE c.guide_id = $1 AND c.logged_at IS NULL AND c.ending = $2
             ORDER BY c.ended_at DESC, c.id DESC LIMIT $3"
        )),
        params![guide, Ending::Handled, limit.min(LIST_MAX)],
        line,
    )
}

/// One page of all contacts as `actor` may see them, newest first.
pub fn list(
    s: &mut Session<'_>,
    actor: Actor,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ContactLine>, StorageError> {
    let limit = limit.clamp(1, LIST_MAX);
    let mut items = match after {
        Some(after) => s.rows(
            sql!(lines!(
                "WHERE (c.arrived_at, c.id) < ($1, $2) ORDER BY c.arrived_at DESC, c.id DESC LIMIT $3"
            )),
            params![after.arrived_at, after.id, limit + 1],
            line,
        )?,
        None => {
            s.rows(sql!(lines!("ORDER BY c.arrived_at DESC, c.id DESC LIMIT $1")), params![limit + 1], line)?
        }
    };
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let last = items.last().map(|l| Cursor { arrived_at: l.contact.arrived_at, id: l.contact.id });
    Ok(Page { items: seen(s, actor, items)?, next: last.filter(|_| more) })
}

/// The calls that have not ended.
pub(crate) fn calls_under_way(s: &mut Session<'_>) -> Result<Vec<ContactId>, StorageError> {
    s.rows(
        sql!("SELECT id FROM contacts WHERE ended_at IS NULL AND channel = $1 ORDER BY arrived_at, id"),
        params![Channel::Call],
        |r| r.get(0),
    )
}

pub(crate) fn case_type_exists(s: &mut Session<'_>, id: CaseTypeId) -> Result<bool, StorageError> {
    Ok(s.row(sql!("SELECT id FROM case_types WHERE id = $1"), params![id], |r| r.get::<CaseTypeId>(0))?
        .is_some())
}

pub(crate) fn insert_call(s: &mut Session<'_>, cmd: &Arrive, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO contacts (id, channel, resident_id, caller_number, answer_group_id, arrived_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING"
        ),
        params![cmd.contact, Channel::Call, cmd.resident, cmd.caller_number, cmd.group, at],
    )
}

pub(crate) fn insert(s: &mut Session<'_>, c: &Contact) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO contacts (id, channel, resident_id, caller_number, answer_group_id, arrived_at, queued_at,
                 answered_at, ended_at, ending, guide_id, logged_at, case_type_id, outcome, note, case_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        ),
        params![
            c.id,
            c.channel,
            c.resident,
            c.caller_number,
            c.group,
            c.arrived_at,
            c.queued_at,
            c.answered_at,
            c.ended_at,
            c.ending,
            c.guide,
            c.logged_at,
            c.case_type,
            c.outcome,
            c.note,
            c.case
        ],
    )
}

pub(crate) fn update_queued(s: &mut Session<'_>, id: ContactId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE contacts SET queued_at = $2 WHERE id = $1 AND queued_at IS NULL AND ended_at IS NULL"),
        params![id, at],
    )
}

pub(crate) fn update_returned(s: &mut Session<'_>, id: ContactId) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE contacts SET guide_id = NULL WHERE id = $1 AND guide_id IS NOT NULL AND ended_at IS NULL"
        ),
        params![id],
    )
}

pub(crate) fn update_answered(
    s: &mut Session<'_>,
    id: ContactId,
    guide: UserId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE contacts SET answered_at = COALESCE(answered_at, $3), guide_id = $2
             WHERE id = $1 AND ended_at IS NULL AND (guide_id IS NULL OR guide_id <> $2)"
        ),
        params![id, guide, at],
    )
}

pub(crate) fn update_ended(
    s: &mut Session<'_>,
    id: ContactId,
    ending: Ending,
    guide: Option<UserId>,
    at: Timestamp,
) -> Result<u64, StorageError> {
    // Who was handled was answered, even if word of it was lost.
    let answered_at = (ending == Ending::Handled).then_some(at);
    s.execute(
        sql!(
            "UPDATE contacts SET ended_at = $2, ending = $3, guide_id = COALESCE($4, guide_id),
                 answered_at = COALESCE(answered_at, $5)
             WHERE id = $1 AND ended_at IS NULL"
        ),
        params![id, at, ending, guide, answered_at],
    )
}

pub(crate) fn update_handed(
    s: &mut Session<'_>,
    id: ContactId,
    guide: UserId,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE contacts SET guide_id = $2, answered_at = COALESCE(answered_at, $3),
                 ended_at = COALESCE(ended_at, $3), ending = $4
             WHERE id = $1 AND channel <> $5
               AND (guide_id IS NULL OR guide_id <> $2 OR ending IS NULL OR ending <> $4)"
        ),
        params![id, guide, at, Ending::Handled, Channel::Call],
    )
}

pub(crate) fn update_waiting_again(s: &mut Session<'_>, id: ContactId) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE contacts SET ended_at = NULL, ending = NULL
             WHERE id = $1 AND channel <> $2 AND ending = $3 AND guide_id IS NULL"
        ),
        params![id, Channel::Call, Ending::Abandoned],
    )
}

pub(crate) fn update_logged(
    s: &mut Session<'_>,
    log: &Log,
    note: Option<&str>,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE contacts SET case_type_id = $2, outcome = $3, note = $4, logged_at = COALESCE(logged_at, $5)
             WHERE id = $1"
        ),
        params![log.contact, log.case_type, log.outcome, note, at],
    )
}

pub(crate) fn update_case(s: &mut Session<'_>, id: ContactId, case: CaseId) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE contacts SET case_id = $2 WHERE id = $1"), params![id, case])
}

pub(crate) fn update_resident(
    s: &mut Session<'_>,
    id: ContactId,
    resident: ResidentId,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE contacts SET resident_id = $2 WHERE id = $1"), params![id, resident])
}
