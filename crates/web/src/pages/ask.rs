//! A question from the web, by anybody, without an account and without script.
//!
//! What keeps machines away asks nothing of people: a field that only machines fill in, a signed time that says when the
//! form was shown (nobody writes a question in two seconds), and a limit for each address. What is caught by the first
//! two is answered as if it had been taken in, so that it learns nothing.

use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
    },
    error::PageError,
    forms_in::text_fault,
    pages::sign_in::address,
    routes::{Entrance, Route, RouteTable},
    t,
    uploads::Upload,
    visit::Visit,
};
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cases::CaseType;
use cases::commands::{Origin, RegisterCase, share_link};
use correspondence::commands::{NewFile, Question, ask, join_web_case};
use correspondence::{CorrespondenceError, QUESTION_CHARS_MAX};
use maud::{Markup, html};
use people::access::{Tally, count_attempt};
use people::{Action, SigningKey};
use processes::commands::register;
use std::net::SocketAddr;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{CaseTypeId, Timestamp};

/// Nobody reads the form, writes a question and sends it in less, in seconds.
const FILLED_IN_SECONDS_MIN: i64 = 2;
/// A form left open for longer is shown anew, in hours.
const FORM_HOURS_MAX: i64 = 24;
/// Questions from one address within the window of sign-in's throttles (a quarter of an hour).
const QUESTIONS_PER_ADDRESS_MAX: u32 = 10;
/// The field that only machines fill in; named as they like it.
const TRAP: &str = "website";

/// The routes of this room.
pub fn routes(table: &mut RouteTable) {
    table.get("/contact", Action::ReadPublic, show);
    let send =
        Route { method: "POST", path: "/contact", action: Action::ReadPublic, entrance: Entrance::Page };
    table.upload(send, send_question);
}

/// When the form was shown, signed: `<seconds>.<code>`.
fn shown_token(key: &SigningKey, at: Timestamp) -> String {
    let seconds = at.as_second();
    let code = key.derived("contact form", &[&seconds.to_be_bytes()]);
    let hex: String = code.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{seconds}.{hex}")
}

/// What a form's token says of who filled it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filled {
    /// In the time a person takes.
    Well,
    /// Faster than anybody writes.
    TooFast,
    /// Not one of our forms, or one from long ago.
    Stale,
}

fn filled(key: &SigningKey, token: &str, now: Timestamp) -> Filled {
    let Some(at) = token
        .split_once('.')
        .and_then(|(at, _)| at.parse().ok())
        .and_then(|at| Timestamp::from_second(at).ok())
    else {
        return Filled::Stale;
    };
    let age = now.as_second() - at.as_second();
    // Whoever can make a code out of a time has the key; how long a comparison takes tells nothing more.
    if shown_token(key, at) != token || !(0..=FORM_HOURS_MAX * 3_600).contains(&age) {
        return Filled::Stale;
    }
    if age < FILLED_IN_SECONDS_MIN { Filled::TooFast } else { Filled::Well }
}

/// What has been typed.
#[derive(Default)]
struct Typed {
    case_type: String,
    subject: String,
    text: String,
    name: String,
    email: String,
    telephone: String,
}

/// `GET /contact`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, &Typed::default(), &Faults::none()).await
}

