//! Swedish text as words: folded to lower case with å, ä and ö kept, cut at what is neither letter nor digit, and
//! reduced to their stems.

use std::ops::Range;

/// A word in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub folded: String,
    /// Where it stands in the text it was cut from, in bytes.
    pub at: Range<usize>,
}

/// Joins a letter and the accent after it, as some keyboards and PDF files write å, ä, ö and é.
const fn compose(base: char, accent: char) -> Option<char> {
    Some(match (base, accent) {
        ('a', '\u{30a}') => 'å',
        ('a', '\u{308}') => 'ä',
        ('o', '\u{308}') => 'ö',
        ('e', '\u{301}') => 'é',
        ('u', '\u{308}') => 'ü',
        _ => return None,
    })
}

/// Lower case, with å, ä, ö as single letters.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match folded.chars().next_back().and_then(|last| compose(last, c)) {
            Some(joined) => {
                folded.pop();
                folded.push(joined);
            }
            None => folded.push(c),
        }
    }
    folded
}

/// A folded word as somebody writes it who has no Swedish keyboard: `återvinning` is `atervinning`.
#[must_use]
pub fn bare(folded: &str) -> String {
    folded
        .chars()
        .map(|c| match c {
            'å' | 'ä' | 'à' | 'á' | 'æ' => 'a',
            'ö' | 'ø' | 'ó' => 'o',
            'é' | 'è' | 'ë' => 'e',
            'ü' => 'u',
            other => other,
        })
        .collect()
}

fn belongs_to_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// The words of `text`, in order.
pub fn split(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let begin = rest + text[rest..].find(belongs_to_word)?;
        let end = text[begin..].find(|c| !belongs_to_word(c)).map_or(text.len(), |n| begin + n);
        rest = end;
        Some(Word { folded: fold(&text[begin..end]), at: begin..end })
    })
}

/// Whether the "an" at the end of a folded word is the definite form of a word in "a", such as "soffan". What ends in
/// "plan" and its like is not, but "blomman" is.
fn is_definite(folded: &str) -> bool {
    const DEFINITE_CHARS_MIN: usize = 5;
    const NOT_DEFINITE: &[&str] = &["plan", "man", "kran", "gran", "span", "organ", "ovan", "utan"];
    folded.ends_with("an")
        && folded.chars().count() >= DEFINITE_CHARS_MIN
        && (folded.ends_with("mman") || !NOT_DEFINITE.iter().any(|ending| folded.ends_with(ending)))
}

/// A folded word without the "et" of its definite form, where that follows two consonants: "larmet", "avloppet",
/// "tillståndets". What follows one is left to the Snowball rules, which know when it belongs to the word ("staket").
fn without_neuter(folded: &str) -> Option<&str> {
    const REST_CHARS_MIN: usize = 3;
    let rest = folded.strip_suffix("ets").or_else(|| folded.strip_suffix("et"))?;
    let mut backwards = rest.chars().rev();
    let consonant = |c: char| c.is_alphabetic() && !"aeiouyåäö".contains(c);
    let follows_two =
        backwards.next().is_some_and(|c| consonant(c) && c != 'h') && backwards.next().is_some_and(consonant);
    (follows_two && rest.chars().count() >= REST_CHARS_MIN).then_some(rest)
}

/// The stem of a folded word, by the Snowball rules for Swedish and three of our own, for what they leave as it is and
/// residents say all the time: the definite forms "soffan" and "larmet", and the double m of "hemmet" and "rummen".
#[must_use]
pub fn stem(folded: &str) -> String {
    let word = match without_neuter(folded) {
        Some(rest) => rest,
        None if is_definite(folded) => folded.trim_end_matches('n'),
        None => folded,
    };
    let mut stem = frostem::Stemmer::new(frostem::Algorithm::Swedish).stem(word).into_owned();
    if stem.ends_with("mm") {
        stem.pop();
    }
    stem
}

/// A word with its stem, which takes longer to find than anything else that is asked of a word.
#[derive(Clone, Debug)]
pub struct Stemmed {
    /// The word, folded.
    pub folded: String,
    /// Its stem.
    pub stem: String,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// The words of `text` with their stems, in order.
pub fn stemmed(text: &str) -> impl Iterator<Item = Stemmed> + '_ {
    split(text).map(|Word { folded, at }| Stemmed { stem: stem(&folded), folded, at })
}

/// Words so common in questions that they say nothing of what is asked: those that hold a Swedish sentence together,
/// and what people say when they ask for something.
const COMMON: &[&str] = &[
    "alla", "allt", "andra", "att", "av", "blev", "bli", "blir", "blivit", "bör", "de", "dem", "den",
    "denna", "deras", "dess", "dessa", "det", "detta", "dig", "din", "dina", "ditt", "du", "där", "då",
    "eftersom", "ej", "eller", "en", "er", "era", "ert", "ett", "fast", "finns", "fråga", "från", "få",
    "får", "för", "ge", "genom", "ger", "gäller", "gör", "göra", "ha", "hade", "han", "hans", "har", "hej",
    "hennes", "hon", "honom", "hos", "hur", "här", "i", "igen", "in", "ingen", "inget", "inte", "ja", "jag",
    "ju", "kan", "kanske", "kommer", "kunde", "kunna", "man", "med", "mellan", "men", "mig", "min", "mina",
    "mitt", "mot", "mycket", "måste", "ni", "nog", "nu", "när", "nästa", "någon", "något", "några", "och",
    "också", "om", "oss", "på", "ringa", "sedan", "sen", "sig", "sin", "sina", "sitt", "ska", "skall",
    "skulle", "som", "så", "sådan", "tack", "till", "under", "undrar", "upp", "ut", "utan", "vad", "var",
    "vara", "varför", "varit", "vart", "vem", "vet", "vi", "vid", "vilka", "vilken", "vilket", "vill", "vår",
    "våra", "vårt", "än", "är", "även", "åt", "över",
];

/// Whether a folded word is so common that it says nothing of what is asked.
#[must_use]
pub fn is_common(folded: &str) -> bool {
    COMMON.binary_search(&folded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        split(text).map(|w| w.folded).collect()
    }

    #[test]
    fn words_are_cut_and_folded_with_their_swedish_letters() {
        assert_eq!(
            words("VA-avbrott på Ångströms väg 3b!"),
            ["va", "avbrott", "på", "ångströms", "väg", "3b"]
        );
        assert_eq!(words("  "), Vec::<String>::new());
        let text = "Sno\u{308}ro\u{308}jning idag";
        assert_eq!(words(text), ["snöröjning", "idag"]);
        assert_eq!(split(text).nth(1).map(|w| &text[w.at]), Some("idag"));
        assert_eq!(bare("återvinningsö"), "atervinningso");
    }

    #[test]
    fn inflections_meet_in_the_stem() {
        for (a, b) in [
            ("bygglov", "bygglovet"),
            ("gatlampa", "gatlampor"),
            ("parkering", "parkeringarna"),
            ("förskola", "förskolan"),
            ("detaljplan", "detaljplanen"),
            ("blomman", "blommor"),
            ("ansökan", "ansöker"),
            ("trygghetslarmet", "trygghetslarm"),
            ("avloppets", "avlopp"),
            ("hemmet", "hem"),
            ("rummen", "rum"),
            ("staketet", "staket"),
        ] {
            assert_eq!(stem(a), stem(b));
        }
    }

    #[test]
    fn the_common_words_are_in_order_and_found() {
        assert!(COMMON.is_sorted(), "the list is searched in halves");
        assert!(COMMON.iter().all(|word| is_common(word)));
        assert!(!is_common("bygglov") && !is_common(""));
    }
}
