//! The lists one works from. Each question walks an index of its own, newest change first; what narrows it is looked for
//! within a stretch of that index, so that a page costs no more when few cases fit than when all do. A stretch in which
//! too few fit gives a shorter page that says where to go on.

use super::lists::{CaseLine, PageMark, read_line};
use crate::error::CasesError;
use crate::filter::{Filter, View, Whose};
use crate::limits::{LIST_LINES_MAX, MAP_POINTS_MAX, WALK_ROWS_MAX};
use crate::viewer::Viewer;
use storage::{Row, Session, Statement, StorageError, ToValue as _, Value, params, sql};
use vocabulary::civil::Date;
use vocabulary::{
    AnswerGroupId, AnyId, CaseId, CaseOutcome, CaseStatus, Channel, GenericUuid as _, Priority, Timestamp,
    UserId, local_day,
};

/// A case in a list one works from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLine {
    /// What every list shows. Its `due_day` is the earliest of the officer's and the resident's.
    pub line: CaseLine,
    /// How soon it should be taken up.
    pub priority: Priority,
    /// The guide who has it.
    pub assignee: Option<String>,
    /// Where it lies, as people write it; none if its resident is protected.
    pub place: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// The board it belongs to.
    pub board: String,
    /// How it ended.
    pub outcome: Option<CaseOutcome>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whether its resident has protected personal data: nothing of the case's text leaves Lots.
    pub protected: bool,
}

/// A page of a list one works from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// The cases, in the list's order.
    pub lines: Vec<ListLine>,
    /// Where it goes on; none at its end.
    pub next: Option<PageMark>,
    /// Whether the page is short because the stretch it looked through held no more, not because the list ends.
    pub cut: bool,
}

/// Columns 0 to 11 are a [`CaseLine`]'s.
macro_rules! columns {
    () => {
        "SELECT c.id, c.number, c.title, t.name, c.status, d.name, o.name, c.secrecy_class, c.arrival_day,
                c.registered_at, c.changed_at,
                (SELECT MIN(w.due_day) FROM follow_ups w WHERE w.case_id = c.id AND w.state = 'waiting'),
                c.priority, a.name, c.place_address, c.channel, c.board, c.outcome, c.closed_at, c.due_day, p.protected"
    };
}
pub(super) use columns;

macro_rules! joins {
    () => {
        " LEFT JOIN case_types t ON t.id = c.case_type_id
          LEFT JOIN departments d ON d.id = c.department_id
          LEFT JOIN officers o ON o.id = c.officer_id
          LEFT JOIN users a ON a.id = c.assignee_id
          LEFT JOIN residents p ON p.id = c.resident_id "
    };
}
pub(super) use joins;

/// What narrows, as `$7` to `$19`; a parameter that is null narrows nothing. The comparison stands first, so that
/// PostgreSQL knows the parameter's type.
macro_rules! narrowed {
    () => {
        " AND (c.status = $7 OR $7 IS NULL) AND (c.case_type_id = $8 OR $8 IS NULL)
          AND (c.department_id = $9 OR $9 IS NULL) AND (c.priority = $10 OR $10 IS NULL)
          AND (c.assignee_id = $11 OR $11 IS NULL) AND (c.assignee_id IS NULL OR NOT $12)
          AND (c.channel = $13 OR $13 IS NULL)
          AND (c.arrival_day >= $14 OR $14 IS NULL) AND (c.arrival_day <= $15 OR $15 IS NULL)
          AND (c.latitude >= $16 OR $16 IS NULL) AND (c.longitude >= $17 OR $17 IS NULL)
          AND (c.latitude <= $18 OR $18 IS NULL) AND (c.longitude <= $19 OR $19 IS NULL)
          AND (p.protected = FALSE OR p.protected IS NULL OR $16 IS NULL) "
    };
}
pub(super) use narrowed;

/// A page of one question; `$3` and `$4` are where it goes on, `$5` how many, `$6` the oldest change of the stretch.
macro_rules! page {
    ($driver:literal) => {
        sql!(concat!(
            columns!(),
            " FROM cases c",
            joins!(),
            "WHERE ",
            $crate::seen_sql!(),
            " AND ",
            $driver,
            " AND (c.changed_at, c.id) < ($3, $4) AND c.changed_at >= $6",
            narrowed!(),
            "ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
        ))
    };
}

