//! The call-in list: hourly staff in the order they are asked, and how it stands with each. The numbers are for leaders
//! and the manager only.

use super::publish::instant;
use crate::{
    AppState,
    components::{
        forms::{self, Choice, Faults, Field, Kind, Select},
        layout::Page,
        lists,
    },
    error::PageError,
    forms_in::text_fault,
    t,
    visit::Visit,
    words::Words,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use crisis::commands::{self, PutPerson};
use crisis::limits::{AVAILABILITY_CHARS_MAX, TITLE_CHARS_MAX};
use crisis::{CallIn, CallInAnswer, CallInPerson, CallInState, CrisisError, queries};
use maud::{Markup, html};
use people::users::User;
use serde::Deserialize;
use vocabulary::civil::Time;
use vocabulary::{
    CallInId, CallInPersonId, CrisisId, GenericUuid as _, Timestamp, UserId, local_day, time_zone,
};

/// What a leader may note by hand.
const NOTED: [CallInState; 4] =
    [CallInState::Called, CallInState::Yes, CallInState::No, CallInState::NoAnswer];

/// `GET /crisis/call-in`
///
/// # Errors
/// The database.
pub(super) async fn show(State(state): State<AppState>, visit: Visit) -> Result<Markup, PageError> {
    page(&state, &visit, None).await
}

async fn page(state: &AppState, visit: &Visit, problem: Option<&str>) -> Result<Markup, PageError> {
    let (people, round) = state
        .db
        .read(|s| -> Result<_, CrisisError> { Ok((queries::people(s)?, queries::open_call_in(s)?)) })
        .await?;
    let words = visit.words;
    let content = html! {
        p { a href="/crisis" { (t!(words, "crisis-back")) } }
        @if let Some(problem) = problem { (forms::refused(problem)) }
        @match &round {
            Some(round) => (going(visit, round, state.cases.texting)),
            None => (begin(visit, &people)),
        }
        section .card aria-labelledby="people-heading" {
            div .card-head {
                h2 #people-heading { (t!(words, "call-in-people")) }
                a .button href="/crisis/call-in/people/new" { (t!(words, "call-in-add")) }
            }
            p .hint { (t!(words, "call-in-people-hint")) }
            @if people.is_empty() { (lists::empty(&t!(words, "call-in-nobody"))) } @else { (list(words, &people)) }
        }
    };
    Ok(Page::wide(t!(words, "call-in-title")).around(visit, &content))
}

fn begin(visit: &Visit, people: &[CallInPerson]) -> Markup {
    let words = visit.words;
    html! {
        @if people.iter().any(|person| person.active) {
            form .card method="post" action="/crisis/call-in" {
                (forms::token(visit))
                (Field::line("call-in", "reason", t!(words, "call-in-reason"), &t!(words, "call-in-reason-usual"))
                    .room(TITLE_CHARS_MAX).hint(t!(words, "call-in-reason-hint")).show(words, &Faults::none()))
                button type="submit" .primary { (t!(words, "call-in-begin")) }
            }
        }
    }
}

/// The round that goes on.
fn going(visit: &Visit, round: &CallIn, texting: bool) -> Markup {
    let words = visit.words;
    let id = round.id.into_untyped_uuid();
    let count = |state: CallInState| round.answers.iter().filter(|answer| answer.state == state).count();
    let unasked =
        round.answers.iter().filter(|a| a.state == CallInState::Waiting && a.message_id.is_none()).count();
    html! {
        section .card aria-labelledby="round-heading" {
            h2 #round-heading { (round.reason) }
            p { (t!(words, "call-in-stands", yes = count(CallInState::Yes), no = count(CallInState::No),
                of = round.answers.len(), since = words.when(round.opened_at, visit.now))) }
            div .actions {
                @if unasked > 0 && texting {
                    form method="post" action=(format!("/crisis/call-in/{id}/text")) .inline-form {
                        (forms::token(visit))
                        (Field::line("call-in", "words", t!(words, "call-in-words"),
                            &t!(words, "call-in-words-usual", town = visit.config.town.clone()))
                            .room(TITLE_CHARS_MAX).hint(t!(words, "call-in-words-hint")).show(words, &Faults::none()))
                        button type="submit" .primary { (t!(words, "call-in-text-all", n = unasked)) }
                    }
                }
                (forms::button(visit, &format!("/crisis/call-in/{id}/close"), "", &t!(words, "call-in-close")))
            }
            @if !texting { p .notice .warn { (t!(words, "call-in-no-texting")) } }
            div .table-wrap tabindex="0" role="group" aria-labelledby="round-heading" { table .stacks {
                thead { tr {
                    th scope="col" { (t!(words, "name")) } th scope="col" { (t!(words, "call-in-telephone")) }
                    th scope="col" { (t!(words, "call-in-availability")) } th scope="col" { (t!(words, "call-in-state")) }
                    th scope="col" { (t!(words, "call-in-note")) }
                } }
                tbody { @for answer in &round.answers { (line(visit, round, answer)) } }
            } }
        }
    }
}

fn line(visit: &Visit, round: &CallIn, answer: &CallInAnswer) -> Markup {
    let words = visit.words;
    let person = &answer.person;
    let key = person.id.into_untyped_uuid();
    let class = match answer.state {
        CallInState::Yes => "good",
        CallInState::No | CallInState::NoAnswer => "warn",
        _ => "",
    };
    html! {
        tr {
            th scope="row" data-label=(t!(words, "name")) { (person.name) }
            td data-label=(t!(words, "call-in-telephone")) {
                a href=(format!("tel:{}", person.telephone)) { (words.telephone(&person.telephone)) }
            }
            td data-label=(t!(words, "call-in-availability")) { @if person.availability.is_empty() { "–" } @else { (person.availability) } }
            td data-label=(t!(words, "call-in-state")) {
                span class=(format!("badge {class}")) { (words.word("call-in-state", answer.state.as_str())) }
                @if let Some(at) = answer.coming_at { " " (t!(words, "call-in-coming", at = words.when(at, visit.now))) }
                " " span .small .soft {
                    (words.when(answer.changed_at, visit.now))
                    @if answer.by_themselves { " " (t!(words, "call-in-themselves")) }
                }
            }
            td data-label=(t!(words, "call-in-note")) {
                form method="post" action=(format!("/crisis/call-in/{}/note", round.id.into_untyped_uuid())) .call-in-note {
                    (forms::token(visit))
                    input type="hidden" name="person" value=(key);
                    label .visually-hidden for=(format!("coming-{key}")) { (t!(words, "call-in-coming-of", name = person.name.clone())) }
                    input id=(format!("coming-{key}")) type="time" name="coming";
                    @for state in NOTED {
                        button type="submit" .slim name="state" value=(state) {
                            (words.word("call-in-set", state.as_str())) span .visually-hidden { " " (person.name) }
                        }
                    }
                }
            }
        }
    }
}

fn list(words: &Words, people: &[CallInPerson]) -> Markup {
    html! {
        div .table-wrap tabindex="0" role="group" aria-labelledby="people-heading" { table .stacks {
            thead { tr {
                th scope="col" .number { (t!(words, "call-in-place")) } th scope="col" { (t!(words, "name")) }
                th scope="col" { (t!(words, "call-in-telephone")) } th scope="col" { (t!(words, "call-in-availability")) }
            } }
            tbody { @for person in people { tr {
                td .number data-label=(t!(words, "call-in-place")) { (person.place) }
                th scope="row" data-label=(t!(words, "name")) {
                    a href=(format!("/crisis/call-in/people/{}", person.id.into_untyped_uuid())) { (person.name) }
                    @if !person.active { " " span .badge { (t!(words, "call-in-inactive")) } }
                }
                td data-label=(t!(words, "call-in-telephone")) { (words.telephone(&person.telephone)) }
                td data-label=(t!(words, "call-in-availability")) { @if person.availability.is_empty() { "–" } @else { (person.availability) } }
            } } }
        } }
    }
}

fn back() -> Response {
    Redirect::to("/crisis/call-in").into_response()
}

/// Why people are called in.
#[derive(Debug, Deserialize)]
pub(super) struct Opened {
    reason: String,
}

/// `POST /crisis/call-in`: in the crisis that goes on, if there is one.
///
/// # Errors
/// The database.
pub(super) async fn open(
    State(state): State<AppState>,
    visit: Visit,
    Form(opened): Form<Opened>,
) -> Result<Response, PageError> {
    let ctx = visit.context(&state);
    let outcome = state
        .db
        .write(move |s| -> Result<_, CrisisError> {
            let crisis: Option<CrisisId> = queries::going_on(s)?.first().map(|crisis| crisis.id);
            commands::open_call_in(s, &ctx, crisis, &opened.reason)
        })
        .await;
    refused_or_back(&state, &visit, outcome.map(drop)).await
}

async fn refused_or_back(
    state: &AppState,
    visit: &Visit,
    outcome: Result<(), CrisisError>,
) -> Result<Response, PageError> {
    let why = match outcome {
        Ok(()) => return Ok(back()),
        Err(CrisisError::Text(error)) => text_fault(visit.words, error.fault),
        Err(CrisisError::Period) => t!(visit.words, "call-in-when-fault"),
        Err(CrisisError::Closed) => t!(visit.words, "call-in-closed"),
        Err(other) => return Err(other.into()),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(state, visit, Some(&why)).await?).into_response())
}

