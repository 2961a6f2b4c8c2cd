//! From what was uploaded to what may be kept; runs off the database threads.

use super::kind::{self, FileKind};
use super::{name, picture};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use gongyu_store::blob::Blobs;
use gongyu_web::{App, Req, upload};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// Form field it came in.
    pub field: String,
    /// What it is, by `FileKind::code`.
    pub kind: String,
    /// Its cleaned name.
    pub name: String,
    /// Content, by hash.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Small picture, by hash; empty for what is no picture.
    pub small_sha256: String,
    /// Bytes of the small picture.
    pub small_size: i64,
    /// Width in pixels; 0 for what is no picture.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
    /// Content as it was sent, by hash; the same as `sha256` unless it was written anew.
    pub raw_sha256: String,
    /// Bytes as it was sent.
    pub raw_size: i64,
}

impl Prepared {
    /// What it is.
    pub fn kind(&self) -> Option<FileKind> {
        FileKind::parse(&self.kind)
    }
}

/// Types every received file, writes pictures anew and cleans names: the preparation of
/// `Routes::upload_with`. Give `received` to the change.
///
/// # Errors
/// `Error::Conflict` naming the file and the reason.
pub fn prepare(app: &App, req: &mut Req) -> Result<()> {
    let limits = app.db.read_wait(super::limits)?;
    let files = upload::files(req);
    if files.len() as i64 > limits.files {
        return Err(Error::conflict(Code::new("attach-too-many").arg("n", limits.files)));
    }
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        if file.size > limits.bytes {
            let code = Code::new("attach-too-large").arg("name", &file.name).arg("mb", limits.megabytes());
            return Err(Error::conflict(code));
        }
        let one = one(&app.blobs, &file).map_err(|e| naming(e, &file.name))?;
        ready.push(serde_json::to_string(&one)?);
    }
    req.prepared = ready;
    Ok(())
}

/// What `prepare` made of the files of a request.
pub fn received(req: &Req) -> Vec<Prepared> {
    req.prepared.iter().filter_map(|json| serde_json::from_str(json).ok()).collect()
}

/// The same for a picture that came by another way than a form: in pieces, from a phone.
///
/// # Errors
/// `Error::Conflict` with the reason: no picture, too large.
pub fn prepare_picture(blobs: &Blobs, bytes: &[u8], name: &str, limits: &super::Limits) -> Result<Prepared> {
    let size = bytes.len() as i64;
    if size > limits.bytes {
        let code = Code::new("attach-too-large").arg("name", name).arg("mb", limits.megabytes());
        return Err(Error::conflict(code));
    }
    let file = upload::Received { field: String::new(), sha256: blobs.keep(bytes)?, size, name: name.to_owned() };
    let made = one(blobs, &file).map_err(|e| naming(e, name))?;
    match made.kind() {
        Some(FileKind::Picture) => Ok(made),
        _ => Err(Error::conflict(Code::new("attach-other-picture").arg("name", name))),
    }
}

fn one(blobs: &Blobs, file: &upload::Received) -> Result<Prepared> {
    let mut content = File::open(blobs.fetch(&file.sha256)?)?;
    let kind = kind::found(&mut content)?;
    let mut made = Prepared {
        field: file.field.clone(),
        kind: kind.code().to_owned(),
        name: name::cleaned(&file.name, kind.ending(), kind.ending()),
        sha256: file.sha256.clone(),
        size: file.size,
        small_sha256: String::new(),
        small_size: 0,
        width: 0,
        height: 0,
        raw_sha256: file.sha256.clone(),
        raw_size: file.size,
    };
    if kind == FileKind::Picture {
        let picture = picture::rewritten(content)?;
        made.sha256 = blobs.keep(&picture.bytes)?;
        made.size = picture.bytes.len() as i64;
        made.small_sha256 = blobs.keep(&picture.small)?;
        made.small_size = picture.small.len() as i64;
        made.width = i64::from(picture.width);
        made.height = i64::from(picture.height);
    }
    Ok(made)
}

/// The same reason with the file it is about, for one of nine is hard to guess.
fn naming(error: Error, name: &str) -> Error {
    match error {
        Error::Conflict(code) => Error::Conflict(code.arg("name", name)),
        other => other,
    }
}
