//! Doing a case's steps.

use super::case::{self, OnCase, Tried};
use crate::{AppState, components::layout::Page, error::PageError, pages::cases::viewer, t, visit::Visit};
use axum::{
    extract::{Form, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use cases::{Case, CasesError};
use maud::{Markup, html};
use processes::definition::StepKind;
use processes::run::Refusal;
use processes::{ProcessesError, Running, commands, form, queries, words};
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::civil::Date;
use vocabulary::{CaseId, CaseStatus, GenericUuid as _, Timestamp};

/// From which day times are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: String,
}

async fn opened(
    state: &AppState,
    visit: &Visit,
    id: CaseId,
    from: Option<Date>,
) -> Result<(Case, OnCase), PageError> {
    let (ctx, viewer, now) = (visit.context(state), viewer(visit), visit.now);
    let (case, on) = state
        .db
        .write(move |s| -> Result<_, CasesError> {
            let page = cases::commands::open_case(s, &ctx, viewer, id)?;
            Ok((page.case, case::load(s, id, now, from)?))
        })
        .await?;
    let needed = people::policy::action_to_open(case.secrecy_class);
    if needed.is_some_and(|action| !visit.may(action)) {
        return Err(PageError::Forbidden);
    }
    Ok((case, on))
}

/// `GET /cases/{id}/process`
///
/// # Errors
/// There is no such case, or it is not for this visitor; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let (case, on) = opened(&state, &visit, CaseId::from_untyped_uuid(id), asked.from.parse().ok()).await?;
    Ok(page(&visit, &case, &on, &Tried::default()))
}

fn page(visit: &Visit, case: &Case, on: &OnCase, tried: &Tried) -> Markup {
    let words = visit.words;
    let content = html! {
        p { a href=(format!("/cases/{}", case.id.into_untyped_uuid())) { (t!(words, "process-back-to-case", number = case.number.to_string())) } }
        @if case::shows(on) { (case::section(visit, case.id, on, case.status == CaseStatus::Solved, tried)) }
        @else { p .empty { (t!(words, "process-none-here")) } }
    };
    Page::narrow(t!(words, "process-in-case", number = case.number.to_string())).around(visit, &content)
}

fn back(id: CaseId) -> Response {
    Redirect::to(&format!("/cases/{}#process", id.into_untyped_uuid())).into_response()
}

/// `POST /cases/{id}/process/start`
///
/// # Errors
/// There is no such case; the database.
pub(super) async fn start(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let id = CaseId::from_untyped_uuid(id);
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    state.db.write(move |s| commands::start_for_case(s, &ctx, &settings, id)).await?;
    Ok(back(id))
}

/// What undoing sends.
#[derive(Debug, Deserialize)]
pub(super) struct Undo {
    #[serde(default)]
    seen: usize,
}

/// `POST /cases/{id}/process/undo`
///
/// # Errors
/// There is no such case; the database.
pub(super) async fn undo(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<Undo>,
) -> Result<Response, PageError> {
    let id = CaseId::from_untyped_uuid(id);
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let outcome = state.db.write(move |s| commands::undo(s, &ctx, &settings, id, asked.seen)).await;
    finish(&state, &visit, id, outcome.map(drop), Tried::default()).await
}

/// `POST /cases/{id}/process/{step}`
///
/// # Errors
/// There is no such case or step; the database.
pub(super) async fn step(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, step)): Path<(uuid::Uuid, String)>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let id = CaseId::from_untyped_uuid(id);
    let tried = Tried { step: step.clone(), sent: sent.clone(), ..Tried::default() };
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let outcome = state
        .db
        .write(move |s| -> Result<(), ProcessesError> {
            let running = queries::running(s, id)?.ok_or(ProcessesError::NotFound { what: "process" })?;
            let get = |key: &str| sent.get(key).map_or("", String::as_str);
            match get("do") {
                "skip" => commands::skip(s, &ctx, &settings, id, &step, get("reason")).map(drop),
                "cancel" => commands::cancel_booking(s, &ctx, &settings, id, &step).map(drop),
                "move" => {
                    let starts_at = time(get("starts_at"))?;
                    commands::move_booking(s, &ctx, &settings, id, &step, starts_at).map(drop)
                }
                _ => done(s, &ctx, &settings, &running, &step, &sent),
            }
        })
        .await;
    finish(&state, &visit, id, outcome, tried).await
}

