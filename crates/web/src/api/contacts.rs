//! Contacts over the API.

use super::{Body, Queried, id, problem::Problem};
use crate::{AppState, error::PageError, visit::Visit};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use contacts::{ContactLine, Cursor, Register, commands, queries};
use people::residents::{self, Reach};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vocabulary::GenericUuid as _;
use vocabulary::{AnswerGroupId, CaseTypeId, Channel, ContactOutcome, Language, ResidentId, Timestamp};

/// Most contacts on one page.
const LIMIT_MAX: u32 = 200;
/// Contacts on a page if nothing is asked for.
const LIMIT: u32 = 50;

/// One contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Id.
    pub id: Uuid,
    /// `call`, `email`, `web`, `visit` or `api`.
    #[schema(example = "call")]
    pub channel: String,
    /// The resident, if known.
    pub resident_id: Option<Uuid>,
    /// The answer group, if any.
    pub answer_group_id: Option<Uuid>,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub arrived_at: Timestamp,
    /// When a guide answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// `handled`, `abandoned_in_prompt`, `abandoned`, `to_switchboard` or `failed`; none while it lasts.
    pub ending: Option<String>,
    /// The guide.
    pub guide_id: Option<Uuid>,
    /// What it was about.
    pub case_type_id: Option<Uuid>,
    /// `solved`, `self_service`, `connected`, `referred`, `forwarded` or `other`.
    pub outcome: Option<String>,
    /// The guide's note.
    pub note: Option<String>,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
}

impl From<contacts::Contact> for Contact {
    fn from(contact: contacts::Contact) -> Self {
        Self {
            id: contact.id.into_untyped_uuid(),
            channel: contact.channel.to_string(),
            resident_id: contact.resident.map(|id| id.into_untyped_uuid()),
            answer_group_id: contact.group.map(|id| id.into_untyped_uuid()),
            arrived_at: contact.arrived_at,
            answered_at: contact.answered_at,
            ended_at: contact.ended_at,
            ending: contact.ending.map(|ending| ending.to_string()),
            guide_id: contact.guide.map(|id| id.into_untyped_uuid()),
            case_type_id: contact.case_type.map(|id| id.into_untyped_uuid()),
            outcome: contact.outcome.map(|outcome| outcome.to_string()),
            note: contact.note,
            case_id: contact.case.map(|id| id.into_untyped_uuid()),
        }
    }
}

impl From<ContactLine> for Contact {
    fn from(line: ContactLine) -> Self {
        line.contact.into()
    }
}

/// One page of contacts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ContactPage {
    /// Newest first.
    pub items: Vec<Contact>,
    /// What to send as `cursor` for the next page; none on the last.
    pub next: Option<String>,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200; 50 if not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists contacts, newest first.
///
/// # Errors
/// The cursor or limit cannot be read.
#[utoipa::path(get, path = "/api/v1/contacts", params(ListQuery), tag = "contacts", security(("key" = [])),
    responses((status = 200, body = ContactPage), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Queried(asked): Queried<ListQuery>,
) -> Result<Json<ContactPage>, Problem> {
    let cursor = match asked.cursor.as_deref() {
        Some(text) => {
            Some(text.parse::<Cursor>().map_err(|error| Problem::bad_request(format!("cursor: {error}")))?)
        }
        None => None,
    };
    let limit = asked.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::field("limit", format!("must be 1 to {LIMIT_MAX}")));
    }
    let actor = visit.actor();
    let page = state.db.read(move |s| queries::list(s, actor, cursor, limit)).await?;
    let next = page.next.map(|next| next.to_string());
    Ok(Json(ContactPage { items: page.items.into_iter().map(Contact::from).collect(), next }))
}

/// Gives one contact.
///
/// # Errors
/// There is no such contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", params(("id" = Uuid, Path)), tag = "contacts",
    security(("key" = [])), responses((status = 200, body = Contact), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    State(state): State<AppState>,
    visit: Visit,
    Path(contact): Path<String>,
) -> Result<Json<Contact>, Problem> {
    let (contact, actor) = (id(&contact, "contact")?, visit.actor());
    let found = state.db.read(move |s| queries::line_by_id(s, actor, contact)).await?;
    found.map(|found| Json(found.into())).ok_or_else(|| Problem::not_found("contact"))
}

/// How a resident is reached: found by it, or written down with it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidentReach {
    /// Name.
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Telephone number, national or E.164. Decides alone who it is, if given.
    #[schema(example = "070-123 45 67")]
    pub telephone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// A contact in another channel than the telephone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// `email`, `web`, `visit` or `api`.
    pub channel: String,
    /// Whose it is, if already known.
    pub resident_id: Option<Uuid>,
    /// Whose it is, by how they are reached. Not together with `resident_id`.
    pub resident: Option<ResidentReach>,
    /// For which answer group.
    pub answer_group_id: Option<Uuid>,
    /// When it came in, if not now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub arrived_at: Option<Timestamp>,
    /// What it was about; together with `outcome`.
    pub case_type_id: Option<Uuid>,
    /// What came of it; together with `case_type_id`.
    pub outcome: Option<String>,
    /// A note.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Registers a contact. Calls come in by telephone and nowhere else.
