//! A connection, the statements prepared on it, and how values travel over it.

use crate::session::{Columns, Row};
use crate::value::Value;
use crate::{Statement, StorageError};
use postgres::error::SqlState;
use postgres::types::{FromSql, ToSql};
use std::collections::HashMap;
use std::error::Error;

/// A connection and the statements prepared on it.
pub(crate) struct PostgresSession {
    pub(crate) client: postgres::Client,
    prepared: HashMap<&'static str, postgres::Statement>,
    /// What went wrong that is no fault of the closure's, so that it is worth another try.
    pub(crate) trouble: Option<Trouble>,
}

/// A reason to run closures again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Another transaction was in the way.
    Conflict,
    /// The connection is gone.
    Lost,
}

impl PostgresSession {
    pub(crate) fn new(client: postgres::Client) -> Self {
        Self { client, prepared: HashMap::new(), trouble: None }
    }

    pub(crate) fn execute(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        let prepared = self.prepare(statement)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        self.client.execute(&prepared, &params).map_err(|e| self.error(statement, &e))
    }

    pub(crate) fn query(
        &mut self,
        statement: &'static Statement,
        params: &[Value<'_>],
        take: &mut dyn FnMut(&Row<'_>) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        let prepared = self.prepare(statement)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        let rows = self.client.query(&prepared, &params).map_err(|e| self.error(statement, &e))?;
        rows.iter().try_for_each(|row| take(&Row { columns: Columns::Postgres(row), statement }))
    }

    /// Proves that the server understands a statement and that its columns are of sorts that can be read.
    pub(crate) fn check(&mut self, statement: &'static Statement) -> Result<(), StorageError> {
        let prepared = self.prepare(statement)?;
        let strange =
            prepared.columns().iter().find(|column| !<Value<'_> as FromSql>::accepts(column.type_()));
        strange.map_or(Ok(()), |column| {
            let reason = format!("column {} is of the type {}", column.name(), column.type_());
            Err(StorageError::Statement { at: statement.to_string(), reason })
        })
    }

    /// The prepared statement, from this connection's cache. The cache is bounded by the statements in the program.
    pub(crate) fn prepare(
        &mut self,
        statement: &'static Statement,
    ) -> Result<postgres::Statement, StorageError> {
        if let Some(prepared) = self.prepared.get(statement.postgres()) {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare(statement.postgres()).map_err(|e| self.error(statement, &e))?;
        self.prepared.insert(statement.postgres(), prepared.clone());
        Ok(prepared)
    }

    fn error(&mut self, statement: &'static Statement, e: &postgres::Error) -> StorageError {
        let at = statement.to_string();
        self.trouble = self.trouble.or_else(|| trouble(e));
        match e.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => StorageError::NotUnique { at },
            Some(&SqlState::FOREIGN_KEY_VIOLATION) => StorageError::BrokenReference { at },
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => StorageError::ReadOnly { at },
            _ => StorageError::Statement { at, reason: words(e) },
        }
    }
}

/// Whether an error is worth another try.
pub(crate) fn trouble(e: &postgres::Error) -> Option<Trouble> {
    match e.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
            Some(Trouble::Conflict)
        }
        Some(&SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW) => {
            Some(Trouble::Lost)
        }
        // Another node has changed a table under a prepared statement: a new connection prepares it anew.
        Some(&SqlState::FEATURE_NOT_SUPPORTED) if words(e).starts_with("cached plan") => Some(Trouble::Lost),
        Some(_) => None,
        None => (e.is_closed() || e.source().is_some_and(<dyn Error>::is::<std::io::Error>))
            .then_some(Trouble::Lost),
    }
}

/// What the server said, without the detail line, which quotes values.
pub(crate) fn words(e: &postgres::Error) -> String {
    match e.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => match e.source() {
            Some(source) => format!("{e}: {source}"),
            None => e.to_string(),
        },
    }
}
