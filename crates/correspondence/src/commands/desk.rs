//! The desk: queue numbers, calling, and what becomes of a visit.

use super::acting_user;
use crate::model::{DeskQueue, Visit, VisitState};
use crate::queries::DeskLine;
use crate::{CorrespondenceError, queries};
use contacts::TakeIn;
use people::text::{self, TextError, TextFault};
use storage::timeline::{self, Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{Channel, Context, GenericUuid as _, ResidentId, VisitId, local_day};

/// Longest name of a desk, in characters.
const DESK_CHARS_MAX: usize = 20;

fn record(s: &mut Session<'_>, ctx: &Context, kind: &'static str, visit: &Visit) -> Result<(), StorageError> {
    let subject = Subject { kind: "visit", id: visit.id.into_untyped_uuid() };
    let related = Some(visit.contact_id.into_untyped_uuid());
    let detail = Some(visit.ticket());
    timeline::append(s, ctx, Entry { kind, subject, related, detail }).map(drop)
}

/// Makes a queue at the desk or changes it.
///
/// # Errors
/// The letter is not one of A to Z, the name is not acceptable, or there is no such answer group.
pub fn put_desk_queue(s: &mut Session<'_>, cmd: &DeskQueue) -> Result<DeskQueue, CorrespondenceError> {
    let letter = cmd.letter.trim().to_uppercase();
    if letter.len() != 1 || !letter.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(TextError { field: "letter", fault: TextFault::NotCode }.into());
    }
    if let Some(group) = cmd.answer_group_id {
        people::directory::queries::answer_group(s, group)?
            .ok_or(CorrespondenceError::NotFound { what: "answer group" })?;
    }
    let name = text::line("name", &cmd.name, text::NAME_CHARS_MAX)?;
    let queue = DeskQueue { letter, name, answer_group_id: cmd.answer_group_id, active: cmd.active };
    queries::upsert_queue(s, &queue)?;
    Ok(queue)
}

/// A visitor who has got a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The visit.
    pub visit: Visit,
    /// How many wait before them in the same queue.
    pub before: u64,
}

/// Somebody has come to the desk: the next number of the day in the queue of `letter`, without gaps, and a contact that
/// waits.
///
/// # Errors
/// There is no such queue in use, or no such resident.
pub fn come(
    s: &mut Session<'_>,
    ctx: &Context,
    letter: &str,
    resident: Option<ResidentId>,
) -> Result<Came, CorrespondenceError> {
    let queue = queries::desk_queue(s, letter)?
        .filter(|queue| queue.active)
        .ok_or(CorrespondenceError::NotFound { what: "queue" })?;
    let day = local_day(ctx.now);
    let before = queries::number_waiting(s, day, &queue.letter)?;
    let number = storage::counters::next(s, &format!("visit:{day}:{}", queue.letter))?;
    let cmd = TakeIn { channel: Channel::Visit, resident, group: queue.answer_group_id, arrived_at: ctx.now };
    let contact = contacts::commands::take_in(s, ctx, &cmd)?;
    let visit = Visit {
        id: ctx.next_id(),
        day,
        letter: queue.letter,
        number: u32::try_from(number).unwrap_or(u32::MAX),
        contact_id: contact.id,
        state: VisitState::Waiting,
        desk: None,
        came_at: ctx.now,
        called_at: None,
        called_by: None,
        ended_at: None,
    };
    queries::insert_visit(s, &visit)?;
    record(s, ctx, "visit_came", &visit)?;
    Ok(Came { visit, before })
}

/// Calls who has waited longest today, in the queue of `letter` or in any, to `desk`.
///
/// # Errors
/// Nobody waits, or the desk's name is not acceptable.
pub fn call_next(
    s: &mut Session<'_>,
    ctx: &Context,
    letter: Option<&str>,
    desk: &str,
) -> Result<Visit, CorrespondenceError> {
    let next =
        queries::first_waiting(s, local_day(ctx.now), letter)?.ok_or(CorrespondenceError::NobodyWaits)?;
    call_visit(s, ctx, next.id, desk)
}

/// Calls a visitor to `desk`: for the first time, or again. The contact is answered by who calls.
///
/// # Errors
/// There is no such visit, it is over, or the desk's name is not acceptable.
pub fn call_visit(
    s: &mut Session<'_>,
    ctx: &Context,
    id: VisitId,
    desk: &str,
) -> Result<Visit, CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let desk = text::optional_line("desk", desk, DESK_CHARS_MAX)?;
    if queries::update_called(s, id, desk.as_deref(), guide, ctx.now)? == 0 {
        return Err(CorrespondenceError::NotFound { what: "visit that waits" });
    }
    let visit = line(s, id)?.visit;
    contacts::commands::mark_answered(s, ctx, visit.contact_id, guide)?;
    record(s, ctx, "visit_called", &visit)?;
    Ok(visit)
}

/// The visit is over: served, to be logged like a call; or the visitor did not come when called. The first ending holds.
///
/// # Errors
/// There is no such visit, or it was never called and is said to be served.
pub fn end_visit(
    s: &mut Session<'_>,
    ctx: &Context,
    id: VisitId,
    served: bool,
) -> Result<Visit, CorrespondenceError> {
    let guide = acting_user(ctx)?;
    let before = line(s, id)?.visit;
    if served && before.called_at.is_none() {
        call_visit(s, ctx, id, before.desk.as_deref().unwrap_or_default())?;
    }
    let state = if served { VisitState::Served } else { VisitState::Gone };
    if queries::update_visit_ended(s, id, state, ctx.now)? > 0 {
        if served {
            contacts::commands::hand_to(s, ctx, before.contact_id, guide)?;
        } else {
            contacts::commands::end_unanswered(s, ctx, before.contact_id)?;
        }
        record(s, ctx, if served { "visit_served" } else { "visit_gone" }, &before)?;
    }
    Ok(line(s, id)?.visit)
}

fn line(s: &mut Session<'_>, id: VisitId) -> Result<DeskLine, CorrespondenceError> {
    queries::visit(s, id)?.ok_or(CorrespondenceError::NotFound { what: "visit" })
}
