//! Where Debian and others put the programs.

use std::path::{Path, PathBuf};

/// The folder of PostgreSQL's server programs (`initdb`, `postgres`), the newest version installed.
///
/// Debian keeps them out of `PATH`, under `/usr/lib/postgresql/VERSION/bin`.
#[must_use]
pub fn postgres_bin_dir() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok().and_then(|versions| {
        versions
            .filter_map(Result::ok)
            .map(|version| version.path().join("bin"))
            .filter(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
            .max_by_key(|bin| version_of(bin))
    });
    debian.or_else(|| Some(on_path("initdb")?.parent()?.to_path_buf()))
}

fn version_of(bin: &Path) -> u32 {
    bin.parent()
        .and_then(Path::file_name)
        .and_then(|version| version.to_str()?.split('.').next()?.parse().ok())
        .unwrap_or(0)
}

/// Debian's Chromium, or Chrome under another usual name.
#[must_use]
pub fn chromium_binary() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| on_path(name))
}

/// The ChromeDriver that belongs to [`chromium_binary`].
#[must_use]
pub fn chromedriver_binary() -> Option<PathBuf> {
    on_path("chromedriver")
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|candidate| candidate.is_file())
}
