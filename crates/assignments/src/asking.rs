//! How well what is asked fits what can be asked about. Pure.
//!
//! Each asked word weighs more the fewer entries have it (Spärck Jones 1972), and meets an entry's words in full, as a
//! beginning, inside a compound, the other way round, or one slip away. What matters is how much of the question an entry
//! covers, so that a question of which only a crumb is known gets no certain answer.

use finding::words::{Stemmed, bare, is_common, split, stem, stemmed};

/// Asked words looked at, at most.
const WORDS_MAX: usize = 10;
/// An entry that covers less of the question is no answer.
const COVERED_MIN: f64 = 0.2;
/// One that covers this much is a certain one: what nobody has written of weighs as much as what is rarest, so that
/// "hyra hoppborg" is not answered by what is written of rents.
const CERTAIN_MIN: f64 = 0.5;
/// How much it counts that an entry is about little else.
const SPECIFIC_WEIGHT: f64 = 0.1;
/// How much a keyword counts beside a word of the title.
const KEYWORD_WEIGHT: f64 = 0.95;
/// Letters before a word is looked for inside another, or another in it.
const WITHIN_CHARS_MIN: usize = 4;
/// Letters before a word may be a misspelling.
const SLIP_CHARS_MIN: usize = 5;

/// An entry's words.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    title: Vec<Stemmed>,
    keywords: Vec<Stemmed>,
}

impl Words {
    /// The words of a title and of the keywords beside it.
    pub fn new(title: &str, keywords: &str) -> Self {
        let of = |text: &str| stemmed(text).filter(|word| !is_common(&word.folded)).collect();
        Self { title: of(title), keywords: of(keywords) }
    }
}

/// How an entry fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    /// Which entry, counted from 0.
    pub index: usize,
    /// Whether it covers enough of the question to be an answer.
    pub certain: bool,
    score: f64,
}

/// One asked word.
struct Asked {
    folded: String,
    stem: String,
    /// Whether it is perhaps not typed to its end.
    unfinished: bool,
}

fn asked_words(query: &str) -> Vec<Asked> {
    let ended = query.ends_with(|c: char| !c.is_alphanumeric());
    let all: Vec<String> = split(query).map(|word| word.folded).take(WORDS_MAX).collect();
    let telling = all.iter().any(|word| !is_common(word));
    let last = all.len().saturating_sub(1);
    let mut asked: Vec<Asked> = Vec::new();
    for (n, folded) in all.iter().enumerate() {
        let skipped = telling && is_common(folded);
        if !skipped && asked.iter().all(|other| other.folded != *folded) {
            let unfinished = n == last && !ended;
            asked.push(Asked { stem: stem(folded), folded: folded.clone(), unfinished });
        }
    }
    asked
}

impl Asked {
    /// How well it meets one word: 0 to 1.
    fn meets(&self, word: &Stemmed) -> f64 {
        let long = |text: &str, min: usize| text.chars().count() >= min;
        if self.folded == word.folded || self.stem == word.stem {
            return 1.0;
        }
        if self.unfinished && long(&self.folded, 2) && word.folded.starts_with(&self.folded) {
            return 0.9;
        }
        if long(&self.stem, WITHIN_CHARS_MIN)
            && let Some(at) = word.folded.find(&self.stem)
        {
            return if at == 0 { 0.8 } else { 0.65 };
        }
        if long(&self.folded, SLIP_CHARS_MIN) && slipped(&self.folded, &word.folded) {
            return 0.6;
        }
        if long(&word.stem, WITHIN_CHARS_MIN) && self.folded.contains(&word.stem) {
            return 0.55;
        }
        0.0
    }

    fn fits(&self, words: &Words) -> f64 {
        let best = |all: &[Stemmed]| all.iter().map(|word| self.meets(word)).fold(0.0, f64::max);
        best(&words.title).max(best(&words.keywords) * KEYWORD_WEIGHT)
    }
}

