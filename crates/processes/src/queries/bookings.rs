//! What can be booked, what is booked, who is called out, and the links to it all.

use crate::calendar::Taken;
use crate::error::ProcessesError;
use crate::model::{Booking, Contractor, LinkFor, ProcessLink, Resource};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{BookingId, LinkId, OfficerId, ProcessId, ResourceId, Timestamp};

/// Bookings read for one calendar, at most.
const BOOKINGS_MAX: i64 = 20_000;

macro_rules! select_resource {
    ($rest:literal) => {
        concat!(
            "SELECT id, code, name, place, hours, slot_minutes, capacity, notice_hours, days_ahead, active
             FROM booking_resources ",
            $rest
        )
    };
}

type KeptResource = (Resource, String);

fn read_resource(r: &Row<'_>) -> Result<KeptResource, StorageError> {
    let resource = Resource {
        id: r.get(0)?,
        code: r.get(1)?,
        name: r.get(2)?,
        place: r.get(3)?,
        hours: vocabulary::OpeningHours::default(),
        slot_minutes: r.get(5)?,
        capacity: r.get(6)?,
        notice_hours: r.get(7)?,
        days_ahead: r.get(8)?,
        active: r.get(9)?,
        closed: Vec::new(),
    };
    Ok((resource, r.get(4)?))
}

/// With its hours read and its closed days.
fn whole(s: &mut Session<'_>, (mut resource, hours): KeptResource) -> Result<Resource, ProcessesError> {
    resource.hours = serde_json::from_str(&hours)
        .map_err(|error| ProcessesError::Payload(format!("hours of {}: {error}", resource.code)))?;
    resource.closed = s.rows(
        sql!("SELECT day, reason FROM booking_closed_days WHERE resource_id = $1 ORDER BY day"),
        params![resource.id],
        |r| Ok((r.get::<Date>(0)?, r.get(1)?)),
    )?;
    Ok(resource)
}

/// Everything that can be booked, in use or not, by name.
pub fn resources(s: &mut Session<'_>) -> Result<Vec<Resource>, ProcessesError> {
    let kept = s.rows(sql!(select_resource!("ORDER BY name, code")), params![], read_resource)?;
    kept.into_iter().map(|kept| whole(s, kept)).collect()
}

/// One that can be booked.
pub fn resource(s: &mut Session<'_>, id: ResourceId) -> Result<Option<Resource>, ProcessesError> {
    let kept = s.row(sql!(select_resource!("WHERE id = $1")), params![id], read_resource)?;
    kept.map(|kept| whole(s, kept)).transpose()
}

/// One that can be booked, by its code.
pub fn resource_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<Resource>, ProcessesError> {
    let kept = s.row(sql!(select_resource!("WHERE code = $1")), params![code], read_resource)?;
    kept.map(|kept| whole(s, kept)).transpose()
}

pub(crate) fn upsert_resource(s: &mut Session<'_>, r: &Resource) -> Result<(), ProcessesError> {
    let hours =
        serde_json::to_string(&r.hours).map_err(|error| ProcessesError::Payload(error.to_string()))?;
    s.execute(
        sql!(
            "INSERT INTO booking_resources (id, code, name, place, hours, slot_minutes, capacity, notice_hours,
                 days_ahead, active)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (code) DO UPDATE SET name = excluded.name, place = excluded.place, hours = excluded.hours,
                 slot_minutes = excluded.slot_minutes, capacity = excluded.capacity,
                 notice_hours = excluded.notice_hours, days_ahead = excluded.days_ahead, active = excluded.active"
        ),
        params![
            r.id,
            r.code,
            r.name,
            r.place,
            hours,
            r.slot_minutes,
            r.capacity,
            r.notice_hours,
            r.days_ahead,
            r.active
        ],
    )?;
    s.execute(sql!("DELETE FROM booking_closed_days WHERE resource_id = $1"), params![r.id])?;
    for (day, reason) in &r.closed {
        s.execute(
            sql!(
                "INSERT INTO booking_closed_days (resource_id, day, reason) VALUES ($1, $2, $3)
                 ON CONFLICT (resource_id, day) DO NOTHING"
            ),
            params![r.id, day, reason],
        )?;
    }
    Ok(())
}

macro_rules! select_booking {
    ($rest:literal) => {
        concat!(
            "SELECT id, resource_id, starts_at, ends_at, seat, process_id, step, booked_at, cancelled_at
             FROM bookings ",
            $rest
        )
    };
}

fn read_booking(r: &Row<'_>) -> Result<Booking, StorageError> {
    Ok(Booking {
        id: r.get(0)?,
        resource_id: r.get(1)?,
        starts_at: r.get(2)?,
        ends_at: r.get(3)?,
        seat: r.get(4)?,
        process_id: r.get(5)?,
        step: r.get(6)?,
        booked_at: r.get(7)?,
        cancelled_at: r.get(8)?,
    })
}

/// One booking, cancelled or not.
pub fn booking(s: &mut Session<'_>, id: BookingId) -> Result<Option<Booking>, StorageError> {
    s.row(sql!(select_booking!("WHERE id = $1")), params![id], read_booking)
}

