//! The lists of cases, and the search. What is searched for is sent in the body: it may be a name.

use crate::{
    AppState,
    components::{badges, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Query, State},
};
use cases::queries::{self, CaseLine, CaseList, PageMark};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{Timestamp, local_day};

/// How many cases a page holds.
const LINES: usize = 50;

/// Which list, and where it goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    filter: Option<String>,
    after: Option<String>,
}

/// The lists one can choose, by the word in the address.
const FILTERS: &[&str] = &["open", "overdue", "waiting", "mine", "all"];

fn list_of(visit: &Visit, filter: &str) -> CaseList {
    match filter {
        "overdue" => CaseList::Overdue,
        "waiting" => CaseList::Waiting,
        "mine" => CaseList::Mine(visit.user_id()),
        "all" => CaseList::All,
        _ => CaseList::Open,
    }
}

/// `GET /cases`
///
/// # Errors
/// The page mark is none of ours; the database.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let filter = asked.filter.as_deref().filter(|word| FILTERS.contains(word)).unwrap_or("open");
    let after = asked.after.as_deref().map(str::parse::<PageMark>).transpose()?;
    let (which, viewer, now) = (list_of(&visit, filter), super::viewer(&visit), visit.now);
    let listing = state.db.read(move |s| queries::list(s, viewer, which, now, after.as_ref(), LINES)).await?;
    let words = visit.words;
    let content = html! {
        (search_form(&visit, ""))
        ul .filters aria-label=(t!(words, "cases-filters")) {
            @for word in FILTERS {
                li { a href=(format!("/cases?filter={word}")) aria-current=[(*word == filter).then_some("true")] {
                    (words.word("filter", word))
                } }
            }
        }
        div .card {
            @if listing.lines.is_empty() { (lists::empty(&t!(words, "cases-none"))) }
            @else { (table(&visit, &listing.lines, now)) }
            div .pager {
                @if asked.after.is_some() { a href=(format!("/cases?filter={filter}")) { (t!(words, "pager-first")) } }
                @if let Some(next) = &listing.next {
                    a href=(format!("/cases?filter={filter}&after={next}")) rel="next" { (t!(words, "pager-next")) }
                }
            }
        }
    };
    Ok(page(&visit).around(&visit, &content))
}

fn page(visit: &Visit) -> Page {
    let words = visit.words;
    let page = Page::wide(t!(words, "cases-title"));
    if visit.may(Action::RegisterCase) {
        page.with(html! { a .button .primary href="/cases/new" { (t!(words, "case-new")) } })
    } else {
        page
    }
}

fn search_form(visit: &Visit, typed: &str) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/cases/search" role="search" .inline-form .card {
            (crate::components::forms::token(visit))
            div .field {
                label for="cases-search" { (t!(words, "cases-search")) }
                input #cases-search type="search" name="query" value=(typed) maxlength="100" autocomplete="off";
            }
            button type="submit" { (t!(words, "search")) }
        }
    }
}

/// The table of cases, also used on other pages.
#[must_use]
pub fn table(visit: &Visit, lines: &[CaseLine], now: Timestamp) -> Markup {
    let words = visit.words;
    let today = local_day(now);
    html! {
        div .table-wrap tabindex="0" role="group" aria-label=(t!(words, "cases-title")) {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "case-number")) }
                    th scope="col" { (t!(words, "case-title")) }
                    th scope="col" { (t!(words, "case-status")) }
                    th scope="col" { (t!(words, "case-department")) }
                    th scope="col" { (t!(words, "case-due")) }
                    th scope="col" { (t!(words, "case-changed")) }
                } }
                tbody {
                    @for line in lines {
                        tr {
                            th scope="row" data-label=(t!(words, "case-number")) {
                                a .code href=(format!("/cases/{}", line.id.into_untyped_uuid())) { (line.number) }
                            }
                            td data-label=(t!(words, "case-title")) {
                                span { (line.title) " " (badges::secrecy(words, line.secrecy_class)) }
                            }
                            td data-label=(t!(words, "case-status")) { (badges::status(words, line.status)) }
                            td data-label=(t!(words, "case-department")) {
                                span { (line.department) @if let Some(officer) = &line.officer { br; span .soft .small { (officer) } } }
                            }
                            td data-label=(t!(words, "case-due")) { (due(visit, line, today)) }
                            td data-label=(t!(words, "case-changed")) { time { (words.when(line.changed_at, now)) } }
                        }
                    }
                }
            }
        }
    }
}

fn due(visit: &Visit, line: &CaseLine, today: vocabulary::civil::Date) -> Markup {
    let words = visit.words;
    html! {
        @match line.due_day {
            Some(day) if day < today => span .badge .bad { (t!(words, "case-overdue", day = words.day(day))) },
            Some(day) => time { (words.day(day)) },
            None => span aria-hidden="true" { "–" },
        }
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct SearchForm {
    #[serde(default)]
    query: String,
}

/// `POST /cases/search`
///
/// # Errors
/// The database.
pub async fn search(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<SearchForm>,
) -> Result<Markup, PageError> {
    let (viewer, typed) = (super::viewer(&visit), asked.query.clone());
    let lines = state.db.read(move |s| queries::search(s, viewer, &typed)).await?;
    let words = visit.words;
    let content = html! {
        (search_form(&visit, &asked.query))
        p { a href="/cases" { (t!(words, "cases-back")) } }
        div .card {
            @if lines.is_empty() { (lists::empty(&t!(words, "cases-nothing-found"))) }
            @else { (table(&visit, &lines, visit.now)) }
        }
    };
    Ok(page(&visit).around(&visit, &content))
}
