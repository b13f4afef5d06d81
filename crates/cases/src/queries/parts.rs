//! Stakeholders and documents: read some, write one.

use crate::parts::{Document, Stakeholder};
use storage::{Row, Session, StorageError, blobs, params, sql};
use vocabulary::{CaseId, DocumentId, ResidentId, StakeholderId};

macro_rules! select_stakeholder {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, role, name, organisation, telephone, email, address, resident_id, added_at
             FROM stakeholders ",
            $rest
        )
    };
}

fn read_stakeholder(r: &Row<'_>) -> Result<Stakeholder, StorageError> {
    Ok(Stakeholder {
        id: r.get(0)?,
        case_id: r.get(1)?,
        role: r.get(2)?,
        name: r.get(3)?,
        organisation: r.get(4)?,
        telephone: r.get(5)?,
        email: r.get(6)?,
        address: r.get(7)?,
        resident_id: r.get(8)?,
        added_at: r.get(9)?,
    })
}

/// Those with a part in a case, in the order they were added.
pub fn stakeholders_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Stakeholder>, StorageError> {
    s.rows(
        sql!(select_stakeholder!("WHERE case_id = $1 ORDER BY added_at, id")),
        params![case],
        read_stakeholder,
    )
}

/// One with a part in a case.
pub fn stakeholder(s: &mut Session<'_>, id: StakeholderId) -> Result<Option<Stakeholder>, StorageError> {
    s.row(sql!(select_stakeholder!("WHERE id = $1")), params![id], read_stakeholder)
}

/// The parts a resident has in others' cases, newest first, at most `limit`.
pub fn stakeholders_of_resident(
    s: &mut Session<'_>,
    resident: ResidentId,
    limit: u32,
) -> Result<Vec<Stakeholder>, StorageError> {
    s.rows(
        sql!(select_stakeholder!("WHERE resident_id = $1 ORDER BY added_at DESC, id DESC LIMIT $2")),
        params![resident, limit],
        read_stakeholder,
    )
}

pub(crate) fn insert_stakeholder(s: &mut Session<'_>, w: &Stakeholder) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO stakeholders (id, case_id, role, name, organisation, telephone, email, address, resident_id,
                 added_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            w.id,
            w.case_id,
            w.role,
            w.name,
            w.organisation,
            w.telephone,
            w.email,
            w.address,
            w.resident_id,
            w.added_at
        ],
    )?;
    Ok(())
}

pub(crate) fn delete_stakeholder(s: &mut Session<'_>, id: StakeholderId) -> Result<u64, StorageError> {
    s.execute(sql!("DELETE FROM stakeholders WHERE id = $1"), params![id])
}

macro_rules! select_document {
    ($rest:literal) => {
        concat!(
            "SELECT id, case_id, note_id, name, media_type, sha256, size_bytes, public, author_kind, author_id, added_at
             FROM documents ",
            $rest
        )
    };
}

fn read_document(r: &Row<'_>) -> Result<Document, StorageError> {
    Ok(Document {
        id: r.get(0)?,
        case_id: r.get(1)?,
        note_id: r.get(2)?,
        name: r.get(3)?,
        media_type: r.get(4)?,
        digest: r.get(5)?,
        size_bytes: r.get(6)?,
        public: r.get(7)?,
        author_kind: r.get(8)?,
        author_id: r.get(9)?,
        added_at: r.get(10)?,
    })
}

/// A case's files, in the order they came.
pub fn documents_of(s: &mut Session<'_>, case: CaseId) -> Result<Vec<Document>, StorageError> {
    s.rows(sql!(select_document!("WHERE case_id = $1 ORDER BY added_at, id")), params![case], read_document)
}

/// One file. Whether the caller may see its case is for the caller to ask.
pub fn document(s: &mut Session<'_>, id: DocumentId) -> Result<Option<Document>, StorageError> {
    s.row(sql!(select_document!("WHERE id = $1")), params![id], read_document)
}

/// A file's content; none if it has been erased.
pub fn document_bytes(s: &mut Session<'_>, document: &Document) -> Result<Option<Vec<u8>>, StorageError> {
    blobs::get(s, &document.digest)
}

pub(crate) fn insert_document(s: &mut Session<'_>, d: &Document) -> Result<(), StorageError> {
    s.execute(
        sql!(
            "INSERT INTO documents (id, case_id, note_id, name, media_type, sha256, size_bytes, public, author_kind,
                 author_id, added_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            d.id,
            d.case_id,
            d.note_id,
            d.name,
            d.media_type,
            d.digest,
            d.size_bytes,
            d.public,
            d.author_kind,
            d.author_id,
            d.added_at
        ],
    )?;
    Ok(())
}

pub(crate) fn update_document_public(
    s: &mut Session<'_>,
    id: DocumentId,
    public: bool,
) -> Result<u64, StorageError> {
    s.execute(sql!("UPDATE documents SET public = $2 WHERE id = $1"), params![id, public])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_people_and_files_stay_out_of_what_is_logged() {
        let someone = Stakeholder {
            id: StakeholderId::nil(),
            case_id: CaseId::nil(),
            role: crate::StakeholderRole::Relative,
            name: Some("Kim Ek".to_owned()),
            organisation: None,
            telephone: Some("+46701234567".to_owned()),
            email: None,
            address: None,
            resident_id: None,
            added_at: vocabulary::Timestamp::UNIX_EPOCH,
        };
        let logged = format!("{someone:?}");
        assert!(
            logged.contains("Relative") && !logged.contains("Kim") && !logged.contains("4670"),
            "{logged}"
        );
    }
}
