//! The programs from Debian that tests and bench need, installed where that is ours to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

/// A program, how one sees that it is there, and the Debian package that brings it.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    package: &'static str,
    is_there: fn() -> bool,
}

/// PostgreSQL's server programs.
pub const POSTGRES: Tool = Tool { package: "postgresql", is_there: || test_servers::postgres_bin_dir().is_some() };
/// The browser of the walks.
pub const CHROMIUM: Tool = Tool { package: "chromium", is_there: || test_servers::chromium_binary().is_some() };
/// What drives it.
pub const CHROMEDRIVER: Tool =
    Tool { package: "chromium-driver", is_there: || test_servers::chromedriver_binary().is_some() };
/// Chinese letters for the browser's screenshots.
pub const FONTS: Tool =
    Tool { package: "fonts-noto-cjk", is_there: || Path::new("/usr/share/fonts/opentype/noto").is_dir() };
/// `pdftotext` and `pdffonts`, with which tests read the PDFs the product prints.
pub const POPPLER: Tool = Tool { package: "poppler-utils", is_there: || runs("pdftotext", "-v") };

/// Makes sure the tools are there: installs what is missing when run by root where `apt-get` is.
///
/// # Errors
/// When something is missing that may not or cannot be installed; the text says what to install.
pub fn ensure_installed(tools: &[Tool]) -> anyhow::Result<()> {
    let missing: BTreeSet<&str> = tools.iter().filter(|tool| !(tool.is_there)()).map(|tool| tool.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.iter().copied().collect::<Vec<_>>().join(" ");
    if !is_root()? || !runs("apt-get", "--version") {
        bail!("missing programs; install these Debian packages and run again: {list}");
    }
    println!("packages: apt-get update, then apt-get install {list}");
    apt_get(&["update", "-qq"])?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(missing);
    apt_get(&install)?;
    let still: Vec<&str> = tools.iter().filter(|tool| !(tool.is_there)()).map(|tool| tool.package).collect();
    ensure!(still.is_empty(), "installed, and still not found: {}", still.join(" "));
    Ok(())
}

fn apt_get(arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(std::process::Stdio::null())
        .status()
        .context("apt-get")?;
    ensure!(status.success(), "apt-get {} failed ({status})", arguments.join(" "));
    Ok(())
}

fn is_root() -> anyhow::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}

/// Whether the program can be started at all; some answer their version with a failure.
fn runs(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok()
}
