//! What belongs to an errand: notes, attachments, parameters, events, links and what was sent.

use super::mapping::instant;
use super::model::{ErrandInput, Parameter};
use super::read::kept;
use super::{Problem, Refused, found, location, ours};
use crate::api::{Body, id};
use crate::{
    AppState,
    error::PageError,
    uploads::{Upload, hand_over},
    visit::Visit,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use cases::commands::{self, AddDocument, AddNote, LinkCases};
use cases::documents::NewDocument;
use cases::{Case, CaseLinkKind, Document, Note, errands, queries};
use serde::{Deserialize, Serialize};
use storage::Session;
use vocabulary::{CaseId, DocumentId, GenericUuid as _};

type At = Path<(String, String, String)>;
type Within = Path<(String, String, String, String)>;

/// Reads or changes an errand in one transaction, for a key that may open it.
async fn on<T: Send + 'static>(
    state: &AppState,
    visit: &Visit,
    (municipality, namespace, errand): (&str, &str, &str),
    mut act: impl FnMut(&mut Session<'_>, &vocabulary::Context, Case) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Problem> {
    ours(state, municipality, namespace)?;
    let case_id: CaseId = id(errand, "errand")?;
    let (ctx, viewer) = (visit.context(state), crate::pages::cases::viewer(visit));
    let outcome = state.db.write(move |s| {
        let case = found(s, viewer, case_id)?;
        act(s, &ctx, case)
    });
    outcome.await.map_err(|refused: Refused| refused.0)
}

/// What a client says of a note.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteInput {
    /// What it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The part its writer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What it says.
    pub body: String,
    /// Who wrote it, in the client's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
}

/// A note.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrandNote {
    /// Id.
    pub id: uuid::Uuid,
    /// What was said.
    #[serde(flatten)]
    pub said: NoteInput,
    /// When it was written.
    pub created: String,
}

fn note_of(s: &mut Session<'_>, note: Note) -> Result<ErrandNote, Refused> {
    let fields = errands::note_fields(s, note.id)?;
    let plain =
        |text: String| NoteInput { context: None, role: None, subject: None, body: text, created_by: None };
    let said = fields.and_then(|text| serde_json::from_str(&text).ok());
    Ok(ErrandNote {
        id: note.id.into_untyped_uuid(),
        created: instant(note.written_at),
        said: said.unwrap_or_else(|| plain(note.text)),
    })
}

/// `GET …/errands/{id}/notes`
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/notes", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<ErrandNote>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn notes(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<ErrandNote>>, Problem> {
    let found = on(&state, &visit, (&m, &n, &e), |s, _, case| {
        let notes = queries::notes_of(s, case.id)?;
        notes.into_iter().map(|note| note_of(s, note)).collect::<Result<Vec<_>, _>>()
    });
    Ok(Json(found.await?))
}

/// `POST …/errands/{id}/notes`: an internal note.
///
/// # Errors
/// There is no such errand, or the text is not acceptable.
#[utoipa::path(post, path = "/{municipalityId}/{namespace}/errands/{id}/notes", request_body = NoteInput, tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 201, body = ErrandNote), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem), (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn add_note(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
    Body(said): Body<NoteInput>,
) -> Result<(StatusCode, Json<ErrandNote>), Problem> {
    let settings = state.cases.clone();
    let written = on(&state, &visit, (&m, &n, &e), move |s, ctx, case| {
        let text = match said.subject.as_deref().filter(|subject| !subject.trim().is_empty()) {
            Some(subject) => format!("{subject}\n\n{}", said.body),
            None => said.body.clone(),
        };
        let note = commands::add_note(s, ctx, &settings, &AddNote { case_id: case.id, text, public: false })?;
        errands::put_note_fields(s, note, &serde_json::to_string(&said).unwrap_or_default())?;
        let notes = queries::notes_of(s, case.id)?;
        let own = notes.into_iter().find(|there| there.id == note);
        note_of(s, own.ok_or_else(|| Refused(Problem::not_found("note")))?)
    });
    Ok((StatusCode::CREATED, Json(written.await?)))
}

/// A file of an errand.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Id.
    pub id: uuid::Uuid,
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub mime_type: String,
    /// Bytes.
    pub file_size: u64,
    /// When it came.
    pub created: String,
}

impl From<Document> for Attachment {
    fn from(document: Document) -> Self {
        Self {
            id: document.id.into_untyped_uuid(),
            file_name: document.name,
            mime_type: document.media_type,
            file_size: document.size_bytes,
            created: instant(document.added_at),
        }
    }
}

