//! The ChromeDriver the walks of this program share, and the small HTTP client that speaks to it.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{Request, Response};
use test_servers::ChromeDriver;
use thirtyfour::error::{WebDriverError, WebDriverResult};
use thirtyfour::session::http::{Body, HttpClient};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The environment variable with the address of a ChromeDriver to use.
pub const DRIVER_VARIABLE: &str = "GONGYU_TEST_CHROMEDRIVER";

static OWN: LazyLock<ChromeDriver> = LazyLock::new(|| ChromeDriver::start().unwrap_or_else(|error| panic!("{error}")));

/// The address of the ChromeDriver: the gate's, or one this program starts for itself.
///
/// # Panics
/// When it cannot be started; the text names the Debian package to install.
#[must_use]
pub fn url() -> String {
    match std::env::var(DRIVER_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        _ => OWN.url().to_owned(),
    }
}

/// HTTP/1.1 over loopback, one connection a request. The WebDriver protocol needs no more, and it
/// spares the tests a second HTTP stack with its TLS.
#[derive(Debug, Clone, Copy)]
pub struct Loopback;

#[async_trait::async_trait]
impl HttpClient for Loopback {
    async fn send(&self, request: Request<Body<'_>>) -> WebDriverResult<Response<Bytes>> {
        let body = match request.body() {
            Body::Empty => String::new(),
            Body::Json(json) => json.to_string(),
        };
        let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let head = format!(
            "{} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
             Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            request.method(),
            body.len()
        );
        let answer = exchange(&authority, &format!("{head}{body}"))
            .await
            .map_err(|error| WebDriverError::HttpError(format!("chromedriver at {authority}: {error}")))?;
        parse(&answer)
    }

    async fn new(&self) -> Arc<dyn HttpClient> {
        Arc::new(Self)
    }
}

/// Sends the request and reads the answer, whole by its `Content-Length` or else to the end.
async fn exchange(authority: &str, request: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(authority).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    while !is_whole(&answer) {
        if stream.read_buf(&mut answer).await? == 0 {
            break;
        }
    }
    Ok(answer)
}

fn is_whole(answer: &[u8]) -> bool {
    let Some((head, body)) = split(answer) else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_some_and(|length| body.len() >= length)
}

fn split(answer: &[u8]) -> Option<(&str, &[u8])> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&answer[..end]).ok()?, &answer[end + 4..]))
}

fn parse(answer: &[u8]) -> WebDriverResult<Response<Bytes>> {
    let malformed = || WebDriverError::HttpError(format!("no HTTP: {}", String::from_utf8_lossy(answer)));
    let (head, body) = split(answer).ok_or_else(malformed)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).ok_or_else(malformed)?;
    Response::builder().status(status).body(Bytes::copy_from_slice(body)).map_err(|_| malformed())
}
