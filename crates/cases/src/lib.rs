//! Cases (ärenden): one matter of one resident, from first contact to answer. Registering and forwarding, the clock on
//! an officer's answer, tasks, and the pages officers and residents reach by signed links.

pub mod clock;
pub mod commands;
mod error;
pub mod jobs;
pub mod limits;
mod links;
mod model;
mod number;
pub mod queries;
pub mod status;
pub mod words;

pub use clock::{FollowUpClock, Terms, TermsError};
pub use error::{CasesError, LinkError};
pub use links::{OFFICER_PATH, PublicBase, PublicBaseError, RESIDENT_PATH};
pub use model::{
    Case, CaseSettings, CaseType, FollowUp, FollowUpState, MessageChannel, MessageState, Note, Task,
    TaskKind, Viewer,
};
pub use number::{CaseNumber, NotACaseNumber};
pub use status::{ForbiddenStep, Step};

#[cfg(test)]
mod tests;
