//! Logging a contact: some letters of its type, one key for what came of it, done.

use super::{
    Chosen, contact,
    desk::{Desk, WithResident},
};
use crate::{
    AppState,
    components::forms::{self, Faults, Field, Kind, Select},
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
use contacts::{ContactsError, Log, NOTE_CHARS_MAX, commands};
use maud::{Markup, html};
use routing::{GuideState, Input};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, ContactId, ContactOutcome};

/// What has been typed into the form.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Draft {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
    /// Ticked: outside every assignment.
    #[serde(default)]
    outside: Option<String>,
}

/// The form for the contact at hand.
#[must_use]
pub fn form(visit: &Visit, desk: &Desk, at_hand: &WithResident, draft: &Draft, faults: &Faults) -> Markup {
    let words = visit.words;
    let choices = desk.type_choices();
    let path = format!("/guide/contacts/{}/log", at_hand.line.contact.id.into_untyped_uuid());
    let case_type = Select {
        name: "case_type",
        prefix: "log",
        label: t!(words, "log-type"),
        choices: &choices,
        chosen: &draft.case_type,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: Some("input[type=radio]"),
    };
    let contact = &at_hand.line.contact;
    let logged = contact.logged_at.is_some();
    // What was logged during the call stands in the form, and can be changed until the next one.
    let before = Draft {
        case_type: contact.case_type.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default(),
        outcome: contact.outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        note: contact.note.clone().unwrap_or_default(),
        outside: desk.outside.then(|| "yes".to_owned()),
    };
    let untouched = draft.case_type.is_empty() && draft.outcome.is_empty() && draft.note.is_empty();
    let draft = if logged && untouched { &before } else { draft };
    let case_type = Select { chosen: &draft.case_type, ..case_type };
    html! {
        form #log-form method="post" action=(path) hx-post=(path) hx-target="#contact-body" hx-swap="innerHTML"
            hx-select="" data-quick-log data-logged[logged] {
            (forms::token(visit))
            h3 { (t!(words, "log-title")) }
            @if logged { p .notice .good role="status" { (t!(words, "log-logged")) } }
            p #log-hint .hint { (t!(words, "log-hint")) }
            (case_type.show(words, faults))
            (outcomes(words, &draft.outcome, faults))
            (outside(words, draft.outside.is_some()))
            (Field::line("log", "note", t!(words, "log-note"), &draft.note).kind(Kind::Text).optional()
                .room(NOTE_CHARS_MAX).show(words, faults))
            button type="submit" .primary { (t!(words, "log-done")) " " kbd { "↵" } }
        }
    }
}

/// One radio button for each outcome, with the key that chooses it.
fn outcomes(words: &Words, chosen: &str, faults: &Faults) -> Markup {
    let fault = faults.of("outcome");
    html! {
        fieldset .field aria-describedby=[forms::described_by("log-outcome", false, fault.is_some())] {
            legend { (t!(words, "log-outcome")) }
            (forms::notes("log-outcome", None, fault))
            div .keys {
                @for (index, outcome) in ContactOutcome::ALL.iter().enumerate() {
                    @let key = index + 1;
                    @let id = format!("log-outcome-{key}");
                    div .key-choice {
                        input type="radio" id=(id) name="outcome" value=(outcome) data-key=(key) required
                            checked[outcome.as_str() == chosen];
                        label for=(id) { kbd { (key) } (words.word("outcome", outcome.as_str())) }
                    }
                }
            }
        }
    }
}

/// The one key for work that slides over.
fn outside(words: &Words, ticked: bool) -> Markup {
    html! {
        div .check .key-choice {
            input type="checkbox" #log-outside name="outside" value="yes" data-key="0" checked[ticked];
            label for="log-outside" { kbd { "0" } (t!(words, "outside-mark")) }
        }
    }
}

/// `POST /guide/contacts/{id}/log`: logs, and ends the wrap-up of that contact.
///
/// # Errors
/// There is no such contact, or it was another guide's; the database.
pub async fn log(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    let contact = ContactId::from_untyped_uuid(id);
    let faults = match read(visit.words, contact, &draft) {
        Ok(cmd) => {
            let ctx = visit.context(&state);
            let outside = draft.outside.is_some();
            let logged = state
                .db
                .write(move |s| {
                    commands::log(s, &ctx, &cmd)?;
                    crate::pages::assignments::contact_mark(s, &ctx, contact, outside)
                })
                .await;
            match logged {
                Ok(()) => return done(&state, &visit, contact).await,
                Err(ContactsError::Text(error)) => {
                    Faults::one(error.field, text_fault(visit.words, error.fault))
                }
                Err(ContactsError::NotFound { what: "case type" }) => {
                    Faults::one("case_type", t!(visit.words, "fault-missing"))
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(faults) => faults,
    };
    let chosen = Chosen { contact: Some(id) };
    let desk = Desk::load(&state, &visit, chosen.contact()).await?;
    let answer = if visit.htmx {
        contact::body(&visit, &desk, &draft, &faults)
    } else {
        super::page(&visit, &desk, chosen, &draft, &faults)
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, answer).into_response())
}

fn read(words: &Words, contact: ContactId, draft: &Draft) -> Result<Log, Faults> {
    let mut faults = Faults::none();
    let case_type = draft.case_type.parse::<uuid::Uuid>().map(CaseTypeId::from_untyped_uuid);
    let outcome = draft.outcome.parse::<ContactOutcome>();
    if case_type.is_err() {
        faults.add("case_type", t!(words, "fault-choose"));
    }
    if outcome.is_err() {
        faults.add("outcome", t!(words, "fault-choose"));
    }
    match (case_type, outcome) {
        (Ok(case_type), Ok(outcome)) => Ok(Log { contact, case_type, outcome, note: draft.note.clone() }),
        _ => Err(faults),
    }
}

/// What follows when a contact has been dealt with: its wrap-up ends, and the pane shows what is next.
pub(super) async fn done(state: &AppState, visit: &Visit, contact: ContactId) -> Result<Response, PageError> {
    let guide = visit.user_id();
    let wraps_up = state.floor.snapshot().guide(guide).map(|own| own.state)
        == Some(GuideState::WrapUp { call: contact });
    if wraps_up {
        state.floor.send(Input::WrapUpDone { guide }).await?;
    }
    if !visit.htmx {
        return Ok(Redirect::to("/guide").into_response());
    }
    let desk = Desk::load(state, visit, None).await?;
    Ok(contact::body(visit, &desk, &Draft::default(), &Faults::none()).into_response())
}
