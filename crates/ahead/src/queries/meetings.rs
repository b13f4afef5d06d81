//! Meetings, their agenda, what was undertaken, and who is invited.

use crate::meeting::{AgendaKind, Meeting, MeetingState, Series};
use jiff::civil::Weekday;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::civil::{Date, Time};
use vocabulary::{
    DepartmentId, MeetingActionId, MeetingId, MeetingItemId, MeetingSeriesId, OfficerId, Timestamp, UserId,
};

/// Most meetings in one list.
const MEETINGS_MAX: usize = 100;

fn series_row(r: &Row<'_>) -> Result<Series, StorageError> {
    Ok(Series {
        id: r.get(0)?,
        department: r.get(1)?,
        nth: r.get(2)?,
        weekday: i8::try_from(r.get::<i64>(3)?)
            .ok()
            .and_then(|n| Weekday::from_monday_one_offset(n).ok())
            .unwrap_or(Weekday::Monday),
        begins: r.get::<String>(4)?.parse().unwrap_or(Time::midnight()),
        minutes: r.get(5)?,
        place: r.get(6)?,
        active: r.get(7)?,
    })
}

macro_rules! select_series {
    ($rest:literal) => {
        concat!(
            "SELECT id, department_id, nth, weekday, begins, minutes, place, active FROM meeting_series ",
            $rest
        )
    };
}

/// The standing meeting with this id.
///
/// # Errors
/// When the database fails.
pub fn series(s: &mut Session<'_>, id: MeetingSeriesId) -> Result<Option<Series>, StorageError> {
    s.row(sql!(select_series!("WHERE id = $1")), params![id], series_row)
}

/// The standing meetings that go on.
///
/// # Errors
/// When the database fails.
pub fn series_list(s: &mut Session<'_>) -> Result<Vec<Series>, StorageError> {
    s.rows(sql!(select_series!("WHERE active ORDER BY department_id, id")), params![], series_row)
}

pub(crate) fn insert_series(s: &mut Session<'_>, series: &Series) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO meeting_series (id, department_id, nth, weekday, begins, minutes, place, active)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            series.id,
            series.department,
            series.nth,
            i64::from(series.weekday.to_monday_one_offset()),
            series.begins.strftime("%H:%M").to_string(),
            series.minutes,
            series.place,
            series.active
        ],
    )?;
    Ok(())
}

pub(crate) fn set_series_active(
    s: &mut Session<'_>,
    id: MeetingSeriesId,
    active: bool,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE meeting_series SET active = $2 WHERE id = $1"), params![id, active])
}

fn meeting_row(r: &Row<'_>) -> Result<Meeting, StorageError> {
    Ok(Meeting {
        id: r.get(0)?,
        series: r.get(1)?,
        department: r.get(2)?,
        begins_at: r.get(3)?,
        ends_at: r.get(4)?,
        place: r.get(5)?,
        state: r.get(6)?,
        notes: r.get(7)?,
        version: r.get(8)?,
        changed_at: r.get(9)?,
    })
}

macro_rules! select_meeting {
    ($rest:literal) => {
        concat!(
            "SELECT id, series_id, department_id, begins_at, ends_at, place, state, notes, version, changed_at
             FROM meetings ",
            $rest
        )
    };
}

/// The meeting with this id.
///
/// # Errors
/// When the database fails.
pub fn meeting(s: &mut Session<'_>, id: MeetingId) -> Result<Option<Meeting>, StorageError> {
    s.row(sql!(select_meeting!("WHERE id = $1")), params![id], meeting_row)
}

/// The meetings with a department or with all, newest first.
///
/// # Errors
/// When the database fails.
pub fn meetings(s: &mut Session<'_>, department: Option<DepartmentId>) -> Result<Vec<Meeting>, StorageError> {
    s.rows(
        sql!(select_meeting!("WHERE ($1 OR department_id = $2) ORDER BY begins_at DESC, id DESC LIMIT $3")),
        params![department.is_none(), department, MEETINGS_MAX],
        meeting_row,
    )
}

