//! What an officer means by an e-mail, read from its text: pure, strict, and silent when in doubt.
//!
//! The letter asks for one of a few words on a line of its own, and says that only what stands below the line SVAR TILL
//! INVÅNAREN (or FRÅGA TILL INVÅNAREN) is sent to the resident. The reading keeps to that in one direction only: what
//! is not plainly so is for a person. In particular
//!
//! - **what is public** are the lines below exactly one marker line, up to a sign-off, a signature or what is quoted.
//!   A marker with anything else on its line, or two markers, make nothing public;
//! - **what is quoted** begins at the first line that looks like a quotation ([`parts`]); our own letter says where;
//! - **a word counts** when it is the whole first clause ("Klart.", not "Klart på fredag"), and nothing else in the
//!   internal part speaks against it: another key word, "inte klart", a day to come, a question;
//! - **a day counts** when it is the only one to come that is mentioned, in its sentence nothing hedges or denies it,
//!   and it can be meant in one way only ([`days`]).

mod days;
mod parts;

use days::{Days, days_to_come};
use parts::{Marker, Parts, clauses, fold};
use vocabulary::Language;
use vocabulary::civil::Date;

/// What an e-mail means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It is done.
    Done,
    /// It takes until that day.
    MoreTime(Date),
    /// It belongs with somebody else.
    WrongRecipient,
    /// The resident is asked what stands in [`Reading::public`].
    AskResident,
    /// A person must read it.
    Uncertain(Doubt),
}

/// Why an e-mail is for a person to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It does not begin with one of the words.
    NoKeyWord,
    /// It says two things at once.
    TwoMeanings,
    /// It asks the contact centre something.
    Question,
    /// It asks for more time and names no day that can be read.
    NoDay,
    /// It names several days, or one that may be meant in two ways.
    UnclearDay,
    /// A marker line says more than the marker, or there are two.
    UnclearMarker,
    /// There is a marker for a question and nothing below it.
    EmptyQuestion,
    /// Somebody wrote between the quoted lines.
    Interleaved,
}

/// An e-mail as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it means.
    pub meaning: Meaning,
    /// What is for the contact centre only: of an uncertain e-mail everything that is not quoted.
    pub internal: String,
    /// What is for the resident; never with an uncertain meaning or a wrong recipient.
    pub public: Option<String>,
}

impl Reading {
    /// Whether the internal part holds more than a key word.
    #[must_use]
    pub fn says_more(&self) -> bool {
        clauses_of_all(&self.internal).any(|clause| word_of(&clause).is_none())
    }
}

/// Reads an e-mail that arrived on `today` from somebody who was written to in `language` (which decides whether 3/4 is
/// plain: in English it may be either).
#[must_use]
pub fn read(text: &str, today: Date, language: Language) -> Reading {
    let parts = Parts::of(text);
    match meaning(&parts, today, language) {
        Ok(meaning) => Reading {
            meaning,
            internal: parts.internal,
            public: Some(parts.public).filter(|public| !public.is_empty()),
        },
        Err(doubt) => Reading { meaning: Meaning::Uncertain(doubt), internal: parts.own, public: None },
    }
}

