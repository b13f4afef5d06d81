//! Hints, while a case is being typed in, of cases that may be the same matter.

use crate::{AppState, components::badges, error::PageError, t, visit::Visit};
use axum::{Form, extract::State};
use cases::duplicates::{Alike, Hint, Typed, hints as look};
use maud::{Markup, html};
use people::text::e164;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, ContactId};

/// What has been typed so far; whatever else the form holds is not looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Draft {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    contact: String,
}

/// Where the hints come, within the form that they are about. Without script there are none.
#[must_use]
pub fn place(id: &str) -> Markup {
    html! {
        div id=(id) .hints aria-live="polite" hx-post="/cases/hints" hx-include="closest form"
            hx-trigger="input from:\"closest form\" delay:300ms, change from:\"closest form\" delay:300ms"
            hx-target="this" hx-select="" hx-swap="innerHTML" hx-sync="this:replace" {}
    }
}

/// `POST /cases/hints`
///
/// # Errors
/// The database.
pub async fn hints(
    State(state): State<AppState>,
    visit: Visit,
    Form(draft): Form<Draft>,
) -> Result<Markup, PageError> {
    let (viewer, now) = (super::viewer(&visit), visit.now);
    let found = state
        .db
        .read(move |s| -> Result<Vec<Hint>, PageError> {
            let contact = draft.contact.parse::<uuid::Uuid>().ok().map(ContactId::from_untyped_uuid);
            let resident = match (contact, e164(&draft.telephone)) {
                (Some(contact), _) => {
                    contacts::queries::by_id(s, contact)?.and_then(|contact| contact.resident)
                }
                (None, Some(number)) => {
                    people::residents::queries::by_telephone(s, &number)?.map(|resident| resident.id)
                }
                (None, None) => None,
            };
            let typed = Typed {
                case_type: draft.case_type.parse::<uuid::Uuid>().ok().map(CaseTypeId::from_untyped_uuid),
                resident,
                place: draft.place.clone(),
                position: None,
                title: draft.title.clone(),
            };
            Ok(look(s, viewer, &typed, now)?)
        })
        .await?;
    Ok(show(&visit, &found))
}

fn show(visit: &Visit, found: &[Hint]) -> Markup {
    let words = visit.words;
    html! {
        @if !found.is_empty() {
            div .notice .warn {
                p { strong { (t!(words, "hints-title")) } }
                ul .plain-list {
                    @for hint in found {
                        li {
                            a .code href=(format!("/cases/{}", hint.line.id.into_untyped_uuid())) { (hint.line.number) } " "
                            (hint.line.title) " " (badges::status(words, hint.line.status)) " "
                            span .soft .small {
                                @match hint.alike {
                                    Alike::Resident => (t!(words, "hints-resident")),
                                    Alike::Place => (t!(words, "hints-place")),
                                }
                                @if let Some(place) = &hint.place { " · " (place) }
                                " · " (words.when(hint.line.registered_at, visit.now))
                            }
                        }
                    }
                }
            }
        }
    }
}
