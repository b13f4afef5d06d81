//! Feeds out and sources in.

use super::note;
use crate::AheadError;
use crate::import;
use crate::jobs;
use crate::queries::{self, Feed, Source};
use people::text;
use storage::Session;
use vocabulary::{
    Actor, CalendarFeedId, CalendarSourceId, Context, DepartmentId, GenericUuid as _, PlannedEventId,
    Timestamp,
};

/// Most feeds of one user.
pub const FEEDS_MAX: usize = 20;
/// Most calendars that are read.
pub const SOURCES_MAX: usize = 200;
/// Longest address, in characters.
const URL_CHARS_MAX: usize = 2_000;

/// Makes an address at which the one who asks can fetch what is planned, of one department or of all.
///
/// # Errors
/// [`AheadError::NotOneself`] unless a signed-in person asks; [`AheadError::TooMany`]; the database.
pub fn make_feed(
    s: &mut Session<'_>,
    ctx: &Context,
    department: Option<DepartmentId>,
) -> Result<CalendarFeedId, AheadError> {
    let Actor::User(user) = ctx.actor else { return Err(AheadError::NotOneself) };
    if queries::feeds_of(s, user)?.len() >= FEEDS_MAX {
        return Err(AheadError::TooMany { field: "feeds", max: FEEDS_MAX });
    }
    if let Some(id) = department
        && people::directory::queries::department(s, id)?.is_none()
    {
        return Err(AheadError::NotFound { what: "department" });
    }
    // Not after the time it was made, so that nothing of an address can be guessed.
    let id = vocabulary::NewId::untimed(&*ctx.chance);
    let feed = Feed { id, user, department, created_at: ctx.now, revoked_at: None, read_at: None };
    queries::insert_feed(s, &feed)?;
    note(s, ctx, "calendar_feed_made", ("calendar_feed", id.into_untyped_uuid()), None)?;
    Ok(id)
}

/// Takes one's own address back. Twice is as once.
///
/// # Errors
/// [`AheadError::NotOneself`] unless a signed-in person asks; the database.
pub fn revoke_feed(s: &mut Session<'_>, ctx: &Context, id: CalendarFeedId) -> Result<(), AheadError> {
    let Actor::User(user) = ctx.actor else { return Err(AheadError::NotOneself) };
    if queries::revoke_feed(s, id, user, ctx.now)? > 0 {
        note(s, ctx, "calendar_feed_revoked", ("calendar_feed", id.into_untyped_uuid()), None)?;
    }
    Ok(())
}

/// Adds a calendar to be read: by address, or by hand if there is none. One with an address is fetched at once. That the
/// address is one that may be called is for whoever calls.
///
/// # Errors
/// [`AheadError::Text`], naming the field; [`AheadError::TooMany`]; the database.
pub fn add_source(
    s: &mut Session<'_>,
    ctx: &Context,
    name: &str,
    department: Option<DepartmentId>,
    url: &str,
) -> Result<CalendarSourceId, AheadError> {
    let name = text::line("name", name, text::NAME_CHARS_MAX)?;
    let url = text::optional_line("url", url, URL_CHARS_MAX)?;
    // What is offered as webcal is fetched over https.
    let url = url.map(|url| match url.split_once("://") {
        Some(("webcal" | "webcals", rest)) => format!("https://{rest}"),
        _ => url,
    });
    if queries::sources(s)?.len() >= SOURCES_MAX {
        return Err(AheadError::TooMany { field: "sources", max: SOURCES_MAX });
    }
    let source = Source {
        id: ctx.next_id(),
        name,
        department,
        active: url.is_some(),
        url,
        tried_at: None,
        read_at: None,
        fault: None,
        faults: "[]".to_owned(),
    };
    queries::insert_source(s, &source, ctx.now)?;
    note(s, ctx, "calendar_source_added", ("calendar_source", source.id.into_untyped_uuid()), None)?;
    if source.active {
        jobs::wind_source(s, ctx, source.id, ctx.now)?;
    }
    Ok(source.id)
}

/// Fetches a calendar by its address again, or no longer.
///
/// # Errors
/// There is no such calendar; the database.
pub fn set_source_active(
    s: &mut Session<'_>,
    ctx: &Context,
    id: CalendarSourceId,
    active: bool,
) -> Result<(), AheadError> {
    let source = queries::source(s, id)?.ok_or(AheadError::NotFound { what: "calendar" })?;
    if source.active == active || source.url.is_none() {
        return Ok(());
    }
    queries::set_source_active(s, id, active)?;
    let word = if active { "calendar_source_resumed" } else { "calendar_source_stopped" };
    note(s, ctx, word, ("calendar_source", id.into_untyped_uuid()), None)?;
    if active {
        jobs::wind_source(s, ctx, id, ctx.now)?;
    }
    Ok(())
}

/// Takes over what a calendar says of a settled event, or lets the event be.
///
/// # Errors
/// [`AheadError::NotFound`] if nothing is pending; what the event refuses; the database.
pub fn resolve_pending(
    s: &mut Session<'_>,
    ctx: &Context,
    event: PlannedEventId,
    take: bool,
) -> Result<(), AheadError> {
    import::resolve(s, ctx, event, take)
}

/// Fetches a calendar at once, besides its hourly turn.
///
/// # Errors
/// The database.
pub fn fetch_now(s: &mut Session<'_>, ctx: &Context, id: CalendarSourceId) -> Result<(), AheadError> {
    let at: Timestamp = ctx.now;
    Ok(jobs::wind_source(s, ctx, id, at)?)
}
