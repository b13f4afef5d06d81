//! Cases as Open311 (GeoReport v2) knows them: services, requests and updates. What is given out to anybody holds no
//! personal data: no name, no text of the resident's, and a place only of what was reported through Open311 itself.

mod queries;

use crate::commands::{AddStakeholder, Origin, RegisterCase, add_stakeholder, register, resident_adds};
use crate::error::CasesError;
use crate::model::{Case, CaseSettings, CaseType};
use crate::number::CaseNumber;
use crate::parts::StakeholderRole;
use crate::place::Place;
use crate::queries::{case_by_number, case_type_by_code, case_types};
use people::PeopleError;
use people::residents::{Reach, commands::find_or_create};
use people::text;
use storage::blobs::Digest;
use storage::{Session, StorageError};
use vocabulary::civil::Date;
use vocabulary::{
    CaseStatus, Channel, Context, GenericUuid as _, Language, NoteId, SecrecyClass, SignedDuration, Timestamp,
};

/// Most requests or updates one answer holds (GeoReport v2, GET Service Requests).
pub const REQUESTS_MAX: usize = 1_000;
/// The longest span of time asked for at once (the same).
pub const SPAN_MAX: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Longest description, in characters (GeoReport v2, POST Service Request).
pub const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// Longest address of a picture.
pub const MEDIA_URL_CHARS_MAX: usize = 1_000;
/// Longest id a sender gives an update.
pub const UPDATE_ID_CHARS_MAX: usize = 200;
/// The same report by the same program within so many minutes is the same sent twice.
const SAME_MINUTES: i64 = 10;

/// What can be reported: case types that are in use, open to all, and offered.
pub fn services(s: &mut Session<'_>) -> Result<Vec<CaseType>, StorageError> {
    let mut types = case_types(s)?;
    types.retain(|one| one.open311 && one.secrecy_class == SecrecyClass::Open);
    Ok(types)
}

/// One of them by its code.
pub fn service(s: &mut Session<'_>, code: &str) -> Result<Option<CaseType>, StorageError> {
    let found = case_type_by_code(s, code)?;
    Ok(found.filter(|one| one.active && one.open311 && one.secrecy_class == SecrecyClass::Open))
}

/// A report by a resident.
#[derive(Clone)]
pub struct Report {
    /// What it is about.
    pub service_code: String,
    /// What the resident told.
    pub description: String,
    /// Where it is.
    pub place: Option<Place>,
    /// How the reporter can be reached; may be empty.
    pub reach: Reach,
    /// The reporter's name, if given.
    pub name: Option<String>,
    /// Where there is a picture, as `http` or `https`.
    pub media_url: Option<String>,
}

fn of_people(error: PeopleError) -> CasesError {
    match error {
        PeopleError::Text(error) => error.into(),
        PeopleError::Storage(error) => error.into(),
        _ => CasesError::NotFound { what: "resident" },
    }
}

/// Registers a report as a case. The same report by the same program within ten minutes is the same case.
///
/// # Errors
/// There is no such service ([`CasesError::NotFound`]), or a text is not acceptable.
pub fn report(s: &mut Session<'_>, ctx: &Context, told: &Report) -> Result<Case, CasesError> {
    let service = service(s, &told.service_code)?.ok_or(CasesError::NotFound { what: "service" })?;
    let description = text::optional_paragraphs("description", &told.description, DESCRIPTION_CHARS_MAX)?;
    let media_url =
        text::optional_line("media_url", told.media_url.as_deref().unwrap_or_default(), MEDIA_URL_CHARS_MAX)?;
    let reached = told.reach.telephone.is_some() || told.reach.email.is_some();
    let resident = if reached {
        let language = Language::Swedish;
        Some(find_or_create(s, ctx, &told.reach, told.name.as_deref(), language).map_err(of_people)?.id)
    } else {
        None
    };
    let minutes = ctx.now.as_second() / 60 / SAME_MINUTES;
    let alike = format!(
        "{}\n{description:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{media_url:?}",
        told.service_code, told.place, told.reach.telephone, told.reach.email, told.name
    );
    let registered = register(
        s,
        ctx,
        &RegisterCase {
            description: description.unwrap_or_default(),
            resident_id: resident,
            place: told.place.clone(),
            idempotency_key: Some(format!("open311 {minutes} {}", Digest::of(alike.as_bytes()))),
            ..RegisterCase::new(service.id, Origin::Direct { channel: Channel::Api, arrival_day: None })
        },
    )?;
    let case = registered.case;
    if !registered.already {
        queries::insert_request(s, case.id, media_url.as_deref(), ctx.now)?;
        if let (Some(name), None) = (&told.name, resident) {
            let cmd = AddStakeholder {
                name: name.clone(),
                ..AddStakeholder::new(case.id, StakeholderRole::Resident)
            };
            add_stakeholder(s, ctx, &cmd)?;
        }
    }
    Ok(case)
}

