//! Who has opened what: the list the manager goes through, and what each sees of their own.
//!
//! A pattern is a reason to ask, never a judgement: whoever covers for a colleague opens cases without a call, and in a
//! small town half the residents share a family name. So it is counted with what is usual beside it, and says nothing
//! of why.

mod patterns;
pub mod queries;

pub use patterns::{Pattern, PersonSummary, summaries};

use vocabulary::{AnyId, ResidentId, Timestamp};

/// Most openings one list reads.
pub const OPENINGS_MAX: u32 = 20_000;
/// An opening belongs to a contact, or to something done with the same case or card, within so many hours of it.
pub const RELATED_WITHIN_HOURS: i64 = 24;

/// One opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When.
    pub at: Timestamp,
    /// The word for who: `user`, `api_key`, `officer` or `resident`.
    pub by_kind: String,
    /// Who; none for the house itself.
    pub by: Option<AnyId>,
    /// The user's name, if it is a user who is still there.
    pub by_name: Option<String>,
    /// The word for what: `case`, `resident`, `document`, `letter`.
    pub what: String,
    /// Its id.
    pub subject: AnyId,
    /// The number of the case it is or belongs to.
    pub case_number: Option<String>,
    /// Whose it is, if anybody's.
    pub resident: Option<ResidentId>,
    /// Whether only the sealed stub was seen.
    pub sealed: bool,
    /// Whether the resident's data are protected.
    pub protected: bool,
    /// Whether who opened also had a contact about it, or did something with it, within [`RELATED_WITHIN_HOURS`].
    pub related: bool,
    /// Whether who opened and whose it is share a family name.
    pub same_family_name: bool,
}

/// Whose openings, or openings of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Everybody's, of everything.
    All,
    /// One user's or key's.
    By(AnyId),
    /// Of one resident's card and cases.
    Resident(ResidentId),
    /// Of one case.
    Case(vocabulary::CaseId),
}

/// Whether two people, as their names are written, share a family name: the last word of it, of three letters or more.
#[must_use]
pub fn same_family_name(one: &str, other: &str) -> bool {
    let family = |name: &str| {
        name.split_whitespace()
            .next_back()
            .map(str::to_lowercase)
            .filter(|family| name.split_whitespace().count() > 1 && family.chars().count() >= 3)
    };
    family(one).is_some_and(|one| family(other) == Some(one))
}
