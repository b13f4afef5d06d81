use crate::model::{DRAFT_VERSIONS_MAX, Draft, WRITER_SECONDS_MAX};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ConversationId, SignedDuration, Timestamp, UserId};

fn read(r: &Row<'_>) -> Result<Draft, StorageError> {
    Ok(Draft {
        version: r.get(0)?,
        text: r.get(1)?,
        written_by: Some(r.get(2)?),
        written_at: Some(r.get(3)?),
    })
}

/// The newest version of a conversation's draft; the empty page if there is none.
pub fn draft(s: &mut Session<'_>, conversation: ConversationId) -> Result<Draft, StorageError> {
    let newest = s.row(
        sql!(
            "SELECT version, text, written_by, written_at FROM mail_drafts
             WHERE conversation_id = $1 ORDER BY version DESC LIMIT 1"
        ),
        params![conversation],
        read,
    )?;
    Ok(newest.unwrap_or_else(Draft::empty))
}

/// One version of a draft; none if it is no longer kept.
pub fn draft_version(
    s: &mut Session<'_>,
    conversation: ConversationId,
    version: i64,
) -> Result<Option<Draft>, StorageError> {
    if version == 0 {
        return Ok(Some(Draft::empty()));
    }
    s.row(
        sql!(
            "SELECT version, text, written_by, written_at FROM mail_drafts
             WHERE conversation_id = $1 AND version = $2"
        ),
        params![conversation, version],
        read,
    )
}

/// Whether anybody but `user` has written a version after `version`.
pub(crate) fn others_wrote_after(
    s: &mut Session<'_>,
    conversation: ConversationId,
    version: i64,
    user: UserId,
) -> Result<bool, StorageError> {
    let others: i64 = s.the_row(
        sql!(
            "SELECT COUNT(*) FROM mail_drafts
             WHERE conversation_id = $1 AND version > $2 AND written_by <> $3"
        ),
        params![conversation, version, user],
        |r| r.get(0),
    )?;
    Ok(others > 0)
}

/// Who is writing in a conversation at `now`, by name, without `but`.
pub fn writers(
    s: &mut Session<'_>,
    conversation: ConversationId,
    now: Timestamp,
    but: UserId,
) -> Result<Vec<String>, StorageError> {
    s.rows(
        sql!(
            "SELECT u.name FROM mail_writers w JOIN users u ON u.id = w.user_id
             WHERE w.conversation_id = $1 AND w.user_id <> $2 AND w.seen_at > $3 ORDER BY u.name, u.id"
        ),
        params![conversation, but, now - SignedDuration::from_secs(WRITER_SECONDS_MAX)],
        |r| r.get(0),
    )
}

pub(crate) fn upsert_writer(
    s: &mut Session<'_>,
    conversation: ConversationId,
    user: UserId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO mail_writers (conversation_id, user_id, seen_at) VALUES ($1, $2, $3)
             ON CONFLICT (conversation_id, user_id) DO UPDATE SET seen_at = excluded.seen_at"
        ),
        params![conversation, user, at],
    )?;
    Ok(())
}

pub(crate) fn forget_writer(
    s: &mut Session<'_>,
    conversation: ConversationId,
    user: UserId,
) -> Result<(), StorageError> {
    s.execute(
        sql!("DELETE FROM mail_writers WHERE conversation_id = $1 AND user_id = $2"),
        params![conversation, user],
    )?;
    Ok(())
}

/// Keeps a version, and lets go of what is older than [`DRAFT_VERSIONS_MAX`] versions.
pub(crate) fn insert_draft(
    s: &mut Session<'_>,
    conversation: ConversationId,
    version: i64,
    text: &str,
    by: UserId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO mail_drafts (conversation_id, version, text, written_by, written_at)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        params![conversation, version, text, by, at],
    )?;
    s.execute(
        sql!("DELETE FROM mail_drafts WHERE conversation_id = $1 AND version <= $2"),
        params![conversation, version - DRAFT_VERSIONS_MAX],
    )?;
    Ok(())
}

/// Empties the page: the answer has gone out. The numbering goes on, so that a page still open elsewhere is noticed.
pub(crate) fn clear_draft(
    s: &mut Session<'_>,
    conversation: ConversationId,
    version: i64,
    by: UserId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM mail_drafts WHERE conversation_id = $1"), params![conversation])?;
    insert_draft(s, conversation, version + 1, "", by, at)
}
