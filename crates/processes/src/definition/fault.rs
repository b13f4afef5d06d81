//! What can be wrong with a definition. [`crate::words::fault`] says it to people.

use crate::condition::ConditionFault;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What it is.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is longer than a definition may be.
    TooLarge,
    /// The line is not TOML; one word for what is known of why.
    Syntax(&'static str),
    /// Something that must be there is not.
    Missing {
        /// What.
        key: &'static str,
    },
    /// A key that has no meaning there; and the one that is most like it.
    UnknownKey {
        /// What is written.
        key: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// The value is of the wrong sort.
    WrongSort {
        /// Of which key.
        key: &'static str,
        /// A word for the sort it should be of.
        wanted: &'static str,
    },
    /// The text is longer than there is room for.
    TooLong {
        /// Of which key.
        key: &'static str,
        /// Most characters.
        max: usize,
    },
    /// A key or code with other signs than a-z, 0-9 and _.
    NotAKey {
        /// What is written.
        text: String,
    },
    /// A number out of range.
    OutOfRange {
        /// Of which key.
        key: &'static str,
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// Not one of the words that can be there.
    NotAWord {
        /// Of which key.
        key: &'static str,
        /// What is written.
        text: String,
        /// What can be.
        allowed: String,
    },
    /// The same key twice.
    Twice {
        /// What it is the key of: `step`, `field`, `end`, `option`.
        what: &'static str,
        /// The key.
        key: String,
        /// The line where it stands first.
        first: usize,
    },
    /// More than there may be.
    TooMany {
        /// Of what.
        what: &'static str,
        /// Most.
        max: usize,
    },
    /// The key has no meaning in a step or field of that kind.
    NotForKind {
        /// The key.
        key: String,
        /// The kind.
        kind: &'static str,
    },
    /// Not a term.
    NotATerm {
        /// What is written.
        text: String,
    },
    /// The term counts from a step that books no time before this one.
    TermFrom {
        /// What is written.
        step: String,
    },
    /// There is no step or end with that key; and the one that is most like it.
    UnknownTarget {
        /// What is written.
        key: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A step without a way on.
    NoWayOn {
        /// Its key.
        step: String,
    },
    /// The last way on has a condition or a count: if it does not apply, the case is stuck.
    DeadEnd {
        /// The step's key.
        step: String,
    },
    /// A way on after one that is always taken.
    NeverTaken {
        /// The step's key.
        step: String,
    },
    /// A step or end that no way leads to.
    Unreachable {
        /// `step` or `end`.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// Steps that can go round for ever.
    Endless {
        /// Their keys, in order.
        round: String,
    },
    /// Side by side ways meet in a step that does not gather them, or one of them comes to an end alone.
    SideBySide {
        /// Where they meet.
        key: String,
        /// The step where they part.
        from: String,
    },
    /// A step that gathers lies on a way that leads back.
    GatherInRound {
        /// Its key.
        step: String,
    },
    /// The condition cannot be read.
    Condition(ConditionFault),
    /// The answer cannot have been given when the step is reached.
    TooEarly {
        /// The field.
        field: String,
        /// The step that asks for it.
        asked_in: String,
    },
    /// There is no such case type, officer, department, resource or contractor.
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// What is written.
        text: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A `{` without its `}`.
    OpenBrace,
    /// A blank in a text that nothing fills.
    UnknownBlank {
        /// What is written.
        text: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A sensitive answer in a text that travels by mail or text message.
    SensitiveTravels {
        /// The field.
        field: String,
    },
    /// The cases of that type run through another process already.
    TypeTaken {
        /// That process's code.
        process: String,
    },
    /// What a version is published under is not what it says.
    OtherCode {
        /// What it should be.
        wanted: String,
    },
}
