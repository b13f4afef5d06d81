//! Writing a draft.

use super::{Known, by_code, form};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field},
        layout::Page,
    },
    error::PageError,
    t,
    visit::Visit,
};
use assignments::commands::{self, Create, Edit, load};
use assignments::{AssignmentsError, VersionState};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use form::Typed;
use maud::{Markup, html};
use vocabulary::{DepartmentId, GenericUuid as _, UserId, local_day};

async fn known(state: &AppState) -> Result<Known, PageError> {
    Ok(state.db.read(Known::load).await?)
}

/// `GET /assignments/new`
///
/// # Errors
/// The database.
pub(super) async fn blank(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let known = known(&state).await?;
    Ok(new_page(&visit, &known, &form::blank(local_day(visit.now)), &Faults::none()))
}

fn new_page(visit: &Visit, known: &Known, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    let of = |name: &str| typed.get(name).map_or("", String::as_str);
    let content = html! {
        p { a href="/assignments" { (t!(words, "assignments-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @else if !faults.is_empty() { (forms::refused(&t!(words, "assignment-look-at-fields"))) }
        form method="post" action="/assignments/new" {
            (forms::token(visit))
            section .card {
                (Field::line("whose", "code", t!(words, "assignment-code"), of("code")).hint(t!(words, "assignment-code-hint"))
                    .room(people::text::CODE_CHARS_MAX).show(words, faults))
                (form::whose(visit, known, (of("department"), of("owner")), faults))
            }
            (form::fields(visit, known, typed, faults))
            button type="submit" .primary { (t!(words, "assignment-save")) }
        }
    };
    Page::narrow(t!(words, "assignment-new")).around(visit, &content)
}

/// `POST /assignments/new`
///
/// # Errors
/// The database.
pub(super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let known = known(&state).await?;
    let of = |name: &str| typed.get(name).map_or("", String::as_str);
    let department = of("department").parse::<uuid::Uuid>().map(DepartmentId::from_untyped_uuid);
    let faults = match (form::read(visit.words, &known, &typed), department) {
        (Err(faults), _) => faults,
        (Ok(_), Err(_)) => Faults::one("department", t!(visit.words, "fault-choose")),
        (Ok(basis), Ok(department)) => {
            let owner = of("owner").parse::<uuid::Uuid>().ok().map(UserId::from_untyped_uuid);
            let (ctx, cmd) =
                (visit.context(&state), Create { code: of("code").to_owned(), department, owner, basis });
            match state.db.write(move |s| commands::create(s, &ctx, &cmd)).await {
                Ok((made, _)) => {
                    return Ok(Redirect::to(&format!("/assignments/{}", made.code)).into_response());
                }
                Err(AssignmentsError::Storage(error)) => return Err(error.into()),
                Err(error) => form::faults(visit.words, &error),
            }
        }
    };
    let page = new_page(&visit, &known, &typed, &faults);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `GET /assignments/{code}/edit`
///
/// # Errors
/// There is no such assignment, or no draft of it; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    let id = by_code(&state, code.clone()).await?.id;
    let (loaded, known) = state
        .db
        .read(move |s| -> Result<_, AssignmentsError> { Ok((load(s, id)?, Known::load(s)?)) })
        .await?;
    let draft =
        loaded.versions.iter().find(|version| version.state == VersionState::Draft).ok_or_else(|| {
            PageError::from(AssignmentsError::Refused(assignments::course::Refusal::NotADraft))
        })?;
    let mut typed = form::typed(&draft.basis, visit.words.language());
    typed.insert("version".to_owned(), draft.number.to_string());
    typed.insert("revision".to_owned(), draft.revision.to_string());
    Ok(edit_page(&visit, &code, &known, &typed, &Faults::none()))
}

fn edit_page(visit: &Visit, code: &str, known: &Known, typed: &Typed, faults: &Faults) -> Markup {
    let words = visit.words;
    let of = |name: &str| typed.get(name).map_or("", String::as_str);
    let content = html! {
        p { a href=(format!("/assignments/{code}")) { (t!(words, "assignment-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @else if !faults.is_empty() { (forms::refused(&t!(words, "assignment-look-at-fields"))) }
        form method="post" action=(format!("/assignments/{code}/edit")) {
            (forms::token(visit))
            input type="hidden" name="version" value=(of("version"));
            input type="hidden" name="revision" value=(of("revision"));
            (form::fields(visit, known, typed, faults))
            button type="submit" .primary { (t!(words, "assignment-save")) }
        }
    };
    let title = t!(words, "assignment-edit-of", title = of("title"), version = of("version"));
    Page::narrow(title).around(visit, &content)
}

/// `POST /assignments/{code}/edit`
///
/// # Errors
/// There is no such assignment; the database.
pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let id = by_code(&state, code.clone()).await?.id;
    let known = known(&state).await?;
    let number = |name: &str| typed.get(name).and_then(|value| value.parse::<u32>().ok()).unwrap_or(0);
    let faults = match form::read(visit.words, &known, &typed) {
        Err(faults) => faults,
        Ok(basis) => {
            let version = number("version");
            let (ctx, cmd) = (
                visit.context(&state),
                Edit { assignment: id, version, revision: number("revision"), basis },
            );
            match state.db.write(move |s| commands::edit(s, &ctx, &cmd)).await {
                Ok(()) => {
                    let path = format!("/assignments/{code}/versions/{version}");
                    return Ok(Redirect::to(&path).into_response());
                }
                Err(AssignmentsError::Storage(error)) => return Err(error.into()),
                Err(error) => form::faults(visit.words, &error),
            }
        }
    };
    let page = edit_page(&visit, &code, &known, &typed, &faults);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
