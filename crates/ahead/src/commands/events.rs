//! Planning, changing, settling, cancelling and confirming events.

use super::note;
use crate::jobs;
use crate::model::{EventDraft, EventState, Importance, PlannedEvent};
use crate::queries::{self, Whole};
use crate::{AheadError, queries::Step};
use storage::Session;
use vocabulary::{Actor, Context, GenericUuid as _, PlannedEventId};

/// The timeline's word for an event planned, changed, settled or dropped.
pub const EVENT_PLANNED: &str = "event_planned";
/// The timeline's word for an event that will not be.
pub const EVENT_CANCELLED: &str = "event_cancelled";
/// The timeline's word for a guide's confirmation; its detail is the version of the text.
pub const EVENT_CONFIRMED: &str = "event_confirmed";

/// Keeps a new event, settled or not.
///
/// # Errors
/// What [`EventDraft::checked`] refuses; [`AheadError::Forbidden`] for any other state; the database.
pub fn plan(
    s: &mut Session<'_>,
    ctx: &Context,
    draft: &EventDraft,
    state: EventState,
) -> Result<PlannedEventId, AheadError> {
    if !matches!(state, EventState::Draft | EventState::Planned) {
        return Err(AheadError::Forbidden { state: state.as_str() });
    }
    let draft = draft.checked()?;
    let id = ctx.next_id();
    queries::insert_event(s, id, &draft, state, ctx.now)?;
    queries::replace_parts(s, id, &draft)?;
    written(s, ctx, id, 1, state, &draft)?;
    Ok(id)
}

/// Plans an event, or changes the one with the same title and beginning; nothing happens if it says just this. For data
/// that is read again and again.
///
/// # Errors
/// As [`plan`].
pub fn plan_event(
    s: &mut Session<'_>,
    ctx: &Context,
    draft: &EventDraft,
) -> Result<PlannedEventId, AheadError> {
    let draft = draft.checked()?;
    match queries::event_by_title(s, &draft.title, draft.begins_at)? {
        Some(event) => {
            change(s, ctx, event.id, event.version, &draft)?;
            Ok(event.id)
        }
        None => plan(s, ctx, &draft, EventState::Planned),
    }
}

/// Changes an event that was read as `seen`. A change that changes nothing is none; what guides read asks them to confirm
/// again.
///
/// # Errors
/// [`AheadError::Overtaken`] if somebody has changed it since; [`AheadError::Forbidden`] if it is cancelled or dropped;
/// what [`EventDraft::checked`] refuses; the database.
pub fn change(
    s: &mut Session<'_>,
    ctx: &Context,
    id: PlannedEventId,
    seen: u32,
    draft: &EventDraft,
) -> Result<(), AheadError> {
    let draft = draft.checked()?;
    let whole = found(s, id)?;
    let (event, before) = (&whole.event, whole.draft());
    if draft.changed_from(&before).is_empty() {
        return Ok(());
    }
    if !matches!(event.state, EventState::Draft | EventState::Planned) {
        return Err(AheadError::Forbidden { state: event.state.as_str() });
    }
    if event.version != seen {
        return Err(AheadError::Overtaken);
    }
    let asks_again = !draft.is_known_from(&before) || becomes_important(event, &draft);
    step(s, ctx, event, &draft, event.state, asks_again)
}

fn becomes_important(event: &PlannedEvent, draft: &EventDraft) -> bool {
    event.importance == Importance::Ordinary && draft.importance == Importance::Important
}

/// Settles a draft. Twice is as once.
///
/// # Errors
/// [`AheadError::Forbidden`] if it is cancelled or dropped; the database.
pub fn approve(s: &mut Session<'_>, ctx: &Context, id: PlannedEventId) -> Result<(), AheadError> {
    let whole = found(s, id)?;
    match whole.event.state {
        EventState::Planned => Ok(()),
        EventState::Draft => step(s, ctx, &whole.event, &whole.draft(), EventState::Planned, true),
        other => Err(AheadError::Forbidden { state: other.as_str() }),
    }
}

