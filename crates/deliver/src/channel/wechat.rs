//! WeChat official account (服务号): template messages to a guardian who has bound their WeChat, and the two ways of
//! binding: the page inside WeChat (OAuth code) and a QR code with a scene of ours.

use super::http::{self, Answer};
use super::setting::{self, Secret, Settings, base};
use super::{Channel, Letter, Sent, Way, sign, state, template};
use gongyu_kernel::{Error, Result};
use gongyu_web::App;
use parking_lot::Mutex;
use serde_json::{Value, json};
use ureq::Agent;

const USUAL: &str = "https://api.weixin.qq.com";
/// A value of kind `thing` holds 20 characters.
const THING: usize = 20;
/// Seconds a QR code of a scene is good for.
pub(crate) const SCENE_SECONDS: i64 = 1800;

pub(crate) struct Wechat {
    app: App,
    agent: Agent,
    setting: setting::Wechat,
    secret: Secret,
    fetching: Mutex<()>,
}

impl Wechat {
    pub(crate) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        let setting = settings.wechat.clone();
        Self { app: app.clone(), agent: http::agent(), setting, secret, fetching: Mutex::new(()) }
    }

    fn base(&self) -> &str {
        base(&self.setting.base, USUAL)
    }

    /// The account's token: kept until it ends, and fetched by `stable_token`, which gives every node the same one.
    fn token(&self) -> std::result::Result<String, Sent> {
        let _one = self.fetching.lock();
        match state::token(&self.app, Way::Wechat) {
            Ok(Some(token)) => return Ok(token),
            Ok(None) => {}
            Err(e) => return Err(Sent::Later(e.to_string())),
        }
        let ask = json!({
            "grant_type": "client_credential", "appid": self.setting.app_id, "secret": self.secret.key,
            "force_refresh": false,
        });
        let url = format!("{}/cgi-bin/stable_token", self.base());
        // Asking for a token sends no letter, so whatever went wrong, the letter may go later.
        let answer = http::post(&self.agent, &url, &[("content-type", "application/json")], ask.to_string().as_bytes())
            .map_err(later)?;
        let json = answer.json();
        let Some(token) = json["access_token"].as_str() else {
            return Err(Sent::Later(fault(&json, answer.status)));
        };
        let seconds = json["expires_in"].as_i64().unwrap_or(7200);
        state::keep_token(&self.app, Way::Wechat, token, seconds).map_err(|e| Sent::Later(e.to_string()))?;
        Ok(token.to_owned())
    }

    /// Forgets a token that was refused, unless somebody has fetched another meanwhile.
    fn forget(&self, refused: &str) -> std::result::Result<(), Sent> {
        let _one = self.fetching.lock();
        let away = |e: gongyu_kernel::Error| Sent::Later(e.to_string());
        if state::token(&self.app, Way::Wechat).map_err(away)?.as_deref() == Some(refused) {
            state::forget_token(&self.app, Way::Wechat).map_err(away)?;
        }
        Ok(())
    }

    /// Posts to the interface; a token that ended early is fetched anew, once.
    fn call(&self, path: &str, body: &Value) -> std::result::Result<(Value, Answer), Sent> {
        for again in [true, false] {
            let token = self.token()?;
            let url = format!("{}{path}?access_token={}", self.base(), sign::percent(&token));
            let headers = [("content-type", "application/json")];
            let answer = http::post(&self.agent, &url, &headers, body.to_string().as_bytes())?;
            let json = answer.json();
            let ended = matches!(json["errcode"].as_i64(), Some(40001 | 40014 | 42001));
            if !(ended && again) {
                return Ok((json, answer));
            }
            self.forget(&token)?;
        }
        Err(Sent::Later("the access token is refused".to_owned()))
    }

    /// The address behind a QR code which, scanned in WeChat, tells us who scanned it, with this scene.
    ///
    /// # Errors
    /// `Error::Conflict` when WeChat does not give one.
    pub(crate) fn scene_address(&self, scene: &str) -> Result<String> {
        let body = json!({
            "expire_seconds": SCENE_SECONDS, "action_name": "QR_STR_SCENE",
            "action_info": { "scene": { "scene_str": scene } },
        });
        let (json, _) = self.call("/cgi-bin/qrcode/create", &body).map_err(|_| Error::conflict("wechat-away"))?;
        json["url"].as_str().map(ToOwned::to_owned).ok_or_else(|| Error::conflict("wechat-away"))
    }

    /// Whose WeChat a page inside it is, by the code that WeChat gave the page.
    ///
    /// # Errors
    /// `Error::Conflict` when WeChat does not know the code.
    pub(crate) fn openid_of(&self, code: &str) -> Result<String> {
        let url = format!(
            "{}/sns/oauth2/access_token?appid={}&secret={}&code={}&grant_type=authorization_code",
            self.base(),
            sign::percent(&self.setting.app_id),
            sign::percent(&self.secret.key),
            sign::percent(code)
        );
        let answer = http::get(&self.agent, &url).map_err(|_| Error::conflict("wechat-away"))?;
        let json = answer.json();
        json["openid"].as_str().map(ToOwned::to_owned).ok_or_else(|| Error::conflict("wechat-code"))
    }
}

