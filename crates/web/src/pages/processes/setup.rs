//! What can be booked, and who is called out: seen by those who use it, changed by the manager.

use crate::{
    AppState,
    components::{
        forms::{self, Faults, Field, Kind},
        layout::Page,
        lists,
    },
    error::PageError,
    t,
    visit::Visit,
};
use axum::{
    extract::{Form, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use maud::{Markup, html};
use people::Action;
use processes::commands::{self, PutContractor, PutResource};
use processes::{Booking, ProcessesError, queries, words};
use std::collections::BTreeMap;
use vocabulary::civil::Date;
use vocabulary::{OpeningHours, SignedDuration};

/// Days of bookings shown.
const DAYS_SHOWN: i64 = 60;
/// The days of the week, as opening hours name them.
const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

type Draft = BTreeMap<String, String>;

fn text<'d>(draft: &'d Draft, key: &str) -> &'d str {
    draft.get(key).map_or("", String::as_str)
}

/// `GET /processes/resources/{code}`
///
/// # Errors
/// There is no such resource; the database.
pub(super) async fn resource(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    if code == "new" {
        let draft = Draft::from([("active".to_owned(), "yes".to_owned())]);
        return Ok(resource_page(&visit, "new", &draft, &[], &Faults::none()));
    }
    let now = visit.now;
    let (resource, bookings) = state
        .db
        .read(move |s| -> Result<_, ProcessesError> {
            let resource =
                queries::resource_by_code(s, &code)?.ok_or(ProcessesError::NotFound { what: "resource" })?;
            let to = now.checked_add(SignedDuration::from_hours(24 * DAYS_SHOWN)).unwrap_or(now);
            let bookings = queries::bookings_between(s, resource.id, now, to)?;
            Ok((resource, bookings))
        })
        .await?;
    let mut draft = Draft::from([
        ("name".to_owned(), resource.name.clone()),
        ("place".to_owned(), resource.place.clone()),
        ("slot_minutes".to_owned(), resource.slot_minutes.to_string()),
        ("capacity".to_owned(), resource.capacity.to_string()),
        ("notice_hours".to_owned(), resource.notice_hours.to_string()),
        ("days_ahead".to_owned(), resource.days_ahead.to_string()),
    ]);
    if resource.active {
        draft.insert("active".to_owned(), "yes".to_owned());
    }
    let closed: Vec<String> =
        resource.closed.iter().map(|(day, why)| format!("{day} {why}").trim().to_owned()).collect();
    draft.insert("closed".to_owned(), closed.join("\n"));
    if let Ok(serde_json::Value::Object(hours)) = serde_json::to_value(&resource.hours) {
        draft.extend(hours.into_iter().filter_map(|(day, hours)| Some((day, hours.as_str()?.to_owned()))));
    }
    Ok(resource_page(&visit, &resource.code, &draft, &bookings, &Faults::none()))
}

fn resource_page(visit: &Visit, code: &str, draft: &Draft, bookings: &[Booking], faults: &Faults) -> Markup {
    let words = visit.words;
    let new = code == "new";
    let line = |name: &'static str, label: String| {
        Field::line("resource", name, label, text(draft, name)).show(words, faults)
    };
    let content = html! {
        p { a href="/processes" { (t!(words, "processes-back")) } }
        @if !new {
            section .card aria-labelledby="bookings-heading" {
                h2 #bookings-heading { (t!(words, "bookings-ahead")) }
                @if bookings.is_empty() { (lists::empty(&t!(words, "bookings-none"))) }
                ul { @for booking in bookings { li { (words::day_and_time(words.language(), booking.starts_at)) "–" (words.time(booking.ends_at)) } } }
            }
        }
        @if visit.may(Action::EditProcesses) {
            form .card method="post" action=(format!("/processes/resources/{code}")) {
                (forms::token(visit))
                @if let Some(fault) = faults.of("form") { (forms::refused(fault)) }
                @if new { (line("code", t!(words, "resource-code"))) }
                (line("name", t!(words, "name")))
                (line("place", t!(words, "resource-place")))
                div .row {
                    (line("slot_minutes", t!(words, "resource-slot")))
                    (line("capacity", t!(words, "resource-capacity")))
                    (line("notice_hours", t!(words, "resource-notice")))
                    (line("days_ahead", t!(words, "resource-ahead")))
                }
                fieldset {
                    legend { (t!(words, "resource-hours")) }
                    p .hint { (t!(words, "resource-hours-hint")) }
                    div .row { @for day in WEEK { (line(day, words.word("weekday", day))) } }
                }
                (Field::line("resource", "closed", t!(words, "resource-closed"), text(draft, "closed")).kind(Kind::Text).optional()
                    .room(20_000).hint(t!(words, "resource-closed-hint")).show(words, faults))
                (forms::tick("resource", "active", &t!(words, "resource-active"), text(draft, "active") == "yes"))
                p { button type="submit" .primary { (t!(words, "save")) } }
            }
        }
    };
    let title = if new { t!(words, "resource-new") } else { text(draft, "name").to_owned() };
    Page::narrow(title).around(visit, &content)
}

