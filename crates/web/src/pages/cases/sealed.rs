//! What somebody without access sees of a case: that it is there, and a way to leave a message for those who have.

use super::case_faults;
use crate::{
    AppState,
    components::{
        badges,
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cases::{
    commands::{self, HandOver},
    queries::SealedCase,
};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use vocabulary::{CaseId, GenericUuid as _};

/// The stub of a case that is sealed for the visitor; that they looked is written down.
///
/// # Errors
/// There is no such case, or not even its number is for the visitor; the database.
pub(super) async fn show(state: &AppState, visit: &Visit, id: CaseId) -> Result<Markup, PageError> {
    Ok(page(visit, &look(state, visit, id).await?, "", &Faults::none(), false))
}

async fn look(state: &AppState, visit: &Visit, id: CaseId) -> Result<SealedCase, PageError> {
    let (ctx, viewer) = (visit.context(state), super::viewer(visit));
    Ok(state.db.write(move |s| commands::look_sealed(s, &ctx, viewer, id)).await?)
}

fn page(visit: &Visit, case: &SealedCase, typed: &str, faults: &Faults, left: bool) -> Markup {
    let words = visit.words;
    let content = html! {
        p { a href="/cases" { (t!(words, "cases-back")) } }
        @if left { (lists::notice("good", &t!(words, "sealed-message-left"))) }
        section .card aria-labelledby="sealed-heading" {
            div .card-head {
                h2 #sealed-heading { (t!(words, "sealed-heading")) }
                span { (badges::status(words, case.status)) }
            }
            p { (t!(words, "sealed-why")) }
            dl .facts {
                dt { (t!(words, "case-department")) } dd { (case.department) }
                dt { (t!(words, "case-arrival-day")) } dd { (words.day(case.arrival_day)) }
                dt { (t!(words, "sealed-changed-day")) } dd { (words.day(case.changed_day)) }
            }
        }
        @if visit.may(Action::LeaveMessage) {
            section .card aria-labelledby="sealed-message-heading" {
                h2 #sealed-message-heading { (t!(words, "sealed-message-heading")) }
                form method="post" action=(format!("/cases/{}/hand-over", case.id.into_untyped_uuid())) {
                    (forms::token(visit))
                    @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
                    (Field::line("sealed", "message", t!(words, "sealed-message"), typed).kind(Kind::Text)
                        .hint(t!(words, "sealed-message-hint")).room(cases::limits::NOTE_CHARS_MAX).show(words, faults))
                    p { button type="submit" .primary { (t!(words, "sealed-message-send")) } }
                }
            }
        }
    };
    Page::narrow(case.number.to_string()).around(visit, &content)
}

/// The message.
#[derive(Deserialize)]
pub struct MessageForm {
    #[serde(default)]
    message: String,
}

/// `POST /cases/{id}/hand-over`: leaves a message for those with access. Answered with the stub, which says that it was
/// left; not with a way to the case, which the visitor may not open.
///
/// # Errors
/// There is no such case, or not even its number is for the visitor; the database.
pub async fn hand_over(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<MessageForm>,
) -> Result<Response, PageError> {
    let (ctx, case_id) = (visit.context(&state), CaseId::from_untyped_uuid(id));
    let cmd = HandOver { case_id, text: asked.message.clone() };
    let outcome = state.db.write(move |s| commands::hand_over(s, &ctx, &cmd)).await;
    let (status, typed, faults) = match outcome {
        Ok(_) => (StatusCode::OK, "", Faults::none()),
        Err(error) => {
            (StatusCode::UNPROCESSABLE_ENTITY, asked.message.as_str(), case_faults(visit.words, error)?)
        }
    };
    let stub = look(&state, &visit, case_id).await?;
    Ok((status, page(&visit, &stub, typed, &faults, faults.is_empty())).into_response())
}
