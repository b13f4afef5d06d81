//! Approving, ending and dating what is said.

use super::show;
use crate::{AppState, error::PageError, t, visit::Visit};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use crisis::commands::{self, Approve};
use crisis::limits::ON_DUTY_SEEN_WITHIN;
use crisis::{CrisisError, queries};
use serde::Deserialize;
use vocabulary::civil::DateTime;
use vocabulary::{CrisisId, CrisisMessageId, GenericUuid as _, SpikeProposalId, Timestamp, time_zone};

fn at_crisis(crisis: CrisisId) -> Response {
    Redirect::to(&format!("/crisis/{}", crisis.into_untyped_uuid())).into_response()
}

/// What was read when the button was pressed.
#[derive(Debug, Deserialize)]
pub(super) struct Read {
    revision: u32,
}

/// `POST /crisis/messages/{id}/approve`: publishes it, everywhere at once.
///
/// # Errors
/// There is no such message; the database.
pub(super) async fn approve(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(read): Form<Read>,
) -> Result<Response, PageError> {
    let message = CrisisMessageId::from_untyped_uuid(id);
    let (ctx, me, seen_since) =
        (visit.context(&state), visit.user_id(), state.wall.now() - ON_DUTY_SEEN_WITHIN);
    let outcome = state
        .db
        .write(move |s| -> Result<_, CrisisError> {
            let others_on_duty = queries::on_duty(s, seen_since)?.iter().any(|(id, _)| *id != me);
            commands::approve(s, &ctx, Approve { message, revision: read.revision, others_on_duty })
        })
        .await;
    match outcome {
        Ok(crisis) => Ok(at_crisis(crisis)),
        Err(error @ (CrisisError::OwnMessage | CrisisError::Changed | CrisisError::NotADraft)) => {
            let why = match error {
                CrisisError::OwnMessage => t!(visit.words, "crisis-own-message"),
                CrisisError::Changed => t!(visit.words, "crisis-changed"),
                _ => t!(visit.words, "crisis-not-a-draft"),
            };
            let found =
                state.db.read(move |s| queries::message(s, message)).await?.ok_or(PageError::NotFound)?;
            let page = show::page(&state, &visit, found.crisis_id, show::Said::Problem(&why)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /crisis/messages/{id}/discard`
///
/// # Errors
/// There is no such draft; the database.
pub(super) async fn discard(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, message) = (visit.context(&state), CrisisMessageId::from_untyped_uuid(id));
    let crisis = state.db.write(move |s| commands::discard(s, &ctx, message)).await?;
    Ok(at_crisis(crisis))
}

/// `POST /crisis/{id}/end`
///
/// # Errors
/// There is no such crisis; the database.
pub(super) async fn end(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, crisis) = (visit.context(&state), CrisisId::from_untyped_uuid(id));
    state.db.write(move |s| commands::end(s, &ctx, crisis)).await?;
    Ok(at_crisis(crisis))
}

/// The period as sent: days and times of day in Sweden.
#[derive(Debug, Deserialize)]
pub(super) struct PeriodForm {
    name: String,
    begins: String,
    #[serde(default)]
    ends: String,
}

/// An instant as a field for date and time sends it: `2026-11-03T09:15`.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.trim().parse().ok()?;
    local.to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp())
}

/// `POST /crisis/{id}/period`
///
/// # Errors
/// There is no such crisis; the database.
pub(super) async fn set_period(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(form): Form<PeriodForm>,
) -> Result<Response, PageError> {
    let (ctx, crisis) = (visit.context(&state), CrisisId::from_untyped_uuid(id));
    let (begins, ends) = (instant(&form.begins), instant(&form.ends));
    let outcome = match begins {
        Some(begins) if ends.is_some() != form.ends.trim().is_empty() => {
            let name = form.name.clone();
            state.db.write(move |s| commands::set_period(s, &ctx, crisis, &name, begins, ends)).await
        }
        _ => Err(CrisisError::Period),
    };
    match outcome {
        Ok(()) => Ok(at_crisis(crisis)),
        Err(CrisisError::Period | CrisisError::Text(_)) => {
            let why = t!(visit.words, "crisis-period-fault");
            let page = show::page(&state, &visit, crisis, show::Said::Problem(&why)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /crisis/proposals/{id}/dismiss`
///
/// # Errors
/// There is no such proposal; the database.
pub(super) async fn dismiss(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), SpikeProposalId::from_untyped_uuid(id));
    state.db.write(move |s| commands::dismiss(s, &ctx, id)).await?;
    // The board's stream shows what became of it; a browser without script gets a page.
    if visit.htmx {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Ok(Redirect::to("/crisis").into_response())
    }
}