/// What the text message says before the link.
#[derive(Debug, Deserialize)]
pub(super) struct Wording {
    words: String,
}

/// `POST /crisis/call-in/{id}/text`
///
/// # Errors
/// There is no such round; the database.
pub(super) async fn text(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(sent): Form<Wording>,
) -> Result<Response, PageError> {
    let (ctx, settings, id) = (visit.context(&state), state.cases.clone(), CallInId::from_untyped_uuid(id));
    let outcome =
        state.db.write(move |s| commands::text_everybody(s, &ctx, &settings, id, &sent.words)).await;
    refused_or_back(&state, &visit, outcome.map(drop)).await
}

/// What a leader notes.
#[derive(Debug, Deserialize)]
pub(super) struct Noted {
    person: uuid::Uuid,
    state: String,
    #[serde(default)]
    coming: String,
}

/// A time of the day as typed: today, or tomorrow if it has passed by more than an hour.
fn next_time(text: &str, now: Timestamp) -> Option<Timestamp> {
    let time: Time = text.trim().parse().ok()?;
    let at = |day: vocabulary::civil::Date| {
        day.to_datetime(time).to_zoned(time_zone()).ok().map(|zoned| zoned.timestamp())
    };
    let today = local_day(now);
    let first = at(today)?;
    if now.duration_since(first) > vocabulary::SignedDuration::from_hours(1) {
        return at(today.tomorrow().ok()?);
    }
    Some(first)
}