fn time(text: &str) -> Result<Timestamp, ProcessesError> {
    text.parse().map_err(|_| ProcessesError::TimeNotOffered)
}

/// What was answered in a step's form.
pub(super) fn answers(
    running: &processes::definition::Definition,
    step: &str,
    sent: &BTreeMap<String, String>,
) -> Result<form::Answers, ProcessesError> {
    let place = running.step(step).ok_or(Refusal::NoSuchStep)?;
    let fields = &running.steps[place].fields;
    let read = form::read(fields, |key| sent.get(&format!("f_{key}")).map(String::as_str));
    read.map_err(|refused| Refusal::Answers(refused).into())
}

fn done(
    s: &mut storage::Session<'_>,
    ctx: &vocabulary::Context,
    settings: &cases::CaseSettings,
    running: &Running,
    step: &str,
    sent: &BTreeMap<String, String>,
) -> Result<(), ProcessesError> {
    let case = running.process.case_id;
    let place = running.definition.step(step).ok_or(Refusal::NoSuchStep)?;
    let answers = answers(&running.definition, step, sent)?;
    let get = |key: &str| sent.get(key).map_or("", String::as_str);
    match running.definition.steps[place].kind {
        StepKind::Booking { .. } => {
            commands::book(s, ctx, settings, case, step, time(get("starts_at"))?, answers).map(drop)
        }
        StepKind::HandOut { .. } => {
            let identity = get("identity").parse().map_err(|_| Refusal::Answers(Vec::new()))?;
            commands::hand_out(s, ctx, settings, case, step, identity, answers).map(drop)
        }
        _ => commands::do_step(s, ctx, settings, case, step, answers).map(drop),
    }
}

/// Back to the case, or the step again with what was wrong.
async fn finish(
    state: &AppState,
    visit: &Visit,
    id: CaseId,
    outcome: Result<(), ProcessesError>,
    mut tried: Tried,
) -> Result<Response, PageError> {
    let language = visit.words.language();
    let status = match outcome {
        Ok(()) => return Ok(back(id)),
        Err(ProcessesError::Refused(Refusal::Answers(refused))) => {
            tried.faults = faults(language, &refused);
            tried.problem = Some(words::problem(language, &Refusal::Answers(refused).into()));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(ProcessesError::Text(_)) => {
            tried.faults.insert("reason".to_owned(), t!(visit.words, "process-skip-why"));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error @ (ProcessesError::TimeNotOffered | ProcessesError::TimeTaken)) => {
            tried.faults.insert("starts_at".to_owned(), words::problem(language, &error));
            tried.problem = Some(words::problem(language, &error));
            StatusCode::CONFLICT
        }
        Err(error @ ProcessesError::IdentityNumber) => {
            tried.problem = Some(words::problem(language, &error));
            // What must not be kept is not shown again either.
            tried.sent.clear();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error @ ProcessesError::Refused(_)) => {
            tried.problem = Some(words::problem(language, &error));
            StatusCode::CONFLICT
        }
        Err(other) => return Err(other.into()),
    };
    let (case, on) = opened(state, visit, id, None).await?;
    Ok((status, page(visit, &case, &on, &tried)).into_response())
}

/// What was wrong with answers, by field.
pub(super) fn faults(
    language: vocabulary::Language,
    refused: &[form::RefusedAnswer],
) -> BTreeMap<String, String> {
    refused
        .iter()
        .map(|refused| (refused.field.clone(), words::answer_fault(language, refused.fault)))
        .collect()
}
