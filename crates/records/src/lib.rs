//! Records: what has been opened and by whom, what is kept about a resident, what becomes of old cases, and the diary.
//!
//! This room reads and deletes in every other room's tables, since a right to see or to be forgotten stops at no crate.
//! [`tables`] names every table of the schema and what of it is a person's; a test holds it against the schema, so that
//! a new table cannot be forgotten.

pub mod cards;
pub mod diary;
mod error;
pub mod openings;
pub mod retention;
pub mod subject;
pub mod tables;

pub use error::RecordsError;

#[cfg(test)]
mod tests;
