//! The server: every feature's addresses under one roof, with what every answer has in common.

mod followed;
pub mod front;
mod headers;
mod health;
mod request;

use crate::{assemble, metrics, ops};
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt;
use gongyu_web::{App, assets, route};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Answers smaller than this are sent as they are: compressing them costs more than it saves.
const COMPRESS_FROM: u64 = 1024;
/// Room for the other fields and the boundaries around an uploaded file, in bytes.
const AROUND_FILE: u64 = 4 * 1024 * 1024;
/// Seconds that open requests are given to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(20);
/// How often metrics and rate limits are tidied.
const UPKEEP: Duration = Duration::from_secs(10);
/// How often the folder of files is looked at where a bucket holds them.
const SHRINK: Duration = Duration::from_secs(600);
/// Of so many times one also lets the features do what each node does by itself.
const FEATURES_EVERY: u32 = 6;

/// The whole site.
pub fn router(app: &App) -> Router {
    let body = usize::try_from(app.config.max_upload_bytes.saturating_add(AROUND_FILE)).unwrap_or(usize::MAX);
    // Middle quality: near the size of the best at a tenth of its time.
    let level = CompressionLevel::Precise(4);
    let compression = CompressionLayer::new().quality(level).compress_when(SizeAbove::new(COMPRESS_FROM).and(is_text));
    metrics::install();
    Router::new()
        .merge(route::all_routes(app).into_router())
        .merge(assets::router())
        .merge(health::router())
        .fallback(front::lost)
        .layer(DefaultBodyLimit::max(body))
        .layer(compression)
        .layer(from_fn_with_state(app.clone(), request::around))
        .with_state(app.clone())
}

fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    ["text/html", "application/json", "text/plain", "text/csv", "image/svg+xml"]
        .iter()
        .any(|text| media.starts_with(text))
}

/// Serves until the process is told to stop (Ctrl-C, SIGTERM), with the jobs beside it. `ready` is called
/// once with the address that is listened on.
///
/// # Errors
/// When the address is taken, or the server fails.
pub fn run(app: &App, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let jobs = assemble::start_jobs(app)?;
    let served = runtime.block_on(listen(app, ready));
    app.upkeep();
    jobs.stop();
    runtime.shutdown_timeout(Duration::from_secs(5));
    served
}

async fn listen(app: &App, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let wanted = app.config.listen;
    let listener = TcpListener::bind(wanted).await.with_context(|| format!("cannot listen on {wanted}"))?;
    let address = listener.local_addr()?;
    // Answers are written whole: waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let upkeep = tokio::spawn(keep_up(app.clone()));
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let on = app.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        told_to_stop().await;
        on.hub().close();
        tracing::info!("stopping: no new requests are taken");
        let _ = stopping.send(());
    });
    tokio::task::block_in_place(|| ready(address));
    let ended = tokio::select! {
        ended = server.into_future() => ended.map_err(Into::into),
        () = patience(stopped) => Ok(()),
    };
    upkeep.abort();
    ended
}

async fn patience(stopped: tokio::sync::oneshot::Receiver<()>) {
    if stopped.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
    tracing::warn!("requests were still open after {} s and are cut off", GRACE.as_secs());
}

async fn keep_up(app: App) {
    let mut beat = tokio::time::interval(UPKEEP);
    let mut shrunk = Instant::now();
    for n in 1_u32.. {
        beat.tick().await;
        metrics::upkeep();
        app.tidy();
        if n.is_multiple_of(FEATURES_EVERY) {
            let on = app.clone();
            let _ = tokio::task::spawn_blocking(move || on.upkeep()).await;
        }
        if app.blobs.is_remote() && shrunk.elapsed() >= SHRINK {
            shrunk = Instant::now();
            let on = app.clone();
            let _ = tokio::task::spawn_blocking(move || ops::sweep::shrink(&on)).await;
        }
    }
}

async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
