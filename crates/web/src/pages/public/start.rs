//! Where the site begins: search, what is asked most now, the topics.

use super::{Frame, Notice, Place, START, Shelf, answers, caching, frame, shelf::Standing, structured};
use crate::{AppState, error::PageError, security::headers::Shown, t, visit::Visit};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use knowledge::{Article, KnowledgeError};
use maud::{Markup, html};
use std::sync::Arc;
use storage::Session;
use vocabulary::{ArticleId, Timestamp};

/// How many of the most asked are shown.
const ASKED_MAX: usize = 6;
/// How many of the last changed are shown while nothing has been asked.
const CHANGED_MAX: usize = 6;

/// What a page begins with.
pub struct Seen {
    /// The articles.
    pub standing: Arc<Standing>,
    /// What stands on top.
    pub notices: Vec<Notice>,
}

impl Seen {
    /// Both, in one snapshot.
    ///
    /// # Errors
    /// The database.
    pub fn read(s: &mut Session<'_>, shelf: &Shelf, now: Timestamp) -> Result<Self, KnowledgeError> {
        let standing = shelf.read(s, now)?;
        let notices = super::notices::read(s, &standing, now)?;
        Ok(Self { standing, notices })
    }
}

/// The articles and the notices.
///
/// # Errors
/// The database.
pub async fn seen(state: &AppState, now: Timestamp) -> Result<Seen, KnowledgeError> {
    let shelf = state.shelf.clone();
    state.db.read(move |s| Seen::read(s, &shelf, now)).await
}

/// What is to be told now, for a page that reads nothing else of the site.
///
/// # Errors
/// The database.
pub async fn notices(state: &AppState, now: Timestamp) -> Result<Vec<Notice>, KnowledgeError> {
    seen(state, now).await.map(|seen| seen.notices)
}

/// `GET /questions`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let shelf = state.shelf.clone();
    let now = visit.now;
    let (seen, asked) = state
        .db
        .read(move |s| {
            let seen = Seen::read(s, &shelf, now)?;
            Ok::<_, KnowledgeError>((seen, asked_now(s, now)?))
        })
        .await?;
    let content = html! {
        p .lead { (t!(visit.words, "site-lead", town = visit.config.town.clone())) }
        (answers::search_box(&visit, Place::Site, "", None))
        div #found aria-live="polite" {}
        (most_asked(&visit, Place::Site, &seen.standing, asked))
        (topics(&visit, &seen.standing))
    };
    let name = frame::site_name(&visit);
    let site = structured::site(&visit.config.base_url, &name, &visit.config.town, visit.words.tag());
    let frame = Frame::new(name)
        .about(t!(visit.words, "site-about", town = visit.config.town.clone()))
        .at(START)
        .structured(site);
    Ok(frame.kept(&headers, &visit, &seen.notices, &content))
}

/// What belongs to today's events and what is asked most this hour.
///
/// # Errors
/// The database.
pub fn asked_now(s: &mut Session<'_>, now: Timestamp) -> Result<Vec<ArticleId>, KnowledgeError> {
    let mut ids = ahead::queries::articles_now(s, now)?;
    for (id, _) in knowledge::asked::queries::asked_now(s, now)? {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// What is asked most now; while nothing is, what was last changed.
pub fn most_asked(visit: &Visit, place: Place, standing: &Standing, asked: Vec<ArticleId>) -> Markup {
    let words = visit.words;
    let asked: Vec<&Article> = standing.these(asked).take(ASKED_MAX).collect();
    html! {
        @if !asked.is_empty() {
            section aria-labelledby="asked" {
                h2 #asked { (t!(words, "site-asked-now")) }
                (answers::list(visit, place, asked))
            }
        } @else if !standing.articles().is_empty() {
            section aria-labelledby="changed" {
                h2 #changed { (t!(words, "site-changed")) }
                (answers::list(visit, place, last_changed(standing)))
            }
        }
    }
}

fn last_changed(standing: &Standing) -> Vec<&Article> {
    let mut articles: Vec<&Article> = standing.articles().iter().collect();
    articles.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then(a.slug.cmp(&b.slug)));
    articles.truncate(CHANGED_MAX);
    articles
}

fn topics(visit: &Visit, standing: &Standing) -> Markup {
    html! {
        @if !standing.topics().is_empty() {
            section aria-labelledby="topics" {
                h2 #topics { (t!(visit.words, "site-topics")) }
                ul .topics lang="sv" {
                    @for topic in standing.topics() {
                        li { a href=(super::link(visit, &topic_path(&topic.slug))) { (topic.name) } }
                    }
                }
            }
        }
    }
}

/// Where a topic is.
pub fn topic_path(slug: &str) -> String {
    format!("/questions/topics/{slug}")
}

/// `GET /questions/topics/{slug}`
///
/// # Errors
/// There is no such topic; the database.
pub async fn topic(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let seen = seen(&state, visit.now).await?;
    let Some((topic, articles)) = seen.standing.topic(&slug) else {
        return Ok(missing(&visit, &seen.notices, StatusCode::NOT_FOUND));
    };
    let base = &visit.config.base_url;
    let trail = vec![(START.to_owned(), frame::site_name(&visit))];
    let content = html! {
        (answers::search_box(&visit, Place::Site, "", None))
        div #found aria-live="polite" {}
        (answers::list(&visit, Place::Site, articles.iter().copied()))
        (answers::ask_instead(&visit, Place::Site, "", None))
    };
    let frame = Frame::new(topic.name.clone())
        .about(t!(
            visit.words,
            "site-topic-about",
            topic = topic.name.clone(),
            town = visit.config.town.clone()
        ))
        .at(topic_path(&topic.slug))
        .structured(structured::list(base, &topic.name, &articles))
        .structured(structured::trail(base, &trail))
        .under(trail)
        .in_swedish();
    Ok(frame.kept(&headers, &visit, &seen.notices, &content))
}

/// The page where there is nothing, or nothing any more: with the search and the way to ask.
pub fn missing(visit: &Visit, notices: &[Notice], status: StatusCode) -> Response {
    let words = visit.words;
    let (title, text) = if status == StatusCode::GONE {
        (t!(words, "site-gone-title"), t!(words, "site-gone"))
    } else {
        (t!(words, "failed-not-found-title"), t!(words, "site-not-found"))
    };
    let content = html! {
        p .lead { (text) }
        (answers::search_box(visit, Place::Site, "", None))
        div #found aria-live="polite" {}
        (answers::ask_instead(visit, Place::Site, "", None))
    };
    let mut response = Frame::new(title).answer(visit, notices, &content);
    *response.status_mut() = status;
    response
}

/// `GET /site/notices`: what stands on top now, for pages that are already open.
///
/// # Errors
/// The database.
pub async fn notices_fragment(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let notices = notices(&state, visit.now).await?;
    Ok(caching::page(
        &headers,
        super::notices::inside(&visit, &notices, false).into_string(),
        Shown::default(),
    ))
}
