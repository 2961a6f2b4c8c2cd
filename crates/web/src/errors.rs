//! One way to tell a person what went wrong: what happened, what was kept, what to do next.

use crate::filters;
use crate::page::Page;
use crate::show::View;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gongyu_kernel::{Error, Result};

/// An error in words.
pub struct Told {
    /// Status of the response.
    pub status: StatusCode,
    title: String,
    text: String,
    icon: &'static str,
    kind: &'static str,
    code: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    told: &'a Told,
}

impl Told {
    /// As a page.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn page(&self, view: &View) -> Result<Page> {
        let body = view.render(&ErrorPage { told: self })?;
        Ok(Page::new(self.title.clone(), "", body))
    }

    /// As a short message for a part of a page.
    pub fn toast(&self) -> String {
        askama::filters::escape(&self.text, askama::filters::Html).map(|t| t.to_string()).unwrap_or_default()
    }
}

/// Puts an error into words.
pub fn tell(view: &View, error: &Error) -> Told {
    let told = |status, key: &str, icon, kind| Told {
        status,
        title: view.t(&format!("error-{key}-title")),
        text: view.t(&format!("error-{key}-text")),
        icon,
        kind,
        code: key.to_owned(),
        fields: Vec::new(),
    };
    match error {
        Error::NotFound => told(StatusCode::NOT_FOUND, "not-found", "map-pin", ""),
        Error::SignedOut => told(StatusCode::UNAUTHORIZED, "signed-out", "lock", ""),
        Error::Forbidden => told(StatusCode::FORBIDDEN, "forbidden", "lock", ""),
        Error::Busy(_) => told(StatusCode::SERVICE_UNAVAILABLE, "busy", "clock", "w"),
        Error::Internal(_) | Error::Unique(_) => {
            told(StatusCode::INTERNAL_SERVER_ERROR, "internal", "alert-circle", "e")
        }
        Error::TooMany { retry_after } => Told {
            text: view.ta("error-too-many-text", &[("minutes", retry_after.div_ceil(60).into())]),
            ..told(StatusCode::TOO_MANY_REQUESTS, "too-many", "clock", "w")
        },
        Error::Conflict(code) => Told {
            text: view.code(code),
            code: code.key.to_string(),
            ..told(StatusCode::CONFLICT, "conflict", "info-circle", "w")
        },
        Error::Invalid(invalid) => Told {
            fields: invalid.fields.iter().map(|(f, c)| (f.to_string(), view.code(c))).collect(),
            ..told(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "info-circle", "w")
        },
    }
}

/// As the API answers it.
pub fn as_json(told: &Told) -> Response {
    let fields: Vec<serde_json::Value> =
        told.fields.iter().map(|(field, text)| serde_json::json!({ "field": field, "message": text })).collect();
    let body = serde_json::json!({
        "error": { "status": told.status.as_u16(), "code": told.code, "message": told.text, "fields": fields }
    });
    (told.status, axum::Json(body)).into_response()
}
