//! What somebody must do by telephone: officers who do not answer, cases without a recipient, residents to tell.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    pages::{
        cases::{case_faults, viewer},
        guide::officer_choices,
    },
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::{
    CallOutcome, CasesError, TaskKind,
    commands::{TaskEnd, complete_task, log_officer_call},
    queries::{OfficerCall, TaskLine, calls_about, open_tasks},
};
use maud::{Markup, html};
use people::Action;
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::GenericUuid as _;
use vocabulary::{OfficerId, TaskId, civil::Date};

/// How many tasks are shown; more are worked off from the oldest.
const TASKS_MAX: usize = 100;

/// `GET /tasks`
///
/// # Errors
/// The database.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, None).await
}

/// What was wrong with which task's form.
struct Wrong {
    task: TaskId,
    end: String,
    faults: Faults,
}

async fn page(state: &AppState, visit: &Visit, wrong: Option<&Wrong>) -> Result<Markup, PageError> {
    let words = visit.words;
    let viewer = viewer(visit);
    let (tasks, calls, officers, departments) = state
        .db
        .read(move |s| -> Result<_, CasesError> {
            let officers = people::directory::queries::officers(s)?;
            let tasks = open_tasks(s, viewer, TASKS_MAX)?;
            let mut calls: BTreeMap<TaskId, Vec<OfficerCall>> = BTreeMap::new();
            for line in tasks.iter().filter(|line| line.kind == TaskKind::CallOfficer) {
                let question = cases::queries::task(s, line.id)?.and_then(|task| task.follow_up_id);
                if let Some(question) = question {
                    calls.insert(line.id, calls_about(s, question)?);
                }
            }
            Ok((tasks, calls, officers, people::directory::queries::departments(s)?))
        })
        .await?;
    let choices = officer_choices(&officers, &departments);
    let undertaken = crate::pages::ahead::actions_for(state, visit).await?;
    let content = html! {
        (undertaken)
        @if tasks.is_empty() { div .card { (lists::empty(&t!(words, "tasks-none"))) } }
        @for task in &tasks {
            @let own = wrong.filter(|wrong| wrong.task == task.id);
            (card(visit, task, calls.get(&task.id).map_or(&[][..], Vec::as_slice), &choices, own))
        }
    };
    Ok(Page::narrow(t!(words, "tasks-title", n = tasks.len())).around(visit, &content))
}

fn card(
    visit: &Visit,
    task: &TaskLine,
    calls: &[OfficerCall],
    officers: &[Choice],
    wrong: Option<&Wrong>,
) -> Markup {
    let words = visit.words;
    let language = words.language();
    html! {
        article .card id=(format!("task-{}", task.id.into_untyped_uuid())) {
            div .card-head {
                h2 { (cases::words::task_name(language, task.kind)) }
                span .soft .small { (t!(words, "task-since", at = words.when(task.created_at, visit.now))) }
            }
            p { (cases::words::task_help(language, task.kind)) }
            dl .facts {
                dt { (t!(words, "case-number")) }
                dd { a href=(format!("/cases/{}", task.case_id.into_untyped_uuid())) { (task.number) }
                    @if let Some(title) = &task.title { " " (title) } }
                @if let Some(officer) = &task.officer {
                    dt { (t!(words, "case-officer")) }
                    dd { (officer) ", " (task.department)
                        @if let Some(telephone) = &task.officer_telephone { br; strong { (words.telephone(telephone)) } } }
                }
                @if let Some(sent) = task.sent_at { dt { (t!(words, "task-sent")) } dd { (words.day_and_time(sent)) } }
            }
            @if let Some(last) = calls.last() {
                p .soft { (t!(words, "task-calls", n = calls.len(), at = words.when(last.called_at, visit.now),
                    outcome = cases::words::call_outcome(language, last.outcome).to_lowercase())) }
            }
            @if visit.may(Action::DoTask) {
                @if task.kind == TaskKind::CallOfficer { (call_form(visit, task)) }
                @if let Some(fault) = wrong.and_then(|wrong| wrong.faults.of("form")) { (forms::refused(fault)) }
                @for end in ends(task.kind) { (end_form(visit, task, officers, end, wrong.filter(|wrong| wrong.end == *end))) }
            }
        }
    }
}

/// Writing down a call that did not lead to an answer; one that did is written down with the answer.
fn call_form(visit: &Visit, task: &TaskLine) -> Markup {
    let words = visit.words;
    let outcomes = CallOutcome::ALL.iter().filter(|outcome| **outcome != CallOutcome::Reached);
    html! {
        details {
            summary { (t!(words, "task-call")) }
            form method="post" action=(format!("/tasks/{}/call", task.id.into_untyped_uuid())) {
                (forms::token(visit))
                // Several tasks may stand on the page, so the label is around its field and needs no id.
                label .field {
                    (t!(words, "task-call-outcome"))
                    select name="outcome" {
                        @for outcome in outcomes {
                            option value=(outcome) { (cases::words::call_outcome(words.language(), *outcome)) }
                        }
                    }
                }
                p { button type="submit" { (t!(words, "task-call-save")) } }
            }
        }
    }
}

/// How a call went.
#[derive(Clone, Deserialize)]
pub struct CallForm {
    outcome: String,
}

