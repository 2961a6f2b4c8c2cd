//! `gongyu unit list`.

use crate::assemble;
use anyhow::Result;
use clap::Subcommand;
use gongyu_kernel::config::Config;
use gongyu_registry::org::{UnitLine, unit_list};
use serde_json::json;
use std::process::ExitCode;

/// Schools, towns and other units.
#[derive(Debug, Subcommand)]
pub(super) enum Units {
    /// List the open units with their codes, from the district down to the schools.
    List {
        /// Print a JSON array of {code, kind, name, parent}; `parent` is the code of the unit above, or its
        /// name where it has none
        #[arg(long)]
        json: bool,
    },
}

impl Units {
    pub(super) fn run(self, config: Config) -> Result<ExitCode> {
        let Self::List { json } = self;
        let app = assemble::app(config)?;
        let units = unit_list(&app)?;
        if json {
            let lines: Vec<serde_json::Value> = units.iter().map(as_json).collect();
            println!("{}", serde_json::to_string_pretty(&lines)?);
        } else {
            for u in &units {
                println!("{:<12} {:<14} {}  ({})", u.code, u.kind, u.name, u.parent);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(u: &UnitLine) -> serde_json::Value {
    json!({ "code": u.code, "kind": u.kind, "name": u.name, "parent": u.parent })
}
