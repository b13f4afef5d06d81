//! Users: who can sign in, as what, and into which answer groups.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::{password_fault, text_fault},
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::{
    PeopleError,
    access::{self, SessionRow},
    directory::{AnswerGroup, queries as directory},
    users::{CreateUser, User, commands, model::GroupLevel, queries},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::StorageError;
use vocabulary::GenericUuid as _;
use vocabulary::{Language, Role, UserId};

/// What the form for a new user sends.
#[derive(Clone, Default, Deserialize)]
pub struct NewUserForm {
    sign_in: String,
    name: String,
    role: String,
    password: String,
    hourly: Option<String>,
}

/// `GET /admin/users`
///
/// # Errors
/// The database.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    list_page(&state, &visit, &NewUserForm::default(), &Faults::none()).await
}

async fn list_page(
    state: &AppState,
    visit: &Visit,
    asked: &NewUserForm,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let users = state.db.read(|s| -> Result<_, StorageError> { queries::all(s) }).await?;
    let content = html! {
        div .columns {
            section .card aria-labelledby="users-heading" {
                h2 #users-heading { (t!(words, "users-all", n = users.len())) }
                (table(words, &users))
            }
            section .card aria-labelledby="new-user-heading" {
                h2 #new-user-heading { (t!(words, "user-new")) }
                form method="post" action="/admin/users" {
                    (forms::token(visit))
                    (Field::line("user", "name", t!(words, "name"), &asked.name).show(words, faults))
                    (Field::line("user", "sign_in", t!(words, "sign-in-name"), &asked.sign_in).room(64).show(words, faults))
                    (role_select(words, &asked.role, faults))
                    (Field::line("user", "password", t!(words, "user-first-password"), "").kind(Kind::NewPassword)
                        .hint(t!(words, "account-new-hint", min = people::password::PASSWORD_CHARS_MIN.to_string()))
                        .show(words, faults))
                    (forms::tick("user", "hourly", &t!(words, "user-hourly"), asked.hourly.is_some()))
                    p { button type="submit" .primary { (t!(words, "user-create")) } }
                }
            }
        }
    };
    Ok(Page::wide(t!(words, "users-title")).around(visit, &content))
}

fn table(words: &Words, users: &[User]) -> Markup {
    html! {
        div .table-wrap {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "name")) }
                    th scope="col" { (t!(words, "sign-in-name")) }
                    th scope="col" { (t!(words, "role")) }
                    th scope="col" { (t!(words, "user-state")) }
                } }
                tbody {
                    @for user in users {
                        tr {
                            th scope="row" data-label=(t!(words, "name")) {
                                a href=(format!("/admin/users/{}", user.id.into_untyped_uuid())) { (user.name) }
                            }
                            td data-label=(t!(words, "sign-in-name")) { (user.sign_in) }
                            td data-label=(t!(words, "role")) { (words.word("role", user.role.as_str())) }
                            td data-label=(t!(words, "user-state")) { (state_badge(words, user)) }
                        }
                    }
                }
            }
        }
    }
}

fn state_badge(words: &Words, user: &User) -> Markup {
    html! {
        @if user.active { span .badge .good { (t!(words, "user-active")) } }
        @else { span .badge { (t!(words, "user-inactive")) } }
        @if user.hourly { " " span .badge { (t!(words, "user-hourly-short")) } }
    }
}

fn role_select(words: &Words, chosen: &str, faults: &Faults) -> Markup {
    let choices: Vec<Choice> =
        Role::ALL.iter().map(|role| Choice::new(role, words.word("role", role.as_str()))).collect();
    Select {
        name: "role",
        prefix: "user",
        label: t!(words, "role"),
        choices: &choices,
        chosen,
        nothing: None,
        required: true,
        type_ahead_next: None,
    }
    .show(words, faults)
}

