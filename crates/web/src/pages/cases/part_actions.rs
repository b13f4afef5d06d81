//! What is done from a case's page with its files, those with a part in it, its neighbours and its details.

use super::actions::{act, back};
use super::show;
use crate::{
    AppState,
    components::forms::Faults,
    error::PageError,
    t,
    uploads::{Upload, hand_over},
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::commands::{self, AddDocument, AddStakeholder, LinkCases, MergeCases, SplitCase};
use cases::documents::NewDocument;
use cases::queries::{self, Relation};
use cases::{CaseNumber, CasesError, Refusal, StakeholderRole};
use serde::Deserialize;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseTypeId, DocumentId, MergeId, NoteId, StakeholderId};

/// The page again, with a fault at a field.
pub(super) async fn wrong(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    field: &'static str,
    message: String,
) -> Result<Response, PageError> {
    let opened = show::open(state, visit, CaseId::from_untyped_uuid(id)).await?;
    let faults = Faults::one(field, message);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show::page(visit, &opened, &faults, None)).into_response())
}

/// `POST /cases/{id}/documents`: files, each kept or none.
///
/// # Errors
/// There is no such case; the database.
pub async fn add_documents(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    upload: Upload,
) -> Result<Response, PageError> {
    let public = upload.ticked("public");
    let files: Vec<NewDocument> = upload.into_files().into_iter().map(NewDocument::from).collect();
    if files.is_empty() {
        return wrong(&state, &visit, id, "files", t!(visit.words, "fault-choose")).await;
    }
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        for file in &files {
            commands::add_document(
                s,
                ctx,
                &AddDocument { case_id, file: file.clone(), public, note_id: None },
            )?;
        }
        Ok(())
    })
    .await;
    match outcome {
        Err(
            error @ CasesError::Refused(
                Refusal::DocumentEmpty
                | Refusal::DocumentTooLarge
                | Refusal::DocumentType
                | Refusal::DocumentMismatch,
            ),
        ) => {
            let message = cases::words::problem(visit.words.language(), &error);
            wrong(&state, &visit, id, "files", message).await
        }
        other => back(&state, &visit, id, other).await,
    }
}

/// The document of that case, for somebody who may see the case. That it was read is written down with the case.
fn of_case(s: &mut Session<'_>, case: CaseId, document: DocumentId) -> Result<cases::Document, CasesError> {
    queries::document(s, document)?
        .filter(|document| document.case_id == case)
        .ok_or(CasesError::NotFound { what: "document" })
}

/// `GET /cases/{id}/documents/{part}`
///
/// # Errors
/// There is no such case or file, or it is not for this visitor; the database.
pub async fn document(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, part)): Path<(uuid::Uuid, uuid::Uuid)>,
) -> Result<Response, PageError> {
    let document = DocumentId::from_untyped_uuid(part);
    let found = act(&state, &visit, id, move |s, ctx, case_id| {
        let document = of_case(s, case_id, document)?;
        let bytes =
            queries::document_bytes(s, &document)?.ok_or(CasesError::NotFound { what: "document" })?;
        people::audit::opened(s, ctx, people::audit::Opened::Case(case_id))?;
        Ok((document, bytes))
    })
    .await?;
    Ok(hand_over(&found.0.name, &found.0.media_type, found.1))
}

/// Whether the resident may read a file.
#[derive(Deserialize)]
pub struct PublicForm {
    public: Option<String>,
}

