//! Whether, and how well, a word somebody typed meets a word in a text. The same rule marks what a search found and
//! ranks the type-ahead.

use crate::slips;
use crate::words::{self, Stemmed, Word};
use std::ops::Range;

/// Typed words shorter than this are not looked for inside other words.
const WITHIN_CHARS_MIN: usize = 3;
/// Typed words shorter than this are taken to be spelt as meant.
const TYPO_CHARS_MIN: usize = 5;
/// Typed words are taken apart into two of at least this length each.
const PART_CHARS_MIN: usize = 4;
/// More words than this in one query are left out.
const QUERY_WORDS_MAX: usize = 12;

/// A word somebody typed.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// As typed, folded.
    pub folded: String,
    /// Its stem.
    pub stem: String,
    /// The stems of what it may be made of: "dagisplats" is about "dagis".
    pub parts: Vec<String>,
    /// Whether it is perhaps not typed to its end.
    pub unfinished: bool,
}

/// The stems of the two halves of `folded`, wherever it may be cut; an "s" between them belongs to neither.
fn parts(folded: &str) -> Vec<String> {
    let cuts: Vec<usize> = folded.char_indices().map(|(at, _)| at).collect();
    let last = cuts.len().saturating_sub(PART_CHARS_MIN);
    let mut parts = Vec::new();
    for at in cuts.iter().take(last + 1).skip(PART_CHARS_MIN) {
        let (head, tail) = folded.split_at(*at);
        let joined = head.strip_suffix('s').filter(|head| head.chars().count() >= PART_CHARS_MIN);
        for part in [Some(head), joined, Some(tail)].into_iter().flatten() {
            let stem = words::stem(part);
            if stem.chars().count() >= WITHIN_CHARS_MIN && !parts.contains(&stem) {
                parts.push(stem);
            }
        }
    }
    parts
}

/// How a typed word meets another; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Closeness {
    /// The same word in some inflection.
    Same,
    /// The beginning of it.
    Beginning,
    /// A part of it, as in a compound.
    Within,
    /// One slip away.
    Typo,
    /// What it is a compound of.
    Half,
}

impl Asked {
    /// The words of a query. What is so common that it says nothing is left out, unless nothing else is said. The
    /// last word is unfinished unless something follows it.
    pub fn words(query: &str) -> Vec<Self> {
        let ended = query.ends_with(|c: char| !c.is_alphanumeric());
        let all: Vec<Word> = words::split(query).take(QUERY_WORDS_MAX).collect();
        let last = all.len().saturating_sub(1);
        let telling = |n: usize, w: &Word| !words::is_common(&w.folded) || (n == last && !ended && n > 0);
        let only_common = !all.iter().any(|w| !words::is_common(&w.folded));
        all.iter()
            .enumerate()
            .filter(|(n, w)| only_common || telling(*n, w))
            .map(|(n, w)| Self {
                folded: w.folded.clone(),
                stem: words::stem(&w.folded),
                parts: parts(&w.folded),
                unfinished: n == last && !ended,
            })
            .collect()
    }

    /// A word that something was probably meant to be, or another name of it.
    pub fn meant(folded: &str, stem: String) -> Self {
        Self { folded: folded.to_owned(), stem, parts: Vec::new(), unfinished: false }
    }

    /// Whether it is long enough to be a misspelling of something.
    pub fn may_be_typo(&self) -> bool {
        self.folded.chars().count() >= TYPO_CHARS_MIN
    }

    /// Whether it is long enough to be a part of a compound worth finding.
    pub fn may_be_part(&self) -> bool {
        self.stem.chars().count() >= WITHIN_CHARS_MIN
    }

    /// How it meets `word`, and which part of the word (bytes of its folded form) it is.
    pub fn meets(&self, word: &Stemmed) -> Option<(Closeness, Range<usize>)> {
        let (word, stem) = (word.folded.as_str(), word.stem.as_str());
        let whole = 0..word.len();
        if self.folded == word || self.stem == stem {
            return Some((Closeness::Same, whole));
        }
        if self.unfinished && word.starts_with(&self.folded) {
            return Some((Closeness::Beginning, 0..self.folded.len()));
        }
        if self.may_be_part()
            && let Some((at, part)) = self.part_of(word)
        {
            let closeness = if at == 0 { Closeness::Beginning } else { Closeness::Within };
            return Some((closeness, at..at + part));
        }
        let slip = self.may_be_typo()
            && (slips::within_one(&self.folded, word) || slips::within_one(&self.stem, stem));
        if slip {
            return Some((Closeness::Typo, whole));
        }
        let half = word.chars().count() >= PART_CHARS_MIN && self.parts.iter().any(|part| part == stem);
        half.then_some((Closeness::Half, whole))
    }

