//! The assignments, department by department, with what waits to be done.

use super::Known;
use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use assignments::queries::{Line, lines};
use assignments::{AssignmentsError, VersionState, words};
use axum::extract::State;
use maud::{Markup, html};
use people::Action;
use vocabulary::civil::Date;
use vocabulary::local_day;

/// `GET /assignments`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let words = visit.words;
    let (all, known) =
        state.db.read(|s| -> Result<_, AssignmentsError> { Ok((lines(s)?, Known::load(s)?)) }).await?;
    let today = local_day(visit.now);
    let content = html! {
        p .lead { (t!(words, "assignments-lead")) }
        nav .ways aria-label=(t!(words, "assignments-ways")) {
            ul .ways-list {
                li { a href="/ours" { (t!(words, "ours-title")) } }
                li { a href="/referrals" { (t!(words, "referrals-title")) } }
                li { a href="/assignments/outside" { (t!(words, "outside-title")) } }
                li { a href="/assignments/standard" { (t!(words, "standard-title")) } }
                li { a href="/what-we-do" { (t!(words, "what-we-do-title")) } }
            }
        }
        (waiting(&visit, &all, today))
        @if all.is_empty() { (lists::empty(&t!(words, "assignments-none"))) }
        @for department in &known.departments {
            @let own: Vec<&Line> = all.iter().filter(|line| line.assignment.department == department.id).collect();
            @if !own.is_empty() {
                section .card {
                    h2 { (department.name) }
                    div .table-wrap { table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "assignment")) }
                            th scope="col" { (t!(words, "case-status")) }
                            th scope="col" { (t!(words, "assignment-owner")) }
                            th scope="col" { (t!(words, "assignment-review-day")) }
                        } }
                        tbody { @for line in own { (row(&visit, line, &known, today)) } }
                    } }
                }
            }
        }
    };
    let aside = html! {
        @if visit.may(Action::EditAssignments) { a .button href="/assignments/new" { (t!(words, "assignment-new")) } }
    };
    Ok(Page::wide(t!(words, "assignments-title")).with(aside).around(&visit, &content))
}

fn row(visit: &Visit, line: &Line, known: &Known, today: Date) -> Markup {
    let words = visit.words;
    let coming = line.standings.iter().filter(|standing| {
        matches!(standing.state, VersionState::Draft | VersionState::Sent | VersionState::Approved)
            && line.state() != Some(standing.state)
    });
    html! {
        tr {
            th scope="row" { a href=(path(line)) { (line.title) } }
            td data-label=(t!(words, "case-status")) {
                @if let Some(state) = line.state() { (badge(visit, state)) }
                @for standing in coming {
                    br; span .small { (t!(words, "assignment-coming", version = i64::from(standing.version),
                        state = words::state(words.language(), standing.state).to_lowercase())) }
                }
            }
            td data-label=(t!(words, "assignment-owner")) {
                (line.assignment.owner.and_then(|id| known.user(id)).unwrap_or("–"))
            }
            td data-label=(t!(words, "assignment-review-day")) {
                @match line.assignment.review_day {
                    Some(day) => { (words.day(day)) @if line.is_overdue(today) { " " span .badge .bad { (t!(words, "assignment-overdue")) } } },
                    None => "–",
                }
            }
        }
    }
}

fn path(line: &Line) -> String {
    format!("/assignments/{}", line.assignment.code)
}

/// Where a version stands, as a badge.
pub(super) fn badge(visit: &Visit, state: VersionState) -> Markup {
    let class = match state {
        VersionState::InForce => "badge good",
        VersionState::UnderReview | VersionState::Sent | VersionState::Approved => "badge warn",
        VersionState::Refused => "badge bad",
        _ => "badge",
    };
    html! { span class=(class) { (words::state(visit.words.language(), state)) } }
}

/// What somebody has to do something about.
fn waiting(visit: &Visit, all: &[Line], today: Date) -> Markup {
    let words = visit.words;
    let has = |line: &Line, state| line.standings.iter().any(|standing| standing.state == state);
    let newest = |line: &Line| line.standings.first().map(|standing| standing.state);
    let mut todo: Vec<(&Line, String)> = Vec::new();
    for line in all {
        if line.is_overdue(today) {
            todo.push((line, t!(words, "assignment-todo-overdue")));
        } else if has(line, VersionState::UnderReview) {
            todo.push((line, t!(words, "assignment-todo-review")));
        }
        if newest(line) == Some(VersionState::Refused) {
            let reason = line.reason.clone().unwrap_or_default();
            todo.push((line, t!(words, "assignment-todo-refused", reason = reason)));
        }
        if let Some(sent) = line.sent_at {
            todo.push((line, t!(words, "assignment-todo-sent", day = words.day(local_day(sent)))));
        }
    }
    html! {
        @if !todo.is_empty() {
            section .card aria-labelledby="todo-heading" {
                h2 #todo-heading { (t!(words, "assignment-todo")) }
                ul .plain-list { @for (line, what) in todo { li { a href=(path(line)) { (line.title) } ": " (what) } } }
            }
        }
    }
}
