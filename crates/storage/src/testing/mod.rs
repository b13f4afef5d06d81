//! Databases for tests: each test has its own.

mod cluster;

pub use cluster::Cluster;

use crate::{Database, STATEMENTS, StorageConfig, StorageError};
use std::io::Write as _;
use std::ops::Deref;
use std::sync::OnceLock;
use vocabulary::{Chance as _, SystemChance};

/// Set to `required`, it makes a missing PostgreSQL a failure.
pub const POSTGRES_VARIABLE: &str = "LOTS_TEST_POSTGRES";
/// The address of a server to use instead of a cluster of our own. Its user must be allowed to create databases.
pub const POSTGRES_URL_VARIABLE: &str = "LOTS_TEST_POSTGRES_URL";

/// A database of a test's own, gone when it is dropped.
pub struct TestDatabase {
    /// None only while it is dropped.
    db: Option<Database>,
    place: Place,
}

enum Place {
    Folder(#[expect(dead_code, reason = "kept until the database is closed")] tempfile::TempDir),
    Server { admin_url: String, name: String },
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        self.db.as_ref().expect("there until it is dropped")
    }
}

impl TestDatabase {
    /// The database, to hand on.
    #[must_use]
    pub fn database(&self) -> Database {
        Database::clone(self)
    }

    /// Opens it once more, as another node would.
    ///
    /// # Panics
    /// If that cannot be done.
    #[must_use]
    pub fn another_node(&self) -> Database {
        Database::open(self.config()).unwrap_or_else(|e| panic!("another node on the test's database: {e}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.db = None;
        if let Place::Server { admin_url, name } = &self.place {
            // A server that is gone has nothing left to tidy.
            let _ = administer(admin_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
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
    TestDatabase { db: Some(db), place: Place::Folder(folder) }
}

/// Says aloud that `what` is not tested for want of a server; past the test harness, which keeps what passing tests say
/// to itself.
///
/// # Panics
/// With `LOTS_TEST_POSTGRES=required`.
pub fn skipped(what: &str, why: &str) {
    let required = std::env::var(POSTGRES_VARIABLE).is_ok_and(|value| value == "required");
    assert!(!required, "PostgreSQL is required for {what}: {why}");
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}, for want of a PostgreSQL server: {why}");
}

/// A new PostgreSQL database; none, said aloud, where there is no server to be had.
///
/// The server is the one of `LOTS_TEST_POSTGRES_URL`, or a throw-away cluster of this process.
///
/// # Panics
/// If there should be one: with `LOTS_TEST_POSTGRES=required`, or when the server does not do as told.
#[must_use]
pub fn postgres() -> Option<TestDatabase> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    if let Ok(url) = std::env::var(POSTGRES_URL_VARIABLE) {
        return Some(postgres_at(&url));
    }
    let cluster = CLUSTER.get_or_init(|| match Cluster::start() {
        Ok(cluster) => Some(cluster),
        Err(why) => {
            skipped("the PostgreSQL half of these tests", &why);
            None
        }
    });
    cluster.as_ref().map(|cluster| postgres_at(&cluster.url()))
}

/// A new database on the server at `admin_url`.
///
/// # Panics
/// If the server does not do as told.
#[must_use]
pub fn postgres_at(admin_url: &str) -> TestDatabase {
    let mut random = [0_u8; 8];
    SystemChance.fill(&mut random);
    let name = format!("lots_test_{:016x}", u64::from_le_bytes(random));
    administer(admin_url, &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        .unwrap_or_else(|e| panic!("a database for the test: {e}"));
    let config = StorageConfig::Postgres { url: with_database(admin_url, &name) };
    let db = Database::open(&config).unwrap_or_else(|e| panic!("a database for the test: {e}"));
    TestDatabase { db: Some(db), place: Place::Server { admin_url: admin_url.to_owned(), name } }
}

/// The address of another database on the same server. What comes last counts.
fn with_database(url: &str, name: &str) -> String {
    match (url.contains("://"), url.contains('?')) {
        (false, _) => format!("{url} dbname={name}"),
        (true, false) => format!("{url}?dbname={name}"),
        (true, true) => format!("{url}&dbname={name}"),
    }
}

/// Runs one statement on a thread of its own, since the driver must not run on an async worker.
fn administer(url: &str, statement: &str) -> Result<(), ::postgres::Error> {
    std::thread::scope(|scope| {
        let run = || ::postgres::Client::connect(url, ::postgres::NoTls)?.batch_execute(statement);
        scope.spawn(run).join().expect("the driver does not panic")
    })
}

/// A new database on each engine there is.
#[must_use]
pub fn both() -> Vec<TestDatabase> {
    std::iter::once(sqlite()).chain(postgres()).collect()
}

/// What the two engines do differently without either refusing it, and what to do instead.
const NOT_ALIKE: &[(&str, &str)] = &[
    ("LOWER(", "SQLite's knows only ASCII: fold in Rust"),
    ("UPPER(", "SQLite's knows only ASCII: fold in Rust"),
    ("AVG(", "the last digit differs: select SUM and COUNT and divide in Rust"),
    ("RANDOM(", "take chance from vocabulary::Chance"),
    ("CURRENT_", "take the time from vocabulary::Clock"),
    ("RAISE(", "SQLite only"),
];

/// Lets the engine prepare every statement written with [`sql!`](crate::sql) in the crates that are linked in; gives
/// what it did not understand, and what the engines would do differently. Blocks meanwhile.
///
/// Only what the linker keeps is seen, so a test that wants all of a crate must use something of it.
#[must_use]
pub fn prepare_every_statement(db: &Database) -> Vec<StorageError> {
    let refused = STATEMENTS.iter().filter_map(|statement| {
        let refusal = |reason: String| StorageError::Statement { at: format!("{statement:?}"), reason };
        let text = statement.postgres().to_uppercase();
        if let Some((word, instead)) = NOT_ALIKE.iter().find(|(word, _)| text.contains(word)) {
            return Some(refusal(format!("{word} {instead}")));
        }
        // A session each: one that has failed says no more.
        let checked: Result<(), StorageError> = db.read_blocking(move |s| s.check(statement));
        checked.err().map(|e| refusal(format!("{:?}: {e}", db.engine())))
    });
    refused.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_understand_every_statement_of_this_crate() {
        for db in both() {
            assert_eq!(prepare_every_statement(&db), []);
        }
    }

    #[test]
    fn a_database_is_chosen_in_either_form_of_address() {
        for (url, expected) in [
            ("host=/tmp user=lots", "host=/tmp user=lots dbname=x"),
            ("postgresql://a:b@c/d", "postgresql://a:b@c/d?dbname=x"),
            ("postgresql://a:b@c/d?sslmode=prefer", "postgresql://a:b@c/d?sslmode=prefer&dbname=x"),
        ] {
            assert_eq!(with_database(url, "x"), expected);
            let config: ::postgres::Config = expected.parse().unwrap();
            assert_eq!(config.get_dbname(), Some("x"), "{expected}");
        }
    }
}
