//! `gongyu serve`.

use crate::{assemble, serve};
use anyhow::Result;
use gongyu_kernel::Error;
use gongyu_kernel::config::Config;
use gongyu_registry::unit;
use std::process::ExitCode;

pub(super) fn run(config: &Config) -> Result<ExitCode> {
    let _mine = assemble::lock_data(config)?;
    let app = assemble::app(config.clone())?;
    let begun = match app.db.read_wait(unit::district) {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(e) => return Err(e.into()),
    };
    serve::run(&app, |address| {
        let link = if config.public_url.is_empty() { format!("http://{address}") } else { config.link_base() };
        println!("共育 Gongyu: {link}");
        if !begun {
            println!("还没有账号。There is no account yet: run `gongyu admin create` with the same --data.");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
