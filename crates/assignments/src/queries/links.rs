//! The links by which departments answer.

use crate::model::ApprovalLink;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AssignmentVersionId, LinkId, Timestamp};

fn read(r: &Row<'_>) -> Result<ApprovalLink, StorageError> {
    Ok(ApprovalLink {
        id: r.get(0)?,
        version: r.get(1)?,
        recipient: r.get(2)?,
        recipient_name: r.get(3)?,
        created_at: r.get(4)?,
        expires_at: r.get(5)?,
        used_at: r.get(6)?,
        revoked_at: r.get(7)?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, version_id, recipient, recipient_name, created_at, expires_at, used_at, revoked_at
             FROM assignment_links ",
            $rest
        )
    };
}

/// One link.
///
/// # Errors
/// The database.
pub fn link(s: &mut Session<'_>, id: LinkId) -> Result<Option<ApprovalLink>, StorageError> {
    s.row(sql!(select!("WHERE id = $1")), params![id], read)
}

/// The newest link to a version.
///
/// # Errors
/// The database.
pub fn newest_link(
    s: &mut Session<'_>,
    version: AssignmentVersionId,
) -> Result<Option<ApprovalLink>, StorageError> {
    s.row(
        sql!(select!("WHERE version_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1")),
        params![version],
        read,
    )
}

pub(crate) fn insert_link(s: &mut Session<'_>, link: &ApprovalLink) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO assignment_links (id, version_id, recipient, recipient_name, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![
            link.id,
            link.version,
            &link.recipient,
            &link.recipient_name,
            link.created_at,
            link.expires_at
        ],
    )?;
    Ok(())
}

/// Takes back what has not been answered.
pub(crate) fn revoke_links(
    s: &mut Session<'_>,
    version: AssignmentVersionId,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE assignment_links SET revoked_at = $2
             WHERE version_id = $1 AND used_at IS NULL AND revoked_at IS NULL"
        ),
        params![version, at],
    )?;
    Ok(())
}

/// Marks a link as answered. Gives whether it was the first time.
pub(crate) fn use_link(s: &mut Session<'_>, id: LinkId, at: Timestamp) -> Result<bool, StorageError> {
    let used = s.execute(
        sql!("UPDATE assignment_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL"),
        params![id, at],
    )?;
    Ok(used > 0)
}
