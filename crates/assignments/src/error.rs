//! What can go wrong with assignments.

use crate::course::Refusal;
use crate::steps::StepFault;
use cases::{CasesError, LinkError};
use people::text::TextError;
use storage::StorageError;

/// What a department must be told before it can say yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Why it has been handed over.
    Purpose,
    /// What the contact centre does.
    Does,
    /// Where the line goes.
    Line,
    /// The way a matter goes.
    Steps,
    /// What its cases are about.
    CaseTypes,
    /// Somebody to ask and to approve it.
    ContactPerson,
    /// A review after it has come into force, within a year or so.
    ReviewDay,
}

impl Missing {
    /// The word for it, as language files know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Does => "does",
            Self::Line => "line",
            Self::Steps => "steps",
            Self::CaseTypes => "case_types",
            Self::ContactPerson => "contact_person",
            Self::ReviewDay => "review_day",
        }
    }
}

/// Why a command about assignments was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AssignmentsError {
    /// There is nothing with that id or code.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// It cannot be done as the assignment stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another assignment or referral has that code.
    #[error("the code is taken")]
    CodeTaken,
    /// It is not ready to be sent.
    #[error("{} things are missing before it can be sent", .0.len())]
    Incomplete(Vec<Missing>),
    /// The process map cannot be read.
    #[error("the process map has {} faults", .0.len())]
    Steps(Vec<StepFault>),
    /// Somebody else has changed the draft since it was opened.
    #[error("somebody else has changed the draft meanwhile")]
    Overtaken,
    /// The one who is to approve is not among the contact persons.
    #[error("the recipient is not one of the contact persons")]
    NotAContactPerson,
    /// A day that cannot be.
    #[error("{field} cannot be that day")]
    Day {
        /// The field.
        field: &'static str,
    },
    /// More than there is room for.
    #[error("at most {max} {what}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// The most.
        max: usize,
    },
    /// What is no address on the web.
    #[error("the address begins with https:// or http://")]
    Url,
    /// A point that the checklist does not have, or that is told by the system itself.
    #[error("there is no such point to set by hand")]
    NoSuchPoint,
    /// The link does not hold.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something kept cannot be read: written by another version, or damaged.
    #[error("what is kept cannot be read: {0}")]
    Payload(String),
    /// Its case types.
    #[error(transparent)]
    Cases(#[from] CasesError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
