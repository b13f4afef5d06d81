//! What people read, in their language. Every text lives in `locales/{sv,en}/web.ftl`; the macro [`t!`] checks the
//! keys against the Swedish file when compiling, and a test holds the English file against it.

use i18n_embed::{LanguageLoader as _, fluent::FluentLanguageLoader, unic_langid::LanguageIdentifier};
use jiff::civil::Date;
use std::sync::OnceLock;
use vocabulary::{Language, SignedDuration, Timestamp, time_zone};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../locales"]
struct Localizations;

/// The texts of one language.
#[derive(Debug)]
pub struct Words {
    language: Language,
    tag: String,
    loader: FluentLanguageLoader,
}

/// A text by its key, checked when compiling: `t!(words, "case-title", number = "2026-17")`.
#[macro_export]
macro_rules! t {
    ($words:expr, $($rest:tt)*) => { i18n_embed_fl::fl!($words.loader(), $($rest)*) };
}

impl Words {
    /// The texts of `language`.
    ///
    /// # Panics
    /// Never in a correct build: the files are compiled in, and a test reads both.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        static SWEDISH: OnceLock<Words> = OnceLock::new();
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        match language {
            Language::Swedish => SWEDISH.get_or_init(|| Self::load(language.as_str())),
            Language::English => ENGLISH.get_or_init(|| Self::load(language.as_str())),
        }
    }

    /// The texts of residents' pages in any language there is a file for, by its tag. A language other than Swedish and
    /// English needs only what residents read (`locales/{tag}/web.ftl`); what its file does not say is said in Swedish.
    #[must_use]
    pub fn for_residents(tag: &str) -> Option<&'static Self> {
        Self::resident_languages().iter().find(|words| words.tag == tag)
    }

    /// Every language that residents can choose: Swedish and English first, then by tag.
    #[must_use]
    pub fn resident_languages() -> &'static [Self] {
        static LANGUAGES: OnceLock<Vec<Words>> = OnceLock::new();
        LANGUAGES.get_or_init(|| {
            let mut tags: Vec<String> = Localizations::iter()
                .filter_map(|file| file.strip_suffix("/web.ftl").map(str::to_owned))
                .collect();
            tags.sort_by_key(|tag| (tag != "sv", tag != "en", tag.clone()));
            tags.iter().map(|tag| Self::load(tag)).collect()
        })
    }

    fn load(tag: &str) -> Self {
        let id = |tag: &str| -> LanguageIdentifier { tag.parse().expect("a language's tag") };
        let loader = FluentLanguageLoader::new("web", id(Language::Swedish.as_str()));
        loader
            .load_languages(&Localizations, &[id(tag)])
            .expect("the language files are compiled in and well formed");
        // The marks that isolate embedded text direction have no use between two left-to-right languages, and would
        // stand in the way of those who search a page. Between languages of both directions they are needed.
        loader.set_use_isolating(direction(tag) == "rtl");
        Self { language: tag.parse().unwrap_or(Language::Swedish), tag: tag.to_owned(), loader }
    }

    /// The language's tag, for `lang`.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Which way it is read, for `dir`.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        direction(&self.tag)
    }

    /// Whether it is a language that only residents' pages are written in.
    #[must_use]
    pub fn residents_only(&self) -> bool {
        self.tag != self.language.as_str()
    }

    /// Which language this is.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// For [`t!`].
    #[must_use]
    pub fn loader(&self) -> &FluentLanguageLoader {
        &self.loader
    }

    /// The text for a word of the glossary: the key is `what-word`, with hyphens for underscores. A word that has no
    /// text is shown as it is stored; a test goes through all of them.
    #[must_use]
    pub fn word(&self, what: &str, word: &str) -> String {
        let key = format!("{what}-{}", word.replace('_', "-"));
        if self.loader.has(&key) { self.loader.get(&key) } else { word.to_owned() }
    }

    /// A text of this language's own file, which Swedish has elsewhere and which is therefore not checked when compiling;
    /// none if the file does not have it.
    #[must_use]
    pub fn own(&self, key: &str, arguments: &[(&'static str, &str)]) -> Option<String> {
        let known = self.residents_only() && self.loader.has(key);
        known.then(|| self.loader.get_args(key, arguments.iter().copied().collect()))
    }

    /// Whether there is a text for a word of the glossary.
    #[must_use]
    pub fn knows(&self, what: &str, word: &str) -> bool {
        self.loader.has(&format!("{what}-{}", word.replace('_', "-")))
    }

    /// A time of day, `13:05`.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned(time_zone()).strftime("%H:%M").to_string()
    }

    /// A day: `2026-11-22` in Swedish, `22 Nov 2026` in English.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        match self.language {
            Language::Swedish => day.strftime("%Y-%m-%d").to_string(),
            Language::English => day.strftime("%-d %b %Y").to_string(),
        }
    }

    /// A day and a time of day.
    #[must_use]
    pub fn day_and_time(&self, at: Timestamp) -> String {
        let local = at.to_zoned(time_zone());
        format!("{} {}", self.day(local.date()), self.time(at))
    }

    /// The time of day if `at` is on the same Swedish day as `now`, else the day.
    #[must_use]
    pub fn when(&self, at: Timestamp, now: Timestamp) -> String {
        let local = at.to_zoned(time_zone());
        if local.date() == now.to_zoned(time_zone()).date() { self.time(at) } else { self.day_and_time(at) }
    }

    /// The weekday's name, in small letters in Swedish as the language wants it.
    #[must_use]
    pub fn weekday(&self, day: Date) -> String {
        let name = match day.weekday() {
            jiff::civil::Weekday::Monday => "monday",
            jiff::civil::Weekday::Tuesday => "tuesday",
            jiff::civil::Weekday::Wednesday => "wednesday",
            jiff::civil::Weekday::Thursday => "thursday",
            jiff::civil::Weekday::Friday => "friday",
            jiff::civil::Weekday::Saturday => "saturday",
            jiff::civil::Weekday::Sunday => "sunday",
        };
        self.word("weekday", name)
    }

    /// A share as whole per cent: `87 %` in Swedish, `87%` in English.
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        let whole = (share * 100.0).round();
        match self.language {
            Language::Swedish => format!("{whole:.0}\u{a0}%"),
            Language::English => format!("{whole:.0}%"),
        }
    }

    /// A number with one decimal, with the language's own decimal mark.
    #[must_use]
    pub fn one_decimal(&self, number: f64) -> String {
        let text = format!("{number:.1}");
        match self.language {
            Language::Swedish => text.replace('.', ","),
            Language::English => text,
        }
    }

    /// A telephone number as people read it: Swedish numbers with spaces, others as they are.
    #[must_use]
    pub fn telephone(&self, e164: &str) -> String {
        let Some(national) = e164.strip_prefix("+46") else { return e164.to_owned() };
        if national.is_empty() || !national.bytes().all(|b| b.is_ascii_digit()) {
            return e164.to_owned();
        }
        let area_len = match national.as_bytes() {
            [b'8', ..] => 1,
            [b'1', b'0' | b'1' | b'3' | b'6' | b'8' | b'9', ..]
            | [b'2', b'1' | b'3' | b'6', ..]
            | [b'3', b'1' | b'3' | b'5' | b'6', ..]
            | [b'4', b'0' | b'2' | b'4' | b'6', ..]
            | [b'5', b'4', ..]
            | [b'6', b'0' | b'3', ..]
            | [b'7', ..]
            | [b'9', b'0', ..] => 2,
            _ => 3,
        };
        if national.len() <= area_len {
            return format!("0{national}");
        }
        let (area, rest) = national.split_at(area_len);
        let mut grouped = String::new();
        let first_len = if rest.len() % 2 == 1 { 3.min(rest.len()) } else { 2.min(rest.len()) };
        for (index, digit) in rest.chars().enumerate() {
            if index >= first_len && (index - first_len) % 2 == 0 {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        format!("0{area}-{grouped}")
    }
}

/// Which way a language is read: those written in Arabic or Hebrew letters from the right.
fn direction(tag: &str) -> &'static str {
    let language = tag.split('-').next().unwrap_or(tag);
    if ["ar", "ckb", "fa", "he", "ps", "ur", "yi"].contains(&language) { "rtl" } else { "ltr" }
}

