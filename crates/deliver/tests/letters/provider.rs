//! A provider on this machine. It checks signatures from the documents of the providers, with code of its own, so
//! that a mistake of ours cannot confirm itself; it can fail, refuse, and lose its own answers.

mod identity;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// The secret every channel of a test signs with.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// How a request goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mishap {
    /// Nothing is taken; try later.
    Busy,
    /// Nothing is taken, now or ever.
    Refuse,
    /// It is taken, and the answer is lost.
    Lose,
}

#[derive(Default)]
struct Inside {
    taken: Vec<(String, String)>,
    faults: Vec<String>,
    refuse: String,
    one_in: usize,
    asked: usize,
    tokens: usize,
    invalid_parents: Vec<String>,
    scenes: Vec<String>,
    codes: HashMap<String, String>,
    parents: Vec<Value>,
}

#[derive(Clone)]
pub struct Provider {
    inside: Arc<Mutex<Inside>>,
    at: SocketAddr,
}

impl Provider {
    pub fn start() -> Self {
        let inside = Arc::new(Mutex::new(Inside::default()));
        let router = Router::new()
            .route("/", post(sms))
            .route("/cgi-bin/stable_token", post(wechat_token))
            .route("/cgi-bin/message/template/send", post(wechat_send))
            .route("/cgi-bin/qrcode/create", post(identity::wechat_scene))
            .route("/sns/oauth2/access_token", get(identity::wechat_oauth))
            .route("/cgi-bin/gettoken", get(wecom_token))
            .route("/cgi-bin/school/user/list_parent", get(identity::wecom_parents))
            .route("/cgi-bin/externalcontact/message/send", post(wecom_send))
            .route("/push/{name}", post(push))
            .with_state(inside.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { inside, at: told.recv().unwrap() }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.at)
    }

    pub fn host(&self) -> String {
        self.at.to_string()
    }

    /// What was taken: to whom, and what identifies it.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.inside.lock().unwrap().taken.clone()
    }

    /// What was wrong with requests: signatures, above all.
    pub fn faults(&self) -> Vec<String> {
        self.inside.lock().unwrap().faults.clone()
    }

    /// Refuses one number.
    pub fn refuse(&self, number: &str) {
        number.clone_into(&mut self.inside.lock().unwrap().refuse);
    }

    /// Every so manieth request goes wrong; 0 for none.
    pub fn fail_one_in(&self, n: usize) {
        self.inside.lock().unwrap().one_in = n;
    }

    pub fn tokens_given(&self) -> usize {
        self.inside.lock().unwrap().tokens
    }

    /// Scenes of the codes that were asked for.
    pub fn scenes(&self) -> Vec<String> {
        self.inside.lock().unwrap().scenes.clone()
    }

    /// A page inside WeChat got this code for this person.
    pub fn gave_code(&self, code: &str, openid: &str) {
        self.inside.lock().unwrap().codes.insert(code.to_owned(), openid.to_owned());
    }

    /// The directory of parents: name, mobile number, whether they joined.
    pub fn directory(&self, parents: &[(&str, &str, bool)]) {
        self.inside.lock().unwrap().parents = parents
            .iter()
            .map(|(user, mobile, joined)| {
                json!({ "parent_userid": user, "mobile": mobile, "is_subscribe": i32::from(*joined),
                        "children": [{ "student_userid": "s", "relation": "妈妈" }] })
            })
            .collect();
    }

    pub fn invalid_parents(&self, parents: &[&str]) {
        self.inside.lock().unwrap().invalid_parents = parents.iter().map(|p| (*p).to_owned()).collect();
    }
}

type Shared = State<Arc<Mutex<Inside>>>;

impl Inside {
    fn mishap(&mut self) -> Option<Mishap> {
        self.asked += 1;
        if self.one_in == 0 || !self.asked.is_multiple_of(self.one_in) {
            return None;
        }
        Some([Mishap::Busy, Mishap::Lose, Mishap::Refuse][(self.asked / self.one_in) % 3])
    }

    fn take(&mut self, to: &str, id: &str) {
        self.taken.push((to.to_owned(), id.to_owned()));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// `Name=value` of an authorization header.
fn part<'a>(authorization: &'a str, name: &str) -> &'a str {
    authorization.split([' ', ',']).find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}

fn lost() -> Response {
    (axum::http::StatusCode::BAD_GATEWAY, "").into_response()
}

