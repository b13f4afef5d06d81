//! Cases over the API.

use super::{
    Body, Queried,
    contacts::{Refused, ResidentReach, found_or_made},
    id,
    problem::Problem,
};
use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use cases::{
    CasesError,
    commands::{self, AddNote, Forward, Origin, RegisterCase, Registered},
    queries::{self, CaseLine, CaseList, PageMark},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vocabulary::GenericUuid as _;
use vocabulary::{
    CaseId, CaseTypeId, Channel, ContactId, OfficerId, ResidentId, SecrecyClass, Timestamp, civil::Date,
};

/// Most cases on one page.
const LIMIT_MAX: usize = cases::limits::LIST_LINES_MAX;
/// Cases on a page if nothing is asked for.
const LIMIT: usize = 50;
/// The header with a client's own key for a registration.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// One case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Case {
    /// Id.
    pub id: Uuid,
    /// Number, as people say it.
    #[schema(example = "KC-26110042")]
    pub number: String,
    /// What it is about.
    pub case_type_id: Uuid,
    /// Title.
    pub title: String,
    /// What the resident told.
    pub description: String,
    /// Whose it is.
    pub resident_id: Option<Uuid>,
    /// How it came in.
    pub channel: String,
    /// The day it was first received in any channel.
    #[schema(value_type = String, format = Date)]
    pub arrival_day: Date,
    /// `open`, `restricted` or `strict`.
    pub secrecy_class: String,
    /// `new`, `ongoing`, `waiting_for_resident`, `waiting_for_department`, `suspended`, `solved` or `reopened`.
    pub status: String,
    /// How it ended; none while it is open.
    pub outcome: Option<String>,
    /// The department it is with.
    pub department_id: Uuid,
    /// The officer it was sent to.
    pub officer_id: Option<Uuid>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

impl From<cases::Case> for Case {
    fn from(case: cases::Case) -> Self {
        Self {
            id: case.id.into_untyped_uuid(),
            number: case.number.to_string(),
            case_type_id: case.case_type_id.into_untyped_uuid(),
            title: case.title,
            description: case.description,
            resident_id: case.resident_id.map(|id| id.into_untyped_uuid()),
            channel: case.channel.to_string(),
            arrival_day: case.arrival_day,
            secrecy_class: case.secrecy_class.to_string(),
            status: case.status.to_string(),
            outcome: case.outcome.map(|outcome| outcome.to_string()),
            department_id: case.department_id.into_untyped_uuid(),
            officer_id: case.officer_id.map(|id| id.into_untyped_uuid()),
            registered_at: case.registered_at,
            changed_at: case.changed_at,
            closed_at: case.closed_at,
        }
    }
}

/// One case in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseSummary {
    /// Id.
    pub id: Uuid,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// What it is about, by name.
    pub case_type: String,
    /// Where it stands.
    pub status: String,
    /// The department's name.
    pub department: String,
    /// The officer's name.
    pub officer: Option<String>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
    /// When an officer's answer is due.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_day: Option<Date>,
}

impl From<CaseLine> for CaseSummary {
    fn from(line: CaseLine) -> Self {
        Self {
            id: line.id.into_untyped_uuid(),
            number: line.number.to_string(),
            title: line.title,
            case_type: line.type_name,
            status: line.status.to_string(),
            department: line.department,
            officer: line.officer,
            registered_at: line.registered_at,
            changed_at: line.changed_at,
            due_day: line.due_day,
        }
    }
}

/// One page of cases.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CasePage {
    /// In the list's order.
    pub items: Vec<CaseSummary>,
    /// What to send as `cursor` for the next page; none on the last.
    pub next: Option<String>,
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `all` (if not given), `open`, `waiting` or `overdue`.
    filter: Option<String>,
    /// `next` of the page before, in the same list.
    cursor: Option<String>,
    /// How many at most, 1 to 100; 50 if not given.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Lists cases, newest change first (overdue ones: longest overdue first).
