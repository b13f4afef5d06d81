//! What a resident can read and do once they have shown who they are.

use super::{frame, mine, standing};
use crate::{
    AppState,
    components::{
        forms::{self, Faults},
        lists,
    },
    error::PageError,
    pages::cases::case_faults,
    t,
    uploads::{Upload, UploadedFile},
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use cases::commands::resident_adds;
use cases::documents::{DOCUMENT_BYTES_MAX, NewDocument};
use cases::resident_access::{self, EntryAuthor, OwnPage, ToldBy};
use cases::{CasesError, MessageChannel, pictures};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{Context, DocumentId};

/// Most files a resident can send at once.
const FILES_MAX: usize = 5;
/// What residents' browsers offer to choose. Telephones turn their own format into JPEG for it.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp,image/gif,application/pdf";

/// What has just been done or was refused.
#[derive(Default)]
pub(super) struct Said {
    good: Option<String>,
    faults: Faults,
    text: String,
}

/// The page with everything.
pub(super) fn page(visit: &Visit, own: &OwnPage, said: &Said) -> Response {
    let words = visit.words;
    let content = html! {
        @if let Some(good) = &said.good { (lists::notice("good", good)) }
        @if let Some(fault) = said.faults.any() { (forms::refused(fault)) }
        (standing::standing(visit, &own.standing))
        (written(visit, own))
        (documents(visit, own))
        (add_form(visit, own, said))
        (told_form(visit, own))
        (standing::help(visit, &own.standing))
        (mine::leave_form(visit))
    };
    frame::page(visit, &t!(words, "mine-title"), &content)
}

fn written(visit: &Visit, own: &OwnPage) -> Markup {
    let words = visit.words;
    let entry = |day, author: String, text: &str| {
        html! {
            li {
                p .small .soft { (standing::day(words, day)) ", " (author) }
                p .pre dir="auto" { (text) }
            }
        }
    };
    html! {
        div .sheet {
            h2 { (t!(words, "mine-written")) }
            @if own.began_with.is_none() && own.entries.is_empty() { p { (t!(words, "mine-none")) } }
            ul .plain-list {
                @if let Some(text) = &own.began_with { (entry(own.standing.arrival_day, t!(words, "mine-you"), text)) }
                @for written in &own.entries {
                    @let author = match written.author {
                        EntryAuthor::You => t!(words, "mine-you"),
                        EntryAuthor::Centre => t!(words, "mine-centre"),
                        EntryAuthor::Officer => t!(words, "mine-officer"),
                    };
                    (entry(written.day, author, &written.text))
                }
            }
        }
    }
}

fn documents(visit: &Visit, own: &OwnPage) -> Markup {
    html! {
        @if !own.documents.is_empty() {
            div .sheet {
                h2 { (t!(visit.words, "mine-documents")) }
                ul {
                    @for document in &own.documents {
                        li {
                            a href=(format!("/status/mine/documents/{}", document.id.into_untyped_uuid())) {
                                bdi { (document.name) }
                            }
                            " " span .small .soft { (document.size_bytes.div_ceil(1024)) " kB" }
                        }
                    }
                }
            }
        }
    }
}

fn add_form(visit: &Visit, own: &OwnPage, said: &Said) -> Markup {
    let words = visit.words;
    let megabytes = DOCUMENT_BYTES_MAX / (1024 * 1024);
    html! {
        div .sheet {
            @if own.may_reopen {
                h2 { (t!(words, "mine-reopen-title")) }
                p { (t!(words, "mine-reopen-lead")) }
            } @else {
                h2 { (t!(words, "mine-add-title")) }
            }
            form method="post" action="/status/mine/add" enctype="multipart/form-data" {
                (forms::token(visit))
                (mine::text_field(visit, t!(words, "mine-add-text"), &said.text, &said.faults))
                div .field {
                    label for="mine-files" { (t!(words, "mine-add-files")) " " span .optional { (t!(words, "optional")) } }
                    p #mine-files-hint .hint { (t!(words, "mine-add-files-hint", count = FILES_MAX, megabytes = megabytes)) }
                    input #mine-files type="file" name="files" multiple accept=(ACCEPTED) aria-describedby="mine-files-hint";
                }
                button type="submit" .primary { (t!(words, "mine-add")) }
            }
        }
    }
}

fn told_form(visit: &Visit, own: &OwnPage) -> Markup {
    let words = visit.words;
    let choice = |told_by: ToldBy, label: String| {
        let id = format!("told-{told_by}");
        html! {
            div .check {
                input type="radio" id=(id) name="told_by" value=(told_by) checked[own.told_by == Some(told_by)] required;
                label for=(id) { (label) }
            }
        }
    };
    html! {
        @if !own.ways.is_empty() {
            div .sheet {
                form method="post" action="/status/mine/told" {
                    (forms::token(visit))
                    fieldset {
                        legend { h2 { (t!(words, "mine-told-title")) } }
                        @for way in &own.ways {
                            @match way.channel {
                                MessageChannel::Email => { (choice(ToldBy::Email, t!(words, "mine-told-email", address = way.text.clone()))) }
                                MessageChannel::Sms => { (choice(ToldBy::Sms, t!(words, "mine-told-sms", address = way.text.clone()))) }
                            }
                        }
                        (choice(ToldBy::Nothing, t!(words, "mine-told-none")))
                    }
                    button type="submit" { (t!(words, "mine-told-save")) }
                }
            }
        }
    }
}

/// The circumstances of what the resident does.
async fn as_resident(state: &AppState, visit: &Visit) -> Result<Context, PageError> {
    let own = mine::load(state, visit).await?;
    Ok(Context { actor: own.actor, ..visit.context(state) })
}

/// A file made fit to be kept: pictures without what they tell of place and camera. None if it is not taken in.
fn cleaned(file: UploadedFile) -> Option<NewDocument> {
    let pdf = file.bytes.starts_with(b"%PDF-");
    let bytes = if pdf { file.bytes } else { pictures::without_metadata(&file.bytes).ok()? };
    Some(NewDocument { name: file.name, media_type: file.media_type, bytes })
}

/// `POST /status/mine/add`
///
/// # Errors
/// The form cannot be read; the database.
pub async fn add(State(state): State<AppState>, visit: Visit, upload: Upload) -> Result<Response, PageError> {
    let words = visit.words;
    let (ctx, settings) = (as_resident(&state, &visit).await?, state.cases.clone());
    let id = mine::session(&visit)?.case_id;
    let text = upload.field("text").to_owned();
    let files = upload.into_files();
    let sent = files.len();
    let documents: Vec<NewDocument> = files.into_iter().take(FILES_MAX).filter_map(cleaned).collect();
    let not_taken = sent - documents.len();
    let asked = text.clone();
    let outcome = state.db.write(move |s| resident_adds(s, &ctx, &settings, id, &asked, &documents)).await;
    let (status, said) = match outcome {
        Ok(added) => {
            let refused = if added.already { 0 } else { added.refused + not_taken };
            let good =
                if added.reopened { t!(words, "mine-added-reopened") } else { t!(words, "mine-added") };
            let faults = match refused {
                0 => Faults::none(),
                count => Faults::one("files", t!(words, "mine-files-refused", count = count)),
            };
            (StatusCode::OK, Said { good: Some(good), faults, text: String::new() })
        }
        Err(error @ (CasesError::Text(_) | CasesError::TooMany { .. })) => {
            let told = case_faults(words, error)?;
            let fault = told.any().map(str::to_owned).unwrap_or_default();
            (StatusCode::UNPROCESSABLE_ENTITY, Said { good: None, faults: Faults::one("text", fault), text })
        }
        Err(error) => return Err(error.into()),
    };
    let own = mine::load(&state, &visit).await?;
    Ok((status, page(&visit, &own, &said)).into_response())
}

/// How to be told.
#[derive(Deserialize)]
pub struct Choice {
    #[serde(default)]
    told_by: String,
}

/// `POST /status/mine/told`
///
/// # Errors
/// No such way; the database.
pub async fn choose(
    State(state): State<AppState>,
    visit: Visit,
    Form(choice): Form<Choice>,
) -> Result<Response, PageError> {
    let told_by: ToldBy = choice
        .told_by
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let (ctx, id) = (as_resident(&state, &visit).await?, mine::session(&visit)?.case_id);
    state.db.write(move |s| resident_access::choose(s, &ctx, id, told_by)).await?;
    let own = mine::load(&state, &visit).await?;
    let good = t!(visit.words, "mine-told-saved");
    Ok(page(&visit, &own, &Said { good: Some(good), ..Said::default() }))
}

/// `GET /status/mine/documents/{id}`: always to be saved, never shown in the page's own name.
///
/// # Errors
/// There is no such document among those the resident may read; the database.
pub async fn document(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let own = mine::load(&state, &visit).await?;
    let ctx = Context { actor: own.actor, ..visit.context(&state) };
    let wanted = DocumentId::from_untyped_uuid(id);
    let document = own.documents.into_iter().find(|document| document.id == wanted);
    let document = document.ok_or(PageError::NotFound)?;
    let kept = document.clone();
    let bytes = state
        .db
        .write(move |s| -> Result<_, CasesError> {
            people::audit::opened(s, &ctx, people::audit::Opened::Document(kept.id, kept.case_id))?;
            Ok(cases::queries::document_bytes(s, &kept)?)
        })
        .await?;
    let mut response = bytes.ok_or(PageError::NotFound)?.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::try_from(document.media_type.as_str());
    headers
        .insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CONTENT_DISPOSITION, disposition(&document.name));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

/// A file's name in a header (RFC 6266 and RFC 8187): what is not plain is written in per cents.
fn disposition(name: &str) -> HeaderValue {
    use std::fmt::Write as _;
    let encoded = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    HeaderValue::try_from(format!("attachment; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}
