//! Text messages by Tencent Cloud (腾讯云短信), `SendSms` of version 2021-01-11, signed by “签名方法 v3”,
//! TC3-HMAC-SHA256.

use super::http::{self, Answer};
use super::setting::{Secret, Settings, Sms, base};
use super::{Channel, Letter, Sent, sign, template};
use gongyu_kernel::Millis;
use gongyu_web::App;
use serde_json::json;
use ureq::Agent;

const USUAL: &str = "https://sms.tencentcloudapi.com";
const ALGORITHM: &str = "TC3-HMAC-SHA256";
const CONTENT: &str = "application/json; charset=utf-8";

pub(super) struct Tencent {
    app: App,
    agent: Agent,
    sms: Sms,
    secret: Secret,
}

impl Tencent {
    pub(super) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        Self { app: app.clone(), agent: http::agent(), sms: settings.sms.clone(), secret }
    }
}

impl Channel for Tencent {
    fn send(&self, letter: &Letter<'_>) -> Sent {
        let Some(template) = template::find(&self.sms.templates, letter) else {
            return Sent::Refused(format!("no template is registered for {}", letter.template));
        };
        let values: Vec<String> = template.fields.iter().map(|(_, ours)| template::value(letter, ours)).collect();
        let body = json!({
            "PhoneNumberSet": [format!("+86{}", letter.to)],
            "SmsSdkAppId": self.sms.app_id,
            "SignName": self.sms.sign_name,
            "TemplateId": template.code,
            "TemplateParamSet": values,
            "SessionContext": letter.id,
        })
        .to_string();
        let address = base(&self.sms.base, USUAL);
        let host = address.split_once("://").map_or(address, |(_, rest)| rest);
        let at = self.app.clock().now();
        let authorization = authorization(host, &body, at, &self.sms.key_id, &self.secret.key);
        let seconds = at.0.div_euclid(1000).to_string();
        let region = if self.sms.region.is_empty() { "ap-guangzhou" } else { &self.sms.region };
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", CONTENT),
            ("host", host),
            ("x-tc-action", "SendSms"),
            ("x-tc-version", "2021-01-11"),
            ("x-tc-timestamp", seconds.as_str()),
            ("x-tc-region", region),
        ];
        match http::post(&self.agent, &format!("{address}/"), &headers, body.as_bytes()) {
            Ok(answer) => judge(&answer),
            Err(sent) => sent,
        }
    }
}

fn authorization(host: &str, body: &str, at: Millis, id: &str, secret: &str) -> String {
    let seconds = at.0.div_euclid(1000);
    let date = jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::new(), |t| t.to_string().chars().take(10).collect());
    let names = "content-type;host;x-tc-action";
    let canonical = format!(
        "POST\n/\n\ncontent-type:{CONTENT}\nhost:{host}\nx-tc-action:sendsms\n\n{names}\n{}",
        sign::sha256_hex(body.as_bytes())
    );
    let scope = format!("{date}/sms/tc3_request");
    let text = format!("{ALGORITHM}\n{seconds}\n{scope}\n{}", sign::sha256_hex(canonical.as_bytes()));
    let day = sign::hmac_sha256(format!("TC3{secret}").as_bytes(), date.as_bytes());
    let service = sign::hmac_sha256(&day, b"sms");
    let signing = sign::hmac_sha256(&service, b"tc3_request");
    let signature = sign::hex(sign::hmac_sha256(&signing, text.as_bytes()));
    format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}")
}

/// What the answer's code means. Source: the list of error codes of `SendSms`.
fn judge(answer: &Answer) -> Sent {
    let json = answer.json();
    let response = &json["Response"];
    if let Some(code) = response["Error"]["Code"].as_str() {
        return Sent::Later(format!("{code} {}", response["Error"]["Message"].as_str().unwrap_or_default()));
    }
    let status = &response["SendStatusSet"][0];
    let Some(code) = status["Code"].as_str() else { return http::by_status(answer) };
    let why = format!("{code} {}", status["Message"].as_str().unwrap_or_default());
    match code {
        "Ok" => Sent::Taken(status["SerialNo"].as_str().unwrap_or_default().to_owned()),
        "FailedOperation.InsufficientBalanceInSmsPackage" => Sent::Later(why),
        code if code.starts_with("LimitExceeded") || code.starts_with("InternalError") => Sent::Later(why),
        _ => Sent::Refused(why),
    }
}
