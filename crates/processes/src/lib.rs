//! Processes: cases that run through steps, each with its term, its form, its letter or its booked time. A definition is
//! a file that a manager reads and edits; running cases keep the version they began with.

pub mod calendar;
pub mod commands;
pub mod compare;
pub mod condition;
pub mod definition;
mod error;
pub mod form;
pub mod jobs;
pub mod limits;
pub mod map;
mod model;
mod near;
pub mod queries;
pub mod run;
pub mod template;
pub mod walk;
pub mod words;

pub use error::ProcessesError;
pub use model::{
    BOOKING_PATH, Booking, Contractor, LinkFor, OpenStep, Process, ProcessLink, Resource, Running, STEP_PATH,
    Version,
};

#[cfg(test)]
mod tests;
