//! The terms of the assignments: who is asked and who instead, what to find out, and when what happens.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    pages::cases::case_faults,
    routes::RouteTable,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::{
    Assignment, CasesError, Recipient, Terms, TermsError,
    clock::TERM_WORKING_DAYS_MAX,
    commands::{PutTerms, put_terms},
    limits::{CHECKLIST_POINT_CHARS_MAX, CHECKLIST_POINTS_MAX, PUBLIC_TEXT_CHARS_MAX, SUBSTITUTES_MAX},
    queries::{assignment, case_types, recipient},
};
use maud::{Markup, html};
use people::{Action, directory::Officer};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, OfficerId, add_working_days, local_day};

/// Pages and what they are.
pub fn routes(table: &mut RouteTable) {
    table.get("/admin/terms", Action::SeeTerms, list);
    table.get("/admin/terms/{id}", Action::SeeTerms, show);
    table.post("/admin/terms/{id}", Action::ChangeTerms, change);
    table.get("/assignments/terms", Action::RegisterCase, fragment);
}

/// `GET /admin/terms`
///
/// # Errors
/// The database.
async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let house = state.cases.terms;
    let (assignments, officers, departments) = state
        .db
        .read(move |s| -> Result<_, CasesError> {
            let mut assignments = Vec::new();
            for case_type in case_types(s)? {
                assignments.push(assignment(s, case_type.id, house)?);
            }
            let officers = people::directory::queries::officers(s)?;
            Ok((assignments, officers, people::directory::queries::departments(s)?))
        })
        .await?;
    let words = visit.words;
    let name = |id: Option<OfficerId>| {
        let officer = id.and_then(|id| officers.iter().find(|officer| officer.id == id));
        officer.map_or_else(|| t!(words, "terms-recipient-none"), |officer| officer.name.clone())
    };
    let content = html! {
        p { (t!(words, "terms-lead")) }
        @for department in &departments {
            @let own: Vec<&Assignment> =
                assignments.iter().filter(|a| a.case_type.department_id == department.id).collect();
            @if !own.is_empty() {
                section .card {
                    h2 { (department.name) }
                    div .table-wrap { table .stacks {
                        thead { tr {
                            th scope="col" { (t!(words, "log-type")) }
                            th scope="col" { (t!(words, "terms-recipient")) }
                            th scope="col" .number { (t!(words, "terms-due")) }
                            th scope="col" { (t!(words, "terms-then")) }
                        } }
                        tbody { @for one in own { (line(words, one, &name(one.case_type.officer_id))) } }
                    } }
                }
            }
        }
    };
    Ok(Page::wide(t!(words, "terms-title")).around(&visit, &content))
}

fn line(words: &Words, one: &Assignment, recipient: &str) -> Markup {
    let [due, reminder, second, call, escalation] = one.terms.days();
    html! {
        tr {
            th scope="row" { a href=(path(one.case_type.id)) { (one.case_type.name) } }
            td data-label=(t!(words, "terms-recipient")) {
                (recipient)
                @if !one.substitutes.is_empty() {
                    " " span .soft { (t!(words, "terms-substitutes-n", n = one.substitutes.len())) }
                }
            }
            td .number data-label=(t!(words, "terms-due")) { (t!(words, "terms-days", n = due)) }
            td data-label=(t!(words, "terms-then")) {
                (t!(words, "terms-then-days", reminder = reminder, second = second, call = call, escalation = escalation))
            }
        }
    }
}

