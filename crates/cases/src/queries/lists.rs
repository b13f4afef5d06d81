//! Lists of cases and tasks, page by page. Each list walks an index of its own, so that a page costs the same with a
//! hundred cases and with a hundred thousand.

use crate::error::CasesError;
use crate::limits::LIST_LINES_MAX;
use crate::model::{Task, TaskKind};
use crate::number::CaseNumber;
use crate::viewer::Viewer;
use std::fmt;
use std::str::FromStr;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::GenericUuid as _;
use vocabulary::civil::Date;
use vocabulary::{
    AnyId, CaseId, CaseStatus, DepartmentId, ResidentId, SecrecyClass, TaskId, Timestamp, UserId, local_day,
};

/// Which cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseList {
    /// Open ones that this user registered.
    Mine(UserId),
    /// All open ones.
    Open,
    /// Open ones of a department.
    OpenOfDepartment(DepartmentId),
    /// Those that wait for a department.
    Waiting,
    /// Those whose officer should have answered by now; the longest overdue first.
    Overdue,
    /// Those in one status.
    Status(CaseStatus),
    /// Those in one status of one department.
    StatusOfDepartment(CaseStatus, DepartmentId),
    /// A resident's, open or not.
    Resident(ResidentId),
    /// All, open or not.
    All,
}

/// One case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub type_name: String,
    /// Where it stands.
    pub status: CaseStatus,
    /// The department's name.
    pub department: String,
    /// The officer's name, if it has been forwarded.
    pub officer: Option<String>,
    /// How secret it is kept.
    pub secrecy_class: SecrecyClass,
    /// The day it was first received.
    pub arrival_day: Date,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// The first day on which an officer's answer is due, if one is awaited.
    pub due_day: Option<Date>,
}

/// Where the next page begins. Handed out by a list and given back to the same one; safe in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageMark {
    key: String,
    id: AnyId,
}

impl fmt::Display for PageMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.id)
    }
}

impl PageMark {
    /// In a list by the instant of change: what changed before it is still to come.
    pub(super) fn at(microsecond: i64, id: AnyId) -> Self {
        Self { key: microsecond.to_string(), id }
    }

    /// In a list by day: what is due later is still to come.
    pub(super) fn on_day(day: Date, id: AnyId) -> Self {
        Self { key: day.to_string(), id }
    }

    pub(super) fn instant(&self) -> Result<(i64, AnyId), CasesError> {
        Ok((self.key.parse().map_err(|_| CasesError::PageMark)?, self.id))
    }

    pub(super) fn day(&self) -> Result<(Date, AnyId), CasesError> {
        Ok((self.key.parse().map_err(|_| CasesError::PageMark)?, self.id))
    }
}

impl FromStr for PageMark {
    type Err = CasesError;

