//! WeCom (企业微信), school edition: the school notice (`externalcontact/message/send`), which goes to many parents
//! in one request and answers with those it could not reach, and the parents' directory.

use super::http::{self, Answer};
use super::setting::{self, Secret, Settings, base};
use super::{Channel, Letter, Sent, Way, sign, state};
use gongyu_web::App;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::HashSet;
use ureq::Agent;

const USUAL: &str = "https://qyapi.weixin.qq.com";
/// WeCom takes 1,000 parents in one request; fewer keep a lost answer small [P].
const TOGETHER: usize = 200;
/// Seconds in which WeCom drops a second copy of a message: its default.
const DUPLICATE_SECONDS: i64 = 1800;

pub(crate) struct Wecom {
    app: App,
    agent: Agent,
    setting: setting::Wecom,
    secret: Secret,
    fetching: Mutex<()>,
}

/// A parent in the directory.
#[derive(Clone)]
pub(crate) struct Parent {
    /// Their name there.
    pub user: String,
    /// Mobile number.
    pub mobile: String,
    /// Whether they have joined, so that a notice reaches them.
    pub joined: bool,
}

impl Wecom {
    pub(crate) fn new(app: &App, settings: &Settings, secret: Secret) -> Self {
        let setting = settings.wecom.clone();
        Self { app: app.clone(), agent: http::agent(), setting, secret, fetching: Mutex::new(()) }
    }

    fn base(&self) -> &str {
        base(&self.setting.base, USUAL)
    }

    fn token(&self) -> Result<String, Sent> {
        let _one = self.fetching.lock();
        match state::token(&self.app, Way::Wecom) {
            Ok(Some(token)) => return Ok(token),
            Ok(None) => {}
            Err(e) => return Err(Sent::Later(e.to_string())),
        }
        let url = format!(
            "{}/cgi-bin/gettoken?corpid={}&corpsecret={}",
            self.base(),
            sign::percent(&self.setting.corp_id),
            sign::percent(&self.secret.key)
        );
        let answer = http::get(&self.agent, &url).map_err(|e| match e {
            Sent::Lost(why) => Sent::Later(why),
            other => other,
        })?;
        let json = answer.json();
        let Some(token) = json["access_token"].as_str() else { return Err(Sent::Later(fault(&json, &answer))) };
        let seconds = json["expires_in"].as_i64().unwrap_or(7200);
        state::keep_token(&self.app, Way::Wecom, token, seconds).map_err(|e| Sent::Later(e.to_string()))?;
        Ok(token.to_owned())
    }

    /// Forgets a token that was refused, unless somebody has fetched another meanwhile.
    fn forget(&self, refused: &str) -> Result<(), Sent> {
        let _one = self.fetching.lock();
        let away = |e: gongyu_kernel::Error| Sent::Later(e.to_string());
        if state::token(&self.app, Way::Wecom).map_err(away)?.as_deref() == Some(refused) {
            state::forget_token(&self.app, Way::Wecom).map_err(away)?;
        }
        Ok(())
    }

    /// Calls the interface; a token that ended early is fetched anew, once.
    fn call(&self, path: &str, body: Option<&Value>) -> Result<(Value, Answer), Sent> {
        for again in [true, false] {
            let token = self.token()?;
            let join = if path.contains('?') { '&' } else { '?' };
            let url = format!("{}{path}{join}access_token={}", self.base(), sign::percent(&token));
            let answer = match body {
                Some(body) => {
                    let headers = [("content-type", "application/json")];
                    http::post(&self.agent, &url, &headers, body.to_string().as_bytes())?
                }
                None => http::get(&self.agent, &url)?,
            };
            let json = answer.json();
            let ended = matches!(json["errcode"].as_i64(), Some(40014 | 42001));
            if !(ended && again) {
                return Ok((json, answer));
            }
            self.forget(&token)?;
        }
        Err(Sent::Later("the access token is refused".to_owned()))
    }

