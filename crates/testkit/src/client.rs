//! Somebody at the product, without a browser: the public interface by plain requests.

use crate::people::Person;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use scraper::{Html, Selector};
use tower::ServiceExt;

/// What came back.
#[derive(Debug)]
pub struct Seen {
    /// Status.
    pub status: StatusCode,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// Headers.
    pub headers: axum::http::HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
}

impl Seen {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The visible words of the page, scripts left out.
    pub fn words(&self) -> String {
        let page = Html::parse_document(&self.text());
        let body = Selector::parse("main").expect("a selector");
        page.select(&body).flat_map(|main| main.text()).collect::<Vec<_>>().join(" ")
    }

    /// The value of an attribute of the first element that matches.
    pub fn attr(&self, selector: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        page.select(&selector).next().and_then(|e| e.value().attr(name).map(ToOwned::to_owned))
    }

    /// JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }
}

/// Somebody, or nobody, at the product.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookie: Option<String>,
    agent: &'static str,
}

impl Client {
    /// Nobody.
    pub fn nobody(router: Router) -> Self {
        Self { router, cookie: None, agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0" }
    }

    /// A person at a PC.
    pub fn of(router: Router, person: &Person) -> Self {
        Self { cookie: Some(person.cookie()), ..Self::nobody(router) }
    }

    /// The same at a phone.
    #[must_use]
    pub fn on_phone(mut self) -> Self {
        self.agent = "Mozilla/5.0 (Linux; Android 14) Chrome/150.0 Mobile";
        self
    }

    /// The same at another browser, by what it calls itself.
    #[must_use]
    pub fn with_agent(mut self, agent: &'static str) -> Self {
        self.agent = agent;
        self
    }

    /// Sends a request as it is.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn send(&self, request: Request<Body>) -> Seen {
        let response = self.router.clone().oneshot(request).await.expect("the service answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the body arrives");
        let location = parts.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).map(ToOwned::to_owned);
        Seen { status: parts.status, location, headers: parts.headers, bytes: bytes.to_vec() }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut builder = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "test.invalid")
            .header(header::USER_AGENT, self.agent);
        if let Some(cookie) = &self.cookie {
            builder = builder.header(header::COOKIE, cookie);
        }
        builder
    }

    /// Opens a page.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.request("GET", path).body(Body::empty()).expect("a request")).await
    }

    /// Opens a page in a language.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn get_in(&self, lang: &str, path: &str) -> Seen {
        let request = self.request("GET", path).header(header::ACCEPT_LANGUAGE, lang);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// The secret of this session's forms.
    pub async fn csrf(&self) -> String {
        self.get("/me").await.attr("meta[name=csrf]", "content").unwrap_or_default()
    }

    /// Posts a form with the session's secret.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let secret = self.csrf().await;
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// Posts a form as it is.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: String =
            fields.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect::<Vec<_>>().join("&");
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://test.invalid")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Asks as a script does, for JSON.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn get_json(&self, path: &str, headers: &[(&str, &str)]) -> Seen {
        let mut request = self.request("GET", path).header(header::ACCEPT, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Posts bytes as a script does, with the session's secret in the header; the answer is to be JSON.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn post_bytes(&self, path: &str, csrf: &str, media_type: &str, bytes: &[u8]) -> Seen {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::ACCEPT, "application/json")
            .header(header::ORIGIN, "http://test.invalid")
            .header("x-csrf-token", csrf)
            .body(Body::from(bytes.to_vec()))
            .expect("a request");
        self.send(request).await
    }

    /// Posts a file with fields.
    ///
    /// # Panics
    /// When the service fails outright.
    pub async fn upload(&self, path: &str, file: (&str, &str, &[u8]), fields: &[(&str, &str)]) -> Seen {
        self.upload_all(path, &[file], fields).await
    }

    /// Posts several files with fields.
    ///
    /// # Panics
    /// As `upload`.
    pub async fn upload_all(&self, path: &str, files: &[(&str, &str, &[u8])], fields: &[(&str, &str)]) -> Seen {
        const EDGE: &str = "edge-of-part-7f3a";
        let secret = self.csrf().await;
        let mut body = Vec::new();
        let mut all = vec![("csrf", secret.as_str())];
        all.extend_from_slice(fields);
        for (name, value) in all {
            let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
            .header(header::ORIGIN, "http://test.invalid")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}
