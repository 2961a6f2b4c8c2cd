//! The job that sends what is due.

use gongyu_kernel::{Id, Result};
use gongyu_web::App;

pub(crate) fn job(_: &App, _: Id, _: &str) -> Result<()> {
    Ok(())
}
