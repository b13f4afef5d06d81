//! What of cases waits for one guide.

use crate::limits::{NEXT_CASES_MAX, NEXT_TASKS_MAX};
use crate::next::{Waiting, What};
use crate::viewer::Viewer;
use storage::{Session, StorageError, params, sql};
use vocabulary::civil::Date;
use vocabulary::{AnyId, CaseStatus, Priority, Timestamp, UserId, local_day};

/// The tasks that wait, and the user's own cases that are late or theirs to work on, as [`crate::next`] ranks them. Of
/// the cases those longest untouched are looked at, at most [`NEXT_CASES_MAX`].
pub fn waiting_for(
    s: &mut Session<'_>,
    viewer: Viewer,
    now: Timestamp,
) -> Result<Vec<Waiting>, StorageError> {
    let mut waiting = s.rows(
        sql!(concat!(
            "SELECT k.id, k.created_at FROM tasks k JOIN cases c ON c.id = k.case_id WHERE k.done_at IS NULL AND (",
            crate::seen_sql!(),
            "    OR EXISTS (SELECT 1 FROM board_access b WHERE b.holder_id = $2 AND b.board = c.board))
             ORDER BY k.created_at, k.id LIMIT $3"
        )),
        params![viewer.sees_all(), viewer.holder(), NEXT_TASKS_MAX],
        |r| Ok(Waiting { id: r.get(0)?, what: What::Task { since: r.get(1)? } }),
    )?;
    let today = local_day(now);
    let user = viewer.user().unwrap_or_else(UserId::nil);
    let cases = s.rows(
        sql!(concat!(
            "SELECT c.id, c.status, c.priority, c.due_day,
                    (SELECT MIN(w.due_day) FROM follow_ups w
                     WHERE w.case_id = c.id AND w.state = 'waiting' AND w.paused_at IS NULL)
             FROM cases c WHERE ",
            crate::seen_sql!(),
            " AND COALESCE(c.assignee_id, c.registered_by) = $3 AND c.closed_at IS NULL
              ORDER BY c.changed_at, c.id LIMIT $4"
        )),
        params![viewer.sees_all(), viewer.holder(), user, NEXT_CASES_MAX],
        |r| {
            let promised: Option<Date> = r.get(3)?;
            let asked: Option<Date> = r.get(4)?;
            Ok((r.get::<AnyId>(0)?, r.get::<CaseStatus>(1)?, r.get::<Priority>(2)?, promised, asked))
        },
    )?;
    waiting.extend(cases.into_iter().filter_map(|(id, status, priority, promised, asked)| {
        let due = [promised, asked].into_iter().flatten().min();
        let rests = matches!(status, CaseStatus::WaitingForResident | CaseStatus::Suspended);
        let to_work_on = matches!(status, CaseStatus::New | CaseStatus::Ongoing | CaseStatus::Reopened);
        let late = !rests && due.is_some_and(|due| due < today);
        (late || to_work_on).then_some(Waiting { id, what: What::Case { due, priority } })
    }));
    Ok(waiting)
}