/// `GET …/errands/{id}/attachments`
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/attachments", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Attachment>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn attachments(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<Attachment>>, Problem> {
    let found = on(&state, &visit, (&m, &n, &e), |s, _, case| {
        Ok(queries::documents_of(s, case.id)?.into_iter().map(Attachment::from).collect())
    });
    Ok(Json(found.await?))
}

/// `POST …/errands/{id}/attachments`: one file as `multipart/form-data`, in a field of any name.
///
/// # Errors
/// There is no such errand, or the file is not one that is taken in.
#[utoipa::path(post, path = "/{municipalityId}/{namespace}/errands/{id}/attachments", request_body(content_type = "multipart/form-data"), tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 201, body = Attachment), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem), (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn add_attachment(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
    upload: Result<Upload, PageError>,
) -> Result<(StatusCode, HeaderMap, Json<Attachment>), Problem> {
    let files: Vec<NewDocument> = upload?.into_files().into_iter().map(NewDocument::from).collect();
    let [file] = files.as_slice() else {
        return Err(Problem::field("errandAttachment", "one file is sent"));
    };
    let file = file.clone();
    let (case, kept) = on(&state, &visit, (&m, &n, &e), move |s, ctx, case| {
        let cmd = AddDocument { case_id: case.id, file: file.clone(), public: false, note_id: None };
        Ok((case.id, commands::add_document(s, ctx, &cmd)?))
    })
    .await?;
    let mut headers = HeaderMap::new();
    let at = format!("{}/attachments/{}", location(&state, case), kept.id.into_untyped_uuid());
    if let Ok(value) = HeaderValue::try_from(at) {
        headers.insert(header::LOCATION, value);
    }
    Ok((StatusCode::CREATED, headers, Json(kept.into())))
}

/// `GET …/errands/{id}/attachments/{part}`: the file itself.
///
/// # Errors
/// There is no such errand or file.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/attachments/{part}", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path), ("part" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn attachment(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e, part)): Within,
) -> Result<Response, Problem> {
    let asked: DocumentId = id(&part, "attachment")?;
    let (document, bytes) = on(&state, &visit, (&m, &n, &e), move |s, ctx, case| {
        let missing = || Refused(Problem::not_found("attachment"));
        let document =
            queries::document(s, asked)?.filter(|there| there.case_id == case.id).ok_or_else(missing)?;
        let bytes = queries::document_bytes(s, &document)?.ok_or_else(missing)?;
        people::audit::opened(s, ctx, people::audit::Opened::Case(case.id))?;
        Ok((document, bytes))
    })
    .await?;
    Ok(hand_over(&document.name, &document.media_type, bytes))
}

/// `GET …/errands/{id}/parameters`
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/parameters", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Parameter>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn parameters(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<Parameter>>, Problem> {
    Ok(Json(on(&state, &visit, (&m, &n, &e), |s, _, case| Ok(kept(s, case.id)?.parameters)).await?))
}

/// `PATCH …/errands/{id}/parameters`: these in the place of those that are there.
///
/// # Errors
/// There is no such errand, or one has no key.
#[utoipa::path(patch, path = "/{municipalityId}/{namespace}/errands/{id}/parameters", request_body = Vec<Parameter>, tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Parameter>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem), (status = 412, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem), (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn set_parameters(
    state: State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    at: At,
    Body(parameters): Body<Vec<Parameter>>,
) -> Result<Json<Vec<Parameter>>, Problem> {
    let said = ErrandInput { parameters: Some(parameters), ..ErrandInput::default() };
    let (_, Json(errand)) = super::change(state, visit, headers, at, Body(said)).await?;
    Ok(Json(errand.parameters))
}

/// Something that happened to an errand.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// `CREATE`, `UPDATE` or `ACCESS`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it was, in code words.
    pub message: String,
    /// When.
    pub created: String,
    /// What it happened to.
    pub source_type: &'static str,
    /// What kind of somebody did it.
    pub owner: String,
}

/// `GET …/errands/{id}/events`: what was done, oldest first.
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/events", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Event>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn events(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<Event>>, Problem> {
    let limit = u32::try_from(cases::limits::TIMELINE_ENTRIES_MAX).unwrap_or(u32::MAX);
    let found = on(&state, &visit, (&m, &n, &e), move |s, _, case| {
        let entries = storage::timeline::of_subject(s, case.id.into_untyped_uuid(), limit)?;
        let events = entries.into_iter().map(|entry| Event {
            kind: match entry.announcement.kind.as_str() {
                "case_registered" => "CREATE",
                "opened" => "ACCESS",
                _ => "UPDATE",
            },
            message: match entry.detail {
                Some(detail) => format!("{}: {detail}", entry.announcement.kind),
                None => entry.announcement.kind,
            },
            created: instant(entry.announcement.at),
            source_type: "errand",
            owner: entry.actor_kind,
        });
        Ok(events.collect())
    });
    Ok(Json(found.await?))
}

