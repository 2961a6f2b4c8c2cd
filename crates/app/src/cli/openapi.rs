//! `gongyu openapi`.

use anyhow::Result;
use std::process::ExitCode;

pub(super) fn run() -> Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&crate::api::document())?);
    Ok(ExitCode::SUCCESS)
}