fn path(id: CaseTypeId) -> String {
    format!("/admin/terms/{}", id.into_untyped_uuid())
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
struct TermsForm {
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    substitute_1: String,
    #[serde(default)]
    substitute_2: String,
    #[serde(default)]
    substitute_3: String,
    #[serde(default)]
    substitute_4: String,
    #[serde(default)]
    substitute_5: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    reminder: String,
    #[serde(default)]
    second_reminder: String,
    #[serde(default)]
    call_task: String,
    #[serde(default)]
    escalation: String,
    #[serde(default)]
    checklist: String,
    #[serde(default)]
    public_text: String,
}

const SUBSTITUTE_FIELDS: [&str; SUBSTITUTES_MAX] =
    ["substitute_1", "substitute_2", "substitute_3", "substitute_4", "substitute_5"];

impl TermsForm {
    fn of(assignment: &Assignment) -> Self {
        let [due, reminder, second, call, escalation] = assignment.terms.days().map(|days| days.to_string());
        let id = |id: Option<&OfficerId>| id.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default();
        let substitute = |n: usize| id(assignment.substitutes.get(n));
        Self {
            recipient: id(assignment.case_type.officer_id.as_ref()),
            substitute_1: substitute(0),
            substitute_2: substitute(1),
            substitute_3: substitute(2),
            substitute_4: substitute(3),
            substitute_5: substitute(4),
            due,
            reminder,
            second_reminder: second,
            call_task: call,
            escalation,
            checklist: assignment.checklist.join("\n"),
            public_text: assignment.case_type.public_text.clone(),
        }
    }

    fn substitutes(&self) -> [&str; SUBSTITUTES_MAX] {
        [&self.substitute_1, &self.substitute_2, &self.substitute_3, &self.substitute_4, &self.substitute_5]
    }

    /// The command, or what cannot be read.
    fn read(&self, words: &Words, case_type_id: CaseTypeId) -> Result<PutTerms, Faults> {
        let mut faults = Faults::none();
        let mut days = |field: &'static str, typed: &str| {
            let read = typed.trim().parse::<u16>().ok().filter(|n| (1..=TERM_WORKING_DAYS_MAX).contains(n));
            if read.is_none() {
                faults.add(field, t!(words, "terms-fault-days", max = TERM_WORKING_DAYS_MAX));
            }
            read.unwrap_or(1)
        };
        let all = [
            days("due", &self.due),
            days("reminder", &self.reminder),
            days("second_reminder", &self.second_reminder),
            days("call_task", &self.call_task),
            days("escalation", &self.escalation),
        ];
        let officer = |typed: &str| typed.parse().ok().map(OfficerId::from_untyped_uuid);
        let mut substitutes = Vec::new();
        for (field, typed) in SUBSTITUTE_FIELDS.into_iter().zip(self.substitutes()) {
            match (typed.is_empty(), officer(typed)) {
                (true, _) => {}
                (false, Some(id)) => substitutes.push(id),
                (false, None) => faults.add(field, t!(words, "fault-choose")),
            }
        }
        let recipient = officer(&self.recipient);
        if recipient.is_none() && !self.recipient.is_empty() {
            faults.add("recipient", t!(words, "fault-choose"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let [due, reminder, second, call, escalation] = all;
        let terms =
            Terms::new(due, reminder, second, call, escalation).map_err(|error| terms_fault(words, error))?;
        Ok(PutTerms {
            case_type_id,
            recipient,
            substitutes,
            terms,
            checklist: self.checklist.clone(),
            public_text: self.public_text.clone(),
        })
    }
}

fn terms_fault(words: &Words, error: TermsError) -> Faults {
    Faults::one("reminder", cases::words::problem(words.language(), &CasesError::Terms(error)))
}

/// `GET /admin/terms/{id}`
///
/// # Errors
/// There is no such case type; the database.
async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    page(&state, &visit, CaseTypeId::from_untyped_uuid(id), None, &Faults::none()).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    id: CaseTypeId,
    typed: Option<&TermsForm>,
    faults: &Faults,
) -> Result<Markup, PageError> {
    let house = state.cases.terms;
    let (assignment, officers) = state
        .db
        .read(move |s| -> Result<_, CasesError> {
            let assignment = assignment(s, id, house)?;
            let of = assignment.case_type.department_id;
            Ok((assignment, people::directory::queries::officers_of(s, of)?))
        })
        .await?;
    let words = visit.words;
    let stored = TermsForm::of(&assignment);
    let form = typed.unwrap_or(&stored);
    let content = html! {
        p { a href="/admin/terms" { (t!(words, "terms-back")) } }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        @if visit.may(Action::ChangeTerms) {
            (edit(visit, id, form, &choices(&officers), faults))
        } @else {
            div .sheet { (shown(words, &assignment, &officers)) }
        }
    };
    Ok(Page::narrow(t!(words, "terms-of", name = assignment.case_type.name)).around(visit, &content))
}

fn choices(officers: &[Officer]) -> Vec<Choice> {
    let name = |officer: &Officer| format!("{}, {}", officer.name, officer.title);
    officers.iter().map(|officer| Choice::new(officer.id.into_untyped_uuid(), name(officer))).collect()
}

fn edit(visit: &Visit, id: CaseTypeId, form: &TermsForm, officers: &[Choice], faults: &Faults) -> Markup {
    let words = visit.words;
    let who = |name: &'static str, label: String, chosen: &str| {
        Select {
            name,
            prefix: "terms",
            label,
            choices: officers,
            chosen,
            nothing: Some(t!(words, "terms-nobody")),
            required: false,
            type_ahead_next: None,
        }
        .show(words, faults)
    };
    let days = |name: &'static str, label: String, value: &str| {
        Field::line("terms", name, label, value).room(3).show(words, faults)
    };
    html! {
        form .sheet method="post" action=(path(id)) {
            (forms::token(visit))
            h2 { (t!(words, "terms-who")) }
            (who("recipient", t!(words, "terms-recipient"), &form.recipient))
            p .hint { (t!(words, "terms-substitutes-hint")) }
            @for (n, (name, chosen)) in (1_usize..).zip(SUBSTITUTE_FIELDS.into_iter().zip(form.substitutes())) {
                (who(name, t!(words, "terms-substitute", n = n), chosen))
            }
            h2 { (t!(words, "terms-when")) }
            p .hint { (t!(words, "terms-when-hint")) }
            (days("due", t!(words, "terms-due"), &form.due))
            (days("reminder", t!(words, "terms-reminder"), &form.reminder))
            (days("second_reminder", t!(words, "terms-second-reminder"), &form.second_reminder))
            (days("call_task", t!(words, "terms-call-task"), &form.call_task))
            (days("escalation", t!(words, "terms-escalation"), &form.escalation))
            h2 { (t!(words, "terms-texts")) }
            (Field::line("terms", "checklist", t!(words, "terms-checklist"), &form.checklist).kind(Kind::Text).optional()
                .hint(t!(words, "terms-checklist-hint", max = CHECKLIST_POINTS_MAX))
                .room(CHECKLIST_POINTS_MAX * (CHECKLIST_POINT_CHARS_MAX + 1)).show(words, faults))
            (Field::line("terms", "public_text", t!(words, "terms-public-text"), &form.public_text).kind(Kind::Text).optional()
                .hint(t!(words, "terms-public-text-hint")).room(PUBLIC_TEXT_CHARS_MAX).show(words, faults))
            p { button type="submit" .primary { (t!(words, "terms-save")) } }
        }
    }
}

