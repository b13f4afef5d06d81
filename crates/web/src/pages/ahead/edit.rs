//! Planning an event, and changing one.

use super::draft::{self, Fields, text};
use super::parts;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    t,
    visit::Visit,
};
use ahead::{AheadError, EventKind, EventState, commands, queries};
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use knowledge::ArticleState;
use maud::{Markup, html};
use people::directory::Department;
use serde::Deserialize;
use vocabulary::{GenericUuid as _, PlannedEventId, local_day};

/// Most questions in the form.
pub(super) const QUESTIONS_MAX: usize = 20;
/// Most articles in the form.
pub(super) const ARTICLES_MAX: usize = 20;

/// What the form can choose from.
struct Choices {
    departments: Vec<Department>,
    articles: Vec<Choice>,
}

async fn choices(state: &AppState, visit: &Visit) -> Result<Choices, PageError> {
    let (departments, lines) = state
        .db
        .read(|s| -> Result<_, AheadError> {
            Ok((people::directory::queries::departments(s)?, knowledge::queries::overview(s)?))
        })
        .await?;
    let words = visit.words;
    let articles = lines
        .into_iter()
        .filter(|line| line.state != ArticleState::Archived)
        .map(|line| {
            let name = if line.state == ArticleState::Published {
                line.title
            } else {
                format!(
                    "{} ({})",
                    line.title,
                    words.word("article-state", line.state.as_str()).to_lowercase()
                )
            };
            Choice::new(line.id.into_untyped_uuid(), name)
        })
        .collect();
    Ok(Choices { departments, articles })
}

/// What a new event may begin with.
#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    #[serde(default)]
    day: String,
    #[serde(default)]
    department: String,
}

/// `GET /ahead/events/new`
///
/// # Errors
/// The database.
pub(super) async fn blank(
    State(state): State<AppState>,
    visit: Visit,
    Query(begun): Query<Begun>,
) -> Result<Markup, PageError> {
    let day = begun.day.parse().unwrap_or(local_day(visit.now));
    let fields = Fields::from([
        ("first_day".to_owned(), day.to_string()),
        ("kind".to_owned(), EventKind::Works.to_string()),
        ("department".to_owned(), begun.department),
    ]);
    let choices = choices(&state, &visit).await?;
    Ok(page(&visit, None, &fields, &choices, &Faults::none()))
}

/// `GET /ahead/events/{id}/edit`
///
/// # Errors
/// There is no such event, or it can no longer be changed; the database.
pub(super) async fn form(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Markup, PageError> {
    let id = PlannedEventId::from_untyped_uuid(id);
    let whole = state.db.read(move |s| queries::whole(s, id)).await?.ok_or(PageError::NotFound)?;
    let mut fields = draft::fields(&whole.draft());
    fields.insert("seen".to_owned(), whole.event.version.to_string());
    let choices = choices(&state, &visit).await?;
    Ok(page(&visit, Some(id), &fields, &choices, &Faults::none()))
}

fn page(
    visit: &Visit,
    id: Option<PlannedEventId>,
    fields: &Fields,
    choices: &Choices,
    faults: &Faults,
) -> Markup {
    let words = visit.words;
    let field = |name: &'static str, label: String| Field::line("event", name, label, text(fields, name));
    let kinds: Vec<Choice> = EventKind::ALL
        .iter()
        .map(|kind| Choice::new(kind, words.word("ahead-kind", kind.as_str())))
        .collect();
    let select = |name: &'static str, label: String, choices: &[Choice], nothing: Option<String>| {
        let required = nothing.is_none();
        Select {
            name,
            prefix: "event",
            label,
            choices,
            chosen: text(fields, name),
            nothing,
            required,
            type_ahead_next: None,
        }
        .show(words, faults)
    };
    let departments = parts::department_choices(&choices.departments);
    let action =
        id.map_or("/ahead/events".to_owned(), |id| format!("/ahead/events/{}", id.into_untyped_uuid()));
    let content = html! {
        form .card method="post" action=(action) {
            (forms::token(visit))
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            @if id.is_some() { input type="hidden" name="seen" value=(text(fields, "seen")); }
            (field("title", t!(words, "ahead-what")).room(160).show(words, faults))
            div .row {
                (select("kind", t!(words, "ahead-kind"), &kinds, None))
                (select("department", t!(words, "ahead-department"), &departments, Some(t!(words, "ahead-no-department"))))
            }
            (field("text", t!(words, "ahead-text")).kind(Kind::Text).optional().room(4_000).hint(t!(words, "ahead-text-hint")).show(words, faults))
            fieldset {
                legend { (t!(words, "ahead-when")) }
                p .hint { (t!(words, "ahead-when-hint")) }
                div .row {
                    (field("first_day", t!(words, "ahead-first-day")).kind(Kind::Day).show(words, faults))
                    (parts::time_field("event", "begins", &t!(words, "ahead-begins"), text(fields, "begins"), faults.of("begins")))
                }
                div .row {
                    (field("last_day", t!(words, "ahead-last-day")).kind(Kind::Day).optional().show(words, faults))
                    (parts::time_field("event", "ends", &t!(words, "ahead-ends"), text(fields, "ends"), faults.of("ends")))
                }
                (forms::tick("event", "open", &t!(words, "ahead-open"), text(fields, "open") == "yes"))
            }
            (field("place", t!(words, "ahead-place")).optional().show(words, faults))
            (field("position", t!(words, "ahead-position")).optional().hint(t!(words, "ahead-position-hint")).show(words, faults))
            (forms::tick("event", "important", &t!(words, "ahead-important-tick"), text(fields, "important") == "yes"))
            fieldset {
                legend { (t!(words, "ahead-public")) }
                (field("notice", t!(words, "ahead-notice")).kind(Kind::Text).optional().room(4_000).hint(t!(words, "ahead-notice-hint")).show(words, faults))
                div .row {
                    (field("shown_day", t!(words, "ahead-shown-day")).kind(Kind::Day).optional().show(words, faults))
                    (parts::time_field("event", "shown", &t!(words, "ahead-shown"), text(fields, "shown"), faults.of("shown")))
                }
            }
            fieldset {
                legend { (t!(words, "ahead-articles")) }
                p .hint { (t!(words, "ahead-articles-hint")) }
                @if let Some(fault) = faults.of("articles") { p .field-error { (fault) } }
                @for n in 0..draft::rows(fields, "article", ARTICLES_MAX) {
                    @let number = n + 1;
                    div .row {
                        (article(visit, fields, choices, ("article", n), &t!(words, "ahead-article", n = number)))
                        (forms::tick("event", &format!("live_{n}"), &t!(words, "ahead-goes-live"), text(fields, &format!("live_{n}")) == "yes"))
                    }
                }
            }
            fieldset {
                legend { (t!(words, "ahead-questions")) }
                @if let Some(fault) = faults.of("questions") { p .field-error { (fault) } }
                @for n in 0..draft::rows(fields, "question", QUESTIONS_MAX) {
                    @let number = n + 1;
                    div .row {
                        div .field {
                            @let name = format!("question_{n}");
                            label for=(format!("event-{name}")) { (t!(words, "ahead-question", n = number)) }
                            input id=(format!("event-{name}")) name=(name) type="text" maxlength="200" autocomplete="off" value=(text(fields, &name));
                        }
                        (article(visit, fields, choices, ("answer", n), &t!(words, "ahead-answer", n = number)))
                    }
                }
            }
            div .actions {
                @if id.is_none() {
                    button type="submit" name="as" value="planned" .primary { (t!(words, "ahead-save-planned")) }
                    button type="submit" name="as" value="draft" { (t!(words, "ahead-save-draft")) }
                } @else {
                    button type="submit" .primary { (t!(words, "save")) }
                }
            }
        }
    };
    let title = if id.is_some() { t!(words, "ahead-edit-title") } else { t!(words, "ahead-new") };
    Page::narrow(title).around(visit, &content)
}

