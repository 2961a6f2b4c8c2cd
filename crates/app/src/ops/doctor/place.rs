//! The configuration, and what lies on the disk.

use super::{Check, Health};
use crate::assemble;
use anyhow::Result;
use gongyu_kernel::config::Config;
use std::path::Path;

/// Free space under which a disk is nearly full [P].
const LOW: u64 = 2 << 30;
/// Free space under which writes may fail any moment [P].
const OUT: u64 = 256 << 20;

pub(super) fn configuration(config: &Config) -> Check {
    let open = !config.listen.ip().is_loopback();
    let mut notes = Vec::new();
    if config.public_url.is_empty() {
        notes.push("public_url is not set: links and QR codes carry the listening address".to_owned());
    } else if !config.public_url.starts_with("https://") {
        notes.push("public_url is not https: cookies are sent in the clear".to_owned());
    }
    if open && config.trusted_proxies == 0 && !config.public_url.is_empty() {
        notes.push("trusted_proxies is 0: behind a reverse proxy every person would share its address".to_owned());
    }
    if config.demo {
        notes.push("demo mode: anybody may sign in as anybody".to_owned());
    }
    let engine = if config.database_url.is_empty() { "embedded database" } else { "PostgreSQL" };
    let said = format!("{engine}, listens on {}", config.listen);
    let health = if notes.is_empty() { Health::Ok } else { Health::Warn };
    notes.insert(0, said);
    Check::new("configuration", health, notes.join("; "))
}

pub(super) fn folder(config: &Config) -> Result<(Health, String)> {
    let path = config.data.display();
    if !config.data.is_dir() {
        return Ok((Health::Warn, format!("{path} does not exist yet")));
    }
    tempfile::NamedTempFile::new_in(&config.data)?;
    let file = assemble::database_file(config);
    if file.exists() && others_may_read(&config.data)? && others_may_read(&file)? {
        return Ok((Health::Warn, format!("other users of this machine can read {path}: chmod 700 {path}")));
    }
    Ok((Health::Ok, format!("{path} can be written")))
}

pub(super) fn keys(config: &Config) -> Result<(Health, String)> {
    let path = assemble::key_file(config);
    let shown = path.display();
    if !path.exists() {
        let used = assemble::database_file(config).exists() || !config.database_url.is_empty();
        let advice = "bring it back from its backup before the server starts, or sealed fields are lost";
        return Ok(if used {
            (Health::Fail, format!("{shown} is missing: {advice}"))
        } else {
            (Health::Ok, "made at the first start".to_owned())
        });
    }
    if others_may_read(&path)? {
        return Ok((Health::Fail, format!("other users of this machine can read {shown}: chmod 600 {shown}")));
    }
    Ok((Health::Ok, format!("{shown}, readable by its owner only; keep a copy apart from the database")))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> Result<bool> {
    Ok(false)
}

#[cfg(unix)]
pub(super) fn disk(config: &Config) -> Result<(Health, String)> {
    let place = if config.data.is_dir() { config.data.as_path() } else { Path::new(".") };
    let stat = rustix::fs::statvfs(place)?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let health = match free {
        n if n < OUT => Health::Fail,
        n if n < LOW => Health::Warn,
        _ => Health::Ok,
    };
    Ok((health, format!("{} MB free", free >> 20)))
}

#[cfg(not(unix))]
pub(super) fn disk(_: &Config) -> Result<(Health, String)> {
    Ok((Health::Ok, "not looked at on this system".to_owned()))
}
