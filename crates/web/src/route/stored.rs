//! A kept file on its way to a person, streamed from disk.

use super::serve::disposition;
use crate::app::App;
use crate::page::Stored;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use gongyu_kernel::{Error, Result};
use std::path::Path;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// Nothing in a person's file may run, load or be framed; as a page it is nobody's origin.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");
/// Kept by this person's own browser for a while, by nobody between.
const CACHE: HeaderValue = HeaderValue::from_static("private, max-age=600");

pub(super) async fn response(app: &App, stored: &Stored) -> Result<Response> {
    let file = match File::open(&stored.path).await {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => fetched(app, &stored.path).await?,
        opened => opened?,
    };
    let size = file.metadata().await?.len();
    let mut response = Response::new(Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024)));
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_str(&stored.media_type).map_err(Error::internal)?;
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(value) = disposition(&stored.name, stored.inline) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// A file that this machine has not at hand: the bucket may have it.
async fn fetched(app: &App, path: &Path) -> Result<File> {
    let sha256 = path.file_name().and_then(|n| n.to_str()).ok_or(Error::NotFound)?.to_owned();
    let blobs = app.blobs.clone();
    let path = tokio::task::spawn_blocking(move || blobs.fetch(&sha256)).await.map_err(Error::internal)??;
    Ok(File::open(path).await?)
}
