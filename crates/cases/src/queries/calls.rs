//! The SQL of calls to officers.

use crate::model::CallOutcome;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{FollowUpId, OfficerCallId, OfficerId, Timestamp, UserId};

/// An attempt to reach an officer by telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of officer_calls, explained in the migration")]
pub struct OfficerCall {
    pub id: OfficerCallId,
    pub follow_up_id: FollowUpId,
    pub officer_id: OfficerId,
    pub outcome: CallOutcome,
    pub called_at: Timestamp,
    pub called_by: Option<UserId>,
}

fn read_call(r: &Row<'_>) -> Result<OfficerCall, StorageError> {
    Ok(OfficerCall {
        id: r.get(0)?,
        follow_up_id: r.get(1)?,
        officer_id: r.get(2)?,
        outcome: r.get(3)?,
        called_at: r.get(4)?,
        called_by: r.get(5)?,
    })
}

/// The calls about a question, oldest first.
pub fn calls_about(s: &mut Session<'_>, follow_up: FollowUpId) -> Result<Vec<OfficerCall>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, follow_up_id, officer_id, outcome, called_at, called_by FROM officer_calls
             WHERE follow_up_id = $1 ORDER BY called_at, id"
        ),
        params![follow_up],
        read_call,
    )
}

pub(crate) fn insert_call(s: &mut Session<'_>, c: &OfficerCall) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO officer_calls (id, follow_up_id, officer_id, outcome, called_at, called_by)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![c.id, c.follow_up_id, c.officer_id, c.outcome, c.called_at, c.called_by],
    )?;
    Ok(())
}
