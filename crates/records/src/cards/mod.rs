//! Residents' cards: two that are one person's are joined, which can be undone; one that is needed no longer is erased.
//!
//! The card that is joined to another stays as a signpost: whoever calls from its number or writes from its address is
//! found on the card that was kept.

pub mod commands;
mod queries;

pub use queries::{Merge, merges_of};
