//! Links between cases, and merges.

use crate::number::CaseNumber;
use crate::parts::{CaseLink, CaseLinkKind, Merged};
use storage::{Row, Session, StorageError, params, sql};
use vocabulary::{AnyId, CaseId, CaseStatus, MergeId, Timestamp};

/// Most links of one case, each way.
pub(crate) const LINKS_PER_CASE_MAX: usize = 100;
/// How many merges are followed from a case that was merged to the one that goes on.
const MERGES_FOLLOWED_MAX: usize = 50;

fn read_link(r: &Row<'_>) -> Result<CaseLink, StorageError> {
    Ok(CaseLink { from: r.get(0)?, to: r.get(1)?, kind: r.get(2)?, linked_at: r.get(3)? })
}

/// A case's links, both ways, in the order they were made.
pub fn links_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<CaseLink>, StorageError> {
    s.rows(
        sql!(
            "SELECT from_id, to_id, kind, linked_at FROM case_links WHERE from_id = $1 OR to_id = $1
             ORDER BY linked_at, from_id, to_id, kind"
        ),
        params![case],
        read_link,
    )
}

/// Where a case points to by that kind of link.
pub(crate) fn links_from(
    s: &mut Session<'_>,
    case: CaseId,
    kind: CaseLinkKind,
) -> Result<Vec<CaseId>, StorageError> {
    s.rows(
        sql!("SELECT to_id FROM case_links WHERE from_id = $1 AND kind = $2 ORDER BY to_id"),
        params![case, kind],
        |r| r.get(0),
    )
}

pub(crate) fn insert_case_link(s: &mut Session<'_>, link: &CaseLink) -> Result<u64, StorageError> {
    s.execute(
        sql!(
            "INSERT INTO case_links (from_id, to_id, kind, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        ),
        params![link.from, link.to, link.kind, link.linked_at],
    )
}

pub(crate) fn delete_case_link(
    s: &mut Session<'_>,
    (from, to): (CaseId, CaseId),
    kind: CaseLinkKind,
) -> Result<u64, StorageError> {
    s.execute(
        sql!("DELETE FROM case_links WHERE from_id = $1 AND to_id = $2 AND kind = $3"),
        params![from, to, kind],
    )
}

/// The case that goes on in place of `case`: itself, unless it has been merged.
pub fn kept(s: &mut Session<'_>, case: CaseId) -> Result<CaseId, StorageError> {
    let mut kept = case;
    for _ in 0..MERGES_FOLLOWED_MAX {
        let next = s.row(sql!("SELECT merged_into_id FROM cases WHERE id = $1"), params![kept], |r| {
            r.get::<Option<CaseId>>(0)
        })?;
        match next.flatten() {
            Some(into) => kept = into,
            None => break,
        }
    }
    Ok(kept)
}

fn read_merge(r: &Row<'_>) -> Result<Merged, StorageError> {
    Ok(Merged { id: r.get(0)?, from: r.get(1)?, into: r.get(2)?, merged_at: r.get(3)?, undone_at: r.get(4)? })
}

/// The merge by which a case ended, if it is merged now.
pub fn merge_of(s: &mut Session<'_>, from: CaseId) -> Result<Option<Merged>, StorageError> {
    s.row(
        sql!(
            "SELECT id, from_id, into_id, merged_at, undone_at FROM case_merges
             WHERE from_id = $1 AND undone_at IS NULL ORDER BY merged_at DESC, id DESC LIMIT 1"
        ),
        params![from],
        read_merge,
    )
}

/// The merges that hold by which other cases went into `into`, oldest first.
pub fn merges_into(s: &mut Session<'_>, into: CaseId) -> Result<Vec<Merged>, StorageError> {
    s.rows(
        sql!(
            "SELECT id, from_id, into_id, merged_at, undone_at FROM case_merges
             WHERE into_id = $1 AND undone_at IS NULL ORDER BY merged_at, id"
        ),
        params![into],
        read_merge,
    )
}

/// A merge and how the two cases stood, as JSON: the one that ended before, the kept one before and after.
pub(crate) struct MergeRow {
    pub merge: Merged,
    pub from_before: String,
    pub into_before: String,
    pub into_after: String,
}

pub(crate) fn merge_row(s: &mut Session<'_>, id: MergeId) -> Result<Option<MergeRow>, StorageError> {
    s.row(
        sql!(
            "SELECT id, from_id, into_id, merged_at, undone_at, from_before, into_before, into_after FROM case_merges
             WHERE id = $1"
        ),
        params![id],
        |r| {
            Ok(MergeRow {
                merge: read_merge(r)?,
                from_before: r.get(5)?,
                into_before: r.get(6)?,
                into_after: r.get(7)?,
            })
        },
    )
}

pub(crate) fn insert_merge(s: &mut Session<'_>, row: &MergeRow) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO case_merges (id, from_id, into_id, from_before, into_before, into_after, merged_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            row.merge.id,
            row.merge.from,
            row.merge.into,
            row.from_before,
            row.into_before,
            row.into_after,
            row.merge.merged_at
        ],
    )?;
    Ok(())
}

