//! Who somebody is at WeChat and at WeCom: codes with a scene, codes of pages, the directory of parents.

use super::{SECRET, Shared, token_of};
use axum::body::Bytes;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::HashMap;

/// “生成带参数的二维码”: a string scene, for a while.
pub(super) async fn wechat_scene(state: Shared, uri: Uri, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = state.lock().unwrap();
    let scene = body["action_info"]["scene"]["scene_str"].as_str().unwrap_or_default().to_owned();
    let whole = body["action_name"] == "QR_STR_SCENE"
        && (1..=64).contains(&scene.len())
        && body["expire_seconds"].as_i64().is_some_and(|s| (1..=2_592_000).contains(&s));
    if token_of(&uri) != format!("token-{}", inside.tokens) || !whole {
        inside.faults.push(format!("wechat scene: {body}"));
        return json!({ "errcode": 40001, "errmsg": "invalid credential" }).to_string().into_response();
    }
    inside.scenes.push(scene.clone());
    let url = format!("http://weixin.qq.com/q/{scene}");
    json!({ "ticket": "gQH47joAAAAAAAAAASxodHRwO", "expire_seconds": 1800, "url": url }).to_string().into_response()
}

/// “网页授权”, the second step: a code is good once.
pub(super) async fn wechat_oauth(state: Shared, uri: Uri) -> Response {
    let query: HashMap<String, String> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let mut inside = state.lock().unwrap();
    if query["appid"] != "test-app" || query["secret"] != SECRET || query["grant_type"] != "authorization_code" {
        inside.faults.push("wechat oauth: another secret".into());
    }
    match inside.codes.remove(&query["code"]) {
        Some(openid) => json!({ "access_token": "A", "expires_in": 7200, "refresh_token": "R", "openid": openid,
                                "scope": "snsapi_base" })
        .to_string()
        .into_response(),
        None => json!({ "errcode": 40029, "errmsg": "invalid code" }).to_string().into_response(),
    }
}

/// “获取部门家长详情”.
pub(super) async fn wecom_parents(state: Shared, uri: Uri) -> Response {
    let mut inside = state.lock().unwrap();
    let query = uri.query().unwrap_or_default();
    if token_of(&uri) != "wecom-token" || !query.contains("department_id=7") {
        inside.faults.push(format!("wecom parents: {query}"));
        return json!({ "errcode": 40014, "errmsg": "invalid access_token" }).to_string().into_response();
    }
    json!({ "errcode": 0, "errmsg": "ok", "parents": inside.parents }).to_string().into_response()
}