/// When the last case of a stretch changed: found in the index alone.
macro_rules! stretch {
    ($driver:literal) => {
        sql!(concat!(
            "SELECT c.changed_at FROM cases c WHERE ",
            $driver,
            " AND (c.changed_at, c.id) < ($1, $2) ORDER BY c.changed_at DESC, c.id DESC LIMIT 1 OFFSET $3"
        ))
    };
}

pub(super) fn read_list_line(r: &Row<'_>) -> Result<ListLine, StorageError> {
    let mut line = read_line(r)?;
    let promised: Option<Date> = r.get(19)?;
    line.due_day = [line.due_day, promised].into_iter().flatten().min();
    let protected = r.get::<Option<bool>>(20)?.unwrap_or(false);
    let place: Option<String> = r.get(14)?;
    Ok(ListLine {
        line,
        priority: r.get(12)?,
        assignee: r.get(13)?,
        place: place.filter(|_| !protected),
        channel: r.get(15)?,
        board: r.get(16)?,
        outcome: r.get(17)?,
        closed_at: r.get(18)?,
        protected,
    })
}

/// The index a list walks, and what it is walked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    Mine(UserId),
    Group(AnswerGroupId),
    OpenType(AnyId),
    OpenDepartment(AnyId),
    OpenPlaced,
    Open,
    Status(CaseStatus),
    ClosedType(AnyId),
    All,
}

impl Walk {
    /// The shortest way to what is asked for.
    fn for_filter(filter: &Filter, viewer: Viewer) -> Self {
        let case_type = filter.case_type.map(|id| id.into_untyped_uuid());
        let department = filter.department.map(|id| id.into_untyped_uuid());
        match filter.view {
            View::Mine => Self::Mine(viewer.user().unwrap_or_else(UserId::nil)),
            View::Group => Self::Group(filter.group.unwrap_or_else(AnswerGroupId::nil)),
            View::All => match (case_type, filter.status) {
                // The open ones; the closed ones are walked beside them.
                (Some(case_type), _) => Self::OpenType(case_type),
                (None, Some(status)) => Self::Status(status),
                (None, None) => Self::All,
            },
            View::Waiting | View::Open | View::Overdue => {
                if let Some(case_type) = case_type {
                    Self::OpenType(case_type)
                } else if let Some(department) = department {
                    Self::OpenDepartment(department)
                } else if filter.area.is_some() {
                    Self::OpenPlaced
                } else if let Some(status) = status_of(filter).filter(|status| *status != CaseStatus::Solved)
                {
                    Self::Status(status)
                } else {
                    Self::Open
                }
            }
        }
    }

    fn key(&self) -> Option<Value<'_>> {
        match self {
            Self::Mine(user) => Some(user.to_value()),
            Self::Group(group) => Some(group.to_value()),
            Self::OpenType(id) | Self::OpenDepartment(id) | Self::ClosedType(id) => Some(id.to_value()),
            Self::Status(status) => Some(status.to_value()),
            Self::OpenPlaced | Self::Open | Self::All => None,
        }
    }

    fn page(&self) -> &'static Statement {
        match self {
            Self::Mine(_) => {
                page!("COALESCE(c.assignee_id, c.registered_by) = $20 AND c.closed_at IS NULL")
            }
            Self::Group(_) => page!("c.answer_group_id = $20 AND c.closed_at IS NULL"),
            Self::OpenType(_) => page!("c.case_type_id = $20 AND c.closed_at IS NULL"),
            Self::OpenDepartment(_) => page!("c.department_id = $20 AND c.closed_at IS NULL"),
            Self::OpenPlaced => page!("c.latitude IS NOT NULL AND c.closed_at IS NULL"),
            Self::Open => page!("c.closed_at IS NULL"),
            Self::Status(_) => page!("c.status = $20"),
            Self::ClosedType(_) => page!("c.case_type_id = $20 AND c.closed_at IS NOT NULL"),
            Self::All => page!("1 = 1"),
        }
    }

    fn stretch(&self) -> &'static Statement {
        match self {
            Self::Mine(_) => {
                stretch!("COALESCE(c.assignee_id, c.registered_by) = $4 AND c.closed_at IS NULL")
            }
            Self::Group(_) => stretch!("c.answer_group_id = $4 AND c.closed_at IS NULL"),
            Self::OpenType(_) => stretch!("c.case_type_id = $4 AND c.closed_at IS NULL"),
            Self::OpenDepartment(_) => stretch!("c.department_id = $4 AND c.closed_at IS NULL"),
            Self::OpenPlaced => stretch!("c.latitude IS NOT NULL AND c.closed_at IS NULL"),
            Self::Open => stretch!("c.closed_at IS NULL"),
            Self::Status(_) => stretch!("c.status = $4"),
            Self::ClosedType(_) => stretch!("c.case_type_id = $4 AND c.closed_at IS NOT NULL"),
            Self::All => stretch!("1 = 1"),
        }
    }
}

