//! What the centre knows: search while typing.

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    pages::{knowledge::parts, knowledge_gaps::record},
    t,
    visit::Visit,
};
use axum::{Form, Json, extract::State};
use knowledge::{Article, Hit};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use vocabulary::{ArticleId, CaseTypeId, GenericUuid as _, SearchId, local_day};

/// How many articles are shown.
const HITS_MAX: usize = 8;

/// The search box and what it has found. What is typed is sent in the body: what a resident asks about does not belong
/// in addresses and logs.
#[must_use]
pub fn search_form(visit: &Visit, typed: &str, hits: &[Hit], search: Option<SearchId>) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/knowledge/search" role="search" hx-post="/knowledge/search"
            hx-target="#knowledge-hits" hx-select="" hx-swap="innerHTML" {
            (crate::components::forms::token(visit))
            (record::marker(search))
            div .field {
                label for="knowledge-search" { (t!(words, "knowledge-search")) }
                input #knowledge-search type="search" name="query" value=(typed) maxlength="200" autocomplete="off"
                    hx-post="/knowledge/search" hx-trigger="input changed delay:120ms" hx-target="#knowledge-hits"
                    hx-select="" hx-swap="innerHTML" hx-sync="this:replace";
            }
            noscript { button type="submit" { (t!(words, "search")) } }
        }
        div #knowledge-hits aria-live="polite" { (found(visit, typed, hits)) }
    }
}

fn found(visit: &Visit, typed: &str, hits: &[Hit]) -> Markup {
    let words = visit.words;
    let today = local_day(visit.now);
    html! {
        @if !typed.trim().is_empty() {
            @if hits.is_empty() {
                (lists::empty(&t!(words, "knowledge-nothing")))
            } @else {
                ul .search-results {
                    @for hit in hits {
                        li {
                            details hx-post="/knowledge/opened" hx-trigger="toggle once" hx-vals=(record::opened(hit.article.id))
                                hx-include="#knowledge-search, #search-mark" hx-target="#search-mark" hx-select=""
                                hx-swap="outerHTML" {
                                summary {
                                    (marked(hit.article.title(), &hit.title_marks))
                                    " " (parts::overdue_badge(words, &hit.article, today))
                                }
                                (parts::in_short(visit, &hit.article))
                            }
                            p { (marked(&hit.sentence, &hit.sentence_marks)) }
                        }
                    }
                }
            }
        }
    }
}

/// A text with what was searched for marked.
fn marked(text: &str, marks: &[Range<usize>]) -> Markup {
    let mut at = 0;
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    for mark in marks {
        if let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone())) {
            pieces.push((false, before));
            pieces.push((true, inside));
            at = mark.end;
        }
    }
    pieces.push((false, text.get(at..).unwrap_or_default()));
    html! { @for (is_mark, piece) in pieces { @if is_mark { mark { (piece) } } @else { (piece) } } }
}

/// What was typed.
#[derive(Deserialize)]
pub struct SearchForm {
    #[serde(default)]
    query: String,
    #[serde(default)]
    search: String,
}

/// `POST /knowledge/search`
///
/// # Errors
/// The index fails.
pub async fn search(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<SearchForm>,
) -> Result<Markup, PageError> {
    let hits = state.knowledge.find(&asked.query, HITS_MAX, local_day(state.clock.now()))?;
    if visit.htmx {
        return Ok(found(&visit, &asked.query, &hits));
    }
    let before = asked.search.parse::<uuid::Uuid>().ok().map(SearchId::from_untyped_uuid);
    let search = record::settled(&state, &visit, &asked.query, &hits, before).await?;
    let content = html! { div .card { (search_form(&visit, &asked.query, &hits, search)) } };
    Ok(Page::narrow(t!(visit.words, "guide-knowledge")).around(&visit, &content))
}

/// An article as the log's type-ahead knows it.
#[derive(Serialize)]
pub struct ArticleChoice {
    id: ArticleId,
    title: String,
    keywords: String,
    answer: String,
    case_type: Option<CaseTypeId>,
}

/// `GET /knowledge/articles`: every article that is read today with the case type it usually becomes, for the log's type-ahead.
///
/// # Errors
/// The database.
pub async fn articles(
    State(state): State<AppState>,
    visit: Visit,
) -> Result<Json<Vec<ArticleChoice>>, PageError> {
    let all = state.db.read(knowledge::queries::articles).await?;
    let today = local_day(visit.now);
    let choice = |article: &Article| ArticleChoice {
        id: article.id,
        title: article.title().to_owned(),
        keywords: article.keywords.clone(),
        answer: article.answer().to_owned(),
        case_type: article.case_type(),
    };
    Ok(Json(all.iter().filter(|article| article.is_valid(today)).map(choice).collect()))
}
