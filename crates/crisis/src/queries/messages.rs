//! Crises and what is said in them.

use crate::limits::PERIODS_MAX;
use crate::{Crisis, LiveMessage, Message, MessageState, Period, SoundSource};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{Context, CrisisId, CrisisMessageId, Role, Timestamp, UserId};

fn crisis_row(r: &Row<'_>) -> Result<Crisis, StorageError> {
    Ok(Crisis {
        id: r.get(0)?,
        title: r.get(1)?,
        kind: r.get(2)?,
        begins_at: r.get(3)?,
        ends_at: r.get(4)?,
        opened_at: r.get(5)?,
        opened_by: r.get(6)?,
    })
}

/// The crisis with this id.
///
/// # Errors
/// The database.
pub fn crisis(s: &mut Session<'_>, id: CrisisId) -> Result<Option<Crisis>, StorageError> {
    s.row(
        sql!("SELECT id, title, kind, begins_at, ends_at, opened_at, opened_by FROM crises WHERE id = $1"),
        params![id],
        crisis_row,
    )
}

/// Every crisis, the latest first.
///
/// # Errors
/// The database.
pub fn crises(s: &mut Session<'_>) -> Result<Vec<Crisis>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, title, kind, begins_at, ends_at, opened_at, opened_by FROM crises
             ORDER BY begins_at DESC, id DESC LIMIT $1"
        ),
        params![PERIODS_MAX],
        crisis_row,
    )
}

/// The crises that go on, the latest first.
///
/// # Errors
/// The database.
pub fn going_on(s: &mut Session<'_>) -> Result<Vec<Crisis>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, title, kind, begins_at, ends_at, opened_at, opened_by FROM crises
             WHERE ends_at IS NULL ORDER BY begins_at DESC, id DESC LIMIT $1"
        ),
        params![PERIODS_MAX],
        crisis_row,
    )
}

/// From when until when crises have lasted, the latest first: figures can be shown with and without them.
///
/// # Errors
/// The database.
pub fn periods(s: &mut Session<'_>) -> Result<Vec<Period>, StorageError> {
    Ok(crises(s)?.iter().map(Crisis::period).collect())
}

/// What everybody is told at `now`, the latest first. Everything that shows a crisis message reads it here.
///
/// # Errors
/// The database.
pub fn live(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<LiveMessage>, StorageError> {
    s.rows(
        sql!(
            "SELECT m.id, m.crisis_id, c.kind, m.version, m.title, m.guide_text, m.public_text, m.approved_at,
                    c.begins_at, w.name, a.name, m.alone, x.message_id IS NOT NULL
             FROM crisis_messages m
             JOIN crises c ON c.id = m.crisis_id
             LEFT JOIN users w ON w.id = m.written_by
             LEFT JOIN users a ON a.id = m.approved_by
             LEFT JOIN crisis_sounds x ON x.message_id = m.id
             WHERE m.state = $1 AND m.approved_at <= $2 ORDER BY m.approved_at DESC, m.id DESC LIMIT $3"
        ),
        params![MessageState::Live, now, PERIODS_MAX],
        |r| {
            let (guide_text, public_text): (String, String) = (r.get(5)?, r.get(6)?);
            Ok(LiveMessage {
                id: r.get(0)?,
                crisis_id: r.get(1)?,
                kind: r.get(2)?,
                version: r.get(3)?,
                title: r.get(4)?,
                text: if guide_text.is_empty() { public_text.clone() } else { guide_text },
                public_text,
                since: r.get(7)?,
                crisis_since: r.get(8)?,
                writer: r.get(9)?,
                approver: r.get(10)?,
                alone: r.get(11)?,
                heard: r.get(12)?,
            })
        },
    )
}

/// What callers in the queue are to hear now: each live message that has a sound, the latest first, as WAV.
///
/// # Errors
/// The database.
pub fn live_sounds(s: &mut Session<'_>) -> Result<Vec<(CrisisMessageId, Vec<u8>)>, StorageError> {
    s.rows(
        sql!(
            "SELECT m.id, x.wav FROM crisis_messages m JOIN crisis_sounds x ON x.message_id = m.id
             WHERE m.state = $1 ORDER BY m.approved_at DESC, m.id DESC LIMIT $2"
        ),
        params![MessageState::Live, crate::limits::LIVE_MAX],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

fn message_row(r: &Row<'_>) -> Result<Message, StorageError> {
    Ok(Message {
        id: r.get(0)?,
        crisis_id: r.get(1)?,
        version: r.get(2)?,
        state: r.get(3)?,
        revision: r.get(4)?,
        title: r.get(5)?,
        public_text: r.get(6)?,
        guide_text: r.get(7)?,
        spoken_text: r.get(8)?,
        written_by: r.get(9)?,
        written_at: r.get(10)?,
        approved_by: r.get(11)?,
        approved_at: r.get(12)?,
        alone: r.get(13)?,
        ended_at: r.get(14)?,
        sound: r.get(15)?,
    })
}

/// The message with this id.
///
/// # Errors
/// The database.
pub fn message(s: &mut Session<'_>, id: CrisisMessageId) -> Result<Option<Message>, StorageError> {
    s.row(
        sql!(
            "SELECT m.id, m.crisis_id, m.version, m.state, m.revision, m.title, m.public_text, m.guide_text,
                    m.spoken_text, m.written_by, m.written_at, m.approved_by, m.approved_at, m.alone, m.ended_at,
                    x.source
             FROM crisis_messages m LEFT JOIN crisis_sounds x ON x.message_id = m.id WHERE m.id = $1"
        ),
        params![id],
        message_row,
    )
}

/// Every version of what is said in a crisis, the latest first.
///
/// # Errors
/// The database.
pub fn messages_of(s: &mut Session<'_>, crisis: CrisisId) -> Result<Vec<Message>, StorageError> {
    s.rows(
        sql!(
            "SELECT m.id, m.crisis_id, m.version, m.state, m.revision, m.title, m.public_text, m.guide_text,
                    m.spoken_text, m.written_by, m.written_at, m.approved_by, m.approved_at, m.alone, m.ended_at,
                    x.source
             FROM crisis_messages m LEFT JOIN crisis_sounds x ON x.message_id = m.id
             WHERE m.crisis_id = $1 ORDER BY m.version DESC LIMIT $2"
        ),
        params![crisis, PERIODS_MAX],
        message_row,
    )
}

/// The sound of a message, as WAV.
///
/// # Errors
/// The database.
pub fn sound(s: &mut Session<'_>, message: CrisisMessageId) -> Result<Option<Vec<u8>>, StorageError> {
    s.row(sql!("SELECT wav FROM crisis_sounds WHERE message_id = $1"), params![message], |r| r.get(0))
}

/// Who may approve messages and has been seen signed in since `seen_since`, by the sessions' clock: ids and names.
///
/// # Errors
/// The database.
pub fn on_duty(s: &mut Session<'_>, seen_since: Timestamp) -> Result<Vec<(UserId, String)>, StorageError> {
    s.rows(
        sql!(
            "SELECT DISTINCT u.id, u.name FROM users u JOIN sessions x ON x.user_id = u.id
             WHERE u.active AND u.role IN ($1, $2) AND x.revoked_at IS NULL AND x.last_seen_at >= $3
             ORDER BY u.name, u.id"
        ),
        params![Role::TrafficLeader, Role::Manager, seen_since],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

pub(crate) fn insert_crisis(s: &mut Session<'_>, crisis: &Crisis) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO crises (id, title, kind, begins_at, ends_at, opened_at, opened_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            crisis.id,
            &crisis.title,
            crisis.kind,
            crisis.begins_at,
            crisis.ends_at,
            crisis.opened_at,
            crisis.opened_by
        ],
    )
    .map(drop)
}

pub(crate) fn set_period(
    s: &mut Session<'_>,
    id: CrisisId,
    title: &str,
    begins_at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE crises SET title = $2, begins_at = $3, ends_at = $4 WHERE id = $1"),
        params![id, title, begins_at, ends_at],
    )
}

pub(crate) fn close_crisis(
    s: &mut Session<'_>,
    id: CrisisId,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE crises SET ends_at = $2, ended_by = $3 WHERE id = $1 AND ends_at IS NULL"),
        params![id, at, by],
    )
}

/// The number of the crisis' last version; 0 if there is none.
pub(crate) fn last_version(s: &mut Session<'_>, crisis: CrisisId) -> Result<u32, StorageError> {
    s.the_row(
        sql!("SELECT COALESCE(MAX(version), 0) FROM crisis_messages WHERE crisis_id = $1"),
        params![crisis],
        |r| r.get(0),
    )
}

pub(crate) fn insert_message(s: &mut Session<'_>, m: &Message) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO crisis_messages (id, crisis_id, version, state, revision, title, public_text, guide_text,
                 spoken_text, written_by, written_at, alone)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            m.id,
            m.crisis_id,
            m.version,
            m.state,
            m.revision,
            &m.title,
            &m.public_text,
            &m.guide_text,
            &m.spoken_text,
            m.written_by,
            m.written_at,
            m.alone
        ],
    )
    .map(drop)
}

