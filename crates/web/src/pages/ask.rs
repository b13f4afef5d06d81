//! A question from the web, by anybody, without an account and without script.
//!
//! What keeps machines away asks nothing of people: a field that only machines fill in, a signed time that says when the
//! form was shown (nobody writes a question in two seconds), and a limit for each address. What is caught by the first
//! two is answered as if it had been taken in, so that it learns nothing.
//!
//! Who has searched before asking brings the question and the search along, in the body. Who has not is shown what already
//! answers, once, before the question is sent: beside the form while it is written, or as a step of its own without script.

use crate::{
    AppState,
    components::forms::{self, Choice, Faults, Field, Kind, Select},
    error::PageError,
    forms_in::text_fault,
    pages::{
        public::{self, Frame, Seen, TRAP, link},
        sign_in::address,
    },
    routes::{Entrance, Route, RouteTable},
    t,
    uploads::Upload,
    visit::Visit,
};
use axum::{
    Form,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use cases::CaseType;
use cases::commands::{Origin, RegisterCase, share_link};
use correspondence::commands::{NewFile, Question, ask, join_web_case};
use correspondence::{CorrespondenceError, QUESTION_CHARS_MAX};
use knowledge::{Hit, KnowledgeError};
use maud::html;
use people::access::{Tally, count_attempt};
use people::{Action, SigningKey};
use processes::commands::register;
use serde::Deserialize;
use std::net::SocketAddr;
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{CaseTypeId, SearchId, Timestamp};

/// Nobody reads the form, writes a question and sends it in less, in seconds.
const FILLED_IN_SECONDS_MIN: i64 = 2;
/// A form left open for longer is shown anew, in hours.
const FORM_HOURS_MAX: i64 = 24;
/// Questions from one address within the window of sign-in's throttles (a quarter of an hour).
const QUESTIONS_PER_ADDRESS_MAX: u32 = 10;
/// Where the form is.
const PATH: &str = "/contact";

/// The routes of this room.
pub fn routes(table: &mut RouteTable) {
    let page = |method, path| Route { method, path, action: Action::ReadPublic, entrance: Entrance::Public };
    table.add(page("GET", PATH), show);
    table.add(page("POST", "/contact/begin"), begin);
    table.upload(page("POST", PATH), send_question);
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
    /// The search that led here, if there was one.
    search: String,
    /// Whether what already answers has been shown.
    seen: bool,
    /// When the form was shown first, signed; empty for now.
    shown: String,
}

/// `GET /contact`
///
/// # Errors
/// The database.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, PageError> {
    page(&state, &visit, &Typed::default(), &Faults::none(), &[]).await
}

/// What somebody searched for, and does not want to type again.
#[derive(Debug, Deserialize)]
pub struct Begun {
    #[serde(default)]
    query: String,
    #[serde(default)]
    search: String,
}

/// `POST /contact/begin`: the form, with the question that no answer was found to.
///
/// # Errors
/// The database.
pub async fn begin(
    State(state): State<AppState>,
    visit: Visit,
    Form(begun): Form<Begun>,
) -> Result<Response, PageError> {
    let text: String = begun.query.chars().take(knowledge::QUERY_CHARS_MAX).collect();
    // What was found has been seen: nobody is asked twice.
    let typed = Typed { seen: !text.is_empty(), text, search: begun.search, ..Typed::default() };
    page(&state, &visit, &typed, &Faults::none(), &[]).await
}

