//! Files from people: streamed to disk with a limit, never held in memory whole.

use crate::app::App;
use crate::form::FormData;
use crate::request::Req;
use crate::route::Incoming;
use axum::extract::{FromRequest, Multipart};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Result};
use std::io::Write;

/// Form field that carries the contents of an upload as hash, size and name, set here and not by the person.
const FILE_FIELD: &str = "\u{0}file";

/// A received file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Name of the form field.
    pub field: String,
    /// SHA-256 of the content, its name among the blobs.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Name the person's machine gave it.
    pub name: String,
}

/// The received files of a request.
pub fn files(req: &Req) -> Vec<Received> {
    req.form
        .all(FILE_FIELD)
        .into_iter()
        .filter_map(|line| {
            let mut parts = line.splitn(4, '|');
            Some(Received {
                field: parts.next()?.to_owned(),
                sha256: parts.next()?.to_owned(),
                size: parts.next()?.parse().ok()?,
                name: parts.next()?.to_owned(),
            })
        })
        .collect()
}

pub(crate) async fn receive(app: &App, incoming: Incoming) -> std::result::Result<Req, (Box<Req>, Error)> {
    let Incoming { mut req, rest } = incoming;
    if !req.same_origin() {
        return Err((Box::new(req), Error::conflict("form-from-elsewhere")));
    }
    match collect(app, rest).await {
        Ok(pairs) => {
            req.form = FormData::from_pairs(pairs);
            Ok(req)
        }
        Err(e) => Err((Box::new(req), e)),
    }
}

async fn collect(app: &App, rest: axum::extract::Request) -> Result<Vec<(String, String)>> {
    let broken = |_| Error::conflict("upload-broken");
    let mut parts = Multipart::from_request(rest, app).await.map_err(|_| Error::conflict("upload-broken"))?;
    let mut pairs = Vec::new();
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        // Names that begin so are ours: a person who sends one would name a file that is not theirs.
        if field.starts_with('\0') {
            return Err(Error::conflict("upload-broken"));
        }
        let Some(name) = part.file_name().map(ToOwned::to_owned) else {
            pairs.push((field, part.text().await.map_err(broken)?));
            continue;
        };
        let mut file = app.blobs.fresh()?;
        let mut size = 0u64;
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            size += chunk.len() as u64;
            if size > app.config.max_upload_bytes {
                let most = app.config.max_upload_bytes / 1024 / 1024;
                return Err(Error::conflict(Code::new("upload-too-large").arg("mb", most)));
            }
            file.write_all(&chunk)?;
        }
        if size == 0 {
            continue;
        }
        let blobs = app.blobs.clone();
        let kept = tokio::task::spawn_blocking(move || blobs.take(file)).await.map_err(Error::internal)?;
        let (sha256, size) = kept?;
        let name = name.replace(['|', '/', '\\', '\0'], "_");
        pairs.push((FILE_FIELD.to_owned(), format!("{field}|{sha256}|{size}|{name}")));
    }
    Ok(pairs)
}
