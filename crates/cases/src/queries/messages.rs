//! Messages on their way out: what the room `mail` delivers and the outbox page shows.

use crate::limits::LIST_LINES_MAX;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseId, MessageId, Timestamp};

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
            "SELECT id, channel, recipient, subject, body, case_id, created_at, sent_at, state, last_error
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
