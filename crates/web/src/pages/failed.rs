//! The page for what went wrong: plain words, and whom to turn to.

use crate::{components::layout::Page, error::Failure, t, visit::Visit};
use axum::{
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::html;

/// Headers of a failure that its page keeps.
const KEPT: &[HeaderName] =
    &[header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::SET_COOKIE];

/// The page in place of a bare failure.
#[must_use]
pub fn page(response: Response, visit: &Visit) -> Response {
    let status = response.status();
    let failure = response.extensions().get::<Failure>().copied().unwrap_or(Failure::Plain);
    let words = visit.words;
    let (title, text) = match (failure, status) {
        (Failure::ForeignForm, _) => (t!(words, "failed-form-title"), t!(words, "failed-form")),
        (Failure::UnknownLink, _) => {
            (t!(words, "failed-unknown-link-title"), t!(words, "failed-unknown-link"))
        }
        (Failure::GoneLink, _) => (t!(words, "failed-gone-link-title"), t!(words, "failed-gone-link")),
        (_, StatusCode::NOT_FOUND) => (t!(words, "failed-not-found-title"), t!(words, "failed-not-found")),
        (_, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) => {
            (t!(words, "failed-forbidden-title"), t!(words, "failed-forbidden"))
        }
        (_, StatusCode::PAYLOAD_TOO_LARGE) => {
            (t!(words, "failed-too-large-title"), t!(words, "failed-too-large"))
        }
        (_, StatusCode::CONFLICT) => (t!(words, "failed-conflict-title"), t!(words, "failed-conflict")),
        (_, status) if status.is_client_error() => {
            (t!(words, "failed-request-title"), t!(words, "failed-request"))
        }
        _ => (t!(words, "failed-internal-title"), t!(words, "failed-internal")),
    };
    let by_link = matches!(failure, Failure::UnknownLink | Failure::GoneLink);
    let content = html! {
        div .sheet {
            p .lead { (text) }
            @if by_link {
                p { (t!(words, "failed-call", telephone = visit.config.public_telephone.clone())) }
            } @else if visit.signed_in.is_some() {
                p { a href="/" { (t!(words, "failed-home")) } }
            }
        }
    };
    let mut answer = (status, Page::narrow(title).around(visit, &content)).into_response();
    for name in KEPT {
        for value in response.headers().get_all(name) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    if let Some(to) = response.headers().get("hx-redirect") {
        answer.headers_mut().insert("hx-redirect", to.clone());
    }
    answer
}
