//! What is wrong with a calendar, and on which line.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Fault {
    /// The line of the file, counted from 1, where what cannot be read begins.
    pub line: usize,
    /// What is wrong.
    pub kind: FaultKind,
    /// What stands there, cut short.
    pub found: String,
}

/// Most characters of the file that a fault repeats.
const FOUND_CHARS_MAX: usize = 60;

impl Fault {
    /// A fault, with what stands there.
    #[must_use]
    pub fn new(line: usize, kind: FaultKind, found: &str) -> Self {
        let found = found.chars().filter(|c| !c.is_control()).take(FOUND_CHARS_MAX).collect();
        Self { line, kind, found }
    }
}

vocabulary::words! {
    /// What is wrong.
    FaultKind, "calendar fault" {
        /// Nothing in it, or something else than a calendar.
        NoCalendar = "no_calendar",
        /// Larger than what is read.
        TooLarge = "too_large",
        /// More events or lines than what is read.
        TooMany = "too_many",
        /// A line without a colon between name and value.
        NoColon = "no_colon",
        /// A quotation mark that is never closed.
        OpenQuote = "open_quote",
        /// An END without its BEGIN, or of something else than what was begun.
        Unbalanced = "unbalanced",
        /// The file ends in the middle.
        CutOff = "cut_off",
        /// An event without UID.
        NoUid = "no_uid",
        /// An event without a beginning.
        NoStart = "no_start",
        /// Something that must stand once stands twice.
        Twice = "twice",
        /// Neither a day nor a time.
        NotATime = "not_a_time",
        /// Not a duration.
        NotADuration = "not_a_duration",
        /// A time zone that nobody knows and the file does not describe.
        UnknownZone = "unknown_zone",
        /// It ends before it begins.
        EndsBefore = "ends_before",
        /// A rule of repetition that cannot be read.
        NotARule = "not_a_rule",
        /// A rule of repetition of a kind that is not followed.
        RuleNotFollowed = "rule_not_followed",
        /// A rule whose days are too far apart to be found.
        RuleTooLong = "rule_too_long",
        /// A number that is none, or out of range.
        NotANumber = "not_a_number",
    }
}

impl From<FaultKind> for String {
    fn from(kind: FaultKind) -> Self {
        kind.as_str().to_owned()
    }
}

impl Fault {
    /// The line and the word, for logs: without what stands there.
    pub fn short(&self) -> impl fmt::Display + '_ {
        format!("{} in line {}", self.kind, self.line)
    }
}
