//! What every answer passes on its way out: failures get their page (or, in the API, their problem document), the
//! security headers are put on, and the request is counted and logged, without its address, which may hold a link's
//! token.

use super::{cookies, guard::Refused, headers};
use crate::{AppState, api, api::problem, error::Failure, pages::failed, visit::Visit, words::Words};
use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use people::Who;
use std::sync::Arc;
use std::time::Instant;
use vocabulary::Language;

/// Most bytes of a framework's own explanation that are passed on.
const EXPLANATION_BYTES_MAX: usize = 1_000;

/// The outermost layer.
pub async fn finish(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let host = request.headers().get(header::HOST).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let path = request.uri().path().to_owned();
    let api = path.starts_with("/api/") || api::errands::is_path(&path);
    let stranger = stranger(&state, request.headers(), request.uri().path());

    let mut response = next.run(request).await;
    let visit = response.extensions_mut().remove::<Visit>().unwrap_or(stranger);
    let refused = response.extensions().get::<Refused>().copied();
    let visit_is_htmx = visit.htmx;
    if wants_a_page(&response) {
        response = if path.starts_with("/open311/") {
            api::open311::failure(response.status(), &path)
        } else if api {
            as_problem(response).await
        } else {
            failed::page(response, &visit)
        };
    }
    if visit_is_htmx && method != Method::GET {
        // What a form was answered with cannot be asked for by its address: it does not go into the history. After a
        // redirect it is the page led to that answers, and that one does.
        response.headers_mut().insert("hx-push-url", HeaderValue::from_static("false"));
    }
    if let Some(refused) = refused {
        response.extensions_mut().insert(refused);
    }
    let pictures = state.config.map_tiles.as_ref().and_then(|tiles| tiles.origin());
    let shown = response.extensions_mut().remove::<headers::Shown>().unwrap_or_default();
    headers::add(response.headers_mut(), host.as_deref(), pictures, state.config.secure_cookies, &shown);

    let status = response.status();
    let took = started.elapsed();
    metrics::histogram!("web_request_seconds", "route" => route.clone(), "method" => method.to_string())
        .record(took.as_secs_f64());
    metrics::counter!("web_requests_total", "route" => route.clone(), "status" => status.as_u16().to_string())
        .increment(1);
    tracing::debug!(%method, route, status = status.as_u16(), ms = took.as_millis(), "answered");
    response
}

/// The visit of somebody nothing is known about, for the pages of routes that do not exist.
fn stranger(state: &AppState, headers: &HeaderMap, path: &str) -> Visit {
    Visit {
        who: Who::Anonymous,
        signed_in: None,
        resident: None,
        words: Words::of(cookies::language(headers).unwrap_or(Language::Swedish)),
        csrf: None,
        now: state.clock.now(),
        path: path.to_owned(),
        back: "/".to_owned(),
        htmx: headers.contains_key("hx-request"),
        config: Arc::clone(&state.config),
        demo_speed: state.demo.as_ref().map(|demo| demo.speed()),
    }
}

/// Whether a failure has no page of its own yet.
fn wants_a_page(response: &Response) -> bool {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return false;
    }
    let kind =
        response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    !["text/html", "application/problem+json", "text/xml", "application/json"]
        .iter()
        .any(|own| kind.starts_with(own))
}

/// A failure from the framework or the guard as a problem document; the framework's own explanation of what could not
/// be read is kept, because it helps whoever writes a client.
async fn as_problem(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let failure = parts.extensions.get::<Failure>().copied();
    let explanation =
        if failure.is_none() && parts.status.is_client_error() { text_of(body).await } else { None };
    let mut answer = problem::Problem::of(parts.status, explanation).into_response();
    for kept in [header::ALLOW, header::WWW_AUTHENTICATE, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&kept) {
            answer.headers_mut().insert(kept, value.clone());
        }
    }
    answer
}

async fn text_of(body: Body) -> Option<String> {
    let bytes = axum::body::to_bytes(body, EXPLANATION_BYTES_MAX).await.ok()?;
    let text = std::str::from_utf8(&bytes).ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
