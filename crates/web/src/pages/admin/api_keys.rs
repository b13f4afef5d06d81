//! Keys for the HTTP API.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
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
use people::{PeopleError, access};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ApiKeyId, Role};

/// `GET /admin/api-keys`
///
/// # Errors
/// The database.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, "", &Faults::none(), None).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    name: &str,
    faults: &Faults,
    secret: Option<&str>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let keys = state.db.read(access::api_keys).await?;
    let choices: Vec<Choice> =
        Role::ALL.iter().map(|role| Choice::new(role, words.word("role", role.as_str()))).collect();
    let role = Select {
        name: "role",
        prefix: "key",
        label: t!(words, "key-role"),
        choices: &choices,
        chosen: Role::Guide.as_str(),
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    let content = html! {
        @if let Some(secret) = secret {
            div .notice .good role="status" {
                p { strong { (t!(words, "key-made")) } }
                code .secret { (secret) }
            }
        }
        div .columns {
            section .card {
                h2 { (t!(words, "keys-all")) }
                @if keys.is_empty() { p .empty { (t!(words, "keys-none")) } } @else { (table(visit, words, &keys)) }
                p { a href="/api/openapi.json" hx-boost="false" { (t!(words, "keys-document")) } }
            }
            section .card {
                h2 { (t!(words, "key-new")) }
                form method="post" action="/admin/api-keys" {
                    (forms::token(visit))
                    (Field::line("key", "name", t!(words, "key-name"), name).hint(t!(words, "key-name-hint")).show(words, faults))
                    (role.show(words, faults))
                    button type="submit" .primary { (t!(words, "key-create")) }
                }
            }
        }
    };
    Ok(Page::wide(t!(words, "keys-title")).around(visit, &content))
}

fn table(visit: &Visit, words: &Words, keys: &[access::ApiKey]) -> Markup {
    html! {
        div .table-wrap {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "key-name")) }
                    th scope="col" { (t!(words, "key-role")) }
                    th scope="col" { (t!(words, "key-created")) }
                    th scope="col" { (t!(words, "user-state")) }
                } }
                tbody {
                    @for key in keys {
                        tr {
                            th scope="row" data-label=(t!(words, "key-name")) { (key.name) }
                            td data-label=(t!(words, "key-role")) { (words.word("role", key.role.as_str())) }
                            td data-label=(t!(words, "key-created")) { (words.day_and_time(key.created_at)) }
                            td data-label=(t!(words, "user-state")) {
                                @if let Some(at) = key.revoked_at {
                                    span .badge { (t!(words, "key-revoked", at = words.day_and_time(at))) }
                                } @else {
                                    (forms::button(visit, &format!("/admin/api-keys/{}/revoke", key.id.into_untyped_uuid()),
                                        "slim danger", &t!(words, "key-revoke")))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the form for a new key sends.
#[derive(Debug, Deserialize)]
pub struct NewKeyForm {
    name: String,
    role: String,
}

/// `POST /admin/api-keys`: the only answer that ever shows the secret.
///
/// # Errors
/// No such role; the database.
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<NewKeyForm>,
) -> Result<Response, PageError> {
    let role: Role =
        asked.role.parse().map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let (ctx, name) = (visit.context(&state), asked.name.clone());
    match state.db.write(move |s| access::create_api_key(s, &ctx, &name, role)).await {
        Ok(made) => {
            Ok(page(&state, &visit, "", &Faults::none(), Some(made.token.reveal())).await?.into_response())
        }
        Err(PeopleError::Text(error)) => {
            let faults = Faults::one(error.field, text_fault(visit.words, error.fault));
            let page = page(&state, &visit, &asked.name, &faults, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/api-keys/{id}/revoke`
///
/// # Errors
/// The database.
pub async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| access::revoke_api_key(s, &ctx, ApiKeyId::from_untyped_uuid(id))).await?;
    Ok(Redirect::to("/admin/api-keys"))
}
