//! Keeping filters and throwing them away.

use super::Asked;
use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    response::Redirect,
};
use cases::saved::{KeepFilter, keep as keep_filter, throw_away as throw_filter};
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, SavedFilterId};

/// `POST /cases/filters`: keeps what a list asks for under a name.
///
/// # Errors
/// The name or the filter is not acceptable, or the filter is another's.
pub async fn keep(
    State(state): State<AppState>,
    visit: Visit,
    Form(parts): Form<Vec<(String, String)>>,
) -> Result<Redirect, PageError> {
    let asked = Asked::read(&parts)?;
    let of = |name: &str| parts.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
    let (ctx, owner) = (visit.context(&state), visit.user_id());
    let cmd = KeepFilter {
        id: of("id")
            .and_then(|id| id.parse().ok())
            .unwrap_or_else(|| ctx.next_id::<vocabulary::SavedFilterKind>()),
        name: of("filter_name").unwrap_or_default().to_owned(),
        shared_with: of("share")
            .filter(|id| !id.is_empty())
            .map(|id| id.parse::<uuid::Uuid>().map(AnswerGroupId::from_untyped_uuid))
            .transpose()
            .map_err(|_| PageError::NotFound)?,
        filter: asked.filter,
    };
    let kept = state.db.write(move |s| keep_filter(s, &ctx, owner, &cmd)).await?;
    Ok(Redirect::to(&format!("/cases?{}&saved={}", asked.filter.query(), kept.id)))
}

/// `POST /cases/filters/{id}/delete`
///
/// # Errors
/// It is another's.
pub async fn throw_away(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let (owner, id) = (visit.user_id(), SavedFilterId::from_untyped_uuid(id));
    state.db.write(move |s| throw_filter(s, owner, id)).await?;
    Ok(Redirect::to("/cases"))
}