/// The meetings that begin within that time, in order, cancelled ones too.
///
/// # Errors
/// When the database fails.
pub fn meetings_between(
    s: &mut Session<'_>,
    department: Option<DepartmentId>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Meeting>, StorageError> {
    s.rows(
        sql!(select_meeting!(
            "WHERE begins_at >= $1 AND begins_at < $2 AND ($3 OR department_id = $4)
             ORDER BY begins_at, id LIMIT 1000"
        )),
        params![from, to, department.is_none(), department],
        meeting_row,
    )
}

/// The next meeting with a department that is to be held and has not begun, if one is planned.
///
/// # Errors
/// When the database fails.
pub fn next_meeting(
    s: &mut Session<'_>,
    department: DepartmentId,
    now: Timestamp,
) -> Result<Option<Meeting>, StorageError> {
    s.row(
        sql!(select_meeting!(
            "WHERE department_id = $1 AND state = $2 AND begins_at > $3 ORDER BY begins_at, id LIMIT 1"
        )),
        params![department, MeetingState::Planned, now],
        meeting_row,
    )
}

pub(crate) fn insert_meeting(s: &mut Session<'_>, m: &Meeting) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO meetings
                 (id, series_id, department_id, begins_at, ends_at, place, state, notes, version, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            m.id,
            m.series,
            m.department,
            m.begins_at,
            m.ends_at,
            m.place,
            m.state,
            m.notes,
            m.version,
            m.changed_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update_meeting(s: &mut Session<'_>, m: &Meeting) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE meetings SET begins_at = $2, ends_at = $3, place = $4, state = $5, notes = $6, version = $7,
                 changed_at = $8
             WHERE id = $1"
        ),
        params![m.id, m.begins_at, m.ends_at, m.place, m.state, m.notes, m.version, m.changed_at],
    )?;
    Ok(())
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: MeetingItemId,
    /// The meeting.
    pub meeting: MeetingId,
    /// From 0.
    pub place: u32,
    /// Where it comes from.
    pub kind: AgendaKind,
    /// A word or an id that says what exactly; empty for one's own.
    pub source: String,
    /// What it is about.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// What was said, a thought a line.
    pub notes: String,
    /// What was decided.
    pub decision: String,
}

fn item_row(r: &Row<'_>) -> Result<Item, StorageError> {
    Ok(Item {
        id: r.get(0)?,
        meeting: r.get(1)?,
        place: r.get(2)?,
        kind: r.get(3)?,
        source: r.get(4)?,
        title: r.get(5)?,
        detail: r.get(6)?,
        notes: r.get(7)?,
        decision: r.get(8)?,
    })
}

/// The agenda, in order.
///
/// # Errors
/// When the database fails.
pub fn items(s: &mut Session<'_>, meeting: MeetingId) -> Result<Vec<Item>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, meeting_id, place, kind, source, title, detail, notes, decision FROM meeting_items
             WHERE meeting_id = $1 ORDER BY place, id"
        ),
        params![meeting],
        item_row,
    )
}

pub(crate) fn item(s: &mut Session<'_>, id: MeetingItemId) -> Result<Option<Item>, StorageError> {
    s.row(
        sql!(
            "SELECT id, meeting_id, place, kind, source, title, detail, notes, decision FROM meeting_items
             WHERE id = $1"
        ),
        params![id],
        item_row,
    )
}

pub(crate) fn insert_item(s: &mut Session<'_>, i: &Item) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO meeting_items (id, meeting_id, place, kind, source, title, detail, notes, decision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![i.id, i.meeting, i.place, i.kind, i.source, i.title, i.detail, i.notes, i.decision],
    )?;
    Ok(())
}

pub(crate) fn update_item(s: &mut Session<'_>, i: &Item) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE meeting_items SET notes = $2, decision = $3 WHERE id = $1"),
        params![i.id, i.notes, i.decision],
    )?;
    Ok(())
}

pub(crate) fn delete_item(s: &mut Session<'_>, id: MeetingItemId) -> Result<(), StorageError> {
    s.execute(sql!("UPDATE meeting_actions SET item_id = NULL WHERE item_id = $1"), params![id])?;
    s.execute(sql!("DELETE FROM meeting_items WHERE id = $1"), params![id])?;
    Ok(())
}