/// `POST /admin/users`
///
/// # Errors
/// The database.
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<NewUserForm>,
) -> Result<Response, PageError> {
    match try_create(&state, &visit, &asked).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/users/{}", id.into_untyped_uuid())).into_response()),
        Err(error) => {
            let faults = people_faults(visit.words, error)?;
            let page = list_page(&state, &visit, &asked, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn try_create(state: &AppState, visit: &Visit, asked: &NewUserForm) -> Result<UserId, PeopleError> {
    let missing = people::text::TextError { field: "role", fault: people::text::TextFault::Missing };
    let role: Role = asked.role.parse().map_err(|_| missing)?;
    let password = state.access.hash_new(asked.sign_in.clone(), asked.password.clone()).await?;
    let cmd = CreateUser {
        sign_in: asked.sign_in.clone(),
        name: asked.name.clone(),
        role,
        password,
        language: Language::Swedish,
        hourly: asked.hourly.is_some(),
    };
    let ctx = visit.context(state);
    let user = state.db.write(move |s| commands::create(s, &ctx, &cmd)).await?;
    Ok(user.id)
}

/// What was wrong with a user's form; what no form can mend is an error.
fn people_faults(words: &Words, error: PeopleError) -> Result<Faults, PageError> {
    Ok(match error {
        PeopleError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
        PeopleError::Password(fault) => Faults::one("password", password_fault(words, fault)),
        PeopleError::Taken { .. } => Faults::one("sign_in", t!(words, "fault-taken")),
        PeopleError::LastAdministrator => Faults::one("role", t!(words, "fault-last-administrator")),
        other => return Err(other.into()),
    })
}

/// One user with what belongs to it.
struct Detail {
    user: User,
    sessions: Vec<SessionRow>,
    groups: Vec<AnswerGroup>,
    levels: BTreeMap<vocabulary::AnswerGroupId, u8>,
}

async fn detail(state: &AppState, id: UserId) -> Result<Detail, PageError> {
    let wall = state.wall.now();
    let found = state
        .db
        .read(move |s| -> Result<_, StorageError> {
            let Some(user) = queries::by_id(s, id)? else { return Ok(None) };
            Ok(Some(Detail {
                sessions: access::queries::sessions_of(s, id, wall)?,
                groups: directory::answer_groups(s)?,
                levels: queries::groups(s, id)?.into_iter().map(|level| (level.group, level.level)).collect(),
                user,
            }))
        })
        .await?;
    found.ok_or(PageError::NotFound)
}

/// `GET /admin/users/{id}`
///
/// # Errors
/// There is no such user; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let detail = detail(&state, UserId::from_untyped_uuid(id)).await?;
    Ok(detail_page(&visit, &detail, &Faults::none()))
}

fn detail_page(visit: &Visit, detail: &Detail, faults: &Faults) -> Markup {
    let words = visit.words;
    let user = &detail.user;
    let base = format!("/admin/users/{}", user.id.into_untyped_uuid());
    let toggle = if user.active { t!(words, "user-deactivate") } else { t!(words, "user-activate") };
    let content = html! {
        p { a href="/admin/users" { (t!(words, "users-back")) } }
        div .columns {
            div {
                section .card {
                    h2 { (t!(words, "user-account")) }
                    dl .facts {
                        dt { (t!(words, "sign-in-name")) } dd { (user.sign_in) }
                        dt { (t!(words, "user-state")) } dd { (state_badge(words, user)) }
                        dt { (t!(words, "user-created")) } dd { (words.day_and_time(user.created_at)) }
                    }
                    form method="post" action=(format!("{base}/role")) .inline-form {
                        (forms::token(visit))
                        (role_select(words, user.role.as_str(), faults))
                        button type="submit" { (t!(words, "save")) }
                    }
                    hr;
                    form method="post" action=(format!("{base}/active")) {
                        (forms::token(visit))
                        input type="hidden" name="active" value=(if user.active { "no" } else { "yes" });
                        button type="submit" .danger[user.active] { (toggle) }
                    }
                }
                section .card {
                    h2 { (t!(words, "user-groups")) }
                    p .hint { (t!(words, "user-groups-hint")) }
                    form method="post" action=(format!("{base}/groups")) {
                        (forms::token(visit))
                        @for group in &detail.groups { (level_select(words, group, detail.levels.get(&group.id))) }
                        button type="submit" { (t!(words, "save")) }
                    }
                }
            }
            div {
                section .card {
                    h2 { (t!(words, "user-new-password")) }
                    form method="post" action=(format!("{base}/password")) {
                        (forms::token(visit))
                        (Field::line("user", "password", t!(words, "account-new"), "").kind(Kind::NewPassword)
                            .hint(t!(words, "user-new-password-hint")).show(words, faults))
                        button type="submit" { (t!(words, "user-set-password")) }
                    }
                }
                section .card {
                    h2 { (t!(words, "account-sessions")) }
                    @if detail.sessions.is_empty() {
                        p .empty { (t!(words, "user-no-sessions")) }
                    } @else {
                        ul .plain-list {
                            @for session in &detail.sessions {
                                li { (t!(words, "session-since", since = words.day_and_time(session.created_at),
                                    seen = words.day_and_time(session.last_seen_at))) }
                            }
                        }
                        (forms::button(visit, &format!("{base}/sessions/revoke"), "danger", &t!(words, "user-revoke-sessions")))
                    }
                }
            }
        }
    };
    Page::wide(user.name.clone()).around(visit, &content)
}

fn level_select(words: &Words, group: &AnswerGroup, level: Option<&u8>) -> Markup {
    let id = format!("group-{}", group.id.into_untyped_uuid());
    html! {
        div .field {
            label for=(id) { (group.name) }
            select id=(id) name=(group.id.into_untyped_uuid()) {
                option value="0" selected[level.is_none()] { (t!(words, "level-none")) }
                option value="1" selected[level == Some(&1)] { (t!(words, "level-own")) }
                @for helper in 2..=3_u8 {
                    option value=(helper) selected[level == Some(&helper)] { (t!(words, "level-helper", level = helper.to_string())) }
                }
            }
        }
    }
}

fn path_of(id: uuid::Uuid) -> String {
    format!("/admin/users/{id}")
}

/// Back to the user's page, or the page with what was wrong.
async fn back(
    state: &AppState,
    visit: &Visit,
    id: uuid::Uuid,
    outcome: Result<(), PeopleError>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&path_of(id)).into_response()),
        Err(error) => {
            let faults = people_faults(visit.words, error)?;
            let detail = detail(state, UserId::from_untyped_uuid(id)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, detail_page(visit, &detail, &faults)).into_response())
        }
    }
}

