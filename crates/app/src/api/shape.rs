//! Shapes that every answer shares.

use gongyu_kernel::error::Code;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::list::ListQuery;
use gongyu_web::Req;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// Rows of a page when nothing is asked for.
const ROWS: usize = 100;
/// Most rows of a page.
const MOST_ROWS: usize = 1000;

/// An error, in the one shape all of them have.
#[derive(Serialize, ToSchema)]
pub(super) struct ErrorBody {
    error: ErrorText,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
struct ErrorText {
    /// The HTTP status.
    status: u16,
    /// What happened and what to do next, in the language asked for.
    message: String,
    /// The fields that were refused, each with its reason.
    fields: Vec<ErrorField>,
}

/// One refused field.
#[derive(Serialize, ToSchema)]
struct ErrorField {
    field: String,
    message: String,
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PageOf<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Give it as `after` for the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The list continued and bounded as the request asks.
pub(super) fn paged(list: ListQuery, req: &Req) -> Result<ListQuery> {
    let after = req.query.get("after");
    let limit = match req.query.get("limit") {
        "" => ROWS,
        text => match text.parse::<usize>() {
            Ok(n) if (1..=MOST_ROWS).contains(&n) => n,
            _ => return Err(Error::field("limit", Code::new("api-limit").arg("most", MOST_ROWS))),
        },
    };
    Ok(list.after((!after.is_empty()).then_some(after)).limit(limit))
}

/// What a program sent.
///
/// # Errors
/// `api-not-json` with the reason.
pub(super) fn body<T: DeserializeOwned>(req: &Req) -> Result<T> {
    serde_json::from_slice(&req.body).map_err(|e| Error::field("", Code::new("api-not-json").arg("why", e)))
}

/// An identifier in the query, when it is there.
pub(super) fn id_in(req: &Req, name: &'static str) -> Result<Option<Id>> {
    match req.query.get(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::field(name, "api-not-an-id")),
    }
}
