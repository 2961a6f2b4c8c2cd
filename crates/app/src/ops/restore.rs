//! `gongyu restore`: a backup becomes the data folder.

use super::backup::engine;
use super::manifest::{BLOBS, KEYS, MANIFEST, Manifest, Part, pour};
use crate::assemble;
use anyhow::{Context, Result, bail, ensure};
use gongyu_kernel::Clock;
use gongyu_kernel::config::Config;
use gongyu_store::backup;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// What a restore did.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What was brought back.
    pub manifest: Manifest,
    /// Where the files that were there before lie now.
    pub before: Option<PathBuf>,
    /// The keys were not in the backup and are not in the folder: sealed fields cannot be read.
    pub keys_missing: bool,
}

/// Brings a backup back. Everything is unpacked and its checksums compared before anything in the data
/// folder changes; with `force`, what was there is put aside, never deleted.
///
/// # Errors
/// When the backup is damaged or for another engine, a server is running, or data is there and `force` is not given.
pub fn bring_back(config: &Config, clock: &Clock, from: &Path, force: bool) -> Result<Restored> {
    let _mine = assemble::lock_data(config)?;
    fs::create_dir_all(&config.data)?;
    let file = File::open(from).with_context(|| from.display().to_string())?;
    let mut archive = ZipArchive::new(file).context("this is not a backup")?;
    let manifest = read_manifest(&mut archive)?;
    let (theirs, ours) = (manifest.engine.as_str(), engine(config));
    ensure!(theirs == ours, "the backup is of {theirs} and the configuration says {ours}: set or unset --database-url");
    refuse_over_data(config, &manifest, force)?;
    let room = tempfile::Builder::new().prefix("restore-").tempdir_in(&config.data)?;
    for part in &manifest.files {
        unpack(&mut archive, part, room.path())?;
    }
    let database = room.path().join(&manifest.database()?.name);
    if theirs == "sqlite" {
        backup::check_sqlite(&database)?;
    }
    let before = if force { put_aside(config, &manifest, clock)? } else { None };
    if theirs == "sqlite" {
        fs::rename(&database, assemble::database_file(config))?;
    } else {
        backup::load_postgres(&config.database_url, &database)?;
    }
    move_in(room.path(), config, &manifest)?;
    let keys_missing = !assemble::key_file(config).exists();
    Ok(Restored { manifest, before, keys_missing })
}

fn read_manifest(archive: &mut ZipArchive<File>) -> Result<Manifest> {
    const LARGEST: u64 = 512 * 1024 * 1024;
    let part = archive.by_name(MANIFEST).context("this is not a backup: it has no manifest")?;
    let mut text = Vec::new();
    part.take(LARGEST).read_to_end(&mut text)?;
    Manifest::read(&text)
}

fn refuse_over_data(config: &Config, manifest: &Manifest, force: bool) -> Result<()> {
    if force {
        return Ok(());
    }
    let advice = "give --force to put it aside and restore";
    if config.database_url.is_empty() {
        let file = assemble::database_file(config);
        ensure!(!file.exists(), "{} holds data; {advice}", config.data.display());
    } else if backup::postgres_holds_data(&config.database_url)? {
        bail!("the PostgreSQL database holds data; give --force to replace it");
    }
    let keys = assemble::key_file(config);
    ensure!(!(manifest.with_keys && keys.exists()), "{} exists; {advice}", keys.display());
    Ok(())
}

fn unpack(archive: &mut ZipArchive<File>, part: &Part, room: &Path) -> Result<()> {
    let path = room.join(&part.name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let inside = archive.by_name(&part.name).with_context(|| format!("the backup lacks {}", part.name))?;
    let mut out = private_file(&path)?;
    // One byte more than promised is enough to see that the promise is broken.
    let (size, sha256) = pour(&mut inside.take(part.size + 1), &mut out)?;
    ensure!(size == part.size && sha256 == part.sha256, "{} is damaged: its checksum differs", part.name);
    out.sync_all()?;
    Ok(())
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn put_aside(config: &Config, manifest: &Manifest, clock: &Clock) -> Result<Option<PathBuf>> {
    let mut names = vec!["blobs"];
    if config.database_url.is_empty() {
        names.extend(["gongyu.db", "gongyu.db-wal", "gongyu.db-shm"]);
    }
    if manifest.with_keys {
        names.push(KEYS);
    }
    let there: Vec<&str> = names.into_iter().filter(|name| config.data.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(None);
    }
    let aside = config.data.join(format!("before-restore-{}", clock.now().0));
    fs::create_dir_all(&aside)?;
    for name in there {
        fs::rename(config.data.join(name), aside.join(name))?;
    }
    Ok(Some(aside))
}

fn move_in(room: &Path, config: &Config, manifest: &Manifest) -> Result<()> {
    let shelf = assemble::blob_folder(config);
    for part in &manifest.files {
        if let Some(rest) = part.name.strip_prefix(BLOBS) {
            let to = shelf.join(rest);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(room.join(&part.name), to)?;
        } else if part.name == KEYS {
            fs::rename(room.join(KEYS), assemble::key_file(config))?;
        }
    }
    Ok(())
}
