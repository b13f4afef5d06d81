//! Whether one can come, answered by the link in the text message. The page names nobody.

use super::publish::instant;
use crate::{
    AppState,
    components::{forms, layout::Page},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use crisis::commands::{self, AnswerByLink};
use crisis::{CallIn, CallInState, CrisisError};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::{CallInPersonId, Timestamp, time_zone};

async fn behind(state: &AppState, visit: &Visit, token: &str) -> Result<(CallIn, CallInPersonId), PageError> {
    let (settings, token, now) = (state.cases.clone(), token.to_owned(), visit.now);
    Ok(state.db.read(move |s| commands::behind(s, &settings, &token, now)).await?)
}

/// `GET /c/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let behind = behind(&state, &visit, &token).await?;
    Ok(page(&visit, &token, &behind, None))
}

fn page(
    visit: &Visit,
    token: &str,
    (round, person): &(CallIn, CallInPersonId),
    problem: Option<&str>,
) -> Markup {
    let words = visit.words;
    let answer = round.answers.iter().find(|answer| answer.person.id == *person);
    let state = answer.map_or(CallInState::Waiting, |answer| answer.state);
    let local = |at: Timestamp| at.to_zoned(time_zone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let coming = answer.and_then(|answer| answer.coming_at).map(local).unwrap_or_default();
    let content = html! {
        div .sheet {
            p .lead { (round.reason) }
            @match state {
                CallInState::Yes => p .notice .good { (t!(words, "call-in-said-yes")) },
                CallInState::No => p .notice { (t!(words, "call-in-said-no")) },
                _ => {}
            }
            @if let Some(problem) = problem { (forms::refused(problem)) }
            form method="post" action=(format!("/c/{token}")) {
                div .field {
                    label for="coming" { (t!(words, "call-in-when")) " " span .optional { (t!(words, "optional")) } }
                    input #coming type="datetime-local" name="coming" value=(coming);
                }
                div .actions {
                    button type="submit" .primary name="comes" value="yes" { (t!(words, "call-in-yes")) }
                    button type="submit" name="comes" value="no" { (t!(words, "call-in-no")) }
                }
            }
        }
        p .soft { (t!(words, "call-in-call", telephone = visit.config.public_telephone.clone())) }
    };
    Page::narrow(t!(words, "call-in-question")).around(visit, &content)
}

/// What is answered.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    comes: String,
    #[serde(default)]
    coming: String,
}

/// `POST /c/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn answer(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    Form(sent): Form<Answer>,
) -> Result<Response, PageError> {
    let answer = AnswerByLink { comes: sent.comes == "yes", coming_at: instant(&sent.coming) };
    let (ctx, settings, told) = (visit.context(&state), state.cases.clone(), token.clone());
    let outcome = state.db.write(move |s| commands::answer_by_link(s, &ctx, &settings, &told, &answer)).await;
    let problem = match outcome {
        Ok(()) => None,
        Err(CrisisError::Period) => Some(t!(visit.words, "call-in-when-fault")),
        Err(other) => return Err(other.into()),
    };
    let behind = behind(&state, &visit, &token).await?;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page(&visit, &token, &behind, problem.as_deref())).into_response())
}