///
/// # Errors
/// The filter, cursor or limit cannot be read.
#[utoipa::path(get, path = "/api/v1/cases", params(ListQuery), tag = "cases", security(("key" = [])),
    responses((status = 200, body = CasePage), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Queried(asked): Queried<ListQuery>,
) -> Result<Json<CasePage>, Problem> {
    let which = match asked.filter.as_deref().unwrap_or("all") {
        "all" => CaseList::All,
        "open" => CaseList::Open,
        "waiting" => CaseList::Waiting,
        "overdue" => CaseList::Overdue,
        _ => return Err(Problem::field("filter", "must be all, open, waiting or overdue")),
    };
    let limit = asked.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::field("limit", format!("must be 1 to {LIMIT_MAX}")));
    }
    let wrong = |_| Problem::bad_request("cursor: not one that this list gave as next");
    let after = asked.cursor.as_deref().map(str::parse::<PageMark>).transpose().map_err(wrong)?;
    let (viewer, now) = (crate::pages::cases::viewer(&visit), visit.now);
    let listing = state.db.read(move |s| queries::list(s, viewer, which, now, after.as_ref(), limit)).await;
    let listing = match listing {
        Err(CasesError::PageMark) => return Err(wrong(CasesError::PageMark)),
        other => other?,
    };
    let next = listing.next.map(|next| next.to_string());
    Ok(Json(CasePage { items: listing.lines.into_iter().map(CaseSummary::from).collect(), next }))
}

/// Gives one case. That it was read is written to the timeline.
///
/// # Errors
/// There is no such case, or it is only for those named in it.
#[utoipa::path(get, path = "/api/v1/cases/{id}", params(("id" = Uuid, Path)), tag = "cases", security(("key" = [])),
    responses((status = 200, body = Case), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn get(
    State(state): State<AppState>,
    visit: Visit,
    Path(case): Path<String>,
) -> Result<Json<Case>, Problem> {
    let case = id(&case, "case")?;
    let (ctx, viewer) = (visit.context(&state), crate::pages::cases::viewer(&visit));
    let page = state.db.write(move |s| commands::open_case(s, &ctx, viewer, case)).await?;
    Ok(Json(page.case.into()))
}

/// A case to be registered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// What it is about.
    pub case_type_id: Uuid,
    /// Title; the case type's name if not given.
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// What the resident told.
    #[schema(max_length = 20000)]
    pub description: Option<String>,
    /// Whose it is, if already known.
    pub resident_id: Option<Uuid>,
    /// Whose it is, by how they are reached. Not together with `resident_id`.
    pub resident: Option<ResidentReach>,
    /// The contact it comes from: gives the channel, the resident and the day of first receipt.
    pub contact_id: Option<Uuid>,
    /// How it came in, if not from a contact; `api` if not given.
    pub channel: Option<String>,
    /// The day it was first received in any channel, if not from a contact; today if not given.
    #[schema(value_type = Option<String>, format = Date)]
    pub arrival_day: Option<Date>,
    /// More secrecy than the case type asks for.
    pub secrecy_class: Option<String>,
}

struct Read {
    cmd: RegisterCase,
    reach: Option<ResidentReach>,
}

fn read(asked: NewCase, key: Option<String>) -> Result<Read, Problem> {
    if asked.resident_id.is_some() && asked.resident.is_some() {
        return Err(Problem::field("resident", "either resident_id or resident, not both"));
    }
    let origin = match asked.contact_id {
        Some(_) if asked.channel.is_some() || asked.arrival_day.is_some() => {
            return Err(Problem::field("contact_id", "gives the channel and the day; leave those out"));
        }
        Some(contact) => Origin::Contact(ContactId::from_untyped_uuid(contact)),
        None => {
            let channel = match asked.channel.as_deref() {
                None => Channel::Api,
                Some(word) => word
                    .parse()
                    .map_err(|error: vocabulary::UnknownWord| Problem::field("channel", error.to_string()))?,
            };
            Origin::Direct { channel, arrival_day: asked.arrival_day }
        }
    };
    let secrecy_class = match asked.secrecy_class.as_deref() {
        None => None,
        Some(word) => Some(
            word.parse::<SecrecyClass>()
                .map_err(|error| Problem::field("secrecy_class", error.to_string()))?,
        ),
    };
    let cmd = RegisterCase {
        title: asked.title.unwrap_or_default(),
        description: asked.description.unwrap_or_default(),
        resident_id: asked.resident_id.map(ResidentId::from_untyped_uuid),
        secrecy_class,
        idempotency_key: key,
        ..RegisterCase::new(CaseTypeId::from_untyped_uuid(asked.case_type_id), origin)
    };
    Ok(Read { cmd, reach: asked.resident })
}

