//! The ways in without an account: an officer or contractor to a step, a resident to a booked time.

use super::case::{self, Tried};
use super::run::{answers, faults};
use crate::{
    AppState,
    components::{forms, layout::Page, lists},
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use processes::commands::{StepByLink, act_by_link, booking_by_link, cancel_by_link, step_by_link};
use processes::run::Refusal;
use processes::{LinkFor, ProcessesError, words};
use std::collections::BTreeMap;

async fn load(state: &AppState, visit: &Visit, token: &str) -> Result<StepByLink, PageError> {
    let (settings, token, now) = (state.cases.clone(), token.to_owned(), visit.now);
    Ok(state.db.read(move |s| step_by_link(s, &settings, &token, now)).await?)
}

/// `GET /o/step/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn step(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let behind = load(&state, &visit, &token).await?;
    Ok(step_page(&visit, &token, &behind, &Tried::default()))
}

/// `POST /o/step/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn do_step(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let behind = load(&state, &visit, &token).await?;
    let language = visit.words.language();
    let (ctx, settings, told) = (visit.context(&state), state.cases.clone(), token.clone());
    let outcome = match answers(&behind.definition, &behind.step().key, &sent) {
        Ok(answers) => state.db.write(move |s| act_by_link(s, &ctx, &settings, &told, answers.clone())).await,
        Err(error) => Err(error),
    };
    let mut tried = Tried { step: behind.step().key.clone(), sent, ..Tried::default() };
    match outcome {
        Ok(()) => {
            let content = html! { div .sheet { p .lead { (t!(visit.words, "step-thanks")) } p { (t!(visit.words, "step-thanks-more")) } } };
            return Ok(Page::narrow(title(&visit, &behind)).around(&visit, &content).into_response());
        }
        Err(ProcessesError::Refused(Refusal::Answers(refused))) => {
            tried.faults = faults(language, &refused);
            tried.problem = Some(words::problem(language, &Refusal::Answers(refused).into()));
        }
        Err(error @ ProcessesError::Refused(_)) => tried.problem = Some(words::problem(language, &error)),
        Err(other) => return Err(other.into()),
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, step_page(&visit, &token, &behind, &tried)).into_response())
}

fn title(visit: &Visit, behind: &StepByLink) -> String {
    t!(visit.words, "step-title", number = behind.case.number.to_string())
}

fn step_page(visit: &Visit, token: &str, behind: &StepByLink, tried: &Tried) -> Markup {
    let (words, language) = (visit.words, visit.words.language());
    let step = behind.step();
    let contractor = matches!(behind.link.lets, LinkFor::Contractor(_));
    let open = behind.state.marks[behind.place].is_open();
    // A contractor is told what they need to find there, and nothing of who asked.
    let tells = !contractor && behind.case.may_travel_by_mail();
    let content = html! {
        div .sheet {
            p .lead { (step.name) }
            @if let Some(due) = behind.state.due_at(&behind.definition, behind.place) {
                p { (t!(words, "process-due", at = words.day_and_time(due))) }
            }
            @if let Some(message) = &behind.message { p .pre { (message) } }
            @if !contractor { @if let Some(help) = &step.help { p .soft { (help) } } }
            @if tells {
                h2 { (behind.case.title) }
                @if !behind.case.description.is_empty() { p .pre { (behind.case.description) } }
                (known(visit, behind))
            }
        }
        @if open {
            div .sheet {
                @if let Some(problem) = &tried.problem { (forms::refused(problem)) }
                form method="post" action=(format!("/o/step/{token}")) {
                    @for field in &step.fields { (case::input(visit, "step", field, Some(tried), None)) }
                    button type="submit" .primary {
                        @if contractor { (t!(words, "call-acknowledge")) } @else { (words::mark(language, "done")) }
                    }
                }
            }
        } @else { (lists::notice("good", &t!(words, "step-done-already"))) }
        p .soft { (t!(words, "failed-call", telephone = visit.config.public_telephone.clone())) }
    };
    Page::narrow(title(visit, behind)).around(visit, &content)
}

/// What has been answered before, apart from what is sensitive.
fn known(visit: &Visit, behind: &StepByLink) -> Markup {
    let language = visit.words.language();
    let told: Vec<_> = behind
        .definition
        .fields()
        .filter(|field| !field.sensitive)
        .filter_map(|field| behind.state.answers.get(&field.key).map(|answer| (field, answer)))
        .collect();
    html! {
        @if !told.is_empty() {
            dl .facts { @for (field, answer) in told { dt { (field.label) } dd .pre { (words::answer(language, field, answer)) } } }
        }
    }
}

/// `GET /s/booking/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn booking(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let (settings, now, asked) = (state.cases.clone(), visit.now, token.clone());
    let booking = state.db.read(move |s| booking_by_link(s, &settings, &asked, now)).await?;
    let words = visit.words;
    let content = html! {
        div .sheet {
            p .lead { strong { (words::day_and_time(words.language(), booking.booked.starts_at)) } }
            dl .facts {
                @if !booking.place.is_empty() { dt { (t!(words, "booking-place")) } dd { (booking.place) } }
                dt { (t!(words, "case-number")) } dd { (booking.number) }
            }
            @if booking.can_cancel {
                form method="post" action=(format!("/s/booking/{token}")) {
                    p { (t!(words, "booking-cancel-lead")) }
                    button type="submit" { (t!(words, "booking-cancel")) }
                }
            }
        }
        p .soft { (t!(words, "status-call", telephone = visit.config.public_telephone.clone(), number = booking.number.clone())) }
    };
    Ok(Page::narrow(t!(words, "booking-yours")).around(&visit, &content))
}

/// `POST /s/booking/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub(super) async fn cancel_booking(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    state.db.write(move |s| cancel_by_link(s, &ctx, &settings, &token)).await?;
    let words = visit.words;
    let content = html! { div .sheet { p .lead { (t!(words, "booking-cancelled")) } p { (t!(words, "booking-cancelled-more")) } } };
    Ok(Page::narrow(t!(words, "booking-yours")).around(&visit, &content))
}
