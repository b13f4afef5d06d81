//! What can go wrong in this room.

use people::text::TextError;
use storage::StorageError;

/// Why a command in this room was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AheadError {
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It must end after it begins.
    #[error("it must end after it begins")]
    Order,
    /// A number or a day out of range, or too many of something.
    #[error("{field} is at most {max}")]
    TooMany {
        /// The field.
        field: &'static str,
        /// The most.
        max: usize,
    },
    /// A value that cannot be.
    #[error("{field} cannot be that")]
    Value {
        /// The field.
        field: &'static str,
    },
    /// Somebody has changed it since it was read.
    #[error("it has been changed meanwhile; look at it and try again")]
    Overtaken,
    /// It cannot be done from where the event or meeting stands.
    #[error("that cannot be done with what is {state}")]
    Forbidden {
        /// Where it stands, in a word.
        state: &'static str,
    },
    /// Only a signed-in person can do it, and only for themselves.
    #[error("nobody can do that for another")]
    NotOneself,
    /// Something kept cannot be read: written by another version, or damaged.
    #[error("what is kept cannot be read: {0}")]
    Payload(String),
    /// The calendar as a whole cannot be read.
    #[error(transparent)]
    Calendar(#[from] crate::ical::Fault),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