fn later(sent: Sent) -> Sent {
    match sent {
        Sent::Lost(why) | Sent::Refused(why) | Sent::Gone(why) | Sent::Later(why) => Sent::Later(why),
        Sent::Taken(_) => Sent::Later(String::new()),
    }
}

fn fault(json: &Value, status: u16) -> String {
    match json["errcode"].as_i64() {
        Some(code) => format!("{code} {}", json["errmsg"].as_str().unwrap_or_default()),
        None => format!("status {status}"),
    }
}

impl Channel for Wechat {
    fn send(&self, letter: &Letter<'_>) -> Sent {
        let Some(template) = template::find(&self.setting.templates, letter) else {
            return Sent::Refused(format!("no template is registered for {}", letter.template));
        };
        let data: serde_json::Map<String, Value> = template
            .fields
            .iter()
            .map(|(theirs, ours)| {
                let value: String = template::value(letter, ours).chars().take(THING).collect();
                (theirs.clone(), json!({ "value": value }))
            })
            .collect();
        // `client_msg_id` keeps WeChat from sending the same letter twice.
        let body = json!({
            "touser": letter.to, "template_id": template.code, "url": letter.href,
            "client_msg_id": letter.id, "data": data,
        });
        let (json, answer) = match self.call("/cgi-bin/message/template/send", &body) {
            Ok(done) => done,
            Err(sent) => return sent,
        };
        let why = fault(&json, answer.status);
        match json["errcode"].as_i64() {
            Some(0) => Sent::Taken(json["msgid"].to_string().trim_matches('"').to_owned()),
            // No such person, or one who no longer follows the account.
            Some(40003 | 43004) => Sent::Gone(why),
            Some(-1 | 40001 | 40013 | 40014 | 40125 | 42001 | 45009 | 45011 | 48001 | 61004) => Sent::Later(why),
            Some(_) => Sent::Refused(why),
            None => http::by_status(&answer),
        }
    }
}

/// Whether a call to us comes from WeChat: the SHA-1 of token, time and nonce, sorted.
pub(crate) fn calls_truly(token: &str, at: &str, nonce: &str, signature: &str) -> bool {
    let mut parts = [token, at, nonce];
    parts.sort_unstable();
    !token.is_empty() && sign::same(&sign::sha1_hex(parts.concat().as_bytes()), signature)
}

#[cfg(test)]
mod tests {
    use super::calls_truly;

    #[test]
    fn a_call_with_another_token_is_not_from_wechat() {
        // SHA-1 of "1700000000" + "nonce" + "token", which is their order.
        let right = super::sign::sha1_hex(b"1700000000noncetoken");
        assert!(calls_truly("token", "1700000000", "nonce", &right));
        assert!(!calls_truly("other", "1700000000", "nonce", &right));
        assert!(!calls_truly("", "1700000000", "nonce", &super::sign::sha1_hex(b"1700000000nonce")));
    }
}
