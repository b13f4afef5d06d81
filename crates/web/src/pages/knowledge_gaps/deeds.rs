//! What is done about a gap.

use super::synonyms::{Typed, fault_of};
use super::{path, show};
use crate::{AppState, components::forms::Faults, error::PageError, visit::Visit};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use knowledge::KnowledgeError;
use knowledge::asked::commands;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, GapId, UserId};

/// Whose a task becomes.
#[derive(Debug, Deserialize)]
pub(super) struct Task {
    #[serde(default)]
    owner: String,
    #[serde(default)]
    note: String,
}

/// `POST /knowledge/gaps/{id}/task`
///
/// # Errors
/// There is no such gap or person; the database.
pub(super) async fn task(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(task): Form<Task>,
) -> Result<Redirect, PageError> {
    let (ctx, id) = (visit.context(&state), GapId::from_untyped_uuid(id));
    let owner = task.owner.parse::<uuid::Uuid>().ok().map(UserId::from_untyped_uuid);
    state.db.write(move |s| commands::make_task(s, &ctx, id, owner, &task.note)).await?;
    Ok(Redirect::to(&path(id)))
}

/// `POST /knowledge/gaps/{id}/synonym`
///
/// # Errors
/// There is no such gap; the database.
pub(super) async fn synonym(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), GapId::from_untyped_uuid(id));
    let draft = typed.draft();
    match state.db.write(move |s| commands::make_synonym(s, &ctx, id, &draft)).await {
        Ok(_) => Ok(Redirect::to(&path(id)).into_response()),
        Err(KnowledgeError::Synonym(fault)) => {
            let faults = Faults::one("words", fault_of(visit.words, &fault));
            let page = show::page(&state, &visit, id, &typed.as_typed(), &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// What a contact about it becomes.
#[derive(Debug, Deserialize)]
pub(super) struct Topic {
    #[serde(default)]
    case_type: String,
}

/// `POST /knowledge/gaps/{id}/topic`
///
/// # Errors
/// There is no such gap; the database.
pub(super) async fn topic(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(topic): Form<Topic>,
) -> Result<Redirect, PageError> {
    let (ctx, id) = (visit.context(&state), GapId::from_untyped_uuid(id));
    let wanted = topic.case_type.parse::<uuid::Uuid>().ok().map(CaseTypeId::from_untyped_uuid);
    // Only a case type that there is: the row refers to it.
    let known = state.db.read(cases::queries::case_types).await?;
    let wanted = wanted.filter(|id| known.iter().any(|case_type| case_type.id == *id));
    state.db.write(move |s| commands::set_case_type(s, &ctx, id, wanted)).await?;
    Ok(Redirect::to(&path(id)))
}

/// `POST /knowledge/gaps/{id}/dismiss`
///
/// # Errors
/// There is no such gap; the database.
pub(super) async fn dismiss(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let (ctx, id) = (visit.context(&state), GapId::from_untyped_uuid(id));
    state.db.write(move |s| commands::dismiss(s, &ctx, id)).await?;
    Ok(Redirect::to("/knowledge/gaps"))
}

/// `POST /knowledge/gaps/{id}/reopen`
///
/// # Errors
/// There is no such gap; the database.
pub(super) async fn reopen(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let (ctx, id) = (visit.context(&state), GapId::from_untyped_uuid(id));
    state.db.write(move |s| commands::reopen(s, &ctx, id)).await?;
    Ok(Redirect::to(&path(id)))
}
