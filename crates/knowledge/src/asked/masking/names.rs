//! Names in free text.

use super::What;
use super::lists::{ALSO_WORDS, GIVEN, SURNAMES};
use super::text::{Text, Word};
use super::words::{CAPITAL_PLAIN, NOT_AFTER_PEOPLE, PARTICLES, PEOPLE, PLACE_ENDINGS, PLACES, PLAIN, VERBS};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Surnames end so and hardly any word does.
const SURNAME_ENDINGS: &[&str] = &[
    "sson", "qvist", "quist", "dahl", "stedt", "feldt", "ovic", "ović", "evic", "ević", "czyk", "wicz",
    "enko", "escu", "poulos", "idis", "zadeh", "nejad", "oglu", "pour", "uddin", "ullah", "abadi", "dottir",
    "crantz", "hjelm",
];
/// Words that end so all the same.
const NO_SURNAMES: &[&str] =
    &["parcour", "velour", "glamour", "amour", "basson", "bonusson", "brorsson", "systersson", "stridis"];
/// Words that are a name and an s, and yet no genitive of it.
const NO_GENITIVES: &[&str] = &["dans", "jeans", "trans", "minnas", "pärs", "osmos", "rudis"];
/// Surnames often end so, but words do, too: names only beside a name.
const HALF_ENDINGS: &[&str] = &[
    "ström", "gren", "berg", "lund", "strand", "kvist", "blad", "ell", "ius", "mark", "hammar", "bäck",
    "holm", "man", "lind", "ski", "sky", "ska", "nen", "sen", "son", "zai", "ic", "ić", "ez", "ov", "ova",
    "ev", "eva", "yan", "én", "in", "ås", "vall", "sten", "rud",
];
/// The shortest word of which an ending is looked at, in characters.
const ENDING_CHARS_MIN: usize = 5;
/// Words that are also a name, and are no part of one after a name: "Anna åker".
const NOT_AFTER_NAMES: &[&str] = &[
    "åker", "hans", "ville", "klara", "rita", "mina", "sina", "inga", "ute", "frisk", "glad", "rask", "val",
    "dag", "vår", "bo", "ramla", "roar", "vida", "liv", "sol", "maj", "jul", "juli", "juni", "april", "dina",
    "rena", "vilja", "finn",
];
/// Names that are also words, but words that few write: two of them side by side are somebody.
const HARDLY_WORDS: &[&str] = &[
    "linnea", "linnéa", "viktoria", "victoria", "lina", "lena", "axel", "max", "sanna", "klara", "lucia",
    "saga", "nora", "malva", "jasmin", "iris", "tilde", "knut", "jan", "silke", "tova", "tuva", "lova",
    "lovis", "tage", "alf",
];
/// How many words a name has at most after a word that says that it comes.
const WORDS_AFTER_CUE_MAX: usize = 3;

/// Names and the words by which they are told from what is no name.
pub struct Names {
    given: HashSet<&'static str>,
    surnames: HashSet<&'static str>,
    also_words: HashSet<&'static str>,
    plain: HashSet<&'static str>,
    verbs: HashSet<&'static str>,
    people: HashSet<&'static str>,
    not_after_people: HashSet<&'static str>,
    capital_plain: HashSet<&'static str>,
    places: HashSet<&'static str>,
}

/// What a word may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A given name and hardly anything else.
    Given,
    /// A surname and hardly anything else.
    Surname,
    /// A name or a word.
    Either,
    /// Not known.
    Unknown,
    /// A word.
    Plain,
}

static BUILT_IN: LazyLock<Names> = LazyLock::new(|| Names {
    given: GIVEN.split_whitespace().collect(),
    surnames: SURNAMES.split_whitespace().collect(),
    also_words: ALSO_WORDS.split_whitespace().collect(),
    plain: PLAIN.split_whitespace().collect(),
    verbs: VERBS.split_whitespace().collect(),
    people: PEOPLE.split_whitespace().collect(),
    not_after_people: NOT_AFTER_PEOPLE.split_whitespace().collect(),
    capital_plain: CAPITAL_PLAIN.split_whitespace().collect(),
    places: PLACES.split_whitespace().collect(),
});

