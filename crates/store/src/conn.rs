//! One connection of either engine.

use crate::prepared::Prepared;
use crate::value::{Driver, Row, ToValue, Value};
use crate::{Sql, lite, pg};
use gongyu_kernel::{Error, Result};

pub(crate) enum Conn {
    Lite(Prepared),
    Pg(Box<pg::Session>),
}

pub(crate) type Take<'t> = &'t mut dyn FnMut(&Row<'_>) -> Result<()>;

impl Conn {
    pub(crate) fn query(
        &mut self,
        text: &str,
        lite_text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
        take: Take<'_>,
    ) -> Result<()> {
        match self {
            Self::Lite(c) => c.with(lite_text, known, |statement| {
                bind(statement, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(lite::error)? {
                    take(&Row(Driver::Lite(row)))?;
                }
                Ok(())
            }),
            Self::Pg(session) => session.query(text, known, params, take),
        }
    }

    pub(crate) fn execute(
        &mut self,
        text: &str,
        lite_text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
    ) -> Result<u64> {
        match self {
            Self::Lite(c) => c.with(lite_text, known, |statement| {
                bind(statement, params)?;
                statement.raw_execute().map(|n| n as u64).map_err(lite::error)
            }),
            Self::Pg(session) => session.execute(text, known, params),
        }
    }

    /// Sends a question to PostgreSQL; `None` for the engine that answers at once.
    pub(crate) fn ask(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
    ) -> Option<Result<pg::Coming>> {
        match self {
            Self::Lite(_) => None,
            Self::Pg(session) => Some(session.ask(text, known, params)),
        }
    }

    /// The rows of a question that was sent.
    pub(crate) fn take(&mut self, coming: pg::Coming, take: Take<'_>) -> Result<()> {
        match self {
            Self::Lite(_) => Err(Error::internal("SQLite answers at once")),
            Self::Pg(session) => session.take(coming, take),
        }
    }

    /// As `execute` where nobody waits for the count: PostgreSQL is asked on the way to the next answer.
    pub(crate) fn execute_later(
        &mut self,
        text: &str,
        lite_text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
    ) -> Result<()> {
        match self {
            Self::Lite(_) => self.execute(text, lite_text, known, params).map(drop),
            Self::Pg(session) => session.execute_later(text, known, params),
        }
    }

    /// Statements without parameters, several at once.
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Lite(c) => c.conn().execute_batch(text).map_err(lite::error),
            Self::Pg(session) => session.batch(text),
        }
    }

    /// Prepares a statement without running it.
    pub(crate) fn prepare(&mut self, text: &str, lite_text: &str) -> Result<()> {
        match self {
            Self::Lite(c) => c.conn().prepare(lite_text).map(drop).map_err(lite::error),
            Self::Pg(session) => session.prepare(text),
        }
    }
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[&dyn ToValue]) -> Result<()> {
    use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef as Borrowed};
    struct P<'a>(Value<'a>);
    impl rusqlite::ToSql for P<'_> {
        fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
            Ok(match &self.0 {
                Value::Null => ToSqlOutput::Owned(Owned::Null),
                Value::Int(n) => ToSqlOutput::Owned(Owned::Integer(*n)),
                Value::Real(n) => ToSqlOutput::Owned(Owned::Real(*n)),
                Value::Bool(b) => ToSqlOutput::Owned(Owned::Integer(i64::from(*b))),
                Value::Text(s) => ToSqlOutput::Borrowed(Borrowed::Text(s.as_bytes())),
                Value::Bytes(b) => ToSqlOutput::Borrowed(Borrowed::Blob(b)),
            })
        }
    }
    if statement.parameter_count() != params.len() {
        return Err(Error::internal(format!(
            "statement takes {} parameters, given {}",
            statement.parameter_count(),
            params.len()
        )));
    }
    for (index, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, P(param.to_value())).map_err(lite::error)?;
    }
    Ok(())
}