///
/// # Errors
/// A field is not acceptable, or what it refers to is not there.
#[utoipa::path(post, path = "/api/v1/contacts", request_body = NewContact, tag = "contacts", security(("key" = [])),
    responses((status = 201, body = Contact), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Body(asked): Body<NewContact>,
) -> Result<(StatusCode, HeaderMap, Json<Contact>), Problem> {
    let read = read(asked)?;
    let ctx = visit.context(&state);
    let made = state
        .db
        .write(move |s| -> Result<_, Refused> {
            let mut cmd = read.register.clone();
            if let Some(reach) = &read.reach {
                cmd.resident = Some(found_or_made(s, &ctx, reach)?);
            }
            Ok(commands::register(s, &ctx, &cmd)?)
        })
        .await
        .map_err(|refused| refused.0)?;
    let mut headers = HeaderMap::new();
    if let Ok(location) = HeaderValue::try_from(format!("/api/v1/contacts/{}", made.id.into_untyped_uuid())) {
        headers.insert(header::LOCATION, location);
    }
    Ok((StatusCode::CREATED, headers, Json(made.into())))
}

/// The resident who is reached so.
///
/// # Errors
/// The number or address is none.
pub fn found_or_made(
    s: &mut storage::Session<'_>,
    ctx: &vocabulary::Context,
    reach: &ResidentReach,
) -> Result<ResidentId, people::PeopleError> {
    let by = Reach { telephone: reach.telephone.clone(), email: reach.email.clone() };
    let name = reach.name.as_deref();
    Ok(residents::commands::find_or_create(s, ctx, &by, name, Language::Swedish)?.id)
}

/// A body that could be read.
struct Read {
    register: Register,
    reach: Option<ResidentReach>,
}

fn read(asked: NewContact) -> Result<Read, Problem> {
    let channel: Channel = asked
        .channel
        .parse()
        .map_err(|error: vocabulary::UnknownWord| Problem::field("channel", error.to_string()))?;
    if channel == Channel::Call {
        return Err(Problem::field("channel", "calls come in by telephone and are not registered by hand"));
    }
    if asked.resident_id.is_some() && asked.resident.is_some() {
        return Err(Problem::field("resident", "either resident_id or resident, not both"));
    }
    let logged = match (asked.case_type_id, asked.outcome.as_deref()) {
        (None, None) => None,
        (Some(case_type), Some(outcome)) => {
            let outcome: ContactOutcome = outcome
                .parse()
                .map_err(|error: vocabulary::UnknownWord| Problem::field("outcome", error.to_string()))?;
            Some((CaseTypeId::from_untyped_uuid(case_type), outcome))
        }
        (Some(_), None) => return Err(Problem::field("outcome", "must be given together with case_type_id")),
        (None, Some(_)) => return Err(Problem::field("case_type_id", "must be given together with outcome")),
    };
    let register = Register {
        channel,
        resident: asked.resident_id.map(ResidentId::from_untyped_uuid),
        group: asked.answer_group_id.map(AnswerGroupId::from_untyped_uuid),
        guide: None,
        arrived_at: asked.arrived_at.map(vocabulary::to_stored_precision),
        logged,
        note: asked.note.unwrap_or_default(),
    };
    Ok(Read { register, reach: asked.resident })
}

/// A problem that can leave a transaction.
pub struct Refused(pub Problem);

impl From<storage::StorageError> for Refused {
    fn from(error: storage::StorageError) -> Self {
        Self(PageError::from(error).into())
    }
}

impl From<people::PeopleError> for Refused {
    fn from(error: people::PeopleError) -> Self {
        Self(match error {
            people::PeopleError::Text(error) => {
                Problem::field(&format!("resident.{}", error.field), error.fault.to_string())
            }
            other => PageError::from(other).into(),
        })
    }
}

impl From<contacts::ContactsError> for Refused {
    fn from(error: contacts::ContactsError) -> Self {
        use contacts::ContactsError as E;
        Self(match error {
            E::Text(error) => Problem::field(error.field, error.fault.to_string()),
            // The path named something that is there: what is missing is named in the body.
            E::NotFound { what } => {
                Problem::field(&format!("{}_id", what.replace(' ', "_")), format!("there is no such {what}"))
            }
            E::InTheFuture => Problem::field("arrived_at", error.to_string()),
            other => PageError::from(other).into(),
        })
    }
}