impl Names {
    /// The names that come with the house.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    pub(super) fn mask(&self, text: &mut Text) {
        let words = text.words();
        let mut found = Found::new(self, text, &words);
        found.known();
        found.after_cues();
        found.capital_pairs();
        found.beside_names();
        found.spare_places();
        let mut marked: Vec<std::ops::Range<usize>> = Vec::new();
        for (n, word) in words.iter().enumerate().filter(|(n, _)| found.is_name[*n]) {
            match marked.last_mut() {
                // What stands between the parts of one name goes with it.
                Some(last) if found.is_name[n - 1] && found.beside(n - 1) => last.end = word.at.end,
                _ => marked.push(word.at.clone()),
            }
        }
        for at in marked {
            text.mark(at, What::Name);
        }
    }

    fn kind(&self, folded: &str) -> Kind {
        let folded = folded.trim_end_matches("'s").trim_end_matches("´s");
        match self.kind_as_is(folded) {
            // Whoever's name ends in s has no other s in the genitive: "klass" is not Klas's.
            Kind::Unknown => match folded
                .strip_suffix('s')
                .filter(|stem| !stem.ends_with('s') && !NO_GENITIVES.contains(&folded))
            {
                Some(stem) => match self.kind_as_is(stem) {
                    Kind::Plain => Kind::Unknown,
                    kind => kind,
                },
                None => Kind::Unknown,
            },
            kind => kind,
        }
    }

    fn kind_as_is(&self, folded: &str) -> Kind {
        let ends = |endings: &[&str]| {
            folded.chars().count() > ENDING_CHARS_MIN && endings.iter().any(|ending| folded.ends_with(ending))
        };
        match () {
            () if self.given.contains(folded) => Kind::Given,
            () if self.surnames.contains(folded) => Kind::Surname,
            () if self.also_words.contains(folded) => Kind::Either,
            () if self.plain.contains(folded) => Kind::Plain,
            () if folded.contains('-') => self.kind_of_joined(folded),
            () if ends(SURNAME_ENDINGS) && !NO_SURNAMES.contains(&folded) => Kind::Surname,
            () => Kind::Unknown,
        }
    }

    /// `anna-karin`, `maj-britt`, `berg-nilsson`. With one part that is no name it is no name: "anna-dagen".
    fn kind_of_joined(&self, folded: &str) -> Kind {
        let kinds: Vec<Kind> =
            folded.split('-').filter(|part| !part.is_empty()).map(|part| self.kind(part)).collect();
        match kinds.as_slice() {
            kinds if kinds.iter().any(|kind| matches!(kind, Kind::Plain | Kind::Unknown)) => Kind::Unknown,
            kinds if kinds.contains(&Kind::Surname) => Kind::Surname,
            kinds if kinds.contains(&Kind::Given) => Kind::Given,
            _ => Kind::Either,
        }
    }

    /// Whether a word is for a person who may be named next: "son", "bygglovshandläggaren".
    fn is_people(&self, folded: &str) -> bool {
        const ENDINGS: &[&str] = &[
            "handläggare",
            "handläggaren",
            "sekreterare",
            "sekreteraren",
            "läkare",
            "läkaren",
            "lärare",
            "läraren",
            "chef",
            "chefen",
            "sköterska",
            "sköterskan",
            "rektor",
            "inspektör",
            "inspektören",
        ];
        self.people.contains(folded) || ENDINGS.iter().any(|ending| folded.ends_with(ending))
    }

    fn begins_a_surname(&self, folded: &str) -> bool {
        const BEGUN_ENDINGS: [&str; 6] = ["ss", "sso", "q", "qv", "qvi", "qvis"];
        folded.chars().count() >= 2
            && (self.surnames.iter().any(|name| name.starts_with(folded))
                || BEGUN_ENDINGS.iter().any(|ending| folded.ends_with(ending)))
    }
}

/// What has been found in one text.
struct Found<'t> {
    names: &'t Names,
    text: &'t Text,
    words: &'t [Word],
    kinds: Vec<Kind>,
    is_name: Vec<bool>,
    said: Vec<bool>,
    /// Whether capitals tell anything: not when all is written with them.
    capitals_tell: bool,
}

impl<'t> Found<'t> {
    fn new(names: &'t Names, text: &'t Text, words: &'t [Word]) -> Self {
        let kinds = words.iter().map(|word| names.kind(&word.folded)).collect();
        let is_word = |word: &&Word| word.folded.starts_with(char::is_alphabetic);
        let inner = || words.iter().filter(is_word).filter(|word| !word.begins_sentence);
        // A first word in small letters was typed by somebody who writes capitals only where they mean them.
        let capitals_tell = words.iter().filter(is_word).any(|word| !word.capital)
            && !inner().any(|word| word.capital && names.kind_as_is(&word.folded) == Kind::Plain);
        Self {
            names,
            text,
            words,
            kinds,
            is_name: vec![false; words.len()],
            said: vec![false; words.len()],
            capitals_tell,
        }
    }

