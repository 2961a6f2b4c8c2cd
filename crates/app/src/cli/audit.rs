//! `gongyu audit verify`.

use crate::{assemble, features};
use anyhow::Result;
use clap::Subcommand;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_store::audit::{self, Break};
use std::process::ExitCode;

/// The log of who did what.
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Recompute the hash chain of every node and hold them against the daily anchors. Exit code 0: nobody changed anything; 1: somebody did.
    Verify,
}

impl Audit {
    pub(super) fn run(self, config: Config) -> Result<ExitCode> {
        let Self::Verify = self;
        let steps = assemble::migrations(&features::features());
        let db = assemble::open_database(&config, Clock::machine(), &steps)?;
        let verdict = audit::verify(&db)?;
        println!(
            "{} chains (one a node), {} links, {} daily anchors, {} rows under seal, {} not sealed yet",
            verdict.chains, verdict.links, verdict.anchors, verdict.rows, verdict.open
        );
        for Break { node, link, why } in &verdict.broken {
            match node {
                0 => println!("BROKEN at anchor {link}: {why}"),
                node => println!("BROKEN at link {link} of node {node}: {why}"),
            }
        }
        if !verdict.broken.is_empty() {
            return Ok(ExitCode::FAILURE);
        }
        println!("whole: no sealed row was changed, removed or added");
        Ok(ExitCode::SUCCESS)
    }
}
