//! Web Push: RFC 8030, with VAPID (RFC 8292) for who we are and RFC 8291 for what only the browser may read.

use super::setting::{self, Secret, Settings};
use super::{Channel, Letter, Sent, http, push_seal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Result};
use gongyu_web::App;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ureq::Agent;

/// Services of the browsers there are. We post to nobody else, because the address comes from a browser and could
/// as well be one inside our own network.
const KNOWN: &[&str] = &[
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
    ".push.samsung.com",
    ".vivo.com.cn",
];
/// Seconds a service keeps a push for a device that is off: a day.
const TTL: &str = "86400";
/// Seconds a signed claim is good for; RFC 8292 allows a day.
const CLAIM_SECONDS: i64 = 12 * 3600;

/// What a browser gives when it subscribes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    /// Where to post.
    pub endpoint: String,
    /// Public key, base64url.
    pub p256dh: String,
    /// Secret, base64url.
    pub auth: String,
}

pub(super) struct Push {
    app: App,
    agent: Agent,
    setting: setting::Push,
    secret: Secret,
}

impl Push {
    pub(super) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        Self { app: app.clone(), agent: http::agent(), setting: settings.push.clone(), secret }
    }

    fn claim(&self, endpoint: &str) -> Option<String> {
        let key = B64.decode(&self.secret.key).ok()?;
        let key = SigningKey::from_slice(&key).ok()?;
        let until = self.app.clock().now().0.div_euclid(1000) + CLAIM_SECONDS;
        let head = B64.encode(json!({ "typ": "JWT", "alg": "ES256" }).to_string());
        let claims = json!({ "aud": origin(endpoint), "exp": until, "sub": self.setting.contact });
        let text = format!("{head}.{}", B64.encode(claims.to_string()));
        let signature: Signature = key.sign(text.as_bytes());
        Some(format!("vapid t={text}.{}, k={}", B64.encode(signature.to_bytes()), self.setting.public_key))
    }
}

/// A fresh pair of keys: the public one for browsers, the private one to be sealed.
pub(crate) fn new_keys(random: &Random) -> Result<(String, String)> {
    let secret = fresh_key(random)?;
    Ok((B64.encode(secret.public_key().to_sec1_point(false).as_bytes()), B64.encode(secret.to_bytes())))
}

fn fresh_key(random: &Random) -> Result<SecretKey> {
    // A number outside the curve's order comes up about never; then another is drawn.
    (0..8)
        .find_map(|_| SecretKey::from_slice(&random.bytes::<32>()).ok())
        .ok_or_else(|| Error::internal("no key could be drawn"))
}

fn origin(endpoint: &str) -> String {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("https", endpoint));
    format!("{scheme}://{}", rest.split(['/', '?', '#']).next().unwrap_or_default())
}

/// Whether we may post to this address.
pub(crate) fn allowed(endpoint: &str, more_hosts: &str) -> bool {
    let Some((scheme, rest)) = endpoint.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return false;
    }
    if more_hosts.split_whitespace().any(|host| host == authority) {
        return scheme == "https" || authority.starts_with("127.0.0.1:");
    }
    let fits = |known: &str| match known.strip_prefix('.') {
        Some(domain) => authority.strip_suffix(domain).is_some_and(|head| head.ends_with('.')),
        None => authority == known,
    };
    scheme == "https" && KNOWN.iter().any(|known| fits(known))
}

impl Channel for Push {
    fn at_once(&self) -> usize {
        12
    }

    fn send(&self, letter: &Letter<'_>) -> Sent {
        let Ok(to) = serde_json::from_str::<Subscription>(letter.to) else {
            return Sent::Gone("not a subscription".to_owned());
        };
        if !allowed(&to.endpoint, &self.setting.hosts) {
            return Sent::Gone("not a push service we know".to_owned());
        }
        let text = json!({ "title": letter.title, "body": letter.body, "href": letter.href, "id": letter.id });
        let sealed = (|| {
            let (theirs, auth) = (B64.decode(&to.p256dh).ok()?, B64.decode(&to.auth).ok()?);
            let ours = fresh_key(&self.app.random).ok()?;
            push_seal::seal(text.to_string().as_bytes(), &theirs, &auth, &ours, self.app.random.bytes())
        })();
        let Some(sealed) = sealed else { return Sent::Gone("the browser's keys are no keys".to_owned()) };
        let Some(claim) = self.claim(&to.endpoint) else {
            return Sent::Later("the push key cannot be read: make a new pair".to_owned());
        };
        let headers = [
            ("authorization", claim.as_str()),
            ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"),
            ("ttl", TTL),
            ("urgency", if letter.urgent { "high" } else { "normal" }),
        ];
        match http::post(&self.agent, &to.endpoint, &headers, &sealed) {
            Ok(answer) => match answer.status {
                200..=299 => Sent::Taken(String::new()),
                404 | 410 => Sent::Gone(format!("status {}", answer.status)),
                401 | 403 => Sent::Later(format!("status {}: the push service refuses our key", answer.status)),
                _ => http::by_status(&answer),
            },
            Err(sent) => sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn only_push_services_are_posted_to() {
        assert!(allowed("https://fcm.googleapis.com/fcm/send/x", ""));
        assert!(allowed("https://web.push.apple.com/x", ""));
        assert!(!allowed("http://fcm.googleapis.com/x", ""));
        assert!(!allowed("https://evilpush.apple.com.example/x", ""));
        assert!(!allowed("https://xpush.apple.com/x", ""));
        assert!(!allowed("https://fcm.googleapis.com@10.0.0.1/x", ""));
        assert!(!allowed("https://169.254.169.254/latest", ""));
        assert!(allowed("http://127.0.0.1:9/x", "127.0.0.1:9"));
    }
}
