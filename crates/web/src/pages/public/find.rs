//! Searching: what is asked, what was found, which answer was opened. Written down without who asked.

use super::{Frame, Place, START, answers, caching, frame, start};
use crate::{AppState, error::PageError, pages::sign_in::address, t, visit::Visit};
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use knowledge::asked::{self, Place as SearchPlace, Searched};
use knowledge::{Hit, KnowledgeError};
use maud::{Markup, html};
use people::access::{Tally, count_attempt};
use serde::Deserialize;
use std::net::SocketAddr;
use storage::{Session, StorageError};
use vocabulary::{ArticleId, CaseTypeId, Context, GenericUuid as _, SearchId};

/// How many answers are shown.
const HITS_MAX: usize = 10;
/// How many are suggested to somebody who writes a question.
const SUGGESTED_MAX: usize = 3;
/// How much of a question an answer speaks of at least, to be suggested.
const SUGGESTED_SHARE_MIN: f32 = 0.4;
/// Searches and openings from one address that are written down within a quarter of an hour. Beyond it everything is
/// answered, but nothing counted: a machine is no resident.
const COUNTED_PER_ADDRESS_MAX: u32 = 200;

/// Where a request comes from, for the limits.
pub type Peer = Option<axum::Extension<ConnectInfo<SocketAddr>>>;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What was typed.
    #[serde(default)]
    pub query: String,
    /// The search it goes on from; empty at first.
    #[serde(default)]
    pub search: String,
    /// Whether it is to be written down: `yes` when typing has paused.
    #[serde(default)]
    pub settled: String,
    /// `embedded` in a frame.
    #[serde(default)]
    pub place: String,
    /// Which answer was opened, by its address.
    #[serde(default)]
    pub slug: String,
}

impl Asked {
    /// The search the page already has.
    #[must_use]
    pub fn before(&self) -> Option<SearchId> {
        self.search.parse::<uuid::Uuid>().ok().map(SearchId::from_untyped_uuid)
    }

    /// Where the page stands.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.place == "embedded" { Place::Embedded } else { Place::Site }
    }
}

/// What fits.
///
/// # Errors
/// The index.
pub fn hits(state: &AppState, visit: &Visit, query: &str) -> Result<Vec<Hit>, KnowledgeError> {
    if query.trim().is_empty() {
        return Ok(Vec::new());
    }
    let today = vocabulary::local_day(visit.now);
    state.knowledge.find_public(query, HITS_MAX, today)
}

/// What already answers a question that somebody is about to send.
///
/// # Errors
/// The index.
pub fn suggested(state: &AppState, visit: &Visit, question: &str) -> Result<Vec<Hit>, KnowledgeError> {
    let mut hits = hits(state, visit, question)?;
    // What shares a word or two with a long question does not answer it.
    hits.retain(|hit| hit.share >= SUGGESTED_SHARE_MIN);
    hits.truncate(SUGGESTED_MAX);
    Ok(hits)
}

/// Writes down that this was asked and what was shown, unless the address has asked too much.
pub async fn written_down(
    state: &AppState,
    visit: &Visit,
    from: (&HeaderMap, &Peer),
    asked: &Asked,
    hits: &[Hit],
) -> Result<Option<SearchId>, KnowledgeError> {
    if asked.query.trim().is_empty() {
        return Ok(asked.before());
    }
    let searched = Searched {
        place: SearchPlace::Public,
        query: asked.query.clone(),
        shown: hits.iter().map(|hit| hit.article.id).collect(),
        share: hits.first().map_or(0.0, |hit| hit.share),
        before: asked.before(),
    };
    counted(state, visit, from, move |s, ctx| asked::commands::searched(s, ctx, &searched)).await
}

/// Does what is to be counted, unless the address is over its limit.
async fn counted<T: Send + 'static>(
    state: &AppState,
    visit: &Visit,
    (headers, peer): (&HeaderMap, &Peer),
    what: impl Fn(&mut Session<'_>, &Context) -> Result<T, KnowledgeError> + Send + 'static,
) -> Result<Option<T>, KnowledgeError> {
    let (ctx, at) = (visit.context(state), state.wall.now());
    let from = address(state, headers, peer.as_ref().map(|peer| peer.0.0));
    let tally = Tally::of_address(state.access.key(), "public search", from, COUNTED_PER_ADDRESS_MAX);
    state
        .db
        .write(move |s| match count_attempt(s, at, std::slice::from_ref(&tally))? {
            Ok(()) => what(s, &ctx).map(Some),
            Err(_) => Ok(None),
        })
        .await
}

