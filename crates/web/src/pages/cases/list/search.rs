//! Finding cases by number and the words of their titles.

use super::table;
use crate::{
    AppState,
    components::{badges, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{Form, extract::State};
use cases::queries;
use maud::{Markup, html};
use serde::Deserialize;

/// The search box.
#[must_use]
pub fn form(visit: &Visit, typed: &str) -> Markup {
    let words = visit.words;
    html! {
        form method="post" action="/cases/search" role="search" .inline-form .card {
            (crate::components::forms::token(visit))
            div .field {
                label for="cases-search" { (t!(words, "cases-search")) }
                input #cases-search type="search" name="query" value=(typed) maxlength="100" autocomplete="off";
            }
            button type="submit" { (t!(words, "search")) }
        }
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct SearchForm {
    #[serde(default)]
    query: String,
}

/// `POST /cases/search`
///
/// # Errors
/// The database.
pub async fn search(
    State(state): State<AppState>,
    visit: Visit,
    Form(asked): Form<SearchForm>,
) -> Result<Markup, PageError> {
    let (viewer, typed) = (crate::pages::cases::viewer(&visit), asked.query.clone());
    let (lines, sealed) = state
        .db
        .read(move |s| -> Result<_, cases::CasesError> {
            // Whoever gives the very number of a case may know that it is there, and hand over a message.
            let sealed = match typed.trim().parse() {
                Ok(number) => queries::sealed_by_number(s, viewer, &number)?,
                Err(_) => None,
            };
            Ok((queries::search(s, viewer, &typed)?, sealed))
        })
        .await?;
    let words = visit.words;
    let content = html! {
        (form(&visit, &asked.query))
        p { a href="/cases" { (t!(words, "cases-back")) } }
        div .card {
            @if let Some(sealed) = &sealed {
                p {
                    a .code href=(format!("/cases/{}", vocabulary::GenericUuid::into_untyped_uuid(sealed.id))) { (sealed.number) } " "
                    (badges::status(words, sealed.status)) " " span .badge .bad { (t!(words, "case-sealed")) }
                }
            } @else if lines.is_empty() { (lists::empty(&t!(words, "cases-nothing-found"))) }
            @else { (table::found(&visit, &lines, visit.now)) }
        }
    };
    Ok(Page::wide(t!(words, "cases-title")).around(&visit, &content))
}