/// The status a filter asks for, by its question or in so many words.
fn status_of(filter: &Filter) -> Option<CaseStatus> {
    match filter.view {
        View::Waiting => Some(CaseStatus::WaitingForDepartment),
        _ => filter.status,
    }
}

/// The values of `$7` to `$19`.
pub(super) fn narrowing(filter: &Filter, viewer: Viewer) -> Vec<Value<'static>> {
    let owned = |value: Option<String>| value.map_or(Value::Null, |text| Value::Text(text.into()));
    let word = |text: Option<&'static str>| text.map_or(Value::Null, |text| Value::Text(text.into()));
    let id = |id: Option<AnyId>| id.map_or(Value::Null, Value::Uuid);
    let degrees = |degrees: Option<f64>| degrees.map_or(Value::Null, Value::Double);
    let assignee = match filter.whose {
        Some(Whose::Me) => viewer.user(),
        Some(Whose::User(user)) => Some(user),
        Some(Whose::Nobody) | None => None,
    };
    vec![
        word(status_of(filter).map(CaseStatus::as_str)),
        id(filter.case_type.map(|id| id.into_untyped_uuid())),
        id(filter.department.map(|id| id.into_untyped_uuid())),
        word(filter.priority.map(Priority::as_str)),
        id(assignee.map(|id| id.into_untyped_uuid())),
        Value::Boolean(filter.whose == Some(Whose::Nobody)),
        word(filter.channel.map(Channel::as_str)),
        owned(filter.arrived_from.map(|day| day.to_string())),
        owned(filter.arrived_to.map(|day| day.to_string())),
        degrees(filter.area.map(|area| area.south)),
        degrees(filter.area.map(|area| area.west)),
        degrees(filter.area.map(|area| area.north)),
        degrees(filter.area.map(|area| area.east)),
    ]
}

/// One page of what `filter` asks for, newest change first (overdue ones: longest overdue first). `groups` are the
/// viewer's own, for the question about them. `lines_max` is held within 1 to [`LIST_LINES_MAX`].
///
/// # Errors
/// [`CasesError::PageMark`] if `after` is not a mark this list gave.
pub fn work_list(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
    groups: &[AnswerGroupId],
    now: Timestamp,
    after: Option<&PageMark>,
    lines_max: usize,
) -> Result<ListPage, CasesError> {
    let lines_max = lines_max.clamp(1, LIST_LINES_MAX);
    let walk_one = |s: &mut Session<'_>, walk: Walk| walked(s, viewer, filter, walk, after, lines_max);
    match (filter.view, filter.case_type) {
        (View::Overdue, _) => super::late::late(s, viewer, filter, local_day(now), after, lines_max),
        (View::Group, _) => {
            let mut parts = Vec::new();
            for group in groups.iter().filter(|group| filter.group.is_none_or(|wanted| wanted == **group)) {
                parts.push(walk_one(s, Walk::Group(*group))?);
            }
            Ok(merged(parts, lines_max))
        }
        (View::All, Some(case_type)) => {
            let case_type = case_type.into_untyped_uuid();
            let parts =
                vec![walk_one(s, Walk::OpenType(case_type))?, walk_one(s, Walk::ClosedType(case_type))?];
            Ok(merged(parts, lines_max))
        }
        _ => walk_one(s, Walk::for_filter(filter, viewer)),
    }
}

