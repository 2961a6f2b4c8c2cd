//! How long the database takes, for the operator's graphs. Names are part of docs/operations.md.

use metrics::{counter, histogram};
use std::time::Instant;

/// Time a closure ran, by `kind`: `read`, `write`, `replica`.
pub const RAN: &str = "gongyu_db_seconds";
/// Time it waited for a thread, by `kind`.
pub const WAITED: &str = "gongyu_db_queue_seconds";
/// Time until a group of SQLite writes was durable.
pub const COMMITTED: &str = "gongyu_db_commit_seconds";
/// Writes that shared one commit of SQLite.
pub const GROUPED: &str = "gongyu_db_group_writes";
/// Writes PostgreSQL asked to be tried again.
pub const COLLIDED: &str = "gongyu_db_retries_total";
/// Groups of SQLite run again because one of their writes was refused after it had written.
pub const REGROUPED: &str = "gongyu_db_regroups_total";

/// Reads a replica could not answer, so that the primary was asked.
pub const FELL_BACK: &str = "gongyu_db_replica_fallbacks_total";

pub(crate) fn start() -> Instant {
    Instant::now()
}

pub(crate) fn waited(kind: &'static str, since: Instant) {
    histogram!(WAITED, "kind" => kind).record(since.elapsed());
}

pub(crate) fn ran(kind: &'static str, since: Instant) {
    histogram!(RAN, "kind" => kind).record(since.elapsed());
}

pub(crate) fn committed(since: Instant, writes: usize) {
    histogram!(COMMITTED).record(since.elapsed());
    histogram!(GROUPED).record(f64::from(u32::try_from(writes).unwrap_or(u32::MAX)));
}

pub(crate) fn collided() {
    counter!(COLLIDED).increment(1);
}

pub(crate) fn fell_back() {
    counter!(FELL_BACK).increment(1);
}

pub(crate) fn regrouped() {
    counter!(REGROUPED).increment(1);
}
