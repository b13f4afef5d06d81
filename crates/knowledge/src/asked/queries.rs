//! All SQL of searches, gaps and synonyms.

mod gaps;
mod searches;
mod synonyms;

pub(crate) use gaps::*;
pub(crate) use searches::*;
pub use searches::{ASKED_NOW_MAX, CLICK_WEIGHT, asked_now};
pub use synonyms::{SYNONYMS_MAX, synonym, synonyms};
pub(crate) use synonyms::{delete_synonym, put_synonym};
