//! `gongyu backup`: one file with everything needed to begin again elsewhere.

use super::manifest::{self, BLOBS, FORMAT, KEYS, MANIFEST, Manifest, PG_DUMP, Part, SQLITE, pour};
use crate::assemble;
use anyhow::{Context, Result, ensure};
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_store::backup;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Takes a backup while the server runs. The database is copied first: a file that comes in later is left
/// out of nothing that refers to it, and one too many does no harm.
///
/// # Errors
/// When there is no database, the target exists, or the disk refuses.
pub fn take(config: &Config, clock: &Clock, to: &Path, with_keys: bool) -> Result<Manifest> {
    ensure!(!to.exists(), "{} exists already; backups are never written over", to.display());
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The temporary file can be read by its owner only, and so can the backup it becomes.
    let target = NamedTempFile::new_in(folder).with_context(|| folder.display().to_string())?;
    let mut zip = ZipWriter::new(target);
    let mut parts = vec![database(config, folder, &mut zip)?];
    // With a bucket the folder is a cache; the bucket is kept safe by its own means (docs/operations.md).
    let files = if config.s3_endpoint.is_empty() { blobs(&assemble::blob_folder(config))? } else { Vec::new() };
    for (name, path) in files {
        // A file that expired since it was listed is missed by nothing in the copied database.
        if path.exists() {
            parts.push(add(&mut zip, &name, &path)?);
        }
    }
    if with_keys {
        let keys = assemble::key_file(config);
        ensure!(keys.exists(), "there are no keys at {}", keys.display());
        parts.push(add(&mut zip, KEYS, &keys)?);
    }
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: engine(config).to_owned(),
        taken_at: clock.now().civil().to_string(),
        with_keys,
        files: parts,
    };
    zip.start_file(MANIFEST, options())?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    let target = zip.finish()?;
    target.as_file().sync_all()?;
    target.persist_noclobber(to).with_context(|| to.display().to_string())?;
    Ok(manifest)
}

pub(super) fn engine(config: &Config) -> &'static str {
    if config.database_url.is_empty() { "sqlite" } else { "postgres" }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(3))
        .large_file(true)
        .unix_permissions(0o600)
}

fn database(config: &Config, folder: &Path, zip: &mut ZipWriter<NamedTempFile>) -> Result<Part> {
    let room = tempfile::tempdir_in(folder)?;
    if config.database_url.is_empty() {
        let file = assemble::database_file(config);
        ensure!(file.exists(), "there is no database at {}", file.display());
        let copy = room.path().join(SQLITE);
        backup::copy_sqlite(&file, &copy)?;
        add(zip, SQLITE, &copy)
    } else {
        let copy = room.path().join(PG_DUMP);
        backup::dump_postgres(&config.database_url, &copy)?;
        add(zip, PG_DUMP, &copy)
    }
}

fn add(zip: &mut ZipWriter<NamedTempFile>, name: &str, path: &Path) -> Result<Part> {
    let mut file = File::open(path).with_context(|| path.display().to_string())?;
    zip.start_file(name, options())?;
    let (size, sha256) = pour(&mut file, zip)?;
    Ok(Part { name: name.to_owned(), size, sha256 })
}

/// The settled files: `blobs/ab/ab12…`. What lies in the folder itself is still being received.
fn blobs(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for shelf in fs::read_dir(folder)? {
        let shelf = shelf?;
        if !shelf.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(shelf.path())? {
            let file = file?;
            let name = format!("{BLOBS}{}/{}", shelf.file_name().display(), file.file_name().display());
            if manifest::is_part(&name) {
                found.push((name, file.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}