/// Writes down that an answer was opened from a search, and gives the search: the one that was held, or the one that this
/// shows to have been made.
pub async fn opened_from(
    state: &AppState,
    visit: &Visit,
    from: (&HeaderMap, &Peer),
    asked: &Asked,
    article: ArticleId,
) -> Result<Option<SearchId>, KnowledgeError> {
    let search = match asked.before() {
        Some(search) => Some(search),
        None => {
            let hits = hits(state, visit, &asked.query)?;
            written_down(state, visit, from, asked, &hits).await?
        }
    };
    let Some(search) = search else { return Ok(None) };
    let click = move |s: &mut Session<'_>, ctx: &Context| {
        asked::commands::clicked(s, ctx, search, article).map_err(KnowledgeError::from)
    };
    counted(state, visit, from, click).await?;
    Ok(Some(search))
}

/// Writes down that a search became a question to a person. In the transaction that takes the question in, which nothing
/// about the search may undo.
///
/// # Errors
/// The database.
pub fn became_contact(
    s: &mut Session<'_>,
    ctx: &Context,
    search: SearchId,
    case_type: Option<CaseTypeId>,
) -> Result<(), StorageError> {
    asked::commands::became_contact(s, ctx, search, case_type)
}

/// `POST /questions`: what was found, as a page.
///
/// # Errors
/// The index; the database.
pub async fn page(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    results(&state, &visit, (&headers, &peer), &asked, Place::Site).await
}

/// The page of what was found, wherever it stands.
pub async fn results(
    state: &AppState,
    visit: &Visit,
    from: (&HeaderMap, &Peer),
    asked: &Asked,
    place: Place,
) -> Result<Response, PageError> {
    let hits = hits(state, visit, &asked.query)?;
    let search = written_down(state, visit, from, asked, &hits).await?;
    let seen = start::seen(state, visit.now).await?;
    let content = html! {
        (answers::search_box(visit, place, &asked.query, search))
        div #found aria-live="polite" {
            @if !asked.query.trim().is_empty() { (answers::found(visit, place, &asked.query, &hits, search)) }
        }
    };
    let trail = vec![(START.to_owned(), frame::site_name(visit))];
    let frame = Frame::new(t!(visit.words, "site-found-title")).under(trail).standing(place);
    Ok(caching::own(frame.answer(visit, &seen.notices, &content)))
}

/// `POST /site/find`: what was found, for the script. Written down only when typing has paused.
///
/// # Errors
/// The index; the database.
pub async fn fragment(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    if asked.place == "ask" {
        return Ok(suggestions(&visit, &suggested(&state, &visit, &asked.query)?).into_response());
    }
    let hits = hits(&state, &visit, &asked.query)?;
    let search = if asked.settled == "yes" {
        written_down(&state, &visit, (&headers, &peer), &asked, &hits).await?
    } else {
        asked.before()
    };
    let fragment = html! {
        @if !asked.query.trim().is_empty() {
            (answers::found(&visit, asked.place(), &asked.query, &hits, search))
        }
    };
    Ok(fragment.into_response())
}

/// `POST /site/opened`: an answer is being opened; gives the search's id back.
///
/// # Errors
/// The index; the database.
pub async fn opened(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<String, PageError> {
    let seen = start::seen(&state, visit.now).await?;
    let Some(article) = seen.standing.article(&asked.slug) else { return Err(PageError::NotFound) };
    let search = opened_from(&state, &visit, (&headers, &peer), &asked, article.id).await?;
    Ok(search.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default())
}

/// What already answers, beside a question that is being written: in windows of their own, so that nothing typed is lost.
#[must_use]
pub fn suggestions(visit: &Visit, hits: &[Hit]) -> Markup {
    let words = visit.words;
    html! {
        @if !hits.is_empty() {
            div .notice role="status" {
                p { strong { (t!(words, "ask-suggested")) } }
                ul lang="sv" {
                    @for hit in hits {
                        li {
                            a href=(super::link(visit, &Place::Site.article(&hit.article.slug))) target="_blank" rel="noopener" {
                                (super::shelf::public(&hit.article).title)
                                span .visually-hidden lang=(words.tag()) { " " (t!(words, "site-new-window")) }
                            }
                            p .small { (hit.sentence) }
                        }
                    }
                }
            }
        }
    }
}
