//! What every answer carries, so that a browser runs nothing but what Lots has sent it.

use axum::http::{HeaderMap, HeaderValue, header};

/// Where an answer may be shown, other than by itself to whoever asked for it. An extension of the answer; without one it
/// is in nobody's frame and in no search engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The sites that may have it in a frame.
    pub framed_by: Vec<String>,
    /// Whether search engines may find it.
    pub indexed: bool,
}

impl Shown {
    fn frame_ancestors(&self) -> String {
        if self.framed_by.is_empty() { "'none'".to_owned() } else { self.framed_by.join(" ") }
    }
}

/// Puts the security headers on an answer. `host` is the host the browser asked, named for the WebSocket's sake:
/// older Safari does not count ws and wss as `'self'`. `pictures` is the one other host that pictures may come from: the
/// map's, checked when the configuration was read.
pub fn add(headers: &mut HeaderMap, host: Option<&str>, pictures: Option<&str>, secure: bool, shown: &Shown) {
    let socket = host.filter(|host| plain_host(host)).map_or_else(String::new, |host| {
        let scheme = if secure { "wss" } else { "ws" };
        format!(" {scheme}://{host}")
    });
    let pictures = pictures.map_or_else(String::new, |origin| format!(" {origin}"));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{pictures}; font-src 'self'; \
         connect-src 'self'{socket}; media-src 'self' blob:; form-action 'self'; base-uri 'none'; \
         frame-ancestors {}",
        shown.frame_ancestors(),
    );
    // A file to be saved has a stricter policy of its own.
    if let (Ok(policy), false) =
        (HeaderValue::try_from(policy), headers.contains_key(header::CONTENT_SECURITY_POLICY))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let told_robots = headers.contains_key("x-robots-tag");
    let mut set = |name: header::HeaderName, value: HeaderValue| {
        headers.insert(name, value);
    };
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: with it, browsers send `Origin: null` with our own forms.
    set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if shown.framed_by.is_empty() {
        set(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    // What search engines may keep says so itself; everything else they may not.
    let robots = header::HeaderName::from_static("x-robots-tag");
    if !shown.indexed && !told_robots {
        set(robots, HeaderValue::from_static("noindex, nofollow"));
    }
    set(
        header::HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("microphone=(self), camera=(), geolocation=()"),
    );
    set(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Whether a `Host` header holds nothing that could add to a policy.
fn plain_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_cannot_write_into_the_policy() {
        for host in ["evil; script-src *", "a b", "", "x,y"] {
            let mut headers = HeaderMap::new();
            add(&mut headers, Some(host), None, true, &Shown::default());
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("connect-src 'self';"), "{policy}");
            assert!(!policy.contains("unsafe"));
        }
    }
}
