//! What people read about processes, in their language. All text lives in `locales/*/processes.ftl`.

mod faults;

pub use faults::{answer_fault, fault, problem};

use crate::definition::{Due, Step};
use crate::error::ProcessesError;
use crate::form::{Answer, Field, FieldKind};
use crate::model::Running;
use crate::queries;
use crate::run::{Booked, IdentityCheck};
use cases::words::Letter;
use cases::{Case, CaseSettings};
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use storage::Session;
use unic_langid::LanguageIdentifier;
use vocabulary::{Language, Timestamp, local_day, time_zone};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../locales"]
struct Locales;

/// The loader of `language`'s messages.
///
/// # Panics
/// Never in a correct build: the language files are compiled in, and a test loads them.
pub(crate) fn loader(language: Language) -> &'static FluentLanguageLoader {
    static SWEDISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    static ENGLISH: OnceLock<FluentLanguageLoader> = OnceLock::new();
    let slot = match language {
        Language::Swedish => &SWEDISH,
        Language::English => &ENGLISH,
    };
    slot.get_or_init(|| {
        let id: LanguageIdentifier = language.as_str().parse().expect("sv and en are language tags");
        let loader = FluentLanguageLoader::new("processes", id.clone());
        loader.load_languages(&Locales, &[id]).expect("the language files are compiled in");
        loader.set_use_isolating(false);
        loader
    })
}

/// A time of day, `13:05`.
#[must_use]
pub fn time(at: Timestamp) -> String {
    at.to_zoned(time_zone()).strftime("%H:%M").to_string()
}

/// A day and a time: "fredag 27 november 2026 kl. 13:00".
#[must_use]
pub fn day_and_time(language: Language, at: Timestamp) -> String {
    fl!(loader(language), "day-and-time", day = cases::words::day(language, local_day(at)), time = time(at))
}

/// A term: "2 arbetsdagar". What it counts from is told by the step's name.
#[must_use]
pub fn due(language: Language, due: &Due) -> String {
    fl!(loader(language), "due", amount = i64::from(due.amount), unit = due.unit.word())
}

/// What is done in a step of that kind.
#[must_use]
pub fn kind(language: Language, step: &Step) -> String {
    fl!(loader(language), "step-kind", kind = step.kind.word())
}

/// Who does a step.
#[must_use]
pub fn who(language: Language, step: &Step) -> String {
    fl!(loader(language), "step-who", who = step.who.word())
}

/// How a step stands.
#[must_use]
pub fn mark(language: Language, word: &str) -> String {
    fl!(loader(language), "step-mark", mark = word)
}

/// What was done, by the word of the act.
#[must_use]
pub fn act(language: Language, word: &str) -> String {
    fl!(loader(language), "act", act = word)
}

/// How somebody's identity was checked.
#[must_use]
pub fn identity(language: Language, check: IdentityCheck) -> String {
    fl!(loader(language), "identity", check = check.as_str())
}

/// An answer as people read it.
#[must_use]
pub fn answer(language: Language, field: &Field, answer: &Answer) -> String {
    match (answer, &field.kind) {
        (Answer::Choice(key), FieldKind::Choice(choices)) => {
            choices.iter().find(|choice| choice.key == *key).map_or_else(|| key.clone(), |c| c.label.clone())
        }
        (Answer::YesNo(yes), _) => fl!(loader(language), "yes-no", yes = if *yes { "yes" } else { "no" }),
        (Answer::Date(day), _) => cases::words::day(language, *day),
        (Answer::Number(number), _) => grouped(*number),
        (other, _) => Field::sent(other),
    }
}

/// A whole number as Swedes write it: 12 500, with spaces that do not break.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// What fills the blanks of a process's letters, which are in Swedish as the manager wrote them.
pub(crate) fn values(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    running: &Running,
    now: Timestamp,
) -> Result<BTreeMap<String, String>, ProcessesError> {
    let language = Language::Swedish;
    let mut values = BTreeMap::new();
    let mut put = |key: &str, value: String| drop(values.insert(key.to_owned(), value));
    put("municipality", settings.municipality.clone());
    put("today", cases::words::day(language, local_day(now)));
    let case =
        cases::queries::case(s, running.process.case_id)?.ok_or(ProcessesError::NotFound { what: "case" })?;
    put("case_number", case.number.to_string());
    if let Some(id) = case.resident_id
        && let Some(resident) =
            people::residents::queries::by_id(s, id)?.filter(|resident| !resident.protected)
        && let Some(name) = resident.name
    {
        put("resident_name", name);
    }
    let latest = running.state.bookings.iter().max_by_key(|(_, booked)| booked.starts_at);
    if let Some((place, booked)) = latest {
        put("booked_day", cases::words::day(language, local_day(booked.starts_at)));
        put("booked_time", time(booked.starts_at));
        if let crate::definition::StepKind::Booking { resource, .. } = &running.definition.steps[*place].kind
            && let Some(resource) = queries::resource_by_code(s, resource)?
        {
            put("booked_place", resource.place);
        }
    }
    for field in running.definition.fields() {
        if let Some(given) = running.state.answers.get(&field.key) {
            put(&field.key, answer(language, field, given));
        }
    }
    Ok(values)
}

