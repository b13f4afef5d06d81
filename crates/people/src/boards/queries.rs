//! The SQL of grants.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, Timestamp};

use super::{GRANTED, GrantChange, Holder, REVOKED, opens_cases};

/// Every board of the municipality, by name: those departments and case types answer to.
pub fn boards(s: &mut Session<'_>) -> Result<Vec<String>, StorageError> {
    s.rows(
        sql!("SELECT board FROM departments UNION SELECT board FROM case_types ORDER BY board"),
        params![],
        |r| r.get(0),
    )
}

/// The boards whose restricted cases this user or key may open.
pub fn boards_of(s: &mut Session<'_>, holder: AnyId) -> Result<Vec<String>, StorageError> {
    s.rows(sql!("SELECT board FROM board_access WHERE holder_id = $1 ORDER BY board"), params![holder], |r| {
        r.get(0)
    })
}

/// Whether this user or key may open the restricted cases of this board.
pub fn granted(s: &mut Session<'_>, holder: AnyId, board: &str) -> Result<bool, StorageError> {
    Ok(s.row(
        sql!("SELECT 1 FROM board_access WHERE holder_id = $1 AND board = $2"),
        params![holder, board],
        |r| r.get::<i64>(0),
    )?
    .is_some())
}

fn read_holder(r: &Row<'_>) -> Result<Holder, StorageError> {
    Ok(Holder { id: r.get(0)?, key: r.get(1)?, name: r.get(2)?, role: r.get(3)?, boards: Vec::new() })
}

/// The active user or key with that id, if its role opens cases.
pub fn holder(s: &mut Session<'_>, id: AnyId) -> Result<Option<Holder>, StorageError> {
    let found = s.row(
        sql!(
            "SELECT id, FALSE, name, role FROM users WHERE id = $1 AND active
             UNION ALL SELECT id, TRUE, name, role FROM api_keys WHERE id = $1 AND revoked_at IS NULL"
        ),
        params![id],
        read_holder,
    )?;
    let Some(found) = found.filter(|found| opens_cases(found.role)) else { return Ok(None) };
    Ok(Some(Holder { boards: boards_of(s, id)?, ..found }))
}

/// Every active user and key whose role opens cases, users first, by name.
pub fn holders(s: &mut Session<'_>) -> Result<Vec<Holder>, StorageError> {
    let mut holders = s.rows(
        sql!(
            "SELECT id, key, name, role FROM
                 (SELECT id, FALSE AS key, name, role FROM users WHERE active
                  UNION ALL SELECT id, TRUE AS key, name, role FROM api_keys WHERE revoked_at IS NULL) h
             ORDER BY key, name, id"
        ),
        params![],
        read_holder,
    )?;
    holders.retain(|holder| opens_cases(holder.role));
    let grants = s.rows(
        sql!("SELECT holder_id, board FROM board_access ORDER BY holder_id, board"),
        params![],
        |r| Ok((r.get::<AnyId>(0)?, r.get::<String>(1)?)),
    )?;
    for holder in &mut holders {
        let own = grants.iter().filter(|(id, _)| *id == holder.id);
        holder.boards = own.map(|(_, board)| board.clone()).collect();
    }
    Ok(holders)
}

/// The latest changes of anybody's grants, newest first.
pub fn changes(s: &mut Session<'_>, lines_max: u32) -> Result<Vec<GrantChange>, StorageError> {
    s.rows(
        sql!(
            "SELECT at, subject_id, detail, kind, actor_id FROM timeline WHERE kind IN ($1, $2)
             ORDER BY seq DESC LIMIT $3"
        ),
        params![GRANTED, REVOKED, lines_max],
        |r| {
            Ok(GrantChange {
                at: r.get(0)?,
                holder_id: r.get(1)?,
                board: r.get::<Option<String>>(2)?.unwrap_or_default(),
                granted: r.get::<String>(3)? == GRANTED,
                by: r.get(4)?,
            })
        },
    )
}

pub(super) fn insert(
    s: &mut Session<'_>,
    holder: AnyId,
    board: &str,
    by: Option<AnyId>,
    at: Timestamp,
) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO board_access (holder_id, board, granted_by, granted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        ),
        params![holder, board, by, at],
    )
}

pub(super) fn delete(s: &mut Session<'_>, holder: AnyId, board: &str) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM board_access WHERE holder_id = $1 AND board = $2"), params![holder, board])
}