/// `POST /crisis/call-in/{id}/note`
///
/// # Errors
/// There is no such round or person; the database.
pub(super) async fn note(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
    Form(noted): Form<Noted>,
) -> Result<Response, PageError> {
    let how: CallInState = noted.state.parse().map_err(|_| PageError::NotFound)?;
    if !NOTED.contains(&how) {
        return Err(PageError::NotFound);
    }
    let coming = next_time(&noted.coming, visit.now).or_else(|| instant(&noted.coming));
    let (ctx, id) = (visit.context(&state), CallInId::from_untyped_uuid(id));
    let person = CallInPersonId::from_untyped_uuid(noted.person);
    let outcome = state.db.write(move |s| commands::note_answer(s, &ctx, id, person, how, coming)).await;
    refused_or_back(&state, &visit, outcome).await
}

/// `POST /crisis/call-in/{id}/close`
///
/// # Errors
/// There is no such round; the database.
pub(super) async fn close(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, PageError> {
    let (ctx, id) = (visit.context(&state), CallInId::from_untyped_uuid(id));
    state.db.write(move |s| commands::close_call_in(s, &ctx, id)).await?;
    Ok(back())
}

/// Somebody as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    user: String,
    name: String,
    telephone: String,
    place: String,
    availability: String,
    active: String,
}

