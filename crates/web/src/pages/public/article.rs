//! One question and its answer.

use super::find::{Asked, Peer, opened_from};
use super::shelf::{Standing, public};
use super::{Frame, Notice, Place, START, answers, caching, frame, link, start, start::Seen, structured};
use crate::{AppState, error::PageError, pages::sign_in::address, t, uploads, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use knowledge::asked::{Names, masked};
use knowledge::commands::{Feedback, give_feedback};
use knowledge::life::Refusal;
use knowledge::model::ArticleFile;
use knowledge::reading::Verdict;
use knowledge::{Article, ArticleState, KnowledgeError};
use maud::{Markup, html};
use people::access::{Tally, count_attempt};
use serde::Deserialize;
use std::sync::Arc;
use storage::Session;
use vocabulary::{ArticleFileId, GenericUuid as _, SearchId, Timestamp, civil::Date, local_day};

/// Opinions from one address within a quarter of an hour.
const OPINIONS_PER_ADDRESS_MAX: u32 = 30;
/// How much of an answer stands for it in a search engine's list, in characters.
const DESCRIPTION_CHARS_MAX: usize = 160;

/// What one page shows.
struct Found {
    standing: Arc<Standing>,
    notices: Vec<Notice>,
    files: Vec<ArticleFile>,
    reviewed: Option<Date>,
}

/// What there is at an address.
enum There {
    Answer(Box<Found>),
    /// There has been something that everybody could read.
    Gone(Vec<Notice>),
    Nothing(Vec<Notice>),
}

async fn look(state: &AppState, now: Timestamp, slug: &str) -> Result<There, KnowledgeError> {
    let (shelf, slug) = (state.shelf.clone(), slug.to_owned());
    state
        .db
        .read(move |s| {
            let Seen { standing, notices } = Seen::read(s, &shelf, now)?;
            let Some(article) = standing.article(&slug) else {
                let gone = has_been_public(s, &slug, local_day(now))?;
                return Ok(if gone { There::Gone(notices) } else { There::Nothing(notices) });
            };
            let files = public_files(s, article)?;
            let reviewed = last_reviewed(s, article)?;
            let standing = Arc::clone(&standing);
            Ok(There::Answer(Box::new(Found { standing, notices, files, reviewed })))
        })
        .await
}

/// The files that go with an answer, in its order.
fn public_files(s: &mut Session<'_>, article: &Article) -> Result<Vec<ArticleFile>, KnowledgeError> {
    let wanted: Vec<ArticleFileId> =
        article.files.iter().filter(|file| file.public).map(|file| file.file).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = knowledge::queries::files_of(s, article.id)?;
    files.retain(|file| wanted.contains(&file.id));
    files.sort_by_key(|file| wanted.iter().position(|id| *id == file.id));
    Ok(files)
}

/// The day on which somebody last said that what is read is right.
fn last_reviewed(s: &mut Session<'_>, article: &Article) -> Result<Option<Date>, KnowledgeError> {
    let versions = knowledge::queries::versions(s, article.id)?;
    let read = versions.iter().find(|version| version.number == article.version);
    Ok(read.and_then(|version| version.reviewed_at.max(version.published_at)).map(local_day))
}

/// Whether everybody could once read what was at this address: a search engine is told that it is gone. Of what has never
/// been public nothing is told, not even that it is.
fn has_been_public(s: &mut Session<'_>, slug: &str, today: Date) -> Result<bool, KnowledgeError> {
    if let Some(read) = knowledge::queries::article_by_slug(s, slug)? {
        return Ok(read.public.is_some() && read.valid_to.is_some_and(|last| last < today));
    }
    let Some(newest) = knowledge::queries::newest_by_slug(s, slug)? else { return Ok(false) };
    if newest.state != ArticleState::Archived || newest.public.is_none() {
        return Ok(false);
    }
    let versions = knowledge::queries::versions(s, newest.id)?;
    Ok(versions.iter().any(|version| version.published_at.is_some()))
}

/// `GET /questions/{slug}`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    read(&state, &visit, &headers, &slug, Place::Site).await
}

