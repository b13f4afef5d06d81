//! Those who sign in: guides, traffic leaders, coaches, managers and administrators.

pub mod commands;
pub mod model;
pub mod queries;

pub use model::{CreateUser, GroupLevel, User};

#[cfg(test)]
mod tests;
