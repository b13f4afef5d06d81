//! Registering a case outside a call: an e-mail, a visit, a letter.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    pages::guide::type_choices,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::{
    CasesError, Place,
    commands::{Origin, RegisterCase},
};
use contacts::Register;
use maud::{Markup, html};
use people::residents::{self, Reach};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, CaseTypeId, Channel};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Draft {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    email: String,
}

/// How a case comes in when it is registered by hand.
const CHANNELS: &[Channel] = &[Channel::Email, Channel::Web, Channel::Visit];

/// `GET /cases/new`
///
/// # Errors
/// The database.
pub async fn form(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Draft::default(), &Faults::none()).await
}

async fn page(state: &AppState, visit: &Visit, draft: &Draft, faults: &Faults) -> Result<Markup, PageError> {
    let words = visit.words;
    let (types, departments) = state
        .db
        .read(|s| -> Result<_, CasesError> {
            Ok((cases::queries::case_types(s)?, people::directory::queries::departments(s)?))
        })
        .await?;
    let types = type_choices(&types, &departments);
    let channels: Vec<Choice> = CHANNELS
        .iter()
        .map(|channel| Choice::new(channel, words.word("channel", channel.as_str())))
        .collect();
    let case_type = Select {
        name: "case_type",
        prefix: "new",
        label: t!(words, "log-type"),
        choices: &types,
        chosen: &draft.case_type,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: Some("[name=channel]"),
    };
    let channel = Select {
        name: "channel",
        prefix: "new",
        label: t!(words, "case-channel"),
        choices: &channels,
        chosen: &draft.channel,
        nothing: None,
        required: true,
        type_ahead_next: None,
    };
    let content = html! {
        form .card method="post" action="/cases" {
            (forms::token(visit))
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            (case_type.show(words, faults))
            (channel.show(words, faults))
            (Field::line("new", "title", t!(words, "case-title"), &draft.title).optional()
                .hint(t!(words, "case-title-hint")).show(words, faults))
            (Field::line("new", "place", t!(words, "case-place"), &draft.place).optional()
                .hint(t!(words, "case-place-hint")).room(cases::limits::ADDRESS_CHARS_MAX).show(words, faults))
            (super::hints::place("new-hints"))
            (Field::line("new", "description", t!(words, "case-description"), &draft.description).kind(Kind::Text)
                .room(cases::limits::DESCRIPTION_CHARS_MAX).optional().show(words, faults))
            fieldset {
                legend { (t!(words, "case-resident")) }
                p .hint { (t!(words, "case-resident-hint")) }
                div .row {
                    (Field::line("new", "name", t!(words, "name"), &draft.name).optional().room(120).show(words, faults))
                    (Field::line("new", "telephone", t!(words, "telephone-number"), &draft.telephone)
                        .kind(Kind::Telephone).optional().room(40).show(words, faults))
                    (Field::line("new", "email", t!(words, "email"), &draft.email).kind(Kind::Email).optional()
                        .room(254).show(words, faults))
                }
            }
            button type="submit" .primary { (t!(words, "case-register")) }
        }
    };
    Ok(Page::narrow(t!(words, "case-new")).around(visit, &content))
}

/// `POST /cases`
///
/// # Errors
/// The database.
pub async fn register(
    State(state): State<AppState>,
    visit: Visit,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    match try_register(&state, &visit, draft.clone()).await {
        Ok(id) => Ok(Redirect::to(&format!("/cases/{}", id.into_untyped_uuid())).into_response()),
        Err(error) => {
            let faults = super::case_faults(visit.words, error)?;
            let page = page(&state, &visit, &draft, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Finds or writes down the resident, registers the contact and the case; all or nothing.
async fn try_register(state: &AppState, visit: &Visit, draft: Draft) -> Result<CaseId, CasesError> {
    let case_type_id = draft
        .case_type
        .parse::<uuid::Uuid>()
        .map(CaseTypeId::from_untyped_uuid)
        .map_err(|_| CasesError::NotFound { what: "case type" })?;
    let channel =
        draft.channel.parse().ok().filter(|channel| CHANNELS.contains(channel)).unwrap_or(Channel::Email);
    let (ctx, guide, language) = (visit.context(state), visit.user_id(), visit.words.language());
    let settings = state.cases.clone();
    state
        .db
        .write(move |s| -> Result<CaseId, CasesError> {
            let reached = !draft.telephone.trim().is_empty() || !draft.email.trim().is_empty();
            let resident = if reached {
                let reach =
                    Reach { telephone: Some(draft.telephone.clone()), email: Some(draft.email.clone()) };
                let found = residents::commands::find_or_create(s, &ctx, &reach, Some(&draft.name), language);
                Some(found.map_err(of_people)?.id)
            } else {
                None
            };
            let contact = Register {
                channel,
                resident,
                group: None,
                guide: Some(guide),
                arrived_at: None,
                logged: Some((case_type_id, vocabulary::ContactOutcome::Forwarded)),
                note: String::new(),
            };
            let contact = contacts::commands::register(s, &ctx, &contact)?;
            let cmd = RegisterCase {
                title: draft.title.clone(),
                description: draft.description.clone(),
                resident_id: resident,
                place: Place::new(&draft.place, None)?,
                ..RegisterCase::new(case_type_id, Origin::Contact(contact.id))
            };
            Ok(processes::commands::register(s, &ctx, &settings, &cmd)?.case.id)
        })
        .await
}

/// A fault among people as one of cases: what can be mended in the form stays so.
fn of_people(error: people::PeopleError) -> CasesError {
    match error {
        people::PeopleError::Text(error) => CasesError::Text(error),
        people::PeopleError::Storage(error) => CasesError::Storage(error),
        _ => CasesError::NotFound { what: "resident" },
    }
}
