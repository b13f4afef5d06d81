//! The words that the texts of an index hold: what a word may be the beginning of, what it may be a slip of, and which
//! compounds it is a part of. It says the same whatever order the texts came in.

use crate::analysis::Analyser;
use crate::compounds::{self, Learnt};
use crate::slips::{self, slips};
use crate::words;
use std::collections::{BTreeMap, HashMap};

/// A word that stands in some text.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub word: Box<str>,
    pub stem: Box<str>,
    /// The stems of its parts, if it is a compound.
    pub parts: Vec<Box<str>>,
    bare: Vec<char>,
    letters: u64,
    /// How many texts hold it.
    texts: u32,
    /// How many hold it in their title or keywords.
    headings: u32,
}

/// A word that may have been meant.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    pub word: Box<str>,
    pub stem: Box<str>,
    /// How likely, 0 to 1.
    pub weight: f32,
}

/// What is as one types it without a Swedish keyboard, and what is one and two slips away.
const BARE_WEIGHT: f32 = 0.95;
const SLIP_WEIGHTS: [f32; 3] = [0.95, 0.8, 0.55];
/// Shorter words than this are not taken for a slip, unless only the dots are missing.
const SLIP_CHARS_MIN: usize = 4;

/// The words of an index, each with a number that is its own while some text holds it.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    known: Vec<Option<Known>>,
    free: Vec<u32>,
    ids: BTreeMap<Box<str>, u32>,
    /// How many words have each stem.
    stems: HashMap<Box<str>, u32>,
    /// Which stems of compounds each part is found in, and in how many words.
    compounds: HashMap<Box<str>, BTreeMap<Box<str>, u32>>,
}

impl Vocabulary {
    /// The stem of a folded word, without working it out again if it is known.
    pub fn stem_of(&self, folded: &str, analyser: &Analyser) -> String {
        match self.get(folded) {
            Some(known) => known.stem.to_string(),
            None => analyser.stem(folded),
        }
    }

    fn get(&self, folded: &str) -> Option<&Known> {
        self.ids.get(folded).and_then(|id| self.at(*id))
    }

    fn at(&self, id: u32) -> Option<&Known> {
        self.known.get(usize::try_from(id).ok()?)?.as_ref()
    }

    fn slot(&mut self, id: u32) -> Option<&mut Option<Known>> {
        self.known.get_mut(usize::try_from(id).ok()?)
    }