fn shown(words: &Words, assignment: &Assignment, officers: &[Officer]) -> Markup {
    let name = |id: &OfficerId| {
        officers.iter().find(|officer| officer.id == *id).map(|officer| officer.name.clone())
    };
    let recipient = assignment.case_type.officer_id.as_ref().and_then(name);
    let substitutes: Vec<String> = assignment.substitutes.iter().filter_map(name).collect();
    let [due, reminder, second, call, escalation] = assignment.terms.days();
    html! {
        dl .facts {
            dt { (t!(words, "terms-recipient")) }
            dd { (recipient.unwrap_or_else(|| t!(words, "terms-recipient-none"))) }
            @if !substitutes.is_empty() {
                dt { (t!(words, "terms-substitutes")) } dd { (substitutes.join(", ")) }
            }
            @for (label, days) in [
                (t!(words, "terms-due"), due), (t!(words, "terms-reminder"), reminder),
                (t!(words, "terms-second-reminder"), second), (t!(words, "terms-call-task"), call),
                (t!(words, "terms-escalation"), escalation),
            ] { dt { (label) } dd { (t!(words, "terms-days", n = days)) } }
        }
        (checklist(words, &assignment.checklist))
        @if !assignment.case_type.public_text.is_empty() {
            h2 { (t!(words, "terms-public-text")) }
            p .pre { (assignment.case_type.public_text) }
        }
    }
}

