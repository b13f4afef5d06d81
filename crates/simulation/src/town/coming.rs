//! What is coming: planned events, and the meetings at which departments tell of them. Days are counted from the demo's
//! first.

use super::model::Town;
use super::{TownError, check};
use ahead::EventKind;
use serde::Deserialize;
use vocabulary::civil::{Time, Weekday};

const EVENTS: &str = "events.toml";
const MEETINGS: &str = "meetings.toml";

/// `events.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsFile {
    pub event: Vec<Event>,
}

/// A planned event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happens.
    pub title: String,
    /// Where.
    pub place: String,
    /// What to tell those who ask.
    pub text: String,
    /// The day it begins; 0 is the demo's first.
    pub day: i32,
    /// How many days it lasts, from the first to the last.
    #[serde(default = "one")]
    pub days: i32,
    /// The time of day it begins on its first day.
    #[serde(deserialize_with = "time")]
    pub begins: Time,
    /// The time of day it ends on its last day.
    #[serde(deserialize_with = "time")]
    pub ends: Time,
    /// What sort of thing it is.
    #[serde(default = "other")]
    pub kind: EventKind,
    /// The code of the department whose it is.
    pub department: Option<String>,
    /// What residents read; none: nothing.
    pub notice: Option<String>,
    /// How many days before it begins residents read it.
    #[serde(default)]
    pub shown_days: i32,
    /// Whether guides confirm that they have read it.
    #[serde(default)]
    pub important: bool,
    /// What residents are expected to ask.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// The slugs of articles that belong to it.
    #[serde(default)]
    pub articles: Vec<String>,
    /// The slugs of articles that are published by themselves when it is shown.
    #[serde(default)]
    pub goes_live: Vec<String>,
}

/// A question residents are expected to ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// In their words.
    pub question: String,
    /// The slug of the article that answers.
    pub article: Option<String>,
}

/// `meetings.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeetingsFile {
    pub series: Vec<Series>,
}

/// A standing meeting with a department, monthly.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The code of the department.
    pub department: String,
    /// On which of the weekday's days of the month; 5 is the last.
    pub nth: u8,
    /// On which day of the week, in English.
    #[serde(deserialize_with = "weekday")]
    pub weekday: Weekday,
    /// When it begins.
    #[serde(deserialize_with = "time")]
    pub begins: Time,
    /// How long it takes.
    pub minutes: u16,
    /// Where.
    pub place: String,
    /// Meetings that have been.
    #[serde(default)]
    pub held: Vec<Held>,
    /// What stands on the next one's agenda.
    #[serde(default)]
    pub next: Vec<Agenda>,
}

/// A meeting that has been.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// When, before the demo's first day.
    pub day: i32,
    /// What was said in all.
    pub notes: String,
    /// What stood on the agenda.
    pub items: Vec<Item>,
    /// What was undertaken.
    #[serde(default)]
    pub actions: Vec<Undertaking>,
}

/// A point of a meeting that has been.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of ahead::queries::Item")]
pub struct Item {
    pub title: String,
    pub notes: String,
    pub decision: String,
}

/// What somebody undertook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undertaking {
    /// What.
    pub what: String,
    /// Who, by the name they sign in with.
    pub owner: String,
    /// Until when, counted from the demo's first day.
    pub due_days: i32,
    /// Whether it is done.
    pub done: bool,
}

/// What is to be talked about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// Its points.
    pub items: Vec<String>,
}

const fn one() -> i32 {
    1
}

const fn other() -> EventKind {
    EventKind::Other
}

/// A time of day, written as `09:00`.
pub(super) fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = String::deserialize(deserializer)?;
    Time::strptime("%H:%M", &text)
        .map_err(|_| serde::de::Error::custom(format!("a time is written as 09:00, not {text:?}")))
}

fn weekday<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let text = String::deserialize(deserializer)?;
    let known = DAYS.iter().find(|(name, _)| *name == text);
    known
        .map(|(_, day)| *day)
        .ok_or_else(|| serde::de::Error::custom(format!("a day is monday to sunday, not {text:?}")))
}

/// Whether events and meetings fit the rest of the town.
pub(super) fn check(town: &Town) -> Result<(), TownError> {
    for e in &town.events {
        let field = |name: &str| format!("event {:?}: {name}", e.title);
        for (name, text) in [("title", &e.title), ("place", &e.place), ("text", &e.text)] {
            check::filled(EVENTS, field(name), text)?;
        }
        if !(1..=365).contains(&e.days) || (e.days == 1 && e.ends <= e.begins) {
            return Err(TownError::new(EVENTS, field("ends"), "an event ends after it begins"));
        }
        if let Some(department) = &e.department {
            check::known(EVENTS, field("department"), department, town.departments.iter().map(|d| &d.code))?;
        }
        let asked = e.questions.iter().filter_map(|q| q.article.as_ref());
        for slug in asked.chain(&e.articles).chain(&e.goes_live) {
            check::known(EVENTS, field("articles"), slug, town.articles.iter().map(|a| &a.slug))?;
        }
    }
    for series in &town.meetings {
        let field = |name: &str| format!("series {}: {name}", series.department);
        let departments = town.departments.iter().map(|d| &d.code);
        check::known(MEETINGS, field("department"), &series.department, departments)?;
        for held in &series.held {
            if held.day >= 0 {
                return Err(TownError::new(MEETINGS, field("held.day"), "is before the demo's first day"));
            }
            for action in &held.actions {
                let users = town.users.iter().map(|u| &u.sign_in);
                check::known(MEETINGS, field("actions.owner"), &action.owner, users)?;
            }
        }
    }
    Ok(())
}