/// `POST /cases/{id}/documents/{part}/public`
///
/// # Errors
/// There is no such case or file; the database.
pub async fn document_public(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, part)): Path<(uuid::Uuid, uuid::Uuid)>,
    Form(asked): Form<PublicForm>,
) -> Result<Response, PageError> {
    let document = DocumentId::from_untyped_uuid(part);
    let public = asked.public.is_some();
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        of_case(s, case_id, document)?;
        commands::set_document_public(s, ctx, document, public)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// Somebody with a part in the case.
#[derive(Deserialize)]
pub struct StakeholderForm {
    role: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    address: String,
}

/// `POST /cases/{id}/stakeholders`
///
/// # Errors
/// There is no such case; the database.
pub async fn add_stakeholder(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<StakeholderForm>,
) -> Result<Response, PageError> {
    let role: StakeholderRole = asked.role.parse().unwrap_or(StakeholderRole::Other);
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let cmd = AddStakeholder {
            name: asked.name.clone(),
            organisation: asked.organisation.clone(),
            telephone: asked.telephone.clone(),
            email: asked.email.clone(),
            address: asked.address.clone(),
            ..AddStakeholder::new(case_id, role)
        };
        commands::add_stakeholder(s, ctx, &cmd)
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/stakeholders/{part}/remove`
///
/// # Errors
/// There is no such case; the database.
pub async fn remove_stakeholder(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, part)): Path<(uuid::Uuid, uuid::Uuid)>,
) -> Result<Response, PageError> {
    let stakeholder = StakeholderId::from_untyped_uuid(part);
    let outcome = act(&state, &visit, id, move |s, ctx, case_id| {
        let theirs = queries::stakeholder(s, stakeholder)?.is_some_and(|one| one.case_id == case_id);
        if theirs { commands::remove_stakeholder(s, ctx, stakeholder) } else { Ok(()) }
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// A case by its number, however it is written, for somebody who may see it.
fn by_number(s: &mut Session<'_>, ctx: &vocabulary::Context, typed: &str) -> Result<CaseId, CasesError> {
    let missing = CasesError::NotFound { what: "case by number" };
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let number: CaseNumber = format!("KC-{digits}").parse().map_err(|_| missing)?;
    let case = queries::case_by_number(s, &number)?.ok_or(CasesError::NotFound { what: "case by number" })?;
    cases::Viewer::of(ctx.actor).opens(s, &case)?;
    Ok(case.id)
}

/// Another case, and how it stands to this one.
#[derive(Deserialize)]
pub struct LinkForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    other: String,
    #[serde(default)]
    relation: String,
}

fn link_of(relation: &str, this: CaseId, other: CaseId) -> LinkCases {
    let relation =
        Relation::ALL.iter().find(|r| r.as_str() == relation).copied().unwrap_or(Relation::Related);
    let (case_id, other_id) = if relation.points_here() { (other, this) } else { (this, other) };
    LinkCases { case_id, other_id, kind: relation.kind() }
}

/// `POST /cases/{id}/links`
///
/// # Errors
/// There is no such case; the database.
pub async fn add_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<LinkForm>,
) -> Result<Response, PageError> {
    let outcome = act(&state, &visit, id, move |s, ctx, this| {
        let other = by_number(s, ctx, &asked.number)?;
        commands::link_cases(s, ctx, link_of(&asked.relation, this, other))
    })
    .await;
    numbered(&state, &visit, id, outcome).await
}

/// Back to the case, with a number that leads nowhere shown at its field.
async fn numbered<T>(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    outcome: Result<T, CasesError>,
) -> Result<Response, PageError> {
    match outcome {
        // That a secret case is there is not told either.
        Err(CasesError::NotFound { what: "case by number" } | CasesError::Secret | CasesError::Sealed) => {
            wrong(state, visit, id, "form", t!(visit.words, "case-number-unknown")).await
        }
        other => back(state, visit, id, other).await,
    }
}

/// `POST /cases/{id}/links/remove`
///
/// # Errors
/// There is no such case; the database.
pub async fn remove_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<LinkForm>,
) -> Result<Response, PageError> {
    let other: uuid::Uuid = asked.other.parse().map_err(|_| PageError::NotFound)?;
    let outcome = act(&state, &visit, id, move |s, ctx, this| {
        commands::unlink_cases(s, ctx, link_of(&asked.relation, this, CaseId::from_untyped_uuid(other)))
    })
    .await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/merge`: the case with that number goes into this one.
///
/// # Errors
/// There is no such case; the database.
pub async fn merge(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<LinkForm>,
) -> Result<Response, PageError> {
    let outcome = act(&state, &visit, id, move |s, ctx, into| {
        let from = by_number(s, ctx, &asked.number)?;
        commands::merge(s, ctx, MergeCases { from, into })
    })
    .await;
    numbered(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/merges/{part}/undo`
///
/// # Errors
/// There is no such case or merge; the database.
pub async fn undo_merge(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, part)): Path<(uuid::Uuid, uuid::Uuid)>,
) -> Result<Response, PageError> {
    let merge = MergeId::from_untyped_uuid(part);
    let outcome = act(&state, &visit, id, move |s, ctx, _| commands::undo_merge(s, ctx, merge)).await;
    back(&state, &visit, id, outcome).await
}

/// `POST /cases/{id}/split`
///
/// # Errors
/// There is no such case; the database.
pub async fn split(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    asked: Upload,
) -> Result<Response, PageError> {
    let chosen = |name: &'static str| -> Vec<uuid::Uuid> {
        asked.values(name).filter_map(|id| id.parse().ok()).collect()
    };
    let case_type = asked.field("case_type").parse::<uuid::Uuid>().ok();
    let cmd = SplitCase {
        case_id: CaseId::from_untyped_uuid(id),
        case_type_id: case_type.map(CaseTypeId::from_untyped_uuid),
        title: asked.field("title").to_owned(),
        description: String::new(),
        notes: chosen("note").into_iter().map(NoteId::from_untyped_uuid).collect(),
        documents: chosen("document").into_iter().map(DocumentId::from_untyped_uuid).collect(),
        stakeholders: chosen("stakeholder").into_iter().map(StakeholderId::from_untyped_uuid).collect(),
        key: None,
    };
    let outcome = act(&state, &visit, id, move |s, ctx, _| commands::split(s, ctx, &cmd)).await;
    match outcome {
        Ok(new) => Ok(Redirect::to(&format!("/cases/{}", new.id.into_untyped_uuid())).into_response()),
        Err(error) => back::<()>(&state, &visit, id, Err(error)).await,
    }
}