/// What the department wants to know, as a list.
#[must_use]
pub fn checklist(words: &Words, points: &[String]) -> Markup {
    html! {
        @if !points.is_empty() {
            div .checklist {
                p { strong { (t!(words, "terms-checklist-shown")) } }
                ul { @for point in points { li { (point) } } }
            }
        }
    }
}

/// `POST /admin/terms/{id}`
///
/// # Errors
/// There is no such case type; the database.
async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(form): Form<TermsForm>,
) -> Result<Response, PageError> {
    let (words, id) = (visit.words, CaseTypeId::from_untyped_uuid(id));
    let faults = match form.read(words, id) {
        Err(faults) => faults,
        Ok(cmd) => {
            let ctx = visit.context(&state);
            match state.db.write(move |s| put_terms(s, &ctx, &cmd)).await {
                Ok(_) => return Ok(Redirect::to("/admin/terms").into_response()),
                Err(CasesError::NotFound { what: "officer" }) => {
                    Faults::one("recipient", t!(words, "fault-choose"))
                }
                Err(error @ (CasesError::NamedTwice | CasesError::OfficerInactive)) => {
                    Faults::one("recipient", cases::words::problem(words.language(), &error))
                }
                Err(error) => case_faults(words, error)?,
            }
        }
    };
    let page = page(&state, &visit, id, Some(&form), &faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Which case type's terms are asked for.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    case_type: String,
}

/// `GET /assignments/terms`: what choosing a type means, for the form in which it is chosen. Empty while none is.
///
/// # Errors
/// The database.
async fn fragment(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let Some(id) = asked.case_type.parse().ok().map(CaseTypeId::from_untyped_uuid) else {
        return Ok(html! {});
    };
    let (house, today) = (state.cases.terms, local_day(visit.now));
    let found = state
        .db
        .read(move |s| -> Result<_, CasesError> {
            let assignment = match assignment(s, id, house) {
                Err(CasesError::NotFound { .. }) => return Ok(None),
                other => other?,
            };
            let recipient = recipient(s, &assignment, today)?;
            Ok(Some((assignment, recipient)))
        })
        .await?;
    Ok(found
        .map_or_else(|| html! {}, |(assignment, recipient)| summary(&visit, &assignment, recipient.as_ref())))
}

/// What an assignment's terms mean for a case sent today: who gets it, by when, what to ask, what the resident reads.
#[must_use]
pub fn summary(visit: &Visit, assignment: &Assignment, recipient: Option<&Recipient>) -> Markup {
    let words = visit.words;
    let due = add_working_days(local_day(visit.now), assignment.terms.days()[0]);
    html! {
        div .terms {
            dl .facts {
                dt { (t!(words, "terms-goes-to")) }
                dd {
                    @match recipient {
                        Some(recipient) => {
                            (recipient.officer.name) ", " (recipient.officer.title)
                            @if recipient.is_away { " " span .badge .warn { (t!(words, "terms-all-away")) } }
                            @else if recipient.is_substitute { " " span .badge { (t!(words, "terms-is-substitute")) } }
                        }
                        None => (t!(words, "terms-recipient-none")),
                    }
                }
                dt { (t!(words, "terms-due-day")) } dd { (words.day(due)) }
            }
            (checklist(words, &assignment.checklist))
            @if !assignment.case_type.public_text.is_empty() {
                p { strong { (t!(words, "terms-resident-reads")) } }
                p .pre .soft { (assignment.case_type.public_text) }
            }
        }
    }
}

/// Where the summary of the type that is chosen in a form's `select[name=case_type]` appears. Without script the terms
/// decide all the same, when the form is sent.
#[must_use]
pub fn summary_slot() -> Markup {
    html! {
        div hx-get="/assignments/terms" hx-trigger="change from:closest form, load" hx-include="closest form"
            hx-params="case_type" hx-target="this" hx-swap="innerHTML" hx-select="" aria-live="polite" {}
    }
}
