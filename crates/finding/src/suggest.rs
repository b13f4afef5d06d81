//! Type-ahead over a short list, such as the case types: a pure function, fast enough to run at every key stroke.

use crate::matching::{Asked, Closeness, marks};
use crate::words;
use std::ops::Range;

/// What a choice can be found by.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Its short code, if it has one; else empty.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Other words for it.
    pub keywords: &'a str,
}

/// A choice that fits what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which choice, counted from 0 in the order they were given.
    pub index: usize,
    /// Which parts of its name to mark, in bytes.
    pub marks: Vec<Range<usize>>,
}

/// How well one typed word fits a choice; lower is better. The order is: the code, the beginning of the name's first
/// word, of another word in the name, of a keyword, then parts of words, then slips, then halves of what was typed.
fn rank(asked: &Asked, choice: &Choice<'_>) -> Option<u32> {
    if words::fold(choice.code) == asked.folded {
        return Some(0);
    }
    let fit = |text: &str, in_name: bool| {
        words::stemmed(text)
            .enumerate()
            .filter_map(|(n, word)| {
                let (how, _) = asked.meets(&word)?;
                let first = in_name && n == 0;
                Some(match how {
                    Closeness::Same | Closeness::Beginning if first => 1,
                    Closeness::Same | Closeness::Beginning if in_name => 2,
                    Closeness::Same => 3,
                    Closeness::Beginning => 4,
                    Closeness::Within if in_name => 6,
                    Closeness::Within => 7,
                    Closeness::Typo if in_name => 9,
                    Closeness::Typo => 10,
                    Closeness::Half if in_name => 11,
                    Closeness::Half => 12,
                })
            })
            .min()
    };
    fit(choice.name, true).into_iter().chain(fit(choice.keywords, false)).min()
}

/// The choices that fit every word of `query`, the best first, equals in their given order; at most `limit`. When no
/// choice fits every word, those that fit most of them. An empty query gives the first `limit` choices.
#[must_use]
pub fn suggest<'a>(
    query: &str,
    choices: impl IntoIterator<Item = Choice<'a>>,
    limit: usize,
) -> Vec<Suggestion> {
    let asked = Asked::words(query);
    let mut fitting: Vec<(usize, u32, Suggestion)> = choices
        .into_iter()
        .enumerate()
        .filter_map(|(index, choice)| {
            let ranks: Vec<u32> = asked.iter().filter_map(|word| rank(word, &choice)).collect();
            let misses = asked.len() - ranks.len();
            (asked.is_empty() || !ranks.is_empty()).then(|| {
                let suggestion = Suggestion { index, marks: marks(asked.iter(), choice.name) };
                (misses, ranks.iter().sum(), suggestion)
            })
        })
        .collect();
    let misses_min = fitting.iter().map(|(misses, ..)| *misses).min().unwrap_or(0);
    fitting.retain(|(misses, ..)| *misses == misses_min);
    fitting.sort_by_key(|(_, rank, _)| *rank);
    fitting.into_iter().take(limit).map(|(.., suggestion)| suggestion).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &[Choice<'static>] = &[
        Choice { code: "SOP", name: "Sophämtning", keywords: "soptunna, hushållssopor, kärl" },
        Choice { code: "GROV", name: "Grovsopor", keywords: "möbler, kyl, container" },
        Choice { code: "LYS", name: "Gatubelysning, fel", keywords: "gatlampa, mörkt, lyktstolpe" },
        Choice { code: "BYGG", name: "Bygglov", keywords: "altan, staket, friggebod" },
        Choice { code: "PARK", name: "Parkering, anmärkning", keywords: "p-bot, böter" },
    ];

    fn names(query: &str) -> Vec<&'static str> {
        suggest(query, TYPES.iter().copied(), 10).into_iter().map(|s| TYPES[s.index].code).collect()
    }

    #[test]
    fn a_beginning_goes_before_a_part_and_a_part_before_a_slip() {
        assert_eq!(names("sop"), ["SOP", "GROV"]);
        assert_eq!(names("grov"), ["GROV"]);
        assert_eq!(names("bygg"), ["BYGG"]);
        assert_eq!(names("bygglåv"), ["BYGG"]);
        assert_eq!(names("gatlampor"), ["LYS"]);
        assert_eq!(names("lampa"), ["LYS"]);
        assert_eq!(names("Böter"), ["PARK"]);
        assert_eq!(names("altanbygge"), ["BYGG"]);
        assert_eq!(names("zzz"), Vec::<&str>::new());
    }

    #[test]
    fn every_word_counts_and_nothing_typed_shows_the_list() {
        assert_eq!(names("fel gatub"), ["LYS"]);
        assert_eq!(names("trasig gatlampa"), ["LYS"], "a word nobody knows does not hide the rest");
        assert_eq!(names("").len(), TYPES.len());
        assert_eq!(suggest("", TYPES.iter().copied(), 2).len(), 2);
    }

    #[test]
    fn the_code_wins_and_the_name_is_marked() {
        assert_eq!(names("park").first(), Some(&"PARK"));
        let grov = &suggest("sopor", TYPES.iter().copied(), 10);
        let marks = grov.iter().find(|s| s.index == 1).and_then(|s| s.marks.first().cloned());
        assert_eq!(marks, Some(4..9));
    }
}
