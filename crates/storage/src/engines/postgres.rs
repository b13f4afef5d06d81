//! PostgreSQL: the same threads and batches as on SQLite, over a connection that may be lost.

use crate::session::{Columns, Row};
use crate::value::{Mismatch, Value};
use crate::{Statement, StorageError};
use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use std::borrow::Cow;
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

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Boolean(yes), &Type::BOOL) => yes.to_sql(ty, out),
            (Self::Bigint(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Bigint(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a whole number bound to a double, as SQLite does it"
            )]
            (Self::Bigint(number), &Type::FLOAT8) => (*number as f64).to_sql(ty, out),
            (Self::Double(number), &Type::FLOAT8) => number.to_sql(ty, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR) => text.as_ref().to_sql(ty, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.as_ref().to_sql(ty, out),
            (Self::Uuid(id), &Type::UUID) => id.to_sql(ty, out),
            (Self::Unfit(reason), _) => Err((*reason).into()),
            (value, ty) => Err(format!("{} is bound where {ty} is wanted", value.sort()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Which sort fits depends on the value, so it is decided there, with a better message.
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Value<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Self::Boolean(bool::from_sql(ty, raw)?),
            Type::INT8 => Self::Bigint(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Bigint(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Bigint(i16::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Self::Double(f64::from_sql(ty, raw)?),
            Type::NUMERIC => numeric(raw)?,
            Type::BYTEA => Self::Bytes(Cow::Borrowed(raw)),
            Type::UUID => Self::Uuid(uuid::Uuid::from_sql(ty, raw)?),
            _ => Self::Text(Cow::Borrowed(<&str>::from_sql(ty, raw)?)),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::BOOL
                | Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::FLOAT8
                | Type::NUMERIC
                | Type::BYTEA
                | Type::UUID
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

/// NUMERIC, which is what PostgreSQL makes of SUM and AVG over BIGINT: a whole number where it has no decimals, as
/// SQLite gives, else a double. The form is that of `numeric_send`: digits in base 10 000, the first weighing
/// 10 000^weight.
fn numeric(raw: &[u8]) -> Result<Value<'static>, Box<dyn Error + Sync + Send>> {
    let mut words = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let mut header = || words.next().ok_or("a NUMERIC without a header");
    let (_count, weight, sign, decimals) = (header()?, header()?.cast_signed(), header()?, header()?);
    let negative = match sign {
        0 => false,
        0x4000 => true,
        _ => return Err("a NUMERIC that is not a number".into()),
    };
    let digits: Vec<u16> = words.collect();
    if decimals == 0 {
        let mut whole: i128 = 0;
        for place in 0..=weight.max(-1) {
            let digit = usize::try_from(place).ok().and_then(|i| digits.get(i)).copied().unwrap_or(0);
            whole = whole
                .checked_mul(10_000)
                .and_then(|n| n.checked_add(digit.into()))
                .ok_or("a NUMERIC too large")?;
        }
        return Ok(Value::Bigint(i64::try_from(if negative { -whole } else { whole })?));
    }
    let mut number = 0.0;
    for (digit, place) in digits.iter().zip(0_i32..) {
        number += f64::from(*digit) * 10_000_f64.powi(i32::from(weight) - place);
    }
    Ok(Value::Double(if negative { -number } else { number }))
}

/// One column of a row.
pub(crate) fn column(row: &postgres::Row, column: usize) -> Result<Value<'_>, Mismatch> {
    if column >= row.len() {
        return Err(Mismatch { wanted: "a column", found: "none" });
    }
    row.try_get(column).map_err(|_| Mismatch { wanted: "a known column type", found: "another" })
}
