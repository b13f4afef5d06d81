//! Booking times: never two for the same seat, whoever is quicker. Writers come one at a time on both engines, so that
//! what is free when it is looked at is free when it is taken; the index on seats is the second lock.

use super::act::{load, take};
use super::carry::record;
use super::links;
use crate::calendar;
use crate::definition::StepKind;
use crate::error::ProcessesError;
use crate::form::Answers;
use crate::jobs;
use crate::model::{Booking, LinkFor, Resource, Running};
use crate::queries;
use crate::run::{Act, Booked, Refusal};
use crate::words::{self, BookingNews};
use cases::{Case, CaseSettings, LinkError};
use people::LinkKind;
use storage::Session;
use storage::jobs::NewJob;
use vocabulary::{Actor, BookingId, CaseId, Context, SignedDuration, Timestamp, local_day, time_zone};

/// The hour, local time, at which residents are reminded of a time.
const REMINDER_HOUR: i8 = 9;

/// The booking step of that key and what it books.
fn booking_step(
    s: &mut Session<'_>,
    running: &Running,
    step: &str,
) -> Result<(usize, Resource), ProcessesError> {
    let place = running.definition.step(step).ok_or(Refusal::NoSuchStep)?;
    let StepKind::Booking { resource, .. } = &running.definition.steps[place].kind else {
        return Err(Refusal::WrongKind.into());
    };
    let resource =
        queries::resource_by_code(s, resource)?.ok_or(ProcessesError::NotFound { what: "resource" })?;
    Ok((place, resource))
}

/// Books the time that begins at `starts_at`.
///
/// # Errors
/// [`ProcessesError::TimeNotOffered`], [`ProcessesError::TimeTaken`], or the step is not open.
pub fn book(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
    starts_at: Timestamp,
    answers: Answers,
) -> Result<Running, ProcessesError> {
    let running = load(s, ctx, case)?;
    let (place, resource) = booking_step(s, &running, step)?;
    if running.state.bookings.get(&place).is_some_and(|held| held.starts_at == starts_at) {
        return Ok(running);
    }
    if !running.state.marks[place].is_open() {
        return Err(Refusal::NotOpen.into());
    }
    let booked = seat(s, ctx, &running, step, &resource, starts_at)?;
    let act = Act::Booked { step: step.to_owned(), booking: booked, answers };
    let running = take(s, ctx, settings, running, act)?;
    tell(s, ctx, settings, &running, place, &resource, BookingNews::Booked)?;
    Ok(running)
}

/// Takes a seat.
fn seat(
    s: &mut Session<'_>,
    ctx: &Context,
    running: &Running,
    step: &str,
    resource: &Resource,
    starts_at: Timestamp,
) -> Result<Booked, ProcessesError> {
    let (starts_at, ends_at) =
        calendar::offered(resource, starts_at, ctx.now).ok_or(ProcessesError::TimeNotOffered)?;
    let taken = queries::taken(s, resource.id, starts_at, ends_at)?;
    let free = calendar::seats(resource, &taken, starts_at, ends_at);
    let seat = *free.first().ok_or(ProcessesError::TimeTaken)?;
    let booking = Booking {
        id: ctx.next_id(),
        resource_id: resource.id,
        starts_at,
        ends_at,
        seat,
        process_id: running.process.id,
        step: step.to_owned(),
        booked_at: ctx.now,
        cancelled_at: None,
    };
    if !queries::insert_booking(s, &booking)? {
        return Err(ProcessesError::TimeTaken);
    }
    record(s, ctx, running, "booking_made", Some(booking.id.to_string()))?;
    Ok(Booked { booking: booking.id, starts_at, ends_at })
}

/// Gives a seat back.
pub(super) fn release(
    s: &mut Session<'_>,
    ctx: &Context,
    running: &Running,
    booking: BookingId,
) -> Result<(), ProcessesError> {
    if queries::cancel_booking_row(s, booking, ctx.now)? > 0 {
        record(s, ctx, running, "booking_cancelled", Some(booking.to_string()))?;
    }
    Ok(())
}

