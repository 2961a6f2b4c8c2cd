//! A bucket of an S3-compatible store.

use super::Bucket;
use super::sign::{Asked, NOTHING, Signer, moment};
use gongyu_kernel::{Clock, Error, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

/// Time to reach the store.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for the whole of one file.
const WHOLE: Duration = Duration::from_secs(300);
/// Bytes read of a refusal.
const REFUSAL: u64 = 2_000;

/// Where the bucket is and who may use it.
#[derive(Clone, Debug)]
pub struct S3 {
    /// `https://s3.example.org`, without the bucket.
    pub endpoint: String,
    /// Name of the bucket.
    pub bucket: String,
    /// Region as the store calls it; `us-east-1` where it has none.
    pub region: String,
    /// What every name begins with, such as `gongyu/`; may be empty.
    pub prefix: String,
    /// Key pair.
    pub access_key: String,
    /// Key pair.
    pub secret_key: String,
    /// The bucket stands before the host's name (OSS, COS) rather than in the path.
    pub bucket_in_host: bool,
}

/// A client of one bucket.
pub(super) struct S3Bucket {
    agent: Agent,
    scheme: String,
    host: String,
    /// The path up to the name of a file.
    base: String,
    signer: Signer,
    clock: Clock,
}

impl S3Bucket {
    /// # Errors
    /// When the endpoint is not `http://…` or `https://…`, or bucket or prefix hold more than letters, digits and `-_./`.
    pub(super) fn new(s3: &S3, clock: Clock) -> Result<Self> {
        let (scheme, host) = s3
            .endpoint
            .trim_end_matches('/')
            .split_once("://")
            .filter(|(scheme, host)| matches!(*scheme, "http" | "https") && !host.is_empty() && !host.contains('/'))
            .ok_or_else(|| Error::internal("s3_endpoint must be https://HOST, without the bucket"))?;
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
        if s3.bucket.is_empty() || !plain(&s3.bucket) || !plain(&s3.prefix) {
            return Err(Error::internal("s3_bucket and s3_prefix take letters, digits and - _ . /"));
        }
        let (host, base) = if s3.bucket_in_host {
            (format!("{}.{host}", s3.bucket), format!("/{}", s3.prefix))
        } else {
            (host.to_owned(), format!("/{}/{}", s3.bucket, s3.prefix))
        };
        let agent = Agent::config_builder()
            .timeout_global(Some(WHOLE))
            .timeout_connect(Some(CONNECT))
            .max_redirects(0)
            .http_status_as_error(false)
            .max_idle_age(Duration::from_secs(8))
            .proxy(None)
            .user_agent("gongyu")
            .build()
            .new_agent();
        let signer =
            Signer { access_key: s3.access_key.clone(), secret_key: s3.secret_key.clone(), region: s3.region.clone() };
        Ok(Self { agent, scheme: scheme.to_owned(), host, base, signer, clock })
    }

    fn ask(&self, method: &str, name: &str, content: &str, file: Option<File>) -> Result<Response<Body>> {
        let path = format!("{}{name}", self.base);
        let moment = moment(self.clock.now());
        let headers = [("host", self.host.as_str()), ("x-amz-content-sha256", content), ("x-amz-date", &moment)];
        let authorization =
            self.signer.authorization(&Asked { method, path: &path, headers: &headers, content }, &moment);
        let url = format!("{}://{}{path}", self.scheme, self.host);
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(url)
            .header("x-amz-content-sha256", content)
            .header("x-amz-date", &moment)
            .header("authorization", authorization);
        let answer = match file {
            Some(file) => self.agent.run(request.body(file).map_err(Error::internal)?),
            None => self.agent.run(request.body(()).map_err(Error::internal)?),
        };
        answer.map_err(|e| Error::Busy(format!("the store of files cannot be reached: {e}")))
    }
}

/// An answer that is no refusal.
fn taken(mut answer: Response<Body>) -> Result<Response<Body>> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status();
    let words = answer.body_mut().with_config().limit(REFUSAL).read_to_string().unwrap_or_default();
    Err(Error::internal(format!("the store of files answered {status}: {words}")))
}

impl Bucket for S3Bucket {
    fn put(&self, name: &str, sha256: &str, file: File) -> Result<()> {
        taken(self.ask("PUT", name, sha256, Some(file))?).map(drop)
    }

    fn get(&self, name: &str, to: &mut dyn Write) -> Result<bool> {
        let answer = self.ask("GET", name, NOTHING, None)?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        let mut reader = taken(answer)?.into_body().into_reader();
        let mut chunk = vec![0; 1 << 16];
        loop {
            match reader.read(&mut chunk)? {
                0 => return Ok(true),
                n => to.write_all(&chunk[..n])?,
            }
        }
    }

    fn head(&self, name: &str) -> Result<bool> {
        let answer = self.ask("HEAD", name, NOTHING, None)?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        taken(answer).map(|_| true)
    }

    fn delete(&self, name: &str) -> Result<()> {
        let answer = self.ask("DELETE", name, NOTHING, None)?;
        if answer.status() == StatusCode::NOT_FOUND { Ok(()) } else { taken(answer).map(drop) }
    }
}