    fn from_str(text: &str) -> Result<Self, CasesError> {
        let (key, id) = text.split_once('.').ok_or(CasesError::PageMark)?;
        let id = CaseId::from_str(id).map_err(|_| CasesError::PageMark)?.into_untyped_uuid();
        let key_known = key.parse::<i64>().is_ok() || key.parse::<Date>().is_ok();
        if key_known { Ok(Self { key: key.to_owned(), id }) } else { Err(CasesError::PageMark) }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The cases, in the list's order.
    pub lines: Vec<CaseLine>,
    /// Where the next page begins; none on the last one.
    pub next: Option<PageMark>,
}

/// A case line's columns and tables; what comes after joins, filters and orders. The outer joins leave SQLite no
/// choice but to walk the cases in the list's order. `$1` and `$2` are always the viewer's, as [`crate::seen_sql!`]
/// wants them.
macro_rules! select_lines {
    ($from:expr, $rest:literal) => {
        concat!(
            "SELECT c.id, c.number, c.title, t.name, c.status, d.name, o.name, c.secrecy_class, c.arrival_day,
                    c.registered_at, c.changed_at,
                    (SELECT MIN(w.due_day) FROM follow_ups w WHERE w.case_id = c.id AND w.state = 'waiting')",
            $from,
            " LEFT JOIN case_types t ON t.id = c.case_type_id
              LEFT JOIN departments d ON d.id = c.department_id
              LEFT JOIN officers o ON o.id = c.officer_id
              WHERE ",
            crate::seen_sql!(),
            " ",
            $rest
        )
    };
}
pub(super) use select_lines;

pub(super) fn read_line(r: &Row<'_>) -> Result<CaseLine, StorageError> {
    Ok(CaseLine {
        id: r.get(0)?,
        number: r.get(1)?,
        title: r.get(2)?,
        type_name: r.get(3)?,
        status: r.get(4)?,
        department: r.get(5)?,
        officer: r.get(6)?,
        secrecy_class: r.get(7)?,
        arrival_day: r.get(8)?,
        registered_at: r.get(9)?,
        changed_at: r.get(10)?,
        due_day: r.get(11)?,
    })
}

/// One page of a list, newest change first (overdue ones: longest overdue first). `lines_max` is held within 1 to
/// [`LIST_LINES_MAX`].
///
/// # Errors
/// [`CasesError::PageMark`] if `after` is not a mark this list gave.
pub fn list(
    s: &mut Session<'_>,
    viewer: Viewer,
    which: CaseList,
    now: Timestamp,
    after: Option<&PageMark>,
    lines_max: usize,
) -> Result<Listing, CasesError> {
    let lines_max = lines_max.clamp(1, LIST_LINES_MAX);
    if which == CaseList::Overdue {
        return overdue(s, viewer, local_day(now), after, lines_max);
    }
    let (at, id) = match after {
        Some(mark) => (mark.key.parse::<i64>().map_err(|_| CasesError::PageMark)?, mark.id),
        None => (i64::MAX, CaseId::max().into_untyped_uuid()),
    };
    let (sees, holder) = (viewer.sees_all(), viewer.holder());
    // One more than asked for tells whether there is a next page.
    let limit = lines_max + 1;
    let mut lines = match which {
        CaseList::Mine(mine) => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND c.registered_by = $6 AND c.closed_at IS NULL AND (c.changed_at, c.id) < ($3, $4)
                 ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit, mine],
            read_line,
        ),
        CaseList::Open => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND c.closed_at IS NULL AND (c.changed_at, c.id) < ($3, $4)
                 ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit],
            read_line,
        ),
        CaseList::OpenOfDepartment(department) => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND c.department_id = $6 AND c.closed_at IS NULL AND (c.changed_at, c.id) < ($3, $4)
                 ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit, department],
            read_line,
        ),
        CaseList::StatusOfDepartment(status, department) => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND c.department_id = $6 AND c.status = $7 AND (c.changed_at, c.id) < ($3, $4)
                 ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit, department, status],
            read_line,
        ),
        CaseList::Resident(resident) => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND c.resident_id = $6 AND (c.registered_at, c.id) < ($3, $4)
                 ORDER BY c.registered_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit, resident],
            read_line,
        ),
        CaseList::All => s.rows(
            sql!(select_lines!(
                " FROM cases c",
                "AND (c.changed_at, c.id) < ($3, $4) ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
            )),
            params![sees, holder, at, id, limit],
            read_line,
        ),
        CaseList::Status(_) | CaseList::Waiting | CaseList::Overdue => {
            let status = match which {
                CaseList::Status(status) => status,
                _ => CaseStatus::WaitingForDepartment,
            };
            s.rows(
                sql!(select_lines!(
                    " FROM cases c",
                    "AND c.status = $6 AND (c.changed_at, c.id) < ($3, $4)
                     ORDER BY c.changed_at DESC, c.id DESC LIMIT $5"
                )),
                params![sees, holder, at, id, limit, status],
                read_line,
            )
        }
    }?;
    let more = lines.len() > lines_max;
    lines.truncate(lines_max);
    let next = lines.last().filter(|_| more).map(|line| {
        let at = if matches!(which, CaseList::Resident(_)) { line.registered_at } else { line.changed_at };
        PageMark { key: at.as_microsecond().to_string(), id: line.id.into_untyped_uuid() }
    });
    Ok(Listing { lines, next })
}

/// How many times a page of overdue cases looks further when what it found is not to be shown.
const LOOKS_MAX: usize = 20;

/// Walks the overdue questions and shows the case of each. Questions are taken in small lots, each an index range, since
/// what decides whether one is shown would otherwise be asked of all of them.
fn overdue(
    s: &mut Session<'_>,
    viewer: Viewer,
    today: Date,
    after: Option<&PageMark>,
    lines_max: usize,
) -> Result<Listing, CasesError> {
    let (mut day, mut id) = match after {
        Some(mark) => (mark.key.parse::<Date>().map_err(|_| CasesError::PageMark)?, mark.id),
        None => (Date::constant(1, 1, 1), AnyId::nil()),
    };
    let lot = lines_max + 1;
    let mut lines = Vec::new();
    for _ in 0..LOOKS_MAX {
        let questions = overdue_questions(s, viewer, today, (day, id), lot)?;
        let last_lot = questions.len() < lot;
        for question in questions {
            if question.shown && lines.len() == lines_max {
                return Ok(Listing { lines, next: Some(PageMark { key: day.to_string(), id }) });
            }
            (day, id) = (question.due_day, question.id);
            if question.shown {
                lines.push(question.line);
            }
        }
        if last_lot {
            return Ok(Listing { lines, next: None });
        }
    }
    Ok(Listing { lines, next: Some(PageMark { key: day.to_string(), id }) })
}

struct OverdueQuestion {
    line: CaseLine,
    due_day: Date,
    id: AnyId,
    shown: bool,
}

