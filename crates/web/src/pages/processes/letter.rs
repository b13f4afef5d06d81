//! A letter to print: the address where an envelope's window shows it, and nothing of the page around it.

use crate::{AppState, components::layout::Page, error::PageError, pages::cases::viewer, t, visit::Visit};
use axum::extract::{Path, State};
use maud::{Markup, html};
use processes::{ProcessesError, queries, words};
use vocabulary::{CaseId, GenericUuid as _, local_day};

/// `GET /cases/{id}/letters/{step}`
///
/// # Errors
/// There is no such case or letter, or it is not for this visitor; the database.
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path((id, step)): Path<(uuid::Uuid, String)>,
) -> Result<Markup, PageError> {
    let id = CaseId::from_untyped_uuid(id);
    let (ctx, viewer, settings) = (visit.context(&state), viewer(&visit), state.cases.clone());
    let (case, letter) = state
        .db
        .write(move |s| -> Result<_, ProcessesError> {
            let page = cases::commands::open_case(s, &ctx, viewer, id)?;
            let running = queries::running(s, id)?.ok_or(ProcessesError::NotFound { what: "process" })?;
            Ok((page.case, words::printed(s, &settings, &running, &step, ctx.now)?))
        })
        .await?;
    let needed = people::policy::action_to_open(case.secrecy_class);
    if needed.is_some_and(|action| !visit.may(action)) {
        return Err(PageError::Forbidden);
    }
    let letter = letter.ok_or(PageError::NotFound)?;
    let words = visit.words;
    let day = cases::words::day(vocabulary::Language::Swedish, local_day(visit.now));
    let content = html! {
        div .letter-tools {
            p { a href=(format!("/cases/{}#process", id.into_untyped_uuid())) { (t!(words, "process-back-to-case", number = case.number.to_string())) } }
            p .soft { (t!(words, "letter-how")) }
            @if letter.to.is_empty() { p .notice .bad role="alert" { (t!(words, "letter-no-address")) } }
        }
        article .letter lang="sv" aria-label=(t!(words, "letter")) {
            div .letter-sender { strong { (state.cases.municipality) } br; (day) br; (case.number) }
            address .letter-address { @for line in &letter.to { (line) br; } }
            h2 { (letter.subject) }
            @for paragraph in letter.body.split("\n\n") { p .pre { (paragraph.trim()) } }
        }
    };
    Ok(Page::narrow(t!(words, "letter")).around(&visit, &content))
}