    /// Notes that a text holds `folded`. Returns the word's number, and whether it is new.
    pub fn add(&mut self, folded: &str, in_heading: bool, analyser: &Analyser) -> (u32, bool) {
        if let Some(id) = self.ids.get(folded).copied() {
            if let Some(Some(known)) = self.slot(id) {
                known.texts += 1;
                known.headings += u32::from(in_heading);
            }
            return (id, false);
        }
        let known = Known {
            word: folded.into(),
            stem: analyser.stem(folded).into(),
            parts: analyser.parts(folded).into_iter().map(String::into_boxed_str).collect(),
            bare: words::bare(folded).chars().collect(),
            letters: slips::letters(&words::bare(folded)),
            texts: 1,
            headings: u32::from(in_heading),
        };
        *self.stems.entry(known.stem.clone()).or_default() += 1;
        self.note_parts(&known.stem, &known.parts);
        let id = self.free.pop().unwrap_or_else(|| {
            self.known.push(None);
            u32::try_from(self.known.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(slot) = self.slot(id) {
            *slot = Some(known);
        }
        self.ids.insert(folded.into(), id);
        (id, true)
    }

    /// Notes that a text holds a word no longer. Returns whether no text does.
    pub fn remove(&mut self, id: u32, in_heading: bool) -> bool {
        let Some(slot) = self.slot(id) else { return false };
        let Some(known) = slot else { return false };
        known.texts = known.texts.saturating_sub(1);
        known.headings = known.headings.saturating_sub(u32::from(in_heading));
        if known.texts > 0 {
            return false;
        }
        let Some(gone) = slot.take() else { return false };
        self.ids.remove(&gone.word);
        less(&mut self.stems, &gone.stem);
        self.forget_parts(&gone.stem, &gone.parts);
        self.free.push(id);
        true
    }

    fn note_parts(&mut self, stem: &str, parts: &[Box<str>]) {
        for part in parts {
            *self.compounds.entry(part.clone()).or_default().entry(stem.into()).or_default() += 1;
        }
    }

    fn forget_parts(&mut self, stem: &str, parts: &[Box<str>]) {
        for part in parts {
            if let Some(stems) = self.compounds.get_mut(part) {
                if let Some(words) = stems.get_mut(stem) {
                    *words -= 1;
                    if *words == 0 {
                        stems.remove(stem);
                    }
                }
                if stems.is_empty() {
                    self.compounds.remove(part);
                }
            }
        }
    }

    /// What the words themselves teach of how words are put together.
    pub fn learnt(&self) -> Learnt {
        Learnt::from_words(self.ids.keys().map(|word| &**word))
    }

    /// Every word, in order.
    pub fn words(&self) -> Vec<Box<str>> {
        self.ids.keys().cloned().collect()
    }

    /// Takes words apart anew, as `parts` says; what it does not name is left whole.
    pub fn take_apart(&mut self, parts: Vec<(Box<str>, Vec<String>)>) {
        self.compounds.clear();
        for known in self.known.iter_mut().flatten() {
            known.parts.clear();
        }
        for (word, parts) in parts {
            let Some(id) = self.ids.get(&word).copied() else { continue };
            let Some(Some(known)) = self.slot(id) else { continue };
            known.parts = parts.into_iter().map(String::into_boxed_str).collect();
            let (stem, parts) = (known.stem.clone(), known.parts.clone());
            self.note_parts(&stem, &parts);
        }
    }

    /// Whether some text holds a word with this stem.
    pub fn has_stem(&self, stem: &str) -> bool {
        self.stems.contains_key(stem)
    }

    /// Whether some text holds a compound with this part.
    pub fn has_part(&self, part: &str) -> bool {
        self.compounds.contains_key(part)
    }

    /// The stems of the compounds that `part` is a part of.
    pub fn compounds_of(&self, part: &str) -> impl Iterator<Item = &str> {
        self.compounds.get(part).into_iter().flat_map(|stems| stems.keys().map(|stem| &**stem))
    }

    /// The parts of a word that need not be in any text.
    pub fn parts_of(&self, folded: &str, analyser: &Analyser) -> Vec<String> {
        match self.get(folded) {
            Some(known) => known.parts.iter().map(ToString::to_string).collect(),
            None if analyser.has_dictionary() => analyser.parts(folded),
            None => compounds::parts(folded, &InTexts(self)),
        }
    }

    /// The words that begin with `beginning`, those that stand in most titles and texts first, at most `limit`.
    pub fn beginning(&self, beginning: &str, limit: usize) -> Vec<&Known> {
        let mut found: Vec<&Known> = self
            .ids
            .range::<str, _>((std::ops::Bound::Included(beginning), std::ops::Bound::Unbounded))
            .take_while(|(word, _)| word.starts_with(beginning))
            .filter_map(|(_, id)| self.at(*id))
            .collect();
        found.sort_by_key(|known| std::cmp::Reverse((known.headings, known.texts)));
        found.truncate(limit);
        found
    }

    /// The words that `folded` may be a slip of, the likeliest first, at most `limit`. For an unfinished word, also
    /// those that begin with something it is a slip of.
    pub fn near(&self, folded: &str, unfinished: bool, limit: usize) -> Vec<Meant> {
        let asked: Vec<char> = words::bare(folded).chars().collect();
        let asked_letters = slips::letters(&asked.iter().collect::<String>());
        let most = if asked.len() < SLIP_CHARS_MIN { 0 } else { slips::slips_max(asked.len()) };
        let apart_max = 2 * u32::try_from(most).unwrap_or(0);
        let mut found: Vec<(usize, &Known)> = Vec::new();
        for known in self.known.iter().flatten() {
            let missing = (asked_letters & !known.letters).count_ones();
            let fits_beginning = unfinished && missing <= apart_max / 2 && known.bare.len() > asked.len();
            let fits_whole = known.bare.len().abs_diff(asked.len()) <= most
                && (asked_letters ^ known.letters).count_ones() <= apart_max;
            let whole = if fits_whole { slips(&asked, &known.bare, most) } else { None };
            let beginning = if whole.is_none() && fits_beginning && asked.len() > SLIP_CHARS_MIN {
                // A letter that was left out or typed twice makes the beginning longer or shorter.
                (asked.len() - 1..=asked.len() + 1)
                    .filter_map(|chars| slips(&asked, known.bare.get(..chars)?, most.min(1)))
                    .min()
                    .map(|apart| apart + 1)
            } else {
                None
            };
            if let Some(apart) = whole.or(beginning) {
                found.push((apart, known));
            }
        }
        found.sort_by(|(a, x), (b, y)| {
            (a, std::cmp::Reverse((x.headings, x.texts)), &x.word).cmp(&(
                b,
                std::cmp::Reverse((y.headings, y.texts)),
                &y.word,
            ))
        });
        let nearest = found.first().map_or(0, |(apart, _)| *apart);
        found
            .into_iter()
            .take_while(|(apart, _)| *apart == nearest)
            .take(limit)
            .map(|(apart, known)| Meant {
                word: known.word.clone(),
                stem: known.stem.clone(),
                weight: SLIP_WEIGHTS.get(apart).copied().unwrap_or(0.4).min(BARE_WEIGHT),
            })
            .collect()
    }
}

/// A vocabulary as the source of parts for a word from outside it.
struct InTexts<'a>(&'a Vocabulary);

impl compounds::Parts for InTexts<'_> {
    fn head(&self, form: &str) -> Option<String> {
        compounds::linked(form, |word| self.0.ids.contains_key(word)).map(|word| words::stem(&word))
    }

    fn tail(&self, form: &str) -> Option<String> {
        let stem = words::stem(form);
        (form.chars().count() > compounds::LEARNT_CHARS_MIN && self.0.has_stem(&stem)).then_some(stem)
    }
}

fn less(counts: &mut HashMap<Box<str>, u32>, key: &str) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(words: &[&str]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for word in words {
            vocabulary.add(word, false, &Analyser::default());
        }
        vocabulary
    }