/// Registers a case. With an `Idempotency-Key`, the same key always gives the same case: 201 the first time, 200 after.
/// The answer comes when the case is durable.
///
/// # Errors
/// A field is not acceptable, or what it refers to is not there.
#[utoipa::path(post, path = "/api/v1/cases", request_body = NewCase, tag = "cases", security(("key" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "The client's own key, 1 to 200 characters.")),
    responses((status = 201, body = Case), (status = 200, body = Case), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn register(
    State(state): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    Body(asked): Body<NewCase>,
) -> Result<(StatusCode, HeaderMap, Json<Case>), Problem> {
    let key = match headers.get(IDEMPOTENCY_KEY).map(HeaderValue::to_str) {
        None => None,
        Some(Ok(key)) if !key.trim().is_empty() => Some(key.to_owned()),
        Some(_) => {
            return Err(Problem::bad_request("Idempotency-Key: must be 1 to 200 visible ASCII characters"));
        }
    };
    let read = read(asked, key)?;
    let (ctx, settings) = (visit.context(&state), state.cases.clone());
    let registered: Registered = state
        .db
        .write(move |s| -> Result<_, Refused> {
            let mut cmd = read.cmd.clone();
            if let Some(reach) = &read.reach {
                cmd.resident_id = Some(found_or_made(s, &ctx, reach)?);
            }
            Ok(processes::commands::register(s, &ctx, &settings, &cmd)?)
        })
        .await
        .map_err(|refused| refused.0)?;
    let mut answer = HeaderMap::new();
    if let Ok(location) =
        HeaderValue::try_from(format!("/api/v1/cases/{}", registered.case.id.into_untyped_uuid()))
    {
        answer.insert(header::LOCATION, location);
    }
    let status = if registered.already { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, answer, Json(registered.case.into())))
}

/// To whom a case is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewForward {
    /// The officer; the case type's own if not given.
    pub officer_id: Option<Uuid>,
    /// What is asked.
    #[schema(max_length = 5000)]
    pub message: Option<String>,
    /// Working days to answer within; the case type's own if not given.
    #[schema(minimum = 1, maximum = 250)]
    pub due_working_days: Option<u16>,
}

/// A question that has been sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FollowUp {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Who is asked.
    pub officer_id: Uuid,
    /// `waiting`, `done`, `wrong_recipient` or `withdrawn`.
    pub state: String,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// The day an answer is due.
    #[schema(value_type = String, format = Date)]
    pub due_day: Date,
}

/// Sees to it that the key may see the case before anything is done with it.
fn seen(s: &mut storage::Session<'_>, viewer: cases::Viewer, case: CaseId) -> Result<(), Refused> {
    let found = queries::case(s, case)?.ok_or_else(|| Refused(Problem::not_found("case")))?;
    Ok(viewer.opens(s, &found)?)
}

