//! What a Hunspell dictionary says of how Swedish words are put together. The dictionary is its authors' (the Swedish
//! one is under the LGPL), is read at run time from where the machine keeps it, and is never shipped with Lots.
//!
//! Three things are taken from it: which forms may begin or stand in the middle of a compound ("gatu", "förskole",
//! "parkerings") and what word each is a form of; which words may end one; and which stems belong to one word though
//! the rules of stemming do not see it ("cyklar" and "cykel").

mod affixes;

use crate::words;
use affixes::Affixes;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A larger file is refused: the Swedish one has 2.3 MB.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// More entries than this are not read: the Swedish dictionary has 152,000.
const ENTRIES_MAX: usize = 1_000_000;
/// The shortest beginning of a compound, such as "is" in "ishalka".
const HEAD_CHARS_MIN: usize = 2;
/// The shortest end of one. What is shorter is too easily the end of something else.
const TAIL_CHARS_MIN: usize = 3;

/// Beginnings that say how rather than what. Words that begin so are rarely asked for by their end: "avgift" has
/// nothing to do with "gift".
const PARTICLES: &[&str] = &[
    "an", "av", "be", "bi", "efter", "er", "ett", "fram", "från", "för", "före", "ge", "genom", "i", "in",
    "med", "mellan", "mot", "ned", "ner", "om", "på", "sam", "till", "under", "upp", "ur", "ut", "van",
    "vid", "å", "åt", "åter", "över",
];

/// Why a dictionary was not read.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// A file could not be read.
    #[error("{}: {error}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file is larger than any dictionary.
    #[error("{} is larger than a dictionary should be ({FILE_BYTES_MAX} bytes)", .0.display())]
    TooLarge(PathBuf),
    /// It has no word that may be part of a compound.
    #[error("it says nothing of compounds")]
    NoCompounds,
}

/// How Swedish words are put together, as a dictionary says it.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// What may begin a compound or stand within one, with the stem of the word it is a form of.
    heads: HashMap<Box<str>, Box<str>>,
    /// The stems of what may end one.
    tails: HashSet<Box<str>>,
    /// Every stem of a word of its own.
    stems: HashSet<Box<str>>,
    /// Stems that belong to another: "cykl" to "cykel".
    same: HashMap<Box<str>, Box<str>>,
}

impl Dictionary {
    /// Reads `<base>.aff` and `<base>.dic`.
    ///
    /// # Errors
    /// [`DictionaryError`], naming the file.
    pub fn load(base: &Path) -> Result<Self, DictionaryError> {
        let text = |ending: &str| {
            let mut file = base.as_os_str().to_owned();
            file.push(ending);
            text_of(&PathBuf::from(file))
        };
        Self::read(&text(".aff")?, &text(".dic")?)
    }

    /// Reads a dictionary from the text of its two files.
    ///
    /// # Errors
    /// [`DictionaryError::NoCompounds`] if it says nothing of compounds.
    pub fn read(aff: &str, dic: &str) -> Result<Self, DictionaryError> {
        let affixes = Affixes::read(aff);
        let mut made = Self::default();
        let mut altered = Vec::new();
        let mut words = Vec::new();
        // The first line says how many entries follow.
        for line in dic.lines().skip(1).take(ENTRIES_MAX) {
            words.extend(made.take_in(&affixes, line, &mut altered));
        }
        if made.heads.is_empty() || made.tails.is_empty() {
            return Err(DictionaryError::NoCompounds);
        }
        for (form, base) in altered {
            if form != base && !made.stems.contains(&form) {
                made.same.entry(form).or_insert(base);
            }
        }
        made.find_bases();
        made.find_linked(&words);
        made.heads.shrink_to_fit();
        made.tails.shrink_to_fit();
        made.stems.shrink_to_fit();
        made.same.shrink_to_fit();
        Ok(made)
    }

