//! The departments' officers and functions, and when they are away.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    routes::RouteTable,
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
use maud::{Markup, html};
use people::directory::absences::{Absence, AbsenceError, add_absence, remove_absence};
use people::directory::commands::create_function;
use people::directory::{Department, NewOfficer, Officer, RecipientKind, queries};
use people::{Action, PeopleError};
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{AbsenceId, DepartmentId, Language, OfficerId, local_day};

/// Pages and what they are.
pub fn routes(table: &mut RouteTable) {
    table.get("/officers", Action::ChangeAbsences, list);
    table.post("/officers/absences", Action::ChangeAbsences, add);
    table.post("/officers/absences/{id}/remove", Action::ChangeAbsences, remove);
    table.post("/officers/functions", Action::ChangeTerms, add_function);
}

/// What the form for an absence sends.
#[derive(Clone, Debug, Default, Deserialize)]
struct AbsenceForm {
    #[serde(default)]
    officer: String,
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    last_day: String,
}

/// What the form for a function sends.
#[derive(Clone, Debug, Default, Deserialize)]
struct FunctionForm {
    #[serde(default)]
    department: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    telephone: String,
}

/// What has been typed and was not accepted.
#[derive(Clone, Debug, Default)]
struct Typed {
    absence: AbsenceForm,
    absence_faults: Faults,
    function: FunctionForm,
    function_faults: Faults,
}

/// `GET /officers`
///
/// # Errors
/// The database.
async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Typed::default()).await
}

async fn page(state: &AppState, visit: &Visit, typed: &Typed) -> Result<Markup, PageError> {
    let (words, today) = (visit.words, local_day(visit.now));
    let (departments, officers, absences) = state
        .db
        .read(move |s| -> Result<_, PeopleError> {
            Ok((queries::departments(s)?, queries::officers(s)?, queries::absences_from(s, today)?))
        })
        .await?;
    let content = html! {
        div .columns {
            div {
                @for department in &departments {
                    @let own: Vec<&Officer> = officers.iter().filter(|o| o.department == department.id).collect();
                    @if !own.is_empty() { (of_department(visit, department, &own, &absences)) }
                }
            }
            div {
                (absence_form(visit, &departments, &officers, typed))
                @if visit.may(Action::ChangeTerms) { (function_form(visit, &departments, typed)) }
            }
        }
    };
    Ok(Page::wide(t!(words, "officers-title")).around(visit, &content))
}

fn of_department(
    visit: &Visit,
    department: &Department,
    officers: &[&Officer],
    absences: &[Absence],
) -> Markup {
    let (words, today) = (visit.words, local_day(visit.now));
    html! {
        section .card {
            h2 { (department.name) }
            ul .plain {
                @for officer in officers {
                    @let own: Vec<&Absence> = absences.iter().filter(|a| a.officer == officer.id).collect();
                    li {
                        strong { (officer.name) } " " span .soft { (officer.title) }
                        @if officer.kind == RecipientKind::Function { " " span .badge { (t!(words, "officers-function")) } }
                        @if own.iter().any(|absence| absence.covers(today)) { " " span .badge .warn { (t!(words, "officers-away")) } }
                        @if let Some(telephone) = &officer.telephone { br; (words.telephone(telephone)) }
                        @for absence in own { (absence_line(visit, officer, absence)) }
                    }
                }
            }
        }
    }
}

fn absence_line(visit: &Visit, officer: &Officer, absence: &Absence) -> Markup {
    let words = visit.words;
    let label = t!(words, "officers-absence-remove-of", name = officer.name.clone());
    html! {
        div .absence {
            span .small { (period(words, absence)) }
            form method="post" action=(format!("/officers/absences/{}/remove", absence.id.into_untyped_uuid())) {
                (forms::token(visit))
                button type="submit" .slim aria-label=(label) { (t!(words, "officers-absence-remove")) }
            }
        }
    }
}

fn period(words: &Words, absence: &Absence) -> String {
    let from = words.day(absence.first_day);
    match absence.last_day {
        Some(last) => t!(words, "officers-absence", from = from, to = words.day(last)),
        None => t!(words, "officers-absence-open", from = from),
    }
}

fn absence_form(visit: &Visit, departments: &[Department], officers: &[Officer], typed: &Typed) -> Markup {
    let (words, faults) = (visit.words, &typed.absence_faults);
    let people: Vec<Officer> = officers.iter().filter(|o| o.kind == RecipientKind::Person).cloned().collect();
    let choices = super::guide::officer_choices(&people, departments);
    let officer = Select {
        name: "officer",
        prefix: "absence",
        label: t!(words, "case-officer"),
        choices: &choices,
        chosen: &typed.absence.officer,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        section .card {
            h2 { (t!(words, "officers-absence-new")) }
            p .hint { (t!(words, "officers-absence-hint")) }
            form method="post" action="/officers/absences" {
                (forms::token(visit))
                (officer.show(words, faults))
                (Field::line("absence", "first_day", t!(words, "officers-first-day"), &typed.absence.first_day).kind(Kind::Day).show(words, faults))
                (Field::line("absence", "last_day", t!(words, "officers-last-day"), &typed.absence.last_day).kind(Kind::Day).optional()
                    .hint(t!(words, "officers-last-day-hint")).show(words, faults))
                button type="submit" .primary { (t!(words, "officers-absence-add")) }
            }
        }
    }
}