/// A case as Open311 knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number: the `service_request_id`.
    pub number: CaseNumber,
    /// Where it stands; where the one it was merged into stands, if it was.
    pub status: CaseStatus,
    /// The code of what it is about.
    pub service_code: String,
    /// What it is about.
    pub service_name: String,
    /// The department's name.
    pub agency: String,
    /// When it was registered.
    pub requested_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The last day of the term.
    pub due_day: Option<Date>,
    /// Where it is. Given to anybody only if it was reported through Open311.
    pub place: Option<Place>,
    /// What the resident told. Never given to anybody.
    pub description: String,
    /// Where the reporter says there is a picture. Never given to anybody.
    pub media_url: Option<String>,
    /// Whether it was reported through Open311.
    pub reported: bool,
}

/// Which requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of these services; empty is all of them.
    pub service_codes: Vec<String>,
    /// Open ones, closed ones, or both.
    pub open: Option<bool>,
    /// Registered at or after.
    pub from: Timestamp,
    /// Registered at or before.
    pub to: Timestamp,
}

/// The requests asked for, newest first, at most [`REQUESTS_MAX`]. Those of residents with protected identity are left
/// out, and so is what is not open to all.
pub fn requests(s: &mut Session<'_>, asked: &Asked) -> Result<Vec<Request>, StorageError> {
    let wanted = |one: &CaseType| asked.service_codes.is_empty() || asked.service_codes.contains(&one.code);
    let mut found = Vec::new();
    for service in services(s)?.into_iter().filter(wanted) {
        found.extend(queries::of_service(s, service.id, asked)?);
    }
    found.sort_by(|a, b| (b.requested_at, b.number.as_str()).cmp(&(a.requested_at, a.number.as_str())));
    found.truncate(REQUESTS_MAX);
    Ok(found)
}

/// One request by its number.
pub fn request(s: &mut Session<'_>, number: &CaseNumber) -> Result<Option<Request>, StorageError> {
    queries::by_number(s, number)
}

/// A change that anybody may be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its place in the timeline: the `update_id`.
    pub id: i64,
    /// The request's number.
    pub number: CaseNumber,
    /// Where the case stood from then on.
    pub status: CaseStatus,
    /// When.
    pub at: Timestamp,
}

/// The changes of status between two instants of what was reported through Open311, oldest first, at most
/// [`REQUESTS_MAX`].
pub fn updates(s: &mut Session<'_>, from: Timestamp, to: Timestamp) -> Result<Vec<Update>, StorageError> {
    queries::updates(s, from, to)
}

/// Takes in what the reporter adds, once for each id its sender gives it. A case that waited for the resident goes on, and
/// a closed one is opened again if that is not too long ago, as with anything a resident adds.
///
/// # Errors
/// There is no such request, or the text is not acceptable.
pub fn add_update(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    number: &CaseNumber,
    update_id: &str,
    description: &str,
) -> Result<NoteId, CasesError> {
    let update_id = text::line("update_id", update_id, UPDATE_ID_CHARS_MAX)?;
    let missing = || CasesError::NotFound { what: "request" };
    request(s, number)?.ok_or_else(missing)?;
    let case = case_by_number(s, number)?.ok_or_else(missing)?;
    if let Some(note) = queries::update_note(s, case.id, &update_id)? {
        return Ok(note);
    }
    let text = text::paragraphs("description", description, DESCRIPTION_CHARS_MAX)?;
    let added = resident_adds(s, ctx, settings, case.id, &text, &[])?;
    queries::insert_update(s, case.id, &update_id, added.note, ctx.now)?;
    Ok(added.note)
}

/// The id of an update as its sender is told it.
#[must_use]
pub fn update_id(note: NoteId) -> String {
    note.into_untyped_uuid().to_string()
}
