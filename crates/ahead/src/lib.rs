//! One step ahead: what the departments have planned, so that the answer is there before the calls are.
//!
//! A planned event is told by a department, mostly at the monthly [`meetings`](commands::meetings) with it; it becomes live
//! and past by the clock alone. What guides must know for certain they confirm. [`ical`] reads and writes calendars, purely.

pub mod agenda;
pub mod commands;
mod error;
pub mod feed;
pub mod ical;
pub mod import;
pub mod jobs;
pub mod meeting;
mod model;
pub mod note_line;
pub mod queries;

pub use error::AheadError;
pub use model::{
    ArticleLink, EventDraft, EventKind, EventState, Importance, Phase, PlannedEvent, Position, Question,
};

#[cfg(test)]
mod tests;