    /// Where in `word` it stands, and how much of it: the whole if it can, else the stem.
    fn part_of(&self, word: &str) -> Option<(usize, usize)> {
        word.find(&self.folded)
            .map(|at| (at, self.folded.len()))
            .or_else(|| word.find(&self.stem).map(|at| (at, self.stem.len())))
    }
}

/// Which parts of `text` (in bytes) are met by what was asked, in order and apart.
pub(crate) fn marks<'a>(asked: impl Iterator<Item = &'a Asked> + Clone, text: &str) -> Vec<Range<usize>> {
    words::stemmed(text)
        .filter_map(|word| {
            let (_, part) = asked.clone().filter_map(|a| a.meets(&word)).min_by_key(|(how, _)| *how)?;
            // Folding may change a word's length in bytes; then the parts cannot be told apart in the original.
            let exact = word.folded.len() == word.at.len();
            let within = word.at.start + part.start..word.at.start + part.end;
            Some(if exact && text.get(within.clone()).is_some() { within } else { word.at })
        })
        .collect()
}

/// What was asked for, to be recognised in a text: each thing by the words that may stand for it.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    pub(crate) things: Vec<Vec<Asked>>,
}

impl Meaning {
    /// Which parts of `text` to mark, in bytes, in order and apart.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        marks(self.things.iter().flatten(), text)
    }

    /// The sentence that answers: the first, unless another says more of what was asked and is said neither there nor
    /// in the texts `above` it, such as a title. [`None`] if there is no sentence.
    #[must_use]
    pub fn sentence<'a>(&self, above: &[&str], sentences: &[&'a str]) -> Option<&'a str> {
        let said: Vec<Stemmed> = above.iter().flat_map(|text| words::stemmed(text)).collect();
        let open: Vec<&Vec<Asked>> = self.things.iter().filter(|thing| !says(&said, thing)).collect();
        let mut best = *sentences.first()?;
        if open.is_empty() {
            return Some(best);
        }
        let mut most = 0;
        for sentence in sentences {
            let words: Vec<Stemmed> = words::stemmed(sentence).collect();
            let said = open.iter().filter(|thing| says(&words, thing)).count();
            if said > most {
                (most, best) = (said, sentence);
            }
        }
        Some(best)
    }
}

fn says(words: &[Stemmed], thing: &[Asked]) -> bool {
    words.iter().any(|word| thing.iter().any(|asked| asked.meets(word).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, text: &str) -> Vec<String> {
        marks(Asked::words(query).iter(), text).into_iter().map(|r| text[r].to_owned()).collect()
    }

    #[test]
    fn the_part_that_was_asked_for_is_marked() {
        assert_eq!(marked("sopor", "Grovsopor och soporna"), ["sopor", "soporna"]);
        assert_eq!(marked("bygl", "Ansök om bygglov"), Vec::<String>::new());
        assert_eq!(marked("byglov", "Ansök om Bygglov"), ["Bygglov"]);
        assert_eq!(marked("förskol", "Förskolor och förskolebarn"), ["Förskolor", "förskol"]);
        assert_eq!(marked("dagisplats", "Plats på dagis"), ["Plats", "dagis"]);
        assert_eq!(marked("FÖRSKOLA ", "Fo\u{308}rskola"), ["Fo\u{308}rskola"]);
    }

    #[test]
    fn common_words_count_only_when_alone() {
        let folded = |q: &str| Asked::words(q).into_iter().map(|a| a.folded).collect::<Vec<_>>();
        assert_eq!(folded("hur ansöker jag om bygglov?"), ["ansöker", "bygglov"]);
        assert_eq!(folded("var "), ["var"]);
        assert_eq!(
            folded("bygglov var"),
            ["bygglov", "var"],
            "the last word may be the beginning of another"
        );
        assert_eq!(folded(&"ord ".repeat(50)).len(), QUERY_WORDS_MAX);
    }
}
