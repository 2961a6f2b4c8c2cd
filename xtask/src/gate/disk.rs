//! Whether there is room for what the gate builds. A linker that runs out of disk dies of a bus error, which tells nobody
//! what is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::tree;

const GB: u64 = 1_000_000_000;
/// What the whole gate leaves in an empty target folder: 7 GB of libraries and test programs with their debug information,
/// as much again of incremental state, and the check of clippy (measured at about 120,000 lines of our own).
const WHOLE: u64 = 16 * GB;
/// What a run needs besides what it builds anew: a second copy of what it replaces, throw-away databases, browser profiles.
const LEAST: u64 = 4 * GB;

/// Makes sure that there is room before anything is built. `whole` for every crate, otherwise for a part.
///
/// # Errors
/// Says how much is free, how much is needed, and where.
pub fn check(whole: bool) -> anyhow::Result<()> {
    let target = target_folder();
    let built = if whole { size_of(&target) } else { WHOLE };
    let needed = WHOLE.saturating_sub(built).max(LEAST);
    let place = existing(&target);
    let free = free_bytes(place)?;
    ensure!(free >= needed, "{}", refusal(place, free, needed, built.min(WHOLE)));
    println!("{} free, {} needed", gb(free), gb(needed));
    Ok(())
}

fn refusal(place: &Path, free: u64, needed: u64, built: u64) -> String {
    format!(
        "not enough disk: {} has {} free and this run needs about {} there ({} are built already).\n\
         Make room, for instance with `cargo clean`, or set CARGO_TARGET_DIR to a folder on a larger disk.",
        place.display(),
        gb(free),
        gb(needed),
        gb(built)
    )
}

fn gb(bytes: u64) -> String {
    format!("{}.{} GB", bytes / GB, bytes % GB * 10 / GB)
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree::root().join("target"), |dir| tree::root().join(dir))
}

/// The folder, or the nearest one above it that is there.
fn existing(folder: &Path) -> &Path {
    folder.ancestors().find(|at| at.is_dir()).unwrap_or(Path::new("/"))
}

/// What lies in a folder; what cannot be looked at, or is just being removed, counts nothing.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => size_of(&entry.path()),
        Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |meta| meta.len()),
        _ => 0,
    };
    entries.flatten().map(size).sum()
}

fn free_bytes(folder: &Path) -> anyhow::Result<u64> {
    let output = Command::new("df").args(["-P", "-k"]).arg(folder).output().context("df")?;
    let text = String::from_utf8_lossy(&output.stdout);
    available(&text).with_context(|| format!("df {}: {text}", folder.display()))
}

/// The fourth column of the last line, in kilobytes (POSIX, `df -P -k`).
fn available(text: &str) -> Option<u64> {
    let line = text.lines().last()?;
    let kilobytes: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_free_space_is_read_as_df_tells_it() {
        let text = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n\
                    /dev/vda         263174212 59768832  36700160      62% /\n";
        assert_eq!(available(text), Some(36_700_160 * 1024));
        assert_eq!(available("df: no such folder\n"), None);
        assert!(free_bytes(existing(Path::new("/nowhere/at/all"))).is_ok());
    }

    #[test]
    fn a_full_disk_is_told_in_numbers_before_anything_is_built() {
        let told = refusal(Path::new("/disk"), 3_150_000_000, 9 * GB, 7 * GB);
        assert!(told.contains("/disk has 3.1 GB free") && told.contains("about 9.0 GB"), "{told}");
    }

    #[test]
    fn what_is_built_already_is_not_asked_for_again() {
        let folder = std::env::temp_dir().join(format!("gongyu-disk-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep")).expect("a folder");
        std::fs::write(folder.join("deep/file"), [0; 1_000]).expect("a file");
        assert_eq!(size_of(&folder), 1_000);
        std::fs::remove_dir_all(&folder).expect("gone");
        assert_eq!(size_of(&folder), 0);
    }
}
