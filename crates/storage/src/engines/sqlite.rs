//! SQLite: one writer thread with group commit, and a few threads that read snapshots.

use crate::session::{Columns, Engine, Row};
use crate::timeline::Announcement;
use crate::value::{Mismatch, Value};
use crate::work::{Ran, Work};
use crate::{Session, Statement, StorageError};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi, types::ValueRef};
use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How many prepared statements a connection keeps.
const STATEMENTS_PREPARED_MAX: usize = 512;
/// How long to wait for another process (a command at the terminal, a backup) that holds the database.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(10);

/// How much of the database each connection keeps in memory, in KiB.
const CACHE_KIB: i64 = 16_384;

/// Makes a file that only its owner may read, unless it is there. What SQLite puts beside it is as private.
pub(crate) fn make_private(path: &Path, must_be_new: bool) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false).create_new(must_be_new);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Opens the one connection that writes.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StorageError> {
    make_private(path, false).map_err(|e| cannot_open(path, &e))?;
    let writer = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, |connection| {
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
    })?;
    let mode: String =
        writer.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(|e| cannot_open(path, &e))?;
    if mode == "wal" {
        Ok(writer)
    } else {
        Err(cannot_open(path, &"it must lie on a local disk (no WAL here)"))
    }
}

/// Opens a connection that only reads. The writer must have opened the database before.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StorageError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, |connection| {
        connection.execute_batch("PRAGMA query_only = ON;")
    })
}

fn open(
    path: &Path,
    flags: OpenFlags,
    set_up: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<Connection, StorageError> {
    let opened =
        Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).and_then(|connection| {
            connection.busy_timeout(BUSY_WAIT_MAX)?;
            // As PostgreSQL has it, so that a search finds the same on both.
            connection.execute_batch("PRAGMA case_sensitive_like = ON;")?;
            connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS_PREPARED_MAX);
            set_up(&connection)?;
            Ok(connection)
        });
    opened.map_err(|e| cannot_open(path, &e))
}

fn cannot_open(path: &Path, why: &dyn std::fmt::Display) -> StorageError {
    StorageError::Open { database: path.display().to_string(), reason: why.to_string() }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value as Owned};
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Boolean(yes) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*yes))),
            Self::Bigint(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Double(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Uuid(id) => ToSqlOutput::Owned(Owned::Blob(id.as_bytes().to_vec())),
            Self::Unfit(reason) => return Err(rusqlite::Error::ToSqlConversionFailure((*reason).into())),
        })
    }
}

/// One column of a row.
pub(crate) fn column<'r>(row: &'r rusqlite::Row<'r>, column: usize) -> Result<Value<'r>, Mismatch> {
    let missing = Mismatch { wanted: "a column", found: "none" };
    Ok(match row.get_ref(column).map_err(|_| missing)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Bigint(number),
        ValueRef::Real(number) => Value::Double(number),
        ValueRef::Text(text) => Value::Text(Cow::Borrowed(
            std::str::from_utf8(text).map_err(|_| Mismatch { wanted: "TEXT", found: "broken UTF-8" })?,
        )),
        ValueRef::Blob(bytes) => Value::Bytes(Cow::Borrowed(bytes)),
    })
}

