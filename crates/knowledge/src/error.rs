//! What can go wrong in this room.

use storage::StorageError;

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
    #[error("a slug is written with a-z, 0-9 and hyphens, not {0:?}")]
    Slug(String),
    /// An event that ends before it begins.
    #[error("the event must end after it begins")]
    EventOrder,
    /// No such article.
    #[error("there is no such article")]
    NoArticle,
    /// The search index failed.
    #[error("the search index failed")]
    Index(#[from] tantivy::TantivyError),
}
