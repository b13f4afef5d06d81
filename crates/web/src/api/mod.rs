//! The HTTP API: contacts, cases, the board and guides' states, with keys. Described by an OpenAPI document that is
//! held against the routes by a test.

pub mod board;
pub mod cases;
pub mod contacts;
pub mod document;
pub mod errands;
pub mod guides;
mod input;
pub mod open311;
pub mod problem;

pub use input::{Body, Queried, id};
