//! The survey call: Lots rings a resident up, asks, and listens to the keys.
//!
//! [`protocol`] decides what is said when, and is pure; [`caller`] rings, plays and listens.

pub mod caller;
pub mod protocol;

pub use caller::{SurveyPatience, survey_call};
pub use protocol::{Score, SurveyOutcome, SurveyScript};
