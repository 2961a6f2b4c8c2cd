//! Text messages by Aliyun (阿里云短信), `SendSms` of version 2017-05-25, signed as its documents ask since 2023:
//! “V3版本请求体&签名机制”, ACS3-HMAC-SHA256.

use super::http::{self, Answer};
use super::setting::{Secret, Settings, Sms, base};
use super::{Channel, Letter, Sent, sign, template};
use gongyu_kernel::Millis;
use gongyu_web::App;
use ureq::Agent;

const USUAL: &str = "https://dysmsapi.aliyuncs.com";
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

pub(super) struct Aliyun {
    app: App,
    agent: Agent,
    sms: Sms,
    secret: Secret,
}

impl Aliyun {
    pub(super) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        Self { app: app.clone(), agent: http::agent(), sms: settings.sms.clone(), secret }
    }
}

impl Channel for Aliyun {
    fn send(&self, letter: &Letter<'_>) -> Sent {
        let Some(template) = template::find(&self.sms.templates, letter) else {
            return Sent::Refused(format!("no template is registered for {}", letter.template));
        };
        let values: serde_json::Map<String, serde_json::Value> = template
            .fields
            .iter()
            .map(|(theirs, ours)| (theirs.clone(), template::value(letter, ours).into()))
            .collect();
        let mut query = [
            ("OutId", letter.id.to_string()),
            ("PhoneNumbers", letter.to.to_owned()),
            ("SignName", self.sms.sign_name.clone()),
            ("TemplateCode", template.code),
            ("TemplateParam", serde_json::Value::Object(values).to_string()),
        ];
        query.sort_unstable();
        let query: Vec<String> =
            query.iter().map(|(k, v)| format!("{}={}", sign::percent(k), sign::percent(v))).collect();
        let query = query.join("&");
        let address = base(&self.sms.base, USUAL);
        let nonce = sign::hex(self.app.random.bytes::<16>());
        let headers = signed(
            &Request { host: host_of(address), query: &query, nonce: &nonce, at: self.app.clock().now() },
            &self.sms.key_id,
            &self.secret.key,
        );
        let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
        match http::post(&self.agent, &format!("{address}/?{query}"), &headers, b"") {
            Ok(answer) => judge(&answer),
            Err(sent) => sent,
        }
    }
}

struct Request<'a> {
    host: &'a str,
    query: &'a str,
    nonce: &'a str,
    at: Millis,
}

/// The headers of a request with an empty body, its signature among them.
fn signed(request: &Request<'_>, key_id: &str, secret: &str) -> Vec<(&'static str, String)> {
    let payload = sign::sha256_hex(b"");
    let date = utc(request.at);
    // In alphabetical order, as the canonical request asks.
    let headers = vec![
        ("host", request.host.to_owned()),
        ("x-acs-action", "SendSms".to_owned()),
        ("x-acs-content-sha256", payload.clone()),
        ("x-acs-date", date),
        ("x-acs-signature-nonce", request.nonce.to_owned()),
        ("x-acs-version", "2017-05-25".to_owned()),
    ];
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{payload}", request.query);
    let text = format!("{ALGORITHM}\n{}", sign::sha256_hex(canonical.as_bytes()));
    let signature = sign::hex(sign::hmac_sha256(secret.as_bytes(), text.as_bytes()));
    let mut headers = headers;
    let authorization = format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}");
    headers.push(("authorization", authorization));
    headers
}

fn host_of(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest.split('/').next().unwrap_or(rest))
}

/// `2026-11-23T02:00:00Z`.
fn utc(at: Millis) -> String {
    jiff::Timestamp::from_second(at.0.div_euclid(1000)).map_or_else(|_| String::new(), |t| t.to_string())
}

/// What the answer's code means. Source: the list of error codes of `SendSms`.
fn judge(answer: &Answer) -> Sent {
    let json = answer.json();
    let Some(code) = json["Code"].as_str() else { return http::by_status(answer) };
    let why = format!("{code} {}", json["Message"].as_str().unwrap_or_default());
    match code {
        "OK" => Sent::Taken(json["BizId"].as_str().unwrap_or_default().to_owned()),
        "isv.MOBILE_NUMBER_ILLEGAL" | "isv.MOBILE_COUNT_OVER_LIMIT" | "isv.BLACK_KEY_CONTROL_LIMIT" => {
            Sent::Refused(why)
        }
        code if code.starts_with("isv.TEMPLATE") || code.starts_with("isv.PARAM") || code.starts_with("isv.SMS_") => {
            Sent::Refused(why)
        }
        // Keys, signatures, balance, throttling: nothing went out, and somebody will mend it.
        _ => Sent::Later(why),
    }
}
