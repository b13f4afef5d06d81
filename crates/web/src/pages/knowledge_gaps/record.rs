//! Keeping what a guide searches and opens. Not letter by letter: what has been typed is kept when it has not changed for a
//! while, or when something found is opened; and while it grows it stays one search. The page holds the search's id in a field
//! of its form; the id says nothing of who searched.

use crate::{AppState, error::PageError, visit::Visit};
use axum::{Form, extract::State};
use knowledge::asked::{Place, Searched, commands};
use knowledge::{Hit, KnowledgeError};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ArticleId, SearchId, local_day};

/// How many hits count as shown.
const HITS_MAX: usize = 8;

/// The field that holds the search's id. Put it in the form of the search box `#knowledge-search`; it keeps what has settled
/// there by itself.
#[must_use]
pub fn marker(search: Option<SearchId>) -> Markup {
    let id = search.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
    html! {
        input #search-mark type="hidden" name="search" value=(id) hx-post="/knowledge/searched"
            hx-trigger="input delay:1500ms from:#knowledge-search" hx-include="#knowledge-search"
            hx-target="this" hx-select="" hx-swap="outerHTML" hx-sync="this:replace";
    }
}

/// What htmx sends beside the query and the search's id when a hit is opened.
#[must_use]
pub fn opened(article: ArticleId) -> String {
    format!("{{\"article\":\"{}\"}}", article.into_untyped_uuid())
}

/// What is to be kept.
#[derive(Debug, Deserialize)]
pub(super) struct Mark {
    #[serde(default)]
    query: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    article: String,
}

impl Mark {
    fn before(&self) -> Option<SearchId> {
        self.search.parse::<uuid::Uuid>().ok().map(SearchId::from_untyped_uuid)
    }
}

fn to_keep(query: &str, hits: &[Hit], before: Option<SearchId>) -> Searched {
    Searched {
        place: Place::Guide,
        query: query.to_owned(),
        shown: hits.iter().map(|hit| hit.article.id).collect(),
        share: hits.first().map_or(0.0, |hit| hit.share),
        before,
    }
}

/// Keeps a search whose form was sent without script.
///
/// # Errors
/// The database.
pub async fn settled(
    state: &AppState,
    visit: &Visit,
    query: &str,
    hits: &[Hit],
    before: Option<SearchId>,
) -> Result<Option<SearchId>, PageError> {
    if query.trim().is_empty() {
        return Ok(before);
    }
    let (ctx, search) = (visit.context(state), to_keep(query, hits, before));
    Ok(Some(state.db.write(move |s| commands::searched(s, &ctx, &search)).await?))
}

/// `POST /knowledge/searched`: what is typed has not changed for a while.
///
/// # Errors
/// The database, the index.
pub(super) async fn settled_by_script(
    State(state): State<AppState>,
    visit: Visit,
    Form(mark): Form<Mark>,
) -> Result<Markup, PageError> {
    let hits = state.knowledge.find(&mark.query, HITS_MAX, local_day(state.clock.now()))?;
    Ok(marker(settled(&state, &visit, &mark.query, &hits, mark.before()).await?))
}

/// `POST /knowledge/opened`: a hit was opened, perhaps before what was typed had settled.
///
/// # Errors
/// The database, the index.
pub(super) async fn opened_by_script(
    State(state): State<AppState>,
    visit: Visit,
    Form(mark): Form<Mark>,
) -> Result<Markup, PageError> {
    let Some(article) = mark.article.parse().ok().map(ArticleId::from_untyped_uuid) else {
        return Ok(marker(mark.before()));
    };
    let hits = state.knowledge.find(&mark.query, HITS_MAX, local_day(state.clock.now()))?;
    let (ctx, search) = (visit.context(&state), to_keep(&mark.query, &hits, mark.before()));
    let id = state
        .db
        .write(move |s| -> Result<SearchId, KnowledgeError> {
            let id = commands::searched(s, &ctx, &search)?;
            commands::clicked(s, &ctx, id, article)?;
            Ok(id)
        })
        .await?;
    Ok(marker(Some(id)))
}
