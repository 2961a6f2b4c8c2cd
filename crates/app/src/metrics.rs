//! Figures for Prometheus.

use crate::ops::standing;
use axum::http::{Method, StatusCode};
use gongyu_store::meter;
use gongyu_web::App;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

const REQUESTS: &str = "gongyu_http_requests_total";
const SECONDS: &str = "gongyu_http_request_seconds";
const DB_SECONDS: &str = "gongyu_db_wait_seconds";
const JOBS: &str = "gongyu_jobs";
const OLDEST_JOB: &str = "gongyu_job_oldest_ready_seconds";
const UNSEALED: &str = "gongyu_audit_unsealed_rows";

const REPLICAS: &str = "gongyu_db_replicas";

/// Bounds of the histograms of the database, in seconds: from a point read to a statement timing out.
const DB_BOUNDS: &[f64] =
    &[0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];
/// Bounds of the histogram of writes in one commit.
const GROUP_BOUNDS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
/// Bounds of the histogram of answer times, in seconds.
const BOUNDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Starts keeping figures; once a process.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = bounded().unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of figures was set before: /metrics will be empty");
        }
        describe();
        gauge!("gongyu_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        handle
    });
}

fn bounded() -> Result<PrometheusBuilder, BuildError> {
    let full = |name: &str| Matcher::Full(name.to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(full(SECONDS), BOUNDS)?
        .set_buckets_for_metric(full(meter::RAN), DB_BOUNDS)?
        .set_buckets_for_metric(full(meter::WAITED), DB_BOUNDS)?
        .set_buckets_for_metric(full(meter::COMMITTED), DB_BOUNDS)?
        .set_buckets_for_metric(full(meter::GROUPED), GROUP_BOUNDS)
}

fn describe() {
    metrics::describe_histogram!(meter::RAN, "Time a read or write took on its database thread");
    metrics::describe_histogram!(meter::WAITED, "Time a read or write waited for a database thread");
    metrics::describe_histogram!(meter::COMMITTED, "Time until a group of writes was durable (SQLite)");
    metrics::describe_histogram!(meter::GROUPED, "Writes that shared one commit (SQLite)");
    metrics::describe_counter!(meter::COLLIDED, "Writes tried again because they collided (PostgreSQL)");
    metrics::describe_counter!(meter::REGROUPED, "Groups run again because one write was refused halfway (SQLite)");
    metrics::describe_counter!(meter::FELL_BACK, "Reads a replica could not answer, given to the primary");
    metrics::describe_gauge!(REPLICAS, "Read replicas: those near enough to be asked, and all");
    metrics::describe_counter!(REQUESTS, "Requests by method, route template and status");
    metrics::describe_histogram!(SECONDS, "Time to answer, by route template");
    metrics::describe_gauge!(DB_SECONDS, "How long an empty read or write waited when the figures were asked for");
    metrics::describe_gauge!(JOBS, "Jobs by state: ready or dead");
    metrics::describe_gauge!(OLDEST_JOB, "Age of the oldest job that is due and not done");
    metrics::describe_gauge!(UNSEALED, "Rows of the audit log not yet in the hash chain");
}

/// Counts one answered request.
pub fn note_request(method: &Method, route: &str, status: StatusCode, took: Duration) {
    // An unknown method is the caller's text: one label for all of them keeps the series few.
    let method = match method.as_str() {
        m @ ("GET" | "POST" | "HEAD" | "PUT" | "DELETE" | "PATCH" | "OPTIONS") => m.to_owned(),
        _ => "other".to_owned(),
    };
    counter!(REQUESTS, "method" => method, "route" => route.to_owned(), "status" => status.as_u16().to_string())
        .increment(1);
    histogram!(SECONDS, "route" => route.to_owned()).record(took.as_secs_f64());
}

/// Takes the figures that are looked up rather than counted.
pub async fn look(app: &App) {
    let began = Instant::now();
    let looked = app.db.read(standing::look).await;
    gauge!(DB_SECONDS, "kind" => "read").set(began.elapsed().as_secs_f64());
    let began = Instant::now();
    if app.db.write(|_| Ok(())).await.is_ok() {
        gauge!(DB_SECONDS, "kind" => "write").set(began.elapsed().as_secs_f64());
    }
    match looked {
        Ok(s) => {
            gauge!(JOBS, "state" => "ready").set(float(s.ready));
            gauge!(JOBS, "state" => "dead").set(float(s.dead));
            gauge!(OLDEST_JOB).set(float(s.oldest_seconds));
            let (asked, all) = app.db.replicas();
            gauge!(REPLICAS, "state" => "asked").set(float(asked as i64));
            gauge!(REPLICAS, "state" => "all").set(float(all as i64));
            gauge!(UNSEALED).set(float(s.unsealed));
        }
        Err(e) => tracing::error!(error = %e, "figures could not be read"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for a graph")]
fn float(n: i64) -> f64 {
    n as f64
}

/// Everything counted so far, as Prometheus reads it.
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds what was recorded into the histograms, so that memory stays small when nobody asks.
pub fn upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}
