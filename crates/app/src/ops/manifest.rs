//! What a backup file says of itself.

use anyhow::{Context, Result, bail, ensure};
use gongyu_kernel::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};

/// Name of the manifest inside a backup.
pub(super) const MANIFEST: &str = "manifest.json";
/// Name of the embedded database inside a backup.
pub(super) const SQLITE: &str = "database.sqlite";
/// Name of a PostgreSQL dump inside a backup.
pub(super) const PG_DUMP: &str = "database.pgdump";
/// Name of the keys inside a backup.
pub(super) const KEYS: &str = "keys.json";
/// Folder of the files inside a backup.
pub(super) const BLOBS: &str = "blobs/";
/// Version of this layout.
pub(super) const FORMAT: u32 = 1;

/// What a backup holds, with a checksum of each part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Beijing time at which it was begun.
    pub taken_at: String,
    /// Whether the keys of sealed fields are inside.
    pub with_keys: bool,
    /// The parts.
    pub files: Vec<Part>,
}

/// One part of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Name inside the backup.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest, refusing what this program cannot bring back.
    ///
    /// # Errors
    /// When it is not ours, of a later layout, or names a part that a backup does not have.
    pub(super) fn read(text: &[u8]) -> Result<Self> {
        let manifest: Self = serde_json::from_slice(text).context("the manifest cannot be understood")?;
        ensure!(
            manifest.format == FORMAT,
            "the backup has layout {}, this program reads layout {FORMAT}: use the newer program",
            manifest.format
        );
        for part in &manifest.files {
            if !is_part(&part.name) {
                bail!("the backup names {:?}, which no backup holds", part.name);
            }
        }
        Ok(manifest)
    }

    /// The part that holds the database.
    pub(super) fn database(&self) -> Result<&Part> {
        let found = self.files.iter().find(|p| p.name == SQLITE || p.name == PG_DUMP);
        found.context("the backup holds no database")
    }
}

/// Only these names are ever written to disk: a forged backup cannot reach outside its folder.
pub(super) fn is_part(name: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    match name.strip_prefix(BLOBS).and_then(|rest| rest.split_once('/')) {
        Some((folder, file)) => folder.len() == 2 && file.len() == 64 && is_hex(folder) && is_hex(file),
        None => matches!(name, SQLITE | PG_DUMP | KEYS),
    }
}

/// Copies everything from one to the other; returns the bytes and their SHA-256 in hex.
pub(super) fn pour(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0u8; 1 << 16];
    let mut size = 0u64;
    loop {
        let n = from.read(&mut chunk)?;
        if n == 0 {
            break;
        }
        hasher.update(&chunk[..n]);
        to.write_all(&chunk[..n])?;
        size += n as u64;
    }
    let hash = hex(hasher.finalize());
    Ok((size, hash))
}

#[cfg(test)]
mod tests {
    use super::is_part;

    #[test]
    fn a_forged_name_is_no_part_of_a_backup() {
        let hash = "0123456789abcdef".repeat(4);
        assert!(is_part("database.sqlite") && is_part(&format!("blobs/01/{hash}")));
        for forged in ["../keys.json", "blobs/../../x", "/etc/passwd", "blobs/01/short", "gongyu.toml", ""] {
            assert!(!is_part(forged), "{forged}");
        }
    }
}
