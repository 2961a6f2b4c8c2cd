//! The folder of files where a bucket holds them all: what was asked for lately stays at hand, the rest goes.

use gongyu_kernel::{Millis, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file asked for is marked again only after a while: one write an hour, not one a reading.
const MARKED: Duration = Duration::from_secs(3_600);

/// Notes that a file was asked for.
pub(super) fn mark(path: &Path, now: Millis) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now.0.unsigned_abs());
    let old = |at: SystemTime| now.duration_since(at).is_ok_and(|age| age > MARKED);
    let stale = fs::metadata(path).and_then(|m| m.modified()).is_ok_and(old);
    if stale && let Ok(file) = File::options().append(true).open(path) {
        // Nothing depends on it but the order of going.
        let _ = file.set_modified(now);
    }
}

/// The files that go, the longest unasked first, so that the others fit.
pub(super) fn surplus(root: &Path, most: u64) -> Result<Vec<PathBuf>> {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for shelf in fs::read_dir(root)?.flatten().filter(|shelf| shelf.path().is_dir()) {
        for file in fs::read_dir(shelf.path())?.flatten() {
            if let Ok(meta) = file.metadata() {
                files.push((meta.modified()?, meta.len(), file.path()));
            }
        }
    }
    files.sort();
    let mut held: u64 = files.iter().map(|(_, size, _)| size).sum();
    let mut gone = Vec::new();
    for (_, size, path) in files {
        if held <= most {
            break;
        }
        held -= size;
        gone.push(path);
    }
    Ok(gone)
}
