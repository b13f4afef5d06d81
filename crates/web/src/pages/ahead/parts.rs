//! What several pages show of events: when, where they are, links to articles.

use crate::{components::forms, t, visit::Visit, words::Words};
use ahead::{Phase, PlannedEvent};
use maud::{Markup, html};
use people::directory::Department;
use vocabulary::{DepartmentId, GenericUuid as _, Timestamp};

/// When something is, in words: a day or days, times of day, until further notice.
#[must_use]
pub fn when(words: &Words, begins: Timestamp, ends: Option<Timestamp>, all_day: bool) -> String {
    let first = vocabulary::local_day(begins);
    let last = |ends: Timestamp| {
        vocabulary::local_day(Timestamp::from_microsecond(ends.as_microsecond() - 1).unwrap_or(ends))
    };
    match (all_day, ends) {
        (true, None) => t!(words, "ahead-from-day", day = words.day(first)),
        (true, Some(ends)) if last(ends) == first => format!("{} {}", words.weekday(first), words.day(first)),
        (true, Some(ends)) => format!("{}–{}", words.day(first), words.day(last(ends))),
        (false, None) => t!(words, "ahead-from-day", day = words.day_and_time(begins)),
        (false, Some(ends)) if vocabulary::local_day(ends) == first => {
            format!(
                "{} {} {}–{}",
                words.weekday(first),
                words.day(first),
                words.time(begins),
                words.time(ends)
            )
        }
        (false, Some(ends)) => format!("{}–{}", words.day_and_time(begins), words.day_and_time(ends)),
    }
}

/// When an event is.
#[must_use]
pub fn of_event(words: &Words, event: &PlannedEvent) -> String {
    when(words, event.begins_at, event.ends_at, event.all_day)
}

/// Where an event is in its life, as a badge.
#[must_use]
pub fn phase(words: &Words, phase: Phase) -> Markup {
    let class = match phase {
        Phase::Draft => "badge warn",
        Phase::Planned => "badge info",
        Phase::Live => "badge good",
        Phase::Past => "badge",
        Phase::Cancelled => "badge bad",
    };
    html! { span class=(class) { (words.word("ahead-phase", phase.as_str())) } }
}

/// That guides must confirm it.
#[must_use]
pub fn important(words: &Words, event: &PlannedEvent) -> Markup {
    html! {
        @if event.importance == ahead::Importance::Important {
            span .badge .bad { (t!(words, "ahead-important")) }
        }
    }
}

/// The address of an event's page.
#[must_use]
pub fn address(event: &PlannedEvent) -> String {
    format!("/ahead/events/{}", event.id.into_untyped_uuid())
}

/// A department's name.
#[must_use]
pub fn department(departments: &[Department], id: Option<DepartmentId>) -> &str {
    id.and_then(|id| departments.iter().find(|d| d.id == id)).map_or("", |d| d.name.as_str())
}

/// The departments as choices.
#[must_use]
pub fn department_choices(departments: &[Department]) -> Vec<forms::Choice> {
    departments.iter().map(|d| forms::Choice::new(d.id.into_untyped_uuid(), d.name.clone())).collect()
}

/// The ways between the pages of this room.
#[must_use]
pub fn ways(visit: &Visit) -> Markup {
    let words = visit.words;
    let way = |path: &str, name: String, may: bool| {
        html! { @if may { li { a href=(path) aria-current=[(visit.path == path).then_some("page")] { (name) } } } }
    };
    html! {
        nav .tabs aria-label=(t!(words, "ahead-title")) {
            ul {
                (way("/ahead", t!(words, "ahead-events"), true))
                (way("/today", t!(words, "ahead-today"), true))
                (way("/ahead/meetings", t!(words, "ahead-meetings"), visit.may(people::Action::LeadMeetings)))
                (way("/ahead/calendars", t!(words, "ahead-calendars"), true))
            }
        }
    }
}

/// A time of day to be filled in.
#[must_use]
pub fn time_field(prefix: &str, name: &str, label: &str, value: &str, fault: Option<&str>) -> Markup {
    let id = format!("{prefix}-{name}");
    html! {
        div .field {
            label for=(id) { (label) }
            (forms::notes(&id, None, fault))
            input id=(id) name=(name) type="time" value=(value) autocomplete="off"
                aria-describedby=[forms::described_by(&id, false, fault.is_some())] aria-invalid=[fault.map(|_| "true")];
        }
    }
}

/// A number to be filled in.
#[must_use]
pub fn number_field(prefix: &str, name: &str, label: &str, value: &str, fault: Option<&str>) -> Markup {
    let id = format!("{prefix}-{name}");
    html! {
        div .field {
            label for=(id) { (label) }
            (forms::notes(&id, None, fault))
            input id=(id) name=(name) type="number" min="5" max="600" step="5" value=(value) required autocomplete="off"
                aria-describedby=[forms::described_by(&id, false, fault.is_some())] aria-invalid=[fault.map(|_| "true")];
        }
    }
}
