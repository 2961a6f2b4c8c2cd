//! A form whose work is too slow for a database thread: passwords. The handler runs off it and opens
//! its own short transactions, so that a wrong try is kept even when the form is refused.

use super::{Routes, Show, run, serve};
use crate::app::App;
use crate::page::Reply;
use crate::request::Req;
use axum::extract::{Request, State};
use axum::http::Method;
use gongyu_access::Actor;
use gongyu_access::session::Found;
use gongyu_kernel::{Error, Result};
use std::sync::Arc;

/// What such a handler is given, its own to keep across waiting.
#[derive(Clone)]
pub struct Slow {
    /// The product.
    pub app: App,
    /// The request, its form parsed.
    pub req: Arc<Req>,
    found: Option<Arc<Found>>,
}

impl Slow {
    /// The signed-in person, if any.
    pub fn actor(&self) -> Option<&Actor> {
        self.found.as_deref().map(|f| &f.actor)
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `Error::SignedOut`.
    pub fn signed(&self) -> Result<&Actor> {
        self.actor().ok_or(Error::SignedOut)
    }
}

impl Routes {
    /// As `form`, for slow work. `signed` says whether somebody must be signed in to post it.
    #[must_use]
    pub fn slow<A: 'static, G: Show<A>, F, W>(self, path: &'static str, signed: bool, show: G, save: F) -> Self
    where
        F: Fn(Slow) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = Result<Reply>> + Send + 'static,
    {
        let handler = move |State(app): State<App>, request: Request| {
            let save = save.clone();
            async move {
                let req = match serve::take_form(&app, request).await {
                    Ok(req) => Arc::new(req),
                    Err(response) => return *response,
                };
                let done = match asked(&app, &req, signed).await {
                    Ok(slow) => save(slow).await,
                    Err(e) => Err(e),
                };
                run::answer_slow(&app, &req, show, done).await
            }
        };
        self.get(path, show).raw(Method::POST, path, signed, axum::routing::post(handler))
    }
}

async fn asked(app: &App, req: &Arc<Req>, signed: bool) -> Result<Slow> {
    let (on, asked) = (app.clone(), req.clone());
    let found = app
        .db
        .read(move |r| {
            let found = serve::find_session(&on, r, &asked)?;
            serve::check_token(&asked, found.as_ref())?;
            Ok(found)
        })
        .await?;
    if signed && found.is_none() {
        return Err(Error::SignedOut);
    }
    Ok(Slow { app: app.clone(), req: req.clone(), found: found.map(Arc::new) })
}