    fn near(vocabulary: &Vocabulary, word: &str, unfinished: bool) -> Vec<String> {
        vocabulary.near(word, unfinished, 5).into_iter().map(|meant| meant.word.into()).collect()
    }

    #[test]
    fn what_was_meant_is_found_by_slips_and_missing_dots() {
        let known = vocabulary(&["bygglov", "återvinning", "förskola", "sopor", "parkeringstillstånd"]);
        assert_eq!(near(&known, "byglov", false), ["bygglov"]);
        assert_eq!(near(&known, "atervinning", false), ["återvinning"]);
        assert_eq!(near(&known, "parkerinstilstånd", false), ["parkeringstillstånd"]);
        assert_eq!(near(&known, "försokla", false), ["förskola"]);
        assert_eq!(near(&known, "parkrin", true), ["parkeringstillstånd"]);
        assert!(near(&known, "parkrin", false).is_empty());
        assert!(near(&known, "qqqq", true).is_empty());
    }

    #[test]
    fn a_word_is_known_as_long_as_a_text_holds_it() {
        let analyser = Analyser::default();
        let mut known = vocabulary(&["sopor"]);
        let (id, new) = known.add("sopor", true, &analyser);
        assert!(!new && known.has_stem("sop"));
        assert!(!known.remove(id, true));
        assert!(known.remove(id, false) && !known.has_stem("sop"));
        assert!(!known.remove(id, false), "twice is once");
        assert_eq!(known.add("grus", false, &analyser), (id, true), "its number is used again");
        assert_eq!(known.beginning("gr", 5).len(), 1);
    }
}
