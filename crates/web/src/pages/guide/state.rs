//! One's own state: in, ready, away, wrapped up, out.

use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use routing::Input;
use serde::Deserialize;
use vocabulary::{AwayReason, UserId};

/// The button pressed.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    #[serde(rename = "do")]
    what: String,
}

/// What pressing `word` tells the floor; none for `begin`, which also needs the guide's skills.
pub(crate) fn input(guide: UserId, word: &str) -> Result<Option<Input>, PageError> {
    Ok(Some(match word {
        "begin" => return Ok(None),
        "ready" => Input::Ready { guide },
        "wrap_up_done" => Input::WrapUpDone { guide },
        "end" => Input::SignedOut { guide },
        reason => {
            let reason: AwayReason = reason
                .parse()
                .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
            if matches!(reason, AwayReason::NoAnswer | AwayReason::Unreachable) {
                return Err(PageError::Invalid(format!("{reason} is set by Lots and chosen by nobody")));
            }
            Input::Away { guide, reason }
        }
    }))
}

/// Whether the guide is at work; a telephone alone does not make it so.
pub(crate) fn at_work(state: &AppState, guide: UserId) -> bool {
    state.floor.snapshot().guide(guide).is_some_and(|view| view.state != routing::GuideState::SignedOut)
}

/// Tells the floor.
pub(crate) async fn tell(state: &AppState, guide: UserId, word: &str) -> Result<(), PageError> {
    match input(guide, word)? {
        Some(input) => state.floor.send(input).await?,
        None => state.floor.sign_in(guide).await?,
    }
    Ok(())
}

/// To what must be read first; within the page, so that the browser's telephone stays as it is.
fn go_to_today(htmx: bool) -> Response {
    const TODAY: &str = "/today?next=/guide";
    if !htmx {
        return Redirect::to(TODAY).into_response();
    }
    let there = format!(r#"{{"path":"{TODAY}","target":"main","select":"main","swap":"outerHTML"}}"#);
    (StatusCode::NO_CONTENT, [("hx-location", there)]).into_response()
}

/// `POST /guide/state`
///
/// # Errors
/// No such state; the floor is closed.
pub async fn set_state(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<StateForm>,
) -> Result<Response, PageError> {
    let begins = matches!(asked.what.as_str(), "begin" | "ready");
    if begins && crate::pages::ahead::today::stands_before_ready(&state, visit.user_id()).await? {
        return Ok(go_to_today(visit.htmx));
    }
    tell(&state, visit.user_id(), &asked.what).await?;
    // The stream shows what became of it; a browser without script gets the page anew.
    Ok(if visit.htmx {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Redirect::to("/guide").into_response()
    })
}
