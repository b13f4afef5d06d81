//! What correspondence is made of.

use storage::blobs::Digest;
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, CaseId, Channel, ContactId, ConversationId, Language, LetterId, LetterPartId, MailboxId,
    MessageId, ReplyTemplateId, ResidentId, Timestamp, UserId, VisitId,
};

/// Longest answer, draft, template or note, in characters.
pub const ANSWER_CHARS_MAX: usize = 20_000;
/// Longest signature or acknowledgement, in characters.
pub const SIGNATURE_CHARS_MAX: usize = 2_000;
/// Longest question in the web form, in characters.
pub const QUESTION_CHARS_MAX: usize = 10_000;
/// Most conversations one list shows.
pub const LIST_LINES_MAX: u32 = 200;
/// Most letters of a conversation that are shown: the newest.
pub const LETTERS_SHOWN_MAX: u32 = 200;
/// Most mailboxes.
pub const MAILBOXES_MAX: usize = 100;
/// Most templates.
pub const TEMPLATES_MAX: usize = 500;
/// Most files kept of one letter.
pub const PARTS_PER_LETTER_MAX: usize = 100;
/// Versions of a draft that are kept.
pub const DRAFT_VERSIONS_MAX: i64 = 50;
/// Message-IDs of a letter's head that are looked up: `In-Reply-To` first, then the newest references.
pub const THREAD_IDS_MAX: usize = 50;
/// For how long somebody who was last seen writing is said to write, in seconds.
pub const WRITER_SECONDS_MAX: i64 = 25;

vocabulary::words! {
    /// Where a conversation stands.
    ConversationState, "conversation state" {
        /// The resident waits for an answer.
        Waiting = "waiting",
        /// A person has answered.
        Answered = "answered",
        /// Closed with an outcome.
        Closed = "closed",
        /// Only machines have written: nobody waits.
        Quiet = "quiet",
        /// Unwanted.
        Spam = "spam",
    }

    /// What sort of letter it is.
    LetterKind, "letter kind" {
        /// From a person outside.
        Received = "received",
        /// From a machine outside.
        Automatic = "automatic",
        /// A report that a letter did not arrive.
        Bounce = "bounce",
        /// A guide's answer.
        Sent = "sent",
        /// Lots's acknowledgement.
        Acknowledgement = "acknowledgement",
        /// A note for the house only.
        Note = "note",
    }

    /// What a person should know before answering.
    Warning, "warning" {
        /// Says that it answers something its sender has no part in.
        Stranger = "stranger",
        /// A letter of ours in it did not arrive.
        Undelivered = "undelivered",
        /// Could not be added to its case: a person must.
        NotAdded = "not_added",
    }

    /// What ended a wait.
    WaitEnd, "end of a wait" {
        /// A person answered.
        Answered = "answered",
        /// Closed with an outcome.
        Closed = "closed",
        /// It was spam: not counted.
        Spam = "spam",
    }

    /// Where a visit stands.
    VisitState, "visit state" {
        /// Waits to be called.
        Waiting = "waiting",
        /// Called to a desk.
        Called = "called",
        /// Served.
        Served = "served",
        /// Did not come when called.
        Gone = "gone",
    }
}

storage::word_value!(ConversationState, LetterKind, Warning, WaitEnd, VisitState);

/// An address that residents write to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of mailboxes, explained in the migration")]
pub struct Mailbox {
    pub id: MailboxId,
    pub address: String,
    pub name: String,
    pub answer_group_id: Option<AnswerGroupId>,
    pub clock_working_days: u16,
    pub signature: String,
    pub acknowledge: bool,
    pub acknowledgement: String,
    pub takes_web: bool,
    pub active: bool,
}

/// One exchange of letters with one resident.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of conversations, explained in the migration")]
pub struct Conversation {
    pub id: ConversationId,
    pub reference: String,
    pub mailbox_id: MailboxId,
    pub channel: Channel,
    pub contact_id: Option<ContactId>,
    pub resident_id: Option<ResidentId>,
    pub case_id: Option<CaseId>,
    pub sender_email: String,
    pub sender_name: String,
    pub sender_telephone: Option<String>,
    pub subject: String,
    pub state: ConversationState,
    pub state_before_spam: Option<ConversationState>,
    pub warning: Option<Warning>,
    pub linked_to_id: Option<ConversationId>,
    pub linked_case_id: Option<CaseId>,
    pub arrived_at: Timestamp,
    pub changed_at: Timestamp,
    pub waiting_since_at: Option<Timestamp>,
    pub due_day: Option<Date>,
    pub taken_by: Option<UserId>,
    pub taken_at: Option<Timestamp>,
}

