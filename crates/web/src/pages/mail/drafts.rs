//! The shared draft: saved while it is written, with a word of who else is writing.

use super::path;
use super::show::open;
use crate::{AppState, error::PageError, uploads::Upload, visit::Visit};
use axum::{
    Form, Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use correspondence::commands::{Saved, save_draft, seen_writing, stopped_writing};
use correspondence::{CorrespondenceError, placeholders, queries};
use serde::{Deserialize, Serialize};
use vocabulary::GenericUuid as _;
use vocabulary::{ConversationId, ReplyTemplateId};

/// What has been written so far.
#[derive(Clone, Debug)]
struct DraftForm {
    text: String,
    draft_version: i64,
    template: String,
}

impl DraftForm {
    fn of(upload: &Upload) -> Self {
        Self {
            text: upload.field("text").to_owned(),
            // Made out of nothing we know: then both texts stand.
            draft_version: upload.field("draft_version").parse().unwrap_or(0),
            template: upload.field("template").to_owned(),
        }
    }
}

/// A draft as the script is told of it.
#[derive(Serialize)]
struct SavedDraft {
    version: i64,
    own_version: i64,
    text: String,
    merged: bool,
    conflict: bool,
}

impl From<Saved> for SavedDraft {
    fn from(saved: Saved) -> Self {
        Self {
            version: saved.version,
            own_version: saved.own_version,
            text: saved.text,
            merged: saved.merged,
            conflict: saved.conflict,
        }
    }
}

/// `POST /mail/{id}/draft`: for the script in JSON, otherwise back to the page, which shows what is kept.
///
/// # Errors
/// The text is too long, or the conversation is not there or not for this visitor; the database.
pub async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, PageError> {
    let asked = DraftForm::of(&upload);
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let saved = state.db.write(move |s| save_draft(s, &ctx, id, asked.draft_version, &asked.text)).await?;
    let script = headers.get("accept").is_some_and(|kinds| kinds == "application/json");
    Ok(if script {
        Json(SavedDraft::from(saved)).into_response()
    } else {
        Redirect::to(&path(id, "")).into_response()
    })
}

/// `POST /mail/{id}/template`: puts a template under what has been written, with what is known filled in.
///
/// # Errors
/// The text is too long, or the conversation is not there or not for this visitor; the database.
pub async fn insert_template(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    upload: Upload,
) -> Result<Response, PageError> {
    let asked = DraftForm::of(&upload);
    let (ctx, id) = (visit.context(&state), ConversationId::from_untyped_uuid(id));
    let template = asked.template.parse::<uuid::Uuid>().ok().map(ReplyTemplateId::from_untyped_uuid);
    let opened = open(&state, &visit, id).await?;
    let guide = visit.signed_in.as_ref().map(|signed_in| signed_in.user.name.clone()).unwrap_or_default();
    let filling = opened.filling(&guide);
    state
        .db
        .write(move |s| -> Result<(), CorrespondenceError> {
            let template = match template {
                Some(template) => queries::template(s, template)?.filter(|template| template.active),
                None => None,
            };
            let text =
                template.map(|template| placeholders::filled(&template.text, &filling)).unwrap_or_default();
            let before = asked.text.trim_end();
            let between = if before.is_empty() || text.is_empty() { "" } else { "\n\n" };
            save_draft(s, &ctx, id, asked.draft_version, &format!("{before}{between}{text}"))?;
            Ok(())
        })
        .await?;
    Ok(Redirect::to(&path(id, "")).into_response())
}

/// Whether the field is being written in.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct WritingForm {
    #[serde(default)]
    writing: String,
}

/// Who else is writing.
#[derive(Serialize)]
struct Writers {
    names: Vec<String>,
    /// The draft's version, so that a page left open learns that there is something newer.
    version: i64,
}

/// `POST /mail/{id}/writing`: says that one is (or is not) writing, and asks who else is.
///
/// # Errors
/// The conversation is not there or not for this visitor; the database.
pub async fn writing(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<WritingForm>,
) -> Result<Response, PageError> {
    let (ctx, id, me) = (visit.context(&state), ConversationId::from_untyped_uuid(id), visit.user_id());
    let writers = state
        .db
        .write(move |s| -> Result<_, CorrespondenceError> {
            match asked.writing.as_str() {
                "yes" => seen_writing(s, &ctx, id)?,
                _ => stopped_writing(s, &ctx, id)?,
            }
            Ok(Writers {
                names: queries::writers(s, id, ctx.now, me)?,
                version: queries::draft(s, id)?.version,
            })
        })
        .await?;
    Ok(Json(writers).into_response())
}
