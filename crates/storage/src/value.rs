//! What goes into a statement and comes out of a row, alike on both engines.

use newtype_uuid::{GenericUuid as _, TypedUuid, TypedUuidKind};
use std::borrow::Cow;
use uuid::Uuid;
use vocabulary::{Timestamp, civil};

/// One value on its way into or out of a database. The names are those of the column types.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// BOOLEAN. SQLite gives it back as a number.
    Boolean(bool),
    /// BIGINT.
    Bigint(i64),
    /// DOUBLE PRECISION.
    Double(f64),
    /// TEXT.
    Text(Cow<'a, str>),
    /// BYTEA.
    Bytes(Cow<'a, [u8]>),
    /// UUID. SQLite keeps it as 16 bytes and gives it back as such.
    Uuid(Uuid),
    /// What no column can hold; refused by both engines, with the reason.
    Unfit(&'static str),
}

impl Value<'_> {
    /// What sort of value it is. Never the value itself, which may be personal.
    #[must_use]
    pub const fn sort(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Boolean(_) => "BOOLEAN",
            Self::Bigint(_) => "BIGINT",
            Self::Double(_) => "DOUBLE PRECISION",
            Self::Text(_) => "TEXT",
            Self::Bytes(_) => "BYTEA",
            Self::Uuid(_) => "UUID",
            Self::Unfit(_) => "unfit",
        }
    }
}

/// What can be bound to a parameter.
pub trait ToValue {
    /// The value as bound.
    fn to_value(&self) -> Value<'_>;
}

/// Why a value could not be read as what was asked for. Tells sorts, never contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found} where {wanted} was wanted")]
pub struct Mismatch {
    /// What was asked for.
    pub wanted: &'static str,
    /// What was there.
    pub found: &'static str,
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// [`Mismatch`] if the value is of another sort or out of range.
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch>;
}

/// The parameters of a statement, in order.
///
/// Takes each by reference, so that a closure that may be run again keeps what it binds.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::ToValue::to_value(&$value)),*] as &[$crate::Value<'_>]
    };
}

/// Lets an enum with `as_str()` and `FromStr` be bound and read as TEXT.
#[macro_export]
macro_rules! word_value {
    ($($word:ty),+ $(,)?) => {$(
        impl $crate::ToValue for $word {
            fn to_value(&self) -> $crate::Value<'_> {
                $crate::Value::Text(::std::borrow::Cow::Borrowed(self.as_str()))
            }
        }

        impl $crate::FromValue for $word {
            fn from_value(value: $crate::Value<'_>) -> Result<Self, $crate::Mismatch> {
                let refused = |found| $crate::Mismatch { wanted: stringify!($word), found };
                match value {
                    $crate::Value::Text(text) => text.parse().map_err(|_| refused("another word")),
                    other => Err(refused(other.sort())),
                }
            }
        }
    )+};
}

word_value!(
    vocabulary::Role,
    vocabulary::Channel,
    vocabulary::CaseStatus,
    vocabulary::CaseOutcome,
    vocabulary::ContactOutcome,
    vocabulary::SecrecyClass,
    vocabulary::Priority,
    vocabulary::AwayReason,
    vocabulary::Parameter,
    vocabulary::Language,
);

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        T::to_value(self)
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        self.clone()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        if self.contains('\0') {
            Value::Unfit("a text must not hold the character NUL")
        } else {
            Value::Text(Cow::Borrowed(self))
        }
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        self.as_str().to_value()
    }
}

impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value<'_> {
        str::to_value(self)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Text(text) => Ok(text.into_owned()),
            other => Err(Mismatch { wanted: "TEXT", found: other.sort() }),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            other => Err(Mismatch { wanted: "BYTEA", found: other.sort() }),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(bytes) => <[u8; N]>::try_from(bytes.as_ref()).map_err(|_| Mismatch {
                wanted: "BYTEA of a fixed length",
                found: "BYTEA of another length",
            }),
            other => Err(Mismatch { wanted: "BYTEA of a fixed length", found: other.sort() }),
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Boolean(*self)
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Boolean(yes) => Ok(yes),
            Value::Bigint(0) => Ok(false),
            Value::Bigint(1) => Ok(true),
            other => Err(Mismatch { wanted: "BOOLEAN", found: other.sort() }),
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value<'_> {
        // SQLite turns NaN into NULL and PostgreSQL does not.
        if self.is_nan() { Value::Unfit("NaN is not a number") } else { Value::Double(*self) }
    }
}

impl FromValue for f64 {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Double(number) => Ok(number),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a sum or mean of whole numbers asked for as a double"
            )]
            Value::Bigint(number) => Ok(number as f64),
            other => Err(Mismatch { wanted: "DOUBLE PRECISION", found: other.sort() }),
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value<'_> {
                i64::try_from(*self).map_or(Value::Unfit("the number is too large for BIGINT"), Value::Bigint)
            }
        }

        impl FromValue for $number {
            fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
                match value {
                    Value::Bigint(number) => <$number>::try_from(number).map_err(|_| Mismatch {
                        wanted: stringify!($number),
                        found: "a number out of range",
                    }),
                    other => Err(Mismatch { wanted: stringify!($number), found: other.sort() }),
                }
            }
        }
    )*};
}

whole_numbers!(i64, i32, i16, u64, u32, u16, u8, usize);

impl ToValue for Uuid {
    fn to_value(&self) -> Value<'_> {
        Value::Uuid(*self)
    }
}

impl FromValue for Uuid {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Uuid(id) => Ok(id),
            Value::Bytes(bytes) => Self::from_slice(&bytes)
                .map_err(|_| Mismatch { wanted: "UUID", found: "BYTEA of another length" }),
            other => Err(Mismatch { wanted: "UUID", found: other.sort() }),
        }
    }
}

impl<K: TypedUuidKind> ToValue for TypedUuid<K> {
    fn to_value(&self) -> Value<'_> {
        Value::Uuid(self.into_untyped_uuid())
    }
}

impl<K: TypedUuidKind> FromValue for TypedUuid<K> {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        Uuid::from_value(value).map(Self::from_untyped_uuid)
    }
}

impl ToValue for Timestamp {
    /// Whole microseconds since 1970; what is finer is cut.
    fn to_value(&self) -> Value<'_> {
        Value::Bigint(self.as_microsecond())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        let micros = i64::from_value(value)?;
        Self::from_microsecond(micros)
            .map_err(|_| Mismatch { wanted: "an instant", found: "a number out of range" })
    }
}

impl ToValue for civil::Date {
    /// `YYYY-MM-DD`.
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(self.to_string()))
    }
}

impl FromValue for civil::Date {
    fn from_value(value: Value<'_>) -> Result<Self, Mismatch> {
        match value {
            Value::Text(text) => {
                text.parse().map_err(|_| Mismatch { wanted: "a day (YYYY-MM-DD)", found: "another text" })
            }
            other => Err(Mismatch { wanted: "a day (YYYY-MM-DD)", found: other.sort() }),
        }
    }
}
