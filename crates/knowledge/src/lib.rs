//! What the contact centre knows: articles that say what to answer, planned events, and the search that finds them
//! while the guide types.
//!
//! Writing goes through [`commands`], reading through [`queries`]. [`Search`] is a reader of the timeline with its own
//! cursor: it may lag behind the database, and never loses a change. [`suggest`] is the type-ahead for short lists
//! such as case types.

pub mod commands;
mod error;
mod follow;
mod index;
mod matching;
mod model;
pub mod queries;
mod search;
mod suggest;
mod text;
mod words;

pub use error::KnowledgeError;
pub use model::{Article, ArticleDraft, PlannedEvent, PlannedEventDraft};
pub use search::{Hit, QUERY_CHARS_MAX, Search};
pub use suggest::{Choice, Suggestion, suggest};
pub use text::{Block, Inline, blocks};