/// A choice of article in a row.
fn article(
    visit: &Visit,
    fields: &Fields,
    choices: &Choices,
    (name, n): (&str, usize),
    label: &str,
) -> Markup {
    let name = format!("{name}_{n}");
    let (id, chosen) = (format!("event-{name}"), text(fields, &name));
    html! {
        div .field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                option value="" { (t!(visit.words, "ahead-no-article")) }
                @for choice in &choices.articles { option value=(choice.value) selected[choice.value == chosen] { (choice.name) } }
            }
        }
    }
}

/// `POST /ahead/events`
///
/// # Errors
/// The database.
pub(super) async fn send_new(
    State(state): State<AppState>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let as_draft = text(&fields, "as") == "draft";
    let wrong = match draft::read(visit.words, &fields, None) {
        Err(faults) => faults,
        Ok(event) => {
            let ctx = visit.context(&state);
            let as_what = if as_draft { EventState::Draft } else { EventState::Planned };
            match state.db.write(move |s| commands::plan(s, &ctx, &event, as_what)).await {
                Ok(id) => {
                    return Ok(
                        Redirect::to(&format!("/ahead/events/{}", id.into_untyped_uuid())).into_response()
                    );
                }
                Err(error) => super::faults(visit.words, error)?,
            }
        }
    };
    let choices = choices(&state, &visit).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, None, &fields, &choices, &wrong)).into_response())
}

/// `POST /ahead/events/{id}`
///
/// # Errors
/// There is no such event; the database.
pub(super) async fn send(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let id = PlannedEventId::from_untyped_uuid(id);
    let whole = state.db.read(move |s| queries::whole(s, id)).await?.ok_or(PageError::NotFound)?;
    let seen = text(&fields, "seen").parse().unwrap_or(0);
    let wrong = match draft::read(visit.words, &fields, Some(whole.draft())) {
        Err(faults) => faults,
        Ok(event) => {
            let ctx = visit.context(&state);
            match state.db.write(move |s| commands::change(s, &ctx, id, seen, &event)).await {
                Ok(()) => {
                    return Ok(
                        Redirect::to(&format!("/ahead/events/{}", id.into_untyped_uuid())).into_response()
                    );
                }
                Err(error) => super::faults(visit.words, error)?,
            }
        }
    };
    let choices = choices(&state, &visit).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&visit, Some(id), &fields, &choices, &wrong)).into_response())
}
