//! Where the database has read replicas, each browser carries how far it has written in a short-lived cookie, so that no
//! node and no replica shows it less than that.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use gongyu_store::follow::{Position, following};
use gongyu_web::App;
use std::future::Future;

/// The cookie. It holds a place in the database's log and nothing of the person; who changes it shows themselves older
/// pages at most.
const COOKIE: &str = "gy_at";
/// Seconds it is kept: far longer than a replica may lag.
const KEPT: u32 = 60;

/// What is known of a request before it runs.
pub(super) struct Followed {
    seen: Option<Position>,
    secure: bool,
}

impl Followed {
    pub(super) fn of(app: &App, request: &Request) -> Self {
        let secure = app.config.link_base().starts_with("https://");
        // A program with a bearer token keeps no cookies: its reads ask the primary.
        if app.db.replicas().1 == 0 || request.uri().path().starts_with("/api/") {
            return Self { seen: None, secure };
        }
        let carried = carried(request);
        // Part of a page asked for anew because somebody else of this node has written something.
        let told = request.headers().contains_key("hx-request");
        Self { seen: Some(if told { carried.max(app.db.position()) } else { carried }), secure }
    }

    /// Runs the request and gives its answer the cookie when it has written.
    pub(super) async fn run(self, request: impl Future<Output = Response>) -> Response {
        let Some(seen) = self.seen else { return request.await };
        let (mut response, after) = following(seen, request).await;
        if after > seen {
            let secure = if self.secure { "; Secure" } else { "" };
            let text = format!("{COOKIE}={after}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT}{secure}");
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

fn carried(request: &Request) -> Position {
    let lines = request.headers().get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, at)| Position::parse(at)).max().unwrap_or_default()
}