/// Whether two words are the same but for one letter, or for dots and rings that were left out.
fn slipped(asked: &str, word: &str) -> bool {
    if bare(asked) == bare(word) {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (asked.chars().collect(), word.chars().collect());
    let before = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[before..], &b[before..]);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - after], &b[..b.len() - after]);
    // One letter instead of another, too many or too few; or two that have changed places.
    (a.len() <= 1 && b.len() <= 1) || matches!((a, b), ([x, y], [z, w]) if x == w && y == z)
}

/// The entries that fit, the best first, equals in their given order.
pub(crate) fn rank(query: &str, entries: &[Words]) -> Vec<Fit> {
    let asked = asked_words(query);
    if asked.is_empty() {
        return Vec::new();
    }
    let met: Vec<Vec<f64>> =
        asked.iter().map(|word| entries.iter().map(|entry| word.fits(entry)).collect()).collect();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let all = count(entries.len());
    let weights: Vec<f64> = met
        .iter()
        .map(|fits| {
            let having = fits.iter().filter(|fit| **fit > 0.0).count();
            (1.0 + all / (count(having) + 1.0)).ln()
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut fits: Vec<Fit> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| {
            let covered: f64 =
                weights.iter().zip(&met).map(|(weight, fits)| weight * fits[index]).sum::<f64>() / total;
            let hit = |word: &&Stemmed| asked.iter().any(|asked| asked.meets(word) > 0.0);
            let specific = match entry.title.len() {
                0 => 0.0,
                n => count(entry.title.iter().filter(hit).count()) / count(n),
            };
            let fit =
                Fit { index, certain: covered >= CERTAIN_MIN, score: covered + SPECIFIC_WEIGHT * specific };
            (covered >= COVERED_MIN).then_some(fit)
        })
        .collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score));
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: &[(&str, &str)] = &[
        ("Tar emot anmälningar om oplogade gator", ""),
        ("Snöröjning och halka", "plogning, sandning, vändplan"),
        ("Svarar på när sopkärlet töms", ""),
        ("Sophämtning", "soptunna, kärl, sopbil"),
        ("Beslutar om bygglov", ""),
        ("Bygglov, frågor", "altan, staket, friggebod"),
        ("1177 Vårdguiden", "läkare, feber, vårdcentral"),
    ];

    fn found(query: &str) -> Vec<(usize, bool)> {
        let entries: Vec<Words> =
            ENTRIES.iter().map(|(title, keywords)| Words::new(title, keywords)).collect();
        rank(query, &entries).into_iter().map(|fit| (fit.index, fit.certain)).collect()
    }

    #[test]
    fn the_entry_that_covers_most_comes_first() {
        for (query, index) in [
            ("oplogad gata", 0),
            ("halka", 1),
            ("vändplanen", 1),
            ("sopkärl töms", 2),
            ("soptunnan", 3),
            ("sopb", 3),
            ("vem beslutar om bygglov?", 4),
            ("altan", 5),
            ("får jag bygga staket", 5),
            ("vardcentral", 6),
            ("fbeer", 6),
        ] {
            assert_eq!(found(query).first().map(|fit| fit.0), Some(index), "{query}");
        }
    }

    #[test]
    fn a_crumb_is_no_certain_answer_and_nothing_is_none() {
        assert_eq!(found("kvasarer"), []);
        assert_eq!(found("  ?"), []);
        let crumb = found("min farbror undrar om teatern i grannstaden säljer kärl");
        assert!(crumb.iter().all(|(_, certain)| !certain), "{crumb:?}");
        assert!(found("soptunna").iter().any(|(_, certain)| *certain));
    }

    #[test]
    fn one_slip_is_forgiven() {
        assert!(slipped("bygglåv", "bygglov") && slipped("atervinning", "återvinning"));
        assert!(slipped("sopor", "sopro") && slipped("feber", "febr"));
        assert!(!slipped("bygga", "bygel") && !slipped("gata", "mata ner"));
    }
}