/// Another role.
#[derive(Debug, Deserialize)]
pub struct RoleForm {
    role: String,
}

/// `POST /admin/users/{id}/role`
///
/// # Errors
/// There is no such user; the database.
pub async fn set_role(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<RoleForm>,
) -> Result<Response, PageError> {
    let role: Role =
        asked.role.parse().map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let (ctx, user) = (visit.context(&state), UserId::from_untyped_uuid(id));
    let outcome = state.db.write(move |s| commands::set_role(s, &ctx, user, role)).await;
    back(&state, &visit, id, outcome).await
}

/// In or out.
#[derive(Debug, Deserialize)]
pub struct ActiveForm {
    active: String,
}

/// `POST /admin/users/{id}/active`
///
/// # Errors
/// There is no such user; the database.
pub async fn set_active(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ActiveForm>,
) -> Result<Response, PageError> {
    let active = asked.active == "yes";
    let (ctx, user) = (visit.context(&state), UserId::from_untyped_uuid(id));
    let outcome = state.db.write(move |s| commands::set_active(s, &ctx, user, active)).await;
    if outcome.is_ok() && !active && crate::pages::guide::at_work(&state, user) {
        state.floor.send(routing::Input::SignedOut { guide: user }).await?;
    }
    back(&state, &visit, id, outcome).await
}

/// A new password, for somebody who has forgotten theirs.
#[derive(Deserialize)]
pub struct PasswordForm {
    password: String,
}

/// `POST /admin/users/{id}/password`
///
/// # Errors
/// There is no such user; the database.
pub async fn set_password(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<PasswordForm>,
) -> Result<Response, PageError> {
    let (ctx, user) = (visit.context(&state), UserId::from_untyped_uuid(id));
    let sign_in = detail(&state, user).await?.user.sign_in;
    let outcome = match state.access.hash_new(sign_in, asked.password).await {
        Ok(hash) => state.db.write(move |s| commands::set_password(s, &ctx, user, &hash, None)).await,
        Err(error) => Err(error),
    };
    back(&state, &visit, id, outcome).await
}

/// `POST /admin/users/{id}/sessions/revoke`
///
/// # Errors
/// The database.
pub async fn revoke_sessions(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let (ctx, user) = (visit.context(&state), UserId::from_untyped_uuid(id));
    state.db.write(move |s| access::commands::revoke_sessions(s, &ctx, user, None)).await?;
    Ok(Redirect::to(&path_of(id)))
}

/// `POST /admin/users/{id}/groups`: each field is a group's id, its value the level, 0 for not at all.
///
/// # Errors
/// There is no such user or group; the database.
pub async fn set_groups(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let (ctx, user) = (visit.context(&state), UserId::from_untyped_uuid(id));
    let outcome = state
        .db
        .write(move |s| -> Result<(), PeopleError> {
            let known = directory::answer_groups(s)?;
            let levels: Vec<GroupLevel> = known
                .iter()
                .filter_map(|group| {
                    let level = asked.get(&group.id.into_untyped_uuid().to_string())?.parse().ok()?;
                    (level > 0).then_some(GroupLevel { group: group.id, level })
                })
                .collect();
            commands::set_groups(s, &ctx, user, &levels)
        })
        .await;
    if outcome.is_ok() && crate::pages::guide::at_work(&state, user) {
        // Signing in again at the floor replaces the skills.
        state.floor.sign_in(user).await?;
    }
    back(&state, &visit, id, outcome).await
}