pub(crate) fn end_merge(s: &mut Session<'_>, id: MergeId, at: Timestamp) -> Result<u64, StorageError> {
    s.execute(
        sql!("UPDATE case_merges SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL"),
        params![id, at],
    )
}

/// Something that moved with a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MovedRow {
    pub kind: &'static str,
    pub id: AnyId,
    pub clock_before: Option<String>,
    pub clock_after: Option<String>,
}

pub(crate) fn insert_moved(s: &mut Session<'_>, merge: MergeId, row: &MovedRow) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO case_merge_rows (merge_id, kind, row_id, clock_before, clock_after)
             VALUES ($1, $2, $3, $4, $5)"
        ),
        params![merge, row.kind, row.id, row.clock_before, row.clock_after],
    )?;
    Ok(())
}

/// What moved with a merge: its kind, its id, and a follow-up's clock before and after.
pub(crate) type Moved = (String, AnyId, Option<String>, Option<String>);

pub(crate) fn moved_rows(s: &mut Session<'_>, merge: MergeId) -> Result<Vec<Moved>, StorageError> {
    s.rows(
        sql!(
            "SELECT kind, row_id, clock_before, clock_after FROM case_merge_rows WHERE merge_id = $1
             ORDER BY kind, row_id"
        ),
        params![merge],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
    )
}

/// Where what now lies with a case came from: the row's id and the number of the merged case it belonged to first.
pub fn origins(s: &mut Session<'_>, into: CaseId) -> Result<Vec<(AnyId, CaseNumber)>, StorageError> {
    s.rows(
        sql!(
            "SELECT r.row_id, c.number FROM case_merges m JOIN case_merge_rows r ON r.merge_id = m.id
             JOIN cases c ON c.id = m.from_id
             WHERE m.into_id = $1 AND m.undone_at IS NULL AND r.kind <> 'added' ORDER BY m.merged_at DESC, r.row_id"
        ),
        params![into],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
}

/// The merged case in which a note, document or the like first lay; none if it has not moved.
pub(crate) fn origin_case(s: &mut Session<'_>, row: AnyId) -> Result<Option<CaseId>, StorageError> {
    s.row(
        sql!(
            "SELECT m.from_id FROM case_merge_rows r JOIN case_merges m ON m.id = r.merge_id
             WHERE r.row_id = $1 AND r.kind <> 'added' AND m.undone_at IS NULL ORDER BY m.merged_at, m.id LIMIT 1"
        ),
        params![row],
        |r| r.get(0),
    )
}

/// A case as shown where another refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its title; none if the viewer may not see it.
    pub title: Option<String>,
    /// Where it stands.
    pub status: CaseStatus,
}

/// The ids of what lies with a case.
macro_rules! ids_of_case {
    ($name:ident, $table:literal) => {
        pub(crate) fn $name(s: &mut Session<'_>, case: CaseId) -> Result<Vec<AnyId>, StorageError> {
            s.rows(
                sql!(concat!("SELECT id FROM ", $table, " WHERE case_id = $1 ORDER BY id")),
                params![case],
                |r| r.get(0),
            )
        }
    };
}
ids_of_case!(note_ids, "case_notes");
ids_of_case!(follow_up_ids, "follow_ups");
ids_of_case!(task_ids, "tasks");
ids_of_case!(message_ids, "messages");
ids_of_case!(stakeholder_ids, "stakeholders");
ids_of_case!(document_ids, "documents");

/// Puts a row with another case, if it lies with the one it is said to; tells how many did.
macro_rules! move_row {
    ($name:ident, $table:literal) => {
        pub(crate) fn $name(
            s: &mut Session<'_>,
            id: AnyId,
            (from, to): (CaseId, CaseId),
        ) -> Result<u64, StorageError> {
            s.execute(
                sql!(concat!("UPDATE ", $table, " SET case_id = $3 WHERE id = $1 AND case_id = $2")),
                params![id, from, to],
            )
        }
    };
}
move_row!(move_note, "case_notes");
move_row!(move_follow_up, "follow_ups");
move_row!(move_task, "tasks");
move_row!(move_message, "messages");
move_row!(move_stakeholder, "stakeholders");
move_row!(move_document, "documents");
