//! The way in: a link, or a number and a code.

use super::{frame, standing};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field},
        layout::Page,
    },
    error::PageError,
    forms_in::own_path,
    pages::sign_in,
    security::cookies,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use cases::queries::resident_page;
use cases::resident_access::{self, Begun, NumberAndCode, SESSION_HOLDS};
use maud::{Markup, html};
use people::secret::Token;
use processes::ProcessesError;
use serde::Deserialize;
use std::net::SocketAddr;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, SignedDuration};

/// `GET /s/{token}`: how the case stands. Nothing personal: a letter may be read over a shoulder, or forwarded.
///
/// # Errors
/// The link does not hold; the database.
pub async fn by_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (key, now, asked) = (state.access.key().clone(), visit.now, token.clone());
    let page = state
        .db
        .read(move |s| -> Result<_, ProcessesError> {
            let mut page = resident_page(s, &key, &asked, now)?;
            // What its steps are called tells what a secret case is about.
            if page.about.is_some()
                && let Some(case) = cases::queries::case_by_number(s, &page.number)?
            {
                page.now = processes::queries::public_now(s, case.id)?;
            }
            Ok(page)
        })
        .await?;
    let words = visit.words;
    let answers = page.answers.len();
    let content = html! {
        (standing::standing(&visit, &page))
        div .sheet {
            h2 { (t!(words, "status-more-title")) }
            @if answers > 0 { p { strong { (t!(words, "status-has-answers", count = answers)) } } }
            p { (t!(words, "status-more-lead")) }
            form method="post" action=(format!("/s/{token}")) {
                button type="submit" .primary { (t!(words, "status-more")) }
            }
        }
        (standing::help(&visit, &page))
    };
    Ok(frame::page(&visit, &t!(words, "status-title"), &content))
}

/// The answer that gives the browser its session and leads to the case.
fn into_session(state: &AppState, token: &Token) -> Response {
    let mut response = Redirect::to("/status/mine").into_response();
    let cookie = cookies::set_resident(token.reveal(), SESSION_HOLDS.as_secs(), state.config.secure_cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// `POST /s/{token}`: begins a session with the case.
///
/// # Errors
/// The link does not hold; the database.
pub async fn begin_by_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (ctx, settings, at) = (visit.context(&state), state.cases.clone(), state.wall.now());
    let begun = state
        .db
        .write(move |s| {
            resident_access::forget_old(s, at)?;
            resident_access::begin_by_link(s, &ctx, &settings, at, &token)
        })
        .await?;
    Ok(into_session(&state, &begun.0))
}

/// `GET /status`
pub async fn ask(visit: Visit) -> Response {
    form(&visit, "", None)
}

fn form(visit: &Visit, number: &str, refused: Option<&str>) -> Response {
    let words = visit.words;
    let none = Faults::none();
    let content = html! {
        @if let Some(refused) = refused { (forms::refused(refused)) }
        div .sheet {
            p .lead { (t!(words, "status-find-lead")) }
            form method="post" action="/status" {
                (Field::line("status", "number", t!(words, "status-number"), number)
                    .hint(t!(words, "status-number-hint")).room(40).show(words, &none))
                (Field::line("status", "code", t!(words, "status-code"), "")
                    .hint(t!(words, "status-code-hint")).room(40).show(words, &none))
                button type="submit" .primary { (t!(words, "status-find")) }
            }
        }
        p .soft { (t!(words, "status-find-help", telephone = visit.config.public_telephone.clone())) }
    };
    frame::page(visit, &t!(words, "status-find-title"), &content)
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

/// Minutes to wait, as people are told: whole, and at least one.
pub(super) fn minutes(wait: SignedDuration) -> u64 {
    u64::try_from(wait.as_secs().max(1)).unwrap_or(1).div_ceil(60)
}

/// `POST /status`
///
/// # Errors
/// The database.
pub async fn begin_by_code(
    State(state): State<AppState>,
    visit: Visit,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let address = sign_in::address(&state, &headers, peer.map(|peer| peer.0.0));
    let typed = NumberAndCode { number: asked.number.clone(), code: asked.code, address };
    let (ctx, settings, at) = (visit.context(&state), state.cases.clone(), state.wall.now());
    let begun = state
        .db
        .write(move |s| {
            resident_access::forget_old(s, at)?;
            resident_access::begin_by_code(s, &ctx, &settings, at, &typed)
        })
        .await?;
    Ok(match begun {
        Begun::In(token, _) => into_session(&state, &token),
        Begun::Refused => {
            let page = form(&visit, &asked.number, Some(&t!(words, "status-find-refused")));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Begun::Throttled { retry_after } => {
            let minutes = minutes(retry_after);
            let told = t!(words, "status-find-throttled", minutes = minutes);
            let mut response =
                (StatusCode::TOO_MANY_REQUESTS, form(&visit, &asked.number, Some(&told))).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
            response
        }
    })
}

/// What the choice of language sends.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    language: String,
    #[serde(default)]
    back: String,
}

/// `POST /status/language`
pub async fn choose_language(State(state): State<AppState>, Form(chosen): Form<Chosen>) -> Response {
    let back = own_path(Some(&chosen.back), "/status");
    let ours = back.starts_with("/s/") || back == "/status" || back.starts_with("/status/");
    let to = if ours { back.as_str() } else { "/status" };
    let mut response = Redirect::to(to).into_response();
    if let Some(words) = Words::for_residents(&chosen.language) {
        let cookie = cookies::set_resident_language(words.tag(), state.config.secure_cookies);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /cases/{id}/code`: a guide gives the resident a code, over the counter or the telephone. Shown this once.
///
/// # Errors
/// There is no such case, or it is not the guide's to see; the database.
pub async fn give_code(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let (ctx, settings, id) = (visit.context(&state), state.cases.clone(), CaseId::from_untyped_uuid(id));
    let (number, code) = state
        .db
        .write(move |s| {
            let case = cases::commands::case_for(s, &ctx, id)?;
            resident_access::give_code(s, &ctx, &settings, id).map(|code| (case.number, code))
        })
        .await?;
    let words = visit.words;
    let page = format!("{}{}", visit.config.base_url, cases::STATUS_PATH);
    let content = html! {
        div .sheet {
            p { (t!(words, "case-code-made")) }
            p .lead { code .secret { (code) } }
            p { (t!(words, "case-code-hint", page = page)) }
            p { a href=(format!("/cases/{}", id.into_untyped_uuid())) { (number) } }
        }
    };
    Ok(Page::narrow(t!(words, "case-code-make")).around(&visit, &content))
}
