//! Processes: cases that run through steps, each with its term, its form, its letter or its booked time. A definition is
//! a file that a manager reads and edits; running cases keep the version they began with.

pub mod condition;
pub mod definition;
pub mod form;
pub mod limits;
mod near;
pub mod run;
pub mod template;
pub mod walk;