async fn page(state: &AppState, visit: &Visit, typed: &Typed, faults: &Faults) -> Result<Markup, PageError> {
    let words = visit.words;
    let types = state.db.read(cases::queries::case_types).await?;
    let choices: Vec<Choice> = public_types(&types)
        .map(|case_type| Choice::new(case_type.id.into_untyped_uuid(), case_type.name.clone()))
        .collect();
    let case_type = Select {
        name: "case_type",
        prefix: "ask",
        label: t!(words, "ask-type"),
        choices: &choices,
        chosen: &typed.case_type,
        nothing: Some(t!(words, "ask-type-none")),
        required: false,
        type_ahead_next: None,
    };
    let shown = shown_token(state.access.key(), state.wall.now());
    let content = html! {
        div .sheet {
            p .lead { (t!(words, "ask-lead")) }
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            form method="post" action="/contact" enctype="multipart/form-data" {
                (forms::token(visit))
                input type="hidden" name="shown" value=(shown);
                (case_type.show(words, faults))
                (Field::line("ask", "text", t!(words, "ask-text"), &typed.text).kind(Kind::Text)
                    .hint(t!(words, "ask-text-hint")).room(QUESTION_CHARS_MAX).show(words, faults))
                (Field::line("ask", "name", t!(words, "ask-name"), &typed.name).optional().room(120).show(words, faults))
                (Field::line("ask", "email", t!(words, "email"), &typed.email).kind(Kind::Email).optional()
                    .hint(t!(words, "ask-reach-hint")).room(254).show(words, faults))
                (Field::line("ask", "telephone", t!(words, "telephone-number"), &typed.telephone).kind(Kind::Telephone)
                    .optional().room(40).show(words, faults))
                div .field {
                    label for="ask-files" { (t!(words, "ask-files")) " " span .optional { (t!(words, "optional")) } }
                    input #ask-files type="file" name="files" multiple;
                }
                div .trap aria-hidden="true" {
                    label for="ask-website" { "Website" }
                    input #ask-website type="text" name=(TRAP) value="" tabindex="-1" autocomplete="off";
                }
                button type="submit" .primary { (t!(words, "ask-send")) }
            }
        }
        p .soft { (t!(words, "ask-call", telephone = visit.config.public_telephone.clone())) }
    };
    Ok(Page::narrow(t!(words, "ask-title")).around(visit, &content))
}

/// Case types that can be chosen without an account: those in use.
fn public_types(types: &[CaseType]) -> impl Iterator<Item = &CaseType> {
    types.iter().filter(|case_type| case_type.active)
}

/// What a resident is told when a question has been taken in.
struct Receipt {
    number: String,
    due_day: Option<Date>,
    link: Option<String>,
}

