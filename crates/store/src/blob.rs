//! Files kept beside the database: uploads in progress, prepared downloads, attachments.

use crate::{Reader, Tx, record, sql};
use gongyu_kernel::hex;
use gongyu_kernel::{Error, Id, Millis, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The folder of files, named by content.
#[derive(Clone, Debug)]
pub struct Blobs {
    root: PathBuf,
}

record! {
    /// A stored file.
    #[derive(Clone, Debug)]
    pub struct BlobInfo {
        /// Identifier.
        pub id: Id,
        /// SHA-256 of the content, in hex; also its name on disk.
        pub sha256: String,
        /// Bytes.
        pub size: i64,
        /// Media type found from the content.
        pub media_type: String,
        /// Name as the person knows it.
        pub name: String,
    }
}

impl Blobs {
    /// Uses a folder, making it when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// Where a content lies.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(&sha256[..2.min(sha256.len())]).join(sha256)
    }

    /// Keeps bytes on disk, durable when this returns. Give the hash to `remember`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(&self, bytes: &[u8]) -> Result<String> {
        let hash = hex(Sha256::digest(bytes));
        let path = self.path(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let mut file = self.fresh()?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        self.settle(file, &path)?;
        Ok(hash)
    }

    /// Takes over a finished file, hashing it on the way.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(&self, file: tempfile::NamedTempFile) -> Result<(String, u64)> {
        let mut hasher = Sha256::new();
        let mut reader = File::open(file.path())?;
        let mut chunk = vec![0u8; 1 << 16];
        let mut size = 0u64;
        loop {
            let n = reader.read(&mut chunk)?;
            if n == 0 {
                break;
            }
            size += n as u64;
            hasher.update(&chunk[..n]);
        }
        let hash = hex(hasher.finalize());
        file.as_file().sync_all()?;
        self.settle(file, &self.path(&hash))?;
        Ok((hash, size))
    }

    /// An empty file in the same file system, for an upload to be written into.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn fresh(&self) -> Result<tempfile::NamedTempFile> {
        Ok(tempfile::NamedTempFile::new_in(&self.root)?)
    }

    fn settle(&self, file: tempfile::NamedTempFile, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        file.persist(path).map_err(Error::internal)?;
        Ok(())
    }

    /// Reads a whole content.
    ///
    /// # Errors
    /// `Error::NotFound` when it is not there.
    pub fn read(&self, sha256: &str) -> Result<Vec<u8>> {
        fs::read(self.path(sha256)).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound,
            _ => e.into(),
        })
    }

    /// Removes a content from disk; its absence is not an error.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(&self, sha256: &str) -> Result<()> {
        match fs::remove_file(self.path(sha256)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }
}

/// Notes a kept content under a new identifier, until `expires` if given.
///
/// # Errors
/// As any statement.
pub fn remember(
    tx: &mut Tx,
    sha256: &str,
    size: i64,
    media_type: &str,
    name: &str,
    expires: Option<Millis>,
) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO blob (id, sha256, size, media_type, name, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &sha256, &size, &media_type, &name, &now, &expires],
    )?;
    Ok(id)
}

/// A stored file by its identifier.
///
/// # Errors
/// `Error::NotFound`.
pub fn find(r: &mut Reader, id: Id) -> Result<BlobInfo> {
    r.one(sql!("SELECT id, sha256, size, media_type, name FROM blob WHERE id = $1"), &[&id])
}

/// Forgets files past their day and returns the contents that nothing refers to any more.
///
/// # Errors
/// As any statement.
pub fn expire(tx: &mut Tx) -> Result<Vec<String>> {
    let now = tx.now();
    let gone: Vec<(Id, String)> = tx.rows(
        sql!("SELECT id, sha256 FROM blob WHERE expires_at IS NOT NULL AND expires_at < $1 ORDER BY id LIMIT 500"),
        &[&now],
    )?;
    let mut orphans = Vec::new();
    for (id, sha256) in gone {
        tx.exec(sql!("DELETE FROM blob WHERE id = $1"), &[&id])?;
        let left: i64 = tx.scalar(sql!("SELECT COUNT(*) FROM blob WHERE sha256 = $1"), &[&sha256])?;
        if left == 0 {
            orphans.push(sha256);
        }
    }
    Ok(orphans)
}
