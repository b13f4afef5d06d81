//! The browser's files, compiled into the binary. An address that carries the file's own hash is cached for ever; one
//! without is asked for again by its etag.

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::fmt::Write as _;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// How many characters of the hash an address carries.
const HASH_LEN: usize = 16;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn short_hash(file: &rust_embed::EmbeddedFile) -> String {
    let mut hash = hex(&file.metadata.sha256_hash());
    hash.truncate(HASH_LEN);
    hash
}

/// The address of an embedded file, with its hash; without one if the file is not there.
#[must_use]
pub fn address(name: &str) -> String {
    Dist::get(name)
        .map_or_else(|| format!("/assets/{name}"), |file| format!("/assets/{name}?v={}", short_hash(&file)))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wav") => "audio/wav",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The hash in an asset's address.
#[derive(Debug, Deserialize)]
pub struct Version {
    v: Option<String>,
}

/// `GET /assets/{*name}`
pub async fn serve(Path(name): Path<String>, Query(version): Query<Version>, headers: HeaderMap) -> Response {
    answer(&name, version.v.as_deref(), &headers)
}

/// An embedded file, for an address of its own.
pub(crate) fn file(name: &str, headers: &HeaderMap) -> Response {
    answer(name, None, headers)
}

fn answer(name: &str, version: Option<&str>, headers: &HeaderMap) -> Response {
    let Some(file) = Dist::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let hash = short_hash(&file);
    let etag = format!("\"{hash}\"");
    let caching = if version == Some(hash.as_str()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    let known = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, caching.to_owned())];
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    if unchanged {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    (known, [(header::CONTENT_TYPE, content_type(name))], file.data.into_owned()).into_response()
}