    /// Every parent of the department that was set.
    ///
    /// # Errors
    /// What WeCom said.
    pub(crate) fn parents(&self) -> Result<Vec<Parent>, String> {
        let department = if self.setting.department.is_empty() { "1" } else { &self.setting.department };
        let path = format!("/cgi-bin/school/user/list_parent?department_id={}", sign::percent(department));
        let (json, answer) = self.call(&path, None).map_err(|sent| format!("{sent:?}"))?;
        if json["errcode"].as_i64() != Some(0) {
            return Err(fault(&json, &answer));
        }
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let parents = json["parents"].as_array().cloned().unwrap_or_default();
        Ok(parents
            .iter()
            .map(|p| Parent {
                user: text(&p["parent_userid"]),
                mobile: text(&p["mobile"]),
                joined: p["is_subscribe"].as_i64() == Some(1),
            })
            .collect())
    }
}

fn fault(json: &Value, answer: &Answer) -> String {
    match json["errcode"].as_i64() {
        Some(code) => format!("{code} {}", json["errmsg"].as_str().unwrap_or_default()),
        None => format!("status {}", answer.status),
    }
}

impl Channel for Wecom {
    fn at_once(&self) -> usize {
        4
    }

    fn together(&self) -> usize {
        TOGETHER
    }

    fn send(&self, letter: &Letter<'_>) -> Sent {
        self.send_together(std::slice::from_ref(letter)).pop().unwrap_or_else(|| Sent::Lost(String::new()))
    }

    fn send_together(&self, letters: &[Letter<'_>]) -> Vec<Sent> {
        let Some(first) = letters.first() else { return Vec::new() };
        let text = [first.title, first.body, first.href].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>();
        let parents: Vec<&str> = letters.iter().map(|l| l.to).collect();
        let body = json!({
            "recv_scope": 0, "to_parent_userid": parents, "toall": 0, "msgtype": "text",
            "agentid": self.setting.agent_id.parse::<i64>().unwrap_or_default(),
            "text": { "content": text.join("\n") },
            "enable_id_trans": 0, "enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_SECONDS,
        });
        let (json, answer) = match self.call("/cgi-bin/externalcontact/message/send", Some(&body)) {
            Ok(done) => done,
            Err(sent) => return vec![sent; letters.len()],
        };
        judge(&json, &answer, &parents)
    }
}

/// What the answer means for each parent: some may be named as not reached while the others are.
fn judge(json: &Value, answer: &Answer, parents: &[&str]) -> Vec<Sent> {
    let all = |sent: Sent| vec![sent; parents.len()];
    let why = fault(json, answer);
    match json["errcode"].as_i64() {
        Some(0) => {
            let invalid: HashSet<&str> =
                json["invalid_parent_userid"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            parents
                .iter()
                .map(|parent| {
                    if invalid.contains(parent) {
                        Sent::Gone("invalid_parent_userid".to_owned())
                    } else {
                        Sent::Taken(String::new())
                    }
                })
                .collect()
        }
        // All of them unknown: 81013 in the documents of the interface.
        Some(81013) => all(Sent::Gone(why)),
        Some(-1 | 40001 | 40013 | 40014 | 42001 | 45009 | 45033 | 60011 | 60020 | 301002) => all(Sent::Later(why)),
        Some(_) => all(Sent::Refused(why)),
        None => all(http::by_status(answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_named_invalid_are_refused_and_the_others_are_not() {
        let json = json!({ "errcode": 0, "errmsg": "ok", "invalid_parent_userid": ["p2"] });
        let answer = Answer { status: 200, body: String::new() };
        let judged = judge(&json, &answer, &["p1", "p2", "p3"]);
        assert!(matches!(judged[0], Sent::Taken(_)) && matches!(judged[2], Sent::Taken(_)));
        assert!(matches!(judged[1], Sent::Gone(_)));
    }
}
