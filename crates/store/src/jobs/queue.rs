//! The table of jobs.

use crate::{Engine, Reader, Tx, coded, record, sql};
use gongyu_kernel::{Error, Id, Millis, Result};
use serde::Serialize;

/// Tries before a job is left for a person.
pub(super) const TRIES: i64 = 8;
/// How long a claimed job is one worker's own.
pub(super) const LEASE_SECONDS: i64 = 120;

/// Where a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Waits for its time, or is being run under a lease.
    Ready,
    /// Done.
    Done,
    /// Gave up; waits for a person.
    Dead,
}

impl State {
    /// Text in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Ready, Self::Done, Self::Dead].into_iter().find(|s| s.code() == text)
    }
}
coded!(State);

record! {
    /// A job taken by this worker.
    #[derive(Clone, Debug)]
    pub struct Claimed {
        /// Identifier.
        pub id: Id,
        /// Which handler runs it.
        pub kind: String,
        /// JSON.
        pub payload: String,
        /// Tries so far, this one included.
        pub attempts: i64,
    }
}

record! {
    /// A job as a page shows it.
    #[derive(Clone, Debug)]
    pub struct JobView {
        /// Identifier.
        pub id: Id,
        /// Which handler runs it.
        pub kind: String,
        /// Where it stands.
        pub state: State,
        /// Tries so far.
        pub attempts: i64,
        /// Why the last try failed.
        pub last_error: Option<String>,
        /// What the job says of its progress, as JSON.
        pub progress: Option<String>,
        /// When it was asked for.
        pub created_at: Millis,
        /// When it ended.
        pub finished_at: Option<Millis>,
    }
}

/// Adds a job to run as soon as the transaction commits.
///
/// # Errors
/// As any statement.
pub fn enqueue(tx: &mut Tx, kind: &'static str, payload: &impl Serialize) -> Result<Id> {
    let now = tx.now();
    enqueue_at(tx, kind, payload, now)
}

/// Adds a job to run at a moment.
///
/// # Errors
/// As any statement.
pub fn enqueue_at(tx: &mut Tx, kind: &'static str, payload: &impl Serialize, at: Millis) -> Result<Id> {
    insert(tx, kind, payload, at, None)?.ok_or_else(|| Error::internal("job not inserted"))
}

/// Adds a job unless one with the same key waits already.
///
/// # Errors
/// As any statement.
pub fn enqueue_once(
    tx: &mut Tx,
    kind: &'static str,
    payload: &impl Serialize,
    at: Millis,
    key: &str,
) -> Result<Option<Id>> {
    insert(tx, kind, payload, at, Some(key))
}

fn insert(
    tx: &mut Tx,
    kind: &'static str,
    payload: &impl Serialize,
    at: Millis,
    key: Option<&str>,
) -> Result<Option<Id>> {
    let (id, now, json) = (tx.new_id(), tx.now(), serde_json::to_string(payload)?);
    let added = tx.exec(
        sql!(
            "INSERT INTO job (id, kind, payload, run_at, attempts, max_attempts, state, lease_until,
                               lease_by, unique_key, created_at)
              VALUES ($1, $2, $3, $4, 0, $5, 'ready', 0, '', $6, $7)
              ON CONFLICT DO NOTHING"
        ),
        &[&id, &kind, &json, &at, &TRIES, &key, &now],
    )?;
    Ok((added == 1).then_some(id))
}

