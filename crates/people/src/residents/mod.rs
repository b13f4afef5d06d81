//! Residents: whoever contacts the municipality.

pub mod commands;
pub mod model;
pub mod queries;

pub use model::{ChangeResident, Reach, Resident, SEARCH_RESULTS_MAX, Search};

#[cfg(test)]
mod tests;
