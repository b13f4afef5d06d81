//! The keys of the keyboard that do something, and what people have made of them.

pub mod commands;
mod model;
pub mod queries;

pub use model::{Chord, Conflict, NotAChord, Shortcut, conflict};

#[cfg(test)]
mod tests;
