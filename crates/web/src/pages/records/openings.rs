//! Who has opened what: everybody's for the manager, one's own for each.

use crate::{
    AppState,
    components::{
        forms::{Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
    words::Words,
};
use axum::extract::{Query, State};
use maud::{Markup, html};
use records::openings::{Of, Opening, Pattern, PersonSummary, queries, summaries};
use serde::Deserialize;
use vocabulary::{
    AnyId, GenericUuid as _, ResidentId, SignedDuration, Timestamp, civil::Date, local_day, start_of_day,
};

/// How many openings a page lists; the counts are of all.
const LINES_MAX: usize = 200;
/// For how many days back the list begins, if nothing is asked.
const DAYS: i64 = 7;

/// Which openings.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    by: Option<AnyId>,
    resident: Option<AnyId>,
    case: Option<AnyId>,
}

struct Period {
    from: Date,
    to: Date,
}

impl Period {
    fn of(asked: &Asked, now: Timestamp) -> Self {
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.trim().parse::<Date>().ok());
        let to = day(&asked.to).unwrap_or_else(|| local_day(now));
        let week = now.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
        Self { from: day(&asked.from).unwrap_or_else(|| local_day(week)), to }
    }

    fn instants(&self) -> (Timestamp, Timestamp) {
        (start_of_day(self.from), start_of_day(self.to.tomorrow().unwrap_or(self.to)))
    }
}

/// `GET /records/openings`
///
/// # Errors
/// The database.
pub async fn review(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let period = Period::of(&asked, visit.now);
    let (from, to) = period.instants();
    let of = match &asked {
        Asked { resident: Some(id), .. } => Of::Resident(ResidentId::from_untyped_uuid(*id)),
        Asked { case: Some(id), .. } => Of::Case(vocabulary::CaseId::from_untyped_uuid(*id)),
        Asked { by: Some(id), .. } => Of::By(*id),
        _ => Of::All,
    };
    let found = state.db.read(move |s| queries::openings(s, of, from, to, u32::MAX)).await?;
    let words = visit.words;
    let people = summaries(&found);
    let content = html! {
        p { (t!(words, "openings-what")) }
        (period_form(&visit, "/records/openings", &period, &asked))
        @if matches!(of, Of::All) { (summary(words, &people, &period)) }
        @else { p { a href=(format!("/records/openings?from={}&to={}", period.from, period.to)) { (t!(words, "openings-all")) } } }
        (table(&visit, &found, true))
    };
    Ok(Page::wide(t!(words, "openings-title")).around(&visit, &content))
}

/// `GET /account/openings`: what one has opened oneself, as the manager sees it too.
///
/// # Errors
/// The database.
pub async fn own(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let period = Period::of(&asked, visit.now);
    let ((from, to), of) = (period.instants(), Of::By(visit.user_id().into_untyped_uuid()));
    let found = state.db.read(move |s| queries::openings(s, of, from, to, u32::MAX)).await?;
    let words = visit.words;
    let content = html! {
        p { (t!(words, "openings-own-what")) }
        (period_form(&visit, "/account/openings", &period, &Asked::default()))
        (table(&visit, &found, false))
    };
    Ok(Page::wide(t!(words, "openings-own-title")).around(&visit, &content))
}

fn period_form(visit: &Visit, path: &str, period: &Period, asked: &Asked) -> Markup {
    let words = visit.words;
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let kept = [("by", asked.by), ("resident", asked.resident), ("case", asked.case)];
    html! {
        form method="get" action=(path) .inline-form .card {
            (Field::line("openings", "from", t!(words, "period-from"), &from).kind(Kind::Day).show(words, &Faults::none()))
            (Field::line("openings", "to", t!(words, "period-to"), &to).kind(Kind::Day).show(words, &Faults::none()))
            @for (name, id) in kept { @if let Some(id) = id { input type="hidden" name=(name) value=(id); } }
            button type="submit" { (t!(words, "period-show")) }
        }
    }
}

