//! What a resident may read of a case, also when cases of several residents have been made one.
//!
//! What was written to one resident is not for another, although their cases go on together: each reads what was written
//! in their own case before, and what has been written to everybody since. What a resident has written themselves is for
//! nobody else.

use super::connections::{kept, merge_of, origin_case};
use super::{case, documents_of, store_follow_ups};
use crate::model::{Case, Note};
use crate::parts::Document;
use storage::{Session, StorageError};
use vocabulary::GenericUuid as _;
use vocabulary::{AnyId, CaseId, ResidentId, Timestamp};

/// What the resident of a case may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The case they came by.
    pub own: Case,
    /// The case that goes on: the same, unless it has been merged.
    pub kept: Case,
    /// What has been written to them and by them, oldest first.
    pub notes: Vec<Note>,
    /// The files they may read, in the order they came.
    pub documents: Vec<Document>,
}

/// What the resident of `own` may read; none if there is no such case.
pub fn shown_to_resident(s: &mut Session<'_>, own: CaseId) -> Result<Option<Shown>, StorageError> {
    let Some(own) = case(s, own)? else { return Ok(None) };
    let goes_on = kept(s, own.id)?;
    let Some(kept) = case(s, goes_on)? else { return Ok(None) };
    let since = merge_of(s, own.id)?.map(|merge| merge.merged_at);
    let reader = Reader { own: own.clone(), kept: kept.clone(), since };
    let mut notes = Vec::new();
    for note in store_follow_ups::notes_of(s, kept.id)? {
        let by = (note.author_kind.as_str(), note.author_id);
        if note.public && reader.may_read(s, note.id.into_untyped_uuid(), by, note.written_at)? {
            notes.push(note);
        }
    }
    let mut documents = Vec::new();
    for document in documents_of(s, kept.id)? {
        let by = (document.author_kind.as_str(), document.author_id);
        if document.public && reader.may_read(s, document.id.into_untyped_uuid(), by, document.added_at)? {
            documents.push(document);
        }
    }
    Ok(Some(Shown { own, kept, notes, documents }))
}

struct Reader {
    own: Case,
    kept: Case,
    /// Since when the own case is a part of the kept one.
    since: Option<Timestamp>,
}

impl Reader {
    fn may_read(
        &self,
        s: &mut Session<'_>,
        row: AnyId,
        (author_kind, author): (&str, Option<AnyId>),
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let origin = match origin_case(s, row)? {
            Some(id) => case(s, id)?.unwrap_or_else(|| self.kept.clone()),
            None => self.kept.clone(),
        };
        if origin.id == self.own.id {
            return Ok(true);
        }
        let same = |resident: Option<ResidentId>| resident.is_some() && resident == self.own.resident_id;
        if author_kind == "resident" {
            return Ok(same(author.map(ResidentId::from_untyped_uuid)));
        }
        // Written in the kept case after the own one became a part of it: written to both.
        let since = origin.id == self.kept.id && self.since.is_some_and(|since| at > since);
        Ok(since || same(origin.resident_id))
    }
}
