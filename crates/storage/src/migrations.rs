//! Brings a database to the newest schema, once, however many nodes start at the same time.

use crate::StorageError;

/// One step of the schema. The same text runs on both engines.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1 without gaps.
    pub number: i64,
    /// What it is for, as in the name of its file.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// All of them, oldest first. Never edit one that has landed: add the next.
pub const ALL: &[Migration] = &[
    Migration { number: 1, name: "house", sql: include_str!("../../../migrations/0001_house.sql") },
    Migration {
        number: 2,
        name: "search and lists",
        sql: include_str!("../../../migrations/0002_search_and_lists.sql"),
    },
];

/// Where it is written down which migrations a database has had.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

/// FNV-1a over the text with line ends made alike: it guards against an edit by mistake, not against malice.
fn checksum(sql: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in sql.bytes().filter(|byte| *byte != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// Which of `known` are still to be run, given what `applied` says was.
fn missing<'m>(known: &'m [Migration], applied: &[(i64, String)]) -> Result<&'m [Migration], StorageError> {
    let refused = |number, reason: &str| Err(StorageError::Migration { number, reason: reason.to_owned() });
    for (place, (number, was)) in applied.iter().enumerate() {
        match known.get(place) {
            None => {
                return refused(
                    *number,
                    "the database is newer than this program; start a newer version of it",
                );
            }
            Some(migration) if migration.number != *number => {
                return refused(*number, "the database has another sequence of migrations than this program");
            }
            Some(migration) if checksum(migration.sql) != *was => {
                return refused(
                    *number,
                    "its text has been edited since this database ran it; put it back and add a new migration",
                );
            }
            Some(_) => {}
        }
    }
    Ok(&known[applied.len()..])
}

/// Runs what is missing of `known` in one transaction, which shuts other nodes out meanwhile.
pub(crate) fn migrate_sqlite(
    connection: &rusqlite::Connection,
    known: &[Migration],
) -> Result<(), StorageError> {
    let failed = |number| move |e: rusqlite::Error| StorageError::Migration { number, reason: e.to_string() };
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed(0))?;
    let run = || {
        connection.execute_batch(TABLE).map_err(failed(0))?;
        let applied = connection
            .prepare("SELECT number, checksum FROM migrations ORDER BY number")
            .and_then(|mut select| select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(failed(0))?;
        let applied: Vec<(i64, String)> = applied;
        for migration in missing(known, &applied)? {
            connection.execute_batch(migration.sql).map_err(failed(migration.number))?;
            connection
                .execute(
                    "INSERT INTO migrations (number, name, checksum) VALUES (?1, ?2, ?3)",
                    (migration.number, migration.name, checksum(migration.sql)),
                )
                .map_err(failed(migration.number))?;
        }
        connection.execute_batch("COMMIT").map_err(failed(0))
    };
    run().inspect_err(|_| drop(connection.execute_batch("ROLLBACK")))
}
