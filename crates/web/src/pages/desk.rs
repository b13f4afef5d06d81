//! The desk: queue numbers, who waits, calling, logging; and the public screen, which shows numbers and nothing else.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    pages::guide::type_choices,
    routes::RouteTable,
    t,
    visit::Visit,
};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use cases::CaseType;
use correspondence::commands::{call_next, call_visit, come, end_visit, put_desk_queue};
use correspondence::queries::{self, DeskLine};
use correspondence::{CorrespondenceError, DeskQueue, VisitState};
use maud::{Markup, html};
use people::Action;
use people::directory::Department;
use serde::Deserialize;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseTypeId, ContactOutcome, VisitId, local_day};

/// The routes of this room.
pub fn routes(table: &mut RouteTable) {
    table.get("/desk", Action::WorkDesk, show);
    table.post("/desk/visits", Action::WorkDesk, arrive);
    table.post("/desk/next", Action::WorkDesk, next);
    table.post("/desk/queues", Action::AdministerMail, put_queue);
    table.get("/desk/visits/{id}/ticket", Action::WorkDesk, ticket);
    table.post("/desk/visits/{id}/call", Action::WorkDesk, call);
    table.post("/desk/visits/{id}/end", Action::WorkDesk, end);
    table.get("/desk/screen", Action::ReadPublic, screen);
    table.get("/desk/screen/now", Action::ReadPublic, screen_now);
}

struct Loaded {
    queues: Vec<DeskQueue>,
    visits: Vec<DeskLine>,
    types: Vec<CaseType>,
    departments: Vec<Department>,
}

/// What was wrong with which form: a visit's id, `next` or `queue`.
#[derive(Default)]
struct Wrong {
    of: String,
    faults: Faults,
}

/// `GET /desk`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Wrong::default()).await
}

async fn page(state: &AppState, visit: &Visit, wrong: &Wrong) -> Result<Markup, PageError> {
    let words = visit.words;
    let day = local_day(visit.now);
    let loaded = state
        .db
        .read(move |s| -> Result<_, CorrespondenceError> {
            Ok(Loaded {
                queues: queries::desk_queues(s)?,
                visits: queries::visits_of_day(s, day)?,
                types: cases::queries::case_types(s)?,
                departments: people::directory::queries::departments(s)?,
            })
        })
        .await?;
    let here = |state: VisitState| move |line: &&DeskLine| line.visit.state == state;
    let content = html! {
        @if let Some(fault) = wrong.faults.of("form") { (forms::refused(fault)) }
        div .columns {
            div {
                (numbers(visit, &loaded))
                section .card aria-labelledby="waiting-heading" {
                    h2 #waiting-heading { (t!(words, "reception-waiting")) }
                    (next_form(visit, &loaded))
                    (waiting(visit, &loaded))
                }
            }
            div {
                section aria-labelledby="called-heading" {
                    h2 #called-heading { (t!(words, "reception-called")) }
                    @if !loaded.visits.iter().any(|line| line.visit.state == VisitState::Called) { div .card { (lists::empty(&t!(words, "reception-none-called"))) } }
                    @for line in loaded.visits.iter().filter(here(VisitState::Called)) {
                        (called(visit, &loaded, line, wrong))
                    }
                }
                section aria-labelledby="done-heading" {
                    h2 #done-heading { (t!(words, "reception-done")) }
                    div .card { (done_today(visit, &loaded)) }
                }
                @if visit.may(Action::AdministerMail) { (queues(visit, wrong)) }
            }
        }
    };
    let aside = html! { a .button href="/desk/screen" target="_blank" rel="noopener" hx-boost="false" { (t!(words, "reception-screen")) } };
    Ok(Page::wide(t!(words, "reception-title")).with(aside).around(visit, &content))
}

/// One button for each queue: the visitor says what it is about, and gets a number.
fn numbers(visit: &Visit, loaded: &Loaded) -> Markup {
    let words = visit.words;
    html! {
        section .card aria-labelledby="numbers-heading" {
            h2 #numbers-heading { (t!(words, "reception-number")) }
            @if !loaded.queues.iter().any(|queue| queue.active) { (lists::empty(&t!(words, "reception-no-queues"))) }
            div .actions {
                @for queue in loaded.queues.iter().filter(|queue| queue.active) {
                    form method="post" action="/desk/visits" {
                        (forms::token(visit))
                        input type="hidden" name="letter" value=(queue.letter);
                        button type="submit" { (queue.letter) " · " (queue.name) }
                    }
                }
            }
        }
    }
}

