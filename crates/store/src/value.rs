//! Values and rows as both engines know them.

use gongyu_kernel::{Date, Error, Id, Millis, Result};
use std::borrow::Cow;

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// BIGINT.
    Int(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// BOOLEAN.
    Bool(bool),
    /// TEXT.
    Text(Cow<'a, str>),
    /// BYTEA or BLOB.
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// The same value, borrowing from nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Int(n) => Value::Int(n),
            Value::Real(n) => Value::Real(n),
            Value::Bool(b) => Value::Bool(b),
            Value::Text(s) => Value::Text(Cow::Owned(s.into_owned())),
            Value::Bytes(b) => Value::Bytes(Cow::Owned(b.into_owned())),
        }
    }
}

/// A value read from a row, borrowed from the driver.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// No value.
    Null,
    /// Any integer type.
    Int(i64),
    /// Any floating type.
    Real(f64),
    /// PostgreSQL's boolean; SQLite gives an integer.
    Bool(bool),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// What may be a parameter.
pub trait ToValue {
    /// The parameter's value.
    fn to_value(&self) -> Value<'_>;
}

/// What may be read from a column.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// `Error::Internal` when the column holds something else.
    fn from_value(value: ValueRef<'_>) -> Result<Self>;
}

fn wrong<T>(value: ValueRef<'_>) -> Result<T> {
    Err(Error::internal(format!("column holds {value:?}, not {}", std::any::type_name::<T>())))
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value<'_> { Value::Int(*self as i64) }
        }
        impl FromValue for $t {
            fn from_value(value: ValueRef<'_>) -> Result<Self> {
                match value {
                    ValueRef::Int(n) => Self::try_from(n).map_err(Error::internal),
                    other => wrong(other),
                }
            }
        }
    )*};
}
integers!(i64, i32, i16, u32, u16, u8, usize);

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}
impl FromValue for bool {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Bool(b) => Ok(b),
            ValueRef::Int(n) => Ok(n != 0),
            other => wrong(other),
        }
    }
}

impl ToValue for f64 {
    fn to_value(&self) -> Value<'_> {
        Value::Real(*self)
    }
}
impl FromValue for f64 {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Real(n) => Ok(n),
            ValueRef::Int(n) => Ok(n as f64),
            other => wrong(other),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}
impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}
impl FromValue for String {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Text(s) => Ok(s.to_owned()),
            other => wrong(other),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Bytes(b) => Ok(b.to_vec()),
            other => wrong(other),
        }
    }
}

impl ToValue for Id {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}
impl FromValue for Id {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        i64::from_value(value).map(Self)
    }
}
impl ToValue for Millis {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}
impl FromValue for Millis {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        i64::from_value(value).map(Self)
    }
}
impl ToValue for Date {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(self.to_string()))
    }
}
impl FromValue for Date {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Text(s) => s.parse().map_err(Error::internal),
            other => wrong(other),
        }
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}
impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        self.clone()
    }
}

/// One row of a result, alive only while it is read.
pub struct Row<'r>(pub(crate) Driver<'r>);

pub(crate) enum Driver<'r> {
    Lite(&'r rusqlite::Row<'r>),
    Pg(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The column at `index`, counted from 0.
    ///
    /// # Errors
    /// `Error::Internal` when the column is missing or of another type.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        let named = |e: Error| match e {
            Error::Internal(source) => Error::internal(format!("column {index}: {source}")),
            other => other,
        };
        self.value(index).and_then(T::from_value).map_err(named)
    }

    fn value(&self, index: usize) -> Result<ValueRef<'_>> {
        use rusqlite::types::ValueRef as L;
        Ok(match self.0 {
            Driver::Lite(row) => match row.get_ref(index).map_err(Error::internal)? {
                L::Null => ValueRef::Null,
                L::Integer(n) => ValueRef::Int(n),
                L::Real(n) => ValueRef::Real(n),
                L::Text(b) => ValueRef::Text(std::str::from_utf8(b).map_err(Error::internal)?),
                L::Blob(b) => ValueRef::Bytes(b),
            },
            Driver::Pg(row) => row.try_get::<_, crate::pg::Any<'_>>(index).map_err(Error::internal)?.0,
        })
    }

    pub(crate) fn width(&self) -> usize {
        match self.0 {
            Driver::Lite(row) => row.as_ref().column_count(),
            Driver::Pg(row) => row.len(),
        }
    }

    pub(crate) fn owned(&self, index: usize) -> Result<Value<'static>> {
        Ok(match self.value(index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Int(n) => Value::Int(n),
            ValueRef::Real(n) => Value::Real(n),
            ValueRef::Bool(b) => Value::Bool(b),
            ValueRef::Text(s) => Value::Text(Cow::Owned(s.to_owned())),
            ValueRef::Bytes(b) => Value::Bytes(Cow::Owned(b.to_vec())),
        })
    }
}

/// What may be read from a whole row, columns by position.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// `Error::Internal` when a column is missing or of another type.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! tuples {
    ($($($t:ident $i:tt),+;)*) => {$(
        impl<$($t: FromValue),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> { Ok(($(row.get::<$t>($i)?,)+)) }
        }
    )*};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}

/// Declares a struct that is read from a row, its fields being the columns in order.
#[macro_export]
macro_rules! record {
    ($(#[$m:meta])* $v:vis struct $n:ident { $($(#[$fm:meta])* $fv:vis $f:ident : $t:ty),* $(,)? }) => {
        $(#[$m])* $v struct $n { $($(#[$fm])* $fv $f: $t),* }
        impl $crate::FromRow for $n {
            fn from_row(row: &$crate::Row<'_>) -> gongyu_kernel::Result<Self> {
                let mut at = 0..;
                Ok(Self { $($f: row.get(at.next().unwrap_or(usize::MAX))?),* })
            }
        }
    };
}

/// Gives an enum with `code()` and `parse()` its place in the database as TEXT.
#[macro_export]
macro_rules! coded {
    ($($t:ty),* $(,)?) => {$(
        impl $crate::ToValue for $t {
            fn to_value(&self) -> $crate::Value<'_> {
                $crate::Value::Text(std::borrow::Cow::Borrowed(self.code()))
            }
        }
        impl $crate::FromValue for $t {
            fn from_value(value: $crate::ValueRef<'_>) -> gongyu_kernel::Result<Self> {
                match value {
                    $crate::ValueRef::Text(s) => <$t>::parse(s).ok_or_else(|| {
                        gongyu_kernel::Error::internal(format!("unknown {}: {s:?}", stringify!($t)))
                    }),
                    other => Err(gongyu_kernel::Error::internal(format!("not text: {other:?}"))),
                }
            }
        }
    )*};
}