/// `POST /tasks/{id}/call`
///
/// # Errors
/// There is no such task, or it is not about an officer; no such outcome; the database.
pub async fn log_call(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<CallForm>,
) -> Result<Redirect, PageError> {
    let outcome: CallOutcome = asked
        .outcome
        .parse()
        .map_err(|error: vocabulary::UnknownWord| PageError::Invalid(error.to_string()))?;
    let ctx = visit.context(&state);
    state
        .db
        .write(move |s| {
            let task = cases::queries::task(s, TaskId::from_untyped_uuid(id))?;
            let question = task
                .filter(|task| task.kind == TaskKind::CallOfficer)
                .and_then(|task| task.follow_up_id)
                .ok_or(CasesError::NotFound { what: "task" })?;
            log_officer_call(s, &ctx, question, outcome)
        })
        .await?;
    Ok(Redirect::to("/tasks"))
}

/// The ways in which a task of that kind ends.
const fn ends(kind: TaskKind) -> &'static [&'static str] {
    match kind {
        TaskKind::CallOfficer => &["answer_taken", "more_time", "sent_to", "not_needed"],
        TaskKind::ReadOfficerMail => &["answer_taken", "more_time", "sent_to", "message_read"],
        TaskKind::FindRecipient => &["sent_to", "not_needed"],
        TaskKind::TellResident => &["resident_told", "not_needed"],
        TaskKind::ReadMessage | TaskKind::ReadAddition => &["message_read"],
        TaskKind::DoStep | TaskKind::CallContractor => &["not_needed"],
    }
}

fn end_form(visit: &Visit, task: &TaskLine, officers: &[Choice], end: &str, wrong: Option<&Wrong>) -> Markup {
    let words = visit.words;
    let none = Faults::none();
    let faults = wrong.map_or(&none, |wrong| &wrong.faults);
    let officer = Select {
        name: "officer",
        prefix: "task",
        label: t!(words, "case-officer"),
        choices: officers,
        chosen: "",
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    let note = |label: String| Field::line("task", "note", label, "").kind(Kind::Text);
    html! {
        details open[wrong.is_some()] {
            summary { (words.word("task-end", end)) }
            form method="post" action=(format!("/tasks/{}", task.id.into_untyped_uuid())) {
                (forms::token(visit))
                input type="hidden" name="end" value=(end);
                @match end {
                    "answer_taken" => {
                        (note(t!(words, "officer-done-text")).show(words, faults))
                        (forms::tick("task", "public", &t!(words, "officer-done-public"), true))
                    }
                    "more_time" => {
                        (Field::line("task", "until", t!(words, "officer-more-time-until"), "").kind(Kind::Day).show(words, faults))
                        (note(t!(words, "officer-reason")).optional().show(words, faults))
                    }
                    "sent_to" => {
                        (officer.show(words, faults))
                        (note(t!(words, "case-message")).optional().show(words, faults))
                    }
                    "resident_told" | "message_read" => (note(t!(words, "task-note")).optional().show(words, faults)),
                    _ => (note(t!(words, "task-why")).show(words, faults)),
                }
                p { button type="submit" .primary { (t!(words, "task-done")) } }
            }
        }
    }
}

/// How a task ended.
#[derive(Clone, Deserialize)]
pub struct EndForm {
    end: String,
    #[serde(default)]
    note: String,
    public: Option<String>,
    #[serde(default)]
    until: String,
    #[serde(default)]
    officer: String,
}

fn read(asked: &EndForm) -> Result<TaskEnd, CasesError> {
    let note = asked.note.clone();
    Ok(match asked.end.as_str() {
        "answer_taken" => TaskEnd::AnswerTaken { text: note, public: asked.public.is_some() },
        "more_time" => {
            TaskEnd::MoreTime { until: asked.until.trim().parse().unwrap_or(Date::MIN), reason: note }
        }
        "sent_to" => {
            let officer =
                asked.officer.parse::<uuid::Uuid>().map_err(|_| CasesError::NotFound { what: "officer" })?;
            TaskEnd::SentTo { officer_id: OfficerId::from_untyped_uuid(officer), message: note }
        }
        "resident_told" => TaskEnd::ResidentTold { note },
        "message_read" => TaskEnd::MessageRead { note },
        "not_needed" => TaskEnd::NotNeeded { note },
        _ => return Err(CasesError::TaskMismatch),
    })
}

/// `POST /tasks/{id}`
///
/// # Errors
/// There is no such task; the database.
pub async fn complete(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<EndForm>,
) -> Result<Response, PageError> {
    let task = TaskId::from_untyped_uuid(id);
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let outcome = match read(&asked) {
        Ok(end) => state.db.write(move |s| complete_task(s, &ctx, &settings, task, &end)).await,
        Err(error) => Err(error),
    };
    let Err(error) = outcome else { return Ok(Redirect::to("/tasks").into_response()) };
    let faults = case_faults(visit.words, error)?;
    // Answers, reasons and notes are one field in this form.
    let faults = match ["answer", "reason", "message"].into_iter().find_map(|name| faults.of(name)) {
        Some(fault) => Faults::one("note", fault.to_owned()),
        None => faults,
    };
    let page = page(&state, &visit, Some(&Wrong { task, end: asked.end, faults })).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
