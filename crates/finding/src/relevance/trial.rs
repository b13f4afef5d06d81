//! Asking a set's questions, with each step of the analysis.

use super::measures::{DEPTH, Outcome, mean};
use super::set::{Question, RelevanceSet};
use super::typing::Typing;
use crate::{Analyser, Asking, Dictionary, Index, IndexError, Ranking};
use std::sync::Arc;

/// How often each question is mistyped.
const TYPED_TIMES: u64 = 3;

/// A step of the analysis.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it adds.
    pub name: &'static str,
    /// The ranking that has it.
    pub ranking: Ranking,
    /// Whether compounds are taken apart by the dictionary, if there is one.
    pub dictionary: bool,
}

const STEMS: Ranking = Ranking::STEMS;
const FULL: Ranking = Ranking::SHIPPED;

/// The steps, each adding to the one before, up to what is shipped; then single ones for comparison.
pub const STEPS: &[Step] = &[
    Step { name: "stems", ranking: STEMS, dictionary: true },
    Step { name: "+ synonyms", ranking: Ranking { synonyms: true, ..STEMS }, dictionary: true },
    Step {
        name: "+ 4-grams",
        ranking: Ranking { synonyms: true, grams: FULL.grams, stems: FULL.stems, ..STEMS },
        dictionary: true,
    },
    Step { name: "+ splitter", ranking: Ranking { slips: false, ..FULL }, dictionary: true },
    Step { name: "+ mended slips (shipped)", ranking: FULL, dictionary: true },
    Step { name: "shipped, without a dictionary", ranking: FULL, dictionary: false },
    Step {
        name: "shipped, without synonyms",
        ranking: Ranking { synonyms: false, ..FULL },
        dictionary: true,
    },
    Step {
        name: "4-grams alone",
        ranking: Ranking { stems: 0.0, parts: 0.0, synonyms: false, slips: false, ..FULL },
        dictionary: true,
    },
    Step {
        name: "splitter alone",
        ranking: Ranking { stems: 0.0, grams: 0.0, synonyms: false, slips: false, ..FULL },
        dictionary: true,
    },
];

/// How many of [`STEPS`] build on each other.
pub(crate) const LADDER: usize = 5;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Only questions that are held out, or only those that are not; all if nothing is said.
    pub held_out: Option<bool>,
    /// How they are typed.
    pub typing: Typing,
    /// Where chance begins.
    pub seed: u64,
}

/// A set with its answers in an index, with the dictionary and without.
pub struct Trial<'a> {
    set: &'a RelevanceSet,
    with: Option<Index>,
    without: Index,
}

impl<'a> Trial<'a> {
    /// Puts the answers of `set` in.
    ///
    /// # Errors
    /// When an index cannot be made.
    pub fn new(set: &'a RelevanceSet, dictionary: Option<Arc<Dictionary>>) -> Result<Self, IndexError> {
        let index = |analyser| -> Result<Index, IndexError> {
            let index = Index::new(analyser)?;
            index.set_synonyms(set.synonyms.clone());
            index.apply(&set.entries(), &[])?;
            Ok(index)
        };
        let with = dictionary.map(|dictionary| index(Analyser::new(Some(dictionary)))).transpose()?;
        Ok(Self { set, with, without: index(Analyser::default())? })
    }

    /// The set.
    #[must_use]
    pub const fn set(&self) -> &RelevanceSet {
        self.set
    }

    /// Whether there is a dictionary.
    #[must_use]
    pub const fn has_dictionary(&self) -> bool {
        self.with.is_some()
    }

    /// The questions that are asked.
    pub fn questions(&self, held_out: Option<bool>) -> impl Iterator<Item = &'a Question> {
        self.set
            .questions
            .iter()
            .filter(move |question| held_out.is_none_or(|wanted| wanted == question.held_out))
    }

    /// What came of each question; of one that is typed with slips, the mean of several tries.
    ///
    /// # Errors
    /// When the index fails.
    pub fn outcomes(&self, step: &Step, asked: Asked) -> Result<Vec<Outcome>, IndexError> {
        let mut outcomes = Vec::new();
        for (n, question) in (0_u64..).zip(self.questions(asked.held_out)) {
            let times = if asked.typing == Typing::Careful { 1 } else { TYPED_TIMES };
            let mut tries = Vec::new();
            for time in 0..times {
                let seed = asked.seed.wrapping_add(n.wrapping_mul(1_000)).wrapping_add(time);
                let typed = asked.typing.of(&question.text, seed);
                let found = self.found(step, &typed)?;
                tries.push(Outcome::of(&found, &question.judged));
            }
            outcomes.push(mean(&tries));
        }
        Ok(outcomes)
    }

    /// The ids of what is found, the best first.
    ///
    /// # Errors
    /// When the index fails.
    pub fn found(&self, step: &Step, query: &str) -> Result<Vec<&'a str>, IndexError> {
        let index = self.with.as_ref().filter(|_| step.dictionary).unwrap_or(&self.without);
        let asking = Asking { ranking: &step.ranking, ..Asking::most(DEPTH) };
        let found = index.find(query, &asking)?;
        let id = |id: u128| Some(self.set.answers.get(usize::try_from(id).ok()?)?.id.as_str());
        Ok(found.iter().filter_map(|found| id(found.id.as_u128())).collect())
    }
}