    /// Whether the `n`th word and the next stand side by side, with no more than a space between.
    fn beside(&self, n: usize) -> bool {
        match (self.words.get(n), self.words.get(n + 1)) {
            (Some(one), Some(next)) => {
                let between = self.text.text(one.at.end..next.at.start);
                between.trim().is_empty() || (between.trim() == "." && one.at.len() == 1)
            }
            _ => false,
        }
    }

    fn folded(&self, n: usize) -> &str {
        self.words.get(n).map_or("", |word| word.folded.as_str())
    }

    fn is_letters(&self, n: usize) -> bool {
        self.words
            .get(n)
            .is_some_and(|word| word.folded.chars().all(|c| c.is_alphabetic() || !c.is_ascii_alphanumeric()))
    }

    /// Capital in the middle of a sentence, where that tells something, and not an institution or a place.
    fn is_proper(&self, n: usize) -> bool {
        self.capitals_tell
            && self.words.get(n).is_some_and(|word| !word.begins_sentence)
            && self.is_capitalised(n)
    }

    /// Begins with a capital, goes on in small letters, and is neither a common word nor a place.
    fn is_capitalised(&self, n: usize) -> bool {
        let Some(word) = self.words.get(n) else { return false };
        let acronym = word.at.len() > 1 && self.text.char(word.at.start + 1).is_uppercase();
        let folded = word.folded.as_str();
        let genitive = folded.strip_suffix('s').unwrap_or(folded);
        word.capital
            && !acronym
            && self.is_letters(n)
            && self.kinds[n] != Kind::Plain
            && ![folded, genitive].iter().any(|form| {
                self.names.capital_plain.contains(form)
                    || PLACE_ENDINGS.iter().any(|ending| form.ends_with(ending))
            })
    }

    fn known(&mut self) {
        for n in 0..self.words.len() {
            self.is_name[n] |= matches!(self.kinds[n], Kind::Given | Kind::Surname);
        }
    }

    fn after_cues(&mut self) {
        for n in 0..self.words.len() {
            if self.says_a_name(n) {
                self.take_name(n + 1);
            }
            if self.names.is_people(self.folded(n)) && self.beside(n) && self.may_follow_people(n + 1) {
                self.is_name[n + 1] = true;
                self.said[n + 1] = true;
            }
        }
    }

    /// Whether the `n`th word is the last of those that say that a name comes.
    fn says_a_name(&self, n: usize) -> bool {
        let before = |back: usize| n.checked_sub(back).map_or("", |n| self.folded(n));
        let colon = self.words.get(n).is_some_and(|word| {
            matches!(self.text.char(word.at.end), ':')
                || self.text.text(word.at.end..word.at.end + 2).trim() == ":"
        });
        let persons = |word: &str| {
            matches!(word, "jag" | "hon" | "han" | "hen" | "vi" | "de" | "båda")
                || self.names.people.contains(word)
        };
        match self.folded(n) {
            "heter" | "hette" | "kallas" => persons(before(1)) && !matches!(before(2), "vad" | "vem" | "hur"),
            "är" => {
                matches!(before(1), "namn" | "namnet" | "efternamn" | "förnamn" | "efternamnet" | "förnamnet")
                    || (before(1) == "jag"
                        && self.beside(n)
                        && (self.kinds.get(n + 1) == Some(&Kind::Either) && self.is_capitalised(n + 1)))
            }
            "namn" | "namnet" | "förnamn" | "efternamn" | "sökande" | "vårdnadshavare" | "underskrift" => {
                colon
            }
            "mvh" | "hälsningar" | "hälsning" | "hälsar" | "undertecknad" => true,
            _ => false,
        }
    }

    /// Takes the words from the `n`th on as a name, up to one that is no name.
    fn take_name(&mut self, n: usize) {
        for k in n..(n + WORDS_AFTER_CUE_MAX).min(self.words.len()) {
            if self.kinds[k] == Kind::Plain || !self.is_letters(k) || (k > n && !self.beside(k - 1)) {
                // "jag heter Per och ..." ends the name; "jag heter hans" does not begin with a plain word.
                if k > n || self.kinds[k] == Kind::Plain && !self.names.also_words.contains(self.folded(k)) {
                    return;
                }
            }
            self.is_name[k] = true;
            self.said[k] = true;
        }
    }

