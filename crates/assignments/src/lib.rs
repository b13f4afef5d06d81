//! Assignments (uppdrag): what the departments have handed over, in words they have approved. Where the line goes, who
//! answers for what, and what slides over it; "is this ours?" while a call lasts; and where to turn with what others own.

mod asking;
mod basis;
pub mod commands;
pub mod compare;
pub mod course;
mod error;
pub mod jobs;
pub mod limits;
pub mod map;
mod model;
pub mod ours;
pub mod queries;
pub mod standard;
pub mod steps;
pub mod words;

pub use basis::{contact_line, rule_line};
pub use error::{AssignmentsError, Missing};
pub use model::{
    Agreed, Answered, ApprovalLink, Assignment, Basis, ContactPerson, Doer, InForce, Referral, Rule,
    RuleKind, Theme, Version, VersionState,
};
pub use ours::Verdict;

#[cfg(test)]
mod tests;
