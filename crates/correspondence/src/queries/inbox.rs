use crate::model::{Conversation, ConversationState, LIST_LINES_MAX};
use cases::{Sight, Viewer};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{MailboxId, UserId};

/// Further than this a mailbox's waiting are not counted.
pub const WAITING_COUNT_MAX: u32 = 1_000;

/// What a list of conversations shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inbox {
    /// Those somebody waits in, over due first.
    Waiting,
    /// Those somebody waits in that this user has taken.
    Mine(UserId),
    /// Those in another state, last changed first.
    In(ConversationState),
}

/// A conversation with the words a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxLine {
    /// The conversation. Of one that is sealed or whose resident is protected, without subject, name and address.
    pub conversation: Conversation,
    /// Who has taken it.
    pub taken_by_name: Option<String>,
    /// The number of its case.
    pub case_number: Option<String>,
    /// Whether its resident has protected personal data.
    pub protected: bool,
    /// Whether its case is not open to who looks.
    pub sealed: bool,
}

macro_rules! lines {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.reference, c.mailbox_id, c.channel, c.contact_id, c.resident_id, c.case_id, c.sender_email,
                    c.sender_name, c.sender_telephone, c.subject, c.state, c.state_before_spam, c.warning,
                    c.linked_to_id, c.linked_case_id, c.arrived_at, c.changed_at, c.waiting_since_at, c.due_day,
                    c.taken_by, c.taken_at, u.name, k.number, COALESCE(r.protected, FALSE)
             FROM conversations c
             LEFT JOIN users u ON u.id = c.taken_by
             LEFT JOIN cases k ON k.id = c.case_id
             LEFT JOIN residents r ON r.id = c.resident_id ",
            $rest
        )
    };
}

fn read(r: &Row<'_>) -> Result<InboxLine, StorageError> {
    Ok(InboxLine {
        conversation: super::conversations::read(r)?,
        taken_by_name: r.get(22)?,
        case_number: r.get(23)?,
        protected: r.get(24)?,
        sealed: false,
    })
}

/// Takes away what is not for a list, or not for this viewer.
fn veiled(s: &mut Session<'_>, viewer: Viewer, mut line: InboxLine) -> Result<InboxLine, StorageError> {
    if let Some(case) = line.conversation.case_id {
        line.sealed = match cases::queries::case(s, case)? {
            Some(case) => viewer.sight(s, &case)? != Sight::Open,
            None => true,
        };
        if line.sealed {
            line.conversation.subject.clear();
        }
    }
    if line.sealed || line.protected {
        line.conversation.sender_email.clear();
        line.conversation.sender_name.clear();
        line.conversation.sender_telephone = None;
    }
    Ok(line)
}

/// The conversations of one mailbox, or of all in use, at most [`LIST_LINES_MAX`].
pub fn inbox(
    s: &mut Session<'_>,
    viewer: Viewer,
    mailbox: Option<MailboxId>,
    what: Inbox,
) -> Result<Vec<InboxLine>, StorageError> {
    let lines = match (what, mailbox) {
        (Inbox::Waiting, Some(mailbox)) => s.rows(
            sql!(lines!(
                "WHERE c.mailbox_id = $1 AND c.waiting_since_at IS NOT NULL
                 ORDER BY c.due_day, c.waiting_since_at, c.id LIMIT $2"
            )),
            params![mailbox, LIST_LINES_MAX],
            read,
        )?,
        (Inbox::Waiting, None) => s.rows(
            sql!(lines!(
                "WHERE c.waiting_since_at IS NOT NULL ORDER BY c.due_day, c.waiting_since_at, c.id LIMIT $1"
            )),
            params![LIST_LINES_MAX],
            read,
        )?,
        (Inbox::Mine(user), _) => s.rows(
            sql!(lines!(
                "WHERE c.taken_by = $1 AND c.waiting_since_at IS NOT NULL
                 ORDER BY c.due_day, c.waiting_since_at, c.id LIMIT $2"
            )),
            params![user, LIST_LINES_MAX],
            read,
        )?,
        (Inbox::In(state), Some(mailbox)) => s.rows(
            sql!(lines!(
                "WHERE c.mailbox_id = $1 AND c.state = $2 ORDER BY c.changed_at DESC, c.id DESC LIMIT $3"
            )),
            params![mailbox, state, LIST_LINES_MAX],
            read,
        )?,
        (Inbox::In(state), None) => s.rows(
            sql!(lines!("WHERE c.state = $1 ORDER BY c.changed_at DESC, c.id DESC LIMIT $2")),
            params![state, LIST_LINES_MAX],
            read,
        )?,
    };
    lines.into_iter().map(|line| veiled(s, viewer, line)).collect()
}

/// The most urgent letter for a user: what they have taken before what nobody has; of these the one due first; of what
/// nobody has, only the mailboxes of the user's own groups and those of no group. None if nothing waits.
pub fn most_urgent_for(
    s: &mut Session<'_>,
    viewer: Viewer,
    user: UserId,
) -> Result<Option<InboxLine>, StorageError> {
    let mine = s.row(
        sql!(lines!(
            "WHERE c.taken_by = $1 AND c.waiting_since_at IS NOT NULL
             ORDER BY c.due_day, c.waiting_since_at, c.id LIMIT 1"
        )),
        params![user],
        read,
    )?;
    if let Some(mine) = mine {
        return veiled(s, viewer, mine).map(Some);
    }
    let free = s.rows(
        sql!(lines!(
            "JOIN mailboxes b ON b.id = c.mailbox_id
             WHERE c.taken_by IS NULL AND c.waiting_since_at IS NOT NULL AND b.active
               AND (b.answer_group_id IS NULL
                    OR b.answer_group_id IN (SELECT g.answer_group_id FROM user_groups g WHERE g.user_id = $1))
             ORDER BY c.due_day, c.waiting_since_at, c.id LIMIT 20"
        )),
        params![user],
        read,
    )?;
    for line in free {
        let line = veiled(s, viewer, line)?;
        if !line.sealed {
            return Ok(Some(line));
        }
    }
    Ok(None)
}

/// How many wait in a mailbox, counted no further than [`WAITING_COUNT_MAX`].
pub fn waiting_count(s: &mut Session<'_>, mailbox: MailboxId) -> Result<u64, StorageError> {
    s.the_row(
        sql!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM conversations
                                   WHERE mailbox_id = $1 AND waiting_since_at IS NOT NULL LIMIT $2) few"
        ),
        params![mailbox, WAITING_COUNT_MAX],
        |r| r.get(0),
    )
}
