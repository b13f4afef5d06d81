//! The third pane: the resident's card, or the search for who it is.

use super::desk::{Desk, WithResident};
use crate::{
    AppState,
    components::{
        forms::{self, Faults},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    pages::resident_card,
    t,
    visit::Visit,
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
    residents::{Reach, commands},
    text::TextError,
};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ContactId, ResidentId};

/// The card of whoever rings or is at hand.
#[must_use]
pub fn card(visit: &Visit, desk: &Desk) -> Markup {
    card_with(visit, desk, &AttachForm::default(), &Faults::none())
}

fn card_with(visit: &Visit, desk: &Desk, draft: &AttachForm, faults: &Faults) -> Markup {
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
                    None => (unknown(visit, shown, draft, faults)),
                }
            }
            None => p .empty { (t!(words, "resident-none")) },
        }
    }
}

/// Who calls from a withheld number says who they are: found by name, number or address, or written down anew.
fn unknown(visit: &Visit, shown: &WithResident, draft: &AttachForm, faults: &Faults) -> Markup {
    let words = visit.words;
    let contact = shown.line.contact.id.into_untyped_uuid();
    let path = format!("/guide/contacts/{contact}/resident");
    html! {
        p { (t!(words, "resident-unknown")) }
        form method="post" action=(path) hx-post=(path) hx-target="#resident-card" hx-select="" hx-swap="innerHTML" {
            (forms::token(visit))
            div .field {
                label for="resident-search" { (t!(words, "resident-search")) }
                input #resident-search type="search" name="query" maxlength="100" autocomplete="off"
                    hx-post=(format!("/guide/contacts/{contact}/find")) hx-trigger="input changed delay:200ms"
                    hx-target="#resident-hits" hx-select="" hx-swap="innerHTML" hx-sync="this:replace";
            }
            div #resident-hits aria-live="polite" {}
            div .row {
                (forms::Field::line("new-resident", "name", t!(words, "name"), &draft.name).optional().room(120)
                    .show(words, faults))
                (forms::Field::line("new-resident", "telephone", t!(words, "telephone-number"), &draft.telephone).optional()
                    .kind(forms::Kind::Telephone).room(40).show(words, faults))
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
#[derive(Clone, Default, Deserialize)]
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
    let contact = ContactId::from_untyped_uuid(contact);
    let (status, faults) = match try_attach(&state, &visit, contact, asked.clone()).await {
        Ok(()) if !visit.htmx => return Ok(Redirect::to("/guide").into_response()),
        Ok(()) => (StatusCode::OK, Faults::none()),
        Err(Refusal::Field(error)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Faults::one(error.field, text_fault(visit.words, error.fault)))
        }
        Err(Refusal::Other(error)) => return Err(error),
    };
    let desk = Desk::load(&state, &visit, Some(contact)).await?;
    let card = card_with(&visit, &desk, &asked, &faults);
    let answer = if visit.htmx {
        card
    } else {
        Page::narrow(t!(visit.words, "guide-resident")).around(&visit, &html! { div .card { (card) } })
    };
    Ok((status, answer).into_response())
}

/// Why it could not be said who it is.
enum Refusal {
    /// A field can be mended.
    Field(TextError),
    /// It cannot.
    Other(PageError),
}

impl<E: Into<PageError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

async fn try_attach(
    state: &AppState,
    visit: &Visit,
    contact: ContactId,
    asked: AttachForm,
) -> Result<(), Refusal> {
    let (ctx, language) = (visit.context(state), visit.words.language());
    state
        .db
        .write(move |s| -> Result<(), Refusal> {
            let resident = match asked.resident {
                Some(id) => ResidentId::from_untyped_uuid(id),
                None => {
                    let reach = Reach { telephone: Some(asked.telephone.clone()), email: None };
                    match commands::find_or_create(s, &ctx, &reach, Some(&asked.name), language) {
                        Ok(resident) => resident.id,
                        Err(PeopleError::Text(error)) => return Err(Refusal::Field(error)),
                        Err(error) => return Err(error.into()),
                    }
                }
            };
            contacts::commands::set_resident(s, &ctx, contact, resident)?;
            Ok(())
        })
        .await
}
