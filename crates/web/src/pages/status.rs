//! The resident's page, reached by a signed link: how the case stands, in plain words, and nothing personal.

use crate::{AppState, components::layout::Page, error::PageError, t, visit::Visit, words::Words};
use axum::extract::{Path, State};
use cases::queries::{ResidentPage, resident_page};
use maud::{Markup, html};
use vocabulary::{CaseStatus, local_day};

/// `GET /s/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let (key, now) = (state.access.key().clone(), visit.now);
    let page = state.db.read(move |s| resident_page(s, &key, &token, now)).await?;
    let words = visit.words;
    let language = words.language();
    let content = html! {
        div .sheet {
            p .lead { strong { (cases::words::status_name(language, page.status)) } }
            p { (cases::words::status_public(language, page.status)) }
            (steps(words, page.status))
            @if let Some(until) = page.rests_until_day { p { (cases::words::rests_until(language, until)) } }
            @if let Some(day) = page.expected_day { p { (cases::words::expected(language, day, local_day(now))) } }
            dl .facts {
                dt { (t!(words, "case-number")) } dd { (page.number) }
                @if let Some(about) = &page.about { dt { (t!(words, "status-about")) } dd { (about.name) } }
                dt { (t!(words, "case-arrival-day")) } dd { (cases::words::day(language, page.arrival_day)) }
                dt { (t!(words, "status-changed")) } dd { (cases::words::day(language, page.changed_day)) }
            }
        }
        (answers(words, &page))
        @if let Some(about) = page.about.as_ref().filter(|about| !about.public_text.is_empty()) {
            div .sheet {
                h2 { (t!(words, "status-what-happens")) }
                p .pre { (about.public_text) }
            }
        }
        p .soft { (t!(words, "status-call", telephone = visit.config.public_telephone.clone(), number = page.number.to_string())) }
    };
    Ok(Page::narrow(t!(words, "status-title")).around(&visit, &content))
}

/// Where on its way the case is.
fn steps(words: &Words, status: CaseStatus) -> Markup {
    let at = match status {
        CaseStatus::New => 0,
        CaseStatus::Ongoing
        | CaseStatus::Reopened
        | CaseStatus::WaitingForResident
        | CaseStatus::WaitingForDepartment
        | CaseStatus::Suspended => 1,
        CaseStatus::Solved => 2,
    };
    html! {
        ol .steps {
            @for (index, step) in ["received", "worked-on", "solved"].into_iter().enumerate() {
                @let done = index < at || status == CaseStatus::Solved;
                li .done[done] aria-current=[(index == at).then_some("step")] { (words.word("status-step", step)) }
            }
        }
    }
}

fn answers(words: &Words, page: &ResidentPage) -> Markup {
    html! {
        @if !page.answers.is_empty() {
            div .sheet {
                h2 { (t!(words, "status-answers")) }
                @for answer in &page.answers {
                    p .small .soft {
                        (cases::words::day(words.language(), answer.day)) ", "
                        @if answer.from_officer { (t!(words, "status-from-officer")) } @else { (t!(words, "status-from-centre")) }
                    }
                    p .pre { (answer.text) }
                }
            }
        }
    }
}
