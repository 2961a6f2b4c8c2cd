//! From bytes to a request, and from a reply to bytes.

use crate::app::App;
use crate::errors;
use crate::flash::Flash;
use crate::form::FormData;
use crate::page::{Download, Page, Reply};
use crate::request::{FLASH_COOKIE, Req, SESSION_COOKIE};
use crate::show::View;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequest, RawPathParams, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongyu_access::session::{self, Found};
use gongyu_kernel::{Error, Result};
use gongyu_store::Reader;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

/// Largest posted form without files, in bytes.
const FORM_BYTES: usize = 512 * 1024;

/// A request before its body is read.
pub(crate) struct Incoming {
    pub(crate) req: Req,
    pub(crate) rest: Request,
}

impl FromRequest<App> for Incoming {
    type Rejection = Infallible;
    async fn from_request(request: Request, app: &App) -> std::result::Result<Self, Infallible> {
        use axum::extract::FromRequestParts;
        let (mut parts, body) = request.into_parts();
        let params = RawPathParams::from_request_parts(&mut parts, app)
            .await
            .map(|p| p.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
            .unwrap_or_default();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let req =
            Req::new(parts.method.clone(), &parts.uri, parts.headers.clone(), params, peer, app.config.trusted_proxies);
        Ok(Self { req, rest: Request::from_parts(parts, body) })
    }
}

/// The address of the person behind a raw request.
pub fn client_address(app: &App, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    Req::new(
        request.method().clone(),
        request.uri(),
        request.headers().clone(),
        Vec::new(),
        peer,
        app.config.trusted_proxies,
    )
    .client
}

/// Reads a posted form or JSON body.
pub(super) async fn take_form(app: &App, request: Request) -> std::result::Result<Req, Box<Response>> {
    let Incoming { mut req, rest } = match Incoming::from_request(request, app).await {
        Ok(incoming) => incoming,
        Err(never) => match never {},
    };
    let refuse = |req: &Req, error: Error| {
        let view = Arc::new(View::of(app, req, None, app.clock().now()));
        Box::new(error_response(app, req, &view, error))
    };
    if !req.is_api() && !req.same_origin() {
        return Err(refuse(&req, Error::conflict("form-from-elsewhere")));
    }
    match axum::body::to_bytes(rest.into_body(), FORM_BYTES).await {
        Ok(bytes) => {
            let json = req.header(header::CONTENT_TYPE).is_some_and(|t| t.starts_with("application/json"));
            if !json {
                req.form = FormData::parse(&bytes);
            }
            req.body = bytes;
            Ok(req)
        }
        Err(_) => Err(refuse(&req, Error::conflict("form-too-large"))),
    }
}

/// The token in a posted form must be this session's own. Somebody not signed in has no session to
/// protect; the check of the origin is enough for them.
pub(super) fn check_token(req: &Req, found: Option<&Found>) -> Result<()> {
    let Some(found) = found else { return Ok(()) };
    if req.is_api() {
        return Ok(());
    }
    let given = req.header("x-csrf-token").unwrap_or_else(|| req.form.get("csrf"));
    if given == found.csrf { Ok(()) } else { Err(Error::conflict("form-expired")) }
}

pub(super) fn find_session(app: &App, r: &mut Reader, req: &Req) -> Result<Option<Found>> {
    if req.is_api() {
        return crate::api::find_token(app, r, req);
    }
    match req.cookie(SESSION_COOKIE) {
        Some(token) => session::find(r, token, app.lifetimes()),
        None => Ok(None),
    }
}

pub(super) fn keep_alive(app: &App, found: Option<&Found>) {
    if let Some(found) = found
        && found.wants_touch
        && let Some(session) = found.actor.session
    {
        super::run::touch_later(app, session);
    }
}

/// The cookie of a session; an empty token ends it.
pub fn session_cookie(app: &App, token: &str) -> HeaderValue {
    let secure = if app.config.link_base().starts_with("https://") { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { 365 * 86_400 };
    let text = format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

pub(super) async fn respond(app: &App, req: &Req, view: &Arc<View>, reply: Reply) -> Response {
    match reply {
        Reply::Page(page) => whole_page(app, req, view, &page, StatusCode::OK),
        Reply::Partial(html) => {
            let mut response = html_response(html, StatusCode::OK);
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("HX-Request"));
            response
        }
        Reply::Told { html, trigger } => {
            let mut response = html_response(html, StatusCode::OK);
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("HX-Request"));
            if let Ok(value) = HeaderValue::from_str(&ascii_json(&trigger)) {
                response.headers_mut().insert("hx-trigger", value);
            }
            response
        }
        Reply::Redirect { to, flash, cookies } => redirect(req, &to, flash.as_ref(), cookies),
        Reply::Json(status, value) => (status, axum::Json(value)).into_response(),
        Reply::File(download) => file_response(download),
        Reply::Stored(stored) => match super::stored::response(app, &stored).await {
            Ok(response) => response,
            Err(e) => error_response(app, req, view, e),
        },
        Reply::Deferred(make) => match tokio::task::spawn_blocking(make).await {
            Ok(Ok(download)) => file_response(download),
            Ok(Err(e)) => error_response(app, req, view, e),
            Err(e) => error_response(app, req, view, Error::internal(e)),
        },
    }
}

/// JSON in which every character beyond ASCII is escaped: a header carries no other.
fn ascii_json(value: &serde_json::Value) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn redirect(req: &Req, to: &str, flash: Option<&Flash>, cookies: Vec<HeaderValue>) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    let mut response = if req.is_partial() {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert("hx-redirect", to);
        response
    } else {
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, to);
        response
    };
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if let Some(flash) = flash {
        let text = format!("{FLASH_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=20", flash.to_cookie());
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

pub(super) fn whole_page(app: &App, req: &Req, view: &Arc<View>, page: &Page, status: StatusCode) -> Response {
    let flash = req.cookie(FLASH_COOKIE).and_then(Flash::from_cookie);
    match crate::page::render(app, view, page, flash.as_ref()) {
        Ok(html) => {
            let mut response = html_response(html, status);
            if flash.is_some() {
                let gone = HeaderValue::from_static("gy_flash=; Path=/; Max-Age=0");
                response.headers_mut().append(header::SET_COOKIE, gone);
            }
            response
        }
        Err(e) => {
            tracing::error!(error = %e, path = %req.path, "layout failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn html_response(html: String, status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn file_response(download: Download) -> Response {
    let mut response = Response::new(Body::from(download.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(download.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(value) = disposition(&download.name, download.inline) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// How a file is to be taken, and its name in any script (RFC 6266).
pub(super) fn disposition(name: &str, inline: bool) -> Option<HeaderValue> {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let place = if inline { "inline" } else { "attachment" };
    HeaderValue::from_str(&format!("{place}; filename*=UTF-8''{}", name.replace('+', "%20"))).ok()
}

pub(super) fn error_response(app: &App, req: &Req, view: &Arc<View>, error: Error) -> Response {
    let told = errors::tell(view, &error);
    if let Error::Internal(source) = &error {
        tracing::error!(error = %source, path = %req.path, method = %req.method, "request failed");
    }
    if req.wants_json() {
        return errors::as_json(&told);
    }
    if matches!(error, Error::SignedOut) && req.method == Method::GET && !req.is_partial() {
        let back: String = form_urlencoded::byte_serialize(req.path.as_bytes()).collect();
        return redirect(req, &format!("/sign-in?back={back}"), None, Vec::new());
    }
    if let Error::Conflict(code) = &error
        && code.key == "must-change-password"
    {
        return redirect(req, "/me/password", None, Vec::new());
    }
    let mut response = if req.is_partial() {
        html_response(told.toast(), told.status)
    } else {
        match told.page(view) {
            Ok(page) => whole_page(app, req, view, &page, told.status),
            Err(_) => told.status.into_response(),
        }
    };
    if let Error::TooMany { retry_after } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::ascii_json;

    #[test]
    fn words_in_a_header_are_escaped_and_come_back_whole() {
        let said = serde_json::json!({ "gy-toast": { "text": "记好了，𠮷" } });
        let header = ascii_json(&said);
        assert!(header.is_ascii());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&header).unwrap(), said);
    }
}
