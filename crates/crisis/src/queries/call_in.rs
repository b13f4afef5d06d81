//! The call-in list and the rounds in which it is used.

use crate::limits::PEOPLE_MAX;
use crate::{CallIn, CallInAnswer, CallInPerson, CallInState};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CallInId, CallInPersonId, CrisisId, LinkId, MessageId, Timestamp, UserId};

fn person_row(r: &Row<'_>) -> Result<CallInPerson, StorageError> {
    Ok(CallInPerson {
        id: r.get(0)?,
        user_id: r.get(1)?,
        name: r.get(2)?,
        telephone: r.get(3)?,
        place: r.get(4)?,
        availability: r.get(5)?,
        active: r.get(6)?,
    })
}

/// Everybody on the list, in the order they are asked; those not asked for now come last.
///
/// # Errors
/// The database.
pub fn people(s: &mut Session<'_>) -> Result<Vec<CallInPerson>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, user_id, name, telephone, place, availability, active FROM call_in_people
             ORDER BY active DESC, place, name, id LIMIT $1"
        ),
        params![PEOPLE_MAX],
        person_row,
    )
}

/// Somebody on the list.
///
/// # Errors
/// The database.
pub fn person(s: &mut Session<'_>, id: CallInPersonId) -> Result<Option<CallInPerson>, StorageError> {
    s.row(
        sql!(
            "SELECT id, user_id, name, telephone, place, availability, active FROM call_in_people WHERE id = $1"
        ),
        params![id],
        person_row,
    )
}

pub(crate) fn count_people(s: &mut Session<'_>) -> Result<usize, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM call_in_people"), params![], |r| r.get(0))
}

pub(crate) fn insert_person(s: &mut Session<'_>, p: &CallInPerson) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO call_in_people (id, user_id, name, telephone, place, availability, active)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![p.id, p.user_id, &p.name, &p.telephone, p.place, &p.availability, p.active],
    )
    .map(drop)
}

pub(crate) fn update_person(s: &mut Session<'_>, p: &CallInPerson) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE call_in_people SET user_id = $2, name = $3, telephone = $4, place = $5, availability = $6,
                 active = $7 WHERE id = $1"
        ),
        params![p.id, p.user_id, &p.name, &p.telephone, p.place, &p.availability, p.active],
    )
}

/// Makes room at `place`: those from there on are asked one later.
pub(crate) fn move_people(s: &mut Session<'_>, place: u32) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE call_in_people SET place = place + 1 WHERE place >= $1"), params![place])
}

fn round_row(r: &Row<'_>) -> Result<CallIn, StorageError> {
    Ok(CallIn {
        id: r.get(0)?,
        crisis_id: r.get(1)?,
        reason: r.get(2)?,
        opened_at: r.get(3)?,
        texted_at: r.get(4)?,
        closed_at: r.get(5)?,
        answers: Vec::new(),
    })
}

fn answers(s: &mut Session<'_>, round: CallInId) -> Result<Vec<CallInAnswer>, StorageError> {
    s.rows(
        sql!(
            "SELECT p.id, p.user_id, p.name, p.telephone, p.place, p.availability, p.active, a.state, a.coming_at,
                    a.link_id, a.message_id, a.changed_at, a.changed_by
             FROM call_in_answers a JOIN call_in_people p ON p.id = a.person_id
             WHERE a.call_in_id = $1 ORDER BY p.place, p.name, p.id LIMIT $2"
        ),
        params![round, PEOPLE_MAX],
        |r| {
            let (state, by): (CallInState, Option<UserId>) = (r.get(7)?, r.get(12)?);
            Ok(CallInAnswer {
                person: person_row(r)?,
                state,
                coming_at: r.get(8)?,
                link_id: r.get(9)?,
                message_id: r.get(10)?,
                changed_at: r.get(11)?,
                by_themselves: by.is_none() && matches!(state, CallInState::Yes | CallInState::No),
            })
        },
    )
}

