//! Files that came with letters: pictures of known kinds shown, everything else saved.

use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use correspondence::commands::open_part;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ConversationId, LetterPartId};

/// How a file is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Whether it is a picture within the letter's page.
    #[serde(default)]
    shown: bool,
}

/// What a picture is by its own first bytes, whatever its sender says: the only kinds a browser is given to show.
pub(super) fn picture(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if begins(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some("image/gif")
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
        Some("image/webp")
    } else {
        None
    }
}

/// `GET /mail/{id}/files/{part}`
///
/// # Errors
/// There is no such file, or it is not for this visitor; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, part)): Path<(uuid::Uuid, uuid::Uuid)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (id, part) = (ConversationId::from_untyped_uuid(id), LetterPartId::from_untyped_uuid(part));
    let ctx = visit.context(&state);
    let (part, bytes) = state.db.write(move |s| open_part(s, &ctx, id, part, asked.shown)).await?;
    let kind = picture(&bytes).filter(|_| asked.shown);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.unwrap_or("application/octet-stream")));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = if kind.is_some() { HeaderValue::from_static("inline") } else { saved_as(&part.name) };
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// `Content-Disposition` with the name as UTF-8 (RFC 6266, RFC 8187).
fn saved_as(name: &str) -> HeaderValue {
    let name = if name.is_empty() { "fil" } else { name };
    let mut coded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{coded}"))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_bytes_and_a_name_cannot_break_out() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture(b"RIFF....WEBPVP8 "), Some("image/webp"));
        for other in [b"<svg xmlns=".as_slice(), b"GIF8", b"", b"%PDF-1.7", b"RIFF....WAVE"] {
            assert_eq!(picture(other), None);
        }
        assert_eq!(saved_as("hål\"\r\n;.png"), "attachment; filename*=UTF-8''h%C3%A5l%22%0D%0A%3B.png");
    }
}
