//! What belongs to a case besides itself: those with a part in it, its files, and the cases it has to do with.

use storage::blobs::Digest;
use vocabulary::{AnyId, CaseId, DocumentId, MergeId, NoteId, ResidentId, StakeholderId, Timestamp};

vocabulary::words! {
    /// What part somebody has in a case.
    StakeholderRole, "stakeholder role" {
        /// Another resident whom it concerns.
        Resident = "resident",
        /// Speaks for the resident: a relative, a guardian.
        Relative = "relative",
        /// A company or an association.
        Company = "company",
        /// Another authority.
        Authority = "authority",
        /// Something else.
        Other = "other",
    }

    /// How a case has to do with another.
    CaseLinkKind, "case link" {
        /// The other is its parent: it is a part of that.
        Parent = "parent",
        /// They have to do with each other, neither before the other.
        Related = "related",
        /// It repeats the other.
        Duplicate = "duplicate",
    }
}

storage::word_value!(StakeholderRole);
storage::word_value!(CaseLinkKind);

/// Somebody with a part in a case.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of stakeholders, explained in the migration")]
pub struct Stakeholder {
    pub id: StakeholderId,
    pub case_id: CaseId,
    pub role: StakeholderRole,
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub telephone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub resident_id: Option<ResidentId>,
    pub added_at: Timestamp,
}

impl std::fmt::Debug for Stakeholder {
    /// Without who it is, so that nobody ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stakeholder").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A file kept with a case. Its content is read with [`crate::queries::document_bytes`].
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of documents, explained in the migration")]
pub struct Document {
    pub id: DocumentId,
    pub case_id: CaseId,
    pub note_id: Option<NoteId>,
    pub name: String,
    pub media_type: String,
    pub digest: Digest,
    pub size_bytes: u64,
    pub public: bool,
    pub author_kind: String,
    pub author_id: Option<AnyId>,
    pub added_at: Timestamp,
}

impl std::fmt::Debug for Document {
    /// Without its name, which may say whose it is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// A link from one case to another, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseLink {
    /// The child, the duplicate, or the lesser of two related ones.
    pub from: CaseId,
    /// The parent, the one repeated, or the greater of two related ones.
    pub to: CaseId,
    /// How they hang together.
    pub kind: CaseLinkKind,
    /// Since when.
    pub linked_at: Timestamp,
}

/// Two cases made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The merge, to undo it by.
    pub id: MergeId,
    /// The case that ended.
    pub from: CaseId,
    /// The case that goes on.
    pub into: CaseId,
    /// When.
    pub merged_at: Timestamp,
    /// When it was undone, if it was.
    pub undone_at: Option<Timestamp>,
}
