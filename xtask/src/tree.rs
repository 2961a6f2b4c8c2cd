//! The repository's files, as git sees them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// The repository's root: the folder above `xtask`.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Every file that is tracked, or new and not ignored, relative to the root, sorted.
///
/// # Errors
/// When git cannot be run.
pub fn files() -> anyhow::Result<Vec<PathBuf>> {
    let root = root();
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .context("git ls-files")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<PathBuf> = String::from_utf8(output.stdout)?
        .split_terminator('\0')
        .map(PathBuf::from)
        // A file deleted and not yet committed is still listed.
        .filter(|path| root.join(path).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Whether the file's name ends with `.ext`.
pub fn has_extension(path: &Path, ext: &str) -> bool {
    path.extension().is_some_and(|found| found == ext)
}
