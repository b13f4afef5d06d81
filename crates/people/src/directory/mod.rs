//! What the municipality is made of, as the contact centre sees it: departments, officers, answer groups, and the
//! guides' telephones.

pub mod absences;
pub mod commands;
pub mod model;
pub mod queries;

pub use model::{
    AnswerGroup, Department, NewAnswerGroup, NewDepartment, NewOfficer, Officer, RecipientKind, SipDigests,
    Telephone, sip_digests,
};

#[cfg(test)]
mod tests;