/// The page of an answer, wherever it stands.
pub async fn read(
    state: &AppState,
    visit: &Visit,
    headers: &HeaderMap,
    slug: &str,
    place: Place,
) -> Result<Response, PageError> {
    let found = match look(state, visit.now, slug).await? {
        There::Answer(found) => found,
        There::Gone(notices) => return Ok(start::missing(visit, &notices, StatusCode::GONE)),
        There::Nothing(notices) => return Ok(start::missing(visit, &notices, StatusCode::NOT_FOUND)),
    };
    let Some(article) = found.standing.article(slug) else { return Err(PageError::NotFound) };
    let content = content(visit, place, &found, article, None);
    Ok(framed(visit, place, &found, article).kept(headers, visit, &found.notices, &content))
}

/// `POST /questions/{slug}`: opened from what a search found, which is counted.
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
    open(&state, &visit, (&headers, &peer), &slug, &asked, Place::Site).await
}

/// Opens an answer that a search found, wherever it stands.
pub async fn open(
    state: &AppState,
    visit: &Visit,
    from: (&HeaderMap, &Peer),
    slug: &str,
    asked: &Asked,
    place: Place,
) -> Result<Response, PageError> {
    let found = match look(state, visit.now, slug).await? {
        There::Answer(found) => found,
        There::Gone(notices) => return Ok(start::missing(visit, &notices, StatusCode::GONE)),
        There::Nothing(notices) => return Ok(start::missing(visit, &notices, StatusCode::NOT_FOUND)),
    };
    let Some(article) = found.standing.article(slug) else { return Err(PageError::NotFound) };
    let search = opened_from(state, visit, from, asked, article.id).await?;
    let content = content(visit, place, &found, article, search);
    Ok(caching::own(framed(visit, place, &found, article).answer(visit, &found.notices, &content)))
}

