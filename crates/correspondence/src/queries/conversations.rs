use crate::model::Conversation;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CaseId, ContactId, ConversationId};

macro_rules! conversations {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.reference, c.mailbox_id, c.channel, c.contact_id, c.resident_id, c.case_id, c.sender_email,
                    c.sender_name, c.sender_telephone, c.subject, c.state, c.state_before_spam, c.warning,
                    c.linked_to_id, c.linked_case_id, c.arrived_at, c.changed_at, c.waiting_since_at, c.due_day,
                    c.taken_by, c.taken_at
             FROM conversations c ",
            $rest
        )
    };
}

pub(super) fn read(r: &Row<'_>) -> Result<Conversation, StorageError> {
    Ok(Conversation {
        id: r.get(0)?,
        reference: r.get(1)?,
        mailbox_id: r.get(2)?,
        channel: r.get(3)?,
        contact_id: r.get(4)?,
        resident_id: r.get(5)?,
        case_id: r.get(6)?,
        sender_email: r.get(7)?,
        sender_name: r.get(8)?,
        sender_telephone: r.get(9)?,
        subject: r.get(10)?,
        state: r.get(11)?,
        state_before_spam: r.get(12)?,
        warning: r.get(13)?,
        linked_to_id: r.get(14)?,
        linked_case_id: r.get(15)?,
        arrived_at: r.get(16)?,
        changed_at: r.get(17)?,
        waiting_since_at: r.get(18)?,
        due_day: r.get(19)?,
        taken_by: r.get(20)?,
        taken_at: r.get(21)?,
    })
}

/// One conversation.
pub fn conversation(s: &mut Session<'_>, id: ConversationId) -> Result<Option<Conversation>, StorageError> {
    s.row(sql!(conversations!("WHERE c.id = $1")), params![id], read)
}

/// The conversation that a resident was told to refer to so.
pub fn by_reference(s: &mut Session<'_>, reference: &str) -> Result<Option<Conversation>, StorageError> {
    s.row(sql!(conversations!("WHERE c.reference = $1")), params![reference], read)
}

/// The conversations that belong to a case, oldest first.
pub fn of_case(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Conversation>, StorageError> {
    s.rows(
        sql!(conversations!("WHERE c.case_id = $1 ORDER BY c.arrived_at, c.id LIMIT $2")),
        params![case, crate::LIST_LINES_MAX],
        read,
    )
}

/// The conversation that is this contact.
pub fn of_contact(s: &mut Session<'_>, contact: ContactId) -> Result<Option<Conversation>, StorageError> {
    s.row(
        sql!(conversations!("WHERE c.contact_id = $1 ORDER BY c.arrived_at, c.id LIMIT 1")),
        params![contact],
        read,
    )
}

/// The conversation about a case with somebody at this address that was last written in.
pub(crate) fn latest_of_case_with(
    s: &mut Session<'_>,
    case: CaseId,
    email: &str,
) -> Result<Option<Conversation>, StorageError> {
    s.row(
        sql!(conversations!(
            "JOIN conversation_participants p ON p.conversation_id = c.id AND p.email = $2
             WHERE c.case_id = $1 ORDER BY c.changed_at DESC, c.id DESC LIMIT 1"
        )),
        params![case, email],
        read,
    )
}

pub(crate) fn insert_conversation(s: &mut Session<'_>, c: &Conversation) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO conversations (id, reference, mailbox_id, channel, contact_id, resident_id, case_id,
                 sender_email, sender_name, sender_telephone, subject, state, state_before_spam, warning, linked_to_id,
                 linked_case_id, arrived_at, changed_at, waiting_since_at, due_day, taken_by, taken_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                 $22)"
        ),
        params![
            c.id,
            c.reference,
            c.mailbox_id,
            c.channel,
            c.contact_id,
            c.resident_id,
            c.case_id,
            c.sender_email,
            c.sender_name,
            c.sender_telephone,
            c.subject,
            c.state,
            c.state_before_spam,
            c.warning,
            c.linked_to_id,
            c.linked_case_id,
            c.arrived_at,
            c.changed_at,
            c.waiting_since_at,
            c.due_day,
            c.taken_by,
            c.taken_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update_conversation(s: &mut Session<'_>, c: &Conversation) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE conversations SET mailbox_id = $2, contact_id = $3, resident_id = $4, case_id = $5, state = $6,
                 state_before_spam = $7, warning = $8, changed_at = $9, waiting_since_at = $10, due_day = $11,
                 taken_by = $12, taken_at = $13
             WHERE id = $1"
        ),
        params![
            c.id,
            c.mailbox_id,
            c.contact_id,
            c.resident_id,
            c.case_id,
            c.state,
            c.state_before_spam,
            c.warning,
            c.changed_at,
            c.waiting_since_at,
            c.due_day,
            c.taken_by,
            c.taken_at
        ],
    )?;
    Ok(())
}
