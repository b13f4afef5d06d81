//! iCalendar (RFC 5545), read and written. Pure: text in, events and faults out.
//!
//! What is broken is said with the line it stands on. A fault in one event leaves out that event; a fault in how the file
//! is built refuses it whole, since half a calendar looks like one from which events have been taken away.

mod component;
mod expand;
mod fault;
mod lines;
mod occurrence;
mod read;
mod rule;
mod when;
mod windows;
mod write;
mod zone;

pub use component::{Component, parse};
pub use fault::{Fault, FaultKind};
pub use lines::{Property, unfolded};
pub use occurrence::{Occurrence, Status};
pub use read::{Reading, Window, read};
pub use rule::{Frequency, Rule};
pub use when::When;
pub use write::{Calendar, Entry, EntryStatus, write};

#[cfg(test)]
mod tests;
