//! The same answers in a frame on a page of the town's web site, put there by one tag. Who may frame them stands in the
//! configuration and is held by the browser (`frame-ancestors`); a site that is not named gets an empty frame.

use super::find::{Asked, Peer};
use super::{EMBEDDED, Frame, Place, answers, article, find, frame, link, start, start::Seen};
use crate::{
    AppState, assets,
    error::PageError,
    routes::{Entrance, Route, RouteTable},
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use maud::html;
use people::Action;
use serde::Deserialize;

/// The frame's routes.
pub fn routes(table: &mut RouteTable) {
    let page = |method, path| Route { method, path, action: Action::ReadPublic, entrance: Entrance::Public };
    table.add(page("GET", "/questions/embed.js"), script);
    table.add(page("GET", EMBEDDED), show);
    table.add(page("POST", EMBEDDED), search);
    table.add(page("GET", "/embedded/{slug}"), read);
    table.add(page("POST", "/embedded/{slug}"), opened);
}

/// `GET /questions/embed.js`: the tag's script, under an address that towns write into their pages and that stays.
pub async fn script(headers: HeaderMap) -> Response {
    let mut response = assets::file("embed.js", &headers);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    // Pages that isolate themselves may load it as well.
    let anybody = HeaderValue::from_static("cross-origin");
    headers.insert(header::HeaderName::from_static("cross-origin-resource-policy"), anybody);
    response
}

/// What the tag can choose.
#[derive(Debug, Deserialize)]
pub struct Choice {
    topic: Option<String>,
}

/// `GET /embedded`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Query(choice): Query<Choice>,
) -> Result<Response, PageError> {
    let (shelf, now) = (state.shelf.clone(), visit.now);
    let (Seen { standing, notices }, asked) = state
        .db
        .read(move |s| {
            let seen = Seen::read(s, &shelf, now)?;
            Ok::<_, knowledge::KnowledgeError>((seen, start::asked_now(s, now)?))
        })
        .await?;
    let chosen = choice.topic.as_deref().and_then(|slug| standing.topic(slug));
    let content = html! {
        (answers::search_box(&visit, Place::Embedded, "", None))
        div #found aria-live="polite" {}
        @if let Some((topic, articles)) = chosen {
            section aria-labelledby="topic" {
                h2 #topic lang="sv" { (topic.name) }
                (answers::list(&visit, Place::Embedded, articles))
            }
        } @else {
            (start::most_asked(&visit, Place::Embedded, &standing, asked))
        }
        (answers::ask_instead(&visit, Place::Embedded, "", None))
        p .small {
            a href=(link(&visit, super::START)) target="_blank" rel="noopener" {
                (t!(visit.words, "site-all")) span .visually-hidden { " " (t!(visit.words, "site-new-window")) }
            }
        }
    };
    let frame = Frame::new(frame::site_name(&visit)).standing(Place::Embedded);
    Ok(frame.kept(&headers, &visit, &notices, &content))
}

/// `POST /embedded`
///
/// # Errors
/// The index; the database.
pub async fn search(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    find::results(&state, &visit, (&headers, &peer), &asked, Place::Embedded).await
}

/// `GET /embedded/{slug}`
///
/// # Errors
/// The database.
pub async fn read(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    article::read(&state, &visit, &headers, &slug, Place::Embedded).await
}

/// `POST /embedded/{slug}`
///
/// # Errors
/// The index; the database.
pub async fn opened(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    article::open(&state, &visit, (&headers, &peer), &slug, &asked, Place::Embedded).await
}
