//! What happens around every request: its number, its time limit, its line in the log and its count.

use super::{followed, headers};
use crate::metrics;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gongyu_web::App;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// Longest a page may take. A database statement ends sooner.
const PAGE: Duration = Duration::from_secs(90);
/// Longest an upload may take on a slow line.
const UPLOAD: Duration = Duration::from_secs(30 * 60);
/// Answers slower than this are worth a line in the log.
const SLOW: Duration = Duration::from_secs(1);

/// Wraps every request.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    // The template, never the path itself: a path may hold the code of a contact card.
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".into(), |m| m.as_str().to_owned());
    let method = request.method().clone();
    let id = request_id(&app, &request);
    let limit = patience(&request);
    let span = tracing::info_span!("request", %id, %method, %route);
    let followed = followed::Followed::of(&app, &request);
    let run = async {
        let answer = tokio::time::timeout(limit, next.run(request)).await;
        answer.unwrap_or_else(|_| StatusCode::GATEWAY_TIMEOUT.into_response())
    };
    let mut response = followed.run(run).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status());
    let https = app.config.public_url.starts_with("https://");
    headers::put(response.headers_mut(), https, &id);
    metrics::note_request(&method, &route, status, took);
    span.in_scope(|| {
        let (status, ms) = (status.as_u16(), took.as_millis());
        if status >= 500 || took > SLOW {
            tracing::warn!(status, ms, "answered");
        } else {
            tracing::debug!(status, ms, "answered");
        }
    });
    response
}

fn patience(request: &Request) -> Duration {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") { UPLOAD } else { PAGE }
}

/// The number a trusted proxy gave the request, or a new one.
fn request_id(app: &App, request: &Request) -> String {
    let given = request.headers().get(headers::REQUEST_ID).and_then(|v| v.to_str().ok());
    let sane = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    match given.filter(sane) {
        Some(id) if app.config.trusted_proxies > 0 => id.to_owned(),
        _ => format!("{:016x}", u64::from_le_bytes(app.random.bytes())),
    }
}
