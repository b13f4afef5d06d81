//! One assignment: what holds and what is on its way, what has been said of it, and what is done with it.

use super::view::{self, Beside};
use super::{Known, by_code, list, moves};
use crate::{AppState, components::layout::Page, error::PageError, t, visit::Visit};
use assignments::commands::{Loaded, load};
use assignments::{Agreed, AssignmentsError, Referral, Version, VersionState, queries};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::civil::Date;
use vocabulary::local_day;

/// Months of volumes shown beside what was expected.
const VOLUME_MONTHS: u16 = 6;

/// Another version to compare with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Against {
    #[serde(default)]
    against: String,
}

/// `GET /assignments/{code}`
///
/// # Errors
/// There is no such assignment; the database.
pub(super) async fn newest(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    let opened = Opened::load(&state, &visit, code, None).await?;
    Ok(page(&visit, &opened, None, None))
}

/// `GET /assignments/{code}/versions/{version}`
///
/// # Errors
/// There is no such version; the database.
pub(super) async fn version(
    State(state): State<AppState>,
    visit: Visit,
    Path((code, version)): Path<(String, u32)>,
    Query(asked): Query<Against>,
) -> Result<Markup, PageError> {
    let opened = Opened::load(&state, &visit, code, Some(version)).await?;
    let against = asked.against.parse::<u32>().ok();
    Ok(page(&visit, &opened, against, None))
}

/// An assignment with what its page needs.
pub(super) struct Opened {
    pub(super) loaded: Loaded,
    pub(super) shown: Version,
    pub(super) known: Known,
    referrals: Vec<Referral>,
    terms: Vec<Agreed>,
    volumes: Vec<(Date, u64)>,
}

impl Opened {
    /// Opens an assignment at a version; without one at what holds, or else at the newest.
    pub(super) async fn load(
        state: &AppState,
        visit: &Visit,
        code: String,
        number: Option<u32>,
    ) -> Result<Self, PageError> {
        let id = by_code(state, code).await?.id;
        let (settings, today) = (state.cases.clone(), local_day(visit.now));
        let opened = state
            .db
            .read(move |s| -> Result<_, AssignmentsError> {
                let loaded = load(s, id)?;
                let shown = match number {
                    Some(number) => loaded.version(number)?.clone(),
                    None => loaded
                        .holding()
                        .or_else(|| loaded.versions.first())
                        .cloned()
                        .ok_or(AssignmentsError::NotFound { what: "version" })?,
                };
                let terms = assignments::commands::agreed(s, &settings, &shown)?;
                let volumes = queries::volumes(s, &shown, today, VOLUME_MONTHS)?;
                let (known, referrals) = (Known::load(s)?, queries::referrals(s)?);
                Ok(Self { loaded, shown, known, referrals, terms, volumes })
            })
            .await?;
        Ok(opened)
    }
}

/// The page. `problem` is said when something was tried that cannot be done.
pub(super) fn page(visit: &Visit, opened: &Opened, against: Option<u32>, problem: Option<&str>) -> Markup {
    let words = visit.words;
    let shown = &opened.shown;
    let beside = Beside { known: &opened.known, referrals: &opened.referrals, terms: &opened.terms };
    let old = against
        .and_then(|number| opened.loaded.versions.iter().find(|version| version.number == number))
        .filter(|version| version.number != shown.number);
    let content = html! {
        p { a href="/assignments" { (t!(words, "assignments-back")) } }
        @if let Some(problem) = problem { (crate::components::forms::refused(problem)) }
        (standing(visit, opened))
        @if let Some(old) = old {
            section .card aria-labelledby="difference-heading" {
                h2 #difference-heading { (t!(words, "assignment-difference", version = i64::from(old.number))) }
                (view::difference(visit, &old.basis, &shown.basis, &opened.known))
            }
        }
        (view::basis(visit, shown, &beside))
        (volumes(visit, opened))
        (versions(visit, opened))
        @if visit.may(Action::EditAssignments) { (moves::forms(visit, opened)) }
    };
    let aside = html! {
        (list::badge(visit, shown.state))
        @if visit.may(Action::EditAssignments) && shown.state == VersionState::Draft {
            a .button href=(format!("/assignments/{}/edit", opened.loaded.assignment.code)) { (t!(words, "assignment-edit")) }
        }
    };
    Page::wide(t!(
        words,
        "assignment-of",
        title = shown.basis.title.clone(),
        version = i64::from(shown.number)
    ))
    .with(aside)
    .around(visit, &content)
}