fn summary(words: &Words, people: &[PersonSummary], period: &Period) -> Markup {
    html! {
        section .card aria-labelledby="openings-people" {
            h2 #openings-people { (t!(words, "openings-people")) }
            @if people.is_empty() { (lists::empty(&t!(words, "openings-none"))) }
            @else {
                div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "openings-people")) {
                    table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "openings-by")) }
                            th scope="col" { (t!(words, "openings-count")) }
                            th scope="col" { (t!(words, "openings-without")) }
                            th scope="col" { (t!(words, "openings-protected")) }
                            th scope="col" { (t!(words, "openings-ask")) }
                        } }
                        tbody { @for person in people { (person_row(words, person, period)) } }
                    }
                }
            }
            p .small .soft { (t!(words, "openings-fair")) }
        }
    }
}

fn person_row(words: &Words, person: &PersonSummary, period: &Period) -> Markup {
    let name = person.name.clone().unwrap_or_else(|| t!(words, "openings-no-user"));
    let path = format!("/records/openings?by={}&from={}&to={}", person.by, period.from, period.to);
    html! {
        tr {
            th scope="row" data-label=(t!(words, "openings-by")) { a href=(path) { (name) } }
            td data-label=(t!(words, "openings-count")) { (person.openings) }
            td data-label=(t!(words, "openings-without")) { (person.without_contact) }
            td data-label=(t!(words, "openings-protected")) { (person.protected) }
            td data-label=(t!(words, "openings-ask")) {
                @if person.patterns.is_empty() { span aria-hidden="true" { "–" } }
                ul .plain-list { @for pattern in &person.patterns { li { (in_words(words, *pattern)) } } }
            }
        }
    }
}

fn in_words(words: &Words, pattern: Pattern) -> String {
    match pattern {
        Pattern::ManyWithoutContact { openings, usual } => {
            t!(words, "pattern-many", n = openings, usual = usual)
        }
        Pattern::SameFamilyName { openings } => t!(words, "pattern-family", n = openings),
        Pattern::OutOfHours { openings } => t!(words, "pattern-hours", n = openings),
    }
}

fn table(visit: &Visit, found: &[Opening], by_whom: bool) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="openings-list" {
            h2 #openings-list { (t!(words, "openings-list", n = found.len())) }
            @if found.is_empty() { (lists::empty(&t!(words, "openings-none"))) }
            @else {
                div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "openings-list", n = found.len())) {
                    table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "openings-when")) }
                            @if by_whom { th scope="col" { (t!(words, "openings-by")) } }
                            th scope="col" { (t!(words, "openings-opened")) }
                            th scope="col" { (t!(words, "openings-bearing")) }
                        } }
                        tbody { @for opening in found.iter().take(LINES_MAX) { (line(words, opening, by_whom)) } }
                    }
                }
                @if found.len() > LINES_MAX { p .soft { (t!(words, "openings-more", n = LINES_MAX)) } }
            }
        }
    }
}

fn line(words: &Words, opening: &Opening, by_whom: bool) -> Markup {
    let who = opening.by_name.clone().unwrap_or_else(|| words.word("actor", &opening.by_kind));
    html! {
        tr {
            th scope="row" data-label=(t!(words, "openings-when")) { (words.day_and_time(opening.at)) }
            @if by_whom { td data-label=(t!(words, "openings-by")) { (who) } }
            td data-label=(t!(words, "openings-opened")) {
                span {
                    (words.word("opened", &opening.what))
                    @if let Some(number) = &opening.case_number { " " (number) }
                    @if opening.sealed { " " span .badge { (t!(words, "openings-sealed")) } }
                    @if opening.protected { " " span .badge .bad { (t!(words, "resident-protected")) } }
                }
            }
            td data-label=(t!(words, "openings-bearing")) {
                @if opening.related { (t!(words, "openings-related")) } @else { span .soft { (t!(words, "openings-bare")) } }
            }
        }
    }
}
