//! What can go wrong in this room.

use crate::life::Refusal;
use storage::StorageError;
use storage::files::FileFault;

/// Why a command or a search in this room was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A field is empty or too long.
    #[error("{field} must have 1 to {chars_max} characters, not {chars}")]
    Length {
        /// The field.
        field: &'static str,
        /// How many characters it has.
        chars: usize,
        /// How many it may have.
        chars_max: usize,
    },
    /// A field with signs that nobody can read, such as NUL, which no database keeps.
    #[error("{field} holds signs that cannot be printed")]
    Unprintable {
        /// The field.
        field: &'static str,
    },
    /// A slug with other signs than a-z, 0-9 and hyphen.
    #[error("a slug is written with a-z, 0-9 and hyphens and is no page of its own, as {0:?} is not")]
    Slug(String),
    /// No such article.
    #[error("there is no such article")]
    NoArticle,
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// A link that leads elsewhere than to a page on the web.
    #[error("a link begins with https:// or http://, not {0:?}")]
    Link(String),
    /// The last day it is read comes before the first.
    #[error("the last day must not come before the first")]
    ValidOrder,
    /// More of something than one article has.
    #[error("at most {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// It cannot be done from where the article stands, or not by whoever asks.
    #[error("the article does not allow that: {0}")]
    Refused(#[from] Refusal),
    /// Somebody has written a version since the one that was read.
    #[error("version {newest} was written meanwhile; compare with it and write again")]
    Overtaken {
        /// The newest version.
        newest: u32,
    },
    /// A file that is not taken in.
    #[error("the file is not taken in: {0}")]
    File(#[from] FileFault),
    /// Synonyms that are not taken in.
    #[error("the synonyms are not taken in: {0}")]
    Synonym(#[from] crate::asked::SynonymFault),
    /// The search index failed.
    #[error("the search index failed")]
    Index(#[from] finding::IndexError),
}
