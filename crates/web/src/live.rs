//! Pings to open pages over server-sent events. A ping says only "look again": the page then fetches its own
//! part with its own permission, so nothing personal travels here and no permission is checked twice.
//! Where the pings come from is the room `deliver`'s affair; here are the open streams of this node.

use crate::app::App;
use crate::request::SESSION_COOKIE;
use crate::route::{Incoming, Routes};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use gongyu_access::session;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Streams one session may hold: a few open tabs.
const PER_SESSION: usize = 6;
/// Streams of one node.
const PER_NODE: usize = 20_000;
/// Without a ping a comment goes out this often, so that proxies keep the stream.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends after so many heartbeats; the browser opens another and its session is looked at again.
const LONGEST: u32 = 30;
/// How often the table is looked at while somebody listens.
const LOOK: Duration = Duration::from_secs(1);

static WAKE: Notify = Notify::const_new();

/// Hints that this process has something new to tell, so that it looks sooner than in a second. Harmless when
/// the transaction is then lost.
pub fn wake() {
    WAKE.notify_one();
}

/// What has been told since some round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pings {
    /// Topics with the round in which they were last told.
    pub topics: Vec<(String, i64)>,
    /// The last round there is.
    pub last: i64,
    /// Some wait for a round of their own.
    pub unnumbered: bool,
}

/// Where pings come from, and who may hear them.
#[derive(Clone, Copy)]
pub struct Source {
    /// What has been told after this round.
    pub since: fn(&mut Reader, i64) -> Result<Pings>,
    /// Gives what waits a round.
    pub number: fn(&mut Tx) -> Result<()>,
    /// The topic a ticket of this session opens, if it opens one.
    pub topic: fn(&App, Id, &str) -> Option<String>,
}

/// The streams open at this node.
pub struct Hub {
    topics: Mutex<HashMap<String, watch::Sender<i64>>>,
    sessions: Mutex<HashMap<Id, usize>>,
    looking: AtomicBool,
    seen: AtomicI64,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            topics: Mutex::default(),
            sessions: Mutex::default(),
            looking: AtomicBool::new(false),
            seen: AtomicI64::new(-1),
        }
    }
}

impl Hub {
    fn listen(&self, topic: &str) -> watch::Receiver<i64> {
        let mut topics = self.topics.lock();
        topics.entry(topic.to_owned()).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Takes a place for a stream, unless the session or the node has enough.
    fn enter(&self, session: Id) -> bool {
        let mut sessions = self.sessions.lock();
        if sessions.values().sum::<usize>() >= PER_NODE {
            return false;
        }
        let held = sessions.entry(session).or_insert(0);
        if *held >= PER_SESSION {
            return false;
        }
        *held += 1;
        true
    }

    fn leave(&self, session: Id) {
        let mut sessions = self.sessions.lock();
        if let Some(held) = sessions.get_mut(&session) {
            *held -= 1;
            if *held == 0 {
                sessions.remove(&session);
            }
        }
    }

    fn tell(&self, pings: &Pings) {
        let mut topics = self.topics.lock();
        topics.retain(|_, sender| sender.receiver_count() > 0);
        for (topic, round) in &pings.topics {
            if let Some(sender) = topics.get(topic) {
                sender.send_replace(*round);
            }
        }
    }

    /// Ends every stream: the node is about to stop.
    pub fn close(&self) {
        self.topics.lock().clear();
    }

    /// Streams open now.
    pub fn open(&self) -> usize {
        self.sessions.lock().values().sum()
    }
}

/// Looks at the table while anybody listens; one such task a node.
fn keep_looking(app: &App, source: Source) {
    if app.hub().looking.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        while app.hub().open() > 0 {
            if let Err(e) = look(&app, source).await {
                tracing::warn!(error = %e, "open pages could not be told");
            }
            // The hint comes from inside a transaction: a moment later it has committed.
            if tokio::time::timeout(LOOK, WAKE.notified()).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
        }
        app.hub().looking.store(false, Ordering::SeqCst);
        if app.hub().open() > 0 {
            keep_looking(&app, source);
        }
    });
}

async fn look(app: &App, source: Source) -> Result<()> {
    let seen = app.hub().seen.load(Ordering::SeqCst);
    let mut pings = app.db.read(move |r| (source.since)(r, seen)).await?;
    if pings.unnumbered {
        app.db.write(move |tx| (source.number)(tx)).await?;
        pings = app.db.read(move |r| (source.since)(r, seen)).await?;
    }
    app.hub().tell(&pings);
    app.hub().seen.store(pings.last, Ordering::SeqCst);
    Ok(())
}

/// Gives the place back when the stream ends, however it ends.
struct Place {
    app: App,
    session: Id,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.app.hub().leave(self.session);
    }
}

struct Listening {
    heard: watch::Receiver<i64>,
    first: Option<i64>,
    beats: u32,
    _place: Place,
}

fn ping(round: i64) -> Bytes {
    Bytes::from(format!("id: {round}\nevent: ping\ndata: {round}\n\n"))
}

async fn next(mut on: Listening) -> Option<(std::result::Result<Bytes, std::io::Error>, Listening)> {
    if let Some(round) = on.first.take() {
        let hello = if round > 0 { ping(round) } else { Bytes::from_static(b"retry: 3000\n\n") };
        return Some((Ok(hello), on));
    }
    match tokio::time::timeout(HEARTBEAT, on.heard.changed()).await {
        Ok(Ok(())) => {
            let round = *on.heard.borrow_and_update();
            Some((Ok(ping(round)), on))
        }
        Ok(Err(_)) => None,
        Err(_) if on.beats >= LONGEST => None,
        Err(_) => {
            on.beats += 1;
            Some((Ok(Bytes::from_static(b": still here\n\n")), on))
        }
    }
}

async fn open(app: App, incoming: Incoming, source: Source) -> Response {
    let req = incoming.req;
    let Some(token) = req.cookie(SESSION_COOKIE).map(ToOwned::to_owned) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let lifetimes = app.lifetimes();
    let found = app.db.read(move |r| session::find(r, &token, lifetimes)).await;
    let session = match found {
        Ok(Some(found)) => found.actor.session,
        Ok(None) => None,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let Some(session) = session else { return StatusCode::UNAUTHORIZED.into_response() };
    let ticket = req.params.first().map_or("", |(_, ticket)| ticket.as_str());
    let Some(topic) = (source.topic)(&app, session, ticket) else { return StatusCode::NOT_FOUND.into_response() };
    if !app.hub().enter(session) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "30")]).into_response();
    }
    let place = Place { app: app.clone(), session };
    let heard = app.hub().listen(&topic);
    let resumed = req.headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let first = match resumed {
        None => 0,
        Some(after) => {
            let missed = app.db.read(move |r| (source.since)(r, after)).await.unwrap_or_default();
            missed.topics.iter().find(|(told, _)| *told == topic).map_or(0, |(_, round)| *round)
        }
    };
    keep_looking(&app, source);
    let stream = unfold(Listening { heard, first: Some(first), beats: 0, _place: place }, next);
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

impl Routes {
    /// Streams of pings at an address with a ticket in it.
    #[must_use]
    pub fn live(self, path: &'static str, source: Source) -> Self {
        let handler = move |State(app): State<App>, incoming: Incoming| open(app, incoming, source);
        self.raw(Method::GET, path, true, axum::routing::get(handler))
    }
}
