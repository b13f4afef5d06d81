//! Registered cases a second on SQLite, acknowledged = on the disk, beside the same rows by the bare driver.

use crate::Fault;
use crate::centre::{Centre, case, furnish};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use storage::{Database, StorageConfig};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use vocabulary::{Actor, Clock as _, Context, SeededChance, SystemClock};

/// Who registers at the same time.
const TASKS: usize = 16;
const CASES_PER_TASK: usize = 250;
const CASES: usize = TASKS * CASES_PER_TASK;
const ROUNDS: usize = 5;

/// What one case puts into the database.
struct Rows {
    case: Vec<Value>,
    words: Vec<Vec<Value>>,
    timeline: Vec<Value>,
}

/// Takes turns, so that what else the machine does hits all alike, and tells the medians.
pub fn measure(runtime: &Runtime) -> Result<(), Fault> {
    let (mut house, mut one_each, mut batched) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("house.db");
        let before = folder.path().join("before.db");
        let db = Database::open(&StorageConfig::Sqlite { path: path.clone() })?;
        let ctx = Context::new(SystemClock.now(), Actor::System, Arc::new(SeededChance::new(1)));
        let centre = db.write_blocking(move |s| furnish(s, &ctx))?;
        storage::backup(&db, &before)?;
        house.push(runtime.block_on(register(&db, &centre))?);
        drop(db);
        let rows = rows_of(&path)?;
        one_each.push(write_bare(&fresh(&before, "one")?, &rows, 1)?);
        batched.push(write_bare(&fresh(&before, "batched")?, &rows, TASKS)?);
    }
    let (house, one_each, batched) = (median(house), median(one_each), median(batched));
    println!(
        "registering on SQLite (WAL, synchronous=FULL), acknowledged = durable, median of {ROUNDS} rounds of {CASES} cases:"
    );
    println!("  Lots, {TASKS} at once                              {house:>8.0} cases/s");
    println!(
        "  same rows, bare driver, a transaction each     {one_each:>8.0} cases/s   Lots is {:.2} of it",
        house / one_each
    );
    println!(
        "  same rows, bare driver, {TASKS} to a transaction    {batched:>8.0} cases/s   Lots is {:.2} of it",
        house / batched
    );
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

async fn register(db: &Database, centre: &Centre) -> Result<f64, Fault> {
    let chance = Arc::new(SeededChance::new(2));
    let mut tasks = JoinSet::new();
    let from = Instant::now();
    for task in 0..TASKS {
        let (db, centre, chance) = (db.clone(), centre.clone(), chance.clone());
        tasks.spawn(async move {
            for n in 0..CASES_PER_TASK {
                let cmd = case(&centre, task * CASES_PER_TASK + n, None);
                let ctx = Context::new(SystemClock.now(), Actor::User(centre.guide), chance.clone());
                db.write(move |s| cases::commands::register(s, &ctx, &cmd)).await?;
            }
            Ok::<(), Fault>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(CASES as f64 / from.elapsed().as_secs_f64())
}

/// Reads back what was written, to write the very same.
fn rows_of(path: &Path) -> rusqlite::Result<Vec<Rows>> {
    let connection = Connection::open(path)?;
    let cases = rows(&connection, "SELECT * FROM cases ORDER BY number", &[])?;
    cases
        .into_iter()
        .map(|case| {
            let id = [case[0].clone()];
            let words = rows(&connection, "SELECT * FROM case_words WHERE case_id = ?1", &id)?;
            let timeline = rows(&connection, "SELECT * FROM timeline WHERE subject_id = ?1", &id)?;
            Ok(Rows { case, words, timeline: timeline.into_iter().next().unwrap_or_default() })
        })
        .collect()
}

fn rows(connection: &Connection, sql: &str, id: &[Value]) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    statement.query_map(params_from_iter(id), |row| (0..columns).map(|n| row.get(n)).collect())?.collect()
}

/// A copy of the database as it was before the first case.
fn fresh(before: &Path, name: &str) -> std::io::Result<PathBuf> {
    let path = before.with_file_name(name).with_extension("db");
    std::fs::copy(before, &path)?;
    Ok(path)
}

/// The same rows and counters with the same pragmas and prepared statements, `batch` cases to a transaction.
fn write_bare(path: &Path, rows: &[Rows], batch: usize) -> rusqlite::Result<f64> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;",
    )?;
    let insert = |table: &str, columns: usize| {
        let marks = vec!["?"; columns].join(", ");
        format!("INSERT INTO {table} VALUES ({marks})")
    };
    let [case, word, timeline] =
        [("cases", 21), ("case_words", 2), ("timeline", 9)].map(|(t, n)| insert(t, n));
    let from = Instant::now();
    for batch in rows.chunks(batch) {
        let transaction = connection.transaction()?;
        for rows in batch {
            // The look for the client's key, and the two counters.
            transaction
                .prepare_cached("SELECT id FROM cases WHERE idempotency_key = ?1")?
                .query_row([rows.case.last()], |_| Ok(()))
                .optional()?;
            let mut count = transaction.prepare_cached(
                "INSERT INTO counters (name, value) VALUES (?1, 1)
                 ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
            )?;
            for counter in ["cases:bare", "timeline:bare"] {
                count.query_row([counter], |row| row.get::<_, i64>(0))?;
            }
            transaction.prepare_cached(&case)?.execute(params_from_iter(&rows.case))?;
            for words in &rows.words {
                transaction.prepare_cached(&word)?.execute(params_from_iter(words))?;
            }
            transaction.prepare_cached(&timeline)?.execute(params_from_iter(&rows.timeline))?;
        }
        transaction.commit()?;
    }
    Ok(rows.len() as f64 / from.elapsed().as_secs_f64())
}