/// Cancels an event, or drops a draft. Twice is as once.
///
/// # Errors
/// There is no such event; the database.
pub fn cancel(s: &mut Session<'_>, ctx: &Context, id: PlannedEventId) -> Result<(), AheadError> {
    let whole = found(s, id)?;
    let state = match whole.event.state {
        EventState::Cancelled | EventState::Dropped => return Ok(()),
        EventState::Draft => EventState::Dropped,
        EventState::Planned => EventState::Cancelled,
    };
    step(s, ctx, &whole.event, &whole.draft(), state, false)
}

/// Confirms having read the text as it was in `text_version`: always the one who asks, never another. Twice is as once.
///
/// # Errors
/// [`AheadError::NotOneself`] unless a signed-in person asks; [`AheadError::Overtaken`] if the text has changed since it was
/// read; [`AheadError::Forbidden`] if the event is not planned; the database.
pub fn confirm(
    s: &mut Session<'_>,
    ctx: &Context,
    id: PlannedEventId,
    text_version: u32,
) -> Result<(), AheadError> {
    let Actor::User(user) = ctx.actor else { return Err(AheadError::NotOneself) };
    let event = queries::event(s, id)?.ok_or(AheadError::NotFound { what: "event" })?;
    if event.state != EventState::Planned {
        return Err(AheadError::Forbidden { state: event.state.as_str() });
    }
    if event.text_version != text_version {
        return Err(AheadError::Overtaken);
    }
    if queries::insert_confirmation(s, id, text_version, user, ctx.now)? > 0 {
        note(s, ctx, EVENT_CONFIRMED, subject(id), Some(text_version.to_string()))?;
    }
    Ok(())
}

/// Takes a dropped draft up again: for calendars that first take an event away and then have it again.
pub(crate) fn take_up(s: &mut Session<'_>, ctx: &Context, id: PlannedEventId) -> Result<(), AheadError> {
    let whole = found(s, id)?;
    if whole.event.state != EventState::Dropped {
        return Ok(());
    }
    step(s, ctx, &whole.event, &whole.draft(), EventState::Draft, false)
}

/// Puts a cancelled event back as a draft, to be settled again.
pub(crate) fn reinstate(s: &mut Session<'_>, ctx: &Context, id: PlannedEventId) -> Result<(), AheadError> {
    let whole = found(s, id)?;
    match whole.event.state {
        EventState::Cancelled => step(s, ctx, &whole.event, &whole.draft(), EventState::Draft, true),
        _ => Ok(()),
    }
}

fn found(s: &mut Session<'_>, id: PlannedEventId) -> Result<Whole, AheadError> {
    queries::whole(s, id)?.ok_or(AheadError::NotFound { what: "event" })
}

fn subject(id: PlannedEventId) -> (&'static str, vocabulary::AnyId) {
    ("planned_event", id.into_untyped_uuid())
}

fn step(
    s: &mut Session<'_>,
    ctx: &Context,
    event: &PlannedEvent,
    draft: &EventDraft,
    state: EventState,
    asks_again: bool,
) -> Result<(), AheadError> {
    let version = event.version + 1;
    let text_version = if asks_again { version } else { event.text_version };
    queries::update_event(s, event.id, draft, &Step { state, version, text_version, now: ctx.now })?;
    queries::replace_parts(s, event.id, draft)?;
    written(s, ctx, event.id, version, state, draft)
}

/// Keeps the version, tells the house, and asks the clock to come back when the event goes live and when it ends.
fn written(
    s: &mut Session<'_>,
    ctx: &Context,
    id: PlannedEventId,
    version: u32,
    state: EventState,
    draft: &EventDraft,
) -> Result<(), AheadError> {
    let json = serde_json::to_string(draft).map_err(|error| AheadError::Payload(error.to_string()))?;
    queries::insert_version(s, ctx, id, version, state, &json)?;
    let kind = if state == EventState::Cancelled { EVENT_CANCELLED } else { EVENT_PLANNED };
    note(s, ctx, kind, subject(id), Some(state.as_str().to_owned()))?;
    if state == EventState::Planned {
        let event = queries::event(s, id)?.ok_or(AheadError::NotFound { what: "event" })?;
        jobs::wind(s, ctx, &event)?;
    }
    Ok(())
}
