//! Messages on their way out: what the room `mail` delivers and the outbox page shows.

use crate::limits::LIST_LINES_MAX;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseId, MailboxId, MessageId, Timestamp};

use crate::model::{MessageChannel, MessageState};

/// A message to an officer or a resident.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of messages, explained in the migration")]
pub struct Message {
    pub id: MessageId,
    pub channel: MessageChannel,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub case_id: Option<CaseId>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub state: MessageState,
    pub last_error: Option<String>,
    pub message_id: Option<String>,
    pub in_reply_to: Option<String>,
    pub references_list: Option<String>,
    pub mailbox_id: Option<MailboxId>,
    pub html: Option<String>,
    pub auto: bool,
    pub reply_to: Option<String>,
}

/// What goes with a letter; its bytes lie in the blobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFile {
    /// What its recipient sees it called.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
}

/// A letter somebody or something wants sent, as the commands write it.
pub(crate) struct LetterHead<'a> {
    pub id: MessageId,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub html: Option<&'a str>,
    pub case_id: Option<CaseId>,
    pub mailbox_id: Option<MailboxId>,
    pub in_reply_to: Option<&'a str>,
    pub references_list: Option<&'a str>,
    pub auto: bool,
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Message {
    /// Without recipient and text, so that neither ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

macro_rules! select_message {
    ($rest:literal) => {
        concat!(
            "SELECT id, channel, recipient, subject, body, case_id, created_at, sent_at, state, last_error,
                    message_id, in_reply_to, references_list, mailbox_id, html, auto, reply_to
             FROM messages ",
            $rest
        )
    };
}

fn read_message(r: &Row<'_>) -> Result<Message, StorageError> {
    Ok(Message {
        id: r.get(0)?,
        channel: r.get(1)?,
        recipient: r.get(2)?,
        subject: r.get(3)?,
        body: r.get(4)?,
        case_id: r.get(5)?,
        created_at: r.get(6)?,
        sent_at: r.get(7)?,
        state: r.get(8)?,
        last_error: r.get(9)?,
        message_id: r.get(10)?,
        in_reply_to: r.get(11)?,
        references_list: r.get(12)?,
        mailbox_id: r.get(13)?,
        html: r.get(14)?,
        auto: r.get(15)?,
        reply_to: r.get(16)?,
    })
}

/// One message.
pub fn message(s: &mut Session<'_>, id: MessageId) -> Result<Option<Message>, StorageError> {
    s.row(sql!(select_message!("WHERE id = $1")), params![id], read_message)
}

/// Messages, newest first, at most `lines_max` (held within 1 to [`LIST_LINES_MAX`]); from the one after `after`, the
/// last of the page before.
pub fn outbox(
    s: &mut Session<'_>,
    after: Option<(Timestamp, MessageId)>,
    lines_max: usize,
) -> Result<Vec<Message>, StorageError> {
    let (at, id) = after.map_or((i64::MAX, MessageId::max()), |(at, id)| (at.as_microsecond(), id));
    s.rows(
        sql!(select_message!("WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3")),
        params![at, id, lines_max.clamp(1, LIST_LINES_MAX)],
        read_message,
    )
}

pub(crate) fn update_message(
    s: &mut Session<'_>,
    id: MessageId,
    state: MessageState,
    sent_at: Option<Timestamp>,
    last_error: Option<&str>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE messages SET state = $2, sent_at = $3, last_error = $4 WHERE id = $1 AND state = 'waiting'"
        ),
        params![id, state, sent_at, last_error],
    )
}

/// A message that was handed on or is still waiting, and did not arrive after all.
pub(crate) fn update_bounced(
    s: &mut Session<'_>,
    id: MessageId,
    last_error: Option<&str>,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE messages SET state = 'failed', last_error = $2
             WHERE id = $1 AND (state = 'sent' OR state = 'waiting')"
        ),
        params![id, last_error],
    )
}

pub(crate) fn insert_letter(s: &mut Session<'_>, m: &LetterHead<'_>) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO messages (id, channel, recipient, subject, body, html, case_id, mailbox_id, in_reply_to,
                                   references_list, auto, created_at, state)
             VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting')"
        ),
        params![
            m.id,
            m.recipient,
            m.subject,
            m.body,
            m.html,
            m.case_id,
            m.mailbox_id,
            m.in_reply_to,
            m.references_list,
            m.auto,
            m.created_at
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_letter_file(
    s: &mut Session<'_>,
    message: MessageId,
    place: usize,
    file: &LetterFile,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO message_attachments (message_id, place, name, media_type, sha256)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        params![message, place, file.name, file.media_type, file.digest],
    )?;
    Ok(())
}

/// What goes with a letter, in its order.
pub fn letter_files(s: &mut Session<'_>, message: MessageId) -> Result<Vec<LetterFile>, StorageError> {
    s.rows(
        sql!("SELECT name, media_type, sha256 FROM message_attachments WHERE message_id = $1 ORDER BY place"),
        params![message],
        |r| Ok(LetterFile { name: r.get(0)?, media_type: r.get(1)?, digest: r.get(2)? }),
    )
}

/// Writes down the Message-ID a letter goes out with; the first one stays, so that the same letter sent again is known
/// as the same. Gives the one that holds.
pub(crate) fn settle_message_id(
    s: &mut Session<'_>,
    id: MessageId,
    message_id: &str,
) -> Result<Option<String>, StorageError> {
    s.execute(
        sql!("UPDATE messages SET message_id = $2 WHERE id = $1 AND message_id IS NULL"),
        params![id, message_id],
    )?;
    let settled = s.row(sql!("SELECT message_id FROM messages WHERE id = $1"), params![id], |r| {
        r.get::<Option<String>>(0)
    })?;
    Ok(settled.flatten())
}

/// The message of ours that carried `message_id` (without angle brackets): by what was written down when it was sent,
/// or else by the id that our Message-IDs begin with.
pub fn message_by_message_id(
    s: &mut Session<'_>,
    message_id: &str,
) -> Result<Option<MessageId>, StorageError> {
    let known =
        s.row(sql!("SELECT id FROM messages WHERE message_id = $1"), params![message_id], |r| r.get(0))?;
    if known.is_some() {
        return Ok(known);
    }
    let ours = message_id.split_once('@').and_then(|(local, _)| local.parse::<MessageId>().ok());
    let Some(id) = ours else { return Ok(None) };
    // Only a letter from before Message-IDs were kept; any other is found above or is not ours.
    s.row(sql!("SELECT id FROM messages WHERE id = $1 AND message_id IS NULL"), params![id], |r| r.get(0))
}
