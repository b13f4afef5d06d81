//! What is planned: what is settled and ahead, drafts, what calendars say otherwise, and what is over.

use super::parts;
use crate::{
    AppState,
    components::{
        forms::{Faults, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use ahead::queries::{self, EventList};
use ahead::{AheadError, PlannedEvent};
use axum::extract::{Query, State};
use maud::{Markup, html};
use people::{Action, directory::Department};
use serde::Deserialize;
use vocabulary::{DepartmentId, GenericUuid as _};

/// What is asked for; anything that cannot be read is as nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    department: String,
}

/// `GET /ahead`
///
/// # Errors
/// The database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Markup, PageError> {
    let words = visit.words;
    let now = state.clock.now();
    let chosen = asked.department.parse().ok().map(DepartmentId::from_untyped_uuid);
    let plans = visit.may(Action::PlanEvents);
    let (departments, coming, drafts, past, pending) = state
        .db
        .read(move |s| -> Result<_, AheadError> {
            let pending = if plans {
                let mut events = Vec::new();
                for entry in queries::entries_pending(s)? {
                    events.extend(queries::event(s, entry.event)?);
                }
                events
            } else {
                Vec::new()
            };
            let drafts = if plans { queries::events(s, EventList::Drafts, chosen, now)? } else { Vec::new() };
            Ok((
                people::directory::queries::departments(s)?,
                queries::events(s, EventList::Coming, chosen, now)?,
                drafts,
                queries::events(s, EventList::Past, chosen, now)?,
                pending,
            ))
        })
        .await?;
    let choices = parts::department_choices(&departments);
    let department = Select {
        name: "department",
        prefix: "ahead",
        label: t!(words, "ahead-department"),
        choices: &choices,
        chosen: &asked.department,
        nothing: Some(t!(words, "ahead-all")),
        required: false,
        type_ahead_next: None,
    };
    let table = |events: &[PlannedEvent], caption: String| table(&visit, events, &departments, &caption, now);
    let content = html! {
        (parts::ways(&visit))
        form .row method="get" action="/ahead" {
            (department.show(words, &Faults::none()))
            button type="submit" { (t!(words, "ahead-show")) }
        }
        @if !pending.is_empty() {
            section .card {
                h2 { (t!(words, "ahead-pending")) }
                p { (t!(words, "ahead-pending-why")) }
                ul { @for event in &pending { li { a href=(parts::address(event)) { (event.title) } } } }
            }
        }
        @if !drafts.is_empty() { section .card { h2 { (t!(words, "ahead-drafts")) } (table(&drafts, t!(words, "ahead-drafts"))) } }
        section .card {
            h2 { (t!(words, "ahead-coming")) }
            @if coming.is_empty() { (lists::empty(&t!(words, "ahead-none"))) } @else { (table(&coming, t!(words, "ahead-coming"))) }
        }
        @if !past.is_empty() {
            details .card { summary { (t!(words, "ahead-past")) } (table(&past, t!(words, "ahead-past"))) }
        }
    };
    let new =
        html! { @if plans { a .button .primary href="/ahead/events/new" { (t!(words, "ahead-new")) } } };
    Ok(Page::wide(t!(words, "ahead-title")).with(new).around(&visit, &content))
}

fn table(
    visit: &Visit,
    events: &[PlannedEvent],
    departments: &[Department],
    caption: &str,
    now: vocabulary::Timestamp,
) -> Markup {
    let words = visit.words;
    html! {
        div .table-wrap {
            table .stacks {
                caption .visually-hidden { (caption) }
                thead { tr {
                    th scope="col" { (t!(words, "ahead-what")) }
                    th scope="col" { (t!(words, "ahead-when")) }
                    th scope="col" { (t!(words, "ahead-place")) }
                    th scope="col" { (t!(words, "ahead-department")) }
                    th scope="col" { (t!(words, "ahead-state")) }
                } }
                tbody { @for event in events { tr {
                    th scope="row" { a href=(parts::address(event)) { (event.title) } br; span .small .soft { (words.word("ahead-kind", event.kind.as_str())) } }
                    td data-label=(t!(words, "ahead-when")) { (parts::of_event(words, event)) }
                    td data-label=(t!(words, "ahead-place")) { (event.place) }
                    td data-label=(t!(words, "ahead-department")) { (parts::department(departments, event.department)) }
                    td data-label=(t!(words, "ahead-state")) { (parts::phase(words, event.phase(now))) " " (parts::important(words, event)) }
                } } }
            }
        }
    }
}