/// Where a walk is, newest first: what lies before it is still to come.
fn place_of(after: Option<&PageMark>) -> Result<(i64, AnyId), CasesError> {
    match after {
        Some(mark) => mark.instant(),
        None => Ok((i64::MAX, CaseId::max().into_untyped_uuid())),
    }
}

fn mark_of(line: &CaseLine) -> PageMark {
    PageMark::at(line.changed_at.as_microsecond(), line.id.into_untyped_uuid())
}

/// A page of one walk. Most pages are full after a short stretch; only when one is not is a long one looked through.
fn walked(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
    walk: Walk,
    after: Option<&PageMark>,
    lines_max: usize,
) -> Result<ListPage, CasesError> {
    let from = place_of(after)?;
    let page = stretch_of(s, viewer, filter, walk, from, lines_max, lines_max * SHORT_STRETCH)?;
    if !page.cut {
        return Ok(page);
    }
    stretch_of(s, viewer, filter, walk, from, lines_max, WALK_ROWS_MAX)
}

/// How many rows a first, short stretch holds for each line of the page.
const SHORT_STRETCH: usize = 4;

fn stretch_of(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
    walk: Walk,
    (at, id): (i64, AnyId),
    lines_max: usize,
    rows_max: usize,
) -> Result<ListPage, CasesError> {
    let mut probe =
        vec![Value::Bigint(at), Value::Uuid(id), Value::Bigint(i64::try_from(rows_max).unwrap_or(i64::MAX))];
    probe.extend(walk.key());
    let end: Option<i64> = s.row(walk.stretch(), &probe, |r| r.get(0))?;
    let limit = i64::try_from(lines_max + 1).unwrap_or(i64::MAX);
    let mut given = vec![
        Value::Boolean(viewer.sees_all()),
        Value::Uuid(viewer.holder()),
        Value::Bigint(at),
        Value::Uuid(id),
        Value::Bigint(limit),
        Value::Bigint(end.unwrap_or(i64::MIN)),
    ];
    given.extend(narrowing(filter, viewer));
    given.extend(walk.key());
    let mut lines = s.rows(walk.page(), &given, read_list_line)?;
    let full = lines.len() > lines_max;
    lines.truncate(lines_max);
    let next = if full {
        lines.last().map(|line| mark_of(&line.line))
    } else {
        // All of the stretch's last instant has been looked at: what is left changed before it.
        end.map(|end| PageMark::at(end, AnyId::nil()))
    };
    Ok(ListPage { cut: !full && next.is_some(), lines, next })
}

/// Several lists in the same order as one. It goes on where the one that was followed least far goes on: past what that
/// one has not shown nothing may be shown either.
fn merged(parts: Vec<ListPage>, lines_max: usize) -> ListPage {
    let horizon =
        parts.iter().filter_map(|part| part.next.as_ref()).filter_map(|mark| mark.instant().ok()).max();
    let cut = parts.iter().any(|part| part.cut);
    let place = |line: &ListLine| (line.line.changed_at.as_microsecond(), line.line.id.into_untyped_uuid());
    let mut lines: Vec<ListLine> = parts.into_iter().flat_map(|part| part.lines).collect();
    lines.retain(|line| horizon.is_none_or(|horizon| place(line) >= horizon));
    lines.sort_unstable_by_key(|line| std::cmp::Reverse(place(line)));
    let full = lines.len() > lines_max;
    lines.truncate(lines_max);
    let next = if full {
        lines.last().map(|line| mark_of(&line.line))
    } else {
        horizon.map(|(at, id)| PageMark::at(at, id))
    };
    ListPage { cut: cut && !full, lines, next }
}