pub(crate) fn execute(
    connection: &Connection,
    statement: &'static Statement,
    params: &[Value<'_>],
) -> Result<u64, StorageError> {
    let changed = connection
        .prepare_cached(statement.sqlite())
        .and_then(|mut prepared| prepared.execute(rusqlite::params_from_iter(params)));
    changed.map(|n| n as u64).map_err(|e| error(statement, &e))
}

pub(crate) fn query(
    connection: &Connection,
    statement: &'static Statement,
    params: &[Value<'_>],
    take: &mut dyn FnMut(&Row<'_>) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let failed = |e: rusqlite::Error| error(statement, &e);
    let mut prepared = connection.prepare_cached(statement.sqlite()).map_err(failed)?;
    let mut rows = prepared.query(rusqlite::params_from_iter(params)).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        take(&Row { columns: Columns::Sqlite(row), statement })?;
    }
    Ok(())
}

/// Proves that the engine understands a statement.
pub(crate) fn check(connection: &Connection, statement: &'static Statement) -> Result<(), StorageError> {
    connection.prepare(statement.sqlite()).map(drop).map_err(|e| error(statement, &e))
}

fn error(statement: &'static Statement, e: &rusqlite::Error) -> StorageError {
    let at = statement.to_string();
    let Some(sqlite) = e.sqlite_error() else {
        return StorageError::Statement { at, reason: e.to_string() };
    };
    match (sqlite.code, sqlite.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            StorageError::NotUnique { at }
        }
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => StorageError::BrokenReference { at },
        (ErrorCode::ReadOnly, _) => StorageError::ReadOnly { at },
        _ => StorageError::Statement { at, reason: e.to_string() },
    }
}

/// The writer thread: takes what has queued up, commits it as one transaction, announces and replies.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) queue: mpsc::Receiver<Box<dyn Work>>,
    pub(crate) announce: Box<dyn Fn(Vec<Announcement>) + Send>,
    pub(crate) batch_max: usize,
    pub(crate) batch_time_max: Duration,
}

impl Writer {
    /// Runs until every sender of the queue is gone.
    pub(crate) fn run(mut self) {
        while let Some(first) = self.queue.blocking_recv() {
            self.batch(first);
        }
    }

    fn batch(&mut self, first: Box<dyn Work>) {
        if let Err(e) = self.connection.execute_batch("BEGIN IMMEDIATE") {
            first.reply(Err(StorageError::NotCommitted(e.to_string())));
            return;
        }
        let began = Instant::now();
        let mut done = Vec::new();
        let mut announcements = Vec::new();
        let mut next = Some(first);
        while let Some(mut work) = next.take() {
            self.run_in_savepoint(&mut *work, &mut announcements);
            done.push(work);
            let room = done.len() < self.batch_max && began.elapsed() < self.batch_time_max;
            // An engine that is out of disk or memory has rolled everything back by itself.
            if room && !self.connection.is_autocommit() {
                next = self.queue.try_recv().ok();
            }
        }
        let fate = self.commit();
        crate::database::measure_batch(done.len(), began.elapsed());
        if fate.is_ok() && !announcements.is_empty() {
            (self.announce)(announcements);
        }
        for work in done {
            work.reply(fate.clone());
        }
    }

    fn run_in_savepoint(&self, work: &mut dyn Work, announcements: &mut Vec<Announcement>) {
        let begun = self.statement("SAVEPOINT one_closure");
        if begun.is_err() {
            // Only when the engine has rolled the transaction back; the commit then fails and says why.
            return;
        }
        let mut session = Session::new(Engine::Sqlite(&self.connection), true);
        let ran = work.run(&mut session);
        let announced = std::mem::take(&mut session.announcements);
        let ended = match ran {
            Ran::Keep => self.statement("RELEASE one_closure"),
            Ran::RollBack => {
                self.statement("ROLLBACK TO one_closure").and_then(|()| self.statement("RELEASE one_closure"))
            }
        };
        if let Err(e) = ended {
            tracing::error!(error = %e, "a savepoint could not be ended");
            let _ = self.connection.execute_batch("ROLLBACK");
        } else if ran == Ran::Keep {
            announcements.extend(announced);
        }
    }

    fn statement(&self, text: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(text)?.execute([]).map(drop)
    }

    fn commit(&self) -> Result<(), StorageError> {
        let committed = self.connection.execute_batch("COMMIT");
        if committed.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        committed.map_err(|e| StorageError::NotCommitted(e.to_string()))
    }
}

/// Runs one closure on a snapshot.
pub(crate) fn read(connection: &Connection, mut work: Box<dyn Work>) {
    if let Err(e) = connection.execute_batch("BEGIN DEFERRED") {
        work.reply(Err(StorageError::Unreachable(e.to_string())));
        return;
    }
    let mut session = Session::new(Engine::Sqlite(connection), false);
    work.run(&mut session);
    let ended = connection.execute_batch("ROLLBACK");
    work.reply(ended.map_err(|e| StorageError::Unreachable(e.to_string())));
}