fn next_form(visit: &Visit, loaded: &Loaded) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> = loaded
        .queues
        .iter()
        .filter(|queue| queue.active)
        .map(|queue| Choice::new(&queue.letter, format!("{} · {}", queue.letter, queue.name)))
        .collect();
    let select = Select {
        name: "letter",
        prefix: "next",
        label: t!(words, "reception-queue"),
        choices: &choices,
        chosen: "",
        nothing: Some(t!(words, "reception-any-queue")),
        required: false,
        type_ahead_next: None,
    };
    // Whoever has called before sits where they called to last.
    let me = visit.user_id();
    let mine = loaded.visits.iter().filter(|line| line.visit.called_by == Some(me));
    let desk = mine.max_by_key(|line| line.visit.called_at).and_then(|line| line.visit.desk.as_deref());
    html! {
        form .inline-form method="post" action="/desk/next" {
            (forms::token(visit))
            (select.show(words, &Faults::none()))
            (Field::line("next", "desk", t!(words, "reception-desk"), desk.unwrap_or_default()).optional().room(20)
                .show(words, &Faults::none()))
            button type="submit" .primary { (t!(words, "reception-call-next")) }
        }
    }
}

fn waiting(visit: &Visit, loaded: &Loaded) -> Markup {
    let words = visit.words;
    html! {
        @let waits: Vec<_> = loaded.visits.iter().filter(|line| line.visit.state == VisitState::Waiting).collect();
        @if waits.is_empty() { (lists::empty(&t!(words, "reception-none-waiting"))) }
        ul .plain-list {
            @for line in waits {
                @let id = line.visit.id.into_untyped_uuid();
                li .desk-line {
                    strong .ticket { (line.visit.ticket()) } " "
                    span .soft { (lists::counting(line.visit.came_at, visit.now)) } " "
                    a href=(format!("/desk/visits/{id}/ticket")) { (t!(words, "reception-ticket")) }
                    (forms::button(visit, &format!("/desk/visits/{id}/call"), "slim", &t!(words, "reception-call")))
                    (gone_button(visit, id))
                }
            }
        }
    }
}

fn gone_button(visit: &Visit, id: uuid::Uuid) -> Markup {
    html! {
        form method="post" action=(format!("/desk/visits/{id}/end")) {
            (forms::token(visit))
            input type="hidden" name="gone" value="yes";
            button type="submit" .slim { (t!(visit.words, "reception-gone")) }
        }
    }
}

/// A visitor at a desk, and the form that logs the visit like a call.
fn called(visit: &Visit, loaded: &Loaded, line: &DeskLine, wrong: &Wrong) -> Markup {
    let words = visit.words;
    let id = line.visit.id.into_untyped_uuid();
    let own = line.visit.called_by == Some(visit.user_id());
    let none = Faults::none();
    let faults = if wrong.of == id.to_string() { &wrong.faults } else { &none };
    let types = type_choices(&loaded.types, &loaded.departments);
    let outcomes: Vec<Choice> = ContactOutcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome, words.word("outcome", outcome.as_str())))
        .collect();
    let select = |name, label, choices| Select {
        name,
        prefix: "visit",
        label,
        choices,
        chosen: "",
        nothing: Some(t!(words, "choose")),
        required: true,
        type_ahead_next: None,
    };
    html! {
        article .card {
            div .card-head {
                h3 .ticket { (line.visit.ticket()) }
                span .soft { @if let Some(desk) = &line.visit.desk { (t!(words, "reception-at", desk = desk.clone())) " · " }
                    (line.called_by_name.as_deref().unwrap_or_default()) }
            }
            div .actions .desk-line {
                (forms::button(visit, &format!("/desk/visits/{id}/call"), "slim", &t!(words, "reception-call-again")))
                (gone_button(visit, id))
            }
            @if own {
                form #visit-form method="post" action=(format!("/desk/visits/{id}/end")) {
                    (forms::token(visit))
                    (select("case_type", t!(words, "log-type"), &types).show(words, faults))
                    (select("outcome", t!(words, "log-outcome"), &outcomes).show(words, faults))
                    (Field::line("visit", "note", t!(words, "log-note"), "").kind(Kind::Text).optional()
                        .room(contacts::NOTE_CHARS_MAX).show(words, faults))
                    button type="submit" .primary { (t!(words, "reception-log")) }
                }
            }
        }
    }
}

