//! What somebody asks for, as the three rankers look for it.

use crate::analysis::{Analyser, WORD_CHARS_MAX, grams};
use crate::matching::{Asked, Meaning};
use crate::postings::Kind;
use crate::ranking::Ranking;
use crate::synonyms::{Said, Synonyms};
use crate::vocabulary::Vocabulary;
use crate::words;

/// More of a query than this is left out.
pub const QUERY_CHARS_MAX: usize = 400;
/// More telling words than this in one query are left out.
pub const QUERY_WORDS_MAX: usize = 32;
/// An unfinished word is taken for the beginning of at most so many.
const BEGINNINGS_MAX: usize = 40;
/// A word that nobody has written is taken for a slip of at most so many.
const NEAR_MAX: usize = 3;
/// A part is looked for in at most so many compounds.
const COMPOUNDS_MAX: usize = 60;
/// The shortest stem that is looked for within compounds.
const WITHIN_CHARS_MIN: usize = 3;
/// What a word counts that an unfinished one may become: if what is typed is no word, and if it is.
const BEGINNING_WEIGHT: f32 = 0.8;
const LONGER_WEIGHT: f32 = 0.4;

/// Something that a text may speak of in several words.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// The words, with what each counts against the best, 0 to 1.
    pub terms: Vec<(Kind, String, f32)>,
    /// What it counts against the other slots.
    pub importance: f32,
    /// Whether it was asked for as such: what was not, adds to a text's worth and is not missed.
    pub asked: bool,
}

/// A question as the rankers look for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    pub stems: Vec<Slot>,
    pub parts: Vec<Slot>,
    pub grams: Vec<Slot>,
}

/// A telling word of a question.
struct Telling {
    folded: String,
    stem: String,
    /// Stems it stands for, its own among them, with what each counts.
    stems: Vec<(String, f32)>,
    /// Words it was probably meant to be.
    meant: Vec<(String, f32)>,
    parts: Vec<String>,
    unfinished: bool,
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    analyser: &'a Analyser,
    ranking: &'a Ranking,
}

impl Question {
    pub fn of(
        query: &str,
        vocabulary: &Vocabulary,
        analyser: &Analyser,
        synonyms: &Synonyms,
        ranking: &Ranking,
    ) -> Self {
        let reader = Reader { vocabulary, analyser, ranking };
        let mut telling = reader.telling(query);
        let others = if ranking.synonyms { reader.others(synonyms, query) } else { Vec::new() };
        let mut phrases: Vec<Vec<Said>> = Vec::new();
        for (asked, phrase) in others {
            match (asked.as_slice(), phrase.as_slice()) {
                // A word for a word: one thing with two names, of which either will do.
                ([one], [other]) if telling.iter().any(|word| word.stem == *one) => {
                    for word in telling.iter_mut().filter(|word| word.stem == *one) {
                        put(&mut word.stems, other.stem.clone(), ranking.synonym);
                    }
                    phrases.push(phrase);
                }
                _ => phrases.push(phrase),
            }
        }
        let mut question = Self::default();
        for word in &telling {
            reader.ask(&mut question, word);
        }
        for phrase in &phrases {
            reader.ask_also(&mut question, phrase);
        }
        question
    }
}

/// What a query asks for, to be recognised in a text.
pub(crate) fn meaning(
    query: &str,
    vocabulary: &Vocabulary,
    analyser: &Analyser,
    synonyms: &Synonyms,
) -> Meaning {
    let reader = Reader { vocabulary, analyser, ranking: &Ranking::SHIPPED };
    let mut things: Vec<Vec<Asked>> = Vec::new();
    let telling = reader.telling(query);
    for word in &telling {
        let own = Asked {
            folded: word.folded.clone(),
            stem: word.stem.clone(),
            parts: word.parts.clone(),
            unfinished: word.unfinished,
        };
        let meant = word.meant.iter().map(|(meant, _)| Asked::meant(meant, analyser.stem(meant)));
        things.push(std::iter::once(own).chain(meant).collect());
    }
    for (asked, phrase) in reader.others(synonyms, query) {
        let at = telling.iter().position(|word| asked.contains(&word.stem));
        if let Some(thing) = at.and_then(|at| things.get_mut(at)) {
            let telling = phrase.into_iter().filter(|said| !words::is_common(&said.folded));
            thing.extend(telling.map(|said| Asked::meant(&said.folded, said.stem)));
        }
    }
    Meaning { things }
}

