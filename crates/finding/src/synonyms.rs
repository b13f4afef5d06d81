//! Words that mean the same, as people have taught the search: sets that go both ways, and words that also mean others.

use crate::Analyser;
use crate::words;
use serde::Deserialize;

/// More sets than this are not taken in.
const SETS_MAX: usize = 5_000;
/// A phrase has no more words than this.
const PHRASE_WORDS_MAX: usize = 6;

/// A set of words or phrases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymSet {
    /// What is asked for.
    pub words: Vec<String>,
    /// What is then looked for, too. When it is empty the set goes both ways: each of `words` means the others.
    #[serde(default)]
    pub means: Vec<String>,
}

impl SynonymSet {
    /// A set that goes both ways.
    #[must_use]
    pub const fn both_ways(words: Vec<String>) -> Self {
        Self { words, means: Vec::new() }
    }
}

/// One word, folded, with its stem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub folded: String,
    pub stem: String,
}

/// A phrase and what it also means.
#[derive(Debug)]
struct Rule {
    asked: Vec<String>,
    also: Vec<Vec<Said>>,
}

/// All that has been taught.
#[derive(Debug, Default)]
pub struct Synonyms {
    rules: Vec<Rule>,
}

/// A place in a question where something has another name.
#[derive(Debug)]
pub(crate) struct Other<'a> {
    /// The first word it stands for, counted from 0.
    pub at: usize,
    /// How many words it stands for.
    pub words: usize,
    /// The other name.
    pub phrase: &'a [Said],
}

impl Synonyms {
    /// From sets of words. What holds no word is left out.
    #[must_use]
    pub fn new(sets: &[SynonymSet], analyser: &Analyser) -> Self {
        let phrase = |text: &String| -> Vec<Said> {
            words::split(text)
                .take(PHRASE_WORDS_MAX)
                .map(|word| Said { stem: analyser.stem(&word.folded), folded: word.folded })
                .collect()
        };
        let mut rules = Vec::new();
        for set in sets.iter().take(SETS_MAX) {
            let asked: Vec<Vec<Said>> = set.words.iter().map(phrase).filter(|p| !p.is_empty()).collect();
            let means: Vec<Vec<Said>> = set.means.iter().map(phrase).filter(|p| !p.is_empty()).collect();
            for one in &asked {
                let others = if means.is_empty() { &asked } else { &means };
                let also: Vec<Vec<Said>> = others.iter().filter(|other| *other != one).cloned().collect();
                if !also.is_empty() {
                    rules.push(Rule { asked: one.iter().map(|said| said.stem.clone()).collect(), also });
                }
            }
        }
        Self { rules }
    }

    /// The other names of what stands in a question, given its words' stems.
    pub(crate) fn others<'a>(&'a self, stems: &[&str]) -> Vec<Other<'a>> {
        let mut others = Vec::new();
        for rule in &self.rules {
            let words = rule.asked.len();
            let at = stems.windows(words).position(|window| window.iter().eq(rule.asked.iter()));
            if let Some(at) = at {
                others.extend(rule.also.iter().map(|phrase| Other { at, words, phrase }));
            }
        }
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str], means: &[&str]) -> SynonymSet {
        let owned = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        SynonymSet { words: owned(words), means: owned(means) }
    }

    fn others(synonyms: &Synonyms, stems: &[&str]) -> Vec<String> {
        let joined = |other: Other<'_>| {
            other.phrase.iter().map(|said| said.folded.as_str()).collect::<Vec<_>>().join(" ")
        };
        synonyms.others(stems).into_iter().map(joined).collect()
    }

    #[test]
    fn a_set_goes_both_ways_unless_it_says_what_is_meant() {
        let sets =
            [set(&["dagis", "förskola"], &[]), set(&["skräp"], &["nedskräpning"]), set(&["", "!"], &["x"])];
        let synonyms = Synonyms::new(&sets, &Analyser::default());
        assert_eq!(others(&synonyms, &["sök", "dagis"]), ["förskola"]);
        assert_eq!(others(&synonyms, &["förskol"]), ["dagis"]);
        assert_eq!(others(&synonyms, &["skräp"]), ["nedskräpning"]);
        assert_eq!(others(&synonyms, &["nedskräpning"]), Vec::<String>::new());
    }

    #[test]
    fn a_phrase_is_met_as_a_whole() {
        let synonyms = Synonyms::new(&[set(&["god man", "förvaltare"], &[])], &Analyser::default());
        assert_eq!(others(&synonyms, &["god", "man"]), ["förvaltare"]);
        assert_eq!(others(&synonyms, &["god", "katt"]), Vec::<String>::new());
    }
}