/// A case on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPoint {
    /// Which.
    pub id: CaseId,
    /// Its number.
    pub number: crate::CaseNumber,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub type_name: String,
    /// Degrees north (WGS 84).
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// The open cases of a filter that lie somewhere, newest change first, at most [`MAP_POINTS_MAX`]; and whether there are
/// more. Where a protected resident's case lies is not told. The question about what is late is not asked here.
pub fn map_points(
    s: &mut Session<'_>,
    viewer: Viewer,
    filter: &Filter,
) -> Result<(Vec<MapPoint>, bool), StorageError> {
    let limit = i64::try_from(MAP_POINTS_MAX + 1).unwrap_or(i64::MAX);
    let mine = match filter.view {
        View::Mine => viewer.user().map_or(Value::Null, |user| Value::Uuid(user.into_untyped_uuid())),
        _ => Value::Null,
    };
    let mut given = vec![
        Value::Boolean(viewer.sees_all()),
        Value::Uuid(viewer.holder()),
        Value::Bigint(limit),
        mine,
        filter.group.map_or(Value::Null, |group| Value::Uuid(group.into_untyped_uuid())),
        Value::Boolean(true),
    ];
    given.extend(narrowing(filter, viewer));
    let mut points = s.rows(
        sql!(concat!(
            "SELECT c.id, c.number, c.title, t.name, c.latitude, c.longitude FROM cases c
             LEFT JOIN case_types t ON t.id = c.case_type_id
             LEFT JOIN residents p ON p.id = c.resident_id
             WHERE ",
            crate::seen_sql!(),
            " AND c.closed_at IS NULL AND c.latitude IS NOT NULL
              AND (p.protected IS NULL OR p.protected <> $6)
              AND (COALESCE(c.assignee_id, c.registered_by) = $4 OR $4 IS NULL)
              AND (c.answer_group_id = $5 OR $5 IS NULL)",
            narrowed!(),
            "ORDER BY c.changed_at DESC, c.id DESC LIMIT $3"
        )),
        &given,
        |r| {
            Ok(MapPoint {
                id: r.get(0)?,
                number: r.get(1)?,
                title: r.get(2)?,
                type_name: r.get(3)?,
                latitude: r.get(4)?,
                longitude: r.get(5)?,
            })
        },
    )?;
    let more = points.len() > MAP_POINTS_MAX;
    points.truncate(MAP_POINTS_MAX);
    Ok((points, more))
}

/// A case of late: enough to see whether it is the same matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Lately {
    /// What every list shows.
    pub line: CaseLine,
    /// Where it lies, as it was written.
    pub place: Option<String>,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
}

fn read_lately(r: &Row<'_>) -> Result<Lately, StorageError> {
    let position = r.get::<Option<f64>>(21)?.zip(r.get::<Option<f64>>(22)?);
    Ok(Lately { line: read_line(r)?, place: r.get(14)?, position })
}

/// The latest cases of a type, registered at `since` or later, newest first, at most `rows_max`; none whose resident is
/// protected.
pub(crate) fn lately_of_type(
    s: &mut Session<'_>,
    viewer: Viewer,
    case_type: vocabulary::CaseTypeId,
    since: Timestamp,
    rows_max: usize,
) -> Result<Vec<Lately>, StorageError> {
    s.rows(
        sql!(concat!(
            columns!(),
            ", c.latitude, c.longitude FROM cases c",
            joins!(),
            "WHERE ",
            crate::seen_sql!(),
            " AND c.case_type_id = $3 AND c.registered_at >= $4 AND (p.protected = FALSE OR p.protected IS NULL)
              ORDER BY c.registered_at DESC, c.id DESC LIMIT $5"
        )),
        params![viewer.sees_all(), viewer.holder(), case_type, since, rows_max],
        read_lately,
    )
}

/// The latest cases of a resident and a type, newest first, at most `rows_max`.
pub(crate) fn lately_of_resident(
    s: &mut Session<'_>,
    viewer: Viewer,
    resident: vocabulary::ResidentId,
    case_type: vocabulary::CaseTypeId,
    since: Timestamp,
    rows_max: usize,
) -> Result<Vec<Lately>, StorageError> {
    s.rows(
        sql!(concat!(
            columns!(),
            ", c.latitude, c.longitude FROM cases c",
            joins!(),
            "WHERE ",
            crate::seen_sql!(),
            // The coalescing keeps SQLite to the resident's few cases, instead of the type's many.
            " AND c.resident_id = $3 AND c.registered_at >= $4 AND COALESCE(c.case_type_id, c.id) = $5
              ORDER BY c.registered_at DESC, c.id DESC LIMIT $6"
        )),
        params![viewer.sees_all(), viewer.holder(), resident, since, case_type, rows_max],
        read_lately,
    )
}