async fn page(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    faults: &Faults,
    suggested: &[Hit],
) -> Result<Response, PageError> {
    let words = visit.words;
    let (shelf, now) = (state.shelf.clone(), visit.now);
    let (types, notices, mailbox) = state
        .db
        .read(move |s| {
            let types = cases::queries::case_types(s)?;
            let mailbox = correspondence::queries::mailbox_for_web(s)?;
            Ok::<_, KnowledgeError>((types, Seen::read(s, &shelf, now)?.notices, mailbox))
        })
        .await?;
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
    // A form that is shown again keeps the time it was shown first: who corrects one word is no machine.
    let shown = match typed.shown.as_str() {
        "" => shown_token(state.access.key(), state.wall.now()),
        first => first.to_owned(),
    };
    let content = html! {
        div .sheet {
            p .lead {
                (t!(words, "ask-lead"))
                @if let Some(mailbox) = &mailbox { " " (t!(words, "ask-promise", days = mailbox.clock_working_days)) }
            }
            @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
            form method="post" action=(link(visit, PATH)) enctype="multipart/form-data" data-suggest=(link(visit, "/site/find")) {
                input type="hidden" name="shown" value=(shown);
                input type="hidden" name="search" value=(typed.search);
                input type="hidden" name="seen" value=(if typed.seen || !suggested.is_empty() { "yes" } else { "" });
                (case_type.show(words, faults))
                (Field::line("ask", "text", t!(words, "ask-text"), &typed.text).kind(Kind::Text)
                    .hint(t!(words, "ask-text-hint")).room(QUESTION_CHARS_MAX).show(words, faults))
                div #ask-suggestions aria-live="polite" { (public::suggestions(visit, suggested)) }
                (Field::line("ask", "name", t!(words, "ask-name"), &typed.name).optional().room(120).show(words, faults))
                (Field::line("ask", "email", t!(words, "email"), &typed.email).kind(Kind::Email).optional()
                    .hint(t!(words, "ask-reach-hint")).room(254).show(words, faults))
                (Field::line("ask", "telephone", t!(words, "telephone-number"), &typed.telephone).kind(Kind::Telephone)
                    .optional().room(40).show(words, faults))
                div .field {
                    label for="ask-files" { (t!(words, "ask-files")) " " span .optional { (t!(words, "optional")) } }
                    input #ask-files type="file" name="files" multiple;
                }
                (public::trap("ask-website"))
                button type="submit" .primary {
                    @if suggested.is_empty() { (t!(words, "ask-send")) } @else { (t!(words, "ask-send-anyway")) }
                }
            }
        }
    };
    let frame = Frame::new(t!(words, "ask-title"))
        .about(t!(words, "ask-about", town = visit.config.town.clone()))
        .at(PATH);
    Ok(frame.answer(visit, &notices, &content))
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
        search: upload.field("search").to_owned(),
        seen: upload.ticked("seen"),
        shown: upload.field("shown").to_owned(),
    };
    match filled(&key, &typed.shown, now) {
        Filled::Stale => {
            let faults = Faults::one("form", t!(words, "ask-stale"));
            let typed = Typed { shown: String::new(), ..typed };
            return refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                page(&state, &visit, &typed, &faults, &[]).await,
            );
        }
        Filled::TooFast => return caught(&state, &visit, "too_fast").await,
        Filled::Well if !upload.field(TRAP).is_empty() => return caught(&state, &visit, "trap").await,
        Filled::Well => {}
    }
    // Who names the matter reports something rather than asks, and who brings files would have to choose them again.
    if !typed.seen && typed.case_type.is_empty() && upload.files().is_empty() {
        let suggested = public::suggested(&state, &visit, &typed.text)?;
        if !suggested.is_empty() {
            return page(&state, &visit, &typed, &Faults::none(), &suggested).await;
        }
    }
    let from = address(&state, &headers, peer.map(|peer| peer.0.0));
    let tally = Tally::of_address(&key, "contact form", from, QUESTIONS_PER_ADDRESS_MAX);
    let counted = state.db.write(move |s| count_attempt(s, now, std::slice::from_ref(&tally))).await?;
    if let Err(wait) = counted {
        let minutes = u64::try_from(wait.as_secs().max(0)).unwrap_or(0).div_ceil(60);
        let faults = Faults::one("form", t!(words, "ask-throttled", minutes = minutes));
        let page = page(&state, &visit, &typed, &faults, &[]).await;
        let mut response = refused(StatusCode::TOO_MANY_REQUESTS, page)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        return Ok(response);
    }
    match take_in(&state, &visit, &typed, upload).await {
        Ok(receipt) => receipt_page(&state, &visit, &receipt).await,
        Err(error) => {
            let faults = match error {
                CorrespondenceError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
                CorrespondenceError::NoMailbox => Faults::one("form", t!(words, "ask-closed")),
                CorrespondenceError::Case(error) => crate::pages::cases::case_faults(words, error)?,
                other => return Err(other.into()),
            };
            refused(StatusCode::UNPROCESSABLE_ENTITY, page(&state, &visit, &typed, &faults, &[]).await)
        }
    }
}

/// A page that says what is wrong, with the status that says the same.
fn refused(status: StatusCode, page: Result<Response, PageError>) -> Result<Response, PageError> {
    page.map(|mut page| {
        *page.status_mut() = status;
        page
    })
}

/// What a machine is told: the same as everybody, without a number.
async fn caught(state: &AppState, visit: &Visit, why: &'static str) -> Result<Response, PageError> {
    metrics::counter!("contact_form_refused_total", "why" => why).increment(1);
    receipt_page(state, visit, &Receipt { number: String::new(), due_day: None, link: None }).await
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
    let search = typed.search.parse::<uuid::Uuid>().ok().map(SearchId::from_untyped_uuid);
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
            if let Some(search) = search {
                public::became_contact(s, &ctx, search, chosen.as_ref().map(|case_type| case_type.id))?;
            }
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

async fn receipt_page(state: &AppState, visit: &Visit, receipt: &Receipt) -> Result<Response, PageError> {
    let words = visit.words;
    let notices = public::notices(state, visit.now).await?;
    let content = html! {
        div .sheet {
            p .lead { (t!(words, "ask-thanks")) }
            @if !receipt.number.is_empty() {
                dl .facts { dt { (t!(words, "ask-number")) } dd { strong .code { (receipt.number) } } }
            }
            @if let Some(day) = receipt.due_day { p { (t!(words, "ask-due", day = cases::words::day(words.language(), day))) } }
            @if let Some(link) = &receipt.link {
                p { (t!(words, "ask-link")) }
                p { a href=(link) { (link) } }
            }
        }
        p { a href=(link(visit, PATH)) { (t!(words, "ask-another")) } }
    };
    Ok(Frame::new(t!(words, "ask-thanks-title")).answer(visit, &notices, &content))
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