fn meaning(parts: &Parts, today: Date, language: Language) -> Result<Meaning, Doubt> {
    if parts.interleaved {
        return Err(Doubt::Interleaved);
    }
    let marker = parts.marker.map_err(|()| Doubt::UnclearMarker)?;
    let words = key_words(&parts.internal);
    let asks = fold(&parts.internal).contains('?');
    if marker == Some(Marker::Question) {
        return match words.as_slice() {
            _ if parts.public.is_empty() => Err(Doubt::EmptyQuestion),
            [] => Ok(Meaning::AskResident),
            _ => Err(Doubt::TwoMeanings),
        };
    }
    let (first, others) = words.split_first().ok_or(Doubt::NoKeyWord)?;
    if !begins_with_key_word(&parts.internal) {
        return Err(Doubt::NoKeyWord);
    }
    if others.iter().any(|other| other != first) {
        return Err(Doubt::TwoMeanings);
    }
    match first {
        // That is a matter of its own, with a marker of its own.
        Word::Ask => Err(Doubt::UnclearMarker),
        Word::Wrong if parts.public.is_empty() => Ok(Meaning::WrongRecipient),
        Word::Wrong => Err(Doubt::TwoMeanings),
        _ if asks => Err(Doubt::Question),
        Word::Done => {
            let told = days_to_come(&parts.internal, today, language);
            if speaks_against_done(&parts.internal) || told != Days::None {
                Err(Doubt::TwoMeanings)
            } else {
                Ok(Meaning::Done)
            }
        }
        Word::More => match days_to_come(&parts.internal, today, language) {
            Days::One(day) => Ok(Meaning::MoreTime(day)),
            Days::None => Err(Doubt::NoDay),
            Days::Unclear => Err(Doubt::UnclearDay),
        },
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Done,
    More,
    Wrong,
    Ask,
}

/// Clauses that say it is done, whole.
const DONE: &[&str] = &[
    "klart",
    "klar",
    "klara",
    "fardigt",
    "fardig",
    "atgardat",
    "atgardad",
    "avklarat",
    "det ar klart",
    "det ar nu klart",
    "nu ar det klart",
    "arendet ar klart",
    "arendet ar nu klart",
    "det ar fardigt",
    "det ar atgardat",
    "arendet ar atgardat",
    "done",
    "all done",
    "it is done",
    "its done",
    "this is done",
    "completed",
    "fixed",
];
/// What a clause begins with that asks for more time.
const MORE: &[&str] = &[
    "mer tid",
    "mera tid",
    "behover mer tid",
    "behover mera tid",
    "jag behover mer tid",
    "jag behover mera tid",
    "vi behover mer tid",
    "vi behover mera tid",
    "more time",
    "need more time",
    "i need more time",
    "we need more time",
];
/// What a clause begins with that sends it back.
const WRONG: &[&str] = &["fel mottagare", "jag ar fel mottagare", "vi ar fel mottagare", "wrong recipient"];
/// Clauses that send it back, whole.
const WRONG_WHOLE: &[&str] = &[
    "fel person",
    "fel handlaggare",
    "fel forvaltning",
    "inte mitt",
    "inte mitt arende",
    "inte mitt bord",
    "inte mitt omrade",
    "det ar inte mitt arende",
    "det har ar inte mitt arende",
    "det har ar inte mitt",
    "det har ar inte mitt bord",
    "inte vart arende",
    "inte vart omrade",
    "det har ar inte vart arende",
    "wrong person",
    "not mine",
    "not my case",
    "this is not mine",
    "this is not my case",
];
const ASK: &[&str] =
    &["fraga till invanaren", "fraga invanaren", "question to the resident", "ask the resident"];
/// Said anywhere in the internal part, it is not done.
const NOT_DONE: &[&str] = &[
    "inte klar",
    "ej klar",
    "inte helt klar",
    "inte riktigt klar",
    "inte fardig",
    "ej fardig",
    "inte atgardad",
    "ej atgardad",
    "inte atgardat",
    "ej atgardat",
    "aldrig klar",
    "not done",
    "not yet",
    "not finished",
    "not fixed",
    "not completed",
    "inte an",
    "annu inte",
    "inte annu",
    "mer tid",
    "more time",
    "aterkommer",
    "get back to you",
    "fel mottagare",
    "wrong recipient",
    "nastan",
    "almost",
    "delvis",
    "partly",
    "nasta vecka",
    "next week",
    "snart",
    "soon",
];

/// A clause of key words may be followed by these and still be whole: "Klart nu", "Klart tack".
const TRAILING: &[&str] = &["nu", "tack", "hej", "now", "thanks", "mvh"];

fn word_of(clause: &str) -> Option<Word> {
    let mut whole = clause;
    for trailing in TRAILING {
        whole = whole
            .strip_suffix(trailing)
            .map_or(whole, |rest| if rest.ends_with(' ') { rest.trim() } else { whole });
    }
    let begins =
        |with: &&str| clause.strip_prefix(*with).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if DONE.contains(&whole) {
        Some(Word::Done)
    } else if MORE.iter().any(&begins) {
        Some(Word::More)
    } else if WRONG.iter().any(&begins) || WRONG_WHOLE.contains(&whole) {
        Some(Word::Wrong)
    } else if ASK.iter().any(begins) {
        Some(Word::Ask)
    } else {
        None
    }
}

/// The key words that lines begin with, in order.
fn key_words(internal: &str) -> Vec<Word> {
    internal.lines().filter_map(|line| clauses(line).next().and_then(|clause| word_of(&clause))).collect()
}

/// What a letter may begin with before it comes to the point.
const GREETINGS: &[&str] =
    &["hej", "hejsan", "hallo", "god morgon", "god dag", "hi", "hello", "tjena", "tack", "dear"];
/// Words of a line that is a greeting and nothing else: "Hej Anna och ni andra".
const GREETING_WORDS_MAX: usize = 5;

fn begins_with_key_word(internal: &str) -> bool {
    for line in internal.lines().filter(|line| !line.trim().is_empty()) {
        let Some(clause) = clauses(line).next() else { continue };
        if word_of(&clause).is_some() {
            return true;
        }
        let greets = GREETINGS
            .iter()
            .any(|g| clause.strip_prefix(g).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        if !greets || fold(line).split_whitespace().count() > GREETING_WORDS_MAX {
            return false;
        }
    }
    false
}

fn speaks_against_done(internal: &str) -> bool {
    let folded: Vec<String> = clauses_of_all(internal).collect();
    folded.iter().any(|clause| NOT_DONE.iter().any(|against| holds(clause, against)))
}

fn clauses_of_all(text: &str) -> impl Iterator<Item = String> {
    text.lines().flat_map(|line| clauses(line).collect::<Vec<_>>())
}

/// Whether a folded text holds `words` as words; the last may be the beginning of a longer one ("klar", "klart").
fn holds(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| at == 0 || text[..at].ends_with(' '))
}

#[cfg(test)]
mod tests;
