//! What is done with an article besides writing it: asked for, reviewed, published, confirmed, restored, archived;
//! commented, and said whether it helped.

use super::{parts, path, read};
use crate::{AppState, error::PageError, t, visit::Visit, words::Words};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use knowledge::commands::{self, Feedback};
use knowledge::life::{Deed, Refusal};
use knowledge::reading::Verdict;
use knowledge::{Article, KnowledgeError, queries};
use serde::Deserialize;
use storage::Session;
use vocabulary::Context;
use vocabulary::civil::Date;

/// What a button sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    what: String,
    /// The version that whoever pressed it had before them.
    #[serde(default)]
    version: u32,
    /// The version to be restored.
    #[serde(default)]
    number: u32,
    #[serde(default)]
    note: String,
    #[serde(default)]
    review_day: String,
}

/// What is wrong, in the reader's words; none for what is a fault of ours or an address that leads nowhere.
pub(super) fn problem(words: &Words, error: &KnowledgeError) -> Option<String> {
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    Some(match error {
        KnowledgeError::Refused(refusal) => words.word("article-refusal", refusal.as_str()),
        KnowledgeError::Overtaken { newest } => t!(words, "article-overtaken", number = newest.to_owned()),
        KnowledgeError::Length { chars: 0, .. } => t!(words, "fault-missing"),
        KnowledgeError::Length { chars_max, .. } => t!(words, "fault-too-long", max = count(*chars_max)),
        KnowledgeError::Unprintable { .. } => t!(words, "fault-unprintable"),
        KnowledgeError::Link(url) => t!(words, "article-link-fault", url = url.clone()),
        KnowledgeError::ValidOrder => t!(words, "article-valid-order"),
        KnowledgeError::TooMany { max, .. } => t!(words, "article-too-many", max = count(*max)),
        KnowledgeError::File(fault) => words.word("file-fault", fault.as_str()),
        _ => return None,
    })
}

/// Does something with the newest version, and shows what came of it, or why nothing did.
async fn act(
    state: &AppState,
    visit: &Visit,
    slug: String,
    deed: impl Fn(&mut Session<'_>, &Context, &Article) -> Result<Article, KnowledgeError> + Send + Sync + 'static,
) -> Result<Response, PageError> {
    let ctx = visit.context(state);
    let name = slug.clone();
    let outcome = state
        .db
        .write(move |s| {
            let newest = queries::newest_by_slug(s, &name)?.ok_or(KnowledgeError::NoArticle)?;
            deed(s, &ctx, &newest)
        })
        .await;
    match outcome {
        Ok(article) if article.live == Some(article.version) || article.live.is_none() => {
            Ok(Redirect::to(&path(&article.slug)).into_response())
        }
        Ok(article) => Ok(Redirect::to(&read::version_path(&article.slug, article.version)).into_response()),
        Err(error) => {
            let Some(message) = problem(visit.words, &error) else { return Err(error.into()) };
            let status = match error {
                KnowledgeError::Overtaken { .. } => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = read::newest_with(state, visit, slug, &message).await?;
            Ok((status, page).into_response())
        }
    }
}

/// `POST /knowledge/{slug}/do`: what those who write articles do.
///
/// # Errors
/// There is no such article or deed; the database.
pub(super) async fn write(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let unknown = || PageError::Invalid("no such deed".to_owned());
    let deed: Deed = asked.what.parse().map_err(|_| unknown())?;
    let day: Option<Date> = asked.review_day.parse().ok();
    if !matches!(deed, Deed::AskReview | Deed::SendBack | Deed::Confirm | Deed::Reopen) {
        return Err(unknown());
    }
    act(&state, &visit, slug, move |s, ctx, article| match deed {
        Deed::AskReview => commands::ask_review(s, ctx, article.id, asked.version),
        Deed::SendBack => commands::send_back(s, ctx, article.id, asked.version, &asked.note),
        Deed::Reopen => commands::reopen(s, ctx, article.id, asked.version),
        _ => commands::confirm(s, ctx, article.id, asked.version, day.ok_or(Refusal::NoReviewDay)?),
    })
    .await
}

/// `POST /knowledge/{slug}/review`: what those who review articles do.
///
/// # Errors
/// There is no such article or deed; the database.
pub(super) async fn review(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let unknown = || PageError::Invalid("no such deed".to_owned());
    let deed: Deed = asked.what.parse().map_err(|_| unknown())?;
    if !matches!(deed, Deed::Review | Deed::SendBack | Deed::Publish | Deed::Archive) {
        return Err(unknown());
    }
    act(&state, &visit, slug, move |s, ctx, article| match deed {
        Deed::Review => commands::review(s, ctx, article.id, asked.version),
        Deed::SendBack => commands::send_back(s, ctx, article.id, asked.version, &asked.note),
        Deed::Publish => commands::publish(s, ctx, article.id, asked.version),
        _ => commands::archive(s, ctx, article.id, asked.version),
    })
    .await
}

/// `POST /knowledge/{slug}/restore`
///
/// # Errors
/// There is no such article or version; the database.
pub(super) async fn restore(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    act(&state, &visit, slug, move |s, ctx, article| {
        commands::restore(s, ctx, article.id, asked.version, asked.number)
    })
    .await
}

/// `POST /knowledge/{slug}/comments`
///
/// # Errors
/// There is no such article or version; the database.
pub(super) async fn comment(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let back = format!("{}#comments", read::version_path(&slug, asked.version));
    let outcome = act(&state, &visit, slug, move |s, ctx, article| {
        commands::comment(s, ctx, article.id, asked.version, &asked.note)?;
        Ok(article.clone())
    })
    .await?;
    if outcome.status().is_redirection() { Ok(Redirect::to(&back).into_response()) } else { Ok(outcome) }
}

/// What a reader sends.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Said {
    version: u32,
    verdict: String,
    #[serde(default)]
    note: String,
}

/// `POST /knowledge/{slug}/feedback`: answered in its own place when htmx asks.
///
/// # Errors
/// There is no such article or version; the database.
pub(super) async fn feedback(
    State(state): State<AppState>,
    visit: Visit,
    Path(slug): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, PageError> {
    let verdict: Verdict =
        said.verdict.parse().map_err(|_| PageError::Invalid("no such verdict".to_owned()))?;
    let ctx = visit.context(&state);
    let (name, note) = (slug.clone(), said.note.clone());
    let outcome = state
        .db
        .write(move |s| -> Result<(), KnowledgeError> {
            let article = super::find(s, &name, Some(said.version))?;
            let said = Feedback { article: article.id, version: said.version, verdict, note: note.clone() };
            commands::give_feedback(s, &ctx, &said)
        })
        .await;
    let became_task = verdict != Verdict::Helpful && !said.note.trim().is_empty();
    match outcome {
        Ok(()) if visit.htmx => Ok(parts::thanked(visit.words, became_task).into_response()),
        Ok(()) => Ok(Redirect::to(&path(&slug)).into_response()),
        Err(error) => {
            let Some(message) = problem(visit.words, &error) else { return Err(error.into()) };
            if visit.htmx {
                let version = said.version;
                let article = state.db.read(move |s| super::find(s, &slug, Some(version))).await?;
                // Swapped in like any answer: htmx leaves what is not accepted where it is unless told otherwise.
                return Ok(parts::feedback(&visit, &article, Some(&message), &said.note).into_response());
            }
            let page = read::newest_with(&state, &visit, slug, &message).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
