//! A copy of the whole database while it is in use.

use crate::engines::sqlite;
use crate::{Database, StorageConfig, StorageError};
use rusqlite::Connection;
use std::path::Path;

/// Pages copied between two looks at the database.
const PAGES_PER_STEP: i32 = 1_000;

/// Copies the database to a new file, and checks the copy. Blocks meanwhile; writers go on.
///
/// # Errors
/// [`StorageError::Backup`] if the file is there already, the copy is not whole, or the engine is PostgreSQL, which has
/// its own tool for it.
pub fn backup(db: &Database, to: &Path) -> Result<(), StorageError> {
    let failed = |reason: String| StorageError::Backup(reason);
    let StorageConfig::Sqlite { path } = db.config() else {
        return Err(failed("this database is a PostgreSQL server's; use pg_dump for it".to_owned()));
    };
    // Making the file is what decides between two backups to the same place.
    sqlite::make_private(to, true).map_err(|e| failed(format!("{}: {e}", to.display())))?;
    let copied = copy(path, to);
    if copied.is_err() {
        let _ = std::fs::remove_file(to);
    }
    copied
}

fn copy(from: &Path, to: &Path) -> Result<(), StorageError> {
    let failed = |e: rusqlite::Error| StorageError::Backup(e.to_string());
    let source = sqlite::open_reader(from)?;
    let mut copy = Connection::open(to).map_err(failed)?;
    // One snapshot, so that a busy database does not make the copy begin again and again.
    source.execute_batch("BEGIN DEFERRED; SELECT count(*) FROM migrations;").map_err(failed)?;
    rusqlite::backup::Backup::new(&source, &mut copy)
        .and_then(|copying| copying.run_to_completion(PAGES_PER_STEP, std::time::Duration::ZERO, None))
        .map_err(failed)?;
    let verdict: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(failed)?;
    if verdict != "ok" {
        return Err(StorageError::Backup(format!("the copy is not whole: {verdict}")));
    }
    copy.close().map_err(|(_, e)| failed(e))
}
