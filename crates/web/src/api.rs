//! The JSON edge: bearer tokens, one shape of errors, keyset pages.

use crate::app::App;
use crate::request::Req;
use axum::http::{StatusCode, header};
use gongyu_access::session::Found;
use gongyu_access::token;
use gongyu_kernel::Result;
use gongyu_store::Reader;
use serde::Serialize;

use crate::page::Reply;

/// Finds who is behind a bearer token.
///
/// # Errors
/// As any statement, and `Error::TooMany` when the token is used too often.
pub(crate) fn find_token(app: &App, r: &mut Reader, req: &Req) -> Result<Option<Found>> {
    let bearer = req.header(header::AUTHORIZATION).and_then(|h| h.strip_prefix("Bearer "));
    let Some(bearer) = bearer else { return Ok(None) };
    let found = token::find(r, bearer.trim())?;
    if let Some(found) = &found {
        app.limits().api.check(&found.actor.account.to_string())?;
    }
    Ok(found)
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct ApiPage<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it as `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Answers with JSON.
///
/// # Errors
/// `Error::Internal` when the value has no JSON form.
pub fn json(value: &impl Serialize) -> Result<Reply> {
    Ok(Reply::Json(StatusCode::OK, serde_json::to_value(value)?))
}