/// `GET /crisis/call-in/people/{id}`, or `new` in the place of an id.
///
/// # Errors
/// There is nobody by that id; the database.
pub(super) async fn person(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Markup, PageError> {
    let (people, users) = read(&state).await?;
    let sent = if id == "new" {
        let place = people.iter().map(|person| person.place).max().unwrap_or(0) + 1;
        Sent { place: place.to_string(), active: "yes".to_owned(), ..Sent::default() }
    } else {
        let known = people.iter().find(|person| person.id.into_untyped_uuid().to_string() == id);
        let person = known.ok_or(PageError::NotFound)?;
        Sent {
            user: person.user_id.map(|id| id.into_untyped_uuid().to_string()).unwrap_or_default(),
            name: person.name.clone(),
            telephone: visit.words.telephone(&person.telephone),
            place: person.place.to_string(),
            availability: person.availability.clone(),
            active: if person.active { "yes".to_owned() } else { String::new() },
        }
    };
    Ok(person_page(&visit, &id, &users, &sent, &Faults::none()))
}

async fn read(state: &AppState) -> Result<(Vec<CallInPerson>, Vec<User>), PageError> {
    Ok(state
        .db
        .read(|s| -> Result<_, CrisisError> {
            let users = people::users::queries::all(s)?.into_iter().filter(|user| user.hourly && user.active);
            Ok((queries::people(s)?, users.collect()))
        })
        .await?)
}

fn person_page(visit: &Visit, id: &str, users: &[User], sent: &Sent, faults: &Faults) -> Markup {
    let words = visit.words;
    let choices: Vec<Choice> =
        users.iter().map(|user| Choice::new(user.id.into_untyped_uuid(), user.name.clone())).collect();
    let user = Select {
        name: "user",
        prefix: "person",
        label: t!(words, "call-in-user"),
        choices: &choices,
        chosen: &sent.user,
        nothing: Some(t!(words, "call-in-user-none")),
        required: false,
        type_ahead_next: None,
    };
    let line = |name, label, value| Field::line("person", name, label, value);
    let content = html! {
        p { a href="/crisis/call-in" { (t!(words, "call-in-title")) } }
        form .card method="post" action=(format!("/crisis/call-in/people/{id}")) {
            (forms::token(visit))
            @if !faults.is_empty() { (forms::refused(&t!(words, "crisis-form-faults"))) }
            (line("name", t!(words, "name"), &sent.name).show(words, faults))
            (line("telephone", t!(words, "call-in-telephone"), &sent.telephone).kind(Kind::Telephone).show(words, faults))
            (line("place", t!(words, "call-in-place"), &sent.place).hint(t!(words, "call-in-place-hint")).show(words, faults))
            (line("availability", t!(words, "call-in-availability"), &sent.availability).room(AVAILABILITY_CHARS_MAX).optional()
                .hint(t!(words, "call-in-availability-hint")).show(words, faults))
            (user.show(words, faults))
            (forms::tick("person", "active", &t!(words, "call-in-active"), sent.active == "yes"))
            p { button type="submit" .primary { (t!(words, "save")) } }
        }
    };
    let title = if id == "new" { t!(words, "call-in-add") } else { sent.name.clone() };
    Page::narrow(title).around(visit, &content)
}

/// `POST /crisis/call-in/people/{id}`
///
/// # Errors
/// There is nobody by that id; the database.
pub(super) async fn put_person(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let known = match id.as_str() {
        "new" => None,
        text => {
            let id = text.parse::<uuid::Uuid>().map_err(|_| PageError::NotFound)?;
            Some(CallInPersonId::from_untyped_uuid(id))
        }
    };
    let faults = match sent.place.trim().parse::<u32>() {
        Err(_) => Faults::one("place", t!(visit.words, "fault-number")),
        Ok(place) => {
            let put = PutPerson {
                user_id: sent.user.parse().ok().map(UserId::from_untyped_uuid),
                name: sent.name.clone(),
                telephone: sent.telephone.clone(),
                place,
                availability: sent.availability.clone(),
                active: sent.active == "yes",
            };
            let ctx = visit.context(&state);
            let outcome = state
                .db
                .write(move |s| match known {
                    Some(id) => commands::change_person(s, &ctx, id, &put),
                    None => commands::add_person(s, &ctx, &put).map(drop),
                })
                .await;
            match outcome {
                Ok(()) => return Ok(back()),
                Err(CrisisError::Text(error)) => {
                    Faults::one(error.field, text_fault(visit.words, error.fault))
                }
                Err(other) => return Err(other.into()),
            }
        }
    };
    let (_, users) = read(&state).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, person_page(&visit, &id, &users, &sent, &faults)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_next_one() {
        let now: Timestamp = "2026-11-03T21:00:00Z".parse().unwrap(); // 22:00 in Sweden
        assert_eq!(next_time("23:30", now).unwrap().to_string(), "2026-11-03T22:30:00Z");
        assert_eq!(next_time("21:30", now).unwrap().to_string(), "2026-11-03T20:30:00Z", "a moment ago");
        assert_eq!(next_time("06:00", now).unwrap().to_string(), "2026-11-04T05:00:00Z");
        assert_eq!(next_time("", now), None);
    }
}
