//! Guides' states over the API.

use super::{Body, id, problem::Problem};
use crate::{
    AppState,
    components::badges::state_word,
    pages::guide::{at_work, tell},
    visit::Visit,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use floor::GuideView;
use routing::GuideState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::GenericUuid as _;
use vocabulary::{Timestamp, UserId};

/// A guide who is at work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Guide {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `signed_out`, `away`, `ready`, `offered`, `talking` or `wrap_up`.
    pub state: String,
    /// Why, if away.
    pub away_reason: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Whether the guide has a telephone that can ring.
    pub telephone: bool,
}

/// The guides at work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Guides {
    /// By name.
    pub items: Vec<Guide>,
}

fn guide(view: &GuideView, name: String) -> Guide {
    Guide {
        id: view.guide.into_untyped_uuid(),
        name,
        state: state_word(&view.state).to_owned(),
        away_reason: match view.state {
            GuideState::Away { reason } => Some(reason.to_string()),
            _ => None,
        },
        since: view.since,
        telephone: view.telephone_up,
    }
}

/// Lists the guides at work.
///
/// # Errors
/// The database.
#[utoipa::path(get, path = "/api/v1/guides", tag = "guides", security(("key" = [])),
    responses((status = 200, body = Guides), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list(State(state): State<AppState>, _visit: Visit) -> Result<Json<Guides>, Problem> {
    let snapshot = state.floor.snapshot();
    let users = state.db.read(people::users::queries::all).await?;
    let name = |id: UserId| {
        users.iter().find(|user| user.id == id).map(|user| user.name.clone()).unwrap_or_default()
    };
    let mut items: Vec<Guide> = snapshot
        .guides
        .iter()
        .filter(|view| view.state != GuideState::SignedOut)
        .map(|view| guide(view, name(view.guide)))
        .collect();
    items.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(Json(Guides { items }))
}

async fn known(state: &AppState, guide: UserId) -> Result<String, Problem> {
    let user = state.db.read(move |s| people::users::queries::by_id(s, guide)).await?;
    user.filter(|user| user.active).map(|user| user.name).ok_or_else(|| Problem::not_found("guide"))
}

/// Gives one guide's state. Somebody who is not at work is signed out.
///
/// # Errors
/// There is no such guide.
#[utoipa::path(get, path = "/api/v1/guides/{id}/state", params(("id" = Uuid, Path)), tag = "guides",
    security(("key" = [])), responses((status = 200, body = Guide), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    State(state): State<AppState>,
    visit: Visit,
    Path(user): Path<String>,
) -> Result<Json<Guide>, Problem> {
    let user: UserId = id(&user, "guide")?;
    let name = known(&state, user).await?;
    let snapshot = state.floor.snapshot();
    let view = snapshot.guide(user).map(|view| guide(view, name.clone()));
    Ok(Json(view.unwrap_or_else(|| Guide {
        id: user.into_untyped_uuid(),
        name,
        state: "signed_out".to_owned(),
        away_reason: None,
        since: visit.now,
        telephone: false,
    })))
}

/// The state a guide is to have.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewState {
    /// `ready`, `away`, or `signed_out`. During a call it takes effect when the call is over.
    pub state: String,
    /// Why, if `away`: `break`, `lunch`, `admin`, `desk` or `meeting`.
    pub away_reason: Option<String>,
}

/// Sets the state of a guide who is at work.
///
/// # Errors
/// There is no such guide, the guide is not at work, or the state is none.
#[utoipa::path(put, path = "/api/v1/guides/{id}/state", request_body = NewState, params(("id" = Uuid, Path)),
    tag = "guides", security(("key" = [])),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn set(
    State(state): State<AppState>,
    _visit: Visit,
    Path(user): Path<String>,
    Body(asked): Body<NewState>,
) -> Result<StatusCode, Problem> {
    let user: UserId = id(&user, "guide")?;
    let word = match (asked.state.as_str(), asked.away_reason.as_deref()) {
        ("ready", None) => "ready",
        ("signed_out", None) => "end",
        ("away", Some(reason)) => reason,
        ("away", None) => return Err(Problem::field("away_reason", "must be given with away")),
        ("ready" | "signed_out", Some(_)) => return Err(Problem::field("away_reason", "only with away")),
        _ => return Err(Problem::field("state", "must be ready, away or signed_out")),
    };
    if asked.state == "away"
        && crate::pages::guide::CHOSEN_REASONS.iter().all(|reason| reason.as_str() != word)
    {
        return Err(Problem::field("away_reason", "must be break, lunch, admin, desk or meeting"));
    }
    known(&state, user).await?;
    if !at_work(&state, user) {
        return Err(Problem::conflict("the guide is not at work"));
    }
    tell(&state, user, word).await?;
    Ok(StatusCode::NO_CONTENT)
}
