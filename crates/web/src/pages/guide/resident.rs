//! The third pane: the resident's card, or the search for who it is.

use super::desk::{Desk, WithResident};
use crate::{AppState, components::forms, error::PageError, pages::resident_card, t, visit::Visit};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::residents::{Reach, Resident, commands, queries};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ContactId, ResidentId};

/// The card of whoever rings or is at hand.
#[must_use]
pub fn card(visit: &Visit, desk: &Desk) -> Markup {
    let words = visit.words;
    html! {
        @match desk.shown() {
            Some(shown) => {
                @match &shown.resident {
                    Some(resident) => {
                        (resident_card::facts(visit, resident, desk.now))
                        (resident_card::case_list(visit, &shown.cases, desk.now))
                        (resident_card::earlier(visit, &shown.earlier, desk.now))
                    }
                    None => (unknown(visit, shown)),
                }
            }
            None => p .empty { (t!(words, "resident-none")) },
        }
    }
}

/// Who calls from a withheld number says who they are: found by name, number or address, or written down anew.
fn unknown(visit: &Visit, shown: &WithResident) -> Markup {
    let words = visit.words;
    let contact = shown.line.contact.id.into_untyped_uuid();
    html! {
        p { (t!(words, "resident-unknown")) }
        form method="post" action=(format!("/guide/contacts/{contact}/resident")) hx-boost="false" {
            (forms::token(visit))
            div .field {
                label for="resident-search" { (t!(words, "resident-search")) }
                input #resident-search type="search" name="query" maxlength="100" autocomplete="off"
                    hx-post=(format!("/guide/contacts/{contact}/find")) hx-trigger="input changed delay:200ms"
                    hx-target="#resident-hits" hx-select="" hx-swap="innerHTML" hx-sync="this:replace";
            }
            div #resident-hits aria-live="polite" {}
            div .row {
                (forms::Field::line("new-resident", "name", t!(words, "name"), "").optional().room(120)
                    .show(words, &forms::Faults::none()))
                (forms::Field::line("new-resident", "telephone", t!(words, "telephone-number"), "").optional()
                    .kind(forms::Kind::Telephone).room(40).show(words, &forms::Faults::none()))
            }
            button type="submit" .slim { (t!(words, "resident-write-down")) }
        }
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct FindForm {
    #[serde(default)]
    query: String,
}

/// `POST /guide/contacts/{id}/find`: residents that fit, each a button that says "it is this one".
///
/// # Errors
/// The text is too long; the database.
pub async fn find(
    State(state): State<AppState>,
    visit: Visit,
    Path(_contact): Path<uuid::Uuid>,
    Form(asked): Form<FindForm>,
) -> Result<Markup, PageError> {
    let found = resident_card::search(&state, &asked.query).await?;
    let words = visit.words;
    Ok(html! {
        @if found.is_empty() && !asked.query.trim().is_empty() { p .empty { (t!(words, "resident-nobody")) } }
        ul .plain-list {
            @for resident in &found {
                li {
                    button type="submit" .slim name="resident" value=(resident.id.into_untyped_uuid()) {
                        (resident_card::name_of(words, resident))
                    }
                    " " span .soft .small { (resident_card::reach(words, resident)) }
                }
            }
        }
    })
}

/// Who it is: one that was found, or somebody new.
#[derive(Deserialize)]
pub struct AttachForm {
    resident: Option<uuid::Uuid>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    telephone: String,
}

/// `POST /guide/contacts/{id}/resident`
///
/// # Errors
/// There is no such contact or resident, or it is another guide's contact; the number is no number.
pub async fn attach(
    State(state): State<AppState>,
    visit: Visit,
    Path(contact): Path<uuid::Uuid>,
    Form(asked): Form<AttachForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let contact = ContactId::from_untyped_uuid(contact);
    let language = visit.words.language();
    state
        .db
        .write(move |s| -> Result<(), PageError> {
            let resident = match asked.resident {
                Some(id) => ResidentId::from_untyped_uuid(id),
                None => {
                    let reach = Reach { telephone: Some(asked.telephone.clone()), email: None };
                    let made: Resident =
                        commands::find_or_create(s, &ctx, &reach, Some(&asked.name), language)?;
                    made.id
                }
            };
            if queries::by_id(s, resident)?.is_none() {
                return Err(PageError::NotFound);
            }
            contacts::commands::set_resident(s, &ctx, contact, resident)?;
            Ok(())
        })
        .await?;
    Ok(Redirect::to("/guide").into_response())
}