/// `POST /contact`
///
/// # Errors
/// The database.
pub async fn send_question(
    State(state): State<AppState>,
    visit: Visit,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, PageError> {
    let words = visit.words;
    let key = state.access.key().clone();
    let now = state.wall.now();
    let typed = Typed {
        case_type: upload.field("case_type").to_owned(),
        subject: upload.field("subject").to_owned(),
        text: upload.field("text").to_owned(),
        name: upload.field("name").to_owned(),
        email: upload.field("email").to_owned(),
        telephone: upload.field("telephone").to_owned(),
    };
    match filled(&key, upload.field("shown"), now) {
        Filled::Stale => {
            let faults = Faults::one("form", t!(words, "ask-stale"));
            let page = page(&state, &visit, &typed, &faults).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Filled::TooFast => return Ok(caught(&visit, "too_fast")),
        Filled::Well if !upload.field(TRAP).is_empty() => return Ok(caught(&visit, "trap")),
        Filled::Well => {}
    }
    let from = address(&state, &headers, peer.map(|peer| peer.0.0));
    let tally = Tally::of_address(&key, "contact form", from, QUESTIONS_PER_ADDRESS_MAX);
    let counted = state.db.write(move |s| count_attempt(s, now, std::slice::from_ref(&tally))).await?;
    if let Err(wait) = counted {
        let minutes = u64::try_from(wait.as_secs().max(0)).unwrap_or(0).div_ceil(60);
        let faults = Faults::one("form", t!(words, "ask-throttled", minutes = minutes));
        let page = page(&state, &visit, &typed, &faults).await?;
        let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        return Ok(response);
    }
    match take_in(&state, &visit, &typed, upload).await {
        Ok(receipt) => Ok(receipt_page(&visit, &receipt).into_response()),
        Err(error) => {
            let faults = match error {
                CorrespondenceError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
                CorrespondenceError::NoMailbox => Faults::one("form", t!(words, "ask-closed")),
                CorrespondenceError::Case(error) => crate::pages::cases::case_faults(words, error)?,
                other => return Err(other.into()),
            };
            let page = page(&state, &visit, &typed, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// What a machine is told: the same as everybody, without a number.
fn caught(visit: &Visit, why: &'static str) -> Response {
    metrics::counter!("contact_form_refused_total", "why" => why).increment(1);
    receipt_page(visit, &Receipt { number: String::new(), due_day: None, link: None }).into_response()
}

async fn take_in(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    upload: Upload,
) -> Result<Receipt, CorrespondenceError> {
    let question = Question {
        subject: typed.subject.clone(),
        text: typed.text.clone(),
        name: typed.name.clone(),
        email: typed.email.clone(),
        telephone: typed.telephone.clone(),
        language: Some(visit.words.language()),
        files: upload
            .into_files()
            .into_iter()
            .map(|file| NewFile { name: file.name, media_type: file.media_type, bytes: file.bytes })
            .collect(),
    };
    let case_type = typed.case_type.parse::<uuid::Uuid>().ok().map(CaseTypeId::from_untyped_uuid);
    let (ctx, settings) = (visit.context(state), state.cases.clone());
    state
        .db
        .write(move |s| -> Result<Receipt, CorrespondenceError> {
            let asked = ask(s, &ctx, &question)?;
            let conversation = asked.conversation;
            let chosen = match case_type {
                Some(id) => cases::queries::case_type(s, id)?.filter(|case_type| case_type.active),
                None => None,
            };
            let (Some(case_type), Some(contact)) = (chosen, conversation.contact_id) else {
                return Ok(Receipt { number: conversation.reference, due_day: asked.due_day, link: None });
            };
            let cmd = RegisterCase {
                description: question.text.clone(),
                resident_id: conversation.resident_id,
                ..RegisterCase::new(case_type.id, Origin::Contact(contact))
            };
            let case = register(s, &ctx, &settings, &cmd)?.case;
            join_web_case(s, &ctx, &conversation, case.id)?;
            let link = share_link(s, &ctx, &settings, case.id)?;
            Ok(Receipt { number: case.number.to_string(), due_day: asked.due_day, link: Some(link.address) })
        })
        .await
}

fn receipt_page(visit: &Visit, receipt: &Receipt) -> Markup {
    let words = visit.words;
    let content = html! {
        div .sheet {
            p .lead { (t!(words, "ask-thanks")) }
            @if !receipt.number.is_empty() {
                dl .facts { dt { (t!(words, "ask-number")) } dd { strong .code { (receipt.number) } } }
            }
            @if let Some(day) = receipt.due_day { p { (t!(words, "ask-due", day = cases::words::day(words.language(), day))) } }
            @if let Some(link) = &receipt.link {
                p { (t!(words, "ask-link")) }
                p { a href=(link) hx-boost="false" { (link) } }
            }
        }
        p { a href="/contact" { (t!(words, "ask-another")) } }
    };
    Page::narrow(t!(words, "ask-thanks-title")).around(visit, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SignedDuration;

    #[test]
    fn a_form_says_when_it_was_shown_and_cannot_be_made_up() {
        let key = SigningKey::from_bytes([3; 32]);
        let at: Timestamp = "2026-11-02T09:00:00Z".parse().unwrap();
        let token = shown_token(&key, at);
        let after = |seconds| filled(&key, &token, at + SignedDuration::from_secs(seconds));
        assert_eq!(after(1), Filled::TooFast);
        assert_eq!(after(2), Filled::Well);
        assert_eq!(after(24 * 3_600), Filled::Well);
        assert_eq!(after(24 * 3_600 + 1), Filled::Stale);
        assert_eq!(after(-5), Filled::Stale);
        let later = at + SignedDuration::from_secs(60);
        let (seconds, code) = token.split_once('.').unwrap();
        let older = format!("{}.{code}", seconds.parse::<i64>().unwrap() - 60);
        for made_up in ["", ".", "x.y", "99999999999999999999.a", &older, &token[..token.len() - 1]] {
            assert_eq!(filled(&key, made_up, later), Filled::Stale, "{made_up}");
        }
        assert_eq!(filled(&SigningKey::from_bytes([4; 32]), &token, later), Filled::Stale);
    }
}
