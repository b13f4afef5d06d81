//! How values travel to and from PostgreSQL.

use crate::value::{Mismatch, Value};
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use std::borrow::Cow;
use std::error::Error;

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
    let sign = match sign {
        0 => "",
        0x4000 => "-",
        _ => return Err("a NUMERIC that is not a number".into()),
    };
    let digits: Vec<u16> = words.collect();
    // How many powers of 10 the last digit weighs.
    let last = (i64::from(weight) + 1 - i64::try_from(digits.len())?) * 4;
    let mut text = digits.iter().fold(sign.to_owned() + "0", |text, digit| format!("{text}{digit:04}"));
    if decimals > 0 {
        // As text, because the standard library reads it without rounding twice.
        return Ok(Value::Double(format!("{text}e{last}").parse()?));
    }
    text.extend(std::iter::repeat_n('0', usize::try_from(if digits.is_empty() { 0 } else { last })?));
    Ok(Value::Bigint(text.parse()?))
}

/// One column of a row.
pub(crate) fn column(row: &postgres::Row, column: usize) -> Result<Value<'_>, Mismatch> {
    if column >= row.len() {
        return Err(Mismatch { wanted: "a column", found: "none" });
    }
    row.try_get(column).map_err(|_| Mismatch { wanted: "a known column type", found: "another" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[i16]) -> Value<'static> {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        numeric(&raw).unwrap()
    }

    #[test]
    fn sums_and_means_are_read_as_sqlite_gives_them() {
        // Count, weight, sign, decimals, digits: as the server sends them.
        assert_eq!(read(&[0, 0, 0, 0]), Value::Bigint(0));
        assert_eq!(read(&[1, 1, 0, 0, 3]), Value::Bigint(30_000));
        assert_eq!(read(&[2, 1, 0x4000, 0, 1, 42]), Value::Bigint(-10_042));
        assert_eq!(read(&[2, 0, 0, 4, 2, 5_000]), Value::Double(2.5));
        assert_eq!(read(&[1, -1, 0, 4, 5]), Value::Double(0.0005));
        assert_eq!(read(&[0, 0, 0, 16]), Value::Double(0.0));
        assert!(numeric(&[0, 0, 0, 0, 0xC0, 0, 0, 0]).is_err(), "NaN");
        assert!(numeric(&[0, 1]).is_err());
    }
}