/// What somebody has undertaken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its id.
    pub id: MeetingActionId,
    /// At which meeting.
    pub meeting: MeetingId,
    /// Under which point of the agenda.
    pub item: Option<MeetingItemId>,
    /// What is to be done.
    pub what: String,
    /// By whom.
    pub owner: UserId,
    /// Until when.
    pub due: Date,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

fn action_row(r: &Row<'_>) -> Result<Action, StorageError> {
    Ok(Action {
        id: r.get(0)?,
        meeting: r.get(1)?,
        item: r.get(2)?,
        what: r.get(3)?,
        owner: r.get(4)?,
        due: r.get(5)?,
        done_at: r.get(6)?,
    })
}

pub(crate) fn action(s: &mut Session<'_>, id: MeetingActionId) -> Result<Option<Action>, StorageError> {
    s.row(
        sql!(
            "SELECT id, meeting_id, item_id, what, owner_id, due_day, done_at FROM meeting_actions
             WHERE id = $1"
        ),
        params![id],
        action_row,
    )
}

/// What was undertaken at a meeting, in the order it is due.
///
/// # Errors
/// When the database fails.
pub fn actions_of(s: &mut Session<'_>, meeting: MeetingId) -> Result<Vec<Action>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, meeting_id, item_id, what, owner_id, due_day, done_at FROM meeting_actions
             WHERE meeting_id = $1 ORDER BY due_day, id"
        ),
        params![meeting],
        action_row,
    )
}

/// What a user has undertaken and not done, in the order it is due.
///
/// # Errors
/// When the database fails.
pub fn open_actions_of(s: &mut Session<'_>, user: UserId) -> Result<Vec<Action>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, meeting_id, item_id, what, owner_id, due_day, done_at FROM meeting_actions
             WHERE owner_id = $1 AND done_at IS NULL ORDER BY due_day, id LIMIT 200"
        ),
        params![user],
        action_row,
    )
}

/// What was undertaken at earlier meetings with a department and is not done.
pub(crate) fn open_actions_with(
    s: &mut Session<'_>,
    department: DepartmentId,
    but: MeetingId,
) -> Result<Vec<Action>, StorageError> {
    s.rows(
        sql!(
            "SELECT a.id, a.meeting_id, a.item_id, a.what, a.owner_id, a.due_day, a.done_at
             FROM meeting_actions a JOIN meetings m ON m.id = a.meeting_id
             WHERE m.department_id = $1 AND m.id <> $2 AND a.done_at IS NULL ORDER BY a.due_day, a.id LIMIT 50"
        ),
        params![department, but],
        action_row,
    )
}

pub(crate) fn insert_action(s: &mut Session<'_>, a: &Action, now: Timestamp) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO meeting_actions (id, meeting_id, item_id, what, owner_id, due_day, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![a.id, a.meeting, a.item, a.what, a.owner, a.due, now],
    )?;
    Ok(())
}

pub(crate) fn complete_action(
    s: &mut Session<'_>,
    id: MeetingActionId,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE meeting_actions SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL"),
        params![id, now, by],
    )
}

/// Who is invited, and which version of the invitation went to them last; 0: none.
///
/// # Errors
/// When the database fails.
pub fn guests(s: &mut Session<'_>, meeting: MeetingId) -> Result<Vec<(OfficerId, u32)>, StorageError> {
    s.rows(
        sql!(
            "SELECT officer_id, invited_version FROM meeting_guests WHERE meeting_id = $1 ORDER BY officer_id"
        ),
        params![meeting],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

pub(crate) fn insert_guest(
    s: &mut Session<'_>,
    meeting: MeetingId,
    officer: OfficerId,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO meeting_guests (meeting_id, officer_id, invited_version) VALUES ($1, $2, 0)
             ON CONFLICT (meeting_id, officer_id) DO NOTHING"
        ),
        params![meeting, officer],
    )
}

pub(crate) fn invited(
    s: &mut Session<'_>,
    meeting: MeetingId,
    officer: OfficerId,
    version: u32,
) -> Result<(), StorageError> {
    s.execute(
        sql!("UPDATE meeting_guests SET invited_version = $3 WHERE meeting_id = $1 AND officer_id = $2"),
        params![meeting, officer, version],
    )?;
    Ok(())
}
