//! Searches, gaps and synonyms: what they are.

use crate::SynonymSet;
use vocabulary::{
    AnyId, ArticleId, GapId, GenericUuid as _, KnowledgeTaskId, SearchId, SynonymId, Timestamp,
};

/// A search whose best hit speaks of less than this share of what was asked has found nothing: with parts of words and slips
/// taken into account, nearly every question finds something.
pub const WEAK_SHARE: f32 = 0.20;

vocabulary::words! {
    /// Where somebody searched.
    Place, "place of a search" {
        /// In the contact centre.
        Guide = "guide",
        /// On the public site.
        Public = "public",
    }
}

vocabulary::words! {
    /// How something is missed.
    GapKind, "kind of gap" {
        /// Nothing is found.
        NoHit = "no_hit",
        /// Something is found, and nobody opens it.
        NoClick = "no_click",
        /// Something is found, and whoever searched asks a person all the same.
        Contact = "contact",
    }
}

storage::word_value!(Place, GapKind);

/// A search that has settled: sent, or not changed for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// Where.
    pub place: Place,
    /// What was typed, as it was typed; it is masked before anything else is done with it.
    pub query: String,
    /// What was shown, the best first.
    pub shown: Vec<ArticleId>,
    /// How much of the question the best of them speaks of, 0 to 1; below [`WEAK_SHARE`] it counts as nothing.
    pub share: f32,
    /// The search that the page already has, which this one may have grown out of.
    pub before: Option<SearchId>,
}

/// What was done about a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody has it as a task.
    Task(KnowledgeTaskId),
    /// An article was written, or begun.
    Article(ArticleId),
    /// The search was taught a synonym.
    Synonym(SynonymId),
}

impl Act {
    /// The word for it in the table.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Task(_) => "task",
            Self::Article(_) => "article",
            Self::Synonym(_) => "synonym",
        }
    }

    /// The id of what was made.
    #[must_use]
    pub fn subject(self) -> AnyId {
        match self {
            Self::Task(id) => id.into_untyped_uuid(),
            Self::Article(id) => id.into_untyped_uuid(),
            Self::Synonym(id) => id.into_untyped_uuid(),
        }
    }

    pub(crate) fn read(kind: &str, subject: AnyId) -> Option<Self> {
        Some(match kind {
            "task" => Self::Task(KnowledgeTaskId::from_untyped_uuid(subject)),
            "article" => Self::Article(ArticleId::from_untyped_uuid(subject)),
            "synonym" => Self::Synonym(SynonymId::from_untyped_uuid(subject)),
            _ => return None,
        })
    }
}

/// Words that mean the same in a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// Its id.
    pub id: SynonymId,
    /// Words or phrases, folded.
    pub words: Vec<String>,
    /// What is also found when one of `words` is asked for; empty when each of `words` means the others.
    pub means: Vec<String>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

impl Synonym {
    /// As the search takes it.
    #[must_use]
    pub fn set(&self) -> SynonymSet {
        SynonymSet { words: self.words.clone(), means: self.means.clone() }
    }
}

/// The id of the gap with this form: always the same for the same form. A hash (FNV-1a, 128 bits), which names a gap and guards
/// nothing.
pub(crate) fn gap_id(form: &str) -> GapId {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in form.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
    }
    GapId::from_untyped_uuid(AnyId::from_u128(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv_as_published() {
        // The test vectors of draft-eastlake-fnv: FNV-1a, 128 bits, of "" and "a".
        assert_eq!(gap_id("").into_untyped_uuid().as_u128(), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(gap_id("a").into_untyped_uuid().as_u128(), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
