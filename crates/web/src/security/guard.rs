//! What stands before every handler: finds out who asks, asks the policy, and believes a form only if it carries the
//! session's own token.

use super::{cookies, origin};
use crate::{
    AppState,
    error::PageError,
    routes::{Entrance, Route},
    uploads,
    visit::Visit,
    words::Words,
};
use axum::{
    body::Body,
    extract::{FromRequest as _, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use cases::resident_access::{self, ResidentSession};
use people::{Action, LinkKind, SignedLink, Who, access, allowed};
use serde::Deserialize;
use std::sync::Arc;
use storage::StorageError;
use vocabulary::Language;

/// The largest form, in bytes. A case's description and a note fit many times over.
pub const FORM_BYTES_MAX: usize = 128 * 1024;

/// The route a guard stands before.
#[derive(Clone)]
pub struct Guarded {
    /// What every handler gets.
    pub state: AppState,
    /// The route.
    pub route: Route,
    /// The largest body it takes, in bytes.
    pub body_bytes_max: usize,
}

/// The answer's mark that the policy refused it: a sign-in page alone does not tell a refusal from a way home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// The form field every form carries.
#[derive(Deserialize)]
struct FormToken {
    #[serde(default)]
    csrf: String,
}

/// Lets a request through to its handler, or answers in its place.
pub async fn guard(
    State(guarded): State<Guarded>,
    path: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let Guarded { state, route, body_bytes_max } = guarded;
    let mut headers = request.headers().clone();
    if route.entrance == Entrance::Open311 {
        request = match own_argument(request, &mut headers, body_bytes_max).await {
            Ok(request) => request,
            Err(refused) => return refused,
        };
    }
    let asked = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let visit = match visit(&state, route, &path, &headers, (asked, &query)).await {
        Ok(visit) => visit,
        Err(error) => return PageError::from(error).into_response(),
    };
    let mut response = match checked(&state, (route, body_bytes_max), &visit, request).await {
        Ok(passed) => {
            request = passed;
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
        Err(refused) => refused,
    };
    response.extensions_mut().insert(visit);
    response
}

/// Who asks, in which language, when.
async fn visit(
    state: &AppState,
    route: Route,
    path: &RawPathParams,
    headers: &HeaderMap,
    (asked, query): (String, &str),
) -> Result<Visit, StorageError> {
    let session = match (route.entrance, cookies::session(headers, state.config.secure_cookies)) {
        (Entrance::Page | Entrance::Either, Some(token)) => {
            state.access.recognise(token).await?.map(Arc::new)
        }
        _ => None,
    };
    let resident = resident_session(state, route, headers).await?;
    let who = match route.entrance {
        Entrance::Page => session.as_ref().map_or(Who::Anonymous, |signed_in| signed_in.who()),
        Entrance::Api | Entrance::Open311 => key_holder(state, headers).await?,
        Entrance::Either => match &session {
            Some(signed_in) => signed_in.who(),
            None => key_holder(state, headers).await?,
        },
        Entrance::Link(kind) => link_holder(state, kind, path),
        Entrance::Public => Who::Anonymous,
        Entrance::Resident => resident
            .as_ref()
            .map_or(Who::Anonymous, |held| Who::ResidentSession { id: held.id, proven: held.proven }),
    };
    let own = session.as_ref().map(|signed_in| signed_in.user.language);
    let language = match route.entrance {
        Entrance::Public => asked_language(query).unwrap_or(Language::Swedish),
        _ => cookies::language(headers).or(own).unwrap_or(Language::Swedish),
    };
    let session_id = session.as_ref().map(|s| s.session.id).or(resident.as_ref().map(|held| held.id));
    Ok(Visit {
        who,
        csrf: session_id.map(|id| state.access.key().csrf_token(id)),
        signed_in: session,
        resident,
        words: words_of(route, headers, language),
        now: state.clock.now(),
        back: if route.method == "GET" { asked.clone() } else { "/".to_owned() },
        path: asked,
        htmx: headers.contains_key("hx-request"),
        config: Arc::clone(&state.config),
        demo_speed: state.demo.as_ref().map(|demo| demo.speed()),
    })
}

/// The language a public page's address asks for: `?lang=en`.
fn asked_language(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang="))?.parse().ok()
}

/// The resident's session, where a resident's page may have one.
async fn resident_session(
    state: &AppState,
    route: Route,
    headers: &HeaderMap,
) -> Result<Option<Arc<ResidentSession>>, StorageError> {
    let presented = cookies::resident(headers, state.config.secure_cookies).map(str::to_owned);
    let (Entrance::Resident, Some(presented)) = (route.entrance, presented) else { return Ok(None) };
    let at = state.wall.now();
    let found = state.db.read(move |s| resident_access::session(s, at, &presented)).await?;
    Ok(found.map(Arc::new))
}

/// The texts: residents may have chosen a language that only their pages are written in.
fn words_of(route: Route, headers: &HeaderMap, language: Language) -> &'static Words {
    let for_residents =
        matches!(route.entrance, Entrance::Resident | Entrance::Link(people::LinkKind::Resident));
    let chosen = cookies::resident_language(headers).filter(|_| for_residents);
    chosen.and_then(Words::for_residents).unwrap_or_else(|| Words::of(language))
}

async fn key_holder(state: &AppState, headers: &HeaderMap) -> Result<Who, StorageError> {
    let presented = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim().to_owned());
    let Some(presented) = presented else { return Ok(Who::Anonymous) };
    let found = state.db.read(move |s| access::api_key_of(s, &presented)).await?;
    Ok(found.map_or(Who::Anonymous, |key| key.who()))
}

fn link_holder(state: &AppState, kind: LinkKind, path: &RawPathParams) -> Who {
    let token = path.iter().find_map(|(name, value)| (name == "token").then_some(value));
    match (kind, token.and_then(|token| SignedLink::verify(state.access.key(), kind, token))) {
        (LinkKind::Officer, Some(id)) => Who::OfficerLink(id),
        (LinkKind::Resident, Some(id)) => Who::ResidentLink(id),
        (LinkKind::OfficerDesk, Some(id)) => Who::OfficerDeskLink(id),
        (LinkKind::OfficerKey, Some(id)) => Who::OfficerKeyLink(id),
        (LinkKind::Approval, Some(id)) => Who::ApprovalLink(id),
        (LinkKind::CallIn, Some(id)) => Who::CallInLink(id),
        (_, None) => Who::Anonymous,
    }
}

/// Open311's clients send their key as an argument of the address or the form: it becomes the header it stands for.
async fn own_argument(
    request: Request,
    headers: &mut HeaderMap,
    body_bytes_max: usize,
) -> Result<Request, Response> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Ok(request);
    }
    let argument = |text: &str| {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
        pairs.into_iter().find(|(name, value)| name == "api_key" && !value.is_empty()).map(|(_, value)| value)
    };
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, body_bytes_max).await else {
        return Err(PageError::TooLarge.into_response());
    };
    let key = argument(parts.uri.query().unwrap_or_default())
        .or_else(|| std::str::from_utf8(&bytes).ok().and_then(argument));
    if let Some(value) = key.and_then(|key| HeaderValue::try_from(format!("Bearer {key}")).ok()) {
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Gives the request back if it may go on to the handler, or the answer that refuses it.
async fn checked(
    state: &AppState,
    (route, body_bytes_max): (Route, usize),
    visit: &Visit,
    request: Request,
) -> Result<Request, Response> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let by_key = matches!(visit.who, Who::ApiKey { .. });
    if changes && !by_key && !matches!(route.entrance, Entrance::Api | Entrance::Open311) {
        let from = origin::origin(request.headers(), &state.config.base_url);
        if from == origin::Origin::Foreign {
            metrics::counter!("web_refused_total", "why" => "foreign_origin").increment(1);
            return Err(PageError::ForeignForm.into_response());
        }
    }
    if !allowed(&visit.who, route.action) {
        metrics::counter!("web_refused_total", "why" => "not_allowed").increment(1);
        let mut refused = refusal(route, visit);
        refused.extensions_mut().insert(Refused);
        return Err(refused);
    }
    // Who asks by number and code brings no session's form: an old cookie must not stand in the way.
    let in_session = visit.signed_in.is_some() || visit.resident.is_some();
    if changes && in_session && route.action != Action::LookUpOwnCase {
        return own_form(state, visit, request, body_bytes_max).await;
    }
    Ok(request)
}

