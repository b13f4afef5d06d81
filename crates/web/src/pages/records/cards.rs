//! Joining, parting and erasing residents' cards.

use crate::{
    AppState,
    components::forms::{self, Faults, Field, Kind},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use people::{Action, residents::Resident};
use records::{
    RecordsError,
    cards::{Merge, commands},
};
use serde::Deserialize;
use vocabulary::{CardMergeId, GenericUuid as _, ResidentId};

/// What can be done with a card beyond changing it, folded, beneath an open card.
#[must_use]
pub fn forms(visit: &Visit, resident: &Resident, merges: &[Merge]) -> Markup {
    let words = visit.words;
    let path = |what: &str| format!("/residents/{}/{what}", resident.id.into_untyped_uuid());
    html! {
        @if visit.may(Action::MergeResidents) {
            details { summary { (t!(words, "merge-cards")) }
                p { (t!(words, "merge-cards-what")) }
                form method="post" action=(path("merge")) {
                    (forms::token(visit))
                    (Field::line("merge", "telephone", t!(words, "merge-cards-number"), "").kind(Kind::Telephone).room(40)
                        .show(words, &Faults::none()))
                    p { button type="submit" { (t!(words, "merge-cards")) } }
                }
                @for merge in merges.iter().filter(|merge| merge.undone_at.is_none()) {
                    p { (t!(words, "merge-cards-since", day = words.day_and_time(merge.merged_at))) }
                    (forms::button(visit, &format!("/records/merges/{}/undo", merge.id.into_untyped_uuid()), "slim", &t!(words, "merge-cards-undo")))
                }
            }
        }
        @if visit.may(Action::ExportSubject) {
            details { summary { (t!(words, "export-take")) }
                p { (t!(words, "export-what")) }
                form method="post" action=(path("export")) hx-boost="false" {
                    (forms::token(visit))
                    p { button type="submit" { (t!(words, "export-take")) } }
                }
            }
        }
        (super::retention::hold_form(visit, &path("hold")))
        @if visit.may(Action::EraseResident) {
            details { summary { (t!(words, "erase-card")) }
                p { (t!(words, "erase-card-what")) }
                (forms::button(visit, &path("erase"), "danger", &t!(words, "erase-card")))
            }
        }
    }
}

/// The card to join, by its number: what a person knows of it.
#[derive(Deserialize)]
pub struct MergeForm {
    #[serde(default)]
    telephone: String,
}

/// `POST /residents/{id}/merge`: joins the card with that number to this one.
///
/// # Errors
/// There is no such card, or they cannot be joined; the database.
pub async fn merge(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<MergeForm>,
) -> Result<Response, PageError> {
    let (ctx, kept) = (visit.context(&state), ResidentId::from_untyped_uuid(id));
    state
        .db
        .write(move |s| -> Result<_, RecordsError> {
            let number = people::text::telephone("telephone", &asked.telephone)?;
            let merged = people::residents::queries::by_telephone(s, &number)?
                .ok_or(RecordsError::NotFound { what: "resident" })?;
            commands::merge(s, &ctx, kept, merged.id)
        })
        .await?;
    Ok(Redirect::to(&format!("/residents/{id}")).into_response())
}

/// `POST /records/merges/{id}/undo`
///
/// # Errors
/// There is no such merge; the database.
pub async fn undo(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), CardMergeId::from_untyped_uuid(id));
    state.db.write(move |s| commands::undo_merge(s, &ctx, id)).await?;
    Ok(Redirect::to("/cases").into_response())
}

/// `POST /residents/{id}/erase`
///
/// # Errors
/// There is no such card, or it is still needed; the database.
pub async fn erase(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ResidentId::from_untyped_uuid(id));
    state.db.write(move |s| commands::erase(s, &ctx, id)).await?;
    Ok(Redirect::to("/cases").into_response())
}
