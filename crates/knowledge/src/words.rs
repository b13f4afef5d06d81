//! Swedish text as words: folded to lower case with å, ä and ö kept, cut at what is neither letter nor digit, and
//! reduced to their stems.

use std::ops::Range;

/// A word in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word, folded.
    pub folded: String,
    /// Where it stands in the text it was cut from, in bytes.
    pub at: Range<usize>,
}

/// Joins a letter and the accent after it, as some keyboards and PDF files write å, ä, ö and é.
fn compose(base: char, accent: char) -> Option<char> {
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
pub(crate) fn fold(text: &str) -> String {
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

fn belongs_to_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// The words of `text`, in order.
pub(crate) fn split(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let begin = rest + text[rest..].find(belongs_to_word)?;
        let end = text[begin..].find(|c| !belongs_to_word(c)).map_or(text.len(), |n| begin + n);
        rest = end;
        Some(Word { folded: fold(&text[begin..end]), at: begin..end })
    })
}

/// The stem of a folded word, by the Snowball rules for Swedish and one of our own: they leave the definite form of
/// words like "soffa" and "förskola" as it is, which is how residents say them.
pub(crate) fn stem(folded: &str) -> String {
    const DEFINITE_CHARS_MIN: usize = 5;
    let definite = folded.ends_with("an") && folded.chars().count() >= DEFINITE_CHARS_MIN;
    let word = if definite { folded.trim_end_matches('n') } else { folded };
    frostem::Stemmer::new(frostem::Algorithm::Swedish).stem(word).into_owned()
}

/// A word with its stem, which takes longer to find than anything else that is asked of a word.
pub(crate) struct Stemmed {
    /// The word, folded.
    pub folded: String,
    /// Its stem.
    pub stem: String,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// The words of `text` with their stems, in order.
pub(crate) fn stemmed(text: &str) -> impl Iterator<Item = Stemmed> + '_ {
    split(text).map(|Word { folded, at }| Stemmed { stem: stem(&folded), folded, at })
}

/// Words so common in questions that they say nothing of what is asked.
pub(crate) fn is_common(folded: &str) -> bool {
    const COMMON: &[&str] = &[
        "att", "av", "blir", "bli", "de", "dem", "den", "det", "där", "då", "en", "er", "ett", "från", "får",
        "för", "ha", "har", "hos", "hur", "här", "i", "inte", "ja", "jag", "kan", "man", "med", "men", "mig",
        "min", "mina", "mitt", "måste", "ni", "nu", "när", "nästa", "och", "om", "oss", "på", "ringa", "sig",
        "sin", "ska", "skall", "som", "så", "till", "undrar", "ut", "vad", "var", "varför", "vart", "vem",
        "vi", "vill", "vilka", "vilken", "vår", "vårt", "är", "än", "åt", "över", "göra", "gör", "någon",
        "något", "finns",
    ];
    COMMON.contains(&folded)
}

/// Whether one insertion, removal, replacement or swap of neighbours at most makes `a` into `b`.
pub(crate) fn within_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - same_end], &b[..b.len() - same_end]) {
        ([], []) | ([_], [] | [_]) | ([], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
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
    }

    #[test]
    fn inflections_meet_in_the_stem() {
        for (a, b) in [
            ("bygglov", "bygglovet"),
            ("gatlampa", "gatlampor"),
            ("parkering", "parkeringarna"),
            ("förskola", "förskolan"),
        ] {
            assert_eq!(stem(a), stem(b));
        }
    }

    #[test]
    fn one_edit_is_one_edit() {
        for (a, b, near) in [
            ("bygglov", "bygglov", true),
            ("byglov", "bygglov", true),
            ("bygglåv", "bygglov", true),
            ("byggolv", "bygglov", true),
            ("bglov", "bygglov", false),
            ("olvbygg", "bygglov", false),
            ("", "å", true),
            ("", "åä", false),
        ] {
            assert_eq!((within_one_edit(a, b), within_one_edit(b, a)), (near, near), "{a} {b}");
        }
    }
}
