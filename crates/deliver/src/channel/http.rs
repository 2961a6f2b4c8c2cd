//! Requests to providers: short waits, no redirects, and the one question that matters of a failure: can the
//! letter have gone out?

use super::Sent;
use std::time::Duration;
use ureq::Agent;

/// Seconds for the whole of a request.
const WHOLE: Duration = Duration::from_secs(15);
/// Seconds to reach the provider.
const CONNECT: Duration = Duration::from_secs(5);
/// An answer longer than this is not read to its end.
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// What a provider answered.
pub(crate) struct Answer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: String,
}

impl Answer {
    /// The body as JSON; nothing when it is not.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

pub(crate) fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(WHOLE))
        .timeout_connect(Some(CONNECT))
        .max_redirects(0)
        .http_status_as_error(false)
        .max_idle_age(Duration::from_secs(8))
        .proxy(None)
        .user_agent("gongyu")
        .build()
        .new_agent()
}

/// Posts a body with headers.
pub(crate) fn post(agent: &Agent, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, Sent> {
    let mut request = agent.post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    read(request.send(body))
}

/// Gets an address.
pub(crate) fn get(agent: &Agent, url: &str) -> Result<Answer, Sent> {
    read(agent.get(url).call())
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, Sent> {
    let mut response = answer.map_err(|e| unsent(&e))?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
    match body {
        Ok(body) => Ok(Answer { status, body }),
        Err(e) => Err(Sent::Lost(format!("the answer broke off: {e}"))),
    }
}

/// A connection that was never made has carried nothing; anything later may have.
fn unsent(error: &ureq::Error) -> Sent {
    use std::io::ErrorKind;
    use ureq::{Error, Timeout};
    let why = error.to_string();
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::BadUri(_)
        | Error::Http(_)
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => Sent::Later(why),
        Error::Io(e) if matches!(e.kind(), ErrorKind::ConnectionRefused | ErrorKind::NotFound) => Sent::Later(why),
        _ => Sent::Lost(why),
    }
}

/// What a status without an answer we understand means: a gateway may have lost the answer of what stands behind it.
pub(crate) fn by_status(answer: &Answer) -> Sent {
    let why = format!("status {}", answer.status);
    match answer.status {
        429 | 503 => Sent::Later(why),
        400..=499 => Sent::Refused(why),
        _ => Sent::Lost(why),
    }
}
