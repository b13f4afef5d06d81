//! The live board: what the traffic leader leads the hour by.

mod figures;
mod live;
mod parts;

pub use figures::{Board, service_level};
pub use live::live;

use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    pages::crisis::periods::WITHOUT,
    pages::guide::{at_work, tell},
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use routing::Input;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, UserId};

/// How the board is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    crises: String,
}

impl Asked {
    /// Whether hours in which there was a crisis are left out.
    fn without(&self) -> bool {
        self.crises == WITHOUT
    }

    /// The stream's address, for the same figures.
    fn stream(&self) -> String {
        if self.without() { format!("/board/live?crises={WITHOUT}") } else { "/board/live".to_owned() }
    }
}

/// `GET /board`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let board = Board::load(&state).await?.without(asked.without());
    let words = visit.words;
    let content = html! {
        (lists::live_lost(words))
        div .live-controls {
            button type="button" .slim data-live-pause="board" aria-pressed="false" { (t!(words, "live-pause")) }
            span { (t!(words, "live-hint")) }
        }
        div #board hx-sse:connect=(asked.stream()) hx-target="this" hx-select="" hx-swap="innerMorph" {
            (parts::board(&visit, &board))
        }
    };
    Ok(Page::wide(t!(words, "board-title")).around(&visit, &content))
}

/// A surge notice on or off; without a group, for all.
#[derive(Debug, Deserialize)]
pub struct SurgeForm {
    #[serde(default)]
    group: String,
    on: String,
}

fn answered(visit: &Visit) -> Response {
    // The stream shows what became of it; a browser without script gets the page anew.
    if visit.htmx { StatusCode::NO_CONTENT.into_response() } else { Redirect::to("/board").into_response() }
}

/// `POST /board/surge`
///
/// # Errors
/// No such group; the floor is closed.
pub async fn surge(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<SurgeForm>,
) -> Result<Response, PageError> {
    let group = match asked.group.trim() {
        "" => None,
        text => {
            let id = text.parse::<uuid::Uuid>().map_err(|_| PageError::NotFound)?;
            Some(AnswerGroupId::from_untyped_uuid(id))
        }
    };
    if group.is_some_and(|group| !state.floor.snapshot().groups.iter().any(|known| known.group == group)) {
        return Err(PageError::NotFound);
    }
    state.floor.send(Input::SurgeNotice { group, on: asked.on == "yes" }).await?;
    Ok(answered(&visit))
}

/// The button pressed.
#[derive(Debug, Deserialize)]
pub struct MoveForm {
    #[serde(rename = "do")]
    what: String,
}

/// `POST /board/guides/{id}/state`: moves a guide who is at work.
///
/// # Errors
/// Nobody at work by that id, or no such state; the floor is closed.
pub async fn move_guide(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<MoveForm>,
) -> Result<Response, PageError> {
    let guide = UserId::from_untyped_uuid(id);
    if !at_work(&state, guide) {
        return Err(PageError::NotFound);
    }
    tell(&state, guide, &asked.what).await?;
    Ok(answered(&visit))
}
