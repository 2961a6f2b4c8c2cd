//! How the house stands, in a few figures.

use gongyu_kernel::{Millis, Result};
use gongyu_store::{Reader, sql};

/// A few figures of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Jobs waiting or running.
    pub ready: i64,
    /// Jobs that gave up and wait for a person.
    pub dead: i64,
    /// Seconds that the oldest due job has been waiting; 0 when none is due.
    pub oldest_seconds: i64,
    /// Audit rows not yet in the hash chain.
    pub unsealed: i64,
    /// Seconds since the oldest of those was written; 0 when there is none.
    pub unsealed_seconds: i64,
}

/// Looks them up.
///
/// # Errors
/// As any statement.
pub fn look(r: &mut Reader) -> Result<Standing> {
    let now = r.now();
    let age = |at: Option<Millis>| at.map_or(0, |at| ((now.0 - at.0) / 1000).max(0));
    let (due,): (Option<Millis>,) =
        r.one(sql!("SELECT MIN(run_at) FROM job WHERE state = 'ready' AND run_at <= $1"), &[&now])?;
    let (unsealed, oldest): (i64, Option<Millis>) =
        r.one(sql!("SELECT COUNT(*), MIN(at) FROM audit WHERE sealed_in IS NULL"), &[])?;
    Ok(Standing {
        ready: r.scalar(sql!("SELECT COUNT(*) FROM job WHERE state = 'ready'"), &[])?,
        dead: r.scalar(sql!("SELECT COUNT(*) FROM job WHERE state = 'dead'"), &[])?,
        oldest_seconds: age(due),
        unsealed,
        unsealed_seconds: age(oldest),
    })
}
