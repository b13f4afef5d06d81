//! What can go wrong with records.

use people::text::TextError;
use storage::StorageError;

/// Why a command about records was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A number out of bounds.
    #[error("{field}: must be {min} to {max}")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// The least allowed.
        min: u32,
        /// The most allowed.
        max: u32,
    },
    /// The batch has been decided already.
    #[error("this batch has been decided already")]
    Decided,
    /// Only a person decides this.
    #[error("only somebody signed in may decide this")]
    NotAPerson,
    /// The card is still needed: cases, letters or a hold refer to it.
    #[error("the card is still needed: {why}")]
    StillNeeded {
        /// By what: "cases", "letters", "hold".
        why: &'static str,
    },
    /// Two cards cannot be joined: they are one, or one of them is already part of another.
    #[error("these cards cannot be joined")]
    NotJoinable,
    /// The archive could not be written.
    #[error("the archive could not be written: {0}")]
    Archive(String),
    /// What was kept for an undoing cannot be read: written by another version, or damaged.
    #[error("what was kept of a card cannot be read: {0}")]
    Payload(String),
    /// A case was refused.
    #[error(transparent)]
    Cases(#[from] cases::CasesError),
    /// A person was refused.
    #[error(transparent)]
    People(#[from] people::PeopleError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