    /// Takes in an entry. Returns its word if it is one on its own.
    fn take_in<'a>(
        &mut self,
        affixes: &'a Affixes,
        line: &'a str,
        altered: &mut Vec<(Box<str>, Box<str>)>,
    ) -> Option<&'a str> {
        let entry = affixes.entry(line)?;
        // Names and abbreviations make compounds with a hyphen or none worth finding, and fit too much by chance.
        if !entry.word.chars().all(char::is_lowercase) {
            return None;
        }
        let stem: Box<str> = words::stem(entry.word).into();
        if !entry.only_in_compounds {
            self.stems.insert(stem.clone());
            for form in entry.altered_forms() {
                altered.push((words::stem(&form).into(), stem.clone()));
            }
        }
        if entry.may_end {
            self.tails.insert(stem.clone());
        }
        if entry.may_begin {
            self.add_head(entry.word.to_owned(), &stem);
        }
        for form in entry.compounding_forms() {
            self.add_head(form, &stem);
        }
        (!entry.only_in_compounds).then_some(entry.word)
    }

    fn add_head(&mut self, form: String, base: &str) {
        let long_enough = form.chars().count() >= HEAD_CHARS_MIN;
        if long_enough && !PARTICLES.contains(&form.as_str()) && form.chars().all(char::is_alphabetic) {
            self.heads.entry(form.into_boxed_str()).or_insert_with(|| base.into());
        }
    }

    /// Forms that stand on their own in the dictionary, such as "hälso" and "förskole", are led back to the words they
    /// are forms of.
    fn find_bases(&mut self) {
        let Self { heads, stems, .. } = self;
        for (form, base) in heads.iter_mut() {
            if stems.contains(base) {
                continue;
            }
            let cut = |ending: &str, instead: &str| {
                form.strip_suffix(ending).map(|rest| words::stem(&format!("{rest}{instead}")))
            };
            let found =
                [cut("s", ""), cut("s", "e"), cut("e", "a"), cut("o", "a"), cut("u", "a"), cut("e", "")]
                    .into_iter()
                    .flatten()
                    .find(|stem| stem.chars().count() >= HEAD_CHARS_MIN && stems.contains(stem.as_str()));
            if let Some(stem) = found {
                *base = stem.into();
            }
        }
    }

    /// Some forms stand in the dictionary only within the compounds it lists: "gatu" in "gatuarbete", "gatukök" and many
    /// more. Where several words say so, such a form may begin others, too.
    fn find_linked(&mut self, words: &[&str]) {
        const WORDS_MIN: usize = 3;
        const BASE_CHARS_MIN: usize = 4;
        let mut linked: HashMap<String, usize> = HashMap::new();
        for word in words.iter().filter(|word| word.chars().count() >= BASE_CHARS_MIN) {
            if let Some(rest) = word.strip_suffix('a') {
                let forms = [format!("{rest}u"), format!("{rest}o")];
                linked
                    .extend(forms.into_iter().filter(|form| self.head(form).is_none()).map(|form| (form, 0)));
            }
        }
        for word in words {
            for (at, c) in word.char_indices().filter(|(_, c)| matches!(c, 'u' | 'o')) {
                let (form, rest) = word.split_at(at + c.len_utf8());
                if linked.contains_key(form) && self.tail(rest).is_some() {
                    linked.entry(form.to_owned()).and_modify(|count| *count += 1);
                }
            }
        }
        for (form, _) in linked.into_iter().filter(|(_, count)| *count >= WORDS_MIN) {
            let base = words::stem(&format!("{}a", &form[..form.len() - 1]));
            self.add_head(form, &base);
        }
    }

    /// The stem that a stem belongs to, where the rules of stemming leave two for one word.
    #[must_use]
    pub(crate) fn base<'a>(&'a self, stem: &'a str) -> &'a str {
        self.same.get(stem).map_or(stem, |base| base)
    }

    /// The stem of the word that `form` is a compounding form of.
    pub(crate) fn head(&self, form: &str) -> Option<&str> {
        self.heads.get(form).map(|base| self.base(base))
    }

    /// The stem of `form`, if a compound may end so.
    pub(crate) fn tail(&self, form: &str) -> Option<String> {
        if form.chars().count() < TAIL_CHARS_MIN {
            return None;
        }
        let stem = words::stem(form);
        let base = self.base(&stem);
        self.tails.contains(base).then(|| base.to_owned())
    }

    /// How many compounding forms and how many ends it knows.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        (self.heads.len(), self.tails.len())
    }
}

/// The text of a file: UTF-8, or else Latin-1, in which older Swedish dictionaries are written.
fn text_of(file: &Path) -> Result<String, DictionaryError> {
    let failed = |error| DictionaryError::File { file: file.to_owned(), error };
    if std::fs::metadata(file).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(DictionaryError::TooLarge(file.to_owned()));
    }
    let bytes = std::fs::read(file).map_err(failed)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(other) => other.into_bytes().iter().map(|byte| char::from(*byte)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dictionary in little, written for this test with the marks the Swedish one uses.
    const AFF: &str = "SET UTF-8\nCOMPOUNDBEGIN X\nCOMPOUNDMIDDLE U\nCOMPOUNDEND Y\nONLYINCOMPOUND Z\n\
        FORBIDDENWORD %\nSFX I Y 2\nSFX I el lar [^m]el\nSFX I mel lar mel\n\
        SFX w N 1\nSFX w a u/WXZ a # varu\nSFX f N 1\nSFX f 0 s/WUZ [^a]\n";
    const DIC: &str = "10\nkyrka/Y\nkyrkogård/Y\nkyrkovård/Y\nkyrkobelysning/Y\ngård/Y\nkyrkustöld/Y\ngata/w\nbelysning/Yf\nhälsa/Y\nhälso/UXZ\nvård/Y\ncykel/IX\nstöld/Y\n\
        Bush/X\navskrädet/%XY\nav/X\n";

    #[test]
    fn what_it_says_of_compounds_is_read() {
        let dictionary = Dictionary::read(AFF, DIC).unwrap();
        assert_eq!(dictionary.head("gatu"), Some("gat"));
        assert_eq!(dictionary.head("belysnings"), Some("belysning"));
        assert_eq!(dictionary.head("hälso"), Some("häls"), "led back to the word it is a form of");
        assert_eq!(dictionary.head("gata"), None);
        assert_eq!(dictionary.head("kyrko"), Some("kyrk"), "learnt from the compounds it lists");
        assert_eq!(dictionary.head("kyrku"), None, "one alone may be a slip");
        assert_eq!((dictionary.head("bush"), dictionary.head("av")), (None, None));
        assert_eq!(dictionary.tail("belysningen").as_deref(), Some("belysning"));
        assert_eq!(dictionary.tail("avskrädet"), None, "a forbidden word");
        assert_eq!(dictionary.base("cykl"), "cykel");
    }

    #[test]
    fn what_is_no_dictionary_is_refused_and_never_a_panic() {
        assert!(matches!(Dictionary::read("", ""), Err(DictionaryError::NoCompounds)));
        assert!(
            Dictionary::read("SFX\nSFX A\nSFX A Y x\nSFX A 0\nCOMPOUNDBEGIN\n[", "1\n/\n//\nå/\n").is_err()
        );
        assert!(matches!(Dictionary::load(Path::new("/no/such")), Err(DictionaryError::File { .. })));
    }
}