fn done_today(visit: &Visit, loaded: &Loaded) -> Markup {
    let words = visit.words;
    let count = |state| loaded.visits.iter().filter(|line| line.visit.state == state).count();
    html! {
        p { (t!(words, "reception-today", served = count(VisitState::Served), gone = count(VisitState::Gone))) }
    }
}

fn queues(visit: &Visit, wrong: &Wrong) -> Markup {
    let words = visit.words;
    let none = Faults::none();
    let faults = if wrong.of == "queue" { &wrong.faults } else { &none };
    html! {
        details .card open[wrong.of == "queue"] {
            summary { (t!(words, "reception-queue-change")) }
            form method="post" action="/desk/queues" {
                (forms::token(visit))
                (Field::line("queue", "letter", t!(words, "reception-letter"), "").hint(t!(words, "reception-letter-hint")).room(1).show(words, faults))
                (Field::line("queue", "name", t!(words, "name"), "").room(120).show(words, faults))
                (forms::tick("queue", "active", &t!(words, "mail-in-use"), true))
                p { button type="submit" { (t!(words, "save")) } }
            }
        }
    }
}

/// A queue's letter.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LetterForm {
    #[serde(default)]
    letter: String,
    #[serde(default)]
    desk: String,
}

/// `POST /desk/visits`: the next number; shows the ticket.
///
/// # Errors
/// There is no such queue; the database.
pub async fn arrive(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<LetterForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let came = state.db.write(move |s| come(s, &ctx, &asked.letter, None)).await?;
    Ok(Redirect::to(&format!("/desk/visits/{}/ticket", came.visit.id.into_untyped_uuid())).into_response())
}

/// `GET /desk/visits/{id}/ticket`: to be printed.
///
/// # Errors
/// There is no such visit; the database.
pub async fn ticket(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let line = state
        .db
        .read(move |s| queries::visit(s, VisitId::from_untyped_uuid(id)))
        .await?
        .ok_or(PageError::NotFound)?;
    let words = visit.words;
    let content = html! {
        div .sheet .ticket-sheet {
            p { (visit.config.town) }
            p .ticket-number { (line.visit.ticket()) }
            p { (words.day_and_time(line.visit.came_at)) }
            p { (t!(words, "reception-ticket-help")) }
        }
        p .no-print { a href="/desk" { (t!(words, "reception-back")) } }
    };
    Ok(Page::narrow(t!(words, "reception-ticket")).around(&visit, &content))
}

/// `POST /desk/next`
///
/// # Errors
/// The database.
pub async fn next(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<LetterForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let letter = Some(asked.letter).filter(|letter| !letter.is_empty());
    let done = state.db.write(move |s| call_next(s, &ctx, letter.as_deref(), &asked.desk)).await;
    answered(&state, &visit, "next".to_owned(), done.map(drop)).await
}

/// `POST /desk/visits/{id}/call`: calls, or calls again, to the desk the visitor was called to before.
///
/// # Errors
/// There is no such visit; the database.
pub async fn call(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<LetterForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let visit_id = VisitId::from_untyped_uuid(id);
    let done = state
        .db
        .write(move |s| {
            let before = queries::visit(s, visit_id)?.and_then(|line| line.visit.desk).unwrap_or_default();
            let desk = if asked.desk.is_empty() { &before } else { &asked.desk };
            call_visit(s, &ctx, visit_id, desk)
        })
        .await;
    answered(&state, &visit, id.to_string(), done.map(drop)).await
}

/// How a visit ended.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct EndForm {
    gone: Option<String>,
    #[serde(default)]
    case_type: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
}

