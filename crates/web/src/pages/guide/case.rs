//! From the contact at hand to a case with an officer, in one form.

use super::{
    Chosen,
    desk::{Desk, WithResident},
    log,
};
use crate::{
    AppState,
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    error::PageError,
    pages::cases::case_faults,
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
    CasesError, Place,
    commands::{Forward, Origin, RegisterCase, forward},
};
use contacts::Log;
use maud::{Markup, html};
use people::directory::{Department, Officer};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, ContactId, ContactOutcome, OfficerId};

/// What has been typed into the form.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Draft {
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    message: String,
}

/// The officers as choices, under their departments.
#[must_use]
pub fn officer_choices(officers: &[Officer], departments: &[Department]) -> Vec<Choice> {
    departments
        .iter()
        .flat_map(|department| {
            officers.iter().filter(|officer| officer.department == department.id).map(|officer| Choice {
                value: officer.id.into_untyped_uuid().to_string(),
                name: format!("{}, {}", officer.name, officer.title),
                keywords: String::new(),
                aside: String::new(),
                group: Some(department.name.clone()),
            })
        })
        .collect()
}

/// The form, folded together until it is needed.
#[must_use]
pub fn form(visit: &Visit, desk: &Desk, at_hand: &WithResident, draft: &Draft, faults: &Faults) -> Markup {
    let words = visit.words;
    let (types, officers) = (desk.type_choices(), officer_choices(&desk.officers, &desk.departments));
    let path = format!("/guide/contacts/{}/case", at_hand.line.contact.id.into_untyped_uuid());
    let case_type = Select {
        name: "case_type",
        prefix: "case",
        label: t!(words, "log-type"),
        choices: &types,
        chosen: &draft.case_type,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: Some("[name=title]"),
    };
    let officer = Select {
        name: "officer",
        prefix: "case",
        label: t!(words, "case-officer"),
        choices: &officers,
        chosen: &draft.officer,
        nothing: Some(t!(words, "case-officer-default")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        details #case-form-box open[!faults.is_empty()] {
            summary { (t!(words, "guide-register-case")) }
            form #case-form method="post" action=(path) hx-post=(path) hx-target="#contact-body" hx-swap="innerHTML"
                hx-select="" {
                (forms::token(visit))
                @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
                (case_type.show(words, faults))
                (crate::pages::admin::terms::summary_slot())
                (Field::line("case", "title", t!(words, "case-title"), &draft.title).optional()
                    .hint(t!(words, "case-title-hint")).show(words, faults))
                (Field::line("case", "place", t!(words, "case-place"), &draft.place).optional()
                    .hint(t!(words, "case-place-hint")).room(cases::limits::ADDRESS_CHARS_MAX).show(words, faults))
                input type="hidden" name="contact" value=(at_hand.line.contact.id.into_untyped_uuid());
                (crate::pages::cases::hints::place("case-hints"))
                (Field::line("case", "description", t!(words, "case-description"), &draft.description).kind(Kind::Text)
                    .room(cases::limits::DESCRIPTION_CHARS_MAX).optional().show(words, faults))
                (officer.show(words, faults))
                (Field::line("case", "message", t!(words, "case-message"), &draft.message).kind(Kind::Text)
                    .room(cases::limits::MESSAGE_CHARS_MAX).optional().show(words, faults))
                button type="submit" .primary { (t!(words, "case-register-and-forward")) }
            }
        }
    }
}

/// `POST /guide/contacts/{id}/case`: registers the case, sends it to the officer, logs the contact, ends the wrap-up;
/// the first three in one transaction.
///
/// # Errors
/// There is no such contact; the database.
pub async fn register_case(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    let contact_id = ContactId::from_untyped_uuid(id);
    let faults = match try_register(&state, &visit, contact_id, &draft).await {
        Ok(()) => return log::done(&state, &visit, contact_id).await,
        Err(error) => case_faults(visit.words, error)?,
    };
    let chosen = Chosen { contact: Some(id) };
    let desk = Desk::load(&state, &visit, chosen.contact()).await?;
    let answer = if visit.htmx {
        maud::html! {
            @if let Some(at_hand) = &desk.at_hand {
                (log::form(&visit, &desk, at_hand, &log::Draft::default(), &Faults::none()))
                (form(&visit, &desk, at_hand, &draft, &faults))
            }
        }
    } else {
        let message = faults.any().unwrap_or_default().to_owned();
        let page = super::page(&visit, &desk, chosen, &log::Draft::default(), &Faults::none());
        maud::html! { (page) (forms::refused(&message)) }
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, answer).into_response())
}

async fn try_register(
    state: &AppState,
    visit: &Visit,
    contact: ContactId,
    draft: &Draft,
) -> Result<(), CasesError> {
    let case_type = draft
        .case_type
        .parse::<uuid::Uuid>()
        .map(CaseTypeId::from_untyped_uuid)
        .map_err(|_| CasesError::NotFound { what: "case type" })?;
    let officer = draft.officer.parse::<uuid::Uuid>().ok().map(OfficerId::from_untyped_uuid);
    let (ctx, settings, draft) = (visit.context(state), state.cases.clone(), draft.clone());
    state
        .db
        .write(move |s| -> Result<(), CasesError> {
            // Logging first: it also says whether the contact is this guide's.
            let entry = Log { contact, case_type, outcome: ContactOutcome::Forwarded, note: String::new() };
            let logged = contacts::commands::log(s, &ctx, &entry)?;
            let cmd = RegisterCase {
                // Whose number was called is whose list it stands in.
                answer_group_id: logged.group,
                title: draft.title.clone(),
                description: draft.description.clone(),
                place: Place::new(&draft.place, None)?,
                // The same contact sent twice by an impatient press is one case.
                idempotency_key: Some(format!("contact {contact} {case_type}")),
                ..RegisterCase::new(case_type, Origin::Contact(contact))
            };
            let registered = processes::commands::register(s, &ctx, &settings, &cmd)?;
            let cmd = Forward {
                case_id: registered.case.id,
                officer_id: officer,
                message: draft.message.clone(),
                due_working_days: None,
            };
            forward(s, &ctx, &settings, &cmd)?;
            Ok(())
        })
        .await
}
