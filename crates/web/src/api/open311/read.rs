//! What anybody may read: services, requests, updates. Whoever shows a key that may read cases is also given what the
//! resident told.

use super::tree::{Node, answer, list, map};
use super::{Fault, Format, our_jurisdiction};
use crate::{AppState, visit::Visit};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use cases::open311::{self, Asked, Request, SPAN_MAX};
use cases::{CaseNumber, CaseType, Place};
use people::Action;
use serde::Deserialize;
use vocabulary::civil::Date;
use vocabulary::{CaseStatus, Timestamp, start_of_day, time_zone};

/// An instant as W3C writes it (RFC 3339), in Swedish time with its offset.
fn w3c(at: Timestamp) -> String {
    at.to_zoned(time_zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The last second of a day.
fn end_of(day: Date) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    start_of_day(next) - vocabulary::SignedDuration::from_secs(1)
}

/// `open` or `closed`: all that GeoReport v2 knows.
const fn open_or_closed(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Solved => "closed",
        _ => "open",
    }
}

fn answered(format: Format, outcome: Result<(&'static str, Node), Fault>) -> Response {
    match outcome {
        Ok((root, node)) => answer(format, StatusCode::OK, root, &node),
        Err(fault) => fault.answer(format),
    }
}

/// Which municipality.
#[derive(Deserialize)]
pub struct Where {
    jurisdiction_id: Option<String>,
}

fn service_node(one: &CaseType) -> Node {
    map(vec![
        ("service_code", Node::text(&one.code)),
        ("service_name", Node::text(&one.name)),
        ("description", Node::text(&one.public_text)),
        ("metadata", Node::Flag(false)),
        ("type", Node::text("realtime")),
        ("keywords", Node::text(one.keywords.split(", ").collect::<Vec<_>>().join(","))),
        ("group", Node::text(&one.category)),
    ])
}

/// `GET /open311/v2/services.{xml,json}`
pub async fn services(State(state): State<AppState>, visit: Visit, Query(asked): Query<Where>) -> Response {
    let found = async {
        our_jurisdiction(&state, asked.jurisdiction_id.as_deref())?;
        let types = state.db.read(open311::services).await?;
        Ok(("services", list("service", types.iter().map(service_node).collect())))
    };
    answered(Format::of(&visit.path), found.await)
}

/// `GET /open311/v2/services/{code}.{xml,json}`: no service asks for more than the standard's own fields.
pub async fn service(
    State(state): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Where>,
) -> Response {
    let found = async {
        our_jurisdiction(&state, asked.jurisdiction_id.as_deref())?;
        let missing = || Fault::missing("service_code was not found");
        let code = Format::stem(&file).ok_or_else(missing)?.to_owned();
        let one = state.db.read(move |s| open311::service(s, &code)).await?.ok_or_else(missing)?;
        let node =
            map(vec![("service_code", Node::text(one.code)), ("attributes", list("attribute", Vec::new()))]);
        Ok(("service_definition", node))
    };
    answered(Format::of(&visit.path), found.await)
}

/// Which requests.
#[derive(Deserialize)]
pub struct Which {
    jurisdiction_id: Option<String>,
    service_request_id: Option<String>,
    service_code: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    status: Option<String>,
}

fn instant(name: &str, typed: &str) -> Result<Timestamp, Fault> {
    // In a query a plus sign stands for a space.
    let typed = typed.trim().replace(' ', "+");
    let day = || typed.parse::<Date>().ok().filter(|_| typed.len() == 10).map(start_of_day);
    let wrong = || Fault::bad(format!("{name} is not a date and time as 2026-11-03T09:00:00+01:00"));
    typed.parse::<Timestamp>().ok().or_else(day).ok_or_else(wrong)
}

/// The span asked for: at most 90 days, the latest if nothing is said.
fn span(visit: &Visit, start: Option<&str>, end: Option<&str>) -> Result<(Timestamp, Timestamp), Fault> {
    let given = |name, typed: Option<&str>| {
        typed.filter(|typed| !typed.trim().is_empty()).map(|typed| instant(name, typed)).transpose()
    };
    let (start, end) = (given("start_date", start)?, given("end_date", end)?);
    let back = |to: Timestamp| to.checked_sub(SPAN_MAX).unwrap_or(Timestamp::MIN);
    match (start, end) {
        (None, None) => Ok((back(visit.now), visit.now)),
        (None, Some(to)) => Ok((back(to), to)),
        (Some(from), None) => Ok((from, from.checked_add(SPAN_MAX).unwrap_or(Timestamp::MAX))),
        (Some(from), Some(to)) if from > to => Err(Fault::bad("start_date is after end_date")),
        (Some(from), Some(to)) if to.duration_since(from) > SPAN_MAX => {
            Err(Fault::bad("start_date and end_date may span 90 days at most"))
        }
        (Some(from), Some(to)) => Ok((from, to)),
    }
}

/// What is given between commas.
fn each(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.take(open311::REQUESTS_MAX).map(str::to_owned).collect()
}

fn wanted(visit: &Visit, which: &Which) -> Result<Asked, Fault> {
    let (mut open, mut closed) = (false, false);
    for status in each(which.status.as_deref()) {
        match status.to_ascii_lowercase().as_str() {
            "open" => open = true,
            "closed" => closed = true,
            _ => return Err(Fault::bad("status is open or closed")),
        }
    }
    let (from, to) = span(visit, which.start_date.as_deref(), which.end_date.as_deref())?;
    let open = if open == closed { None } else { Some(open) };
    Ok(Asked { service_codes: each(which.service_code.as_deref()), open, from, to })
}

fn request_node(visit: &Visit, request: &Request) -> Node {
    let trusted = visit.may(Action::ApiReadCases);
    let place = request.place.as_ref().filter(|_| trusted || request.reported);
    let position = place.and_then(Place::position);
    let degree = |number: Option<f64>| number.map_or(Node::Nothing, Node::Number);
    map(vec![
        ("service_request_id", Node::text(request.number.as_str())),
        ("status", Node::text(open_or_closed(request.status))),
        ("status_notes", Node::text(cases::words::status_public(visit.words.language(), request.status))),
        ("service_name", Node::text(&request.service_name)),
        ("service_code", Node::text(&request.service_code)),
        ("description", Node::optional(trusted.then_some(&request.description))),
        ("agency_responsible", Node::text(&request.agency)),
        ("service_notice", Node::Nothing),
        ("requested_datetime", Node::text(w3c(request.requested_at))),
        ("updated_datetime", Node::text(w3c(request.updated_at))),
        ("expected_datetime", Node::optional(request.due_day.map(|day| w3c(end_of(day))))),
        ("address", Node::optional(place.and_then(Place::address))),
        ("address_id", Node::Nothing),
        ("zipcode", Node::Nothing),
        ("lat", degree(position.map(|at| at.latitude()))),
        ("long", degree(position.map(|at| at.longitude()))),
        ("media_url", Node::optional(request.media_url.as_ref().filter(|_| trusted))),
    ])
}

/// `GET /open311/v2/requests.{xml,json}`
pub async fn requests(State(state): State<AppState>, visit: Visit, Query(which): Query<Which>) -> Response {
    let found = async {
        our_jurisdiction(&state, which.jurisdiction_id.as_deref())?;
        let numbers = each(which.service_request_id.as_deref());
        let found = if numbers.is_empty() {
            let asked = wanted(&visit, &which)?;
            state.db.read(move |s| open311::requests(s, &asked)).await?
        } else {
            state.db.read(move |s| several(s, &numbers)).await?
        };
        let nodes = found.iter().map(|request| request_node(&visit, request)).collect();
        Ok(("service_requests", list("request", nodes)))
    };
    answered(Format::of(&visit.path), found.await)
}

fn several(s: &mut storage::Session<'_>, numbers: &[String]) -> Result<Vec<Request>, storage::StorageError> {
    let mut found = Vec::new();
    for number in numbers.iter().filter_map(|number| number.parse::<CaseNumber>().ok()) {
        found.extend(open311::request(s, &number)?);
    }
    Ok(found)
}

/// `GET /open311/v2/requests/{id}.{xml,json}`
pub async fn request(
    State(state): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Where>,
) -> Response {
    let found = async {
        our_jurisdiction(&state, asked.jurisdiction_id.as_deref())?;
        let missing = || Fault::missing("service_request_id was not found");
        let number: CaseNumber =
            Format::stem(&file).and_then(|stem| stem.parse().ok()).ok_or_else(missing)?;
        let found = state.db.read(move |s| open311::request(s, &number)).await?.ok_or_else(missing)?;
        Ok(("service_requests", list("request", vec![request_node(&visit, &found)])))
    };
    answered(Format::of(&visit.path), found.await)
}

/// `GET /open311/v2/tokens/{id}.{xml,json}`: a report gets its number at once, so the token is that number.
pub async fn token(
    State(state): State<AppState>,
    visit: Visit,
    Path(file): Path<String>,
    Query(asked): Query<Where>,
) -> Response {
    let found = async {
        our_jurisdiction(&state, asked.jurisdiction_id.as_deref())?;
        let missing = || Fault::missing("token was not found");
        let number: CaseNumber =
            Format::stem(&file).and_then(|stem| stem.parse().ok()).ok_or_else(missing)?;
        let found = state.db.read(move |s| open311::request(s, &number)).await?.ok_or_else(missing)?;
        let node = map(vec![
            ("service_request_id", Node::text(found.number.as_str())),
            ("token", Node::text(found.number.as_str())),
        ]);
        Ok(("service_requests", list("request", vec![node])))
    };
    answered(Format::of(&visit.path), found.await)
}

/// `GET /open311/v2/servicerequestupdates.{xml,json}`
pub async fn updates(State(state): State<AppState>, visit: Visit, Query(which): Query<Which>) -> Response {
    let found = async {
        our_jurisdiction(&state, which.jurisdiction_id.as_deref())?;
        let (from, to) = span(&visit, which.start_date.as_deref(), which.end_date.as_deref())?;
        let found = state.db.read(move |s| open311::updates(s, from, to)).await?;
        let nodes = found.iter().map(|update| {
            map(vec![
                ("update_id", Node::text(update.id.to_string())),
                ("service_request_id", Node::text(update.number.as_str())),
                ("status", Node::text(open_or_closed(update.status))),
                ("updated_datetime", Node::text(w3c(update.at))),
                (
                    "description",
                    Node::text(cases::words::status_public(visit.words.language(), update.status)),
                ),
                ("media_url", Node::Nothing),
            ])
        });
        Ok(("service_requests_updates", list("request_update", nodes.collect())))
    };
    answered(Format::of(&visit.path), found.await)
}

/// `GET /open311/discovery.{xml,json}`
pub async fn discovery(State(state): State<AppState>, visit: Visit) -> Response {
    let base = format!("{}/open311/v2", state.config.base_url.trim_end_matches('/'));
    let kind = if state.demo.is_some() { "test" } else { "production" };
    let formats = ["text/xml", "application/json"].map(Node::text).to_vec();
    // When what is offered last changed its form.
    let changeset = "2026-11-22T00:00:00+01:00";
    let endpoint = map(vec![
        ("specification", Node::text("http://wiki.open311.org/GeoReport_v2")),
        ("url", Node::text(base)),
        ("changeset", Node::text(changeset)),
        ("type", Node::text(kind)),
        ("formats", list("format", formats)),
    ]);
    let contact = format!("{}, {}", state.config.town, state.config.public_telephone);
    let node = map(vec![
        ("changeset", Node::text(changeset)),
        ("contact", Node::text(&contact)),
        ("key_service", Node::text(contact)),
        ("endpoints", list("endpoint", vec![endpoint])),
    ]);
    answered(Format::of(&visit.path), Ok(("discovery", node)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_with_their_zone() {
        let at: Timestamp = "2026-11-03T08:00:00Z".parse().unwrap();
        assert_eq!(w3c(at), "2026-11-03T09:00:00+01:00");
        for typed in ["2026-11-03T08:00:00Z", "2026-11-03T09:00:00+01:00", "2026-11-03T09:00:00 01:00"] {
            assert_eq!(instant("start_date", typed), Ok(at), "{typed}");
        }
        assert_eq!(w3c(instant("start_date", "2026-07-01").unwrap()), "2026-07-01T00:00:00+02:00");
        for typed in ["", "i går", "2026-13-01", "2026-11-03T09:00:00", "03/11/2026"] {
            assert!(instant("start_date", typed).is_err(), "{typed}");
        }
        assert_eq!(w3c(end_of("2026-11-06".parse().unwrap())), "2026-11-06T23:59:59+01:00");
    }

    #[test]
    fn what_stands_between_commas() {
        assert_eq!(each(Some(" a, b,,c ")), ["a", "b", "c"]);
        assert!(each(None).is_empty());
    }
}
