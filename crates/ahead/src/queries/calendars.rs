//! Calendars out and in: feeds, sources, and which event came of which entry.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CalendarFeedId, CalendarSourceId, DepartmentId, PlannedEventId, Timestamp, UserId};

/// An address at which calendar programs fetch what is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its id, which its address is signed over.
    pub id: CalendarFeedId,
    /// Whose it is.
    pub user: UserId,
    /// One department's only; none: everything.
    pub department: Option<DepartmentId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When a program fetched it last.
    pub read_at: Option<Timestamp>,
}

fn feed_row(r: &Row<'_>) -> Result<Feed, StorageError> {
    Ok(Feed {
        id: r.get(0)?,
        user: r.get(1)?,
        department: r.get(2)?,
        created_at: r.get(3)?,
        revoked_at: r.get(4)?,
        read_at: r.get(5)?,
    })
}

/// The feed with this id, also one taken back.
///
/// # Errors
/// When the database fails.
pub fn feed(s: &mut Session<'_>, id: CalendarFeedId) -> Result<Option<Feed>, StorageError> {
    s.row(
        sql!(
            "SELECT id, user_id, department_id, created_at, revoked_at, read_at FROM calendar_feeds
             WHERE id = $1"
        ),
        params![id],
        feed_row,
    )
}

/// The feeds of a user that hold, oldest first.
///
/// # Errors
/// When the database fails.
pub fn feeds_of(s: &mut Session<'_>, user: UserId) -> Result<Vec<Feed>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, user_id, department_id, created_at, revoked_at, read_at FROM calendar_feeds
             WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at, id"
        ),
        params![user],
        feed_row,
    )
}

pub(crate) fn insert_feed(s: &mut Session<'_>, feed: &Feed) -> Result<(), StorageError> {
    s.execute(
        sql!("INSERT INTO calendar_feeds (id, user_id, department_id, created_at) VALUES ($1, $2, $3, $4)"),
        params![feed.id, feed.user, feed.department, feed.created_at],
    )?;
    Ok(())
}

pub(crate) fn revoke_feed(
    s: &mut Session<'_>,
    id: CalendarFeedId,
    user: UserId,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "UPDATE calendar_feeds SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"
        ),
        params![id, user, now],
    )
}

/// Writes down that a program has fetched a feed; nobody is told.
///
/// # Errors
/// When the database fails.
pub fn touch_feed(s: &mut Session<'_>, id: CalendarFeedId, now: Timestamp) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE calendar_feeds SET read_at = $2 WHERE id = $1"), params![id, now])?;
    Ok(())
}

/// A calendar that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: CalendarSourceId,
    /// What people call it.
    pub name: String,
    /// Whose events are in it.
    pub department: Option<DepartmentId>,
    /// Where it is fetched; none: uploaded by hand.
    pub url: Option<String>,
    /// Whether it is fetched.
    pub active: bool,
    /// When it was tried last.
    pub tried_at: Option<Timestamp>,
    /// When it was last read without fault.
    pub read_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub fault: Option<String>,
    /// What in it could not be read, as JSON.
    pub faults: String,
}

fn source_row(r: &Row<'_>) -> Result<Source, StorageError> {
    Ok(Source {
        id: r.get(0)?,
        name: r.get(1)?,
        department: r.get(2)?,
        url: r.get(3)?,
        active: r.get(4)?,
        tried_at: r.get(5)?,
        read_at: r.get(6)?,
        fault: r.get(7)?,
        faults: r.get(8)?,
    })
}

macro_rules! select_source {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, department_id, url, active, tried_at, read_at, fault, faults
             FROM calendar_sources ",
            $rest
        )
    };
}

/// Every source, by name.
///
/// # Errors
/// When the database fails.
pub fn sources(s: &mut Session<'_>) -> Result<Vec<Source>, StorageError> {
    s.rows(sql!(select_source!("ORDER BY name, id")), params![], source_row)
}

/// The source with this id.
///
/// # Errors
/// When the database fails.
pub fn source(s: &mut Session<'_>, id: CalendarSourceId) -> Result<Option<Source>, StorageError> {
    s.row(sql!(select_source!("WHERE id = $1")), params![id], source_row)
}

