//! The officer's page, reached by a signed link. Opening it shows; only sending a form acts, so that a mail scanner
//! that follows links answers nothing.

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    pages::{cases::case_faults, resident_card},
    security::cookies,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use cases::{
    CasesError, FollowUpState,
    commands::{OfficerAnswer, officer_answer},
    queries::{OfficerPage, OfficerSide, officer_page, officer_side},
};
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::civil::Date;

/// What has been typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    text: String,
    public: Option<String>,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    suggestion: String,
}

async fn load(state: &AppState, visit: &Visit, token: &str) -> Result<Shown, PageError> {
    let (settings, token, now) = (state.cases.clone(), token.to_owned(), visit.now);
    let load = move |s: &mut storage::Session<'_>| -> Result<Shown, CasesError> {
        let page = officer_page(s, &settings.signing_key, &token, now)?;
        // Who has said to be the wrong one sees no more of the matter.
        let side = match &page.matter {
            Some(_) => officer_side(s, &settings, &page.follow_up)?,
            None => OfficerSide::default(),
        };
        Ok(Shown { page, side })
    };
    Ok(state.db.read(load).await?)
}

/// What the page shows.
struct Shown {
    page: OfficerPage,
    side: OfficerSide,
}

/// The officer's own language, unless the browser has been told another.
fn in_own_language(visit: &Visit, headers: &HeaderMap, page: &OfficerPage) -> Visit {
    let language = cookies::language(headers).unwrap_or(page.officer.language);
    Visit { words: Words::of(language), ..visit.clone() }
}

/// `GET /o/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Markup, PageError> {
    let page = load(&state, &visit, &token).await?;
    let visit = in_own_language(&visit, &headers, &page.page);
    Ok(markup(&visit, &token, &page, &AnswerForm::default(), &Faults::none(), None))
}

