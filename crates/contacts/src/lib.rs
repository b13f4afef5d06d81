//! Contacts: calls, e-mails, web questions and visits, one row each, from arrival to the log a guide writes in seconds.
//!
//! A call's row follows what routing decides: the floor calls [`commands::arrive`] and the `mark_` commands in the
//! transaction in which it journals. Each may come twice; the second changes nothing. A contact in another channel is
//! registered at once, as ended and handled.

pub mod commands;
mod error;
pub mod figures;
mod model;
pub mod queries;
mod sight;

#[cfg(test)]
mod tests;

pub use error::ContactsError;
pub use figures::{CallFigures, GroupFigures, HourFigures};
pub use model::{
    Arrive, Contact, ContactLine, Cursor, Ending, LIST_MAX, Log, NOTE_CHARS_MAX, Page, Register,
    SERVICE_THRESHOLD, TakeIn,
};
