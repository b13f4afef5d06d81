//! The door: signing in and out, and the choice of language.

use crate::{
    AppState,
    components::{forms, layout::Page},
    error::PageError,
    forms_in::own_path,
    security::cookies,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{ConnectInfo, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use people::access::{Attempt, SignInError};
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use vocabulary::{Language, Role};

/// Where to go when signed in.
#[derive(Debug, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// `GET /sign-in`
pub async fn show(visit: Visit, Query(next): Query<Next>) -> Response {
    if visit.signed_in.is_some() {
        return Redirect::to("/").into_response();
    }
    form(&visit, next.next.as_deref(), "", None).into_response()
}

fn form(visit: &Visit, next: Option<&str>, sign_in: &str, refused: Option<&str>) -> maud::Markup {
    let words = visit.words;
    let faults = forms::Faults::none();
    let content = html! {
        div .sheet {
            @if let Some(refused) = refused { (forms::refused(refused)) }
            form method="post" action="/sign-in" hx-boost="false" {
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                div .field {
                    label for="sign-in-name" { (t!(words, "sign-in-name")) }
                    input #sign-in-name name="sign_in" value=(sign_in) required autocomplete="username"
                        autocapitalize="none" spellcheck="false" maxlength="64" autofocus;
                }
                (forms::Field::line("sign-in", "password", t!(words, "password"), "")
                    .kind(forms::Kind::Password)
                    .show(words, &faults))
                button type="submit" .primary { (t!(words, "sign-in")) }
            }
            @if visit.demo_speed.is_some() { p .hint { (t!(words, "sign-in-demo-hint")) } }
        }
    };
    Page::narrow(t!(words, "sign-in-title")).around(visit, &content)
}

/// What the form sends.
#[derive(Deserialize)]
pub struct SignInForm {
    sign_in: String,
    password: String,
    next: Option<String>,
}

/// Where the request comes from: the peer, or what our own proxy says of it.
pub(crate) fn address(state: &AppState, headers: &HeaderMap, peer: Option<SocketAddr>) -> IpAddr {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .next_back()
        .and_then(|last| last.trim().parse().ok());
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip());
    if state.config.behind_proxy { forwarded.unwrap_or(peer) } else { peer }
}

/// `POST /sign-in`
///
/// # Errors
/// The database.
pub async fn enter(
    State(state): State<AppState>,
    visit: Visit,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(asked): Form<SignInForm>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let address = address(&state, &headers, peer.map(|peer| peer.0.0));
    let attempt = Attempt { sign_in: asked.sign_in.clone(), password: asked.password, address };
    let next = asked.next.as_deref();
    match state.access.sign_in(attempt).await {
        Ok((token, signed_in)) => {
            if let Some(before) = &visit.signed_in {
                state.access.sign_out(before.user.id, before.session.id).await?;
            }
            let (user, role) = (signed_in.user.id, signed_in.user.role);
            let to = own_path(next, home(role));
            let to = crate::pages::ahead::today::before(&state, user, role, to).await?;
            let mut response = Redirect::to(&to).into_response();
            let cookie = cookies::set_session(token.reveal(), state.config.secure_cookies);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(SignInError::Refused { retry_after: None }) => {
            let page = form(&visit, next, &asked.sign_in, Some(&t!(words, "sign-in-refused")));
            Ok((StatusCode::UNAUTHORIZED, page).into_response())
        }
        Err(SignInError::Refused { retry_after: Some(wait) }) => {
            let minutes = u64::try_from(wait.as_secs().max(0)).unwrap_or(0).div_ceil(60);
            let page =
                form(&visit, next, &asked.sign_in, Some(&t!(words, "sign-in-throttled", minutes = minutes)));
            let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
            Ok(response)
        }
        Err(SignInError::Interrupted) => Err(PageError::Internal("signing in was interrupted".into())),
        Err(SignInError::Storage(error)) => Err(error.into()),
    }
}

/// Where each role's work is.
#[must_use]
pub const fn home(role: Role) -> &'static str {
    match role {
        Role::Guide | Role::TrafficLeader => "/guide",
        Role::Coach | Role::Manager => "/board",
        Role::Administrator => "/admin/users",
        Role::Communicator => "/situation",
    }
}

/// `GET /`
pub async fn go_home(visit: Visit) -> Redirect {
    Redirect::to(visit.role().map_or("/sign-in", home))
}

/// `POST /sign-out`: ends the session, and the guide's hour with it.
///
/// # Errors
/// The database.
pub async fn leave(State(state): State<AppState>, visit: Visit) -> Result<Response, PageError> {
    if let Some(signed_in) = &visit.signed_in {
        let guide = signed_in.user.id;
        if crate::pages::guide::at_work(&state, guide) {
            state.floor.send(routing::Input::SignedOut { guide }).await?;
        }
        state.access.sign_out(guide, signed_in.session.id).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().append(header::SET_COOKIE, cookies::clear_session(state.config.secure_cookies));
    Ok(response)
}

/// The choice of language.
#[derive(Debug, Deserialize)]
pub struct LanguageForm {
    language: String,
    back: Option<String>,
}

/// `POST /language`: kept in a cookie, and for users in their account too.
///
/// # Errors
/// No such language; the database.
pub async fn choose_language(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<LanguageForm>,
) -> Result<Response, PageError> {
    let language: Language = asked
        .language
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    if let Some(signed_in) = visit.signed_in.clone() {
        let ctx = visit.context(&state);
        let change = move |s: &mut storage::Session<'_>| {
            people::users::commands::change_account(
                s,
                &ctx,
                signed_in.user.id,
                &signed_in.user.name,
                language,
            )
        };
        state.db.write(change).await?;
    }
    let mut response = Redirect::to(&own_path(asked.back.as_deref(), "/")).into_response();
    let cookie = cookies::set_language(language, state.config.secure_cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
