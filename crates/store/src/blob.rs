//! Files kept beside the database: uploads in progress, prepared downloads, attachments. They lie in a folder; with a
//! bucket they lie there, and the folder holds what this node has asked for lately.

mod cache;
mod s3;
mod sign;
#[cfg(test)]
#[path = "blob/tests_s3.rs"]
mod tests;

pub use s3::S3;

use crate::{Reader, Tx, record, sql};
use gongyu_kernel::hex;
use gongyu_kernel::{Clock, Error, Id, Millis, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place for files that every node reaches. Names are `ab/ab12…`, the SHA-256 of the content, so that nothing in it
/// ever changes.
trait Bucket: Send + Sync {
    /// Keeps a file, durable when this returns.
    fn put(&self, name: &str, sha256: &str, file: File) -> Result<()>;
    /// Pours out a file; false when there is none.
    fn get(&self, name: &str, to: &mut dyn Write) -> Result<bool>;
    /// Whether there is a file.
    fn head(&self, name: &str) -> Result<bool>;
    /// Removes a file; its absence is not an error.
    fn delete(&self, name: &str) -> Result<()>;
}

/// A bucket with the folder as its cache.
#[derive(Clone)]
struct Remote {
    bucket: Arc<dyn Bucket>,
    most_bytes: u64,
    clock: Clock,
}

/// The files, named by content.
#[derive(Clone)]
pub struct Blobs {
    root: PathBuf,
    remote: Option<Remote>,
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
        Ok(Self { root: root.to_owned(), remote: None })
    }

    /// Uses a bucket, with a folder of at most about `most_bytes` for what was asked for lately.
    ///
    /// # Errors
    /// When the folder cannot be made or the settings of the bucket cannot be.
    pub fn open_s3(root: &Path, s3: &S3, most_bytes: u64, clock: Clock) -> Result<Self> {
        let bucket = Arc::new(s3::S3Bucket::new(s3, clock.clone())?);
        let remote = Remote { bucket, most_bytes, clock };
        Ok(Self { remote: Some(remote), ..Self::open(root)? })
    }

    /// Where a content lies in the folder, if it is there: see `fetch`.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.root.join(name(sha256))
    }

    /// The content as a file of this machine, brought from the bucket when it is not here yet. Not for a database thread.
    ///
    /// # Errors
    /// `Error::NotFound` when there is none, `Error::Busy` when the bucket cannot be reached.
    pub fn fetch(&self, sha256: &str) -> Result<PathBuf> {
        let path = self.path(sha256);
        if path.is_file() {
            if let Some(remote) = &self.remote {
                cache::mark(&path, remote.clock.now());
            }
            return Ok(path);
        }
        let remote = self.remote.as_ref().ok_or(Error::NotFound)?;
        let mut file = self.fresh()?;
        if !remote.bucket.get(&name(sha256), &mut file)? {
            return Err(Error::NotFound);
        }
        let (found, _) = hashed(file.path())?;
        if found != sha256 {
            return Err(Error::internal(format!("the bucket holds another content under {sha256}")));
        }
        self.settle(file, &path)?;
        Ok(path)
    }

    /// Lets the folder shrink to its size where a bucket holds the files; a file the bucket does not have yet is given to
    /// it first. Returns how many files went.
    ///
    /// # Errors
    /// When the bucket or the disk refuses.
    pub fn shrink(&self) -> Result<usize> {
        let Some(remote) = &self.remote else { return Ok(0) };
        let surplus = cache::surplus(&self.root, remote.most_bytes)?;
        for path in &surplus {
            let sha256 = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if !remote.bucket.head(&name(sha256))? {
                remote.bucket.put(&name(sha256), sha256, File::open(path)?)?;
            }
            fs::remove_file(path)?;
        }
        Ok(surplus.len())
    }

    /// Whether a bucket holds the files.
    pub const fn is_remote(&self) -> bool {
        self.remote.is_some()
    }

    fn share(&self, sha256: &str, path: &Path) -> Result<()> {
        match &self.remote {
            Some(remote) => remote.bucket.put(&name(sha256), sha256, File::open(path)?),
            None => Ok(()),
        }
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
        self.share(&hash, file.path())?;
        self.settle(file, &path)?;
        Ok(hash)
    }

    /// Takes over a finished file, hashing it on the way.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(&self, file: tempfile::NamedTempFile) -> Result<(String, u64)> {
        let (hash, size) = hashed(file.path())?;
        file.as_file().sync_all()?;
        let path = self.path(&hash);
        if !path.exists() {
            self.share(&hash, file.path())?;
        }
        self.settle(file, &path)?;
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
        fs::read(self.fetch(sha256)?).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound,
            _ => e.into(),
        })
    }

    /// Removes a content; its absence is not an error. Another node's folder forgets it in time.
    ///
    /// # Errors
    /// When the disk or the bucket refuses.
    pub fn remove(&self, sha256: &str) -> Result<()> {
        if let Some(remote) = &self.remote {
            remote.bucket.delete(&name(sha256))?;
        }
        match fs::remove_file(self.path(sha256)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }
}

/// The name of a content: a shelf by its first two letters, so that no folder grows too long.
fn name(sha256: &str) -> String {
    format!("{}/{sha256}", sha256.get(..2).unwrap_or(sha256))
}

fn hashed(path: &Path) -> Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut reader = File::open(path)?;
    let mut chunk = vec![0u8; 1 << 16];
    let mut size = 0u64;
    loop {
        let n = reader.read(&mut chunk)?;
        if n == 0 {
            return Ok((hex(hasher.finalize()), size));
        }
        size += n as u64;
        hasher.update(&chunk[..n]);
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
