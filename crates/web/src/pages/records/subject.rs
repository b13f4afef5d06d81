//! Everything kept about one resident, as an archive to hand over.

use crate::{AppState, error::PageError, t, visit::Visit, words::Words};
use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{DOCTYPE, Markup, html};
use records::{
    RecordsError,
    subject::{Export, HEADINGS, export, pack},
};
use serde_json::Value;
use storage::blobs;
use vocabulary::{GenericUuid as _, ResidentId, local_day};

/// `POST /residents/{id}/export`: written down like every opening; the name of the file names nobody.
///
/// # Errors
/// There is no such resident, or the card is protected and not open; the database.
pub async fn take_out(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ResidentId::from_untyped_uuid(id));
    let words = visit.words;
    let taken = state.db.write(move |s| export(s, &ctx, id)).await?;
    let page = readable(&visit, &taken).into_string();
    let name = t!(words, "export-page-name");
    let archive = state
        .db
        .read(move |s| {
            pack(&taken, &name, &page, |digest| {
                blobs::get(s, digest)?.ok_or(RecordsError::NotFound { what: "file" })
            })
        })
        .await?;
    let name = format!("{}-{}.zip", t!(words, "export-file-name"), local_day(visit.now));
    Ok(crate::uploads::hand_over(&name, "application/zip", archive))
}

/// The same as a page to read, whole in itself: no style, script or address from elsewhere.
fn readable(visit: &Visit, taken: &Export) -> Markup {
    let words = visit.words;
    html! {
        (DOCTYPE)
        html lang=(words.language()) {
            head { meta charset="utf-8"; title { (t!(words, "export-title")) } }
            body {
                h1 { (t!(words, "export-title")) }
                p { (t!(words, "export-intro", town = visit.config.town.clone(), day = words.day(local_day(visit.now)))) }
                @if taken.files_left_out > 0 { p { (t!(words, "export-left-out", n = taken.files_left_out)) } }
                @for heading in HEADINGS {
                    @let rows = taken.kept.get(*heading).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                    h2 { (words.word("export", heading)) }
                    @if rows.is_empty() { p { (t!(words, "export-nothing")) } }
                    @for row in rows { (value(words, row)) hr; }
                }
            }
        }
    }
}

fn value(words: &Words, of: &Value) -> Markup {
    html! {
        @match of {
            Value::Object(fields) => dl {
                @for (field, of) in fields.iter().filter(|(_, of)| !of.is_null()) {
                    dt { strong { (field.replace('_', " ")) } } dd { (value(words, of)) }
                }
            },
            Value::Array(rows) => ul { @for row in rows { li { (value(words, row)) } } },
            Value::String(text) => @for line in text.lines() { (line) br; },
            Value::Bool(yes) => (if *yes { t!(words, "export-yes") } else { t!(words, "export-no") }),
            other => (other.to_string()),
        }
    }
}
