//! What callers hear: recorded by somebody, or read by the speech command.

use super::show;
use crate::{AppState, error::PageError, t, uploads::Upload, visit::Visit, words::Words};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use crisis::sound::{SoundFault, for_telephones};
use crisis::{CrisisError, Message, SoundSource, commands, queries};
use vocabulary::{CrisisMessageId, GenericUuid as _};

async fn message(state: &AppState, id: uuid::Uuid) -> Result<Message, PageError> {
    let id = CrisisMessageId::from_untyped_uuid(id);
    state.db.read(move |s| queries::message(s, id)).await?.ok_or(PageError::NotFound)
}

fn fault(words: &Words, fault: SoundFault) -> String {
    words.word("sound-fault", fault.as_str())
}

/// Makes the sound of a message of `file` and keeps it. What is wrong with the file is told in words.
async fn keep(
    state: &AppState,
    visit: &Visit,
    message: &Message,
    source: SoundSource,
    file: Vec<u8>,
) -> Result<Result<(), String>, PageError> {
    let made = tokio::task::spawn_blocking(move || for_telephones(&file))
        .await
        .map_err(|error| PageError::Internal(error.to_string()))?;
    let wav = match made {
        Ok(wav) => wav,
        Err(why) => return Ok(Err(fault(visit.words, why))),
    };
    let (ctx, id, revision) = (visit.context(state), message.id, message.revision);
    state.db.write(move |s| commands::attach_sound(s, &ctx, id, revision, source, &wav)).await?;
    Ok(Ok(()))
}

/// Has the message's spoken text read aloud. Why that could not be is told in words; what was there before stays.
pub(super) async fn voice(
    state: &AppState,
    visit: &Visit,
    id: CrisisMessageId,
) -> Result<Result<(), String>, PageError> {
    let words = visit.words;
    let message = message(state, id.into_untyped_uuid()).await?;
    // What has been read is read alike again, and what somebody has recorded is not spoken over.
    if message.sound.is_some() || message.spoken_text.is_empty() {
        return Ok(Ok(()));
    }
    match state.speech.say(message.spoken_text.clone()).await {
        Ok(file) => {
            let kept = keep(state, visit, &message, SoundSource::Spoken, file).await?;
            Ok(kept.map_err(|why| t!(words, "crisis-voice-failed", why = why)))
        }
        Err(why) => Ok(Err(t!(words, "crisis-voice-failed", why = why))),
    }
}

async fn shown(
    state: &AppState,
    visit: &Visit,
    message: &Message,
    outcome: Result<(), String>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => {
            Ok(Redirect::to(&format!("/crisis/{}", message.crisis_id.into_untyped_uuid())).into_response())
        }
        Err(why) => {
            let page = show::page(state, visit, message.crisis_id, show::Said::Problem(&why)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /crisis/messages/{id}/voice`
///
/// # Errors
/// There is no such message, or it is a draft no longer; the database.
pub(super) async fn speak(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let message = message(&state, id).await?;
    let outcome = voice(&state, &visit, message.id).await?;
    shown(&state, &visit, &message, outcome).await
}

/// `POST /crisis/messages/{id}/sound`: a recorded file.
///
/// # Errors
/// There is no such message, or it is a draft no longer; the database.
pub(super) async fn record(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    upload: Upload,
) -> Result<Response, PageError> {
    let message = message(&state, id).await?;
    let outcome = match upload.into_files().into_iter().next() {
        Some(file) => keep(&state, &visit, &message, SoundSource::Recorded, file.bytes).await?,
        None => Err(t!(visit.words, "fault-missing")),
    };
    shown(&state, &visit, &message, outcome).await
}

/// `POST /crisis/messages/{id}/silence`: takes the sound of a draft away.
///
/// # Errors
/// There is no such message, or it is a draft no longer; the database.
pub(super) async fn drop_sound(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let message = message(&state, id).await?;
    let (ctx, id) = (visit.context(&state), message.id);
    state.db.write(move |s| commands::drop_sound(s, &ctx, id)).await?;
    shown(&state, &visit, &message, Ok(())).await
}

/// `GET /crisis/messages/{id}/sound`
///
/// # Errors
/// There is no such message, or it has no sound; the database.
pub(super) async fn play(
    State(state): State<AppState>,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let id = CrisisMessageId::from_untyped_uuid(id);
    let wav = state
        .db
        .read(move |s| -> Result<_, CrisisError> { Ok(queries::sound(s, id)?) })
        .await?
        .ok_or(PageError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, wav).into_response())
}