/// A letter of a process, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLetter {
    /// The lines of the address.
    pub to: Vec<String>,
    /// The heading.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// The letter of a step, filled in with what is known now; none if the step is no letter.
///
/// # Errors
/// The database.
pub fn printed(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    running: &Running,
    step: &str,
    now: Timestamp,
) -> Result<Option<PrintedLetter>, ProcessesError> {
    let Some(place) = running.definition.step(step) else { return Ok(None) };
    let crate::definition::StepKind::Letter(letter) = &running.definition.steps[place].kind else {
        return Ok(None);
    };
    let values = values(s, settings, running, now)?;
    let lines = letter.to.iter().map(|line| line.fill_what_is_known(&values)).filter(|line| !line.is_empty());
    Ok(Some(PrintedLetter {
        to: lines.collect(),
        subject: letter.subject.fill(&values),
        body: letter.body.fill(&values),
    }))
}

/// What has happened to a booked time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BookingNews {
    Booked,
    Moved,
    Reminder,
    Cancelled(Booked),
}

impl BookingNews {
    const fn word(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Reminder => "reminder",
            Self::Cancelled(_) => "cancelled",
        }
    }
}

/// Tells a resident of a booked time. `place` is left out when it would tell what the case is about.
pub(crate) fn booking_letter(
    language: Language,
    settings: &CaseSettings,
    case: &Case,
    held: Booked,
    place: Option<&str>,
    news: BookingNews,
    link: Option<&str>,
) -> Letter {
    let loader = loader(language);
    let when = day_and_time(language, held.starts_at);
    let mut parts = vec![fl!(
        loader,
        "booking-body",
        news = news.word(),
        number = case.number.as_str(),
        when = when.as_str()
    )];
    if let Some(place) = place.filter(|_| !matches!(news, BookingNews::Cancelled(_))) {
        parts.push(fl!(loader, "booking-place", place = place));
    }
    if let Some(link) = link {
        parts.push(fl!(loader, "booking-link", link = link));
    }
    parts.push(settings.municipality.clone());
    Letter {
        subject: fl!(loader, "booking-subject", news = news.word(), number = case.number.as_str()),
        body: parts.join("\n\n"),
    }
}

/// Asks a department to do a step. Says the case's number and the step's name, never what the case holds.
pub(crate) fn step_letter(
    language: Language,
    settings: &CaseSettings,
    case: &Case,
    step: &str,
    due: Option<Timestamp>,
    link: &str,
) -> Letter {
    let loader = loader(language);
    let due = due.map_or_else(
        || fl!(loader, "step-no-term"),
        |due| fl!(loader, "step-term", when = day_and_time(language, due)),
    );
    // What a step of a secret case is called may tell what it is about.
    let step = if case.may_travel_by_mail() { step.to_owned() } else { fl!(loader, "step-of-secret") };
    Letter {
        subject: fl!(loader, "step-subject", number = case.number.as_str(), step = step.as_str()),
        body: fl!(
            loader,
            "step-body",
            number = case.number.as_str(),
            step = step,
            due = due,
            link = link,
            municipality = settings.municipality.as_str()
        ),
    }
}

/// Calls a contractor out. Short, since it goes as a text message; in Swedish, which they work in.
pub(crate) fn call_letter(
    settings: &CaseSettings,
    case: &Case,
    text: &str,
    minutes: u16,
    link: &str,
) -> Letter {
    let loader = loader(Language::Swedish);
    Letter {
        subject: fl!(loader, "call-subject", number = case.number.as_str()),
        body: fl!(
            loader,
            "call-body",
            municipality = settings.municipality.as_str(),
            number = case.number.as_str(),
            text = text,
            minutes = i64::from(minutes),
            link = link
        ),
    }
}

/// Tells a department that nobody who was called out has answered.
pub(crate) fn unanswered_letter(settings: &CaseSettings, case: &Case) -> Letter {
    let loader = loader(Language::Swedish);
    Letter {
        subject: fl!(loader, "unanswered-subject", number = case.number.as_str()),
        body: fl!(
            loader,
            "unanswered-body",
            number = case.number.as_str(),
            municipality = settings.municipality.as_str()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(language: &str) -> BTreeSet<String> {
        let file = Locales::get(&format!("{language}/processes.ftl")).unwrap();
        let text = String::from_utf8(file.data.to_vec()).unwrap();
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys("sv"), keys("en"));
        assert!(keys("sv").len() > 50);
    }

    #[test]
    fn numbers_are_grouped_as_swedes_do() {
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!((grouped(-500).as_str(), grouped(0).as_str()), ("−500", "0"));
    }
}
