//! What we know of a resident, and how they are searched for.

use vocabulary::{Language, ResidentId, Timestamp};

use crate::text::{self, TextError};

/// Most residents one search shows.
pub const SEARCH_RESULTS_MAX: u32 = 20;
/// Fewest characters that are searched for.
pub const SEARCH_CHARS_MIN: usize = 2;
/// Fewest digits that are searched for as a number.
const SEARCH_DIGITS_MIN: usize = 3;

/// A resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Id.
    pub id: ResidentId,
    /// Name, if given.
    pub name: Option<String>,
    /// E.164, if known; unique.
    pub telephone: Option<String>,
    /// In lower case, if known. A family may share one.
    pub email: Option<String>,
    /// The language to answer in.
    pub language: Language,
    /// Protected personal data (skyddade personuppgifter): never found by searching.
    pub protected: bool,
    /// Does not want to be asked how it was.
    pub survey_opt_out: bool,
    /// When they first made contact.
    pub created_at: Timestamp,
}

impl Resident {
    /// The card as it may be printed: of a protected resident nothing but that they are protected. Whoever has opened
    /// the card for a stated reason gets it whole from [`super::queries::for_user`].
    #[must_use]
    pub fn shown(&self) -> Self {
        if !self.protected {
            return self.clone();
        }
        Self { name: None, telephone: None, email: None, ..self.clone() }
    }
}

/// How somebody can be reached; at least one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// E.164, from a call or as typed.
    pub telephone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// New values for a resident's card; `None` leaves as it is, an empty text clears.
#[derive(Clone, Debug, Default)]
pub struct ChangeResident {
    /// Name.
    pub name: Option<String>,
    /// Telephone as typed.
    pub telephone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Language to answer in.
    pub language: Option<Language>,
    /// Protected personal data.
    pub protected: Option<bool>,
    /// Does not want to be asked.
    pub survey_opt_out: Option<bool>,
}

/// What is searched for, made out of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// The beginning of a telephone number, with its `+`.
    Telephone(String),
    /// A part of a telephone number.
    Digits(String),
    /// A part of an e-mail address, in lower case.
    Email(String),
    /// A part of a name, as typed.
    Name(String),
}

impl Search {
    /// Understands what a guide typed. None if it is too short to search for.
    ///
    /// # Errors
    /// It is too long or unprintable.
    pub fn of(typed: &str) -> Result<Option<Self>, TextError> {
        let Some(typed) = text::optional_line("search", typed, text::SEARCH_CHARS_MAX)? else {
            return Ok(None);
        };
        let numeric =
            typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '/'));
        if numeric {
            // Not yet a whole number: "0701" is in the middle of "+467012...".
            let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
            let digits = digits.trim_start_matches('0');
            let part = || (digits.len() >= SEARCH_DIGITS_MIN).then(|| Self::Digits(digits.to_owned()));
            return Ok(text::e164(&typed).map(Self::Telephone).or_else(part));
        }
        if typed.chars().count() < SEARCH_CHARS_MIN {
            return Ok(None);
        }
        Ok(Some(if typed.contains('@') { Self::Email(typed.to_lowercase()) } else { Self::Name(typed) }))
    }
}

/// What a name is compared by: the same on both engines, å and Å alike.
#[must_use]
pub fn folded_name(name: &str) -> String {
    name.to_lowercase()
}

/// A LIKE pattern that finds `part` anywhere, with `\` as its escape.
pub(super) fn anywhere(part: &str) -> String {
    format!("%{}%", escaped(part))
}

/// A LIKE pattern that finds what begins with `part`.
pub(super) fn beginning(part: &str) -> String {
    format!("{}%", escaped(part))
}

fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