/// A link to another errand.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    /// The other errand.
    pub errand_id: uuid::Uuid,
    /// `parent`, `child`, `related`, `repeats` or `repeated_by`: how the other stands to this one.
    pub relation: String,
}

/// `GET …/errands/{id}/links`
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/links", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Link>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn links(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<Link>>, Problem> {
    let (viewer, now) = (crate::pages::cases::viewer(&visit), visit.now);
    let found = on(&state, &visit, (&m, &n, &e), move |s, _, case| {
        let parts = queries::case_parts(s, viewer, case.id, now)?;
        let links = parts.neighbours.into_iter().filter(|(_, other)| other.title.is_some());
        Ok(links
            .map(|(relation, other)| Link {
                errand_id: other.id.into_untyped_uuid(),
                relation: relation.as_str().to_owned(),
            })
            .collect())
    });
    Ok(Json(found.await?))
}

/// `POST …/errands/{id}/links`
///
/// # Errors
/// There is no such errand, or they cannot be linked so.
#[utoipa::path(post, path = "/{municipalityId}/{namespace}/errands/{id}/links", request_body = Link, tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 201, body = Link), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem), (status = 409, body = crate::api::problem::Problem), (status = 413, body = crate::api::problem::Problem), (status = 415, body = crate::api::problem::Problem), (status = 422, body = crate::api::problem::Problem)))]
pub async fn add_link(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
    Body(link): Body<Link>,
) -> Result<(StatusCode, Json<Link>), Problem> {
    let relation = queries::Relation::ALL.iter().copied().find(|relation| relation.as_str() == link.relation);
    let relation = relation.ok_or_else(|| {
        Problem::field("relation", "is one of parent, child, related, repeats, repeated_by")
    })?;
    let (viewer, other) = (crate::pages::cases::viewer(&visit), CaseId::from_untyped_uuid(link.errand_id));
    on(&state, &visit, (&m, &n, &e), move |s, ctx, case| {
        let other = found(s, viewer, other)?.id;
        let (case_id, other_id) = if relation.points_here() { (other, case.id) } else { (case.id, other) };
        let kind: CaseLinkKind = relation.kind();
        commands::link_cases(s, ctx, LinkCases { case_id, other_id, kind })?;
        Ok(())
    })
    .await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Something that was sent about an errand. Its text holds links that let whoever reads them in, and is not given out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Communication {
    /// Id.
    #[serde(rename = "communicationID")]
    pub communication_id: uuid::Uuid,
    /// `OUTBOUND`.
    pub direction: &'static str,
    /// `EMAIL` or `SMS`.
    pub communication_type: &'static str,
    /// Its subject.
    pub subject: String,
    /// When it was sent; when it was written, if it has not been.
    pub sent: String,
}

/// `GET …/errands/{id}/communication`
///
/// # Errors
/// There is no such errand.
#[utoipa::path(get, path = "/{municipalityId}/{namespace}/errands/{id}/communication", tag = "errands",
    security(("key" = [])), params(("municipalityId" = String, Path), ("namespace" = String, Path), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<Communication>), (status = 400, body = crate::api::problem::Problem), (status = 401, body = crate::api::problem::Problem), (status = 403, body = crate::api::problem::Problem), (status = 404, body = crate::api::problem::Problem)))]
pub async fn communication(
    State(state): State<AppState>,
    visit: Visit,
    Path((m, n, e)): At,
) -> Result<Json<Vec<Communication>>, Problem> {
    let found = on(&state, &visit, (&m, &n, &e), |s, _, case| {
        let sent = errands::messages(s, case.id)?.into_iter();
        Ok(sent
            .map(|(id, channel, subject, written, sent)| Communication {
                communication_id: id.into_untyped_uuid(),
                direction: "OUTBOUND",
                communication_type: match channel {
                    cases::MessageChannel::Email => "EMAIL",
                    cases::MessageChannel::Sms => "SMS",
                },
                subject,
                sent: instant(sent.unwrap_or(written)),
            })
            .collect())
    });
    Ok(Json(found.await?))
}
