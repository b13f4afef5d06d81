//! One's own calendar addresses, and the calendars that are read: by address, or by a file that is sent in.

use super::{feed, parts};
use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    uploads::Upload,
    visit::Visit,
    words::Words,
};
use ahead::ical::Fault;
use ahead::import::{Outcome, take_in_file};
use ahead::queries::{self, Feed, Source};
use ahead::{AheadError, commands};
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use people::{Action, directory::Department};
use serde::Deserialize;
use vocabulary::{CalendarSourceId, DepartmentId, GenericUuid as _};

/// What came of a form.
#[derive(Default)]
struct Came {
    faults: Faults,
    given: SourceForm,
    read: Option<(CalendarSourceId, Result<Outcome, Fault>)>,
}

/// `GET /ahead/calendars`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Came::default()).await
}

async fn page(state: &AppState, visit: &Visit, came: &Came) -> Result<Markup, PageError> {
    let words = visit.words;
    let user = visit.user_id();
    let (feeds, sources, departments) = state
        .db
        .read(move |s| -> Result<_, AheadError> {
            let departments = people::directory::queries::departments(s)?;
            Ok((queries::feeds_of(s, user)?, queries::sources(s)?, departments))
        })
        .await?;
    let content = html! {
        (parts::ways(visit))
        (own_feeds(state, visit, &feeds, &departments))
        @if visit.may(Action::PlanEvents) {
            section .card aria-labelledby="sources-heading" {
                h2 #sources-heading { (t!(words, "ahead-sources")) }
                p { (t!(words, "ahead-sources-why")) }
                @if sources.is_empty() { (lists::empty(&t!(words, "ahead-sources-none"))) }
                @for source in &sources {
                    @let read = came.read.as_ref().filter(|(id, _)| *id == source.id).map(|(_, read)| read);
                    (source_card(visit, source, &departments, read))
                }
            }
            (new_source(visit, &departments, came))
        }
    };
    Ok(Page::narrow(t!(words, "ahead-calendars")).around(visit, &content))
}

fn own_feeds(state: &AppState, visit: &Visit, feeds: &[Feed], departments: &[Department]) -> Markup {
    let words = visit.words;
    let choices = parts::department_choices(departments);
    let department = Select {
        name: "department",
        prefix: "feed",
        label: t!(words, "ahead-feed-of"),
        choices: &choices,
        chosen: "",
        nothing: Some(t!(words, "ahead-all")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        section .card aria-labelledby="feeds-heading" {
            h2 #feeds-heading { (t!(words, "ahead-feeds")) }
            p { (t!(words, "ahead-feeds-why")) }
            @for feed in feeds {
                @let address = feed::address(state, feed.id);
                @let id = format!("feed-{}", feed.id.into_untyped_uuid());
                div .field {
                    label for=(id) {
                        @if feed.department.is_some() { (parts::department(departments, feed.department)) } @else { (t!(words, "ahead-all")) }
                    }
                    input id=(id) type="text" readonly value=(address);
                    p .small .soft {
                        @match feed.read_at { Some(at) => (t!(words, "ahead-feed-read", at = words.when(at, visit.now))), None => (t!(words, "ahead-feed-unread")) }
                    }
                }
                form method="post" action=(format!("/ahead/feeds/{}/revoke", feed.id.into_untyped_uuid())) {
                    (forms::token(visit))
                    button type="submit" { (t!(words, "ahead-feed-revoke")) span .visually-hidden { " " (parts::department(departments, feed.department)) } }
                }
            }
            form .row method="post" action="/ahead/feeds" {
                (forms::token(visit))
                (department.show(words, &Faults::none()))
                button type="submit" { (t!(words, "ahead-feed-make")) }
            }
        }
    }
}

fn source_card(
    visit: &Visit,
    source: &Source,
    departments: &[Department],
    read: Option<&Result<Outcome, Fault>>,
) -> Markup {
    let words = visit.words;
    let at = format!("/ahead/calendars/{}", source.id.into_untyped_uuid());
    let kept: Vec<Fault> = serde_json::from_str(&source.faults).unwrap_or_default();
    html! {
        article id=(format!("source-{}", source.id.into_untyped_uuid())) .event {
            h3 { (source.name) }
            p .small .soft {
                (parts::department(departments, source.department))
                @if let Some(at) = source.read_at { " · " (t!(words, "ahead-source-read", at = words.when(at, visit.now))) }
            }
            @match read {
                Some(Ok(outcome)) => {
                    (lists::notice("good", &t!(words, "ahead-source-outcome", new = outcome.new, changed = outcome.changed,
                        pending = outcome.pending, withdrawn = outcome.withdrawn, unchanged = outcome.unchanged)))
                }
                Some(Err(fault)) => (forms::refused(&fault_text(words, fault))),
                None => {}
            }
            @if let Some(fault) = &source.fault { p .field-error { (t!(words, "ahead-source-failed", why = why(words, fault))) } }
            @if !kept.is_empty() {
                p { (t!(words, "ahead-source-faults", n = kept.len())) }
                ul { @for fault in &kept { li { (fault_text(words, fault)) } } }
            }
            @if source.url.is_some() {
                form .actions method="post" action=(at) {
                    (forms::token(visit))
                    @if source.active {
                        button type="submit" name="do" value="fetch" { (t!(words, "ahead-source-fetch")) }
                        button type="submit" name="do" value="stop" { (t!(words, "ahead-source-stop")) }
                    } @else {
                        button type="submit" name="do" value="start" { (t!(words, "ahead-source-start")) }
                    }
                }
            } @else {
                form method="post" action=(format!("{at}/file")) enctype="multipart/form-data" hx-boost="false" {
                    (forms::token(visit))
                    @let id = format!("file-{}", source.id.into_untyped_uuid());
                    div .field { label for=(id) { (t!(words, "ahead-source-file")) }
                        input id=(id) type="file" name="file" accept=".ics,text/calendar" required; }
                    button type="submit" { (t!(words, "ahead-source-take-in")) }
                }
            }
        }
    }
}

/// A fault with its line.
fn fault_text(words: &Words, fault: &Fault) -> String {
    t!(
        words,
        "ahead-fault-line",
        line = fault.line,
        what = words.word("ahead-calendar-fault", fault.kind.as_str()),
        found = fault.found.clone()
    )
}

/// Why a calendar could not be fetched or read.
fn why(words: &Words, word: &str) -> String {
    if words.knows("ahead-calendar-fault", word) {
        words.word("ahead-calendar-fault", word)
    } else {
        words.word("ahead-fetch-fault", word)
    }
}

fn new_source(visit: &Visit, departments: &[Department], came: &Came) -> Markup {
    let words = visit.words;
    let choices = parts::department_choices(departments);
    let department = Select {
        name: "department",
        prefix: "source",
        label: t!(words, "ahead-department"),
        choices: &choices,
        chosen: &came.given.department,
        nothing: Some(t!(words, "ahead-no-department")),
        required: false,
        type_ahead_next: None,
    };
    html! {
        section .card aria-labelledby="source-new-heading" {
            h2 #source-new-heading { (t!(words, "ahead-source-new")) }
            form method="post" action="/ahead/calendars" {
                (forms::token(visit))
                @if let Some(fault) = came.faults.of("form") { (forms::refused(fault)) }
                (Field::line("source", "name", t!(words, "name"), &came.given.name).show(words, &came.faults))
                (department.show(words, &came.faults))
                (Field::line("source", "url", t!(words, "ahead-source-url"), &came.given.url).optional().room(2_000)
                    .hint(t!(words, "ahead-source-url-hint")).show(words, &came.faults))
                button type="submit" .primary { (t!(words, "ahead-source-add")) }
            }
        }
    }
}

/// A calendar to be read.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SourceForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    url: String,
}

