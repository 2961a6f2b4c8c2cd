//! `gongyu doctor`.

use crate::ops::doctor::{self, Check, Health};
use anyhow::Result;
use clap::Args;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use std::process::ExitCode;

/// Looks the house over. Exit code 0: nothing has to be mended; 1: something has.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print a JSON array of {name, health, found}
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) fn run(&self, config: &Config) -> Result<ExitCode> {
        let checks = doctor::examine(config, &Clock::machine());
        if self.json {
            println!("{}", serde_json::to_string_pretty(&checks)?);
        } else {
            checks.iter().for_each(print);
        }
        Ok(if doctor::is_well(&checks) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn print(check: &Check) {
    let mark = match check.health {
        Health::Ok => "ok  ",
        Health::Warn => "WARN",
        Health::Fail => "FAIL",
    };
    println!("{mark}  {:<22} {}", check.name, check.found);
}
