//! Sweeps that belong to no single feature.

use gongyu_kernel::{Id, Result};
use gongyu_store::{audit, blob, sql};
use gongyu_web::App;

/// Days a finished job is kept, for a person who asks what became of it [P].
const DONE_DAYS: i64 = 7;
/// Rows deleted in one transaction.
const AT_ONCE: i64 = 2_000;

/// Seals what has settled in the audit log into the hash chain.
pub(super) fn seal(app: &App, _: Id, _: &str) -> Result<()> {
    while app.db.write_wait(audit::seal)? > 0 {}
    Ok(())
}

/// Ties the tips of the chains together, and says so in the log, which lies elsewhere than the database.
pub(super) fn anchor(app: &App, _: Id, _: &str) -> Result<()> {
    if let Some(hash) = app.db.write_wait(audit::anchor)? {
        tracing::info!(%hash, "audit anchor of the day");
    }
    Ok(())
}

/// Forgets files past their day, and their contents once nothing refers to them.
pub(super) fn blobs(app: &App, _: Id, _: &str) -> Result<()> {
    loop {
        let orphans = app.db.write_wait(blob::expire)?;
        for sha256 in &orphans {
            // The same content may have come in again since: a name in the table keeps the file.
            let wanted = sha256.clone();
            let named: i64 =
                app.db.read_wait(move |r| r.scalar(sql!("SELECT COUNT(*) FROM blob WHERE sha256 = $1"), &[&wanted]))?;
            if named == 0 {
                app.blobs.remove(sha256)?;
            }
        }
        if orphans.is_empty() {
            return Ok(());
        }
    }
}

/// Lets this node's folder of files shrink to its size where a bucket holds them.
pub fn shrink(app: &App) {
    match app.blobs.shrink() {
        Ok(0) => {}
        Ok(gone) => tracing::info!(gone, "files asked for long ago were let go; the bucket has them"),
        Err(e) => tracing::error!(error = %e, "the folder of files could not shrink"),
    }
}

/// Forgets finished jobs.
pub(super) fn jobs(app: &App, _: Id, _: &str) -> Result<()> {
    loop {
        let gone = app.db.write_wait(|tx| {
            let before = tx.now().plus_days(-DONE_DAYS);
            tx.exec(
                sql!(
                    "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 'done' AND run_at < $1
                                                   ORDER BY run_at, id LIMIT $2)"
                ),
                &[&before, &AT_ONCE],
            )
        })?;
        if gone == 0 {
            return Ok(());
        }
    }
}
