//! How many cases a list holds.

use super::lists::{CaseList, viewer_id};
use crate::model::Viewer;
use storage::{Session, StorageError, params, sql};
use vocabulary::{CaseStatus, Timestamp, local_day};

macro_rules! count_cases {
    ($rest:literal) => {
        concat!(
            "SELECT COUNT(*) FROM cases c WHERE (c.secrecy_class <> 'strict' OR $1 OR c.registered_by = $2) AND ",
            $rest
        )
    };
}

/// How many cases `which` holds for this viewer.
pub fn count(
    s: &mut Session<'_>,
    viewer: Viewer,
    which: CaseList,
    now: Timestamp,
) -> Result<u64, StorageError> {
    let (sees, user) = (viewer.sees_strict, viewer_id(viewer));
    match which {
        CaseList::Mine(mine) => s.the_row(
            sql!(count_cases!("c.registered_by = $3 AND c.closed_at IS NULL")),
            params![sees, user, mine],
            |r| r.get(0),
        ),
        CaseList::Open => {
            s.the_row(sql!(count_cases!("c.closed_at IS NULL")), params![sees, user], |r| r.get(0))
        }
        CaseList::OpenOfDepartment(department) => s.the_row(
            sql!(count_cases!("c.department_id = $3 AND c.closed_at IS NULL")),
            params![sees, user, department],
            |r| r.get(0),
        ),
        CaseList::Waiting => count(s, viewer, CaseList::Status(CaseStatus::WaitingForDepartment), now),
        CaseList::Status(status) => {
            s.the_row(sql!(count_cases!("c.status = $3")), params![sees, user, status], |r| r.get(0))
        }
        CaseList::StatusOfDepartment(status, department) => s.the_row(
            sql!(count_cases!("c.department_id = $3 AND c.status = $4")),
            params![sees, user, department, status],
            |r| r.get(0),
        ),
        CaseList::Resident(resident) => {
            s.the_row(sql!(count_cases!("c.resident_id = $3")), params![sees, user, resident], |r| r.get(0))
        }
        CaseList::All => s.the_row(sql!(count_cases!("1 = 1")), params![sees, user], |r| r.get(0)),
        CaseList::Overdue => s.the_row(
            sql!(
                "SELECT COUNT(DISTINCT f.case_id) FROM follow_ups f JOIN cases c ON c.id = f.case_id
                 WHERE (c.secrecy_class <> 'strict' OR $1 OR c.registered_by = $2)
                   AND f.state = 'waiting' AND f.paused_at IS NULL AND f.due_day < $3"
            ),
            params![sees, user, local_day(now)],
            |r| r.get(0),
        ),
    }
}