/// Writes a draft anew, unless it is one no longer.
pub(crate) fn update_draft(s: &mut Session<'_>, m: &Message) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE crisis_messages SET revision = $2, title = $3, public_text = $4, guide_text = $5,
                 spoken_text = $6, written_by = $7, written_at = $8
             WHERE id = $1 AND state = 'draft'"
        ),
        params![
            m.id,
            m.revision,
            &m.title,
            &m.public_text,
            &m.guide_text,
            &m.spoken_text,
            m.written_by,
            m.written_at
        ],
    )
}

/// Publishes a draft, if it is still what was read.
pub(crate) fn set_live(
    s: &mut Session<'_>,
    ctx: &Context,
    id: CrisisMessageId,
    revision: u32,
    by: Option<UserId>,
    alone: bool,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE crisis_messages SET state = 'live', approved_by = $2, approved_at = $3, alone = $4
             WHERE id = $1 AND state = 'draft' AND revision = $5"
        ),
        params![id, by, ctx.now, alone, revision],
    )
}

/// Takes the live version of a crisis away. Tells how many there were: one or none.
pub(crate) fn end_live(
    s: &mut Session<'_>,
    crisis: CrisisId,
    at: Timestamp,
    becomes: MessageState,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE crisis_messages SET state = $2, ended_at = $3 WHERE crisis_id = $1 AND state = 'live'"),
        params![crisis, becomes, at],
    )
}

/// Puts a draft in another state. Tells how many were drafts.
pub(crate) fn set_state(
    s: &mut Session<'_>,
    id: CrisisMessageId,
    state: MessageState,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE crisis_messages SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'draft'"),
        params![id, state, at],
    )
}

pub(crate) fn put_sound(
    s: &mut Session<'_>,
    message: CrisisMessageId,
    source: SoundSource,
    wav: &[u8],
    at: Timestamp,
    by: Option<UserId>,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO crisis_sounds (message_id, source, wav, made_at, made_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (message_id) DO UPDATE SET source = excluded.source, wav = excluded.wav,
                 made_at = excluded.made_at, made_by = excluded.made_by"
        ),
        params![message, source, wav, at, by],
    )
    .map(drop)
}

pub(crate) fn remove_sound(s: &mut Session<'_>, message: CrisisMessageId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM crisis_sounds WHERE message_id = $1"), params![message])
}