fn framed(visit: &Visit, place: Place, found: &Found, article: &Article) -> Frame {
    let base = &visit.config.base_url;
    let mut trail = vec![(START.to_owned(), frame::site_name(visit))];
    if let Some(topic) = found.standing.topic_of(&article.slug) {
        trail.push((start::topic_path(&topic.slug), topic.name.clone()));
    }
    let wording = public(article);
    Frame::new(wording.title.clone())
        .about(shortened(&wording.answer))
        .at(Place::Site.article(&article.slug))
        .structured(structured::answer(base, &visit.config.town, article))
        .structured(structured::trail(base, &trail))
        .under(trail)
        .in_swedish()
        .standing(place)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= DESCRIPTION_CHARS_MAX {
        return text.to_owned();
    }
    let cut: String = text.chars().take(DESCRIPTION_CHARS_MAX).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

fn content(
    visit: &Visit,
    place: Place,
    found: &Found,
    article: &Article,
    search: Option<SearchId>,
) -> Markup {
    let words = visit.words;
    let wording = public(article);
    let links: Vec<_> = article.links.iter().filter(|link| link.public).collect();
    let related = found.standing.related(&article.slug);
    let new_window = (place == Place::Embedded).then_some("_blank");
    html! {
        @if words.tag() != "sv" { p .soft { (t!(words, "site-swedish-only")) } }
        article .answer lang="sv" {
            p .lead .pre { (wording.answer) }
            (answers::body(&wording.body))
            @if !links.is_empty() || !found.files.is_empty() {
                h2 lang=(words.tag()) { (t!(words, "site-more")) }
                ul .links {
                    @for link in links {
                        li { a href=(link.url) rel="noopener" target=[new_window] { (link.title) } }
                    }
                    @for file in &found.files {
                        li {
                            a href=(format!("/questions/{}/files/{}", article.slug, file.id.into_untyped_uuid())) target=[new_window] { (file.name) }
                            span .soft { " (" (size(file.size_bytes)) ")" }
                        }
                    }
                }
            }
        }
        @if let Some(day) = found.reviewed {
            p .small .soft { (t!(words, "site-reviewed")) " " time datetime=(day) { (words.day(day)) } }
        }
        @if place == Place::Site {
            p .printing hidden { button type="button" .slim data-print { (t!(words, "site-print")) } }
        } @else {
            p { a href=(link(visit, place.start())) { (t!(words, "site-back-to-search")) } }
        }
        (answers::helpful_form(visit, place, article, search))
        @if !related.is_empty() {
            section .related aria-labelledby="related" {
                h2 #related { (t!(words, "site-related")) }
                (answers::list(visit, place, related))
            }
        }
        (answers::ask_instead(visit, place, "", search))
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} kB", bytes.div_ceil(1_024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

/// `GET /questions/{slug}/files/{id}`: a file that goes with an answer, to be saved.
///
/// # Errors
/// It does not go with what everybody may read; the database.
pub async fn file(
    State(state): State<AppState>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id = id.parse::<uuid::Uuid>().map_err(|_| PageError::NotFound)?;
    let id = ArticleFileId::from_untyped_uuid(id);
    let (shelf, now) = (state.shelf.clone(), visit.now);
    let found = state
        .db
        .read(move |s| {
            let standing = shelf.read(s, now)?;
            let goes_along = standing
                .article(&slug)
                .is_some_and(|article| article.files.iter().any(|file| file.file == id && file.public));
            let file = if goes_along { knowledge::queries::file(s, id)? } else { None };
            let Some(file) = file else { return Ok(None) };
            let bytes = knowledge::queries::file_bytes(s, &file)?;
            Ok::<_, KnowledgeError>(bytes.map(|bytes| (file, bytes)))
        })
        .await?;
    let (file, bytes) = found.ok_or(PageError::NotFound)?;
    Ok(uploads::hand_over(&file.name, &file.media_type, bytes))
}

/// What somebody thought of an answer.
#[derive(Debug, Deserialize)]
pub struct Opinion {
    verdict: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    search: String,
    #[serde(default)]
    place: String,
    /// Only machines fill it in ([`super::TRAP`]).
    #[serde(default)]
    website: String,
}

/// `POST /questions/{slug}/helpful`
///
/// # Errors
/// There is no such answer or opinion; the database.
pub async fn helpful(
    State(state): State<AppState>,
    visit: Visit,
    peer: Peer,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Form(opinion): Form<Opinion>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let verdict: Verdict = opinion
        .verdict
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let seen = start::seen(&state, visit.now).await?;
    let Some(article) = seen.standing.article(&slug) else {
        return Ok(start::missing(&visit, &seen.notices, StatusCode::NOT_FOUND));
    };
    let place = if opinion.place == "embedded" { Place::Embedded } else { Place::Site };
    let mut fault = None;
    if opinion.website.is_empty() {
        let from = address(&state, &headers, peer.map(|peer| peer.0.0));
        match keep(&state, &visit, from, article, verdict, opinion.note).await {
            Ok(()) => {}
            Err(KnowledgeError::Refused(Refusal::NoteMissing)) => {
                fault = Some(t!(words, "site-helpful-say-what"))
            }
            Err(other) => return Err(other.into()),
        }
    }
    let asked = Asked { search: opinion.search, ..Asked::default() };
    let content = html! {
        @if let Some(fault) = &fault { (crate::components::forms::refused(fault)) }
        @else { p .lead role="status" { (t!(words, "site-helpful-thanks")) } }
        p { a href=(link(&visit, &place.article(&slug))) { (t!(words, "site-back-to-answer")) } }
        @if verdict != Verdict::Helpful { (answers::ask_instead(&visit, place, "", asked.before())) }
    };
    let frame = Frame::new(t!(words, "site-helpful-thanks-title")).standing(place);
    let mut response = caching::own(frame.answer(&visit, &seen.notices, &content));
    if fault.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Keeps an opinion; who gives more than anybody reads is thanked like everybody.
async fn keep(
    state: &AppState,
    visit: &Visit,
    from: std::net::IpAddr,
    article: &Article,
    verdict: Verdict,
    note: String,
) -> Result<(), KnowledgeError> {
    let tally = Tally::of_address(state.access.key(), "public opinion", from, OPINIONS_PER_ADDRESS_MAX);
    let (ctx, at) = (visit.context(state), state.wall.now());
    let (article, version) = (article.id, article.version);
    state
        .db
        .write(move |s| {
            if count_attempt(s, at, std::slice::from_ref(&tally))?.is_err() {
                return Ok(());
            }
            // A note is read by colleagues and kept: what points to a person is taken out, as in searches.
            let cmd = Feedback { article, version, verdict, note: masked(&note, Names::built_in()) };
            give_feedback(s, &ctx, &cmd).map(drop)
        })
        .await
}