async fn sms(state: Shared, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if header(&headers, "authorization").starts_with("TC3") {
        return tencent(&state, &headers, &body);
    }
    let query = uri.query().unwrap_or_default();
    let mut inside = state.lock().unwrap();
    if let Err(why) = aliyun_signed(query, &headers, &body) {
        inside.faults.push(why);
        return json!({ "Code": "SignatureDoesNotMatch", "Message": "no" }).to_string().into_response();
    }
    let values: HashMap<String, String> =
        form_urlencoded::parse(query.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let (to, id) = (&values["PhoneNumbers"], &values["OutId"]);
    serde_json::from_str::<HashMap<String, String>>(&values["TemplateParam"]).unwrap();
    let mishap = if *to == inside.refuse { Some(Mishap::Refuse) } else { inside.mishap() };
    match mishap {
        Some(Mishap::Busy) => {
            json!({ "Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "later" }).to_string().into_response()
        }
        Some(Mishap::Refuse) => {
            json!({ "Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "no" }).to_string().into_response()
        }
        other => {
            inside.take(to, id);
            if other == Some(Mishap::Lose) {
                return lost();
            }
            json!({ "Code": "OK", "Message": "OK", "BizId": format!("biz-{id}") }).to_string().into_response()
        }
    }
}

/// “V3版本请求体&签名机制”: the canonical request is rebuilt from what arrived and the names in `SignedHeaders`.
fn aliyun_signed(query: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let authorization = header(headers, "authorization");
    let names = part(authorization, "SignedHeaders");
    for needed in
        ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"]
    {
        if !names.split(';').any(|n| n == needed) {
            return Err(format!("{needed} is not signed"));
        }
    }
    if header(headers, "x-acs-content-sha256") != hex(&Sha256::digest(body)) {
        return Err("another body".into());
    }
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    let lines: String = names.split(';').map(|n| format!("{n}:{}\n", header(headers, n).trim())).collect();
    let request = format!("POST\n/\n{}\n{lines}\n{names}\n{}", pairs.join("&"), hex(&Sha256::digest(body)));
    let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(request.as_bytes())));
    let right = hex(&mac(SECRET.as_bytes(), &text));
    let known = part(authorization, "Credential") == "test-id";
    if known && part(authorization, "Signature") == right { Ok(()) } else { Err("aliyun: another signature".into()) }
}

fn tencent(state: &Shared, headers: &HeaderMap, body: &[u8]) -> Response {
    let authorization = header(headers, "authorization");
    let names = part(authorization, "SignedHeaders");
    let lines: String =
        names.split(';').map(|n| format!("{n}:{}\n", header(headers, n).trim().to_lowercase())).collect();
    let request = format!("POST\n/\n\n{lines}\n{names}\n{}", hex(&Sha256::digest(body)));
    let credential: Vec<&str> = part(authorization, "Credential").split('/').collect();
    let (date, scope) = (credential[1], credential[1..].join("/"));
    let time = header(headers, "x-tc-timestamp");
    let text = format!("TC3-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(request.as_bytes())));
    let day = mac(format!("TC3{SECRET}").as_bytes(), date);
    let right = hex(&mac(&mac(&mac(&day, "sms"), "tc3_request"), &text));
    let mut inside = state.lock().unwrap();
    if part(authorization, "Signature") != right || credential[0] != "test-id" {
        inside.faults.push("tencent: another signature".into());
        return json!({ "Response": { "Error": { "Code": "AuthFailure.SignatureFailure", "Message": "" } } })
            .to_string()
            .into_response();
    }
    let body: Value = serde_json::from_slice(body).unwrap();
    let to = body["PhoneNumberSet"][0].as_str().unwrap().trim_start_matches("+86");
    let id = body["SessionContext"].as_str().unwrap();
    let code = if to == inside.refuse { "FailedOperation.PhoneNumberInBlacklist" } else { "Ok" };
    if code == "Ok" {
        inside.take(to, id);
    }
    json!({ "Response": { "SendStatusSet": [{ "SerialNo": format!("serial-{id}"), "Code": code, "Message": "" }] } })
        .to_string()
        .into_response()
}

async fn wechat_token(state: Shared, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = state.lock().unwrap();
    if body["appid"] != "test-app" || body["secret"] != SECRET || body["grant_type"] != "client_credential" {
        inside.faults.push("wechat: another secret".into());
        return json!({ "errcode": 40125, "errmsg": "invalid appsecret" }).to_string().into_response();
    }
    inside.tokens += 1;
    json!({ "access_token": format!("token-{}", inside.tokens), "expires_in": 7200 }).to_string().into_response()
}

fn token_of(uri: &Uri) -> String {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(k, _)| k == "access_token")
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}

async fn wechat_send(state: Shared, uri: Uri, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = state.lock().unwrap();
    // The first token ends early, as one does when another program fetches its own.
    if token_of(&uri) != format!("token-{}", inside.tokens) || inside.tokens == 1 {
        return json!({ "errcode": 40001, "errmsg": "invalid credential" }).to_string().into_response();
    }
    let to = body["touser"].as_str().unwrap();
    if to == inside.refuse {
        return json!({ "errcode": 43004, "errmsg": "require subscribe" }).to_string().into_response();
    }
    for (_, value) in body["data"].as_object().unwrap() {
        assert!(value["value"].as_str().unwrap().chars().count() <= 20, "a thing holds 20 characters");
    }
    inside.take(to, body["client_msg_id"].as_str().unwrap());
    json!({ "errcode": 0, "errmsg": "ok", "msgid": 4_503_599_627_370_497_i64 }).to_string().into_response()
}

async fn wecom_token(state: Shared, uri: Uri) -> Response {
    let mut inside = state.lock().unwrap();
    let query = uri.query().unwrap_or_default();
    if query != format!("corpid=test-corp&corpsecret={SECRET}") {
        inside.faults.push("wecom: another secret".into());
        return json!({ "errcode": 40001, "errmsg": "invalid credential" }).to_string().into_response();
    }
    inside.tokens += 1;
    json!({ "errcode": 0, "access_token": "wecom-token", "expires_in": 7200 }).to_string().into_response()
}

async fn wecom_send(state: Shared, uri: Uri, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = state.lock().unwrap();
    if token_of(&uri) != "wecom-token" || body["enable_duplicate_check"] != 1 || body["agentid"] != 1_000_002 {
        inside.faults.push(format!("wecom: {body}"));
    }
    let parents: Vec<String> = serde_json::from_value(body["to_parent_userid"].clone()).unwrap();
    let (bad, good): (Vec<String>, Vec<String>) = parents.into_iter().partition(|p| inside.invalid_parents.contains(p));
    for parent in &good {
        inside.take(parent, body["text"]["content"].as_str().unwrap());
    }
    json!({ "errcode": 0, "errmsg": "ok", "invalid_parent_userid": bad }).to_string().into_response()
}

async fn push(
    state: Shared,
    axum::extract::Path(name): axum::extract::Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut inside = state.lock().unwrap();
    if let Err(why) = pushed(&headers, &body) {
        inside.faults.push(why);
        return axum::http::StatusCode::FORBIDDEN.into_response();
    }
    let (mishap, id) = (inside.mishap(), body.len().to_string());
    match mishap {
        Some(Mishap::Busy) => axum::http::StatusCode::TOO_MANY_REQUESTS.into_response(),
        Some(Mishap::Refuse) => axum::http::StatusCode::GONE.into_response(),
        other => {
            inside.take(&name, &id);
            if other == Some(Mishap::Lose) { lost() } else { axum::http::StatusCode::CREATED.into_response() }
        }
    }
}

/// RFC 8292: the claim is signed by the key that is named, for this service, and not for too long.
fn pushed(headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
    use p256::ecdsa::signature::Verifier;
    let authorization = header(headers, "authorization").strip_prefix("vapid ").ok_or("push: no claim")?;
    let claim = authorization.split(", ").find_map(|p| p.strip_prefix("t=")).ok_or("push: no t")?;
    let key = authorization.split(", ").find_map(|p| p.strip_prefix("k=")).ok_or("push: no k")?;
    let (text, signature) = claim.rsplit_once('.').ok_or("push: no signature")?;
    let key = B64.decode(key).map_err(|e| e.to_string())?;
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&key).map_err(|e| e.to_string())?;
    let signature = B64.decode(signature).map_err(|e| e.to_string())?;
    let signature = p256::ecdsa::Signature::from_slice(&signature).map_err(|e| e.to_string())?;
    key.verify(text.as_bytes(), &signature).map_err(|_| "push: another signature")?;
    let claims = text.split_once('.').ok_or("push: no claims")?.1;
    let claims: Value =
        serde_json::from_slice(&B64.decode(claims).map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    let host = header(headers, "host");
    if claims["aud"] != format!("http://{host}") || !claims["sub"].as_str().unwrap_or_default().starts_with("mailto:") {
        return Err(format!("push: {claims}"));
    }
    if header(headers, "ttl").is_empty() || header(headers, "content-encoding") != "aes128gcm" || body.len() < 86 {
        return Err("push: headers".into());
    }
    Ok(())
}