/// `POST /o/{token}`
///
/// # Errors
/// The link does not hold; the database.
pub async fn answer(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(asked): Form<AnswerForm>,
) -> Result<Response, PageError> {
    let before = load(&state, &visit, &token).await?;
    let visit = in_own_language(&visit, &headers, &before.page);
    let words = visit.words;
    let Some(answer) = read(&asked) else {
        let faults = Faults::one("form", t!(words, "officer-choose"));
        let page = markup(&visit, &token, &before, &asked, &faults, None);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (ctx, settings, told) = (visit.context(&state), state.cases.clone(), token.clone());
    let outcome = state.db.write(move |s| officer_answer(s, &ctx, &settings, &told, &answer)).await;
    let (status, faults, thanks) = match outcome {
        Ok(_) => (StatusCode::OK, Faults::none(), Some(t!(words, "officer-thanks"))),
        Err(error @ CasesError::AlreadyAnswered { .. }) => {
            (StatusCode::CONFLICT, case_faults(words, error)?, None)
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, of_form(case_faults(words, error)?), None),
    };
    let page = load(&state, &visit, &token).await?;
    Ok((status, markup(&visit, &token, &page, &asked, &faults, thanks.as_deref())).into_response())
}

/// The fields have other names in the form than in the command.
fn of_form(faults: Faults) -> Faults {
    match faults.of("answer").or_else(|| faults.of("question")) {
        Some(fault) => Faults::one("text", fault.to_owned()),
        None => faults,
    }
}

fn read(asked: &AnswerForm) -> Option<OfficerAnswer> {
    Some(match asked.answer.as_str() {
        "done" => OfficerAnswer::Done { text: asked.text.clone(), public: asked.public.is_some() },
        "more_time" => OfficerAnswer::MoreTime {
            // A day that cannot be read is as far out of range as can be, and gets the same words.
            until: asked.until.trim().parse().unwrap_or(Date::MIN),
            reason: asked.reason.clone(),
        },
        "ask_resident" => OfficerAnswer::AskResident { text: asked.text.clone() },
        "wrong_recipient" => OfficerAnswer::WrongRecipient {
            reason: asked.reason.clone(),
            suggestion: asked.suggestion.clone(),
        },
        _ => return None,
    })
}

fn markup(
    visit: &Visit,
    token: &str,
    shown: &Shown,
    asked: &AnswerForm,
    faults: &Faults,
    thanks: Option<&str>,
) -> Markup {
    let (words, page) = (visit.words, &shown.page);
    let content = html! {
        @if let Some(thanks) = thanks { (lists::notice("good", thanks)) }
        @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
        div .sheet {
            p .lead { (t!(words, "officer-hello", name = page.officer.name.clone())) }
            (matter(words, page))
            @if !page.follow_up.message.is_empty() {
                h2 { (t!(words, "officer-question")) }
                p .pre { (page.follow_up.message) }
            }
            (super::admin::terms::checklist(words, &shown.side.checklist))
            p .soft {
                (t!(words, "officer-due", sent = words.day_and_time(page.follow_up.sent_at),
                    due = words.day(page.follow_up.clock.due_day)))
            }
        }
        (exchange(words, &shown.side))
        @if page.follow_up.asked_resident_at.is_some() { (lists::notice("good", &t!(words, "officer-asked"))) }
        @if page.follow_up.state == FollowUpState::Waiting {
            (answers(visit, token, page, asked, faults))
        } @else {
            div .sheet {
                h2 { (cases::words::follow_up_state(words.language(), page.follow_up.state)) }
                @if let Some(answer) = &page.answer { p .pre { (answer) } }
                p { (t!(words, "officer-nothing-more")) }
            }
        }
        p .soft { (t!(words, "failed-call", telephone = visit.config.public_telephone.clone())) }
    };
    Page::narrow(t!(words, "officer-title", number = page.number.to_string())).around(visit, &content)
}

/// What the officer and the resident have written to each other.
fn exchange(words: &Words, side: &OfficerSide) -> Markup {
    html! {
        @if !side.exchange.is_empty() {
            div .sheet {
                h2 { (t!(words, "officer-exchange")) }
                @for written in &side.exchange {
                    p .small .soft {
                        @if written.by_resident { (t!(words, "officer-exchange-resident")) }
                        @else { (t!(words, "officer-exchange-you")) }
                        ", " (words.day_and_time(written.at))
                    }
                    p .pre { (written.text) }
                }
            }
        }
    }
}

fn matter(words: &Words, page: &OfficerPage) -> Markup {
    html! {
        dl .facts {
            dt { (t!(words, "log-type")) } dd { (page.type_name) }
            dt { (t!(words, "case-arrival-day")) } dd { (words.day(page.arrival_day)) }
            @if let Some(resident) = page.matter.as_ref().and_then(|matter| matter.resident.as_ref()) {
                dt { (t!(words, "guide-resident")) }
                dd { (resident_card::name_of(words, resident)) br; (resident_card::reach(words, resident)) }
            }
        }
        @if let Some(matter) = &page.matter {
            h2 { (matter.title) }
            @if !matter.description.is_empty() { p .pre { (matter.description) } }
        }
    }
}

/// The answers, each a form of its own.
fn answers(visit: &Visit, token: &str, page: &OfficerPage, asked: &AnswerForm, faults: &Faults) -> Markup {
    let words = visit.words;
    let path = format!("/o/{token}");
    let draft = |kind: &str, text: &str| if asked.answer == kind { text.to_owned() } else { String::new() };
    let (text, suggestion) = (draft("done", &asked.text), draft("wrong_recipient", &asked.suggestion));
    let question = draft("ask_resident", &asked.text);
    let (why_time, why_wrong) = (draft("more_time", &asked.reason), draft("wrong_recipient", &asked.reason));
    let until = draft("more_time", &asked.until);
    let none = Faults::none();
    let of = |kind: &str| if asked.answer == kind { faults } else { &none };
    html! {
        h2 { (t!(words, "officer-answer")) }
        form .choice method="post" action=(path) {
            input type="hidden" name="answer" value="done";
            h3 { (t!(words, "officer-done")) }
            (Field::line("done", "text", t!(words, "officer-done-text"), &text).kind(Kind::Text)
                .room(cases::limits::ANSWER_CHARS_MAX).show(words, of("done")))
            (forms::tick("done", "public", &t!(words, "officer-done-public"), asked.answer != "done" || asked.public.is_some()))
            p { button type="submit" .primary { (t!(words, "officer-done-send")) } }
        }
        form .choice method="post" action=(path) {
            input type="hidden" name="answer" value="more_time";
            h3 { (t!(words, "officer-more-time")) }
            (Field::line("more", "until", t!(words, "officer-more-time-until"), &until).kind(Kind::Day)
                .hint(t!(words, "officer-more-time-hint", from = words.day(page.more_time_earliest), to = words.day(page.more_time_latest)))
                .show(words, of("more_time")))
            (Field::line("more", "reason", t!(words, "officer-reason"), &why_time).kind(Kind::Text).optional()
                .room(cases::limits::REASON_CHARS_MAX).show(words, of("more_time")))
            button type="submit" { (t!(words, "officer-more-time-send")) }
        }
        form .choice method="post" action=(path) {
            input type="hidden" name="answer" value="ask_resident";
            h3 { (t!(words, "officer-ask")) }
            (Field::line("ask", "text", t!(words, "officer-ask-text"), &question).kind(Kind::Text)
                .hint(t!(words, "officer-ask-hint")).room(cases::limits::ANSWER_CHARS_MAX).show(words, of("ask_resident")))
            button type="submit" { (t!(words, "officer-ask-send")) }
        }
        form .choice method="post" action=(path) {
            input type="hidden" name="answer" value="wrong_recipient";
            h3 { (t!(words, "officer-wrong")) }
            (Field::line("wrong", "reason", t!(words, "officer-reason"), &why_wrong).kind(Kind::Text)
                .room(cases::limits::REASON_CHARS_MAX).show(words, of("wrong_recipient")))
            (Field::line("wrong", "suggestion", t!(words, "officer-suggestion"), &suggestion).optional()
                .room(cases::limits::SUGGESTION_CHARS_MAX).show(words, of("wrong_recipient")))
            button type="submit" { (t!(words, "officer-wrong-send")) }
        }
    }
}
