//! Addresses for machines that watch over the server. They need no session and say nothing of people.

use crate::metrics;
use crate::ops::schema;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use gongyu_web::App;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};

/// `/healthz`: the process answers. `/readyz`: it can serve. `/metrics`: figures for Prometheus.
pub(super) fn router() -> Router<App> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).route("/metrics", get(figures))
}

async fn ready(State(app): State<App>) -> Response {
    let steps = crate::assemble::migrations(&app.features);
    let standing = app.db.read(move |r| schema::standing(r, &steps)).await;
    match standing {
        Ok(s) if s.is_current() => (StatusCode::OK, Json(json!({ "ready": true }))).into_response(),
        Ok(s) => {
            let why = json!({ "ready": false, "missing": s.missing, "unknown": s.unknown });
            (StatusCode::SERVICE_UNAVAILABLE, Json(why)).into_response()
        }
        Err(e) => {
            tracing::error!(error = %e, "not ready");
            let why = json!({ "ready": false, "database": "cannot be read" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(why)).into_response()
        }
    }
}

async fn figures(State(app): State<App>, request: Request) -> Response {
    if !asked_from_inside(&request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    metrics::look(&app).await;
    let media = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, media)], metrics::render()).into_response()
}

/// Figures are for the operator's own network: a request that a proxy passed on, or that comes from a
/// public address, gets none.
fn asked_from_inside(request: &Request) -> bool {
    let forwarded = request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let inside = match peer.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        None => true,
    };
    inside && !forwarded
}