/// A duration as `m:ss`, or `h:mm:ss` from an hour on; negative is zero.
#[must_use]
pub fn minutes_and_seconds(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Every key in a language's file, for the tests.
#[cfg(test)]
fn keys(language: &str) -> Vec<String> {
    let file = Localizations::get(&format!("{language}/web.ftl")).expect("the file is embedded");
    std::str::from_utf8(&file.data)
        .expect("UTF-8")
        .lines()
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
        .filter(|key| !key.starts_with([' ', '#', '.']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contacts::Ending;
    use vocabulary::{AwayReason, Channel, ContactOutcome, Parameter, Role};

    #[test]
    fn both_languages_have_the_same_keys_in_the_same_order_and_none_twice() {
        let (swedish, english) = (keys("sv"), keys("en"));
        assert_eq!(swedish, english);
        let unique: std::collections::BTreeSet<_> = swedish.iter().collect();
        assert_eq!(unique.len(), swedish.len(), "a key stands twice");
        assert!(swedish.len() > 100, "the file was read");
    }

    #[test]
    fn every_word_of_the_glossary_has_its_text_in_both_languages() {
        for language in [Language::Swedish, Language::English] {
            let words = Words::of(language);
            let mut missing = Vec::new();
            let mut look = |what: &str, word: &str| {
                if !words.knows(what, word) {
                    missing.push(format!("{what}-{word}"));
                }
            };
            Role::ALL.iter().for_each(|w| look("role", w.as_str()));
            Channel::ALL.iter().for_each(|w| look("channel", w.as_str()));
            ContactOutcome::ALL.iter().for_each(|w| look("outcome", w.as_str()));
            AwayReason::ALL.iter().for_each(|w| look("away", w.as_str()));
            Parameter::ALL.iter().for_each(|w| look("parameter", w.as_str()));
            Ending::ALL.iter().for_each(|w| look("ending", w.as_str()));
            Language::ALL.iter().for_each(|w| look("language", w.as_str()));
            assert_eq!(missing, Vec::<String>::new(), "{language}");
        }
    }

    #[test]
    fn telephone_numbers_read_as_swedes_write_them() {
        let words = Words::of(Language::Swedish);
        assert_eq!(words.telephone("+46701234567"), "070-123 45 67");
        assert_eq!(words.telephone("+468123456"), "08-12 34 56");
        assert_eq!(words.telephone("+46176123 45"), "+46176123 45");
        assert_eq!(words.telephone("+4917612345"), "+4917612345");
        assert_eq!(words.telephone("+46"), "+46");
    }

    #[test]
    fn waiting_times_read_as_minutes_and_seconds() {
        assert_eq!(minutes_and_seconds(SignedDuration::from_secs(65)), "1:05");
        assert_eq!(minutes_and_seconds(SignedDuration::from_secs(3_725)), "1:02:05");
        assert_eq!(minutes_and_seconds(SignedDuration::from_secs(-5)), "0:00");
    }
}