/// `POST /ahead/calendars`
///
/// # Errors
/// The database.
pub(super) async fn add(
    State(state): State<AppState>,
    visit: Visit,
    Form(given): Form<SourceForm>,
) -> Result<Response, PageError> {
    let words = visit.words;
    // Whether the name leads to a public address is seen when it is fetched; what can be told by its looks is told now.
    let url = given.url.trim().replace("webcal://", "https://");
    let reach = if state.demo.is_some() { outward::Reach::PublicAndLoopback } else { outward::Reach::Public };
    let faults = if !url.is_empty() && outward::Target::read(&url, reach).is_err() {
        Faults::one("url", t!(words, "ahead-source-url-hint"))
    } else {
        let department = given.department.parse().ok().map(DepartmentId::from_untyped_uuid);
        let (ctx, name) = (visit.context(&state), given.name.clone());
        match state.db.write(move |s| commands::add_source(s, &ctx, &name, department, &url)).await {
            Ok(_) => return Ok(Redirect::to("/ahead/calendars").into_response()),
            Err(error) => super::faults(words, error)?,
        }
    };
    let page = page(&state, &visit, &Came { faults, given, read: None }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What is done with a calendar.
#[derive(Debug, Deserialize)]
pub(super) struct SwitchForm {
    #[serde(rename = "do", default)]
    what: String,
}

/// `POST /ahead/calendars/{id}`
///
/// # Errors
/// There is no such calendar; the database.
pub(super) async fn switch(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(asked): Form<SwitchForm>,
) -> Result<Redirect, PageError> {
    let (ctx, id) = (visit.context(&state), CalendarSourceId::from_untyped_uuid(id));
    state
        .db
        .write(move |s| match asked.what.as_str() {
            "stop" => commands::set_source_active(s, &ctx, id, false),
            "start" => commands::set_source_active(s, &ctx, id, true),
            _ => commands::calendars::fetch_now(s, &ctx, id),
        })
        .await?;
    Ok(Redirect::to("/ahead/calendars"))
}

/// `POST /ahead/calendars/{id}/file`
///
/// # Errors
/// There is no such calendar; the database.
pub(super) async fn upload(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    upload: Upload,
) -> Result<Response, PageError> {
    let id = CalendarSourceId::from_untyped_uuid(id);
    let file = upload.into_files().into_iter().next().map(|file| file.bytes).unwrap_or_default();
    let ctx = visit.context(&state);
    let (status, read) = match state.db.write(move |s| take_in_file(s, &ctx, id, &file)).await {
        Ok(outcome) => (StatusCode::OK, Ok(outcome)),
        Err(AheadError::Calendar(fault)) => (StatusCode::UNPROCESSABLE_ENTITY, Err(fault)),
        Err(error) => return Err(error.into()),
    };
    let page = page(&state, &visit, &Came { read: Some((id, read)), ..Came::default() }).await?;
    Ok((status, page).into_response())
}