/// Sends a case to an officer. The same question to the same officer again changes nothing.
///
/// # Errors
/// There is no such case or officer, or the case is closed.
#[utoipa::path(post, path = "/api/v1/cases/{id}/forward", request_body = NewForward, tag = "cases",
    params(("id" = Uuid, Path)), security(("key" = [])),
    responses((status = 201, body = FollowUp), (status = 200, body = FollowUp), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
pub async fn forward(
    State(state): State<AppState>,
    visit: Visit,
    Path(case): Path<String>,
    Body(asked): Body<NewForward>,
) -> Result<(StatusCode, Json<FollowUp>), Problem> {
    let case_id: CaseId = id(&case, "case")?;
    if asked.due_working_days.is_some_and(|days| !(1..=cases::clock::TERM_WORKING_DAYS_MAX).contains(&days)) {
        let allowed = format!("must be 1 to {}", cases::clock::TERM_WORKING_DAYS_MAX);
        return Err(Problem::field("due_working_days", allowed));
    }
    let (ctx, settings, viewer) =
        (visit.context(&state), state.cases.clone(), crate::pages::cases::viewer(&visit));
    let cmd = Forward {
        case_id,
        officer_id: asked.officer_id.map(OfficerId::from_untyped_uuid),
        message: asked.message.unwrap_or_default(),
        due_working_days: asked.due_working_days,
    };
    let sent = state
        .db
        .write(move |s| -> Result<_, Refused> {
            seen(s, viewer, case_id)?;
            Ok(commands::forward(s, &ctx, &settings, &cmd)?)
        })
        .await
        .map_err(|refused| refused.0)?;
    let status = if sent.already { StatusCode::OK } else { StatusCode::CREATED };
    let question = sent.follow_up;
    Ok((
        status,
        Json(FollowUp {
            id: question.id.into_untyped_uuid(),
            case_id: question.case_id.into_untyped_uuid(),
            officer_id: question.officer_id.into_untyped_uuid(),
            state: question.state.to_string(),
            sent_at: question.sent_at,
            due_day: question.clock.due_day,
        }),
    ))
}

/// A note to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// What it says.
    #[schema(max_length = 10000)]
    pub text: String,
    /// Whether the resident may read it.
    #[serde(default)]
    pub public: bool,
}

/// A note that was written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoteWritten {
    /// Id.
    pub id: Uuid,
}

/// Writes a note on a case.
///
/// # Errors
/// There is no such case, or the text is not acceptable.
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes", request_body = NewNote, tag = "cases",
    params(("id" = Uuid, Path)), security(("key" = [])),
    responses((status = 201, body = NoteWritten), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn add_note(
    State(state): State<AppState>,
    visit: Visit,
    Path(case): Path<String>,
    Body(asked): Body<NewNote>,
) -> Result<(StatusCode, Json<NoteWritten>), Problem> {
    let case_id: CaseId = id(&case, "case")?;
    let (ctx, settings, viewer) =
        (visit.context(&state), state.cases.clone(), crate::pages::cases::viewer(&visit));
    let cmd = AddNote { case_id, text: asked.text, public: asked.public };
    let note = state
        .db
        .write(move |s| -> Result<_, Refused> {
            seen(s, viewer, case_id)?;
            Ok(commands::add_note(s, &ctx, &settings, &cmd)?)
        })
        .await
        .map_err(|refused| refused.0)?;
    Ok((StatusCode::CREATED, Json(NoteWritten { id: note.into_untyped_uuid() })))
}

impl From<CasesError> for Refused {
    fn from(error: CasesError) -> Self {
        Self(match error {
            CasesError::Text(error) => {
                let field = if error.field == "note" { "text" } else { error.field };
                Problem::field(field, error.fault.to_string())
            }
            // The path named a case that is there: what is missing is named in the body.
            CasesError::NotFound { what } => {
                Problem::field(&format!("{}_id", what.replace(' ', "_")), format!("there is no such {what}"))
            }
            CasesError::CaseTypeInactive => Problem::field("case_type_id", error.to_string()),
            CasesError::OfficerInactive => Problem::field("officer_id", error.to_string()),
            CasesError::DayOutOfRange { .. } => Problem::field("arrival_day", error.to_string()),
            CasesError::Contact(error) => return error.into(),
            other => PageError::from(other).into(),
        })
    }
}