impl Reader<'_> {
    /// The words that tell what is asked. What is so common that it says nothing is left out, unless nothing else is
    /// said.
    fn telling(&self, query: &str) -> Vec<Telling> {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let ended = query.ends_with(|c: char| !c.is_alphanumeric());
        let mut all: Vec<String> =
            words::split(&query).map(|word| word.folded.chars().take(WORD_CHARS_MAX).collect()).collect();
        let last = all.last().cloned().filter(|_| !ended);
        if all.iter().any(|word| !words::is_common(word)) {
            all.retain(|word| !words::is_common(word));
        }
        let mut once: Vec<String> = Vec::new();
        for word in all {
            if !once.contains(&word) {
                once.push(word);
            }
        }
        once.truncate(QUERY_WORDS_MAX);
        let mut telling: Vec<Telling> =
            once.into_iter().map(|word| self.word(word.clone(), last.as_ref() == Some(&word))).collect();
        // A slip of a common word tells as little as the word.
        let says_nothing =
            |word: &Telling| !word.meant.is_empty() && word.meant.iter().all(|(m, _)| words::is_common(m));
        if telling.iter().any(|word| !says_nothing(word)) {
            telling.retain(|word| !says_nothing(word));
        }
        telling
    }

    fn word(&self, folded: String, unfinished: bool) -> Telling {
        let stem = self.analyser.stem(&folded);
        let mut stems = vec![(stem.clone(), 1.0)];
        let parts = self.vocabulary.parts_of(&folded, self.analyser);
        let known = self.vocabulary.has_stem(&stem) || self.vocabulary.has_part(&stem);
        let made_of_known =
            parts.iter().any(|part| self.vocabulary.has_stem(part) || self.vocabulary.has_part(part));
        let mut meant = Vec::new();
        if self.ranking.slips {
            let mut begun = false;
            if unfinished {
                begun = self.add_beginnings(&mut stems, &folded, known);
            }
            if !known && !made_of_known && !begun {
                for near in self.vocabulary.near(&folded, unfinished, NEAR_MAX) {
                    put(&mut stems, near.stem.to_string(), near.weight);
                    meant.push((near.word.to_string(), near.weight));
                }
            }
        }
        Telling { folded, stem, stems, meant, parts, unfinished }
    }

    /// What an unfinished word may become. Returns whether it is the beginning of anything.
    fn add_beginnings(&self, stems: &mut Vec<(String, f32)>, folded: &str, known: bool) -> bool {
        // "soporn" on its way to "soporna" has no stem of its own, so the endings that may be coming are tried.
        for ending in ["a", "t", "n", "r", "s"] {
            let stem = self.analyser.stem(&format!("{folded}{ending}"));
            if stem.len() < folded.len() && self.vocabulary.has_stem(&stem) {
                put(stems, stem, 1.0);
            }
        }
        let weight = if known { LONGER_WEIGHT } else { BEGINNING_WEIGHT };
        let begun = self.vocabulary.beginning(folded, BEGINNINGS_MAX);
        for word in &begun {
            put(stems, word.stem.to_string(), weight);
        }
        !begun.is_empty()
    }

    /// What the words of a query are also called.
    fn others(&self, synonyms: &Synonyms, query: &str) -> Vec<(Vec<String>, Vec<Said>)> {
        let stems: Vec<String> = words::split(query)
            .take(QUERY_CHARS_MAX)
            .map(|word| self.analyser.stem(&word.folded.chars().take(WORD_CHARS_MAX).collect::<String>()))
            .collect();
        let stems: Vec<&str> = stems.iter().map(String::as_str).collect();
        synonyms
            .others(&stems)
            .into_iter()
            .map(|other| {
                let asked = stems[other.at..other.at + other.words].iter().map(|stem| (*stem).to_owned());
                (asked.collect(), other.phrase.to_vec())
            })
            .collect()
    }

    fn ask(&self, question: &mut Question, word: &Telling) {
        let stems = word.stems.iter().map(|(stem, weight)| (Kind::Stem, stem.clone(), *weight));
        question.stems.push(Slot { terms: stems.clone().collect(), importance: 1.0, asked: true });
        let mut whole: Vec<(Kind, String, f32)> = stems.collect();
        for (stem, weight) in &word.stems {
            self.add_compounds(&mut whole, stem, *weight);
        }
        question.parts.push(Slot { terms: whole, importance: 1.0, asked: true });
        let mut parts: Vec<(String, f32)> = word.parts.iter().map(|part| (part.clone(), 1.0)).collect();
        for (meant, weight) in &word.meant {
            for part in self.vocabulary.parts_of(meant, self.analyser) {
                put(&mut parts, part, *weight);
            }
        }
        for (part, weight) in parts {
            let mut terms = vec![(Kind::Stem, part.clone(), 1.0)];
            self.add_compounds(&mut terms, &part, 1.0);
            question.parts.push(Slot { terms, importance: self.ranking.part * weight, asked: true });
        }
        add_grams(&mut question.grams, &word.folded, 1.0, true);
        for (meant, weight) in &word.meant {
            add_grams(&mut question.grams, meant, *weight, false);
        }
    }

    /// Asks, too, for another name of something.
    fn ask_also(&self, question: &mut Question, phrase: &[Said]) {
        let telling: Vec<&Said> = phrase.iter().filter(|said| !words::is_common(&said.folded)).collect();
        let importance = self.ranking.synonym / many(telling.len());
        for said in telling {
            let terms = vec![(Kind::Stem, said.stem.clone(), 1.0)];
            if phrase.len() > 1 {
                question.stems.push(Slot { terms: terms.clone(), importance, asked: false });
            }
            let mut whole = terms;
            self.add_compounds(&mut whole, &said.stem, 1.0);
            question.parts.push(Slot { terms: whole, importance, asked: false });
            add_grams(&mut question.grams, &said.folded, importance, false);
        }
    }

    /// A word is also spoken of where it is a part of a compound.
    fn add_compounds(&self, terms: &mut Vec<(Kind, String, f32)>, stem: &str, weight: f32) {
        if stem.chars().count() < WITHIN_CHARS_MIN {
            return;
        }
        for compound in self.vocabulary.compounds_of(stem).take(COMPOUNDS_MAX) {
            if !terms.iter().any(|(_, term, _)| term == compound) {
                terms.push((Kind::Stem, compound.to_owned(), weight * self.ranking.within));
            }
        }
    }
}

/// Each word counts as much as any other, however many pieces it falls in; but a longer one tells more.
fn add_grams(slots: &mut Vec<Slot>, folded: &str, weight: f32, asked: bool) {
    let grams = grams(folded);
    let importance = weight / many(grams.len()).sqrt();
    for gram in grams {
        let same = |slot: &&mut Slot| slot.terms.iter().any(|(_, term, _)| *term == gram);
        match slots.iter_mut().find(same) {
            Some(slot) => slot.importance = slot.importance.max(importance),
            None => slots.push(Slot { terms: vec![(Kind::Gram, gram, 1.0)], importance, asked }),
        }
    }
}

/// Adds a term, or raises what it counts.
fn put(terms: &mut Vec<(String, f32)>, term: String, weight: f32) {
    match terms.iter_mut().find(|(known, _)| *known == term) {
        Some((_, known)) => *known = known.max(weight),
        None => terms.push((term, weight)),
    }
}

fn many(n: usize) -> f32 {
    f32::from(u16::try_from(n.max(1)).unwrap_or(u16::MAX))
}
