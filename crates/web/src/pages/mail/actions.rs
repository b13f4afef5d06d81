//! What is done with a conversation.

use super::show::{Typed, open, page};
use super::{mail_faults, path};
use crate::{AppState, error::PageError, t, uploads::Upload, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::commands::{Forward, Origin, RegisterCase, forward};
use correspondence::commands::{self, Answer, Close, NewFile};
use correspondence::{CorrespondenceError, LetterKind, queries};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, ContactOutcome, ConversationId};

type Asked = Path<uuid::Uuid>;

/// Back to the conversation, or its page with what was wrong.
async fn outcome<T>(
    state: &AppState,
    visit: &Visit,
    id: ConversationId,
    done: Result<T, CorrespondenceError>,
    typed: &Typed<'_>,
) -> Result<Response, PageError> {
    let Err(error) = done else { return Ok(Redirect::to(&path(id, "")).into_response()) };
    let faults = mail_faults(visit.words, error)?;
    let opened = open(state, visit, id).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(visit, &opened, &faults, typed)).into_response())
}

/// Whether to take over what another guide has.
#[derive(Debug, Default, Deserialize)]
pub struct TakeForm {
    over: Option<String>,
}

/// `POST /mail/{id}/take`
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn take(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    Form(asked): Form<TakeForm>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let over = asked.over.is_some();
    let done = state.db.write(move |s| commands::take(s, &ctx, id, over)).await;
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// `POST /mail/{id}/release`
///
/// # Errors
/// It is not there; the database.
pub async fn release(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let done = state.db.write(move |s| commands::release(s, &ctx, id)).await;
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// What a contact is logged as.
fn read_close(case_type: &str, outcome: &str, note: &str) -> Result<Close, CorrespondenceError> {
    let missing = |field| people::text::TextError { field, fault: people::text::TextFault::Missing };
    let case_type = case_type
        .parse::<uuid::Uuid>()
        .map(CaseTypeId::from_untyped_uuid)
        .map_err(|_| CorrespondenceError::NotFound { what: "case type" })?;
    let outcome: ContactOutcome = outcome.parse().map_err(|_| missing("outcome"))?;
    Ok(Close { case_type, outcome, note: note.to_owned() })
}

/// `POST /mail/{id}/answer`
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn answer(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    upload: Upload,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let settings = state.cases.clone();
    let typed = upload.field("text").to_owned();
    let close = upload
        .ticked("close")
        .then(|| read_close(upload.field("case_type"), upload.field("outcome"), upload.field("note")));
    let read = close.transpose().map(|close| Answer {
        conversation: id,
        text: typed.clone(),
        draft_version: upload.field("draft_version").parse().unwrap_or(-1),
        files: Vec::new(),
        close,
    });
    let files: Vec<NewFile> = upload
        .into_files()
        .into_iter()
        .map(|file| NewFile { name: file.name, media_type: file.media_type, bytes: file.bytes })
        .collect();
    let done = match read {
        Ok(cmd) => {
            let cmd = Answer { files, ..cmd };
            state.db.write(move |s| commands::answer(s, &ctx, &settings, &cmd)).await
        }
        Err(error) => Err(error),
    };
    let typed = Typed { text: Some(&typed), notice: None };
    outcome(&state, &visit, id, done, &typed).await
}

/// A text for the house.
#[derive(Debug, Default, Deserialize)]
pub struct NoteForm {
    #[serde(default)]
    note: String,
}

/// `POST /mail/{id}/note`
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn note(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    Form(asked): Form<NoteForm>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let done = state.db.write(move |s| commands::write_note(s, &ctx, id, &asked.note)).await;
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// How a conversation is closed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CloseForm {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
}

/// `POST /mail/{id}/close`
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn close(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    Form(asked): Form<CloseForm>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let done = match read_close(&asked.case_type, &asked.outcome, &asked.note) {
        Ok(how) => state.db.write(move |s| commands::close(s, &ctx, id, &how)).await,
        Err(error) => Err(error),
    };
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// `POST /mail/{id}/spam`: puts it away; the page it comes back to has the button that takes it back.
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn spam(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let done = state.db.write(move |s| commands::mark_spam(s, &ctx, id)).await;
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// `POST /mail/{id}/not-spam`
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn not_spam(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let done = state.db.write(move |s| commands::unmark_spam(s, &ctx, id)).await;
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// A case to be registered out of a conversation.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CaseForm {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    title: String,
    forward: Option<String>,
}

/// `POST /mail/{id}/case`: registers a case with what was written as its description, joins the conversation to it, and
/// sends it to the type's officer if that was ticked. All or nothing.
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn register_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    Form(asked): Form<CaseForm>,
) -> Result<Response, PageError> {
    let (ctx, id, settings) =
        (visit.context(&state), ConversationId::from_untyped_uuid(id), state.cases.clone());
    let case_type = asked.case_type.parse::<uuid::Uuid>().map(CaseTypeId::from_untyped_uuid);
    let done = match case_type {
        Err(_) => Err(CorrespondenceError::NotFound { what: "case type" }),
        Ok(case_type) => {
            state
                .db
                .write(move |s| -> Result<(), CorrespondenceError> {
                    let conversation = queries::conversation(s, id)?
                        .ok_or(CorrespondenceError::NotFound { what: "conversation" })?;
                    let contact =
                        conversation.contact_id.ok_or(CorrespondenceError::Forbidden(conversation.state))?;
                    let letters = queries::letters_of(s, id)?;
                    let received: Vec<&str> = letters
                        .iter()
                        .filter(|letter| letter.kind == LetterKind::Received)
                        .map(|letter| letter.reply.as_str())
                        .collect();
                    let described = received.join("\n\n");
                    let cmd = RegisterCase {
                        title: asked.title.clone(),
                        description: described.chars().take(cases::limits::DESCRIPTION_CHARS_MAX).collect(),
                        resident_id: conversation.resident_id,
                        // Pressed twice it is the same case.
                        idempotency_key: Some(format!("conversation {}", id.into_untyped_uuid())),
                        ..RegisterCase::new(case_type, Origin::Contact(contact))
                    };
                    let case = processes::commands::register(s, &ctx, &settings, &cmd)?.case;
                    commands::join_case(s, &ctx, &settings, id, case.id, false)?;
                    commands::files_to_case(s, &ctx, id, case.id)?;
                    if asked.forward.is_some() {
                        let cmd = Forward {
                            case_id: case.id,
                            officer_id: None,
                            message: String::new(),
                            due_working_days: None,
                        };
                        forward(s, &ctx, &settings, &cmd)?;
                    }
                    Ok(())
                })
                .await
        }
    };
    outcome(&state, &visit, id, done, &Typed::default()).await
}

/// Which case to join.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct JoinForm {
    #[serde(default)]
    number: String,
}

/// `POST /mail/{id}/join`: joins the conversation to an existing case, which is told what was written.
///
/// # Errors
/// It is not there or not for this visitor; the database.
pub async fn join(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Asked,
    Form(asked): Form<JoinForm>,
) -> Result<Response, PageError> {
    let (ctx, id, settings) =
        (visit.context(&state), ConversationId::from_untyped_uuid(id), state.cases.clone());
    let number = asked.number.trim().to_uppercase().parse::<cases::CaseNumber>();
    let done = match number {
        Err(_) => Err(CorrespondenceError::NotFound { what: "case" }),
        Ok(number) => {
            state
                .db
                .write(move |s| -> Result<(), CorrespondenceError> {
                    let case = cases::queries::case_by_number(s, &number)?
                        .ok_or(CorrespondenceError::NotFound { what: "case" })?;
                    commands::join_case(s, &ctx, &settings, id, case.id, true)?;
                    commands::files_to_case(s, &ctx, id, case.id)
                })
                .await
        }
    };
    if matches!(done, Err(CorrespondenceError::NotFound { what: "case" })) {
        let faults = crate::components::forms::Faults::one("number", t!(visit.words, "mail-fault-number"));
        let opened = open(&state, &visit, id).await?;
        let page = page(&visit, &opened, &faults, &Typed::default());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    outcome(&state, &visit, id, done, &Typed::default()).await
}
