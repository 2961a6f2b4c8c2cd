//! A node number leased from the database, so that two running nodes never make the same identifier.

use crate::Engine;
use crate::conn::Conn;
use crate::sql::numbered;
use gongyu_kernel::{Error, Millis, Result};

/// Leases are long because identifiers, not liveness, depend on them: a number is taken again
/// only a day after its holder was last started.
const LEASE_DAYS: i64 = 1;
/// One more than the highest node number.
const NODES: u16 = 1024;

/// Takes the lowest free node number. A command beside a running server is a node of its own.
pub(crate) fn lease(conn: &mut Conn, engine: Engine, now: Millis) -> Result<u16> {
    conn.batch(match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN; LOCK TABLE node_lease IN EXCLUSIVE MODE",
    })?;
    let taken = take(conn, now);
    conn.batch(if taken.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    taken
}

fn take(conn: &mut Conn, now: Millis) -> Result<u16> {
    let held = "SELECT node FROM node_lease WHERE until_at > $1";
    let mut busy = std::collections::BTreeSet::new();
    conn.query(held, &numbered(held), None, &[&now], &mut |row| {
        busy.insert(row.get::<u16>(0)?);
        Ok(())
    })?;
    let free = (1..NODES).find(|n| !busy.contains(n));
    let node = free.ok_or_else(|| Error::internal("all 1,023 node numbers are leased"))?;
    let keep = "INSERT INTO node_lease (node, until_at) VALUES ($1, $2)
         ON CONFLICT (node) DO UPDATE SET until_at = excluded.until_at";
    conn.execute(keep, &numbered(keep), None, &[&node, &now.plus_days(LEASE_DAYS)])?;
    Ok(node)
}
