//! Correspondence: e-mail and web questions, and visits to the desk.
//!
//! A letter that comes in is **filed** by one pure decision ([`filing`]): it is an officer's answer, a report of a letter
//! that did not arrive, a machine's, an answer in a conversation by somebody who has part in it, or something new. What
//! it is about is told by Message-IDs and signed addresses, never by the subject line.
//!
//! A resident who has written **waits** until somebody has answered, or has closed the conversation with an outcome. The
//! measure of the two working days ([`clock`]) counts waits: each from the first letter nobody had answered to what
//! ended it. Acknowledgements by a machine end nothing; spam counts for nothing; a wait that is over its day and still
//! goes on counts as not in time, so that leaving the late ones for last does not look well.
//!
//! Answers are written in a **draft** that all guides share, kept in versions and [merged](merge) when two write at once.

pub mod clock;
pub mod commands;
mod error;
pub mod filing;
mod incoming;
pub mod merge;
mod model;
pub mod placeholders;
pub mod queries;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use error::CorrespondenceError;
pub use incoming::{Address, Incoming, IncomingKind, Part, RefusedPart};
pub use model::*;
