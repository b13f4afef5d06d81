//! Finding: Swedish words, and the texts that answer what is asked in them. It knows texts, not articles.
//!
//! [`words`] cuts and stems; a [`Dictionary`] tells how compounds are put together, and without one the texts' own words
//! do; an [`Index`] holds texts and finds them by stems, by parts of compounds and by pieces of words, whichever way a
//! resident happens to put it; [`suggest`] is the type-ahead for short lists; [`relevance`] measures how well all that
//! works on questions with judged answers.
//!
//! Everything here is pure: the same texts and the same question give the same answer, in whatever order the texts came.

mod analysis;
mod asked;
mod compounds;
mod dictionary;
mod index;
mod matching;
mod postings;
mod ranking;
pub mod relevance;
mod slips;
mod suggest;
mod synonyms;
#[cfg(test)]
mod tests;
mod vocabulary;
pub mod words;

pub use analysis::Analyser;
pub use asked::QUERY_CHARS_MAX;
pub use dictionary::{Dictionary, DictionaryError};
pub use index::{Asking, Entry, Found, Index};
pub use matching::Meaning;
pub use ranking::Ranking;
pub use suggest::{Choice, Suggestion, suggest};
pub use synonyms::{SynonymSet, Synonyms};
/// Why an index failed.
pub use tantivy::TantivyError as IndexError;
