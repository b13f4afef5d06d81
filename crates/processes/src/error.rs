//! What can go wrong with processes.

use crate::definition::Fault;
use crate::run::Refusal;
use cases::{CasesError, LinkError};
use people::text::TextError;
use storage::StorageError;

/// Why a command about processes was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ProcessesError {
    /// There is nothing with that id or code.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// It cannot be done from where the case stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The definition has faults.
    #[error("the definition has {} faults, the first in line {}", .0.len(), .0.first().map_or(1, |fault| fault.line))]
    Faults(Vec<Fault>),
    /// Somebody has published a version since the one that was edited.
    #[error("version {version} was published meanwhile; compare with it and publish again")]
    Overtaken {
        /// The version in force.
        version: u32,
    },
    /// The time is taken, by somebody who was quicker.
    #[error("the time is taken; choose another")]
    TimeTaken,
    /// The time is not one that is offered.
    #[error("the time is not offered; choose another")]
    TimeNotOffered,
    /// Opening hours that cannot be.
    #[error(transparent)]
    Hours(#[from] vocabulary::OpeningHoursError),
    /// A number out of range.
    #[error("{field} is {min} to {max}")]
    Range {
        /// The field.
        field: &'static str,
        /// The least.
        min: u16,
        /// The most.
        max: u16,
    },
    /// What names somebody by number was written where it must not be.
    #[error("write no personal identity number here")]
    IdentityNumber,
    /// The link does not hold.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something kept cannot be read: written by another version, or damaged.
    #[error("what is kept cannot be read: {0}")]
    Payload(String),
    /// The case.
    #[error(transparent)]
    Cases(#[from] CasesError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// For those who register cases and know nothing of processes.
impl From<ProcessesError> for CasesError {
    fn from(error: ProcessesError) -> Self {
        match error {
            ProcessesError::Cases(error) => error,
            ProcessesError::Storage(error) => Self::Storage(error),
            ProcessesError::Link(error) => Self::Link(error),
            ProcessesError::Text(error) => Self::Text(error),
            ProcessesError::NotFound { what } => Self::NotFound { what },
            other => Self::Payload(other.to_string()),
        }
    }
}
