use crate::model::{LETTERS_SHOWN_MAX, Letter, LetterPart, THREAD_IDS_MAX};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{ConversationId, LetterId, LetterPartId, MessageId, SignedDuration, Timestamp};

macro_rules! letters {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.conversation_id, l.kind, COALESCE(l.message_id, m.message_id), l.from_email, l.from_name,
                    l.subject, l.text, l.reply, l.html, l.raw_sha256, l.outgoing_id, l.author_id, l.sent_at, l.written_at
             FROM letters l LEFT JOIN messages m ON m.id = l.outgoing_id ",
            $rest
        )
    };
}

fn read(r: &Row<'_>) -> Result<Letter, StorageError> {
    Ok(Letter {
        id: r.get(0)?,
        conversation_id: r.get(1)?,
        kind: r.get(2)?,
        message_id: r.get(3)?,
        from_email: r.get(4)?,
        from_name: r.get(5)?,
        subject: r.get(6)?,
        text: r.get(7)?,
        reply: r.get(8)?,
        html: r.get(9)?,
        raw_sha256: r.get(10)?,
        outgoing_id: r.get(11)?,
        author_id: r.get(12)?,
        sent_at: r.get(13)?,
        written_at: r.get(14)?,
    })
}

macro_rules! parts {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.letter_id, p.name, p.media_type, p.content_id, p.inline, p.bytes, p.sha256, p.refused
             FROM letter_parts p ",
            $rest
        )
    };
}

fn read_part(r: &Row<'_>) -> Result<LetterPart, StorageError> {
    Ok(LetterPart {
        id: r.get(0)?,
        letter_id: r.get(1)?,
        name: r.get(2)?,
        media_type: r.get(3)?,
        content_id: r.get(4)?,
        inline: r.get(5)?,
        bytes: r.get(6)?,
        sha256: r.get(7)?,
        refused: r.get(8)?,
    })
}

/// One letter.
pub fn letter(s: &mut Session<'_>, id: LetterId) -> Result<Option<Letter>, StorageError> {
    s.row(sql!(letters!("WHERE l.id = $1")), params![id], read)
}

/// The newest [`LETTERS_SHOWN_MAX`] letters of a conversation, oldest first.
pub fn letters_of(s: &mut Session<'_>, conversation: ConversationId) -> Result<Vec<Letter>, StorageError> {
    let mut newest = s.rows(
        sql!(letters!("WHERE l.conversation_id = $1 ORDER BY l.written_at DESC, l.id DESC LIMIT $2")),
        params![conversation, LETTERS_SHOWN_MAX],
        read,
    )?;
    newest.reverse();
    Ok(newest)
}

/// The letter that went out as this message.
pub(crate) fn letter_of_outgoing(s: &mut Session<'_>, id: MessageId) -> Result<Option<Letter>, StorageError> {
    s.row(sql!(letters!("WHERE l.outgoing_id = $1 ORDER BY l.written_at, l.id LIMIT 1")), params![id], read)
}

/// The files of all letters of a conversation, in the order in which they came.
pub fn parts_of(s: &mut Session<'_>, conversation: ConversationId) -> Result<Vec<LetterPart>, StorageError> {
    s.rows(
        sql!(parts!(
            "JOIN letters l ON l.id = p.letter_id WHERE l.conversation_id = $1 ORDER BY p.letter_id, p.place, p.id"
        )),
        params![conversation],
        read_part,
    )
}

/// One file, if it came with a letter of this conversation.
pub fn part(
    s: &mut Session<'_>,
    conversation: ConversationId,
    id: LetterPartId,
) -> Result<Option<LetterPart>, StorageError> {
    s.row(
        sql!(parts!("JOIN letters l ON l.id = p.letter_id WHERE p.id = $1 AND l.conversation_id = $2")),
        params![id, conversation],
        read_part,
    )
}

/// How far each letter that we have sent in a conversation has come.
pub fn states_of_sent(
    s: &mut Session<'_>,
    conversation: ConversationId,
) -> Result<Vec<(LetterId, cases::MessageState)>, StorageError> {
    s.rows(
        sql!(
            "SELECT l.id, m.state FROM letters l JOIN messages m ON m.id = l.outgoing_id
             WHERE l.conversation_id = $1"
        ),
        params![conversation],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// The Message-IDs of a conversation's newest letters, oldest first.
pub(crate) fn thread_ids(
    s: &mut Session<'_>,
    conversation: ConversationId,
) -> Result<Vec<String>, StorageError> {
    let mut newest: Vec<String> = s
        .rows(
            sql!(
                "SELECT COALESCE(l.message_id, m.message_id) FROM letters l
                 LEFT JOIN messages m ON m.id = l.outgoing_id
                 WHERE l.conversation_id = $1 AND l.kind <> 'note' AND l.kind <> 'bounce'
                 ORDER BY l.written_at DESC, l.id DESC LIMIT $2"
            ),
            params![conversation, THREAD_IDS_MAX],
            |r| r.get::<Option<String>>(0),
        )?
        .into_iter()
        .flatten()
        .collect();
    newest.reverse();
    Ok(newest)
}

/// Writes a letter as the last of its conversation: of two that come in the same instant, the later one is later.
pub(crate) fn insert_letter(s: &mut Session<'_>, l: &Letter) -> Result<(), StorageError> {
    let last: Option<Timestamp> = s.the_row(
        sql!("SELECT MAX(written_at) FROM letters WHERE conversation_id = $1"),
        params![l.conversation_id],
        |r| r.get(0),
    )?;
    let after_last = last.map(|last| last + SignedDuration::from_micros(1));
    let written_at = after_last.map_or(l.written_at, |earliest| earliest.max(l.written_at));
    s.execute(
        sql!(
            "INSERT INTO letters (id, conversation_id, kind, message_id, from_email, from_name, subject, text, reply,
                 html, raw_sha256, outgoing_id, author_id, sent_at, written_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        params![
            l.id,
            l.conversation_id,
            l.kind,
            l.message_id,
            l.from_email,
            l.from_name,
            l.subject,
            l.text,
            l.reply,
            l.html,
            l.raw_sha256,
            l.outgoing_id,
            l.author_id,
            l.sent_at,
            written_at
        ],
    )?;
    Ok(())
}

pub(crate) fn insert_part(s: &mut Session<'_>, p: &LetterPart, place: usize) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO letter_parts (id, letter_id, place, name, media_type, content_id, inline, bytes, sha256, refused)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            p.id, p.letter_id, place, p.name, p.media_type, p.content_id, p.inline, p.bytes, p.sha256, p.refused
        ],
    )?;
    Ok(())
}
