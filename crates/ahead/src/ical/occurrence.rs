//! One thing that happens once.

use super::When;
use vocabulary::Timestamp;

/// How certain it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It will be so, or nothing is said.
    #[default]
    Confirmed,
    /// It may be so.
    Tentative,
    /// It will not be.
    Cancelled,
}

/// One occurrence of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// The event's own name.
    pub uid: String,
    /// Which of a series it is, by when it was to be at first ([`When::key`]); empty for one that stands alone.
    pub recurrence: String,
    /// The line at which it is told.
    pub line: usize,
    /// What happens; may be empty.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Where.
    pub place: String,
    /// Where on the map: latitude and longitude.
    pub position: Option<(f64, f64)>,
    /// From when.
    pub begins: When,
    /// Until when, not included; for a time without an end the same as the beginning.
    pub ends: When,
    /// How certain it is.
    pub status: Status,
    /// Which change of the event this is.
    pub sequence: i64,
    /// When it was written.
    pub stamp: Option<Timestamp>,
    /// What sort of thing, in the writer's words.
    pub categories: Vec<String>,
}
