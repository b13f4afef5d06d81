//! What is done with a case from its page. Each goes back to the page, or shows it with what was wrong.

use super::{case_faults, show};
use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::{
    CasesError,
    commands::{self, AddNote, Change, Forward, Solve},
};
use serde::Deserialize;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseOutcome, Context, FollowUpId, OfficerId};

/// Runs `act` in one transaction, after seeing to it that the visitor may see the case at all.
pub(super) async fn act<T, F>(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    mut act: F,
) -> Result<T, CasesError>
where
    T: Send + 'static,
    F: FnMut(&mut Session<'_>, &Context, CaseId) -> Result<T, CasesError> + Send + 'static,
{
    let (ctx, viewer, id) = (visit.context(state), super::viewer(visit), CaseId::from_untyped_uuid(id));
    state
        .db
        .write(move |s| {
            // What is done with a merged case is done with the one that goes on.
            let id = cases::queries::kept(s, id)?;
            let case = cases::queries::case(s, id)?.ok_or(CasesError::NotFound { what: "case" })?;
            viewer.opens(s, &case)?;
            act(s, &ctx, id)
        })
        .await
}

/// Back to the case, or its page with what was wrong.
pub(super) async fn back<T>(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    outcome: Result<T, CasesError>,
) -> Result<Response, PageError> {
    let Err(error) = outcome else { return Ok(Redirect::to(&format!("/cases/{id}")).into_response()) };
    let status = match &error {
        CasesError::AlreadyAsked
        | CasesError::AlreadyAnswered { .. }
        | CasesError::Forbidden(_)
        | CasesError::Refused(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let faults = case_faults(visit.words, error)?;
    let opened = show::open(state, visit, CaseId::from_untyped_uuid(id)).await?;
    Ok((status, show::page(visit, &opened, &faults, None)).into_response())
}

/// A note.
#[derive(Deserialize)]
pub struct NoteForm {
    #[serde(default)]
    note: String,
    public: Option<String>,
}

/// `POST /cases/{id}/notes`
///
/// # Errors
/// There is no such case; the database.
pub async fn add_note(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<NoteForm>,
) -> Result<Response, PageError> {
    let settings = state.cases.clone();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let cmd = AddNote { case_id, text: asked.note.clone(), public: asked.public.is_some() };
        commands::add_note(s, ctx, &settings, &cmd)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// To whom, and what is asked.
#[derive(Deserialize)]
pub struct ForwardForm {
    #[serde(default)]
    officer: String,
    #[serde(default)]
    message: String,
}

/// `POST /cases/{id}/forward`
///
/// # Errors
/// There is no such case; the database.
pub async fn forward_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ForwardForm>,
) -> Result<Response, PageError> {
    let settings = state.cases.clone();
    let officer_id = asked.officer.parse::<uuid::Uuid>().ok().map(OfficerId::from_untyped_uuid);
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let officer_id = Some(officer_id.ok_or(CasesError::NotFound { what: "officer" })?);
        let cmd = Forward { case_id, officer_id, message: asked.message.clone(), due_working_days: None };
        commands::forward(s, ctx, &settings, &cmd)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/follow-ups/{follow_up}/withdraw`
///
/// # Errors
/// There is no such case or question; the database.
pub async fn withdraw(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, follow_up)): Path<(uuid::Uuid, uuid::Uuid)>,
) -> Result<Response, PageError> {
    let settings = state.cases.clone();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let follow_up = FollowUpId::from_untyped_uuid(follow_up);
        let question =
            cases::queries::follow_up(s, follow_up)?.filter(|question| question.case_id == case_id);
        question.ok_or(CasesError::NotFound { what: "follow-up" })?;
        commands::withdraw(s, ctx, &settings, follow_up)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// Another status.
#[derive(Deserialize)]
pub struct StatusForm {
    change: String,
    #[serde(default)]
    until: String,
}

/// `POST /cases/{id}/status`
///
/// # Errors
/// There is no such case or change; the database.
pub async fn change_status(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<StatusForm>,
) -> Result<Response, PageError> {
    let change = match asked.change.as_str() {
        "begin" => Change::Begin,
        "wait" => Change::WaitForResident,
        "resume" => Change::Resume,
        // A day that cannot be read is as far out of range as can be, and gets the same words.
        "suspend" => Change::SuspendUntil(asked.until.trim().parse().unwrap_or(vocabulary::civil::Date::MIN)),
        other => {
            return Err(PageError::Invalid(format!(
                "{other:?} is not a change; allowed: begin, wait, resume, suspend"
            )));
        }
    };
    let settings = state.cases.clone();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        commands::change_status(s, ctx, &settings, case_id, change)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// How it ended.
#[derive(Deserialize)]
pub struct SolveForm {
    outcome: String,
    #[serde(default)]
    answer: String,
}

/// `POST /cases/{id}/solve`
///
/// # Errors
/// There is no such case or outcome; the database.
pub async fn solve_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<SolveForm>,
) -> Result<Response, PageError> {
    let outcome: CaseOutcome = asked
        .outcome
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let settings = state.cases.clone();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        commands::solve(s, ctx, &settings, &Solve { case_id, outcome, answer: asked.answer.clone() })
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/reopen`
///
/// # Errors
/// There is no such case; the database.
pub async fn reopen_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let settings = state.cases.clone();
    let outcome =
        act(&state, &visit, id, move |s, ctx, case_id| commands::reopen(s, ctx, &settings, case_id)).await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/link`: shows the resident's link, making one if there is none.
///
/// # Errors
/// There is no such case; the database.
pub async fn share_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let settings = state.cases.clone();
    let link =
        act(&state, &visit, id, move |s, ctx, case_id| commands::share_link(s, ctx, &settings, case_id))
            .await?;
    let opened = show::open(&state, &visit, CaseId::from_untyped_uuid(id)).await?;
    let page = show::page(&visit, &opened, &crate::components::forms::Faults::none(), Some(&link.address));
    Ok(page.into_response())
}

/// `POST /cases/{id}/link/revoke`
///
/// # Errors
/// There is no such case; the database.
pub async fn revoke_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let outcome = act(&state, &visit, id, commands::revoke_links).await;
    back(&state, &visit, id, outcome).await
}
