//! Values on their way to PostgreSQL and back.

use crate::value::{ToValue, Value, ValueRef};
use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

type Fault = Box<dyn std::error::Error + Sync + Send>;

pub(super) fn owned(params: &[&dyn ToValue]) -> Vec<Param<'static>> {
    params.iter().map(|p| Param(p.to_value().into_owned())).collect()
}

#[derive(Debug)]
pub(super) struct Param<'a>(pub(super) Value<'a>);

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Fault> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => match *ty {
                Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
                Type::BOOL => (*n != 0).to_sql(ty, out),
                Type::FLOAT8 => (*n as f64).to_sql(ty, out),
                _ => n.to_sql(&Type::INT8, out),
            },
            Value::Real(n) => n.to_sql(&Type::FLOAT8, out),
            Value::Bool(b) => b.to_sql(&Type::BOOL, out),
            Value::Text(s) => s.as_ref().to_sql(&Type::TEXT, out),
            Value::Bytes(b) => b.as_ref().to_sql(&Type::BYTEA, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

/// Any column of PostgreSQL as one of our values.
pub(crate) struct Any<'a>(pub(crate) ValueRef<'a>);

impl<'a> FromSql<'a> for Any<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Fault> {
        Ok(Self(match *ty {
            Type::INT8 => ValueRef::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => ValueRef::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => ValueRef::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => ValueRef::Bool(bool::from_sql(ty, raw)?),
            Type::FLOAT8 => ValueRef::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => ValueRef::Bytes(raw),
            _ => ValueRef::Text(<&str>::from_sql(&Type::TEXT, raw)?),
        }))
    }
    fn from_sql_null(_: &Type) -> std::result::Result<Self, Fault> {
        Ok(Self(ValueRef::Null))
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}
