//! Answers that browsers and proxies may keep, and ask again for: is this still so?

use crate::{security::headers::Shown, site::version};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

/// Kept by whoever likes, but never shown without asking whether it still holds: a crisis message must stand on every page
/// within seconds, and asking costs little.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");
/// An address that carries a mark of what it leads to.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What came of something typed: to go back to in this browser, and nobody else's.
const OWN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// A text that holds until it changes; nothing but that if the browser has it already.
pub fn kept(asked: &HeaderMap, media_type: &'static str, text: String, shown: Shown) -> Response {
    let tag = format!("W/\"{}\"", version(text.as_bytes()));
    let mut response = if has(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut whole = text.into_response();
        whole.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        whole
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, ASK_AGAIN);
    response.extensions_mut().insert(shown);
    response
}

/// A page that search engines may find, and browsers may keep.
pub fn page(asked: &HeaderMap, text: String, shown: Shown) -> Response {
    kept(asked, "text/html; charset=utf-8", text, shown)
}

/// Something that never changes under its address.
pub fn for_ever(media_type: &'static str, bytes: Vec<u8>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    ([kind, (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response()
}

/// An answer to what somebody typed: kept by their own browser alone, so that going back to it needs no sending again.
pub fn own(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, OWN);
    response
}

/// Whether the browser has what is tagged so; compression makes a tag weak, which says the same here (RFC 9110, 13.1.2).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let bare = tag.trim_start_matches("W/");
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = kept(&HeaderMap::new(), "text/plain", "hej".into(), Shown::default());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        for (known, status) in [
            (tag.clone(), StatusCode::NOT_MODIFIED),
            (format!("\"other\", {}", tag.trim_start_matches("W/")), StatusCode::NOT_MODIFIED),
            ("W/\"other\"".to_owned(), StatusCode::OK),
            (String::new(), StatusCode::OK),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::IF_NONE_MATCH, HeaderValue::try_from(known.clone()).unwrap());
            assert_eq!(
                kept(&asked, "text/plain", "hej".into(), Shown::default()).status(),
                status,
                "{known}"
            );
            assert_eq!(kept(&asked, "text/plain", "nytt".into(), Shown::default()).status(), StatusCode::OK);
        }
    }
}
