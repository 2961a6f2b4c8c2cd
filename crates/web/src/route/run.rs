//! The three shapes of a request: reading, writing, writing with files.

use super::serve::{self, Incoming};
use super::{Get, Post, Prepare, Refused, Save, Show, as_refused};
use crate::app::App;
use crate::page::Reply;
use crate::request::Req;
use crate::show::View;
use axum::extract::{FromRequest, Request, State};
use axum::response::Response;
use gongyu_access::session::{self, Found};
use gongyu_kernel::{Error, Result};
use gongyu_store::Reader;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What came of running a handler: its outcome, with the session for the layout of either.
struct Ran {
    outcome: Result<Reply>,
    found: Option<Found>,
    view: Arc<View>,
}

fn look(app: &App, r: &mut Reader, req: &Req) -> Result<(Option<Found>, Arc<View>)> {
    let found = serve::find_session(app, r, req)?;
    let view = Arc::new(View::of(app, req, found.as_ref(), r.now()));
    Ok((found, view))
}

fn show_once<A, H: Show<A>>(app: &App, r: &mut Reader, req: &Req, show: H, refused: Option<&Refused>) -> Result<Ran> {
    let (found, view) = look(app, r, req)?;
    let mut g = Get { r, req, app, found: found.as_ref(), refused, view: view.clone() };
    let outcome = show.show(&mut g);
    Ok(Ran { outcome, found, view })
}

async fn read<A: 'static, H: Show<A>>(
    app: &App,
    req: &Arc<Req>,
    show: H,
    refused: Option<Arc<Refused>>,
) -> Result<Ran> {
    let (on, asked) = (app.clone(), req.clone());
    app.db
        .read(move |r| {
            let ran = show_once(&on, r, &asked, show, refused.as_deref())?;
            match ran.outcome {
                Err(e @ (Error::Busy(_) | Error::Internal(_))) => Err(e),
                _ => Ok(ran),
            }
        })
        .await
}

async fn write<B: 'static, P: Save<B>>(app: &App, req: &Arc<Req>, save: P) -> Result<Ran> {
    let (on, asked) = (app.clone(), req.clone());
    app.db
        .write(move |tx| {
            let (found, view) = look(&on, tx, &asked)?;
            serve::check_token(&asked, found.as_ref())?;
            let mut p = Post { tx, req: &asked, app: &on, found: found.as_ref(), view: view.clone() };
            let outcome = save.save(&mut p)?;
            Ok(Ran { outcome: Ok(outcome), found, view })
        })
        .await
}

/// Finds the session again to show an error in the person's own layout.
async fn fault(app: &App, req: &Arc<Req>, error: Error) -> Response {
    let (on, asked) = (app.clone(), req.clone());
    let looked = app.db.read(move |r| look(&on, r, &asked)).await;
    let view = match looked {
        Ok((_, view)) => view,
        Err(_) => Arc::new(View::of(app, req, None, app.clock().now())),
    };
    serve::error_response(app, req, &view, error)
}

async fn answer(app: &App, req: &Arc<Req>, ran: Result<Ran>) -> Response {
    match ran {
        Ok(Ran { outcome: Ok(reply), found, view }) => {
            serve::keep_alive(app, found.as_ref());
            if let Some(found) = found.as_ref().filter(|_| !req.route.is_empty()) {
                app.toll().note(&found.actor, req, app.clock().today());
            }
            serve::respond(app, req, &view, reply).await
        }
        Ok(Ran { outcome: Err(e), view, .. }) => serve::error_response(app, req, &view, e),
        Err(e) => fault(app, req, e).await,
    }
}

pub(super) fn reading<A: 'static, H: Show<A>>(
    show: H,
) -> impl Fn(State<App>, Incoming) -> Answer + Clone + Send + Sync + 'static {
    move |State(app), incoming| {
        Box::pin(async move {
            let req = Arc::new(incoming.req);
            let ran = read(&app, &req, show, None).await;
            answer(&app, &req, ran).await
        })
    }
}

pub(super) fn writing<B: 'static, P: Save<B>>(
    path: &'static str,
    save: P,
) -> impl Fn(State<App>, Request) -> Answer + Clone + Send + Sync + 'static {
    move |State(app), request| {
        Box::pin(async move {
            let req = match serve::take_form(&app, request).await {
                Ok(req) => Arc::new(Req { route: path, ..req }),
                Err(response) => return *response,
            };
            let ran = write(&app, &req, save).await;
            answer(&app, &req, ran).await
        })
    }
}