    /// Whether the `n`th word is a name when it comes after "min son".
    fn may_follow_people(&self, n: usize) -> bool {
        const NO_NAME_ENDINGS: &[&str] = &[
            "ad", "ande", "ende", "ig", "isk", "lös", "sk", "are", "full", "bar", "sam", "nde", "ligt", "igt",
        ];
        let folded = self.folded(n);
        let verb_next = self.beside(n) && self.names.verbs.contains(self.folded(n + 1));
        match self.kinds.get(n) {
            Some(Kind::Given | Kind::Surname) => true,
            Some(Kind::Either) => self.is_proper(n) || !self.names.not_after_people.contains(folded),
            Some(Kind::Unknown) => {
                self.is_proper(n)
                    || (verb_next
                        && self.is_letters(n)
                        && folded.chars().count() > 2
                        && !NO_NAME_ENDINGS.iter().any(|ending| folded.ends_with(ending)))
            }
            _ => false,
        }
    }

    /// Two capitalised words in the middle of a sentence, and "Sten Berg" also at its beginning.
    fn capital_pairs(&mut self) {
        const NAME_WORDS_MAX: usize = 3;
        for n in 0..self.words.len() {
            if !self.beside(n) {
                continue;
            }
            let either = |n: usize| self.kinds[n] == Kind::Either && self.is_capitalised(n);
            let short = self.words.len() <= NAME_WORDS_MAX;
            let both_either = either(n) && either(n + 1) && (short || self.capitals_tell);
            let hardly_words =
                HARDLY_WORDS.contains(&self.folded(n)) && HARDLY_WORDS.contains(&self.folded(n + 1));
            if (self.is_proper(n) && self.is_proper(n + 1)) || both_either || hardly_words {
                self.is_name[n] = true;
                self.is_name[n + 1] = true;
            }
        }
    }

    /// What stands beside a name and may be one, is one; so are initials and small words inside it.
    fn beside_names(&mut self) {
        const ROUNDS: usize = 3;
        for _ in 0..ROUNDS {
            for n in 0..self.words.len() {
                if self.is_name[n] {
                    continue;
                }
                let after = n > 0 && self.is_name[n - 1] && self.beside(n - 1);
                let before = self.is_name.get(n + 1) == Some(&true) && self.beside(n);
                self.is_name[n] = (after && self.goes_on(n)) || (before && self.leads_in(n));
            }
        }
    }

    /// Whether the `n`th word belongs to the name before it.
    fn goes_on(&self, n: usize) -> bool {
        let folded = self.folded(n);
        let last = self.words.get(n).is_some_and(|word| word.at.end == self.text.chars.len());
        let noble = matches!(folded, "von" | "af");
        let name_next = self.is_capitalised(n + 1)
            || matches!(self.kinds.get(n + 1), Some(Kind::Surname | Kind::Either | Kind::Given))
            || (noble && self.kinds.get(n + 1) == Some(&Kind::Unknown));
        let particle = PARTICLES.contains(&folded) && self.beside(n) && name_next;
        let half = folded.chars().count() > ENDING_CHARS_MIN
            && HALF_ENDINGS.iter().any(|ending| folded.ends_with(ending));
        match self.kinds[n] {
            Kind::Plain => particle,
            Kind::Given | Kind::Surname => true,
            Kind::Either => self.words[n].capital || !NOT_AFTER_NAMES.contains(&folded) || particle,
            Kind::Unknown => {
                particle
                    || (matches!(self.folded(n - 1), "von" | "af") && self.is_letters(n))
                    || (self.is_capitalised(n) && self.capitals_tell)
                    || (half && self.is_letters(n))
                    || (last && self.names.begins_a_surname(folded))
            }
        }
    }

    /// Whether the `n`th word belongs to the name after it.
    fn leads_in(&self, n: usize) -> bool {
        let initial = self.words[n].at.len() == 1 && self.words[n].capital;
        let surname_next = self.kinds.get(n + 1) == Some(&Kind::Surname);
        match self.kinds[n] {
            Kind::Plain => false,
            Kind::Given | Kind::Surname => true,
            Kind::Either => surname_next || (self.is_capitalised(n) && self.capitals_tell),
            Kind::Unknown => initial || self.is_proper(n) || (surname_next && self.is_capitalised(n)),
        }
    }

    /// "Gustav Adolfs torg" is nobody's.
    fn spare_places(&mut self) {
        const NAMES_MIN: usize = 2;
        for n in 0..self.words.len() {
            if !self.names.places.contains(self.folded(n)) || n == 0 || !self.beside(n - 1) {
                continue;
            }
            let run =
                (0..n).rev().take_while(|k| self.is_name[*k] && !self.said[*k] && self.beside(*k)).count();
            let saint = n > run && matches!(self.folded(n - run - 1), "sankt" | "sankta" | "t" | "st");
            if (run >= NAMES_MIN || (run > 0 && saint)) && self.folded(n - 1).ends_with('s') {
                for k in n - run..n {
                    self.is_name[k] = false;
                }
            }
        }
    }
}
