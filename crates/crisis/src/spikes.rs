//! Sees that a queue, a topic, a place or a search rises beyond what is to be expected. Pure: it is given times and
//! counts, keeps nothing, and proposes; publishing is for people.
//!
//! # The statistic
//! Each *stream* of counts (calls to one answer group, matters of one type, reports from one square kilometre, searches
//! for one thing) is held against its own expectation, in windows of 10, 15, 30 and 60 minutes that end now: a scan over
//! the window's length (Kulldorff, *A spatial scan statistic*, 1997; Höhle and Paul, *Count data regression charts for
//! the monitoring of surveillance time series*, 2008, use the same negative binomial for single streams).
//!
//! - **Expectation** ([`Baseline`]): eight weeks by weekday and half hour, recent weeks counting for more, red days as
//!   Sundays, crises and days on which nothing was counted left out. A stream with few counts borrows the shape of the
//!   day from all streams of its sort and keeps its own level, so that a type with one matter a day has an expectation
//!   for every half hour.
//! - **Overdispersion**: some days are busier for no reason that the calendar knows. Counts are negative binomial with
//!   variance `m + (d + e) m²`, where `d` is estimated by moments from the stream's own history, drawn towards a usual value, and
//!   `e` is how uncertain the expectation itself is (a gamma-Poisson mixture; Greenwood and Yule, 1920). With little
//!   history `e` is large, and only what is far out of proportion is told.
//! - **Many streams**: the smallest tail probability over the windows, times their number, is the stream's p-value; at
//!   each look the streams are gone through by Benjamini and Hochberg (1995), at a level so low that a month of looks
//!   together has the false alarms of [`Settings`]. Looks overlap, so that this errs to the quiet side; what it comes to
//!   is measured by `cargo xtask simulate storms`.
//! - **Size**: besides being improbable it must matter: at least so many, twice what is expected.
//!
//! A stream that has been told is told again only after it has been calm for half an hour ([`follow`]).

mod baseline;
mod follow;
mod judge;
mod tail;

pub use baseline::{Baseline, Expected, Histories, History, SLOT_MINUTES, SLOTS, slot_of};
pub use follow::{Change, Going, follow};
pub use judge::{Counts, Judgement, Missed, Rise, judge};
pub use tail::at_least;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::{UnknownWord, words};

words! {
    /// What sort of thing is counted.
    Sort, "sort of stream" {
        /// Calls to an answer group, by when they came.
        Queue = "queue",
        /// Contacts in another channel, by when they came.
        Channel = "channel",
        /// Matters of a case type: contacts when they are logged, cases when they are registered.
        Topic = "topic",
        /// Cases from a square of about a kilometre.
        Place = "place",
        /// Searches for the same thing.
        Search = "search",
    }
}

/// One stream of counts: `queue:0190…`, `place:58.73,17.02`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream {
    /// What sort of thing is counted.
    pub sort: Sort,
    /// Which of them: an id or a word of ours, never what a person wrote.
    pub key: String,
}

impl Stream {
    /// Puts a stream together.
    #[must_use]
    pub fn new(sort: Sort, key: impl Into<String>) -> Self {
        Self { sort, key: key.into() }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sort, self.key)
    }
}

impl FromStr for Stream {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (sort, key) = text.split_once(':').unwrap_or((text, ""));
        Ok(Self { sort: sort.parse()?, key: key.to_owned() })
    }
}

/// How the detector is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// False alarms a month that the level of all looks together allows.
    pub false_alarms_per_month: f64,
    /// How often it looks, in minutes.
    pub look_minutes: u16,
    /// Fewer than this many in a window are never told.
    pub count_min: u32,
    /// The same for a stream of which next to nothing is known.
    pub newcomer_count_min: u32,
    /// At least so many times what is expected.
    pub ratio_min: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            false_alarms_per_month: 2.0,
            look_minutes: 1,
            count_min: 5,
            newcomer_count_min: 8,
            ratio_min: 2.0,
        }
    }
}

impl Settings {
    /// The level of one look: the share of looks at which anything may be told when nothing is happening.
    #[must_use]
    pub fn level(&self) -> f64 {
        let looks_per_month = 30.44 * 24.0 * 60.0 / f64::from(self.look_minutes.max(1));
        (self.false_alarms_per_month / looks_per_month).clamp(1e-9, 0.05)
    }
}

/// The windows, in minutes, shortest first.
pub const WINDOWS_MINUTES: [u16; 4] = [10, 15, 30, 60];
/// The longest of them: how far back the counts go that a look needs.
pub const WINDOW_MINUTES_MAX: u16 = 60;

/// What is to be expected, as last learnt: set by the task that looks, read by the pages. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Expectations(Arc<Mutex<Option<Arc<Baseline>>>>);

impl Expectations {
    /// The last that was learnt; none before the first look.
    #[must_use]
    pub fn get(&self) -> Option<Arc<Baseline>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts what has been learnt in place of what was.
    pub fn set(&self, baseline: Arc<Baseline>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(baseline);
    }
}

#[cfg(test)]
mod tests;
