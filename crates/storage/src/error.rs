//! What can go wrong in storage.

use crate::value::Mismatch;

/// Why storage could not do what was asked. Cheap to clone, since one failed commit is told to many.
///
/// Says where and what sort of thing, never which values: those may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The database could not be opened.
    #[error("cannot open the database {database}: {reason}")]
    Open {
        /// Its path, or its address without the password.
        database: String,
        /// What the engine said.
        reason: String,
    },
    /// The database does not fit this program.
    #[error("migration {number}: {reason}")]
    Migration {
        /// The migration's number.
        number: i64,
        /// What is the matter and what to do about it.
        reason: String,
    },
    /// A row with the same key is already there.
    #[error("{at}: a row with the same key is already there")]
    NotUnique {
        /// Where the statement is written.
        at: String,
    },
    /// The row refers to one that is not there, or is referred to.
    #[error("{at}: a reference between rows would be broken")]
    BrokenReference {
        /// Where the statement is written.
        at: String,
    },
    /// Something is written through a session that only reads.
    #[error("{at}: writes through a session that only reads")]
    ReadOnly {
        /// Where the statement is written.
        at: String,
    },
    /// A parameter no column can hold.
    #[error("{at}: parameter {position}: {reason}")]
    Unfit {
        /// Where the statement is written.
        at: String,
        /// Counted from 1.
        position: usize,
        /// Why.
        reason: String,
    },
    /// The engine refused a statement for another reason.
    #[error("{at}: {reason}")]
    Statement {
        /// Where the statement is written.
        at: String,
        /// What the engine said.
        reason: String,
    },
    /// One row was wanted.
    #[error("{at}: one row was wanted, found {found}")]
    NotOneRow {
        /// Where the statement is written.
        at: String,
        /// `none` or `more`.
        found: &'static str,
    },
    /// A column holds something else than what was asked for.
    #[error("{at}: column {column}: {mismatch}")]
    Column {
        /// Where the statement is written.
        at: String,
        /// Counted from 0.
        column: usize,
        /// What was found and wanted.
        mismatch: Mismatch,
    },
    /// A statement is run, or a commit asked for, after another statement of the same session failed.
    #[error("an earlier statement of this session failed, so nothing of it is kept")]
    AlreadyFailed,
    /// The closure panicked; nothing of it is kept.
    #[error("the closure panicked: {0}")]
    Panicked(String),
    /// The transaction could not be committed; nothing of it is kept.
    #[error("nothing was kept: {0}")]
    NotCommitted(String),
    /// The connection was lost while committing: it may or may not have been kept.
    #[error("the connection was lost during the commit, so the outcome is unknown")]
    OutcomeUnknown,
    /// Other transactions were in the way every time it was tried.
    #[error("other transactions were in the way {attempts} times")]
    Conflict {
        /// How many times it was tried.
        attempts: u32,
    },
    /// The connection to the database is lost and could not be made again in time.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Too much is waiting to be written or read.
    #[error("the queue of the database is full")]
    QueueFull,
    /// The database has been closed.
    #[error("the database is closed")]
    Closed,
    /// A backup could not be made.
    #[error("no backup was made: {0}")]
    Backup(String),
    /// A stored text could not be understood.
    #[error("what is stored as {what} cannot be read: {reason}")]
    Stored {
        /// The name of the setting, kind of job or the like.
        what: String,
        /// Why.
        reason: String,
    },
}