/// What is booked of a resource in a time, in order of time.
pub fn bookings_between(
    s: &mut Session<'_>,
    resource: ResourceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Booking>, StorageError> {
    s.rows(
        sql!(select_booking!(
            "WHERE resource_id = $1 AND cancelled_at IS NULL AND starts_at < $3 AND ends_at > $2
             ORDER BY starts_at, seat LIMIT $4"
        )),
        params![resource, from, to, BOOKINGS_MAX],
        read_booking,
    )
}

/// The same, as the calendar wants it.
pub fn taken(
    s: &mut Session<'_>,
    resource: ResourceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Taken>, StorageError> {
    let bookings = bookings_between(s, resource, from, to)?;
    let taken = |b: Booking| Taken { starts_at: b.starts_at, ends_at: b.ends_at, seat: b.seat };
    Ok(bookings.into_iter().map(taken).collect())
}

/// Books a seat; tells whether it was still free.
pub(crate) fn insert_booking(s: &mut Session<'_>, b: &Booking) -> Result<bool, StorageError> {
    let made = s.execute(
        sql!(
            "INSERT INTO bookings (id, resource_id, starts_at, ends_at, seat, process_id, step, booked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
        ),
        params![b.id, b.resource_id, b.starts_at, b.ends_at, b.seat, b.process_id, b.step, b.booked_at],
    )?;
    Ok(made > 0)
}

pub(crate) fn cancel_booking_row(
    s: &mut Session<'_>,
    id: BookingId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE bookings SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL"),
        params![id, now],
    )
}

macro_rules! select_contractor {
    ($rest:literal) => {
        concat!("SELECT id, code, name, telephone, email, texts, active FROM contractors ", $rest)
    };
}

fn read_contractor(r: &Row<'_>) -> Result<Contractor, StorageError> {
    Ok(Contractor {
        id: r.get(0)?,
        code: r.get(1)?,
        name: r.get(2)?,
        telephone: r.get(3)?,
        email: r.get(4)?,
        texts: r.get(5)?,
        active: r.get(6)?,
    })
}

/// Every contractor, in use or not, by name.
pub fn contractors(s: &mut Session<'_>) -> Result<Vec<Contractor>, StorageError> {
    s.rows(sql!(select_contractor!("ORDER BY name, code")), params![], read_contractor)
}

/// One contractor, in use or not.
pub fn contractor_by_code(s: &mut Session<'_>, code: &str) -> Result<Option<Contractor>, StorageError> {
    s.row(sql!(select_contractor!("WHERE code = $1")), params![code], read_contractor)
}

pub(crate) fn upsert_contractor(s: &mut Session<'_>, c: &Contractor) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO contractors (id, code, name, telephone, email, texts, active)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (code) DO UPDATE SET name = excluded.name, telephone = excluded.telephone,
                 email = excluded.email, texts = excluded.texts, active = excluded.active"
        ),
        params![c.id, c.code, c.name, c.telephone, c.email, c.texts, c.active],
    )?;
    Ok(())
}

pub(crate) fn insert_link(
    s: &mut Session<'_>,
    link: &ProcessLink,
    now: Timestamp,
) -> Result<(), StorageError> {
    let (kind, officer, contractor, booking) = match &link.lets {
        LinkFor::Officer(id) => ("step", Some(*id), None, None),
        LinkFor::Department => ("step", None, None, None),
        LinkFor::Contractor(code) => ("step", None, Some(code.as_str()), None),
        LinkFor::Booking(id) => ("booking", None, None, Some(*id)),
    };
    s.execute(
        sql!(
            "INSERT INTO process_links (id, kind, process_id, step, officer_id, contractor, booking_id, created_at,
                 expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![link.id, kind, link.process_id, link.step, officer, contractor, booking, now, link.expires_at],
    )?;
    Ok(())
}

pub(crate) fn link(s: &mut Session<'_>, id: LinkId) -> Result<Option<ProcessLink>, StorageError> {
    s.row(
        sql!(
            "SELECT id, process_id, step, officer_id, contractor, booking_id, expires_at, revoked_at
             FROM process_links WHERE id = $1"
        ),
        params![id],
        |r| {
            let (officer, contractor): (Option<OfficerId>, Option<String>) = (r.get(3)?, r.get(4)?);
            let booking: Option<BookingId> = r.get(5)?;
            let lets = match (booking, officer, contractor) {
                (Some(id), _, _) => LinkFor::Booking(id),
                (None, Some(id), _) => LinkFor::Officer(id),
                (None, None, Some(code)) => LinkFor::Contractor(code),
                (None, None, None) => LinkFor::Department,
            };
            Ok(ProcessLink {
                id: r.get(0)?,
                lets,
                process_id: r.get(1)?,
                step: r.get(2)?,
                expires_at: r.get(6)?,
                revoked_at: r.get(7)?,
            })
        },
    )
}

/// Takes back the links to a step, or to a booking.
pub(crate) fn revoke_links(
    s: &mut Session<'_>,
    process: ProcessId,
    kind: &'static str,
    step: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE process_links SET revoked_at = $4
             WHERE process_id = $1 AND kind = $2 AND step = $3 AND revoked_at IS NULL"
        ),
        params![process, kind, step, now],
    )?;
    Ok(())
}
