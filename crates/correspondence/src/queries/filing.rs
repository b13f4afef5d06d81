use storage::blobs::Digest;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{CaseId, ConversationId, FollowUpId, MailboxId, MessageId, Timestamp};

/// A letter that has been taken in, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// The mailbox it came to.
    pub mailbox: MailboxId,
    /// The SHA-256 by which it is known.
    pub raw_digest: [u8; 32],
    /// Where it lay in the mailbox.
    pub uid: Option<String>,
    /// What was made of it: a word of [`Filed`](crate::Filed).
    pub filed: String,
    /// The conversation it lies in.
    pub conversation: Option<ConversationId>,
    /// The case it was handed to.
    pub case: Option<CaseId>,
    /// As it came, in blobs.
    pub raw: Option<Digest>,
    /// When it was taken in.
    pub at: Timestamp,
}

/// One of our letters that is named by its Message-ID.
pub(crate) struct Named {
    pub message: MessageId,
    pub recipient: String,
    pub case: Option<CaseId>,
    pub follow_up: Option<FollowUpId>,
}

/// Most conversations one Message-ID is looked up to; one that more have is no use to tell them apart.
const SAME_ID_MAX: u32 = 20;

/// The newest letters taken in by a mailbox, at most `limit`.
pub fn taken_in(s: &mut Session<'_>, mailbox: MailboxId, limit: u32) -> Result<Vec<TakenIn>, StorageError> {
    s.rows(
        sql!(
            "SELECT mailbox_id, raw_digest, uid, filed, conversation_id, case_id, raw_sha256, at FROM mail_taken_in
             WHERE mailbox_id = $1 ORDER BY at DESC, raw_digest LIMIT $2"
        ),
        params![mailbox, limit],
        |r: &Row<'_>| {
            Ok(TakenIn {
                mailbox: r.get(0)?,
                raw_digest: r.get(1)?,
                uid: r.get(2)?,
                filed: r.get(3)?,
                conversation: r.get(4)?,
                case: r.get(5)?,
                raw: r.get(6)?,
                at: r.get(7)?,
            })
        },
    )
}

pub(crate) fn is_taken_in(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    raw_digest: &[u8; 32],
    uid: Option<&str>,
) -> Result<bool, StorageError> {
    let found = s.rows(
        sql!(
            "SELECT 1 FROM mail_taken_in WHERE mailbox_id = $1 AND raw_digest = $2
             UNION ALL SELECT 1 FROM mail_taken_in WHERE mailbox_id = $1 AND uid = $3"
        ),
        params![mailbox, *raw_digest, uid],
        |_| Ok(()),
    )?;
    Ok(!found.is_empty())
}

pub(crate) fn insert_taken_in(s: &mut Session<'_>, t: &TakenIn) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO mail_taken_in (mailbox_id, raw_digest, uid, filed, conversation_id, case_id, raw_sha256, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![t.mailbox, t.raw_digest, t.uid, t.filed, t.conversation, t.case, t.raw, t.at],
    )?;
    Ok(())
}

/// The conversations that hold a letter with this Message-ID, and whether `sender` has part in each.
pub(crate) fn named_conversations(
    s: &mut Session<'_>,
    message_id: &str,
    sender: &str,
) -> Result<Vec<(ConversationId, bool)>, StorageError> {
    s.rows(
        sql!(
            "SELECT c.id, EXISTS (SELECT 1 FROM conversation_participants p
                                  WHERE p.conversation_id = c.id AND p.email = $2)
             FROM conversations c
             WHERE c.id IN (SELECT l.conversation_id FROM letters l WHERE l.message_id = $1)
                OR c.id IN (SELECT l.conversation_id FROM messages m JOIN letters l ON l.outgoing_id = m.id
                            WHERE m.message_id = $1)
             ORDER BY c.id LIMIT $3"
        ),
        params![message_id, sender, SAME_ID_MAX],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// The letter of ours with this Message-ID.
pub(crate) fn named_messages(s: &mut Session<'_>, message_id: &str) -> Result<Option<Named>, StorageError> {
    s.row(
        sql!("SELECT id, recipient, case_id, follow_up_id FROM messages WHERE message_id = $1"),
        params![message_id],
        |r| Ok(Named { message: r.get(0)?, recipient: r.get(1)?, case: r.get(2)?, follow_up: r.get(3)? }),
    )
}

pub(crate) fn insert_participant(
    s: &mut Session<'_>,
    conversation: ConversationId,
    email: &str,
) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO conversation_participants (conversation_id, email) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
        params![conversation, email],
    )?;
    Ok(())
}

/// Whether an address is a mailbox of ours, in use or not.
pub(crate) fn is_own_address(s: &mut Session<'_>, email: &str) -> Result<bool, StorageError> {
    Ok(s.row(sql!("SELECT 1 FROM mailboxes WHERE address = $1"), params![email], |_| Ok(()))?.is_some())
}

/// Notes that a sender is told today that a letter has come. False if that was done already.
pub(crate) fn acknowledge_once(
    s: &mut Session<'_>,
    mailbox: MailboxId,
    sender_sha256: &[u8; 32],
    day: Date,
) -> Result<bool, StorageError> {
    let new = s.execute(
        sql!(
            "INSERT INTO mail_acknowledged (mailbox_id, sender_sha256, day) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING"
        ),
        params![mailbox, *sender_sha256, day],
    )?;
    Ok(new > 0)
}