/// Takes due jobs for a worker.
pub(super) fn claim(tx: &mut Tx, worker: &str, limit: i64) -> Result<Vec<Claimed>> {
    let now = tx.now();
    let until = now.plus_seconds(LEASE_SECONDS);
    // Skipping locked rows keeps PostgreSQL's workers from colliding; SQLite has one writer.
    match tx.engine() {
        Engine::Sqlite => tx.rows(
            sql!(
                "UPDATE job SET lease_until = $1, lease_by = $2, attempts = attempts + 1
                  WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 AND lease_until < $3
                               ORDER BY run_at, id LIMIT $4)
                  RETURNING id, kind, payload, attempts"
            ),
            &[&until, &worker, &now, &limit],
        ),
        Engine::Postgres => {
            let text = "UPDATE job SET lease_until = $1, lease_by = $2, attempts = attempts + 1
                  WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 AND lease_until < $3
                               ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
                  RETURNING id, kind, payload, attempts";
            let mut out = Vec::new();
            tx.each_dynamic(text, text, &[&until, &worker, &now, &limit], |row| {
                out.push(crate::FromRow::from_row(row)?);
                Ok(())
            })?;
            Ok(out)
        }
    }
}

pub(super) fn finish(tx: &mut Tx, id: Id, worker: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE job SET state = 'done', finished_at = $1, unique_key = NULL, last_error = NULL
              WHERE id = $2 AND lease_by = $3"
        ),
        &[&now, &id, &worker],
    )?;
    Ok(())
}

pub(super) fn fail(tx: &mut Tx, job: &Claimed, worker: &str, why: &str) -> Result<()> {
    let now = tx.now();
    let dead = job.attempts >= TRIES;
    let state = if dead { State::Dead } else { State::Ready };
    let wait = 5 * (1_i64 << job.attempts.min(10));
    let (again, ended) = (now.plus_seconds(wait), dead.then_some(now));
    tx.exec(
        sql!(
            "UPDATE job SET state = $1, run_at = $2, lease_until = 0, last_error = $3, finished_at = $4,
                             unique_key = CASE WHEN $1 = 'dead' THEN NULL ELSE unique_key END
              WHERE id = $5 AND lease_by = $6"
        ),
        &[&state, &again, &why, &ended, &job.id, &worker],
    )?;
    Ok(())
}

pub(super) fn extend(tx: &mut Tx, id: Id, worker: &str) -> Result<()> {
    let until = tx.now().plus_seconds(LEASE_SECONDS);
    tx.exec(
        sql!("UPDATE job SET lease_until = $1 WHERE id = $2 AND lease_by = $3 AND state = 'ready'"),
        &[&until, &id, &worker],
    )?;
    Ok(())
}

/// Lets a running job say how far it is; also keeps its lease.
///
/// # Errors
/// As any statement.
pub fn progress(tx: &mut Tx, id: Id, progress: &impl Serialize) -> Result<()> {
    let json = serde_json::to_string(progress)?;
    let until = tx.now().plus_seconds(LEASE_SECONDS);
    tx.exec(
        sql!("UPDATE job SET progress = $1, lease_until = $2 WHERE id = $3 AND state = 'ready'"),
        &[&json, &until, &id],
    )?;
    Ok(())
}

/// One job.
///
/// # Errors
/// `Error::NotFound`.
pub fn view(r: &mut Reader, id: Id) -> Result<JobView> {
    r.one(
        sql!(
            "SELECT id, kind, state, attempts, last_error, progress, created_at, finished_at
              FROM job WHERE id = $1"
        ),
        &[&id],
    )
}

/// Jobs that gave up, newest first.
///
/// # Errors
/// As any statement.
pub fn dead(r: &mut Reader) -> Result<Vec<JobView>> {
    r.rows(
        sql!(
            "SELECT id, kind, state, attempts, last_error, progress, created_at, finished_at
              FROM job WHERE state = 'dead' ORDER BY id DESC LIMIT 200"
        ),
        &[],
    )
}

/// Gives a dead job another life.
///
/// # Errors
/// `Error::NotFound` when it is not dead.
pub fn retry(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    let n = tx.exec(
        sql!(
            "UPDATE job SET state = 'ready', attempts = 0, run_at = $1, lease_until = 0, finished_at = NULL
              WHERE id = $2 AND state = 'dead'"
        ),
        &[&now, &id],
    )?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}