/// Reads the form; the fault is the field's.
fn read_resource(code: &str, draft: &Draft) -> Result<PutResource, &'static str> {
    let number = |name: &'static str| text(draft, name).trim().parse::<u16>().map_err(|_| name);
    let mut hours = serde_json::Map::new();
    for day in WEEK {
        let given = text(draft, day).trim();
        let given = if given.is_empty() { "closed" } else { given };
        hours.insert(day.to_owned(), given.into());
        let mut one = serde_json::Map::new();
        for other in WEEK {
            one.insert(other.to_owned(), if other == day { given } else { "closed" }.into());
        }
        // Each day by itself, so that the fault is said where it is.
        serde_json::from_value::<OpeningHours>(one.into()).map_err(|_| day)?;
    }
    let mut closed = Vec::new();
    for line in text(draft, "closed").lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (day, reason) = line.split_once(' ').unwrap_or((line, ""));
        closed.push((day.parse::<Date>().map_err(|_| "closed")?, reason.to_owned()));
    }
    Ok(PutResource {
        code: if code == "new" { text(draft, "code").to_owned() } else { code.to_owned() },
        name: text(draft, "name").to_owned(),
        place: text(draft, "place").to_owned(),
        hours: serde_json::from_value(hours.into()).map_err(|_| "monday")?,
        slot_minutes: number("slot_minutes")?,
        capacity: number("capacity")?,
        notice_hours: number("notice_hours")?,
        days_ahead: number("days_ahead")?,
        active: text(draft, "active") == "yes",
        closed,
    })
}

/// `POST /processes/resources/{code}`
///
/// # Errors
/// The database.
pub(super) async fn put_resource(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    let language = visit.words.language();
    let faults = match read_resource(&code, &draft) {
        Err(field) => {
            let why = match field {
                "closed" => t!(visit.words, "resource-closed-hint"),
                day if WEEK.contains(&day) => t!(visit.words, "resource-hours-hint"),
                _ => t!(visit.words, "fault-number"),
            };
            Faults::one(field, why)
        }
        Ok(cmd) => {
            let ctx = visit.context(&state);
            match state.db.write(move |s| commands::put_resource(s, &ctx, &cmd)).await {
                Ok(_) => return Ok(Redirect::to("/processes").into_response()),
                Err(error @ ProcessesError::Range { field, .. }) => {
                    Faults::one(field, words::problem(language, &error))
                }
                Err(ProcessesError::Text(error)) => {
                    Faults::one(error.field, crate::forms_in::text_fault(visit.words, error.fault))
                }
                Err(other) => return Err(other.into()),
            }
        }
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, resource_page(&visit, &code, &draft, &[], &faults)).into_response())
}

/// `GET /processes/contractors/{code}`
///
/// # Errors
/// There is no such contractor; the database.
pub(super) async fn contractor(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Markup, PageError> {
    let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
    if code == "new" {
        let draft = Draft::from([("active".to_owned(), yes(true)), ("texts".to_owned(), yes(true))]);
        return Ok(contractor_page(&visit, "new", &draft, &Faults::none()));
    }
    let found =
        state.db.read(move |s| queries::contractor_by_code(s, &code)).await?.ok_or(PageError::NotFound)?;
    let draft = Draft::from([
        ("name".to_owned(), found.name),
        ("telephone".to_owned(), found.telephone),
        ("email".to_owned(), found.email.unwrap_or_default()),
        ("texts".to_owned(), yes(found.texts)),
        ("active".to_owned(), yes(found.active)),
    ]);
    Ok(contractor_page(&visit, &found.code, &draft, &Faults::none()))
}

fn contractor_page(visit: &Visit, code: &str, draft: &Draft, faults: &Faults) -> Markup {
    let words = visit.words;
    let new = code == "new";
    let field = |name: &'static str, label: String| Field::line("contractor", name, label, text(draft, name));
    let content = html! {
        p { a href="/processes" { (t!(words, "processes-back")) } }
        @if visit.may(Action::EditProcesses) {
            form .card method="post" action=(format!("/processes/contractors/{code}")) {
                (forms::token(visit))
                @if new { (field("code", t!(words, "resource-code")).show(words, faults)) }
                (field("name", t!(words, "name")).show(words, faults))
                (field("telephone", t!(words, "contractor-telephone")).kind(Kind::Telephone).show(words, faults))
                (field("email", t!(words, "email")).kind(Kind::Email).optional().show(words, faults))
                (forms::tick("contractor", "texts", &t!(words, "contractor-texts"), text(draft, "texts") == "yes"))
                (forms::tick("contractor", "active", &t!(words, "contractor-active"), text(draft, "active") == "yes"))
                p { button type="submit" .primary { (t!(words, "save")) } }
            }
        } @else {
            dl .facts .card {
                dt { (t!(words, "contractor-telephone")) } dd { (words.telephone(text(draft, "telephone"))) }
                @if !text(draft, "email").is_empty() { dt { (t!(words, "email")) } dd { (text(draft, "email")) } }
            }
        }
    };
    let title = if new { t!(words, "contractor-new") } else { text(draft, "name").to_owned() };
    Page::narrow(title).around(visit, &content)
}

/// `POST /processes/contractors/{code}`
///
/// # Errors
/// The database.
pub(super) async fn put_contractor(
    State(state): State<AppState>,
    visit: Visit,
    Path(code): Path<String>,
    Form(draft): Form<Draft>,
) -> Result<Response, PageError> {
    let cmd = PutContractor {
        code: if code == "new" { text(&draft, "code").to_owned() } else { code.clone() },
        name: text(&draft, "name").to_owned(),
        telephone: text(&draft, "telephone").to_owned(),
        email: text(&draft, "email").to_owned(),
        texts: text(&draft, "texts") == "yes",
        active: text(&draft, "active") == "yes",
    };
    let ctx = visit.context(&state);
    let faults = match state.db.write(move |s| commands::put_contractor(s, &ctx, &cmd)).await {
        Ok(_) => return Ok(Redirect::to("/processes").into_response()),
        Err(ProcessesError::Text(error)) => {
            Faults::one(error.field, crate::forms_in::text_fault(visit.words, error.fault))
        }
        Err(other) => return Err(other.into()),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, contractor_page(&visit, &code, &draft, &faults)).into_response())
}
