//! The resident's own case in a session: how it stands, the second factor, and after it everything.

use super::door::minutes;
use super::{acts, frame, standing};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field},
        lists,
    },
    error::PageError,
    pages::sign_in,
    security::cookies,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use cases::MessageChannel;
use cases::resident_access::{self, OwnPage, Proof, ResidentSession, SESSION_HOLDS, Sent};
use maud::{Markup, html};
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;

/// The session of whoever asks. The guard has seen to it that there is one.
pub(super) fn session(visit: &Visit) -> Result<Arc<ResidentSession>, PageError> {
    visit.resident.clone().ok_or(PageError::Forbidden)
}

pub(super) async fn load(state: &AppState, visit: &Visit) -> Result<OwnPage, PageError> {
    let own = session(visit)?;
    let (ctx, settings, id, proven) = (visit.context(state), state.cases.clone(), own.case_id, own.proven);
    let read = move |s: &mut storage::Session<'_>| -> Result<_, processes::ProcessesError> {
        let mut own = resident_access::own_page(s, &ctx, &settings, id)?;
        if proven || own.standing.about.is_some() {
            own.standing.now = processes::queries::public_now(s, id)?;
        }
        Ok(own)
    };
    Ok(state.db.read(read).await?)
}

/// `GET /status/mine`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, PageError> {
    let own = load(&state, &visit).await?;
    if session(&visit)?.proven {
        Ok(acts::page(&visit, &own, &acts::Said::default()))
    } else {
        Ok(before_proof(&visit, &own, &Said::Nothing))
    }
}

/// What is said above the form for the code.
enum Said {
    Nothing,
    Sent(String),
    Fault(String),
}

/// What is shown before the code: how the case stands, and the way on.
fn before_proof(visit: &Visit, own: &OwnPage, said: &Said) -> Response {
    let words = visit.words;
    let page = &own.standing;
    let answers = page.answers.len();
    let content = html! {
        @match said {
            Said::Nothing => {}
            Said::Sent(text) => { (lists::notice("good", text)) }
            Said::Fault(text) => { (forms::refused(text)) }
        }
        div #proof .sheet {
            h2 { (t!(words, "proof-title")) }
            @if answers > 0 { p { strong { (t!(words, "status-has-answers", count = answers)) } } }
            @if matches!(said, Said::Nothing) {
                @if !own.ways.is_empty() { p { (t!(words, "proof-lead")) } }
            } @else {
                (code_form(visit))
                @if !own.ways.is_empty() { p { (t!(words, "proof-again")) } }
            }
            (send_forms(visit, own))
        }
        (standing::standing(visit, page))
        (standing::help(visit, page))
        (leave_form(visit))
    };
    frame::page(visit, &t!(words, "status-title"), &content)
}

fn code_form(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/status/mine/prove" {
            (forms::token(visit))
            div .field {
                label for="proof-code" { (t!(words, "proof-code")) }
                p #proof-code-hint .hint { (t!(words, "proof-code-hint")) }
                input #proof-code name="code" required maxlength="12" inputmode="numeric"
                    autocomplete="one-time-code" aria-describedby="proof-code-hint" dir="ltr";
            }
            button type="submit" .primary { (t!(words, "proof-show")) }
        }
    }
}

/// A button for each address a code can go to. None is named of a resident with protected personal data, nor of one we
/// know no address of: the two look alike.
fn send_forms(visit: &Visit, own: &OwnPage) -> Markup {
    let words = visit.words;
    let number = own.standing.number.to_string();
    html! {
        @if own.ways.is_empty() {
            p { (t!(words, "proof-none", telephone = visit.config.public_telephone.clone(), number = number)) }
        }
        @for way in &own.ways {
            form method="post" action="/status/mine/send" {
                (forms::token(visit))
                input type="hidden" name="channel" value=(way.channel);
                button type="submit" .wide {
                    @match way.channel {
                        MessageChannel::Sms => { (t!(words, "proof-to-sms", address = way.text.clone())) }
                        MessageChannel::Email => { (t!(words, "proof-to-email", address = way.text.clone())) }
                    }
                }
            }
        }
    }
}

/// The way out, for whoever has borrowed a computer.
pub(super) fn leave_form(visit: &Visit) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/status/mine/leave" {
            (forms::token(visit))
            p .hint { (t!(words, "mine-leave-hint")) }
            button type="submit" { (t!(words, "mine-leave")) }
        }
    }
}

/// Which address.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    channel: String,
}

/// `POST /status/mine/send`
///
/// # Errors
/// No such channel; the database.
pub async fn send(
    State(state): State<AppState>,
    visit: Visit,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let channel: MessageChannel = wanted
        .channel
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let address = sign_in::address(&state, &headers, peer.map(|peer| peer.0.0));
    let (ctx, settings, at) = (visit.context(&state), state.cases.clone(), state.wall.now());
    let held = session(&visit)?;
    let sent = state
        .db
        .write(move |s| resident_access::send_challenge(s, &ctx, &settings, at, &held, channel, address))
        .await?;
    let own = load(&state, &visit).await?;
    let (status, said) = match sent {
        Sent::To(masked) => (StatusCode::OK, Said::Sent(t!(words, "proof-sent", address = masked.text))),
        Sent::Throttled { retry_after } => {
            let told = t!(words, "proof-throttled", minutes = minutes(retry_after));
            (StatusCode::TOO_MANY_REQUESTS, Said::Fault(told))
        }
        Sent::Unreachable => (StatusCode::UNPROCESSABLE_ENTITY, Said::Nothing),
    };
    Ok((status, before_proof(&visit, &own, &said)).into_response())
}

/// The code as typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// `POST /status/mine/prove`
///
/// # Errors
/// The database.
pub async fn prove(
    State(state): State<AppState>,
    visit: Visit,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let (ctx, settings, at) = (visit.context(&state), state.cases.clone(), state.wall.now());
    let held = session(&visit)?;
    let proof =
        state.db.write(move |s| resident_access::prove(s, &ctx, &settings, at, &held, &typed.code)).await?;
    let fault = match proof {
        Proof::Proven(token) => {
            let mut response = Redirect::to("/status/mine").into_response();
            let secure = state.config.secure_cookies;
            let cookie = cookies::set_resident(token.reveal(), SESSION_HOLDS.as_secs(), secure);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            return Ok(response);
        }
        Proof::Wrong { tries_left } => t!(words, "proof-wrong", left = tries_left),
        Proof::Over => t!(words, "proof-over"),
    };
    let own = load(&state, &visit).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, before_proof(&visit, &own, &Said::Fault(fault))).into_response())
}

/// `POST /status/mine/leave`
///
/// # Errors
/// The database.
pub async fn leave(State(state): State<AppState>, visit: Visit) -> Result<Response, PageError> {
    let held = session(&visit)?;
    state.db.write(move |s| resident_access::end(s, &held)).await?;
    let mut response = Redirect::to(cases::STATUS_PATH).into_response();
    let cookie = cookies::clear_resident(state.config.secure_cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A field for several lines, as residents' pages have it.
pub(super) fn text_field(visit: &Visit, label: String, value: &str, faults: &Faults) -> Markup {
    Field::line("mine", "text", label, value)
        .kind(forms::Kind::Text)
        .room(cases::limits::NOTE_CHARS_MAX)
        .show(visit.words, faults)
}
