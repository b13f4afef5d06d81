//! The SQL of filters that people keep.

use crate::filter::Filter;
use crate::limits::SAVED_FILTERS_SHOWN_MAX;
use crate::saved::SavedFilter;
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{SavedFilterId, Timestamp, UserId};

fn read(r: &Row<'_>) -> Result<SavedFilter, StorageError> {
    let query: String = r.get(4)?;
    Ok(SavedFilter {
        id: r.get(0)?,
        owner: r.get(1)?,
        shared_with: r.get(2)?,
        name: r.get(3)?,
        filter: Filter::from_query(&query).ok(),
    })
}

pub(crate) fn by_id(s: &mut Session<'_>, id: SavedFilterId) -> Result<Option<SavedFilter>, StorageError> {
    s.row(
        sql!("SELECT id, owner_id, shared_group_id, name, query FROM saved_filters WHERE id = $1"),
        params![id],
        read,
    )
}

/// A user's own filters and those shared with their groups, by name; at most [`SAVED_FILTERS_SHOWN_MAX`].
pub fn saved_filters(s: &mut Session<'_>, user: UserId) -> Result<Vec<SavedFilter>, StorageError> {
    s.rows(
        sql!(
            "SELECT f.id, f.owner_id, f.shared_group_id, f.name, f.query FROM saved_filters f
             WHERE f.owner_id = $1
                OR f.shared_group_id IN (SELECT g.answer_group_id FROM user_groups g WHERE g.user_id = $1)
             ORDER BY f.name, f.id LIMIT $2"
        ),
        params![user, SAVED_FILTERS_SHOWN_MAX],
        read,
    )
}

pub(crate) fn count_of(s: &mut Session<'_>, owner: UserId) -> Result<usize, StorageError> {
    s.the_row(sql!("SELECT COUNT(*) FROM saved_filters WHERE owner_id = $1"), params![owner], |r| r.get(0))
}

pub(crate) fn insert(
    s: &mut Session<'_>,
    saved: &SavedFilter,
    query: String,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO saved_filters (id, owner_id, shared_group_id, name, query, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![saved.id, saved.owner, saved.shared_with, saved.name, query, now],
    )?;
    Ok(())
}

pub(crate) fn update(
    s: &mut Session<'_>,
    saved: &SavedFilter,
    query: String,
    now: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "UPDATE saved_filters SET shared_group_id = $2, name = $3, query = $4, changed_at = $5 WHERE id = $1"
        ),
        params![saved.id, saved.shared_with, saved.name, query, now],
    )?;
    Ok(())
}

pub(crate) fn delete(s: &mut Session<'_>, id: SavedFilterId) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM saved_filters WHERE id = $1"), params![id])?;
    Ok(())
}

/// Notes that a change of many cases has come to this one; tells whether it had before.
pub(crate) fn bulk_reached(
    s: &mut Session<'_>,
    bulk: vocabulary::BulkChangeId,
    case: vocabulary::CaseId,
    now: Timestamp,
) -> Result<bool, StorageError> {
    let new = s.execute(
        sql!(
            "INSERT INTO bulk_changes (bulk_id, case_id, changed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        ),
        params![bulk, case, now],
    )?;
    Ok(new == 0)
}

/// Forgets changes of many cases made before `before`, at most `rows_max` at a time: nobody sends those again.
pub(crate) fn forget_bulk(
    s: &mut Session<'_>,
    before: Timestamp,
    rows_max: usize,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "DELETE FROM bulk_changes WHERE (bulk_id, case_id) IN
                 (SELECT bulk_id, case_id FROM bulk_changes WHERE changed_at < $1 ORDER BY changed_at LIMIT $2)"
        ),
        params![before, rows_max],
    )?;
    Ok(())
}
