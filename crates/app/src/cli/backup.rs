//! `gongyu backup` and `gongyu restore`.

use crate::ops::{backup, restore};
use anyhow::Result;
use clap::Args;
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// Writes one zip file: the database as it stands at one moment, the files, checksums of both.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// File to write; must not exist
    file: PathBuf,
    /// Also put the keys of sealed fields inside. Without them keep keys.json safe elsewhere: a backup whose keys
    /// are lost cannot show a telephone number any more. With them the file opens everything: guard it so.
    #[arg(long)]
    with_keys: bool,
}

impl Backup {
    pub(super) fn run(&self, config: &Config) -> Result<ExitCode> {
        let manifest = backup::take(config, &Clock::machine(), &self.file, self.with_keys)?;
        let bytes: u64 = manifest.files.iter().map(|f| f.size).sum();
        println!("{}: {} parts, {} MB before compression", self.file.display(), manifest.files.len(), bytes >> 20);
        if !self.with_keys {
            println!("the keys are not inside: keep a copy of {} elsewhere", config.data.join("keys.json").display());
        }
        if !config.s3_endpoint.is_empty() {
            println!(
                "the files are not inside: they lie in the bucket {}, which is kept safe by its own means",
                config.s3_bucket
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Unpacks and checks a backup, then makes it the data folder. Refuses over existing data.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// File that `gongyu backup` wrote
    file: PathBuf,
    /// Restore although there is data: the old files are put aside in the data folder. A PostgreSQL database is replaced.
    #[arg(long)]
    force: bool,
}

impl Restore {
    pub(super) fn run(&self, config: &Config) -> Result<ExitCode> {
        let done = restore::bring_back(config, &Clock::machine(), &self.file, self.force)?;
        let manifest = done.manifest;
        println!("restored the state of {} ({} parts, every checksum right)", manifest.taken_at, manifest.files.len());
        if let Some(before) = done.before {
            println!("what was there before lies in {}", before.display());
        }
        if done.keys_missing {
            let keys = config.data.join("keys.json");
            println!("IMPORTANT: put the old keys at {} before the server starts", keys.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}
