//! A node number leased from the database, so that two running nodes never make the same identifier.

use crate::Engine;
use crate::conn::Conn;
use gongyu_kernel::{Error, Millis, Result};

/// Leases are long because identifiers, not liveness, depend on them: a number is taken again
/// only a day after its holder was last started.
const LEASE_DAYS: i64 = 1;

/// Takes the lowest free node number; the embedded database has one node, number 1.
pub(crate) fn lease(conn: &mut Conn, engine: Engine, now: Millis) -> Result<u16> {
    if engine == Engine::Sqlite {
        return Ok(1);
    }
    let take = "INSERT INTO node_lease (node, until_at)
         SELECT n, $1 FROM generate_series(1, 1023) n
         WHERE NOT EXISTS (SELECT 1 FROM node_lease l WHERE l.node = n AND l.until_at > $2)
         ORDER BY n LIMIT 1
         ON CONFLICT (node) DO UPDATE SET until_at = excluded.until_at
         RETURNING node";
    conn.batch("BEGIN; LOCK TABLE node_lease IN EXCLUSIVE MODE")?;
    let mut node = None;
    let until = now.plus_days(LEASE_DAYS);
    conn.query(take, take, None, &[&until, &now], &mut |row| {
        node = Some(row.get::<u16>(0)?);
        Ok(())
    })?;
    conn.batch("COMMIT")?;
    node.ok_or_else(|| Error::internal("all 1,023 node numbers are leased"))
}