/// Moves a booked time to another.
///
/// # Errors
/// As [`book`], or nothing is booked.
pub fn move_booking(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
    starts_at: Timestamp,
) -> Result<Running, ProcessesError> {
    let running = load(s, ctx, case)?;
    let (place, resource) = booking_step(s, &running, step)?;
    let held = *running.state.bookings.get(&place).ok_or(Refusal::NotBooked)?;
    if held.starts_at == starts_at {
        return Ok(running);
    }
    // The old seat is given back first, so that a time may be moved to one that overlaps it.
    release(s, ctx, &running, held.booking)?;
    let booked = seat(s, ctx, &running, step, &resource, starts_at)?;
    let running = take(s, ctx, settings, running, Act::Moved { step: step.to_owned(), booking: booked })?;
    record(s, ctx, &running, "booking_moved", Some(booked.booking.to_string()))?;
    tell(s, ctx, settings, &running, place, &resource, BookingNews::Moved)?;
    Ok(running)
}

/// Cancels a booked time. The step is open again, unless the process is over.
///
/// # Errors
/// Nothing is booked.
pub fn cancel_booking(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: CaseId,
    step: &str,
) -> Result<Running, ProcessesError> {
    let running = load(s, ctx, case)?;
    let (place, resource) = booking_step(s, &running, step)?;
    let held = *running.state.bookings.get(&place).ok_or(Refusal::NotBooked)?;
    release(s, ctx, &running, held.booking)?;
    queries::revoke_links(s, running.process.id, "booking", step, ctx.now)?;
    let act = Act::Cancelled { step: step.to_owned(), booking: held.booking };
    let running = take(s, ctx, settings, running, act)?;
    tell(s, ctx, settings, &running, place, &resource, BookingNews::Cancelled(held))?;
    Ok(running)
}

/// Writes to the resident about a booked time, and winds the clock for the reminder.
fn tell(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    place: usize,
    resource: &Resource,
    news: BookingNews,
) -> Result<(), ProcessesError> {
    let case =
        cases::queries::case(s, running.process.case_id)?.ok_or(ProcessesError::NotFound { what: "case" })?;
    let step = &running.definition.steps[place];
    let held = match news {
        BookingNews::Cancelled(held) => held,
        _ => *running.state.bookings.get(&place).ok_or(Refusal::NotBooked)?,
    };
    let link = match news {
        BookingNews::Cancelled(_) => None,
        _ => {
            queries::revoke_links(s, running.process.id, "booking", &step.key, ctx.now)?;
            let link = links::make(s, ctx, running, &step.key, LinkFor::Booking(held.booking))?;
            Some(links::booking_address(settings, link))
        }
    };
    write(s, ctx, settings, &case, resource, held, news, link.as_deref())?;
    if let (StepKind::Booking { remind_days: Some(days), .. }, Some(_)) = (&step.kind, &link) {
        let run_at = reminder_at(held.starts_at, *days);
        if run_at > ctx.now {
            let job = NewJob {
                kind: jobs::BOOKING_REMINDER,
                payload: serde_json::json!({ "case": case.id, "booking": held.booking }),
                run_at,
                dedupe_key: Some(format!("{}:{}", jobs::BOOKING_REMINDER, held.booking)),
            };
            storage::jobs::enqueue(s, ctx, job)?;
        }
    }
    Ok(())
}

