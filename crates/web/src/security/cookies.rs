//! Cookies: read from a request, written to an answer.

use axum::http::{HeaderMap, HeaderValue, header};
use vocabulary::Language;

/// How long the choice of language is kept, in seconds.
const LANGUAGE_MAX_AGE_S: u32 = 365 * 24 * 3600;
const LANGUAGE: &str = "lots-language";
const SESSION_SECURE: &str = "__Host-lots";
const SESSION_PLAIN: &str = "lots";

/// The value of the cookie `name`, the first if there are several.
#[must_use]
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

const fn session_name(secure: bool) -> &'static str {
    if secure { SESSION_SECURE } else { SESSION_PLAIN }
}

/// The session's token, if the browser brought one. Over https only the cookie whose name promises that it was set
/// over https by this very host is read.
#[must_use]
pub fn session(headers: &HeaderMap, secure: bool) -> Option<&str> {
    value(headers, session_name(secure))
}

/// The language the visitor has chosen, if any.
#[must_use]
pub fn language(headers: &HeaderMap) -> Option<Language> {
    value(headers, LANGUAGE)?.parse().ok()
}

const RESIDENT_SECURE: &str = "__Host-lots-resident";
const RESIDENT_PLAIN: &str = "lots-resident";
const RESIDENT_LANGUAGE: &str = "lots-resident-language";

const fn resident_name(secure: bool) -> &'static str {
    if secure { RESIDENT_SECURE } else { RESIDENT_PLAIN }
}

/// The token of a resident's session, if the browser brought one.
#[must_use]
pub fn resident(headers: &HeaderMap, secure: bool) -> Option<&str> {
    value(headers, resident_name(secure))
}

/// Gives the browser a resident's session for so many seconds. `Lax`, since who comes from a letter comes from
/// elsewhere.
#[must_use]
pub fn set_resident(token: &str, max_age_s: i64, secure: bool) -> HeaderValue {
    let flag = if secure { "; Secure" } else { "" };
    let name = resident_name(secure);
    header_value(format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{flag}"))
}

/// Takes a resident's session from the browser.
#[must_use]
pub fn clear_resident(secure: bool) -> HeaderValue {
    set_resident("", 0, secure)
}

/// The language a resident has chosen for their pages, as its tag.
#[must_use]
pub fn resident_language(headers: &HeaderMap) -> Option<&str> {
    value(headers, RESIDENT_LANGUAGE)
}

/// Keeps a resident's choice of language. `tag` is one of ours.
#[must_use]
pub fn set_resident_language(tag: &str, secure: bool) -> HeaderValue {
    let flag = if secure { "; Secure" } else { "" };
    header_value(format!(
        "{RESIDENT_LANGUAGE}={tag}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LANGUAGE_MAX_AGE_S}{flag}"
    ))
}

fn header_value(text: String) -> HeaderValue {
    // Tokens are base64url and languages two letters: what cannot stand in a header is never made.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Gives the browser its session. It lasts as long as the browser; the server ends it earlier.
#[must_use]
pub fn set_session(token: &str, secure: bool) -> HeaderValue {
    let flag = if secure { "; Secure" } else { "" };
    header_value(format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{flag}", session_name(secure)))
}

/// Takes the session from the browser.
#[must_use]
pub fn clear_session(secure: bool) -> HeaderValue {
    let flag = if secure { "; Secure" } else { "" };
    header_value(format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{flag}", session_name(secure)))
}

/// Keeps the choice of language.
#[must_use]
pub fn set_language(language: Language, secure: bool) -> HeaderValue {
    let flag = if secure { "; Secure" } else { "" };
    header_value(format!(
        "{LANGUAGE}={language}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LANGUAGE_MAX_AGE_S}{flag}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others_and_only_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xlots=no; lots=yes==; lots=late"));
        headers.append(header::COOKIE, HeaderValue::from_static("lots-language=en"));
        assert_eq!(session(&headers, false), Some("yes=="));
        assert_eq!(session(&headers, true), None);
        assert_eq!(language(&headers), Some(Language::English));
    }

    #[test]
    fn over_https_the_session_cookie_is_bound_to_the_host() {
        let set = set_session("abc", true);
        assert_eq!(set, "__Host-lots=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(clear_session(true).to_str().is_ok_and(|text| text.contains("Max-Age=0")));
    }
}