/// Whose it is, who answers for it, and what the department has said.
fn standing(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let (assignment, shown) = (&opened.loaded.assignment, &opened.shown);
    let newer = opened.loaded.versions.iter().find(|version| {
        version.number > shown.number
            && matches!(version.state, VersionState::Draft | VersionState::Sent | VersionState::Approved)
    });
    let held = opened.loaded.holding().filter(|held| held.number != shown.number);
    let path = |version: &Version| format!("/assignments/{}/versions/{}", assignment.code, version.number);
    html! {
        @if let Some(newer) = newer {
            div .notice role="status" { p {
                a href=(format!("{}?against={}", path(newer), shown.number)) {
                    (t!(words, "assignment-newer", version = i64::from(newer.number),
                        state = assignments::words::state(words.language(), newer.state).to_lowercase())) }
            } }
        }
        @if let Some(held) = held {
            div .notice role="status" { p {
                a href=(path(held)) { (t!(words, "assignment-holds", version = i64::from(held.number))) }
            } }
        }
        dl .facts {
            dt { (t!(words, "departments-department")) } dd { (opened.known.department(assignment.department)) }
            dt { (t!(words, "assignment-owner")) }
            dd { (assignment.owner.and_then(|id| opened.known.user(id)).unwrap_or("–")) }
            @if let Some(answer) = &shown.answer {
                @match &answer.reason {
                    None => { dt { (t!(words, "assignment-approved")) } dd { (t!(words, "assignment-answered-by",
                        name = answer.by.clone(), at = words.day_and_time(answer.at))) } },
                    Some(reason) => { dt { (t!(words, "assignment-refused")) } dd {
                        (t!(words, "assignment-answered-by", name = answer.by.clone(), at = words.day_and_time(answer.at)))
                        p .pre { (reason) } } },
                }
            } @else if let Some(sent) = shown.sent_at {
                dt { (t!(words, "assignment-sent")) } dd { (words.day_and_time(sent)) }
            }
            @if let Some(day) = assignment.review_day {
                dt { (t!(words, "assignment-next-review")) }
                dd { (words.day(day)) @if day < local_day(visit.now) { " " span .badge .bad { (t!(words, "assignment-overdue")) } } }
            }
        }
    }
}

/// What was measured beside what was expected.
fn volumes(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let expected = opened.shown.basis.contacts_per_month;
    html! {
        section .card aria-labelledby="volumes-heading" {
            h2 #volumes-heading { (t!(words, "assignment-volumes")) }
            p .hint { (t!(words, "assignment-volumes-hint")) }
            div .table-wrap { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "departments-month")) }
                    th scope="col" .number { (t!(words, "assignment-measured")) }
                    th scope="col" .number { (t!(words, "assignment-expected")) }
                } }
                tbody { @for (place, (month, count)) in opened.volumes.iter().enumerate() { tr {
                    @let under_way = place + 1 == opened.volumes.len();
                    th scope="row" { (month_name(words, *month)) @if under_way { " " span .soft { (t!(words, "assignment-so-far")) } } }
                    td .number data-label=(t!(words, "assignment-measured")) { (count) }
                    td .number data-label=(t!(words, "assignment-expected")) {
                        @match expected { Some(expected) => (expected), None => "–" }
                    }
                } } }
            } }
        }
    }
}

/// "nov 2026".
pub(super) fn month_name(words: &crate::words::Words, first_day: Date) -> String {
    format!("{} {}", words.word("month-short", &first_day.month().to_string()), first_day.year())
}

fn versions(visit: &Visit, opened: &Opened) -> Markup {
    let words = visit.words;
    let code = &opened.loaded.assignment.code;
    html! {
        section .card aria-labelledby="versions-heading" {
            h2 #versions-heading { (t!(words, "process-versions")) }
            ul .plain-list { @for version in &opened.loaded.versions {
                @let here = version.number == opened.shown.number;
                li {
                    a href=(format!("/assignments/{code}/versions/{}", version.number)) aria-current=[here.then_some("page")] {
                        (t!(words, "process-version")) " " (version.number) }
                    " " (list::badge(visit, version.state)) " "
                    span .small .soft { (words.day_and_time(version.changed_at)) }
                    @if !here {
                        " " a .small href=(format!("/assignments/{code}/versions/{}?against={}", opened.shown.number, version.number)) {
                            (t!(words, "assignment-compare", version = i64::from(version.number))) }
                    }
                }
            } }
        }
    }
}
