//! The SQL of joining, parting and erasing cards.

use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{CardMergeId, ResidentId, Timestamp, UserId};

/// Two cards that were joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Id.
    pub id: CardMergeId,
    /// The card that was kept.
    pub kept: ResidentId,
    /// The card that became a signpost.
    pub merged: ResidentId,
    /// When.
    pub merged_at: Timestamp,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    pub(super) kept_before: String,
    pub(super) merged_before: String,
}

fn read_merge(r: &Row<'_>) -> Result<Merge, StorageError> {
    Ok(Merge {
        id: r.get(0)?,
        kept: r.get(1)?,
        merged: r.get(2)?,
        merged_at: r.get(3)?,
        undone_at: r.get(4)?,
        kept_before: r.get(5)?,
        merged_before: r.get(6)?,
    })
}

/// The merges a card has a part in, newest first.
pub fn merges_of(s: &mut Session<'_>, id: ResidentId) -> Result<Vec<Merge>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, kept_id, merged_id, merged_at, undone_at, kept_before, merged_before FROM card_merges
             WHERE kept_id = $1 OR merged_id = $1 ORDER BY merged_at DESC, id DESC"
        ),
        params![id],
        read_merge,
    )
}

pub(super) fn merge(s: &mut Session<'_>, id: CardMergeId) -> Result<Option<Merge>, StorageError> {
    s.row(
        sql!(
            "SELECT id, kept_id, merged_id, merged_at, undone_at, kept_before, merged_before FROM card_merges
             WHERE id = $1"
        ),
        params![id],
        read_merge,
    )
}

pub(super) fn standing_merge(
    s: &mut Session<'_>,
    kept: ResidentId,
    merged: ResidentId,
) -> Result<Option<CardMergeId>, StorageError> {
    s.row(
        sql!("SELECT id FROM card_merges WHERE kept_id = $1 AND merged_id = $2 AND undone_at IS NULL"),
        params![kept, merged],
        |r| r.get(0),
    )
}

pub(super) fn is_signpost(s: &mut Session<'_>, id: ResidentId) -> Result<bool, StorageError> {
    s.the_row(
        sql!("SELECT EXISTS (SELECT 1 FROM residents WHERE id = $1 AND merged_into_id IS NOT NULL)"),
        params![id],
        |r| r.get(0),
    )
}

pub(super) fn has_signposts(s: &mut Session<'_>, id: ResidentId) -> Result<bool, StorageError> {
    s.the_row(sql!("SELECT EXISTS (SELECT 1 FROM residents WHERE merged_into_id = $1)"), params![id], |r| {
        r.get(0)
    })
}

pub(super) fn insert_merge(
    s: &mut Session<'_>,
    id: CardMergeId,
    (kept, merged): (ResidentId, ResidentId),
    (merged_before, kept_before): (&str, &str),
    by: Option<UserId>,
    at: Timestamp,
) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO card_merges (id, kept_id, merged_id, merged_before, kept_before, merged_by, merged_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, kept, merged, merged_before, kept_before, by, at],
    )?;
    Ok(())
}

/// Writes down which rows are `from`'s, and makes them `to`'s.
pub(super) fn move_rows(
    s: &mut Session<'_>,
    id: CardMergeId,
    from: ResidentId,
    to: ResidentId,
) -> Result<(), StorageError> {
    for remember in [
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'contacts', id FROM contacts WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'cases', id FROM cases WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'stakeholders', id FROM stakeholders WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'conversations', id FROM conversations WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'survey_invitations', id FROM survey_invitations WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'protected_openings', id FROM protected_openings WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'retention_holds', id FROM retention_holds WHERE resident_id = $2"
        ),
        sql!(
            "INSERT INTO card_merge_rows (merge_id, kind, row_id) SELECT $1, 'residents', id FROM residents WHERE merged_into_id = $2"
        ),
    ] {
        s.execute(remember, params![id, from])?;
    }
    for become_the_others in [
        sql!("UPDATE contacts SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE cases SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE stakeholders SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE conversations SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE survey_invitations SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE protected_openings SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE retention_holds SET resident_id = $2 WHERE resident_id = $1"),
        sql!("UPDATE residents SET merged_into_id = $2 WHERE merged_into_id = $1"),
    ] {
        s.execute(become_the_others, params![from, to])?;
    }
    Ok(())
}

/// Makes the rows a merge moved `to`'s again.
pub(super) fn move_back(s: &mut Session<'_>, id: CardMergeId, to: ResidentId) -> Result<(), StorageError> {
    for back in [
        sql!(
            "UPDATE contacts SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'contacts')"
        ),
        sql!(
            "UPDATE cases SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'cases')"
        ),
        sql!(
            "UPDATE stakeholders SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'stakeholders')"
        ),
        sql!(
            "UPDATE conversations SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'conversations')"
        ),
        sql!(
            "UPDATE survey_invitations SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'survey_invitations')"
        ),
        sql!(
            "UPDATE protected_openings SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'protected_openings')"
        ),
        sql!(
            "UPDATE retention_holds SET resident_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'retention_holds')"
        ),
        sql!(
            "UPDATE residents SET merged_into_id = $2 WHERE id IN (SELECT row_id FROM card_merge_rows WHERE merge_id = $1 AND kind = 'residents')"
        ),
    ] {
        s.execute(back, params![id, to])?;
    }
    Ok(())
}

pub(super) fn point(
    s: &mut Session<'_>,
    card: ResidentId,
    to: Option<ResidentId>,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE residents SET merged_into_id = $2 WHERE id = $1"), params![card, to])
}

pub(super) fn close_merge(s: &mut Session<'_>, id: CardMergeId, at: Timestamp) -> Result<(), StorageError> {
    s.execute(sql!("DELETE FROM card_merge_rows WHERE merge_id = $1"), params![id])?;
    s.execute(sql!("UPDATE card_merges SET undone_at = $2 WHERE id = $1"), params![id, at])?;
    Ok(())
}

pub(super) fn has_cases(s: &mut Session<'_>, id: ResidentId) -> Result<bool, StorageError> {
    s.the_row(
        sql!(
            "SELECT EXISTS (SELECT 1 FROM cases WHERE resident_id = $1)
                 OR EXISTS (SELECT 1 FROM stakeholders WHERE resident_id = $1)"
        ),
        params![id],
        |r| r.get(0),
    )
}

pub(super) fn has_letters(s: &mut Session<'_>, id: ResidentId) -> Result<bool, StorageError> {
    s.the_row(sql!("SELECT EXISTS (SELECT 1 FROM conversations WHERE resident_id = $1)"), params![id], |r| {
        r.get(0)
    })
}

/// The card and what is only of it; contacts stay without note, number and person.
pub(super) fn erase(s: &mut Session<'_>, id: ResidentId) -> Result<(), StorageError> {
    for step in [
        sql!(
            "UPDATE contacts SET note = NULL, caller_number = NULL, resident_id = NULL WHERE resident_id = $1"
        ),
        sql!("DELETE FROM survey_invitations WHERE resident_id = $1"),
        sql!("DELETE FROM protected_openings WHERE resident_id = $1"),
        sql!("DELETE FROM retention_holds WHERE resident_id = $1"),
        sql!(
            "DELETE FROM card_merge_rows
             WHERE merge_id IN (SELECT id FROM card_merges WHERE kept_id = $1 OR merged_id = $1)"
        ),
        sql!("DELETE FROM card_merges WHERE kept_id = $1 OR merged_id = $1"),
        sql!("DELETE FROM residents WHERE id = $1"),
    ] {
        s.execute(step, params![id])?;
    }
    Ok(())
}