/// So many days before, in the morning.
fn reminder_at(starts_at: Timestamp, days: u16) -> Timestamp {
    let day = local_day(starts_at).checked_sub(SignedDuration::from_hours(24 * i64::from(days)));
    let at = day.ok().and_then(|day| day.at(REMINDER_HOUR, 0, 0, 0).to_zoned(time_zone()).ok());
    at.map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

#[expect(clippy::too_many_arguments, reason = "a letter is about so many things")]
fn write(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    case: &Case,
    resource: &Resource,
    held: Booked,
    news: BookingNews,
    link: Option<&str>,
) -> Result<(), ProcessesError> {
    let resident = match case.resident_id {
        Some(id) => people::residents::queries::by_id(s, id)?,
        None => None,
    };
    let language = resident.map_or(vocabulary::Language::Swedish, |resident| resident.language);
    // Where somebody is to come tells what it is about.
    let place = case.may_travel_by_mail().then_some(resource.place.as_str());
    let letter = words::booking_letter(language, settings, case, held, place, news, link);
    cases::commands::write_to_resident(s, ctx, settings, case, &letter.subject, &letter.body)?;
    Ok(())
}

/// Reminds a resident of a time that still holds.
pub(crate) fn remind(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    booking: BookingId,
) -> Result<(), ProcessesError> {
    let Some((place, held)) = running.state.bookings.iter().find(|(_, held)| held.booking == booking) else {
        return Ok(());
    };
    if held.starts_at <= ctx.now {
        return Ok(());
    }
    let step = running.definition.steps[*place].key.clone();
    let (_, resource) = booking_step(s, running, &step)?;
    tell_again(s, ctx, settings, running, &step, &resource, *held)
}

fn tell_again(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    running: &Running,
    step: &str,
    resource: &Resource,
    held: Booked,
) -> Result<(), ProcessesError> {
    let case =
        cases::queries::case(s, running.process.case_id)?.ok_or(ProcessesError::NotFound { what: "case" })?;
    let link = links::make(s, ctx, running, step, LinkFor::Booking(held.booking))?;
    let address = links::booking_address(settings, link);
    write(s, ctx, settings, &case, resource, held, BookingNews::Reminder, Some(&address))
}

/// What a resident sees behind the link to a booking. Nothing of what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingByLink {
    /// The case's number.
    pub number: String,
    /// When.
    pub booked: Booked,
    /// Where.
    pub place: String,
    /// Whether it can still be cancelled: not once it has begun.
    pub can_cancel: bool,
}

fn behind(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<(Running, usize, Booked), ProcessesError> {
    let link = links::open_kind(s, settings, LinkKind::Resident, token, now)?;
    let LinkFor::Booking(id) = link.lets else { return Err(LinkError::Forged.into()) };
    let process = queries::process_of(s, link.process_id)?.ok_or(LinkError::Revoked)?;
    let running = queries::running(s, process.case_id)?.ok_or(LinkError::Revoked)?;
    let held = running.state.bookings.iter().find(|(_, held)| held.booking == id);
    let (place, held) = held.map(|(place, held)| (*place, *held)).ok_or(LinkError::Revoked)?;
    Ok((running, place, held))
}

/// The booking behind a resident's link.
///
/// # Errors
/// The link does not hold, or the time is booked no longer.
pub fn booking_by_link(
    s: &mut Session<'_>,
    settings: &CaseSettings,
    token: &str,
    now: Timestamp,
) -> Result<BookingByLink, ProcessesError> {
    let (running, place, booked) = behind(s, settings, token, now)?;
    let step = running.definition.steps[place].key.clone();
    let (_, resource) = booking_step(s, &running, &step)?;
    let case = cases::queries::case(s, running.process.case_id)?.ok_or(LinkError::Revoked)?;
    let place = if case.may_travel_by_mail() { resource.place } else { String::new() };
    Ok(BookingByLink { number: case.number.to_string(), booked, place, can_cancel: booked.starts_at > now })
}

/// Cancels the booking behind a resident's link, as the resident.
///
/// # Errors
/// The link does not hold, or the time has begun.
pub fn cancel_by_link(
    s: &mut Session<'_>,
    ctx: &Context,
    settings: &CaseSettings,
    token: &str,
) -> Result<(), ProcessesError> {
    let (running, place, held) = behind(s, settings, token, ctx.now)?;
    if held.starts_at <= ctx.now {
        return Err(LinkError::Expired.into());
    }
    let case = cases::queries::case(s, running.process.case_id)?.ok_or(LinkError::Revoked)?;
    let actor = case.resident_id.map_or(Actor::System, Actor::Resident);
    let ctx = Context { actor, ..ctx.clone() };
    let step = running.definition.steps[place].key.clone();
    cancel_booking(s, &ctx, settings, case.id, &step).map(drop)
}
