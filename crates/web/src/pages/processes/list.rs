//! The processes, what can be booked and who is called out.

use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use maud::{Markup, html};
use people::Action;
use processes::{ProcessesError, commands, queries};
use serde::Deserialize;

/// `GET /processes`
///
/// # Errors
/// The database.
pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let words = visit.words;
    let (all, resources, contractors) = state
        .db
        .read(|s| -> Result<_, ProcessesError> {
            Ok((queries::in_force(s)?, queries::resources(s)?, queries::contractors(s)?))
        })
        .await?;
    let edits = visit.may(Action::EditProcesses);
    let content = html! {
        p .lead { (t!(words, "processes-lead")) }
        @if all.is_empty() { (lists::empty(&t!(words, "processes-none"))) }
        @else {
            div .scroll tabindex="0" role="region" aria-label=(t!(words, "processes")) {
                table .stacks {
                    thead { tr {
                        th scope="col" { (t!(words, "name")) } th scope="col" { (t!(words, "process-version")) }
                        th scope="col" { (t!(words, "process-published")) } th scope="col" { (t!(words, "process-running")) }
                        th scope="col" { (t!(words, "process-state")) }
                    } }
                    tbody { @for process in &all {
                        tr {
                            th scope="row" { a href=(format!("/processes/{}", process.version.code)) { (process.version.name) } }
                            td data-label=(t!(words, "process-version")) { (process.version.version) }
                            td data-label=(t!(words, "process-published")) { (words.day(vocabulary::local_day(process.version.published_at))) }
                            td data-label=(t!(words, "process-running")) { (process.running) }
                            td data-label=(t!(words, "process-state")) {
                                @if process.active { (t!(words, "process-on")) } @else { (t!(words, "process-off")) }
                                @if edits {
                                    form method="post" action=(format!("/processes/{}/active", process.version.code)) {
                                        (forms::token(&visit))
                                        input type="hidden" name="active" value=(if process.active { "no" } else { "yes" });
                                        button type="submit" .slim {
                                            @if process.active { (t!(words, "process-switch-off")) } @else { (t!(words, "process-switch-on")) }
                                            span .visually-hidden { " " (process.version.name) }
                                        }
                                    }
                                }
                            }
                        }
                    } }
                }
            }
        }
        div .columns {
            section .card aria-labelledby="resources-heading" {
                h2 #resources-heading { (t!(words, "resources")) }
                ul { @for resource in &resources {
                    li { a href=(format!("/processes/resources/{}", resource.code)) { (resource.name) }
                        " " span .soft { (resource.place) } }
                } }
                @if edits { p { a href="/processes/resources/new" { (t!(words, "resource-new")) } } }
            }
            section .card aria-labelledby="contractors-heading" {
                h2 #contractors-heading { (t!(words, "contractors")) }
                ul { @for contractor in &contractors {
                    li { a href=(format!("/processes/contractors/{}", contractor.code)) { (contractor.name) }
                        " " span .soft { (words.telephone(&contractor.telephone)) } }
                } }
                @if edits { p { a href="/processes/contractors/new" { (t!(words, "contractor-new")) } } }
            }
        }
    };
    let aside = html! { @if edits { a .button href="/processes/new" { (t!(words, "process-new")) } } };
    Ok(Page::wide(t!(words, "processes")).with(aside).around(&visit, &content))
}

/// What the switch sends.
#[derive(Debug, Deserialize)]
pub(super) struct Switch {
    #[serde(default)]
    active: String,
}

/// `POST /processes/{code}/active`
///
/// # Errors
/// There is no such process; the database.
pub(super) async fn set_active(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(asked): Form<Switch>,
) -> Result<Redirect, PageError> {
    let ctx = visit.context(&state);
    state.db.write(move |s| commands::set_active(s, &ctx, &code, asked.active == "yes")).await?;
    Ok(Redirect::to("/processes"))
}
