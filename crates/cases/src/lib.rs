//! Cases (ärenden): one matter of one resident, from first contact to answer. Registering and forwarding, the clock on
//! an officer's answer, tasks, and the pages officers and residents reach by signed links.

pub mod assignment;
pub mod bulk;
pub mod clock;
pub mod commands;
pub mod documents;
pub mod duplicates;
pub mod errands;
mod error;
pub mod filter;
pub mod jobs;
pub mod limits;
mod links;
mod model;
pub mod next;
mod number;
pub mod open311;
mod parts;
pub mod pictures;
mod place;
pub mod queries;
pub mod reading;
mod refusal;
pub mod reply_address;
pub mod resident_access;
pub mod saved;
pub mod status;
mod viewer;
pub mod words;

pub use assignment::{Assignment, Recipient};
pub use clock::{FollowUpClock, Terms, TermsError};
pub use error::{CasesError, LinkError};
pub use links::{
    APPROVAL_PATH, OFFICER_DESK_PATH, OFFICER_KEY_PATH, OFFICER_PATH, PublicBase, PublicBaseError,
    RESIDENT_PATH, STATUS_PATH,
};
pub use model::{
    CallOutcome, Case, CaseSettings, CaseType, FollowUp, FollowUpState, MessageChannel, MessageState, Note,
    Task, TaskKind,
};
pub use number::{CaseNumber, NotACaseNumber};
pub use parts::{CaseLink, CaseLinkKind, Document, Merged, Stakeholder, StakeholderRole};
pub use place::{NotAPosition, Place, Position};
pub use refusal::Refusal;
pub use status::{ForbiddenStep, Step};
pub use viewer::{Sight, Viewer};

#[cfg(test)]
mod tests;
