//! What a program with a key may send: a report, and an update to one.

use super::tree::{Node, answer, list, map};
use super::{Fault, Format, our_jurisdiction};
use crate::{AppState, visit::Visit};
use axum::{
    Form,
    extract::{Query, State, rejection::FormRejection},
    http::StatusCode,
    response::Response,
};
use cases::open311::{self, DESCRIPTION_CHARS_MAX, Report};
use cases::{CaseNumber, CasesError, Place, Position};
use people::residents::Reach;

/// What came in: the arguments of the body, and after them those of the address.
struct Arguments(Vec<(String, String)>);

impl Arguments {
    fn read(
        form: Result<Form<Vec<(String, String)>>, FormRejection>,
        query: Vec<(String, String)>,
    ) -> Result<Self, Fault> {
        let Form(mut all) =
            form.map_err(|_| Fault::bad("the body must be application/x-www-form-urlencoded"))?;
        all.extend(query);
        Ok(Self(all))
    }

    /// The first that is not blank.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.trim());
        values.find(|value| !value.is_empty())
    }
}

fn place(arguments: &Arguments) -> Result<Option<Place>, Fault> {
    let degree = |name: &'static str| {
        let wrong = || Fault::bad(format!("{name} is not a number of degrees"));
        arguments.get(name).map(|typed| typed.parse::<f64>().map_err(|_| wrong())).transpose()
    };
    let position = match (degree("lat")?, degree("long")?) {
        (Some(latitude), Some(longitude)) => {
            Some(Position::new(latitude, longitude).map_err(|error| Fault::bad(error.to_string()))?)
        }
        (None, None) => None,
        _ => return Err(Fault::bad("lat and long are given together")),
    };
    let address = arguments.get("address_string").or_else(|| arguments.get("address_id")).unwrap_or_default();
    Place::new(address, position).map_err(|error| Fault::bad(error.to_string()))
}

/// What the resident told, with the attributes a client may send although no service asks for any.
fn description(arguments: &Arguments) -> Result<String, Fault> {
    let told = arguments.get("description").unwrap_or_default();
    if told.chars().nth(DESCRIPTION_CHARS_MAX).is_some() {
        return Err(Fault::bad(format!("description: at most {DESCRIPTION_CHARS_MAX} characters")));
    }
    let attributes = arguments.0.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("attribute[")?.split(']').next()?;
        (!value.trim().is_empty()).then(|| format!("{name}: {}", value.trim()))
    });
    let lines: Vec<String> = attributes.collect();
    Ok(match (told.is_empty(), lines.is_empty()) {
        (_, true) => told.to_owned(),
        (true, false) => lines.join("\n"),
        (false, false) => format!("{told}\n\n{}", lines.join("\n")),
    })
}

fn read(arguments: &Arguments) -> Result<Report, Fault> {
    let service_code = arguments.get("service_code").ok_or_else(|| Fault::bad("service_code is missing"))?;
    let place = place(arguments)?;
    if place.is_none() {
        return Err(Fault::bad("lat and long, address_string or address_id is missing"));
    }
    let name = [arguments.get("first_name"), arguments.get("last_name")];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let media_url = arguments.get("media_url");
    if media_url.is_some_and(|url| !(url.starts_with("https://") || url.starts_with("http://"))) {
        return Err(Fault::bad("media_url is not an address of http or https"));
    }
    let reach = Reach {
        telephone: arguments.get("phone").map(str::to_owned),
        email: arguments.get("email").map(str::to_owned),
    };
    Ok(Report {
        service_code: service_code.to_owned(),
        description: description(arguments)?,
        place,
        reach,
        name: (!name.is_empty()).then_some(name),
        media_url: media_url.map(str::to_owned),
    })
}

/// `POST /open311/v2/requests.{xml,json}`
pub async fn report(
    State(state): State<AppState>,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let format = Format::of(&visit.path);
    let made = async {
        let arguments = Arguments::read(form, query)?;
        our_jurisdiction(&state, arguments.get("jurisdiction_id"))?;
        let told = read(&arguments)?;
        let ctx = visit.context(&state);
        let case = state.db.write(move |s| open311::report(s, &ctx, &told)).await.map_err(Fault::from)?;
        let node = map(vec![
            ("service_request_id", Node::text(case.number.as_str())),
            ("service_notice", Node::Nothing),
            ("account_id", Node::Nothing),
        ]);
        Ok::<_, Fault>(list("request", vec![node]))
    };
    match made.await {
        Ok(node) => answer(format, StatusCode::CREATED, "service_requests", &node),
        Err(fault) => fault.answer(format),
    }
}

/// `POST /open311/v2/servicerequestupdates.{xml,json}`. A status the reporter sends does not move the case: that is for
/// the contact centre to decide, who reads what was written.
pub async fn add_update(
    State(state): State<AppState>,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let format = Format::of(&visit.path);
    let made = async {
        let arguments = Arguments::read(form, query)?;
        our_jurisdiction(&state, arguments.get("jurisdiction_id"))?;
        let missing = |name: &str| Fault::bad(format!("{name} is missing"));
        let number = arguments.get("service_request_id").ok_or_else(|| missing("service_request_id"))?;
        let number: CaseNumber =
            number.parse().map_err(|_| Fault::missing("service_request_id was not found"))?;
        let update_id = arguments.get("update_id").ok_or_else(|| missing("update_id"))?.to_owned();
        let told = arguments.get("description").ok_or_else(|| missing("description"))?;
        let told = match arguments.get("media_url") {
            Some(url) => format!("{told}\n\n{url}"),
            None => told.to_owned(),
        };
        let (ctx, settings) = (visit.context(&state), state.cases.clone());
        let note = state
            .db
            .write(move |s| -> Result<_, CasesError> {
                open311::add_update(s, &ctx, &settings, &number, &update_id, &told)
            })
            .await?;
        let node = map(vec![("update_id", Node::text(open311::update_id(note)))]);
        Ok::<_, Fault>(list("request_update", vec![node]))
    };
    match made.await {
        Ok(node) => answer(format, StatusCode::OK, "service_request_updates", &node),
        Err(fault) => fault.answer(format),
    }
}
