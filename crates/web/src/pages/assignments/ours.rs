//! "Is this ours?": asked while the resident is still speaking. What is typed travels in the body: what a resident asks
//! about does not belong in addresses and logs.

use super::view::short_address;
use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use assignments::limits::QUERY_CHARS_MAX;
use assignments::ours::{Hit, Source, WhereTo};
use assignments::{AssignmentsError, Verdict, queries};
use axum::{
    Form,
    extract::State,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::{AssignmentId, GenericUuid as _};

/// How many answers are shown: the first large, the rest in case it was not that.
const HITS_MAX: usize = 6;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    query: String,
}

/// What was found, with the codes that lead to the assignments.
struct Found {
    hits: Vec<Hit>,
    codes: BTreeMap<AssignmentId, String>,
}

async fn find(state: &AppState, query: &str) -> Result<Found, PageError> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let found = state
        .db
        .read(move |s| -> Result<_, AssignmentsError> {
            let hits = queries::book(s)?.find(&query, HITS_MAX);
            let mut codes = BTreeMap::new();
            for hit in &hits {
                if let Some(id) = assignment_of(hit.entry.source)
                    && let Some(assignment) = queries::assignment(s, id)?
                {
                    codes.insert(id, assignment.code);
                }
            }
            Ok(Found { hits, codes })
        })
        .await?;
    Ok(found)
}

const fn assignment_of(source: Source) -> Option<AssignmentId> {
    match source {
        Source::Assignment(id) | Source::Covered(id, _) => Some(id),
        Source::Uncovered(_) | Source::Referral(_) => None,
    }
}

/// `GET /ours`
///
/// # Errors
/// The database.
pub(super) async fn page(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    whole(&state, &visit, &Asked::default()).await
}

/// `POST /ours`: the answers alone for the script, the page without it.
///
/// # Errors
/// The database.
pub(super) async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    if visit.htmx {
        let found = find(&state, &asked.query).await?;
        return Ok(answers(&visit, &asked.query, &found).into_response());
    }
    Ok(whole(&state, &visit, &asked).await?.into_response())
}

async fn whole(state: &AppState, visit: &Visit, asked: &Asked) -> Result<Markup, PageError> {
    let words = visit.words;
    let found = find(state, &asked.query).await?;
    let content = html! {
        p .lead { (t!(words, "ours-lead")) }
        div .card { (form(visit, &asked.query)) div #ours-answers aria-live="polite" { (answers(visit, &asked.query, &found)) } }
        p { a href="/assignments" { (t!(words, "assignments-title")) } " · " a href="/referrals" { (t!(words, "referrals-title")) } }
    };
    Ok(Page::narrow(t!(words, "ours-title")).around(visit, &content))
}

/// The question by itself, for the guide's page.
#[must_use]
pub fn pane(visit: &Visit) -> Markup {
    html! { (form(visit, "")) div #ours-answers aria-live="polite" {} }
}

fn form(visit: &Visit, typed: &str) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/ours" role="search" aria-label=(t!(words, "ours-title")) hx-post="/ours"
            hx-target="#ours-answers" hx-select="" hx-swap="innerHTML" {
            (forms::token(visit))
            div .field {
                label for="ours-query" { (t!(words, "ours-query")) }
                input #ours-query type="search" name="query" value=(typed) maxlength=(QUERY_CHARS_MAX) autocomplete="off"
                    hx-post="/ours" hx-trigger="input changed delay:120ms" hx-target="#ours-answers"
                    hx-select="" hx-swap="innerHTML" hx-sync="this:replace";
            }
            noscript { button type="submit" { (t!(words, "ours-ask")) } }
        }
    }
}

fn answers(visit: &Visit, typed: &str, found: &Found) -> Markup {
    let words = visit.words;
    // Only what is certain is said aloud; what comes nearest stands in the list.
    let best = found.hits.first().filter(|hit| hit.certain);
    let hits = found.hits.iter().skip(usize::from(best.is_some()));
    html! {
        @if !typed.trim().is_empty() {
            @if !found.hits.is_empty() {
                @match best {
                    Some(best) => (verdict(visit, best, &found.codes)),
                    None => div .verdict .unknown {
                        p .verdict-word { (t!(words, "ours-unsure")) }
                        p { (t!(words, "ours-nothing-do")) }
                    },
                }
                @if hits.len() > 0 {
                    // No heading: the same answer stands on pages of its own and deep in others.
                    p #ours-others { strong { @if best.is_some() { (t!(words, "ours-or")) } @else { (t!(words, "ours-nearest")) } } }
                    ul .plain-list .ours-more aria-labelledby="ours-others" { @for hit in hits {
                        li {
                            span class=(class(&hit.entry.verdict)) { (words.word("ours", hit.entry.verdict.as_str())) } " "
                            (title(hit, &found.codes))
                            @if let Some(where_to) = hit.entry.verdict.where_to() { " → " (to(where_to)) }
                        }
                    } }
                }
            } @else {
                div .verdict .unknown {
                    p .verdict-word { (t!(words, "ours-nothing")) }
                    p { (t!(words, "ours-nothing-do")) }
                }
            }
        }
    }
}

fn class(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Ours => "badge good",
        Verdict::Partly { .. } => "badge warn",
        Verdict::NotOurs { .. } => "badge bad",
    }
}

/// The answer, large: whose it is, what it was found in, and where to turn.
fn verdict(visit: &Visit, hit: &Hit, codes: &BTreeMap<AssignmentId, String>) -> Markup {
    let words = visit.words;
    let word = hit.entry.verdict.as_str();
    html! {
        div class=(format!("verdict {}", word.replace('_', "-"))) {
            p .verdict-word { (words.word("ours", word)) }
            p { (title(hit, codes)) }
            @if let Some(where_to) = hit.entry.verdict.where_to() {
                p .where { strong { (t!(words, "ours-turn-to")) } " " (to(where_to)) }
            }
            @if !hit.entry.detail.is_empty() && hit.entry.detail != hit.entry.title {
                p .small .soft { (hit.entry.detail) }
            }
            @match hit.entry.source {
                Source::Uncovered(_) => p .small { (t!(words, "ours-uncovered")) },
                Source::Covered(_, case_type) => @if visit.may(people::Action::SeeTerms) {
                    p .small { a href=(format!("/admin/terms/{}", case_type.into_untyped_uuid())) { (t!(words, "ours-terms")) } }
                },
                Source::Assignment(_) | Source::Referral(_) => {}
            }
        }
    }
}

fn title(hit: &Hit, codes: &BTreeMap<AssignmentId, String>) -> Markup {
    let marked = lists::marked(&hit.entry.title, &hit.marks);
    match assignment_of(hit.entry.source).and_then(|id| codes.get(&id)) {
        Some(code) => html! { a href=(format!("/assignments/{code}")) { (marked) } },
        None => marked,
    }
}

fn to(where_to: &WhereTo) -> Markup {
    html! {
        (where_to.whom)
        @if !where_to.telephone.is_empty() { ", " strong .telephone-number { (where_to.telephone) } }
        @if !where_to.url.is_empty() { " " a href=(where_to.url) rel="noreferrer" target="_blank" { (short_address(&where_to.url)) } }
    }
}