/// Checks the token of a form from a signed-in browser: in the header htmx sends, or in the form itself.
async fn own_form(
    state: &AppState,
    visit: &Visit,
    request: Request,
    body_bytes_max: usize,
) -> Result<Request, Response> {
    let signed_in = visit.signed_in.as_ref().map(|signed_in| signed_in.session.id);
    let Some(session) = signed_in.or(visit.resident.as_ref().map(|held| held.id)) else { return Ok(request) };
    let valid = |token: &str| state.access.key().csrf_valid(session, token);
    if request.headers().get("x-csrf-token").and_then(|v| v.to_str().ok()).is_some_and(valid) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, body_bytes_max).await else {
        return Err(PageError::TooLarge.into_response());
    };
    let mut copy = Request::new(Body::from(bytes.clone()));
    *copy.method_mut() = Method::POST;
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        copy.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    }
    let token = if uploads::is_multipart(copy.headers()) {
        uploads::field_of(copy, "csrf").await
    } else {
        axum::Form::<FormToken>::from_request(copy, &()).await.ok().map(|form| form.0.csrf)
    };
    match token {
        Some(token) if valid(&token) => Ok(Request::from_parts(parts, Body::from(bytes))),
        _ => {
            metrics::counter!("web_refused_total", "why" => "form_token").increment(1);
            Err(PageError::ForeignForm.into_response())
        }
    }
}

/// The answer to somebody who may not: strangers are sent to sign in, others are told.
fn refusal(route: Route, visit: &Visit) -> Response {
    let stranger = visit.who == Who::Anonymous;
    match route.entrance {
        Entrance::Link(_) => PageError::UnknownLink.into_response(),
        Entrance::Open311 => crate::api::open311::failure(StatusCode::FORBIDDEN, &visit.path),
        // The session is over: begin again.
        Entrance::Resident => Redirect::to(cases::STATUS_PATH).into_response(),
        Entrance::Api | Entrance::Either if stranger => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response()
        }
        Entrance::Page if stranger && visit.htmx => {
            let mut response = StatusCode::UNAUTHORIZED.into_response();
            response.headers_mut().insert("hx-redirect", HeaderValue::from_static("/sign-in"));
            response
        }
        Entrance::Page if stranger && route.method == "GET" => {
            Redirect::to(&format!("/sign-in?next={}", visit.path)).into_response()
        }
        Entrance::Page if stranger => Redirect::to("/sign-in").into_response(),
        Entrance::Page | Entrance::Public | Entrance::Api | Entrance::Either => {
            PageError::Forbidden.into_response()
        }
    }
}
