//! An open transaction.

use crate::engines::postgres::{self, PostgresSession};
use crate::engines::sqlite;
use crate::timeline::Announcement;
use crate::value::{FromValue, Value};
use crate::{Statement, StorageError};

/// An open transaction, lent to a closure. Cannot outlive it, and cannot be held over an `.await`.
///
/// When a statement fails, the whole closure's work is lost on both engines: further statements fail with
/// [`StorageError::AlreadyFailed`], and so does a closure that returns `Ok` all the same. What is expected to be there
/// already is inserted with `ON CONFLICT DO NOTHING`.
pub struct Session<'a> {
    pub(crate) engine: Engine<'a>,
    pub(crate) writes: bool,
    pub(crate) failed: bool,
    pub(crate) announcements: Vec<Announcement>,
}

pub(crate) enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut PostgresSession),
}

/// One row of an answer.
pub struct Row<'a> {
    pub(crate) columns: Columns<'a>,
    pub(crate) statement: &'static Statement,
}

pub(crate) enum Columns<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// Reads a column, counted from 0.
    ///
    /// # Errors
    /// [`StorageError::Column`] if it is not there or holds something else than a `T`.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, StorageError> {
        let value = match &self.columns {
            Columns::Sqlite(row) => sqlite::column(row, column),
            Columns::Postgres(row) => postgres::column(row, column),
        };
        value.and_then(T::from_value).map_err(|mismatch| StorageError::Column {
            at: self.statement.to_string(),
            column,
            mismatch,
        })
    }
}

impl<'a> Session<'a> {
    pub(crate) fn new(engine: Engine<'a>, writes: bool) -> Self {
        Self { engine, writes, failed: false, announcements: Vec::new() }
    }

    /// Whether this session may write.
    #[must_use]
    pub const fn writes(&self) -> bool {
        self.writes
    }

    /// Runs a statement that gives no rows, and tells how many rows it changed.
    ///
    /// # Errors
    /// [`StorageError::ReadOnly`] on a session that only reads, otherwise what the engine says.
    pub fn execute(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        if !self.writes {
            self.failed = true;
            return Err(StorageError::ReadOnly { at: statement.to_string() });
        }
        self.guarded(statement, params, |engine| match engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, statement, params),
            Engine::Postgres(session) => session.execute(statement, params),
        })
    }

    /// All rows of the answer, each read by `read`.
    ///
    /// # Errors
    /// What the engine says, or what `read` returns.
    pub fn rows<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        self.guarded(statement, params, |engine| {
            let mut found = Vec::new();
            let mut take = |row: &Row<'_>| {
                found.push(read(row)?);
                Ok(())
            };
            match engine {
                Engine::Sqlite(connection) => sqlite::query(connection, statement, params, &mut take)?,
                Engine::Postgres(session) => session.query(statement, params, &mut take)?,
            }
            Ok(found)
        })
    }

    /// The row of an answer that has at most one.
    ///
    /// # Errors
    /// [`StorageError::NotOneRow`] if there are more, otherwise as [`Session::rows`].
    pub fn row<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let mut rows = self.rows(statement, params, read)?;
        if rows.len() > 1 {
            return Err(StorageError::NotOneRow { at: statement.to_string(), found: "more" });
        }
        Ok(rows.pop())
    }

    /// The row of an answer that has exactly one.
    ///
    /// # Errors
    /// [`StorageError::NotOneRow`] if there is none or there are more, otherwise as [`Session::rows`].
    pub fn the_row<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.row(statement, params, read)?
            .ok_or_else(|| StorageError::NotOneRow { at: statement.to_string(), found: "none" })
    }

    /// Proves that the engine understands a statement, without running it.
    pub(crate) fn check(&mut self, statement: &'static Statement) -> Result<(), StorageError> {
        self.guarded(statement, &[], |engine| match engine {
            Engine::Sqlite(connection) => sqlite::check(connection, statement),
            Engine::Postgres(session) => session.check(statement),
        })
    }

    /// What went wrong on the connection so far, if it is worth another try.
    pub(crate) fn trouble(&self) -> Option<postgres::Trouble> {
        match &self.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(session) => session.trouble,
        }
    }

    /// Refuses what cannot be bound, and remembers a failure: PostgreSQL would refuse all that follows, so SQLite must.
    fn guarded<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
        run: impl FnOnce(&mut Engine<'a>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        if self.failed {
            return Err(StorageError::AlreadyFailed);
        }
        let unfit = params.iter().zip(1..).find_map(|(value, position)| match value {
            Value::Unfit(reason) => Some(StorageError::Unfit {
                at: statement.to_string(),
                position,
                reason: (*reason).to_owned(),
            }),
            _ => None,
        });
        let outcome = match unfit {
            Some(refused) => Err(refused),
            None => run(&mut self.engine),
        };
        self.failed = outcome.is_err();
        outcome
    }
}