/// A round, with how it stands with each.
///
/// # Errors
/// The database.
pub fn call_in(s: &mut Session<'_>, id: CallInId) -> Result<Option<CallIn>, StorageError> {
    let round = s.row(
        sql!("SELECT id, crisis_id, reason, opened_at, texted_at, closed_at FROM call_ins WHERE id = $1"),
        params![id],
        round_row,
    )?;
    match round {
        Some(round) => Ok(Some(CallIn { answers: answers(s, id)?, ..round })),
        None => Ok(None),
    }
}

/// The round that goes on, if one does: the latest.
///
/// # Errors
/// The database.
pub fn open_call_in(s: &mut Session<'_>) -> Result<Option<CallIn>, StorageError> {
    let open: Option<CallInId> = s.row(
        sql!("SELECT id FROM call_ins WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 1"),
        params![],
        |r| r.get(0),
    )?;
    match open {
        Some(id) => call_in(s, id),
        None => Ok(None),
    }
}

/// The latest rounds, without their answers.
///
/// # Errors
/// The database.
pub fn call_ins(s: &mut Session<'_>, limit: u32) -> Result<Vec<CallIn>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, crisis_id, reason, opened_at, texted_at, closed_at FROM call_ins
             ORDER BY opened_at DESC, id DESC LIMIT $1"
        ),
        params![limit],
        round_row,
    )
}

/// Whose way in a link is: the round and the person.
///
/// # Errors
/// The database.
pub fn answer_by_link(
    s: &mut Session<'_>,
    link: LinkId,
) -> Result<Option<(CallInId, CallInPersonId)>, StorageError> {
    s.row(sql!("SELECT call_in_id, person_id FROM call_in_answers WHERE link_id = $1"), params![link], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })
}

pub(crate) fn insert_round(
    s: &mut Session<'_>,
    round: &CallIn,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    let crisis: Option<CrisisId> = round.crisis_id;
    s.execute(
        sql!(
            "INSERT INTO call_ins (id, crisis_id, reason, opened_at, opened_by) VALUES ($1, $2, $3, $4, $5)"
        ),
        params![round.id, crisis, &round.reason, round.opened_at, by],
    )
    .map(drop)
}

pub(crate) fn insert_answer(
    s: &mut Session<'_>,
    round: CallInId,
    person: CallInPersonId,
    link: LinkId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO call_in_answers (call_in_id, person_id, state, link_id, changed_at)
             VALUES ($1, $2, 'waiting', $3, $4)"
        ),
        params![round, person, link, at],
    )
    .map(drop)
}

pub(crate) fn set_texted(s: &mut Session<'_>, round: CallInId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE call_ins SET texted_at = $2 WHERE id = $1"), params![round, at])
}

pub(crate) fn close_round(s: &mut Session<'_>, round: CallInId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE call_ins SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL"),
        params![round, at],
    )
}

pub(crate) fn set_answer(
    s: &mut Session<'_>,
    (round, person): (CallInId, CallInPersonId),
    state: CallInState,
    coming_at: Option<Timestamp>,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE call_in_answers SET state = $3, coming_at = $4, changed_at = $5, changed_by = $6
             WHERE call_in_id = $1 AND person_id = $2"
        ),
        params![round, person, state, coming_at, at, by],
    )
}

pub(crate) fn set_message(
    s: &mut Session<'_>,
    (round, person): (CallInId, CallInPersonId),
    message: MessageId,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE call_in_answers SET message_id = $3 WHERE call_in_id = $1 AND person_id = $2"),
        params![round, person, message],
    )
}

/// Writes a text message down. Of no case, and with a way in that is only its receiver's: blanked when it has gone.
pub(crate) fn insert_text(
    s: &mut Session<'_>,
    id: MessageId,
    recipient: &str,
    body: &str,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO messages (id, channel, recipient, subject, body, created_at, state, secret)
             VALUES ($1, 'sms', $2, '', $3, $4, 'waiting', TRUE)"
        ),
        params![id, recipient, body, at],
    )
    .map(drop)
}
