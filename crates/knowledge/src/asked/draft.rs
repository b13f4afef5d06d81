//! Synonyms as somebody types them, and the rules for them.

use super::Synonym;
use finding::words::{fold, split};
use vocabulary::SynonymId;

/// A set has at most so many words.
pub const SYNONYM_WORDS_MAX: usize = 12;
const WORD_CHARS_MAX: usize = 60;
const PHRASE_WORDS_MAX: usize = 4;

/// Synonyms as somebody wants them to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SynonymDraft {
    /// Words or phrases, separated by commas or line ends.
    pub words: String,
    /// The same; empty when they go both ways.
    pub means: String,
}

/// Why synonyms are not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SynonymFault {
    /// Both ways takes two words, one way a word on each side.
    #[error("too few words")]
    TooFew,
    /// More than a set has.
    #[error("more than {SYNONYM_WORDS_MAX} words")]
    TooMany,
    /// Longer than a word or phrase is, or with signs that no word has.
    #[error("not a word or a short phrase: {0:?}")]
    NotAWord(String),
    /// The same word twice.
    #[error("said twice: {0:?}")]
    Twice(String),
    /// A word that goes both ways with others already: one set should hold them all.
    #[error("already among the synonyms: {word:?}")]
    Taken {
        /// The word.
        word: String,
        /// Where it is.
        by: SynonymId,
    },
    /// More sets than there may be.
    #[error("there are too many synonyms")]
    Full,
}

/// What a draft says, checked: `words` and `means`, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub words: Vec<String>,
    pub means: Vec<String>,
}

impl SynonymDraft {
    /// Reads and checks it, `id` being the one that is changed, among `others`.
    pub(crate) fn check(&self, id: Option<SynonymId>, others: &[Synonym]) -> Result<Checked, SynonymFault> {
        let (words, means) = (phrases(&self.words)?, phrases(&self.means)?);
        if words.len() + means.len() < 2 || words.is_empty() {
            return Err(SynonymFault::TooFew);
        }
        if words.len() > SYNONYM_WORDS_MAX || means.len() > SYNONYM_WORDS_MAX {
            return Err(SynonymFault::TooMany);
        }
        let all: Vec<&String> = words.iter().chain(&means).collect();
        if let Some(twice) = all.iter().enumerate().find(|(n, word)| all[..*n].contains(word)) {
            return Err(SynonymFault::Twice((*twice.1).clone()));
        }
        let both_ways = means.is_empty();
        for other in others.iter().filter(|other| Some(other.id) != id && other.means.is_empty() == both_ways)
        {
            let shared = words.iter().find(|word| other.words.contains(word));
            // One way, the same word may mean several things; saying the same thing twice is still once too many.
            let again = both_ways || means.iter().any(|word| other.means.contains(word));
            if let Some(word) = shared.filter(|_| again) {
                return Err(SynonymFault::Taken { word: word.clone(), by: other.id });
            }
        }
        Ok(Checked { words, means })
    }
}

fn phrases(typed: &str) -> Result<Vec<String>, SynonymFault> {
    typed
        .split([',', ';', '\n', '\r'])
        .map(str::trim)
        .filter(|phrase| !phrase.is_empty())
        .map(phrase)
        .collect()
}

fn phrase(typed: &str) -> Result<String, SynonymFault> {
    let folded = fold(typed).split_whitespace().collect::<Vec<_>>().join(" ");
    let sound = folded.chars().count() <= WORD_CHARS_MAX
        && folded.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '&' | '.' | '\'' | '/'))
        && (1..=PHRASE_WORDS_MAX).contains(&split(&folded).count());
    if sound { Ok(folded) } else { Err(SynonymFault::NotAWord(typed.chars().take(WORD_CHARS_MAX).collect())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{NewId as _, SeededChance, Timestamp};

    fn draft(words: &str, means: &str) -> SynonymDraft {
        SynonymDraft { words: words.into(), means: means.into() }
    }

    #[test]
    fn words_are_folded_and_faults_named() {
        let checked = draft("Dagis,  Förskola\nförskole  plats", "").check(None, &[]).unwrap();
        assert_eq!(checked.words, ["dagis", "förskola", "förskole plats"]);
        let refused = |words: &str, means: &str| draft(words, means).check(None, &[]).unwrap_err();
        assert_eq!(refused("", ""), SynonymFault::TooFew);
        assert_eq!(refused("dagis", " , "), SynonymFault::TooFew);
        assert_eq!(refused("", "a, b"), SynonymFault::TooFew);
        assert_eq!(refused("dagis, DAGIS", ""), SynonymFault::Twice("dagis".into()));
        assert_eq!(refused("dagis", "dagis"), SynonymFault::Twice("dagis".into()));
        assert!(matches!(refused("a, <script>", ""), SynonymFault::NotAWord(_)));
        assert!(matches!(refused("a, en två tre fyra fem", ""), SynonymFault::NotAWord(_)));
        assert!(matches!(refused(&format!("a, {}", "å".repeat(61)), ""), SynonymFault::NotAWord(_)));
        let many: Vec<String> = (0..13).map(|n| format!("ord{n}")).collect();
        assert_eq!(refused(&many.join(","), ""), SynonymFault::TooMany);
    }

    #[test]
    fn a_word_goes_both_ways_in_one_set_only() {
        let id = SynonymId::next(Timestamp::UNIX_EPOCH, &SeededChance::new(1));
        let words = vec!["dagis".to_owned(), "förskola".to_owned()];
        let known = [Synonym { id, words, means: Vec::new(), changed_at: Timestamp::UNIX_EPOCH }];
        let taken = draft("lekis, dagis", "").check(None, &known).unwrap_err();
        assert_eq!(taken, SynonymFault::Taken { word: "dagis".into(), by: id });
        assert!(draft("lekis, dagis, förskola", "").check(Some(id), &known).is_ok());
        assert!(draft("dagis", "barnomsorg").check(None, &known).is_ok());
    }
}
