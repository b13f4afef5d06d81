//! Whether a request that changes something comes from one of our own pages.

use axum::http::{HeaderMap, header};

/// What the browser says of where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From one of our own pages.
    Own,
    /// From somewhere else.
    Foreign,
    /// Not said: not a browser, or an old one.
    Unsaid,
}

/// The `host[:port]` of an origin or address.
fn authority(url: &str) -> Option<&str> {
    url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest))
}

/// Where a request comes from. Our own is the host the request was sent to, or the public address.
#[must_use]
pub fn origin(headers: &HeaderMap, base_url: &str) -> Origin {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        let Some(from) = authority(origin) else { return Origin::Foreign };
        let own = [text(header::HOST), authority(base_url)];
        return if own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(from)) {
            Origin::Own
        } else {
            Origin::Foreign
        };
    }
    match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some("same-origin") => Origin::Own,
        Some("none") | None => Origin::Unsaid,
        Some(_) => Origin::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(pairs: &[(&'static str, &'static str)]) -> Origin {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        origin(&headers, "https://lots.example")
    }

    #[test]
    fn foreign_pages_are_seen_through() {
        assert_eq!(asked(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]), Origin::Own);
        assert_eq!(asked(&[("host", "inside:80"), ("origin", "https://lots.example")]), Origin::Own);
        assert_eq!(
            asked(&[("host", "lots.example"), ("origin", "https://lots.example.evil")]),
            Origin::Foreign
        );
        assert_eq!(asked(&[("host", "lots.example"), ("origin", "null")]), Origin::Foreign);
        assert_eq!(asked(&[("sec-fetch-site", "cross-site")]), Origin::Foreign);
        assert_eq!(asked(&[("sec-fetch-site", "same-site")]), Origin::Foreign);
        assert_eq!(asked(&[]), Origin::Unsaid);
    }
}