impl std::fmt::Debug for Conversation {
    /// Without names, addresses and subject, so that they do not end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversation")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// One letter in a conversation.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of letters, explained in the migration")]
pub struct Letter {
    pub id: LetterId,
    pub conversation_id: ConversationId,
    pub kind: LetterKind,
    pub message_id: Option<String>,
    pub from_email: String,
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub reply: String,
    pub html: Option<String>,
    pub raw_sha256: Option<Digest>,
    pub outgoing_id: Option<MessageId>,
    pub author_id: Option<UserId>,
    pub sent_at: Option<Timestamp>,
    pub written_at: Timestamp,
}

/// A file that came or goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of letter_parts, explained in the migration")]
pub struct LetterPart {
    pub id: LetterPartId,
    pub letter_id: LetterId,
    pub name: String,
    pub media_type: String,
    pub content_id: Option<String>,
    pub inline: bool,
    pub bytes: u64,
    pub sha256: Option<Digest>,
    pub refused: Option<String>,
}

/// A version of an answer that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Counted from 1; 0 stands for the empty page before anybody has written.
    pub version: i64,
    /// What it says.
    pub text: String,
    /// Who wrote this version; none of the empty page.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Option<Timestamp>,
}

impl Draft {
    /// The empty page.
    #[must_use]
    pub const fn empty() -> Self {
        Self { version: 0, text: String::new(), written_by: None, written_at: None }
    }
}

/// A text to answer with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of reply_templates, explained in the migration")]
pub struct ReplyTemplate {
    pub id: ReplyTemplateId,
    pub name: String,
    pub language: Language,
    pub text: String,
    pub active: bool,
    pub changed_at: Timestamp,
}

/// A queue at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskQueue {
    /// From A to Z.
    pub letter: String,
    /// What it is for.
    pub name: String,
    /// The group that serves it.
    pub answer_group_id: Option<AnswerGroupId>,
    /// Whether numbers are given out.
    pub active: bool,
}

/// One visit to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of visits, explained in the migration")]
pub struct Visit {
    pub id: VisitId,
    pub day: Date,
    pub letter: String,
    pub number: u32,
    pub contact_id: ContactId,
    pub state: VisitState,
    pub desk: Option<String>,
    pub came_at: Timestamp,
    pub called_at: Option<Timestamp>,
    pub called_by: Option<UserId>,
    pub ended_at: Option<Timestamp>,
}

impl Visit {
    /// What stands on the ticket and the screen: `A12`.
    #[must_use]
    pub fn ticket(&self) -> String {
        format!("{}{}", self.letter, self.number)
    }
}

/// What became of a letter that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filed {
    /// It was here already; nothing was done.
    Known,
    /// An officer's answer, taken in by the case.
    Officer,
    /// A report that a letter of ours did not arrive; the letter is marked and a person told.
    Undelivered(MessageId),
    /// A machine's: kept, waited for by nobody.
    Quiet(ConversationId),
    /// Goes on in a conversation.
    Joined(ConversationId),
    /// Goes on in a case, whose conversation it is.
    JoinedCase(ConversationId, CaseId),
    /// Claims to answer what its sender has no part in; a conversation of its own, with a warning.
    Stranger(ConversationId),
    /// A new conversation.
    New(ConversationId),
}

impl Filed {
    /// The word it is kept and counted by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Officer => "officer",
            Self::Undelivered(_) => "undelivered",
            Self::Quiet(_) => "quiet",
            Self::Joined(_) => "joined",
            Self::JoinedCase(..) => "joined_case",
            Self::Stranger(_) => "stranger",
            Self::New(_) => "new",
        }
    }

    /// The conversation it lies in.
    #[must_use]
    pub const fn conversation(self) -> Option<ConversationId> {
        match self {
            Self::Quiet(id)
            | Self::Joined(id)
            | Self::JoinedCase(id, _)
            | Self::Stranger(id)
            | Self::New(id) => Some(id),
            Self::Known | Self::Officer | Self::Undelivered(_) => None,
        }
    }
}
