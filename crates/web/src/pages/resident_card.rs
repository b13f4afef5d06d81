//! A resident's card: who it is, what has been, what goes on.

use crate::{
    AppState,
    components::{
        badges,
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    pages::records::protection,
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
use cases::queries::{CaseLine, CaseList};
use contacts::ContactLine;
use maud::{Markup, html};
use people::{
    Action, PeopleError,
    audit::{Opened, opened},
    residents::{ChangeResident, Resident, Search, commands, protection::ProtectedOpening, queries},
};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{ResidentId, Timestamp};

/// How many contacts and cases a card's own page shows.
const SHOWN_MAX: u32 = 50;

/// The name, or that there is none.
#[must_use]
pub fn name_of(words: &Words, resident: &Resident) -> String {
    resident.name.clone().unwrap_or_else(|| match &resident.telephone {
        None if resident.protected => t!(words, "resident-protected"),
        Some(telephone) => words.telephone(telephone),
        None => t!(words, "resident-nameless"),
    })
}

/// Whether this is the masked copy of a protected card.
fn closed(resident: &Resident) -> bool {
    resident.protected && resident.name.is_none() && resident.telephone.is_none() && resident.email.is_none()
}

/// How to reach the resident.
#[must_use]
pub fn reach(words: &Words, resident: &Resident) -> String {
    let telephone = resident.telephone.as_deref().map(|number| words.telephone(number));
    [telephone, resident.email.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Residents that fit what was typed; too little typed finds nobody.
///
/// # Errors
/// Too much was typed; the database.
pub async fn search(state: &AppState, typed: &str) -> Result<Vec<Resident>, PageError> {
    let asked = Search::of(typed).map_err(|error| PageError::Invalid(error.to_string()))?;
    let Some(asked) = asked else { return Ok(Vec::new()) };
    Ok(state.db.read(move |s| queries::search(s, &asked)).await?)
}

/// Who it is, with the form that changes it folded beneath.
#[must_use]
pub fn facts(visit: &Visit, resident: &Resident, _now: Timestamp) -> Markup {
    let words = visit.words;
    html! {
        h3 {
            a href=(format!("/residents/{}", resident.id.into_untyped_uuid())) { (name_of(words, resident)) }
            @if resident.protected && resident.name.is_some() { " " span .badge .bad { (t!(words, "resident-protected")) } }
        }
        @if closed(resident) { p .small { (t!(words, "protected-go-open")) } }
        dl .facts {
            @if let Some(telephone) = &resident.telephone {
                dt { (t!(words, "telephone-number")) } dd { (words.telephone(telephone)) }
            }
            @if let Some(email) = &resident.email { dt { (t!(words, "email")) } dd { (email) } }
        }
        @if visit.may(Action::ChangeResident) && !closed(resident) {
            details { summary { (t!(words, "resident-change")) } (change_form(visit, resident, &Faults::none())) }
        }
    }
}

fn change_form(visit: &Visit, resident: &Resident, faults: &Faults) -> Markup {
    let words = visit.words;
    let path = format!("/residents/{}", resident.id.into_untyped_uuid());
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let (name, telephone, email) = (some(&resident.name), some(&resident.telephone), some(&resident.email));
    html! {
        form method="post" action=(path) {
            (forms::token(visit))
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            (Field::line("resident", "name", t!(words, "name"), &name).optional().room(120).show(words, faults))
            (Field::line("resident", "telephone", t!(words, "telephone-number"), &telephone).kind(Kind::Telephone)
                .optional().room(40).show(words, faults))
            (Field::line("resident", "email", t!(words, "email"), &email).kind(Kind::Email).optional().room(254)
                .show(words, faults))
            (forms::tick("resident", "opt_out", &t!(words, "resident-opt-out"), resident.survey_opt_out))
            input type="hidden" name="back" value=(visit.path);
            p { button type="submit" { (t!(words, "save")) } }
        }
    }
}

/// The resident's cases in a narrow list, open ones first.
#[must_use]
pub fn case_list(visit: &Visit, lines: &[CaseLine], now: Timestamp) -> Markup {
    let words = visit.words;
    let mut sorted: Vec<&CaseLine> = lines.iter().collect();
    sorted.sort_by_key(|line| line.status == vocabulary::CaseStatus::Solved);
    html! {
        h3 { (t!(words, "resident-cases", n = lines.len())) }
        @if sorted.is_empty() { (lists::empty(&t!(words, "resident-cases-none"))) }
        ul .plain-list {
            @for line in sorted {
                li {
                    a href=(format!("/cases/{}", line.id.into_untyped_uuid())) { (line.number) } " " (badges::status(words, line.status))
                    p { (line.title) }
                    p .small .soft { (line.department) " · " (words.when(line.changed_at, now)) }
                }
            }
        }
    }
}

/// Earlier contacts.
#[must_use]
pub fn earlier(visit: &Visit, lines: &[ContactLine], now: Timestamp) -> Markup {
    let words = visit.words;
    html! {
        h3 { (t!(words, "resident-earlier")) }
        @if lines.is_empty() { (lists::empty(&t!(words, "contact-first-time"))) } @else { (contact_list(visit, lines, now)) }
    }
}

/// Contacts as a timeline.
#[must_use]
pub fn contact_list(visit: &Visit, lines: &[ContactLine], now: Timestamp) -> Markup {
    let words = visit.words;
    html! {
        ol .timeline {
            @for line in lines {
                @let contact = &line.contact;
                li {
                    div .timeline-head {
                        strong { (line.case_type_name.clone().unwrap_or_else(|| words.word("channel", contact.channel.as_str()))) }
                        span .soft .small { (words.when(contact.arrived_at, now)) }
                    }
                    p .small .soft {
                        (words.word("channel", contact.channel.as_str()))
                        @if let Some(outcome) = contact.outcome { " · " (words.word("outcome", outcome.as_str())) }
                        @else if let Some(ending) = contact.ending { " · " (words.word("ending", ending.as_str())) }
                        @if let Some(guide) = &line.guide_name { " · " (guide) }
                        @if let (Some(number), Some(case)) = (&line.case_number, contact.case) {
                            " · " a href=(format!("/cases/{}", case.into_untyped_uuid())) { (number) }
                        }
                    }
                    @if let Some(note) = &contact.note { p .pre { (note) } }
                }
            }
        }
    }
}

/// A card with all that belongs to it.
struct Card {
    resident: Resident,
    contacts: Vec<ContactLine>,
    cases: Vec<CaseLine>,
    openings: Vec<ProtectedOpening>,
    merges: Vec<records::cards::Merge>,
    /// Protected, and not opened by who looks: nothing of it is shown.
    closed: bool,
}

async fn open(state: &AppState, visit: &Visit, id: ResidentId) -> Result<Card, PageError> {
    let (ctx, viewer, now) = (visit.context(state), crate::pages::cases::viewer(visit), visit.now);
    let user = visit.user_id();
    state
        .db
        .write(move |s| {
            let resident = queries::for_user(s, user, id, now)?.ok_or(PageError::NotFound)?;
            let closed = resident.protected && queries::opened_until(s, user, id, now)?.is_none();
            if closed {
                let (contacts, cases, openings, merges) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                return Ok(Card { resident, contacts, cases, openings, merges, closed });
            }
            opened(s, &ctx, Opened::Resident(id))?;
            let list = CaseList::Resident(id);
            let limit = usize::try_from(SHOWN_MAX).unwrap_or(usize::MAX);
            Ok(Card {
                resident,
                openings: queries::protected_openings(s, id, SHOWN_MAX)?,
                merges: records::cards::merges_of(s, id)?,
                closed,
                contacts: contacts::queries::of_resident(s, ctx.actor, id, SHOWN_MAX)?,
                cases: cases::queries::list(s, viewer, list, now, None, limit)?.lines,
            })
        })
        .await
}

/// `GET /residents/{id}`: opening it is written down.
///
/// # Errors
/// There is no such resident; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let card = open(&state, &visit, ResidentId::from_untyped_uuid(id)).await?;
    Ok(page(&visit, &card, &Faults::none(), ""))
}

/// The card's page again, with what was wrong with a stated reason.
///
/// # Errors
/// There is no such resident; the database.
pub async fn again(
    state: &AppState,
    visit: &Visit,
    id: ResidentId,
    typed: &str,
    faults: &Faults,
) -> Result<Markup, PageError> {
    Ok(page(visit, &open(state, visit, id).await?, faults, typed))
}

fn page(visit: &Visit, card: &Card, faults: &Faults, reason: &str) -> Markup {
    let words = visit.words;
    if card.closed {
        let content =
            html! { section .card { (protection::closed(visit, card.resident.id, reason, faults)) } };
        return Page::narrow(t!(words, "resident-protected")).around(visit, &content);
    }
    let content = html! {
        div .columns {
            div {
                section .card {
                    h2 { (t!(words, "resident-matters")) }
                    (case_list(visit, &card.cases, visit.now))
                }
                section .card { (earlier(visit, &card.contacts, visit.now)) }
            }
            section .card {
                h2 { (t!(words, "resident-card")) }
                @if visit.may(Action::ChangeResident) { (change_form(visit, &card.resident, faults)) }
                @else { (facts(visit, &card.resident, visit.now)) }
                (protection::forms(visit, &card.resident, &card.openings))
                (crate::pages::records::cards::forms(visit, &card.resident, &card.merges))
            }
        }
    };
    Page::wide(name_of(words, &card.resident)).around(visit, &content)
}

/// New values for a card.
#[derive(Deserialize)]
pub struct ChangeForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    email: String,
    opt_out: Option<String>,
    back: Option<String>,
}

/// `POST /residents/{id}`
///
/// # Errors
/// There is no such resident; the database.
pub async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Path(uuid): Path<uuid::Uuid>,
    Form(asked): Form<ChangeForm>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), ResidentId::from_untyped_uuid(uuid));
    let cmd = ChangeResident {
        name: Some(asked.name),
        telephone: Some(asked.telephone),
        email: Some(asked.email),
        language: None,
        protected: None,
        survey_opt_out: Some(asked.opt_out.is_some()),
    };
    let faults = match state.db.write(move |s| commands::change(s, &ctx, id, &cmd)).await {
        Ok(_) => {
            // The guide's stream asks for the page under its own path, which is not a place to go back to.
            let own = format!("/residents/{uuid}");
            let back = asked.back.filter(|back| *back == own).unwrap_or_else(|| "/guide".to_owned());
            return Ok(Redirect::to(&back).into_response());
        }
        Err(PeopleError::Text(error)) => Faults::one(error.field, text_fault(visit.words, error.fault)),
        Err(PeopleError::Taken { .. }) => Faults::one("telephone", t!(visit.words, "fault-number-taken")),
        Err(error) => return Err(error.into()),
    };
    let card = open(&state, &visit, id).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &card, &faults, "")).into_response())
}
