//! `gongyu audit verify`.

use crate::{assemble, features};
use anyhow::Result;
use clap::Subcommand;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_store::audit;
use std::process::ExitCode;

/// The log of who did what.
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Recompute the hash chain. Exit code 0: nobody changed anything; 1: somebody did.
    Verify,
}

impl Audit {
    pub(super) fn run(self, config: Config) -> Result<ExitCode> {
        let Self::Verify = self;
        let steps = assemble::migrations(&features::features());
        let db = assemble::open_database(&config, Clock::machine(), &steps)?;
        let verdict = audit::verify(&db)?;
        println!("{} links, {} rows under seal, {} not sealed yet", verdict.links, verdict.rows, verdict.open);
        Ok(match verdict.broken {
            None => {
                println!("whole: no sealed row was changed, removed or added");
                ExitCode::SUCCESS
            }
            Some((link, why)) => {
                println!("BROKEN at link {link}: {why}");
                ExitCode::FAILURE
            }
        })
    }
}