pub(crate) fn insert_source(
    s: &mut Session<'_>,
    source: &Source,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO calendar_sources (id, name, department_id, url, created_at, active, faults)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![source.id, source.name, source.department, source.url, now, source.active, source.faults],
    )?;
    Ok(())
}

pub(crate) fn set_source_active(
    s: &mut Session<'_>,
    id: CalendarSourceId,
    active: bool,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE calendar_sources SET active = $2 WHERE id = $1"), params![id, active])
}

/// Writes down how reading a source went: the fault of it all, or none and the faults within.
pub(crate) fn source_tried(
    s: &mut Session<'_>,
    id: CalendarSourceId,
    now: Timestamp,
    fault: Option<&str>,
    faults: &str,
) -> Result<(), StorageError> {
    let read_at = fault.is_none().then_some(now);
    s.execute(
        sql!(
            "UPDATE calendar_sources SET tried_at = $2, read_at = COALESCE($3, read_at), fault = $4, faults = $5
             WHERE id = $1"
        ),
        params![id, now, read_at, fault, faults],
    )?;
    Ok(())
}

/// What a source says of one of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The source.
    pub source: CalendarSourceId,
    /// The event's name in it.
    pub uid: String,
    /// Which of a series.
    pub recurrence: String,
    /// Which planned event came of it.
    pub event: PlannedEventId,
    /// Which change of it was read last.
    pub sequence: i64,
    /// What it says, as JSON.
    pub said: String,
    /// What it says now and nobody has taken over, as JSON.
    pub pending: Option<String>,
    /// When it begins.
    pub begins_at: Timestamp,
}

fn entry_row(r: &Row<'_>) -> Result<Entry, StorageError> {
    Ok(Entry {
        source: r.get(0)?,
        uid: r.get(1)?,
        recurrence: r.get(2)?,
        event: r.get(3)?,
        sequence: r.get(4)?,
        said: r.get(5)?,
        pending: r.get(6)?,
        begins_at: r.get(7)?,
    })
}

macro_rules! select_entry {
    ($rest:literal) => {
        concat!(
            "SELECT source_id, uid, recurrence, event_id, sequence, said, pending, begins_at
             FROM calendar_entries ",
            $rest
        )
    };
}

/// Every entry of a source that begins within that time.
pub(crate) fn entries_between(
    s: &mut Session<'_>,
    source: CalendarSourceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Entry>, StorageError> {
    s.rows(
        sql!(select_entry!(
            "WHERE source_id = $1 AND begins_at >= $2 AND begins_at < $3 ORDER BY uid, recurrence"
        )),
        params![source, from, to],
        entry_row,
    )
}

pub(crate) fn entry(
    s: &mut Session<'_>,
    source: CalendarSourceId,
    uid: &str,
    recurrence: &str,
) -> Result<Option<Entry>, StorageError> {
    s.row(
        sql!(select_entry!("WHERE source_id = $1 AND uid = $2 AND recurrence = $3")),
        params![source, uid, recurrence],
        entry_row,
    )
}

/// The entry an event came of, if it came of one.
///
/// # Errors
/// When the database fails.
pub fn entry_of(s: &mut Session<'_>, event: PlannedEventId) -> Result<Option<Entry>, StorageError> {
    s.row(sql!(select_entry!("WHERE event_id = $1")), params![event], entry_row)
}

/// The entries that say something else than what was settled, and nobody has taken over; soonest first.
///
/// # Errors
/// When the database fails.
pub fn entries_pending(s: &mut Session<'_>) -> Result<Vec<Entry>, StorageError> {
    s.rows(
        sql!(select_entry!("WHERE pending IS NOT NULL ORDER BY begins_at, event_id LIMIT 100")),
        params![],
        entry_row,
    )
}

pub(crate) fn put_entry(s: &mut Session<'_>, entry: &Entry) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO calendar_entries
                 (source_id, uid, recurrence, event_id, sequence, said, pending, begins_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (source_id, uid, recurrence) DO UPDATE SET event_id = excluded.event_id,
                 sequence = excluded.sequence, said = excluded.said, pending = excluded.pending,
                 begins_at = excluded.begins_at"
        ),
        params![
            entry.source,
            entry.uid,
            entry.recurrence,
            entry.event,
            entry.sequence,
            entry.said,
            entry.pending,
            entry.begins_at
        ],
    )?;
    Ok(())
}