fn function_form(visit: &Visit, departments: &[Department], typed: &Typed) -> Markup {
    let (words, faults) = (visit.words, &typed.function_faults);
    let choices: Vec<Choice> =
        departments.iter().map(|d| Choice::new(d.id.into_untyped_uuid(), d.name.clone())).collect();
    let department = Select {
        name: "department",
        prefix: "function",
        label: t!(words, "officers-department"),
        choices: &choices,
        chosen: &typed.function.department,
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        section .card {
            h2 { (t!(words, "officers-function-new")) }
            p .hint { (t!(words, "officers-function-hint")) }
            form method="post" action="/officers/functions" {
                (forms::token(visit))
                (department.show(words, faults))
                (Field::line("function", "name", t!(words, "officers-function-name"), &typed.function.name).show(words, faults))
                (Field::line("function", "email", t!(words, "officers-function-email"), &typed.function.email).kind(Kind::Email).show(words, faults))
                (Field::line("function", "telephone", t!(words, "officers-function-telephone"), &typed.function.telephone)
                    .kind(Kind::Telephone).optional().show(words, faults))
                button type="submit" { (t!(words, "officers-function-add")) }
            }
        }
    }
}

/// `POST /officers/absences`
///
/// # Errors
/// The database.
async fn add(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<AbsenceForm>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let officer = form.officer.parse().ok().map(OfficerId::from_untyped_uuid);
    let first = form.first_day.trim().parse::<Date>().ok();
    let last =
        Some(form.last_day.trim()).filter(|day| !day.is_empty()).map(str::parse::<Date>).transpose().ok();
    let mut faults = Faults::none();
    if officer.is_none() {
        faults.add("officer", t!(words, "fault-choose"));
    }
    if first.is_none() {
        faults.add("first_day", t!(words, "officers-fault-day"));
    }
    if last.is_none() {
        faults.add("last_day", t!(words, "officers-fault-day"));
    }
    if let (Some(officer), Some(first), Some(last)) = (officer, first, last) {
        let ctx = visit.context(&state);
        match state.db.write(move |s| add_absence(s, &ctx, officer, first, last)).await {
            Ok(_) => return Ok(Redirect::to("/officers").into_response()),
            Err(AbsenceError::Days) => faults.add("last_day", t!(words, "officers-fault-days")),
            Err(AbsenceError::Function | AbsenceError::People(PeopleError::NotFound { .. })) => {
                faults.add("officer", t!(words, "fault-choose"));
            }
            Err(AbsenceError::TooMany) => faults.add("officer", t!(words, "officers-fault-many")),
            Err(AbsenceError::People(error)) => return Err(error.into()),
        }
    }
    let typed = Typed { absence: form, absence_faults: faults, ..Typed::default() };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&state, &visit, &typed).await?).into_response())
}

/// `POST /officers/absences/{id}/remove`
///
/// # Errors
/// The database.
async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    let removed = state.db.write(move |s| remove_absence(s, &ctx, AbsenceId::from_untyped_uuid(id))).await;
    match removed {
        Ok(()) => Ok(Redirect::to("/officers")),
        Err(AbsenceError::People(error)) => Err(error.into()),
        Err(error) => Err(PageError::Invalid(error.to_string())),
    }
}

/// `POST /officers/functions`
///
/// # Errors
/// The database.
async fn add_function(
    State(state): State<AppState>,
    visit: Visit,
    Form(form): Form<FunctionForm>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let faults = match form.department.parse().ok().map(DepartmentId::from_untyped_uuid) {
        None => Faults::one("department", t!(words, "fault-choose")),
        Some(department) => {
            let cmd = NewOfficer {
                department,
                name: form.name.clone(),
                title: t!(words, "officers-function-title"),
                email: form.email.clone(),
                telephone: Some(form.telephone.clone()).filter(|typed| !typed.trim().is_empty()),
                language: Language::Swedish,
            };
            let ctx = visit.context(&state);
            match state.db.write(move |s| create_function(s, &ctx, &cmd)).await {
                Ok(_) => return Ok(Redirect::to("/officers").into_response()),
                Err(PeopleError::Text(error)) => Faults::one(error.field, text_fault(words, error.fault)),
                Err(PeopleError::Taken { .. }) => Faults::one("email", t!(words, "officers-fault-taken")),
                Err(PeopleError::NotFound { .. }) => Faults::one("department", t!(words, "fault-choose")),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let typed = Typed { function: form, function_faults: faults, ..Typed::default() };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&state, &visit, &typed).await?).into_response())
}
