//! The checklist along ISO 18295-1: what is in place, where it can be seen, and what people have said of the rest.

use super::Known;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
};
use assignments::commands::{PutCheck, put_check};
use assignments::limits::{NOTE_CHARS_MAX, URL_CHARS_MAX};
use assignments::standard::{Area, Check, Facts, Point, PointState, computed};
use assignments::{AssignmentsError, queries, words};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;

/// What the page needs.
struct Kept {
    facts: Facts,
    checks: Vec<Check>,
    known: Known,
}

async fn load(state: &AppState, visit: &Visit) -> Result<Kept, PageError> {
    let now = visit.now;
    let kept = state
        .db
        .read(move |s| -> Result<_, AssignmentsError> {
            Ok(Kept { facts: queries::facts(s, now)?, checks: queries::checks(s)?, known: Known::load(s)? })
        })
        .await?;
    Ok(kept)
}

/// `GET /assignments/standard`
///
/// # Errors
/// The database.
pub(super) async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    Ok(page(&visit, &load(&state, &visit).await?, None, &Faults::none()))
}

fn page(visit: &Visit, kept: &Kept, tried: Option<&Typed>, faults: &Faults) -> Markup {
    let words = visit.words;
    let state = |point: Point| match computed(point, &kept.facts) {
        Some(finding) => Some(finding.state),
        None => kept.checks.iter().find(|check| check.point == point).map(|check| check.state),
    };
    let in_place = Point::ALL.iter().filter(|point| state(**point) == Some(PointState::InPlace)).count();
    let content = html! {
        p { a href="/assignments" { (t!(words, "assignments-back")) } }
        p .lead { (t!(words, "standard-lead")) }
        p { strong { (t!(words, "standard-sum", have = count(in_place), of = count(Point::ALL.len()))) } }
        @for area in Area::ALL {
            section .card aria-labelledby=(format!("area-{area}")) {
                h2 id=(format!("area-{area}")) { (words::area(words.language(), *area)) }
                ul .checks { @for point in Point::ALL.iter().filter(|point| point.area() == *area) {
                    li id=(format!("point-{point}")) {
                        (one(visit, kept, *point, tried.filter(|tried| tried.point == point.as_str()), faults))
                    }
                } }
            }
        }
        p .small .soft { (t!(words, "standard-own-words")) }
    };
    Page::wide(t!(words, "standard-title")).around(visit, &content)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn badge(visit: &Visit, state: Option<PointState>) -> Markup {
    let words = visit.words;
    let class = match state {
        Some(PointState::InPlace) => "badge good",
        Some(PointState::Partly) => "badge warn",
        Some(PointState::Missing) => "badge bad",
        None => "badge",
    };
    html! { span class=(class) {
        @match state {
            Some(state) => (words::point_state(words.language(), state)),
            None => (t!(words, "standard-not-said")),
        }
    } }
}

fn one(visit: &Visit, kept: &Kept, point: Point, tried: Option<&Typed>, faults: &Faults) -> Markup {
    let words = visit.words;
    let name = words::point(words.language(), point);
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    html! {
        @if let Some(finding) = computed(point, &kept.facts) {
            p { (badge(visit, Some(finding.state))) " " strong { (name) } }
            p .small {
                @if let Some(part) = finding.part.filter(|part| part.of > 0) {
                    (t!(words, "standard-part", have = number(part.have), of = number(part.of))) " "
                }
                @if let Some(path) = point.evidence() { a href=(path) { (t!(words, "standard-see")) span .visually-hidden { ": " (name) } } }
            }
        } @else {
            @let check = kept.checks.iter().find(|check| check.point == point);
            p { (badge(visit, check.map(|check| check.state))) " " strong { (name) } }
            @if let Some(check) = check {
                @if !check.note.is_empty() { p .pre .small { (check.note) } }
                p .small .soft {
                    @let by = check.by.and_then(|id| kept.known.user(id)).unwrap_or("–");
                    (t!(words, "standard-said", day = words.day(check.day), by = by))
                    @if !check.evidence.is_empty() { " · " a href=(check.evidence) rel="noreferrer" { (t!(words, "standard-see")) span .visually-hidden { ": " (name) } } }
                }
            }
            @if visit.may(Action::EditAssignments) { (form(visit, point, check, tried, faults)) }
        }
    }
}

fn form(
    visit: &Visit,
    point: Point,
    check: Option<&Check>,
    tried: Option<&Typed>,
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    let states: Vec<Choice> = PointState::ALL
        .iter()
        .map(|state| Choice::new(state, words::point_state(words.language(), *state)))
        .collect();
    let none = Faults::none();
    let faults = if tried.is_some() { faults } else { &none };
    let state = tried.map(|tried| tried.state.clone()).or(check.map(|check| check.state.to_string()));
    let note =
        tried.map_or_else(|| check.map_or("", |check| check.note.as_str()), |tried| tried.note.as_str());
    let evidence = tried
        .map_or_else(|| check.map_or("", |check| check.evidence.as_str()), |tried| tried.evidence.as_str());
    html! {
        details open[tried.is_some()] {
            summary { (t!(words, "standard-say")) span .visually-hidden { ": " (words::point(words.language(), point)) } }
            form method="post" action="/assignments/standard" {
                (forms::token(visit))
                input type="hidden" name="point" value=(point);
                @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
                (Select { name: "state", prefix: point.as_str(), label: t!(words, "standard-state"), choices: &states,
                    chosen: state.as_deref().unwrap_or_default(), nothing: None, required: true, type_ahead_next: None }.show(words, faults))
                (Field::line(point.as_str(), "note", t!(words, "standard-note"), note).kind(Kind::Text).optional()
                    .room(NOTE_CHARS_MAX).show(words, faults))
                (Field::line(point.as_str(), "evidence", t!(words, "standard-evidence"), evidence).optional()
                    .hint(t!(words, "standard-evidence-hint")).room(URL_CHARS_MAX).show(words, faults))
                button type="submit" { (t!(words, "standard-save")) }
            }
        }
    }
}

/// What is typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    point: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    evidence: String,
}

/// `POST /assignments/standard`
///
/// # Errors
/// There is no such point; the database.
pub(super) async fn set(
    State(state): State<AppState>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (Ok(point), Ok(said)) = (typed.point.parse::<Point>(), typed.state.parse::<PointState>()) else {
        return Err(PageError::Invalid("no such point or state".to_owned()));
    };
    let cmd = PutCheck { point, state: said, note: typed.note.clone(), evidence: typed.evidence.clone() };
    let ctx = visit.context(&state);
    let faults = match state.db.write(move |s| put_check(s, &ctx, &cmd)).await {
        Ok(()) => {
            return Ok(Redirect::to(&format!("/assignments/standard#point-{point}")).into_response());
        }
        Err(AssignmentsError::Text(error)) => Faults::one(error.field, text_fault(visit.words, error.fault)),
        Err(error @ AssignmentsError::Url) => {
            Faults::one("evidence", words::problem(visit.words.language(), &error))
        }
        Err(other) => return Err(other.into()),
    };
    let kept = load(&state, &visit).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &kept, Some(&typed), &faults)).into_response())
}
