//! Opening a protected card, protecting one, and lifting the protection.

use crate::{
    AppState,
    components::forms::{self, Faults, Field},
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
    Action, PeopleError,
    residents::{
        Resident,
        protection::{self, ProtectedOpening, REASON_CHARS_MAX},
    },
};
use serde::Deserialize;
use vocabulary::{GenericUuid as _, ResidentId};

/// Why.
#[derive(Deserialize)]
pub struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// What stands in the place of a protected card until it is opened: what it means, and the form that asks why.
#[must_use]
pub fn closed(visit: &Visit, id: ResidentId, typed: &str, faults: &Faults) -> Markup {
    let words = visit.words;
    html! {
        p { (t!(words, "protected-what")) }
        @if visit.may(Action::OpenProtected) {
            form method="post" action=(path(id, "open")) {
                (forms::token(visit))
                (Field::line("protected", "reason", t!(words, "protected-reason"), typed)
                    .hint(t!(words, "protected-reason-hint")).room(REASON_CHARS_MAX).show(words, faults))
                p { button type="submit" .primary { (t!(words, "protected-open")) } }
            }
        }
    }
}

/// What can be done about a card's protection, folded, beneath an open card.
#[must_use]
pub fn forms(visit: &Visit, resident: &Resident, openings: &[ProtectedOpening]) -> Markup {
    let words = visit.words;
    html! {
        @if resident.protected {
            p .notice { (t!(words, "protected-opened")) }
            @if visit.may(Action::LiftProtection) {
                details { summary { (t!(words, "protected-lift")) }
                    form method="post" action=(path(resident.id, "lift")) {
                        (forms::token(visit))
                        (Field::line("lift", "reason", t!(words, "protected-lift-reason"), "").room(REASON_CHARS_MAX)
                            .show(words, &Faults::none()))
                        p { button type="submit" .danger { (t!(words, "protected-lift")) } }
                    }
                }
            }
            details { summary { (t!(words, "protected-openings", n = openings.len())) }
                ol .timeline {
                    @for opening in openings {
                        li {
                            div .timeline-head { strong { (opening.by_name) } span .soft .small { (words.day_and_time(opening.at)) } }
                            p .small { (words.word("protected-act", opening.act.as_str())) ": " (opening.reason) }
                        }
                    }
                }
            }
        } @else if visit.may(Action::ChangeResident) {
            details { summary { (t!(words, "protected-set")) }
                p { (t!(words, "protected-set-what")) }
                (forms::button(visit, &path(resident.id, "protect"), "", &t!(words, "protected-set")))
            }
        }
    }
}

fn path(id: ResidentId, what: &str) -> String {
    format!("/residents/{}/{what}", id.into_untyped_uuid())
}

/// `POST /residents/{id}/open`
///
/// # Errors
/// There is no such resident; the database.
pub async fn open(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ReasonForm>,
) -> Result<Response, PageError> {
    let (ctx, resident, reason) =
        (visit.context(&state), ResidentId::from_untyped_uuid(id), asked.reason.clone());
    let outcome = state.db.write(move |s| protection::open(s, &ctx, resident, &reason)).await;
    back(&state, &visit, resident, &asked.reason, outcome).await
}

/// `POST /residents/{id}/protect`
///
/// # Errors
/// There is no such resident; the database.
pub async fn protect(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, resident) = (visit.context(&state), ResidentId::from_untyped_uuid(id));
    let outcome = state.db.write(move |s| protection::protect(s, &ctx, resident)).await;
    back(&state, &visit, resident, "", outcome).await
}

/// `POST /residents/{id}/lift`
///
/// # Errors
/// There is no such resident; the database.
pub async fn lift(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<ReasonForm>,
) -> Result<Response, PageError> {
    let (ctx, resident, reason) =
        (visit.context(&state), ResidentId::from_untyped_uuid(id), asked.reason.clone());
    let outcome = state.db.write(move |s| protection::lift(s, &ctx, resident, &reason)).await;
    back(&state, &visit, resident, &asked.reason, outcome).await
}

async fn back(
    state: &AppState,
    visit: &Visit,
    resident: ResidentId,
    typed: &str,
    outcome: Result<Resident, PeopleError>,
) -> Result<Response, PageError> {
    let faults = match outcome {
        Ok(_) => {
            let card = format!("/residents/{}", resident.into_untyped_uuid());
            return Ok(Redirect::to(&card).into_response());
        }
        Err(PeopleError::Text(error)) => Faults::one(error.field, text_fault(visit.words, error.fault)),
        Err(error) => return Err(error.into()),
    };
    let page = resident_card::again(state, visit, resident, typed, &faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
