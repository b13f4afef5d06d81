//! What can go wrong in this room.

use cases::LinkError;
use people::text::TextError;
use storage::StorageError;

/// Why a command about a crisis was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CrisisError {
    /// There is nothing with that id or code.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Who wrote it may not approve it, as somebody else who may is there.
    #[error("somebody else must approve what one has written oneself")]
    OwnMessage,
    /// It has been changed since it was read.
    #[error("the message has been changed meanwhile; read it again")]
    Changed,
    /// It is not a draft any longer.
    #[error("the message has been published or put away; write a new version")]
    NotADraft,
    /// The crisis is over.
    #[error("the crisis is over")]
    Over,
    /// The round is over.
    #[error("nobody is called in any longer")]
    Closed,
    /// A period that ends before it begins, or is longer than anything is.
    #[error("the period must end after it begins, and last a year at most")]
    Period,
    /// It has been decided before.
    #[error("it has been decided already")]
    Decided,
    /// There are too many.
    #[error("at most {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// A text was refused.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The link does not hold.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
