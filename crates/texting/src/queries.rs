//! The SQL of text messages' parts.

use storage::{Session, StorageError, params, sql};
use vocabulary::{MessageId, Timestamp};

/// Whether a message's text is a code, which is worth nothing when it is late.
pub(crate) fn is_code(s: &mut Session<'_>, message: MessageId) -> Result<bool, StorageError> {
    let secret = s.row(sql!("SELECT secret FROM messages WHERE id = $1"), params![message], |r| r.get(0))?;
    Ok(secret.unwrap_or(false))
}

/// The numbers of the parts that the gateway has taken.
pub(crate) fn parts_taken(s: &mut Session<'_>, message: MessageId) -> Result<Vec<usize>, StorageError> {
    s.rows(sql!("SELECT part FROM text_parts WHERE message_id = $1 ORDER BY part"), params![message], |r| {
        r.get(0)
    })
}

/// A part that the gateway has taken.
pub(crate) struct TakenPart<'a> {
    pub message: MessageId,
    pub number: usize,
    pub of: usize,
    pub gateway_id: Option<&'a str>,
}

pub(crate) fn insert_part(
    s: &mut Session<'_>,
    part: &TakenPart<'_>,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO text_parts (message_id, part, parts, gateway_id, state, changed_at)
             VALUES ($1, $2, $3, $4, 'sent', $5)
             ON CONFLICT (message_id, part) DO NOTHING"
        ),
        params![part.message, part.number, part.of, part.gateway_id, at],
    )?;
    Ok(())
}

/// The message of the newest part that goes by one of a gateway's names.
pub(crate) fn message_of(
    s: &mut Session<'_>,
    gateway_id: &str,
) -> Result<Option<(MessageId, usize)>, StorageError> {
    s.row(
        sql!(
            "SELECT message_id, part FROM text_parts WHERE gateway_id = $1
             ORDER BY changed_at DESC, message_id DESC, part LIMIT 1"
        ),
        params![gateway_id],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// Marks how a part fared; false if that was known already.
pub(crate) fn part_fared(
    s: &mut Session<'_>,
    (message, part): (MessageId, usize),
    word: &str,
    at: Timestamp,
) -> Result<bool, StorageError> {
    let marked = s.execute(
        sql!(
            "UPDATE text_parts SET state = $3, changed_at = $4
             WHERE message_id = $1 AND part = $2 AND state = 'sent'"
        ),
        params![message, part, word, at],
    )?;
    Ok(marked == 1)
}

/// How many parts a message has, and how many of them have been delivered.
pub(crate) fn delivered_of(s: &mut Session<'_>, message: MessageId) -> Result<(u64, u64), StorageError> {
    s.the_row(
        sql!(
            "SELECT COALESCE(MAX(parts), 0), COUNT(CASE WHEN state = 'delivered' THEN 1 END)
             FROM text_parts WHERE message_id = $1"
        ),
        params![message],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// Marks that all of a message has arrived.
pub(crate) fn message_arrived(
    s: &mut Session<'_>,
    message: MessageId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE messages SET delivered_at = $2 WHERE id = $1 AND delivered_at IS NULL"),
        params![message, at],
    )?;
    Ok(())
}