/// The next questions after `mark` that should have been answered. A case with several is shown with the one longest
/// overdue, and only to those who may see it.
fn overdue_questions(
    s: &mut Session<'_>,
    viewer: Viewer,
    today: Date,
    mark: (Date, AnyId),
    limit: usize,
) -> Result<Vec<OverdueQuestion>, StorageError> {
    s.rows(
        sql!(concat!(
            "SELECT c.id, c.number, c.title, t.name, c.status, d.name, o.name, c.secrecy_class, c.arrival_day,
                    c.registered_at, c.changed_at, f.due_day, f.id, ",
            crate::seen_sql!(),
            "       AND NOT EXISTS (SELECT 1 FROM follow_ups e WHERE e.case_id = f.case_id AND e.state = 'waiting'
                                       AND e.paused_at IS NULL AND (e.due_day, e.id) < (f.due_day, f.id))
             FROM (SELECT id, case_id, officer_id, due_day FROM follow_ups
                   WHERE state = 'waiting' AND paused_at IS NULL AND due_day < $3 AND (due_day, id) > ($4, $5)
                   ORDER BY due_day, id LIMIT $6) f
             JOIN cases c ON c.id = f.case_id
             JOIN case_types t ON t.id = c.case_type_id
             JOIN departments d ON d.id = c.department_id
             JOIN officers o ON o.id = f.officer_id
             ORDER BY f.due_day, f.id"
        )),
        params![viewer.sees_all(), viewer.holder(), today, mark.0, mark.1, limit],
        |r| Ok(OverdueQuestion { line: read_line(r)?, due_day: r.get(11)?, id: r.get(12)?, shown: r.get(13)? }),
    )
}

/// One task in the contact centre's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskLine {
    /// Its id.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// With which case.
    pub case_id: CaseId,
    /// The case's number.
    pub number: CaseNumber,
    /// The case's title; none if the viewer may not see it.
    pub title: Option<String>,
    /// The department's name.
    pub department: String,
    /// Whom it is about: the officer's name.
    pub officer: Option<String>,
    /// The officer's telephone, E.164.
    pub officer_telephone: Option<String>,
    /// When the question was sent.
    pub sent_at: Option<Timestamp>,
    /// Since when the task stands.
    pub created_at: Timestamp,
}

/// The tasks to be done, oldest first, at most `lines_max` (held within 1 to [`LIST_LINES_MAX`]). Those of cases the
/// viewer may open, and, without their titles, those of other cases of boards they work for: an officer must be phoned
/// whether or not the one who registered a strict case is in today.
pub fn open_tasks(
    s: &mut Session<'_>,
    viewer: Viewer,
    lines_max: usize,
) -> Result<Vec<TaskLine>, StorageError> {
    s.rows(
        sql!(concat!(
            "SELECT k.id, k.kind, k.case_id, c.number, c.title, d.name, o.name, o.telephone, f.sent_at, k.created_at, ",
            crate::seen_sql!(),
            " FROM tasks k JOIN cases c ON c.id = k.case_id
             JOIN departments d ON d.id = c.department_id
             LEFT JOIN follow_ups f ON f.id = k.follow_up_id
             LEFT JOIN officers o ON o.id = f.officer_id
             WHERE k.done_at IS NULL AND (",
            crate::seen_sql!(),
            "    OR EXISTS (SELECT 1 FROM board_access b WHERE b.holder_id = $2 AND b.board = c.board))
             ORDER BY k.created_at, k.id LIMIT $3"
        )),
        params![viewer.sees_all(), viewer.holder(), lines_max.clamp(1, LIST_LINES_MAX)],
        |r| {
            let title: String = r.get(4)?;
            let seen: bool = r.get(10)?;
            Ok(TaskLine {
                id: r.get(0)?,
                kind: r.get(1)?,
                case_id: r.get(2)?,
                number: r.get(3)?,
                title: seen.then_some(title),
                department: r.get(5)?,
                officer: r.get(6)?,
                officer_telephone: r.get(7)?,
                sent_at: r.get(8)?,
                created_at: r.get(9)?,
            })
        },
    )
}

/// A case's open tasks, oldest first.
pub fn tasks_of_case(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Task>, StorageError> {
    super::store_follow_ups::open_tasks_of(s, case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_mark_reads_back_and_rubbish_does_not() {
        let id = CaseId::from_u128(5).into_untyped_uuid();
        for key in ["1763800000000000", "2026-11-20"] {
            let mark = PageMark { key: key.to_owned(), id };
            assert_eq!(mark.to_string().parse::<PageMark>().unwrap(), mark);
        }
        for text in ["", ".", "1.2", "x.00000000-0000-0000-0000-000000000005", "1763800000000000"] {
            assert!(matches!(text.parse::<PageMark>(), Err(CasesError::PageMark)), "{text}");
        }
    }
}
