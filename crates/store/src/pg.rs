//! PostgreSQL: one connection a thread, one serialisable transaction a write, retried when it collides.

use crate::Sql;
use crate::conn::{Conn, Take};
use crate::db::{ReadJob, Shared, WriteJob};
use crate::tx::{Reader, Tx};
use crate::value::{Driver, Row, ToValue, Value, ValueRef};
use bytes::BytesMut;
use crossbeam_channel::Receiver;
use gongyu_kernel::{Error, Result};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Statement, error::SqlState};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Collisions a write survives before its person is asked to try again.
const TRIES: u32 = 12;
type Fault = Box<dyn std::error::Error + Sync + Send>;

pub(crate) struct Session {
    url: String,
    client: Client,
    known: HashMap<usize, Statement>,
    composed: HashMap<String, Statement>,
    setup: &'static str,
}

impl Session {
    pub(crate) fn open(url: &str, setup: &'static str) -> Result<Self> {
        let mut client = crate::tls::connect(url)?;
        client.batch_execute(setup).map_err(error)?;
        Ok(Self { url: url.to_owned(), client, known: HashMap::new(), composed: HashMap::new(), setup })
    }

    fn revive(&mut self) -> Result<()> {
        if self.client.is_closed() {
            let fresh = Self::open(&self.url, self.setup)?;
            *self = fresh;
        }
        Ok(())
    }

    fn statement(&mut self, text: &str, known: Option<&'static Sql>) -> Result<Statement> {
        const COMPOSED: usize = 512;
        if let Some(sql) = known {
            let key = std::ptr::from_ref(sql).addr();
            if let Some(s) = self.known.get(&key) {
                return Ok(s.clone());
            }
            let s = self.client.prepare(text).map_err(error)?;
            self.known.insert(key, s.clone());
            return Ok(s);
        }
        if let Some(s) = self.composed.get(text) {
            return Ok(s.clone());
        }
        let s = self.client.prepare(text).map_err(error)?;
        if self.composed.len() >= COMPOSED {
            self.composed.clear();
        }
        self.composed.insert(text.to_owned(), s.clone());
        Ok(s)
    }

    pub(crate) fn query(
        &mut self,
        text: &str,
        known: Option<&'static Sql>,
        params: &[&dyn ToValue],
        take: Take<'_>,
    ) -> Result<()> {
        let statement = self.statement(text, known)?;
        let params: Vec<Param<'_>> = params.iter().map(|p| Param(p.to_value())).collect();
        let mut rows =
            self.client.query_raw(&statement, params.iter().map(|p| p as &(dyn ToSql + Sync))).map_err(error)?;
        while let Some(row) = rows.next().map_err(error)? {
            take(&Row(Driver::Pg(&row)))?;
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, text: &str, known: Option<&'static Sql>, params: &[&dyn ToValue]) -> Result<u64> {
        let statement = self.statement(text, known)?;
        let params: Vec<Param<'_>> = params.iter().map(|p| Param(p.to_value())).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        self.client.execute(&statement, &params).map_err(error)
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        self.client.batch_execute(text).map_err(error)
    }

    pub(crate) fn prepare(&mut self, text: &str) -> Result<()> {
        self.client.prepare(text).map(drop).map_err(error)
    }
}

pub(crate) fn error(e: postgres::Error) -> Error {
    if let Some(db) = e.as_db_error() {
        let code = db.code();
        if *code == SqlState::UNIQUE_VIOLATION {
            return Error::Unique(db.constraint().unwrap_or_default().to_owned());
        }
        if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            || *code == SqlState::LOCK_NOT_AVAILABLE
        {
            return Error::Busy(db.message().to_owned());
        }
        return Error::internal(format!("{}: {} {:?}", code.code(), db.message(), db.detail()));
    }
    if e.is_closed() {
        return Error::Busy("the database connection was lost".to_owned());
    }
    Error::internal(format!("{e:?}"))
}

#[derive(Debug)]
struct Param<'a>(Value<'a>);

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
    postgres::types::to_sql_checked!();
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

fn revive(reader: &mut Reader) -> Result<()> {
    match &mut reader.conn {
        Conn::Pg(session) => session.revive(),
        Conn::Lite(_) => Ok(()),
    }
}

pub(crate) fn read_loop(session: Session, shared: Arc<Shared>, jobs: &Receiver<Box<dyn ReadJob>>) {
    let mut reader = Reader { conn: Conn::Pg(Box::new(session)), shared, failed: false };
    while let Ok(mut job) = jobs.recv() {
        reader.failed = false;
        let begun =
            revive(&mut reader).and_then(|()| reader.conn.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        match begun {
            Ok(()) => job.run(&mut reader),
            Err(e) => job.refuse(e),
        }
        job.answer();
        if reader.conn.batch("COMMIT").is_err() {
            let _ = reader.conn.batch("ROLLBACK");
        }
    }
}

pub(crate) fn write_loop(session: Session, shared: Arc<Shared>, jobs: &Receiver<Box<dyn WriteJob>>) {
    let mut tx = Tx { reader: Reader { conn: Conn::Pg(Box::new(session)), shared, failed: false } };
    while let Ok(mut job) = jobs.recv() {
        let mut lost = None;
        for attempt in 0..TRIES {
            lost = try_once(&mut tx, job.as_mut()).err();
            if !matches!(lost, Some(Error::Busy(_))) {
                break;
            }
            std::thread::sleep(Duration::from_millis(u64::from((1 << attempt.min(6)) + attempt)));
        }
        job.answer(lost);
    }
}

/// `Ok` when the outcome held by the job stands, whether kept or refused by its own rules.
fn try_once(tx: &mut Tx, job: &mut dyn WriteJob) -> Result<()> {
    revive(&mut tx.reader)?;
    tx.reader.failed = false;
    tx.conn.batch("BEGIN ISOLATION LEVEL SERIALIZABLE")?;
    if job.run(tx) {
        let done = tx.conn.batch("COMMIT");
        if done.is_err() {
            let _ = tx.conn.batch("ROLLBACK");
        }
        done
    } else {
        let _ = tx.conn.batch("ROLLBACK");
        if job.collided() { Err(Error::Busy("writes collided".to_owned())) } else { Ok(()) }
    }
}
