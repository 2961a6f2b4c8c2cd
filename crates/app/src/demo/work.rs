//! Work that waits for those who look after the system.

use gongyu_kernel::Result;
use gongyu_store::sql;
use gongyu_web::App;

/// A job that gave up some days ago, for the keeper of the system to look into.
pub(super) fn leave_some(app: &App) -> Result<()> {
    app.db.write_wait(|tx| {
        let (id, made) = (tx.new_id(), tx.now().plus_days(-3));
        let ended = made.plus_minutes(95);
        tx.exec(
            sql!(
                "INSERT INTO job (id, kind, payload, run_at, attempts, max_attempts, state, lease_until, lease_by,
                                   last_error, created_at, finished_at)
                  VALUES ($1, 'ledger.backfill', '{\"code\":\"R99\",\"version\":2}', $2, 8, 8, 'dead', 0, '',
                          'not found', $2, $3)"
            ),
            &[&id, &made, &ended],
        )?;
        Ok(())
    })
}
