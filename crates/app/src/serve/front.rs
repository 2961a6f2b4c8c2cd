//! The front door: `/` leads each person to the first page of their role; an unknown address gets the
//! product's own page.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use gongyu_kernel::{Error, Result};
use gongyu_web::permit::Anyone;
use gongyu_web::{App, Feature, Get, Reply, Routes};
use std::convert::Infallible;
use tower::ServiceExt;

/// The front door.
pub fn feature() -> Feature {
    Feature { name: "front", routes: Some(routes), ..Feature::default() }
}

fn routes() -> Routes {
    Routes::new().get("/", home)
}

fn home(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    Ok(match g.actor() {
        Some(actor) => Reply::to(g.app.home_of(actor.hat.role)),
        None => Reply::to("/sign-in"),
    })
}

/// Answers an address that leads nowhere.
pub(super) async fn lost(State(app): State<App>, mut request: Request) -> Response {
    // Whatever was tried there, the answer is a page to be read.
    *request.method_mut() = Method::GET;
    let nowhere = Routes::new().get("/{*path}", nowhere).into_router().with_state(app);
    nowhere.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
}

fn nowhere(_: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    Err(Error::NotFound)
}
