//! What can go wrong with correspondence.

use people::text::TextError;
use storage::StorageError;
use vocabulary::UserId;

/// Why a command about correspondence was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CorrespondenceError {
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Another guide has taken the conversation.
    #[error("another guide has taken the conversation")]
    TakenBy(UserId),
    /// The draft has been changed by somebody else since it was read.
    #[error("somebody else has written in the draft meanwhile")]
    DraftChanged {
        /// The draft's version now.
        version: i64,
    },
    /// There is no address to answer to.
    #[error("there is no e-mail address to answer to")]
    NoAddress,
    /// A placeholder that has not been filled in, or is not known.
    #[error("the text has a placeholder that is not filled in: {0}")]
    Placeholder(String),
    /// The conversation is not where that can be done.
    #[error("that cannot be done with a conversation that is {0}")]
    Forbidden(crate::ConversationState),
    /// The conversation belongs to a case that is not open to this guide.
    #[error("the conversation belongs to a case that is not open to you")]
    Secret,
    /// More of something than anything sensible.
    #[error("{what}: at most {max}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many are allowed.
        max: usize,
    },
    /// The clock of a mailbox is one or two working days.
    #[error("a mailbox's clock is 1 or 2 working days")]
    Clock,
    /// The address is another mailbox's.
    #[error("another mailbox has this address")]
    AddressTaken,
    /// No mailbox takes what comes in that way.
    #[error("no mailbox takes questions from the web")]
    NoMailbox,
    /// Nobody waits at the desk.
    #[error("nobody waits in this queue")]
    NobodyWaits,
    /// People's.
    #[error(transparent)]
    People(#[from] people::PeopleError),
    /// A contact's.
    #[error(transparent)]
    Contact(#[from] contacts::ContactsError),
    /// A case's.
    #[error(transparent)]
    Case(#[from] cases::CasesError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