pub(super) fn writing_or_showing<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(
    path: &'static str,
    save: P,
    show: G,
) -> impl Fn(State<App>, Request) -> Answer + Clone + Send + Sync + 'static {
    move |State(app), request| {
        Box::pin(async move {
            match serve::take_form(&app, request).await {
                Ok(req) => save_or_show(&app, Arc::new(Req { route: path, ..req }), save, show).await,
                Err(response) => *response,
            }
        })
    }
}

pub(super) fn uploading<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(
    path: &'static str,
    save: P,
    show: G,
) -> impl Fn(State<App>, Request) -> Answer + Clone + Send + Sync + 'static {
    move |State(app), request| {
        Box::pin(async move {
            let incoming = match Incoming::from_request(request, &app).await {
                Ok(incoming) => incoming,
                Err(never) => match never {},
            };
            match crate::upload::receive(&app, incoming).await {
                Ok(req) => save_or_show(&app, Arc::new(Req { route: path, ..req }), save, show).await,
                Err((req, error)) => {
                    let req = Arc::new(*req);
                    refused(&app, &req, show, error).await
                }
            }
        })
    }
}

/// How many requests have their files prepared at once: a picture being decoded takes a lot of memory.
static PREPARING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

pub(super) fn preparing<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(
    path: &'static str,
    prepare: Prepare,
    save: P,
    show: G,
) -> impl Fn(State<App>, Request) -> Answer + Clone + Send + Sync + 'static {
    move |State(app), request| {
        Box::pin(async move {
            let incoming = match Incoming::from_request(request, &app).await {
                Ok(incoming) => incoming,
                Err(never) => match never {},
            };
            if let Err((req, error)) = known(&app, &incoming.req).await {
                return fault(&app, &req, error).await;
            }
            let req = match crate::upload::receive(&app, incoming).await {
                Ok(req) => req,
                Err((req, error)) => return refused(&app, &Arc::new(*req), show, error).await,
            };
            match prepared(&app, req, prepare).await {
                Ok(req) => save_or_show(&app, Arc::new(Req { route: path, ..req }), save, show).await,
                Err((req, error)) => refused(&app, &Arc::new(*req), show, error).await,
            }
        })
    }
}

/// Somebody is signed in: nobody else's file is written to disk or decoded.
async fn known(app: &App, req: &Req) -> std::result::Result<(), (Arc<Req>, Error)> {
    let head = || Arc::new(req.head());
    let (on, asked) = (app.clone(), head());
    match app.db.read(move |r| serve::find_session(&on, r, &asked)).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err((head(), Error::SignedOut)),
        Err(e) => Err((head(), e)),
    }
}

async fn prepared(app: &App, req: Req, prepare: Prepare) -> std::result::Result<Req, (Box<Req>, Error)> {
    let head = req.head();
    let permit = match PREPARING.acquire().await {
        Ok(permit) => permit,
        Err(e) => return Err((Box::new(req), Error::internal(e))),
    };
    let on = app.clone();
    let done = tokio::task::spawn_blocking(move || {
        let mut req = req;
        match prepare(&on, &mut req) {
            Ok(()) => Ok(req),
            Err(e) => Err((Box::new(req), e)),
        }
    });
    let done = done.await.unwrap_or_else(|e| Err((Box::new(head), Error::internal(e))));
    drop(permit);
    done
}

async fn save_or_show<A: 'static, B: 'static, G: Show<A>, P: Save<B>>(
    app: &App,
    req: Arc<Req>,
    save: P,
    show: G,
) -> Response {
    match write(app, &req, save).await {
        Err(e) => refused(app, &req, show, e).await,
        ran => answer(app, &req, ran).await,
    }
}

/// What a slow form answers: its reply, or the form again with its reasons.
pub(super) async fn answer_slow<A: 'static, G: Show<A>>(
    app: &App,
    req: &Arc<Req>,
    show: G,
    done: Result<Reply>,
) -> Response {
    match done {
        Ok(reply) => {
            let view = Arc::new(View::of(app, req, None, app.clock().now()));
            serve::respond(app, req, &view, reply).await
        }
        Err(e) => refused(app, req, show, e).await,
    }
}

async fn refused<A: 'static, G: Show<A>>(app: &App, req: &Arc<Req>, show: G, error: Error) -> Response {
    match as_refused(error) {
        Err(e) => fault(app, req, e).await,
        Ok(why) => {
            let ran = read(app, req, show, Some(Arc::new(why))).await;
            let mut response = answer(app, req, ran).await;
            if response.status().is_success() {
                *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
    }
}

/// Notes that a session was used, without making the person wait for it.
pub(super) fn touch_later(app: &App, session: gongyu_kernel::Id) {
    let db = app.db.clone();
    tokio::spawn(async move {
        if let Err(e) = db.write(move |tx| session::touch(tx, session)).await {
            tracing::debug!(error = %e, "session not touched");
        }
    });
}
