//! Files kept with a case.

use super::steps::{load_case_for, record, touch};
use crate::documents::{NewDocument, checked};
use crate::error::CasesError;
use crate::limits::DOCUMENTS_PER_CASE_MAX;
use crate::model::Case;
use crate::parts::Document;
use crate::queries::{self, parts, store_follow_ups};
use storage::Session;
use storage::blobs::{self, Digest};
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, DocumentId, NoteId};

/// A file to be kept with a case. Name and type are the sender's word and are looked at.
#[derive(Clone, Debug)]
pub struct AddDocument {
    /// With which case.
    pub case_id: CaseId,
    /// The file.
    pub file: NewDocument,
    /// Whether the resident may read it.
    pub public: bool,
    /// The note it came with, if it came with one of this case.
    pub note_id: Option<NoteId>,
}

/// Keeps a file with a case. The same file under the same name again is the one that is there.
///
/// # Errors
/// The file is not one that is taken in ([`crate::documents::checked`]), there are too many, or the case or note is not
/// there.
pub fn add_document(s: &mut Session<'_>, ctx: &Context, cmd: &AddDocument) -> Result<Document, CasesError> {
    let mut case = load_case_for(s, ctx, cmd.case_id)?;
    if let Some(note) = cmd.note_id {
        let of_case = store_follow_ups::notes_of(s, case.id)?.iter().any(|known| known.id == note);
        if !of_case {
            return Err(CasesError::NotFound { what: "note" });
        }
    }
    let document = keep(s, ctx, &case, &cmd.file, cmd.public, cmd.note_id)?;
    touch(s, ctx, &mut case)?;
    Ok(document)
}

/// Keeps a file with a case that is loaded, and writes that down.
pub(super) fn keep(
    s: &mut Session<'_>,
    ctx: &Context,
    case: &Case,
    file: &NewDocument,
    public: bool,
    note_id: Option<NoteId>,
) -> Result<Document, CasesError> {
    let looked_at = checked(file)?;
    let digest = Digest::of(&file.bytes);
    let present = queries::documents_of(s, case.id)?;
    let same = |there: &&Document| {
        there.digest == digest
            && there.name == looked_at.name
            && there.public == public
            && (note_id.is_none() || there.note_id == note_id)
    };
    if let Some(there) = present.iter().find(same) {
        return Ok(there.clone());
    }
    if present.len() >= DOCUMENTS_PER_CASE_MAX {
        return Err(CasesError::TooMany { what: "documents", max: DOCUMENTS_PER_CASE_MAX });
    }
    let document = Document {
        id: ctx.next_id(),
        case_id: case.id,
        note_id,
        name: looked_at.name,
        media_type: looked_at.media_type.to_owned(),
        digest: blobs::put(s, &file.bytes)?,
        size_bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        public,
        author_kind: ctx.actor.kind().to_owned(),
        author_id: ctx.actor.id(),
        added_at: ctx.now,
    };
    parts::insert_document(s, &document)?;
    let word = if public { "public" } else { "internal" };
    record(s, ctx, "document_added", case.id, Some(document.id.into_untyped_uuid()), Some(word.to_owned()))?;
    Ok(document)
}

/// Says whether the resident may read a file.
///
/// # Errors
/// The file is not there, or its case is not for whoever asks.
pub fn set_document_public(
    s: &mut Session<'_>,
    ctx: &Context,
    id: DocumentId,
    public: bool,
) -> Result<Document, CasesError> {
    let mut document = queries::document(s, id)?.ok_or(CasesError::NotFound { what: "document" })?;
    let mut case = load_case_for(s, ctx, document.case_id)?;
    if document.public != public {
        document.public = public;
        parts::update_document_public(s, id, public)?;
        touch(s, ctx, &mut case)?;
        let word = if public { "public" } else { "internal" };
        record(s, ctx, "document_shown", case.id, Some(id.into_untyped_uuid()), Some(word.to_owned()))?;
    }
    Ok(document)
}
