//! One's own account: password, language, and where one is signed in.

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::password_fault,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::{
    PeopleError,
    access::{SessionRow, queries},
};
use serde::Deserialize;
use storage::StorageError;
use vocabulary::GenericUuid as _;
use vocabulary::SessionId;

/// What has just been done, said once.
#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// `GET /account`
///
/// # Errors
/// The database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(done): Query<Done>,
) -> Result<Markup, PageError> {
    let said =
        (done.done.as_deref() == Some("password")).then(|| t!(visit.words, "account-password-changed"));
    page(&state, &visit, &Faults::none(), said.as_deref()).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    faults: &Faults,
    said: Option<&str>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let (user, wall) = (visit.user_id(), state.wall.now());
    let sessions =
        state.db.read(move |s| -> Result<_, StorageError> { queries::sessions_of(s, user, wall) }).await?;
    let own = visit.signed_in.as_ref().map(|signed_in| signed_in.session.id);
    let role = visit.role().map(|role| words.word("role", role.as_str())).unwrap_or_default();
    let content = html! {
        @if let Some(said) = said { (lists::notice("good", said)) }
        div .card {
            h2 { (t!(words, "account-who")) }
            dl .facts {
                dt { (t!(words, "sign-in-name")) } dd { (visit.signed_in.as_ref().map(|s| s.user.sign_in.clone()).unwrap_or_default()) }
                dt { (t!(words, "role")) } dd { (role) }
            }
            p { a href="/account/openings" { (t!(words, "account-openings")) } }
        }
        div .card {
            h2 { (t!(words, "account-password")) }
            form method="post" action="/account/password" {
                (forms::token(visit))
                (Field::line("account", "current", t!(words, "account-current"), "").kind(Kind::Password).show(words, faults))
                (Field::line("account", "new", t!(words, "account-new"), "").kind(Kind::NewPassword)
                    .hint(t!(words, "account-new-hint", min = people::password::PASSWORD_CHARS_MIN.to_string()))
                    .show(words, faults))
                button type="submit" .primary { (t!(words, "account-change")) }
            }
        }
        div .card {
            h2 { (t!(words, "account-sessions")) }
            (session_list(visit, &sessions, own))
        }
    };
    Ok(Page::narrow(t!(words, "account-title")).around(visit, &content))
}

fn session_list(visit: &Visit, sessions: &[SessionRow], own: Option<SessionId>) -> Markup {
    let words = visit.words;
    html! {
        ul .plain-list {
            @for session in sessions {
                li {
                    div .card-head {
                        span {
                            (t!(words, "session-since", since = words.day_and_time(session.created_at),
                                seen = words.day_and_time(session.last_seen_at)))
                        }
                        @if own == Some(session.id) {
                            span .badge .good { (t!(words, "session-this")) }
                        } @else {
                            form method="post" action="/account/sessions/revoke" {
                                (forms::token(visit))
                                input type="hidden" name="session" value=(session.id.into_untyped_uuid());
                                button type="submit" .slim { (t!(words, "session-revoke")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The new password.
#[derive(Deserialize)]
pub struct PasswordForm {
    current: String,
    new: String,
}

/// `POST /account/password`
///
/// # Errors
/// The database.
pub async fn change_password(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<PasswordForm>,
) -> Result<Response, PageError> {
    let Some(signed_in) = visit.signed_in.clone() else { return Err(PageError::Forbidden) };
    let faults = match state.access.change_own_password(&signed_in, asked.current, asked.new).await {
        Ok(()) => return Ok(Redirect::to("/account?done=password").into_response()),
        Err(PeopleError::WrongPassword) => Faults::one("current", t!(visit.words, "fault-wrong-password")),
        Err(PeopleError::Password(fault)) => Faults::one("new", password_fault(visit.words, fault)),
        Err(error) => return Err(error.into()),
    };
    let page = page(&state, &visit, &faults, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Which session to end.
#[derive(Debug, Deserialize)]
pub struct RevokeForm {
    session: uuid::Uuid,
}

/// `POST /account/sessions/revoke`: one's own only.
///
/// # Errors
/// The database.
pub async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<RevokeForm>,
) -> Result<Redirect, PageError> {
    state.access.sign_out(visit.user_id(), SessionId::from_untyped_uuid(asked.session)).await?;
    Ok(Redirect::to("/account"))
}
