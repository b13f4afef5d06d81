//! What is searched, and what is missed.
//!
//! Every settled search is kept without anything personal: [`masked`], at the whole hour, under a random id that only the page
//! which searched knows. [`commands::searched`] writes it, [`commands::clicked`] and [`commands::became_contact`] say what came
//! of it. No timeline entry is made of a search, for the timeline says who did what.
//!
//! What is searched and not found becomes a gap ([`gaps`]): the variants of one question in one line. Somebody takes it on: a
//! task, an article, a synonym. Afterwards [`helped`] says whether it is missed less, and whether fewer call about it.

mod cluster;
pub mod commands;
mod draft;
mod form;
pub mod gaps;
pub mod helped;
pub mod jobs;
mod masking;
mod model;
pub mod queries;
#[cfg(test)]
mod tests;

pub use draft::{SYNONYM_WORDS_MAX, SynonymDraft, SynonymFault};
pub use form::form_of;
pub use masking::{Names, TYPED_CHARS_MAX, masked};
pub use model::{Act, GapKind, Place, Searched, Synonym, WEAK_SHARE};
