//! What becomes of a word before it is looked for: its stem, its parts, its pieces of four letters.

use crate::compounds;
use crate::dictionary::Dictionary;
use crate::words;
use std::sync::Arc;

/// How many letters a piece of a word has.
const GRAM_CHARS: usize = 4;
/// Longer words are cut at this many characters.
pub(crate) const WORD_CHARS_MAX: usize = 60;

/// Swedish, with a dictionary or without. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Analyser {
    dictionary: Option<Arc<Dictionary>>,
}

impl Analyser {
    /// With a dictionary, compounds are taken apart by it; without, by the words that the texts themselves hold.
    #[must_use]
    pub const fn new(dictionary: Option<Arc<Dictionary>>) -> Self {
        Self { dictionary }
    }

    /// Whether it has a dictionary.
    #[must_use]
    pub const fn has_dictionary(&self) -> bool {
        self.dictionary.is_some()
    }

    /// The stem of a folded word.
    #[must_use]
    pub fn stem(&self, folded: &str) -> String {
        let stem = words::stem(folded);
        match &self.dictionary {
            Some(dictionary) => dictionary.base(&stem).to_owned(),
            None => stem,
        }
    }

    /// The stems of the parts of a folded word, if the dictionary knows it for a compound.
    #[must_use]
    pub fn parts(&self, folded: &str) -> Vec<String> {
        self.dictionary.as_ref().map_or_else(Vec::new, |dictionary| compounds::parts(folded, &**dictionary))
    }
}

/// The pieces of four letters of a folded word, each once, with the dots of å, ä and ö left out, which are the first to
/// be lost in writing. A shorter word is one piece.
pub(crate) fn grams(folded: &str) -> Vec<String> {
    let chars: Vec<char> = words::bare(folded).chars().take(WORD_CHARS_MAX).collect();
    if chars.len() <= GRAM_CHARS {
        return vec![chars.into_iter().collect()];
    }
    let mut grams: Vec<String> = Vec::with_capacity(chars.len());
    for piece in chars.windows(GRAM_CHARS) {
        let gram: String = piece.iter().collect();
        if !grams.contains(&gram) {
            grams.push(gram);
        }
    }
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_falls_in_pieces_of_four() {
        assert_eq!(grams("snöröj"), ["snor", "noro", "oroj"]);
        assert_eq!(grams("sop"), ["sop"]);
        assert_eq!(grams("aaaaaaaa"), ["aaaa"]);
        assert!(grams(&"å".repeat(500)).len() == 1);
    }
}
