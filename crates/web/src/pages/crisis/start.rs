//! The crisis page: what is said, what waits, what has been.

use super::banner;
use crate::{
    AppState,
    components::{layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::extract::State;
use crisis::{Crisis, CrisisError, MessageState, queries};
use maud::{Markup, html};
use people::Action;
use vocabulary::GenericUuid as _;

/// `GET /crisis`
///
/// # Errors
/// The database.
pub(super) async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    let now = visit.now;
    let (live, proposal, crises, waiting) = state
        .db
        .read(move |s| -> Result<_, CrisisError> {
            let crises = queries::crises(s)?;
            let mut waiting = Vec::new();
            for crisis in crises.iter().filter(|crisis| crisis.ends_at.is_none()) {
                let drafts = queries::messages_of(s, crisis.id)?;
                waiting.extend(drafts.into_iter().filter(|m| m.state == MessageState::Draft));
            }
            Ok((queries::live(s, now)?, queries::open_proposal(s)?, crises, waiting))
        })
        .await?;
    let words = visit.words;
    let content = html! {
        @if live.is_empty() { p .lead { (t!(words, "crisis-none-live")) } }
        (banner::live(&visit, &live))
        (banner::proposal(&visit, proposal.as_ref()))
        @if !waiting.is_empty() {
            section .card aria-labelledby="waiting-heading" {
                h2 #waiting-heading { (t!(words, "crisis-waiting")) }
                ul { @for message in &waiting {
                    li { a href=(format!("/crisis/{}", message.crisis_id.into_untyped_uuid())) { (message.title) }
                        " " span .soft { (t!(words, "crisis-version", n = message.version)) } }
                } }
            }
        }
        section .card aria-labelledby="crises-heading" {
            h2 #crises-heading { (t!(words, "crisis-all")) }
            @if crises.is_empty() { (lists::empty(&t!(words, "crisis-none"))) } @else { (table(&visit, &crises)) }
        }
        nav aria-label=(t!(words, "crisis-more")) { ul {
            li { a href="/situation" { (t!(words, "situation-title")) } }
            @if visit.may(Action::CallInStaff) { li { a href="/crisis/call-in" { (t!(words, "call-in-title")) } } }
            @if visit.may(Action::WriteCrisisMessage) { li { a href="/crisis/templates" { (t!(words, "crisis-templates")) } } }
            li { a href="/crisis/log" { (t!(words, "crisis-log")) } }
        } }
    };
    let aside = html! {
        @if visit.may(Action::WriteCrisisMessage) { a .button .primary href="/crisis/new" { (t!(words, "crisis-new")) } }
    };
    Ok(Page::wide(t!(words, "crisis-title")).with(aside).around(&visit, &content))
}

fn table(visit: &Visit, crises: &[Crisis]) -> Markup {
    let words = visit.words;
    html! {
        div .table-wrap tabindex="0" role="group" aria-labelledby="crises-heading" {
            table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "crisis-what")) } th scope="col" { (t!(words, "crisis-kind")) }
                    th scope="col" { (t!(words, "crisis-from")) } th scope="col" { (t!(words, "crisis-until")) }
                } }
                tbody { @for crisis in crises { tr {
                    th scope="row" { a href=(format!("/crisis/{}", crisis.id.into_untyped_uuid())) { (crisis.title) } }
                    td data-label=(t!(words, "crisis-kind")) { (words.word("crisis-kind", crisis.kind.as_str())) }
                    td data-label=(t!(words, "crisis-from")) { (words.day_and_time(crisis.begins_at)) }
                    td data-label=(t!(words, "crisis-until")) {
                        @if let Some(end) = crisis.ends_at { (words.day_and_time(end)) }
                        @else { span .badge .bad { (t!(words, "crisis-going-on")) } }
                    }
                } } }
            }
        }
    }
}
