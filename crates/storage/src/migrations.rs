//! Brings a database to the newest schema, once, however many nodes start at the same time.

use crate::StorageError;

/// One step of the schema. The same text runs on both engines.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Rising; their order is the order they run in.
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
    Migration {
        number: 3,
        name: "follow-ups by case",
        sql: include_str!("../../../migrations/0003_follow_ups_by_case.sql"),
    },
    Migration { number: 4, name: "the whole case", sql: include_str!("../../../migrations/0004_cases.sql") },
    Migration { number: 5, name: "lists", sql: include_str!("../../../migrations/0005_lists.sql") },
    Migration { number: 6, name: "follow-up", sql: include_str!("../../../migrations/0006_follow_up.sql") },
    Migration { number: 7, name: "mail", sql: include_str!("../../../migrations/0007_mail.sql") },
    Migration {
        number: 8,
        name: "correspondence",
        sql: include_str!("../../../migrations/0008_correspondence.sql"),
    },
    Migration { number: 9, name: "errands", sql: include_str!("../../../migrations/0009_errands.sql") },
    Migration { number: 10, name: "residents", sql: include_str!("../../../migrations/0010_residents.sql") },
    Migration { number: 11, name: "processes", sql: include_str!("../../../migrations/0011_processes.sql") },
    Migration { number: 12, name: "records", sql: include_str!("../../../migrations/0012_records.sql") },
    Migration { number: 13, name: "search", sql: include_str!("../../../migrations/0013_search.sql") },
    Migration { number: 14, name: "articles", sql: include_str!("../../../migrations/0014_articles.sql") },
    Migration { number: 15, name: "searches", sql: include_str!("../../../migrations/0015_searches.sql") },
    Migration {
        number: 16,
        name: "assignments",
        sql: include_str!("../../../migrations/0016_assignments.sql"),
    },
    Migration { number: 17, name: "one step ahead", sql: include_str!("../../../migrations/0017_ahead.sql") },
    Migration { number: 18, name: "crisis", sql: include_str!("../../../migrations/0018_crisis.sql") },
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

/// Runs what is missing of `known` in one transaction, behind a lock that lets one node in at a time.
pub(crate) fn migrate_postgres(
    client: &mut postgres::Client,
    known: &[Migration],
) -> Result<(), StorageError> {
    let failed = |number| {
        move |e: postgres::Error| StorageError::Migration {
            number,
            reason: crate::engines::postgres::words(&e),
        }
    };
    let mut transaction = client.transaction().map_err(failed(0))?;
    transaction
        .batch_execute(&format!("SELECT pg_advisory_xact_lock(7020000); {TABLE}"))
        .map_err(failed(0))?;
    let applied: Vec<(i64, String)> = transaction
        .query("SELECT number, checksum FROM migrations ORDER BY number", &[])
        .map_err(failed(0))?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    for migration in missing(known, &applied)? {
        transaction.batch_execute(migration.sql).map_err(failed(migration.number))?;
        transaction
            .execute(
                "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
                &[&migration.number, &migration.name, &checksum(migration.sql)],
            )
            .map_err(failed(migration.number))?;
    }
    transaction.commit().map_err(failed(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { number: 1, name: "first", sql: "CREATE TABLE a (b BIGINT);" };
    const SECOND: Migration = Migration { number: 2, name: "second", sql: "INSERT INTO a VALUES (1);" };

    fn refusal(known: &[Migration], connection: &rusqlite::Connection) -> String {
        migrate_sqlite(connection, known).unwrap_err().to_string()
    }

    #[test]
    fn each_migration_runs_once_and_what_does_not_fit_is_refused() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        migrate_sqlite(&connection, &[FIRST]).unwrap();
        migrate_sqlite(&connection, &[FIRST, SECOND]).unwrap();
        migrate_sqlite(&connection, &[FIRST, SECOND]).unwrap();
        let rows: i64 = connection.query_row("SELECT COUNT(*) FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
        assert!(refusal(&[FIRST], &connection).contains("newer than this program"));
        let edited = Migration { sql: "CREATE TABLE a (c BIGINT);", ..FIRST };
        assert!(refusal(&[edited, SECOND], &connection).contains("has been edited"));
        let broken =
            Migration { number: 3, name: "broken", sql: "INSERT INTO a VALUES (2); INSERT INTO nowhere;" };
        assert!(refusal(&[FIRST, SECOND, broken], &connection).starts_with("migration 3: "));
        let rows: i64 = connection.query_row("SELECT COUNT(*) FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1, "a migration that fails leaves nothing");
        assert!(connection.is_autocommit());
    }

    #[test]
    fn articles_of_before_become_first_versions_that_are_read() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let before = ALL.iter().position(|migration| migration.name == "articles").unwrap();
        migrate_sqlite(&connection, &ALL[..before]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO articles (id, slug, title, answer, body, keywords, changed_at)
                 VALUES (x'01', 'sno', 'Snöröjning', 'Vi plogar.', 'Vid 5 cm.', 'plog', 7)",
            )
            .unwrap();
        migrate_sqlite(&connection, ALL).unwrap();
        let read: (String, String, i64, String, i64) = connection
            .query_row(
                "SELECT a.slug, a.state, a.live_version, v.internal_body, v.written_at FROM articles a
                 JOIN article_versions v ON v.article_id = a.id AND v.number = a.version",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
            )
            .unwrap();
        assert_eq!(read, ("sno".into(), "published".into(), 1, "Vid 5 cm.".into(), 7));
        let faults: i64 = connection
            .query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(faults, 0);
    }

    #[test]
    fn line_ends_of_another_system_are_no_edit() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a b"));
    }

    #[test]
    fn what_has_landed_is_not_edited() {
        let landed: Vec<&str> = include_str!("../../../migrations/landed.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        for (place, migration) in ALL.iter().enumerate() {
            let line = format!("{:04} {}", migration.number, checksum(migration.sql));
            match landed.get(place) {
                Some(was) => assert_eq!(
                    line, *was,
                    "migration {} has been edited: put it back and add the next one",
                    migration.number
                ),
                None => panic!("a new migration: add the line {line:?} to migrations/landed.txt"),
            }
        }
        assert_eq!(landed.len(), ALL.len());
    }

    #[test]
    fn they_are_numbered_in_rising_order() {
        assert!(ALL.is_sorted_by(|one, next| one.number < next.number));
    }
}
