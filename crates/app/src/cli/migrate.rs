//! `gongyu migrate`.

use crate::ops::schema;
use crate::{assemble, features};
use anyhow::Result;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use std::process::ExitCode;

pub(super) fn run(config: Config) -> Result<ExitCode> {
    let steps = assemble::migrations(&features::features());
    let db = assemble::open_database(&config, Clock::machine(), &steps)?;
    let standing = db.read_wait(move |r| schema::standing(r, &steps))?;
    println!("{} steps taken, none missing", standing.taken);
    Ok(ExitCode::SUCCESS)
}
