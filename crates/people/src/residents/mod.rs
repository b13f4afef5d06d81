//! Residents: whoever contacts the municipality.

pub mod commands;
pub mod model;
pub mod protection;
pub mod queries;

pub use commands::{change, find_or_create, find_or_create_by_telephone};
pub use model::{ChangeResident, Reach, Resident, SEARCH_RESULTS_MAX, Search};

#[cfg(test)]
mod tests;
