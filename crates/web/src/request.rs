//! A request as handlers see it: parsed, bounded, owned.

use crate::form::FormData;
use axum::http::{HeaderMap, Method, Uri, header};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Error, Id, Result};
use std::net::IpAddr;
use std::str::FromStr;

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "gy_session";
/// Name of the cookie that carries a message to the next page.
pub const FLASH_COOKIE: &str = "gy_flash";
/// Name of the cookie that remembers the language and look of somebody not signed in.
pub const PREFS_COOKIE: &str = "gy_prefs";

/// One request.
#[derive(Debug)]
pub struct Req {
    /// Method.
    pub method: Method,
    /// Path, without the query.
    pub path: String,
    /// Query.
    pub query: FormData,
    /// Values taken from the path.
    pub params: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// Body of a posted form; empty otherwise.
    pub form: FormData,
    /// Body as it came, for JSON.
    pub body: axum::body::Bytes,
    /// What the route's own preparation made of the files, as JSON; nothing a person sends lands here.
    pub prepared: Vec<String>,
    /// Address of the person.
    pub client: String,
    /// Template of the address, of a form that is being sent; empty otherwise.
    pub route: &'static str,
}

impl Req {
    /// Builds a request from its parts.
    pub fn new(
        method: Method,
        uri: &Uri,
        headers: HeaderMap,
        params: Vec<(String, String)>,
        peer: Option<IpAddr>,
        trusted_proxies: u8,
    ) -> Self {
        let client = client_of(&headers, peer, trusted_proxies);
        Self {
            method,
            path: uri.path().to_owned(),
            query: FormData::parse(uri.query().unwrap_or_default().as_bytes()),
            params,
            headers,
            form: FormData::default(),
            body: axum::body::Bytes::new(),
            prepared: Vec::new(),
            client,
            route: "",
        }
    }

    /// The same request without its body.
    #[must_use]
    pub fn head(&self) -> Self {
        Self {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            params: self.params.clone(),
            headers: self.headers.clone(),
            form: FormData::default(),
            body: axum::body::Bytes::new(),
            prepared: Vec::new(),
            client: self.client.clone(),
            route: self.route,
        }
    }

    /// A value of the path.
    ///
    /// # Errors
    /// `Error::NotFound` when it is missing or not of the type: a mistyped address has no page.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        let found = self.params.iter().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.parse().ok()).ok_or(Error::NotFound)
    }

    /// The identifier in the path.
    ///
    /// # Errors
    /// As `param`.
    pub fn id(&self) -> Result<Id> {
        self.param("id")
    }

    /// A header as text.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Asked by htmx for a part of a page.
    pub fn is_partial(&self) -> bool {
        self.headers.contains_key("hx-request")
    }

    /// Asked for JSON.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Asked by a script for JSON: refusals come as JSON too, where a page would be of no use.
    pub fn wants_json(&self) -> bool {
        self.is_api() || self.header(header::ACCEPT).is_some_and(|a| a.starts_with("application/json"))
    }

    /// The language the browser asks for.
    pub fn wanted_lang(&self) -> Lang {
        let header = self.header(header::ACCEPT_LANGUAGE).unwrap_or_default();
        header.split(',').find_map(|part| Lang::parse(part.trim())).unwrap_or_default()
    }

    /// Short name of the device, from the user agent.
    pub fn device(&self) -> String {
        let agent = self.header(header::USER_AGENT).unwrap_or_default();
        let system = [
            ("HarmonyOS", "HarmonyOS"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS", "Mac"),
            ("Linux", "Linux"),
        ];
        let program = [
            ("MicroMessenger", "微信"),
            ("wxwork", "企业微信"),
            ("Edg/", "Edge"),
            ("Chrome/", "Chrome"),
            ("Firefox/", "Firefox"),
            ("Safari/", "Safari"),
        ];
        let named = |list: &[(&str, &'static str)]| {
            list.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, name)| *name)
        };
        format!("{} {}", named(&system), named(&program)).trim().to_owned()
    }

    /// Whether a request that changes something came from our own pages.
    pub fn same_origin(&self) -> bool {
        match self.header("sec-fetch-site") {
            Some(site) => matches!(site, "same-origin" | "none"),
            None => match (self.header(header::ORIGIN), self.header(header::HOST)) {
                (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
                (Some(_), None) => false,
                (None, _) => true,
            },
        }
    }
}

/// The address nearest to us that a trusted proxy vouches for.
fn client_of(headers: &HeaderMap, peer: Option<IpAddr>, trusted_proxies: u8) -> String {
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let from_proxy = match usize::from(trusted_proxies) {
        0 => None,
        n => hops.len().checked_sub(n).and_then(|i| hops.get(i)),
    };
    match (from_proxy, peer) {
        (Some(hop), _) if hop.parse::<IpAddr>().is_ok() => (*hop).to_owned(),
        (_, Some(ip)) => ip.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(value: &str, proxies: u8) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", value.parse().unwrap());
        client_of(&headers, Some(IpAddr::from([127, 0, 0, 1])), proxies)
    }

    #[test]
    fn a_forged_forwarded_address_is_not_believed() {
        assert_eq!(forwarded("203.0.113.9", 0), "127.0.0.1");
        assert_eq!(forwarded("203.0.113.9, 198.51.100.7", 1), "198.51.100.7");
        assert_eq!(forwarded("nonsense", 1), "127.0.0.1");
    }
}
