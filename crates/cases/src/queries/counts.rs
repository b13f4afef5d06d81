//! How many cases a list holds.

use super::lists::CaseList;
use crate::limits::COUNT_MAX;
use crate::viewer::Viewer;
use storage::{Session, StorageError, params, sql};
use vocabulary::{CaseStatus, Timestamp, local_day};

macro_rules! count_cases {
    ($rest:literal) => {
        concat!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM cases c WHERE ",
            crate::seen_sql!(),
            " AND ",
            $rest,
            " LIMIT $3) counted"
        )
    };
}

/// How many cases `which` holds for this viewer, counted no further than [`COUNT_MAX`] + 1: a list of a hundred thousand
/// costs no more to count than one of a thousand, and "more than a thousand" says as much.
pub fn count(
    s: &mut Session<'_>,
    viewer: Viewer,
    which: CaseList,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let (sees, holder, limit) = (viewer.sees_all(), viewer.holder(), COUNT_MAX + 1);
    match which {
        CaseList::Mine(mine) => s.the_row(
            sql!(count_cases!("c.registered_by = $4 AND c.closed_at IS NULL")),
            params![sees, holder, limit, mine],
            |r| r.get(0),
        ),
        CaseList::Open => {
            s.the_row(sql!(count_cases!("c.closed_at IS NULL")), params![sees, holder, limit], |r| r.get(0))
        }
        CaseList::OpenOfDepartment(department) => s.the_row(
            sql!(count_cases!("c.department_id = $4 AND c.closed_at IS NULL")),
            params![sees, holder, limit, department],
            |r| r.get(0),
        ),
        CaseList::Waiting => count(s, viewer, CaseList::Status(CaseStatus::WaitingForDepartment), now),
        CaseList::Status(status) => {
            s.the_row(sql!(count_cases!("c.status = $4")), params![sees, holder, limit, status], |r| r.get(0))
        }
        CaseList::StatusOfDepartment(status, department) => s.the_row(
            sql!(count_cases!("c.department_id = $4 AND c.status = $5")),
            params![sees, holder, limit, department, status],
            |r| r.get(0),
        ),
        CaseList::Resident(resident) => {
            s.the_row(sql!(count_cases!("c.resident_id = $4")), params![sees, holder, limit, resident], |r| {
                r.get(0)
            })
        }
        CaseList::All => s.the_row(sql!(count_cases!("1 = 1")), params![sees, holder, limit], |r| r.get(0)),
        CaseList::Overdue => s.the_row(
            sql!(concat!(
                "SELECT COUNT(*) FROM
                     (SELECT DISTINCT f.case_id FROM follow_ups f JOIN cases c ON c.id = f.case_id
                      WHERE ",
                crate::seen_sql!(),
                "       AND f.state = 'waiting' AND f.paused_at IS NULL AND f.due_day < $4 LIMIT $3) counted"
            )),
            params![sees, holder, limit, local_day(now)],
            |r| r.get(0),
        ),
    }
}
