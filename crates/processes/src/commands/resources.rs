//! What can be booked, and who is called out.

use crate::error::ProcessesError;
use crate::limits::{
    BLOCKED_DAYS_MAX, BOOKING_DAYS_AHEAD_MAX, CAPACITY_MAX, DUE_HOURS_MAX, NAME_CHARS_MAX, SLOT_MINUTES_MAX,
};
use crate::model::{Contractor, Resource};
use crate::queries;
use people::text;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{Context, ContractorId, OpeningHours, ResourceId};

/// Shortest time that can be booked, in minutes.
const SLOT_MINUTES_MIN: u16 = 5;

/// What can be booked, as it shall be from now on. What is booked stays booked.
#[derive(Clone, Debug)]
pub struct PutResource {
    /// Its code, unique; what has the same code is changed.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is, as residents are told.
    pub place: String,
    /// When it can be booked.
    pub hours: OpeningHours,
    /// How long a time is, in minutes.
    pub slot_minutes: u16,
    /// How many can have the same time.
    pub capacity: u16,
    /// How many hours before a time it can be booked at the latest.
    pub notice_hours: u16,
    /// How many days before at the earliest.
    pub days_ahead: u16,
    /// Whether it can be booked at all.
    pub active: bool,
    /// The days it is closed besides, with the reasons.
    pub closed: Vec<(Date, String)>,
}

fn within(field: &'static str, value: u16, min: u16, max: u16) -> Result<u16, ProcessesError> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(ProcessesError::Range { field, min, max }) }
}

/// Makes or changes what can be booked.
///
/// # Errors
/// A text or number is not acceptable.
pub fn put_resource(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutResource,
) -> Result<ResourceId, ProcessesError> {
    let code = text::code("code", &cmd.code, text::CODE_CHARS_MAX)?;
    let id = queries::resource_by_code(s, &code)?.map_or_else(|| ctx.next_id(), |known| known.id);
    let most = u16::try_from(BLOCKED_DAYS_MAX).unwrap_or(u16::MAX);
    within("closed", u16::try_from(cmd.closed.len()).unwrap_or(u16::MAX), 0, most)?;
    let mut closed = Vec::new();
    for (day, reason) in &cmd.closed {
        let reason = text::optional_line("reason", reason, NAME_CHARS_MAX)?.unwrap_or_default();
        closed.push((*day, reason));
    }
    let resource = Resource {
        id,
        code,
        name: text::line("name", &cmd.name, NAME_CHARS_MAX)?,
        place: text::line("place", &cmd.place, text::LINE_CHARS_MAX)?,
        hours: cmd.hours.clone(),
        slot_minutes: within("slot_minutes", cmd.slot_minutes, SLOT_MINUTES_MIN, SLOT_MINUTES_MAX)?,
        capacity: within("capacity", cmd.capacity, 1, CAPACITY_MAX)?,
        notice_hours: within("notice_hours", cmd.notice_hours, 0, DUE_HOURS_MAX)?,
        days_ahead: within("days_ahead", cmd.days_ahead, 1, BOOKING_DAYS_AHEAD_MAX)?,
        active: cmd.active,
        closed,
    };
    queries::upsert_resource(s, &resource)?;
    let subject = Subject { kind: "resource", id: id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind: "resource_put", subject, related: None, detail: None })?;
    Ok(id)
}

/// A contractor, as it shall be from now on.
#[derive(Clone, Debug)]
pub struct PutContractor {
    /// Its code, unique; what has the same code is changed.
    pub code: String,
    /// The firm's name.
    pub name: String,
    /// The number that is answered day and night.
    pub telephone: String,
    /// Where it reads its mail, if it does.
    pub email: String,
    /// Whether the number takes text messages.
    pub texts: bool,
    /// Whether it is called out.
    pub active: bool,
}

/// Makes or changes a contractor.
///
/// # Errors
/// A text is not acceptable.
pub fn put_contractor(
    s: &mut Session<'_>,
    ctx: &Context,
    cmd: &PutContractor,
) -> Result<ContractorId, ProcessesError> {
    let code = text::code("code", &cmd.code, text::CODE_CHARS_MAX)?;
    let email = match cmd.email.trim() {
        "" => None,
        email => Some(text::email("email", email)?),
    };
    let id = queries::contractor_by_code(s, &code)?.map_or_else(|| ctx.next_id(), |known| known.id);
    let contractor = Contractor {
        id,
        code,
        name: text::line("name", &cmd.name, NAME_CHARS_MAX)?,
        telephone: text::telephone("telephone", &cmd.telephone)?,
        email,
        texts: cmd.texts,
        active: cmd.active,
    };
    queries::upsert_contractor(s, &contractor)?;
    let subject = Subject { kind: "contractor", id: id.into_untyped_uuid() };
    timeline::append(s, ctx, Entry { kind: "contractor_put", subject, related: None, detail: None })?;
    Ok(id)
}
