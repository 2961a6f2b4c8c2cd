//! Files that hang on nothing are forgotten after a day.

use super::store::{WAITING_HOURS, drop_one};
use gongyu_kernel::{Id, Result};
use gongyu_store::sql;
use gongyu_web::App;

/// The job's kind.
pub(crate) const JOB: &str = "attach.sweep";

/// Forgets what nobody hung on anything.
pub(crate) fn sweep(app: &App, _: Id, _: &str) -> Result<()> {
    loop {
        let gone = app.db.write_wait(|tx| {
            let before = tx.now().plus_minutes(-WAITING_HOURS * 60);
            let left: Vec<(Id,)> = tx.rows(
                sql!("SELECT id FROM attachment WHERE attached_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT 200"),
                &[&before],
            )?;
            for (id,) in &left {
                drop_one(tx, *id)?;
            }
            Ok(left.len())
        })?;
        if gone == 0 {
            return Ok(());
        }
    }
}
