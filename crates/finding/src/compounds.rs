//! Taking compounds apart: "gatubelysningen" is about "gata" and "belysning". By a dictionary where there is one, and
//! else by the words that the articles themselves hold.

use crate::dictionary::Dictionary;
use std::collections::HashSet;

/// Shorter words are not taken apart.
const COMPOUND_CHARS_MIN: usize = 6;
/// Longer words are not taken apart: nobody writes them.
const COMPOUND_CHARS_MAX: usize = 48;
/// No word is taken into more parts.
const PARTS_MAX: usize = 5;
/// A word may be taken apart in several ways that are equally good; no more of them are kept.
const WAYS_MAX: usize = 2;
/// The shortest part that is learnt from articles: nothing but their words tells where a part ends.
pub(crate) const LEARNT_CHARS_MIN: usize = 3;

/// What tells a beginning and an end of a compound.
pub(crate) trait Parts {
    /// The stem of the word that `form` is a compounding form of.
    fn head(&self, form: &str) -> Option<String>;
    /// The stem of `form`, if a compound may end so.
    fn tail(&self, form: &str) -> Option<String>;
}

impl Parts for Dictionary {
    fn head(&self, form: &str) -> Option<String> {
        Self::head(self, form).map(str::to_owned)
    }

    fn tail(&self, form: &str) -> Option<String> {
        Self::tail(self, form)
    }
}

/// Parts learnt from a vocabulary: what is a word of its own may begin or end another. The letters by which Swedish
/// links the two are taken off where what is left is a word.
#[derive(Debug, Default)]
pub(crate) struct Learnt {
    words: HashSet<Box<str>>,
}

impl Learnt {
    /// From folded words.
    pub fn from_words<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let long_enough =
            |word: &&str| word.chars().count() >= LEARNT_CHARS_MIN && !crate::words::is_common(word);
        Self { words: words.filter(long_enough).map(Box::from).collect() }
    }
}

/// The word that `form` is, or that it is a compounding form of: "arbets" of "arbete", "gatu" of "gata".
pub(crate) fn linked(form: &str, is_word: impl Fn(&str) -> bool) -> Option<String> {
    /// What links, and what stood there before.
    const LINKS: &[(&str, &str)] =
        &[("s", ""), ("s", "e"), ("e", "a"), ("o", "a"), ("u", "a"), ("e", ""), ("", "a"), ("", "e")];
    if form.chars().count() < LEARNT_CHARS_MIN {
        return None;
    }
    if is_word(form) {
        return Some(form.to_owned());
    }
    LINKS.iter().find_map(|(link, before)| {
        let rest = form.strip_suffix(link)?;
        let word = format!("{rest}{before}");
        (rest.chars().count() >= LEARNT_CHARS_MIN && is_word(&word)).then_some(word)
    })
}

impl Parts for Learnt {
    fn head(&self, form: &str) -> Option<String> {
        linked(form, |word| self.words.contains(word)).map(|word| crate::words::stem(&word))
    }

    fn tail(&self, form: &str) -> Option<String> {
        let is_word = form.chars().count() > LEARNT_CHARS_MIN && self.words.contains(form);
        is_word.then(|| crate::words::stem(form))
    }
}

/// The stems of the parts of a folded word; none if it is not a compound. Fewest parts win, and among those where the
/// shortest part is longest; ways that are equally good all count.
pub(crate) fn parts(folded: &str, known: &impl Parts) -> Vec<String> {
    let chars = folded.chars().count();
    if !(COMPOUND_CHARS_MIN..=COMPOUND_CHARS_MAX).contains(&chars) || !folded.chars().all(char::is_alphabetic)
    {
        return Vec::new();
    }
    let mut cuts: Vec<usize> = folded.char_indices().map(|(at, _)| at).collect();
    cuts.push(folded.len());
    let ways = ways(folded, &cuts, known);
    let Some(fewest) = ways.iter().map(|way| (way.parts.len(), std::cmp::Reverse(way.shortest))).min() else {
        return Vec::new();
    };
    let best = ways.into_iter().filter(|way| (way.parts.len(), std::cmp::Reverse(way.shortest)) == fewest);
    let mut parts = Vec::new();
    for part in best.take(WAYS_MAX).flat_map(|way| way.parts) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// A way to take the rest of a word apart.
#[derive(Clone, Debug)]
struct Way {
    parts: Vec<String>,
    /// Letters of its shortest part.
    shortest: usize,
}

/// The ways in fewest parts to take the whole word apart, found from its end.
fn ways(folded: &str, cuts: &[usize], known: &impl Parts) -> Vec<Way> {
    let end = cuts.len() - 1;
    let mut from: Vec<Vec<Way>> = vec![Vec::new(); cuts.len()];
    for i in (0..end).rev() {
        let mut here: Vec<Way> = Vec::new();
        if i > 0
            && let Some(stem) = known.tail(&folded[cuts[i]..])
        {
            here.push(Way { parts: vec![stem], shortest: end - i });
        }
        for j in i + 1..end {
            // What follows a double letter may have lost its own first: "fallucka" is "fall" and "lucka".
            let lost = j >= i + 2 && folded[cuts[j - 2]..cuts[j - 1]] == folded[cuts[j - 1]..cuts[j]];
            if from[j].is_empty() && (!lost || from[j - 1].is_empty()) {
                continue;
            }
            let Some(stem) = known.head(&folded[cuts[i]..cuts[j]]) else { continue };
            let rests = from[j].iter().chain(if lost { from[j - 1].as_slice() } else { &[] });
            here.extend(rests.filter(|rest| rest.parts.len() < PARTS_MAX).map(|rest| Way {
                parts: std::iter::once(&stem).chain(&rest.parts).cloned().collect(),
                shortest: rest.shortest.min(j - i),
            }));
        }
        here.sort_by_key(|way| (way.parts.len(), std::cmp::Reverse(way.shortest)));
        here.truncate(2 * WAYS_MAX);
        from[i] = here;
    }
    from.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(words: &[&str]) -> Learnt {
        Learnt::from_words(words.iter().copied())
    }

    #[test]
    fn learnt_parts_are_found_with_their_links() {
        let known =
            learnt(&["gata", "belysning", "arbete", "plats", "snö", "röjning", "fall", "lucka", "bil"]);
        for (word, expected) in [
            ("gatubelysning", vec!["gat", "belysning"]),
            ("arbetsplats", vec!["arbet", "plat"]),
            ("snöröjning", vec!["snö", "röjning"]),
            ("fallucka", vec!["fall", "luck"]),
            ("röjning", vec![]),
            ("bilen", vec![]),
            ("xyzxyzxyz", vec![]),
        ] {
            assert_eq!(parts(word, &known), expected, "{word}");
        }
    }

    #[test]
    fn fewest_parts_win() {
        let known = learnt(&["sko", "skola", "skolgård", "gård", "vakt"]);
        assert_eq!(parts("skolgårdsvakt", &known), ["skolgård", "vakt"]);
    }

    #[test]
    fn a_hostile_word_is_left_whole_in_no_time() {
        let known = learnt(&["aaa", "aaaa", "aaaaa", "aaaaaa"]);
        assert!(parts(&"a".repeat(200), &known).is_empty());
        assert!(parts(&"a".repeat(COMPOUND_CHARS_MAX), &known).len() <= PARTS_MAX * WAYS_MAX);
        assert!(parts("ab12cd34", &known).is_empty());
    }
}
