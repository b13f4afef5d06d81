//! What can be done with searches, gaps and synonyms.

mod gaps;
mod searches;
mod synonyms;

pub use gaps::{
    GAP_ACTED, GAP_DISMISSED, GAP_REOPENED, acted, dismiss, make_synonym, make_task, reopen, set_case_type,
};
pub use searches::{HOUR_SEARCHES_MAX, became_contact, clicked, searched};
pub use synonyms::{SYNONYMS_CHANGED, SYNONYMS_REMOVED, put_synonym, remove_synonym};
