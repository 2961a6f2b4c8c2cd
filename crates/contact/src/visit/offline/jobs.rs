//! Forgetting what never became whole.

use super::store;
use gongyu_kernel::{Id, Result};
use gongyu_store::jobs::Handler;
use gongyu_web::App;

/// Every night.
pub(super) const SWEEP: Handler<App> = Handler { kind: "visit.offline", run: sweep };

fn sweep(app: &App, _: Id, _: &str) -> Result<()> {
    while app.db.write_wait(store::sweep_pieces)? > 0 {}
    Ok(())
}
