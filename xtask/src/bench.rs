//! Driver of the bench: builds for release, starts a durable PostgreSQL, runs `gongyu-bench`.

use std::process::Command;

use anyhow::{Context, ensure};
use test_servers::{Durability, Postgres};

use crate::{packages, tree};

/// Runs `gongyu-bench` with `args`. It finds PostgreSQL's address in `GONGYU_BENCH_PG`.
///
/// # Errors
/// When a program is missing, the build fails, or an aim of the bench was missed.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    packages::ensure_installed(&[packages::POSTGRES])?;
    let root = tree::root();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "gongyu", "--bins"])
        .current_dir(&root)
        .status()
        .context("cargo build")?;
    ensure!(built.success(), "the release build failed");

    // Durable: the bench claims figures for writes that survive a power cut.
    let postgres = Postgres::start(Durability::Durable)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let status = Command::new(target.join("release/gongyu-bench"))
        .args(args)
        .env("GONGYU_BENCH_PG", postgres.url())
        .current_dir(&root)
        .status()
        .context("gongyu-bench")?;
    ensure!(status.success(), "gongyu-bench ended with {status}");
    Ok(())
}