/// `POST /desk/visits/{id}/end`: logged like a call, or gone.
///
/// # Errors
/// There is no such visit; the database.
pub async fn end(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<EndForm>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let visit_id = VisitId::from_untyped_uuid(id);
    let done = if asked.gone.is_some() {
        state.db.write(move |s| end_visit(s, &ctx, visit_id, false).map(drop)).await
    } else {
        let missing = |field| people::text::TextError { field, fault: people::text::TextFault::Missing };
        let case_type = asked.case_type.parse::<uuid::Uuid>().map(CaseTypeId::from_untyped_uuid);
        match (case_type, asked.outcome.parse::<ContactOutcome>()) {
            (Err(_), _) => Err(missing("case_type").into()),
            (_, Err(_)) => Err(missing("outcome").into()),
            (Ok(case_type), Ok(outcome)) => {
                state
                    .db
                    .write(move |s| -> Result<(), CorrespondenceError> {
                        let contact = end_visit(s, &ctx, visit_id, true)?.contact_id;
                        let log = contacts::Log { contact, case_type, outcome, note: asked.note.clone() };
                        contacts::commands::log(s, &ctx, &log)?;
                        Ok(())
                    })
                    .await
            }
        }
    };
    answered(&state, &visit, id.to_string(), done).await
}

/// A queue as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct QueueForm {
    #[serde(default)]
    letter: String,
    #[serde(default)]
    name: String,
    active: Option<String>,
}

/// `POST /desk/queues`
///
/// # Errors
/// The database.
pub async fn put_queue(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<QueueForm>,
) -> Result<Response, PageError> {
    let cmd = DeskQueue {
        letter: asked.letter,
        name: asked.name,
        answer_group_id: None,
        active: asked.active.is_some(),
    };
    let done = state.db.write(move |s| put_desk_queue(s, &cmd)).await;
    answered(&state, &visit, "queue".to_owned(), done.map(drop)).await
}

async fn answered(
    state: &AppState,
    visit: &Visit,
    of: String,
    done: Result<(), CorrespondenceError>,
) -> Result<Response, PageError> {
    let words = visit.words;
    let faults = match done {
        Ok(()) => return Ok(Redirect::to("/desk").into_response()),
        Err(CorrespondenceError::Text(error)) => Faults::one(error.field, text_fault(words, error.fault)),
        Err(CorrespondenceError::NobodyWaits) => Faults::one("form", t!(words, "reception-nobody")),
        Err(CorrespondenceError::NotFound { what: "visit that waits" }) => {
            Faults::one("form", t!(words, "reception-over"))
        }
        Err(CorrespondenceError::Contact(contacts::ContactsError::NotFound { .. })) => {
            Faults::one("case_type", t!(words, "fault-choose"))
        }
        Err(other) => return Err(other.into()),
    };
    let page = page(state, visit, &Wrong { of, faults }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `GET /desk/screen`: for the wall, without an account. Numbers and desks; nothing of whom or what.
///
/// # Errors
/// The database.
pub async fn screen(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let content = html! {
        div #screen .screen aria-live="polite" hx-get="/desk/screen/now" hx-trigger="every 3s" hx-target="this" hx-select=""
            hx-swap="innerHTML" { (now_called(&state, &visit).await?) }
    };
    Ok(Page::wide(t!(visit.words, "reception-screen-title")).around(&visit, &content))
}

/// `GET /desk/screen/now`: the screen's content alone.
///
/// # Errors
/// The database.
pub async fn screen_now(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    now_called(&state, &visit).await
}

async fn now_called(state: &AppState, visit: &Visit) -> Result<Markup, PageError> {
    let day = local_day(visit.now);
    let called = state.db.read(move |s| queries::on_screen(s, day)).await?;
    let words = visit.words;
    Ok(html! {
        @if called.is_empty() { p .empty { (t!(words, "reception-screen-empty")) } }
        ol .screen-list {
            @for one in &called {
                li .over[one.state != VisitState::Called] {
                    strong { (one.ticket()) }
                    @if let Some(desk) = &one.desk { span { (t!(words, "reception-at", desk = desk.clone())) } }
                }
            }
        }
    })
}
