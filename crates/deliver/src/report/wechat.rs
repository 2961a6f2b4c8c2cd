//! What WeChat tells the official account: the fate of template messages, and who scanned a code of ours. Signed with
//! the token that was set at WeChat and here; sealed too where a key was set (安全模式), and then nothing unsealed is
//! taken.

use super::{LARGEST, Report, note};
use crate::channel::{Settings, Way, state, wechat, wechat_seal};
use crate::choice::address::{self, NewAddress};
use crate::choice::proof;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use gongyu_kernel::{Error, Result};
use gongyu_web::{App, Routes};
use quick_xml::Reader as Xml;
use quick_xml::events::Event;
use std::collections::HashMap;

/// Seconds a signed call may be old: no replays later.
const OLDEST_SECONDS: i64 = 600;

pub(super) fn routes() -> Routes {
    Routes::new().raw(Method::GET, "/reports/wechat", false, get(prove)).raw(
        Method::POST,
        "/reports/wechat",
        false,
        post(told).layer(DefaultBodyLimit::max(LARGEST)),
    )
}

type Asked = Query<HashMap<String, String>>;

async fn truly(app: &App, asked: &HashMap<String, String>) -> Result<bool> {
    let on = app.clone();
    let token = app.db.read(move |r| Ok(state::secret(r, &on.vault, Way::Wechat)?.report)).await?;
    let part = |name: &str| asked.get(name).map_or("", String::as_str);
    let at: i64 = part("timestamp").parse().unwrap_or_default();
    let fresh = (app.clock().now().0 / 1000 - at).abs() < OLDEST_SECONDS;
    Ok(fresh && wechat::calls_truly(&token, part("timestamp"), part("nonce"), part("signature")))
}

/// WeChat asks once whether the address is ours.
async fn prove(State(app): State<App>, Query(asked): Asked) -> Response {
    match truly(&app, &asked).await {
        Ok(true) => asked.get("echostr").cloned().unwrap_or_default().into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn told(State(app): State<App>, Query(asked): Asked, body: Bytes) -> Response {
    if !matches!(truly(&app, &asked).await, Ok(true)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let fields = match opened(&app, &asked, &body).await {
        Ok(Some(fields)) => fields,
        Ok(None) => return StatusCode::BAD_REQUEST.into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a call of WeChat could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let on = app.clone();
    match app.db.write(move |tx| heard(&on, tx, &fields)).await {
        Ok(()) => "success".into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a call of WeChat could not be noted");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The fields of a call, out of its seal where there is a key.
async fn opened(app: &App, asked: &HashMap<String, String>, body: &[u8]) -> Result<Option<HashMap<String, String>>> {
    let on = app.clone();
    let (secret, app_id) =
        app.db.read(move |r| Ok((state::secret(r, &on.vault, Way::Wechat)?, Settings::load(r)?.wechat.app_id))).await?;
    let outer = fields(body);
    if secret.seal.is_empty() {
        return Ok(outer);
    }
    let part = |name: &str| asked.get(name).map_or("", String::as_str);
    Ok(outer.and_then(|outer| {
        let sealed = outer.get("Encrypt")?;
        let at = (part("timestamp"), part("nonce"));
        if !wechat_seal::sealed_truly(&secret.report, at, sealed, part("msg_signature")) {
            return None;
        }
        fields(&wechat_seal::open(&secret.seal, &app_id, sealed)?)
    }))
}

fn heard(app: &App, tx: &mut gongyu_store::Tx, fields: &HashMap<String, String>) -> Result<()> {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let who = field("FromUserName");
    match field("Event") {
        "TEMPLATESENDJOBFINISH" => {
            let status = field("Status");
            let fault = (status != "success").then(|| status.to_owned());
            note(app, tx, Way::Wechat, &[Report { receipt: field("MsgID").to_owned(), ours: None, fault }])
        }
        "SCAN" | "subscribe" => {
            let scene = field("EventKey");
            let scene = scene.strip_prefix("qrscene_").unwrap_or(scene);
            match proof::finish_state(tx, &app.vault, Way::Wechat, scene)? {
                Some(person) if !who.is_empty() => {
                    address::keep(tx, &app.vault, &NewAddress { person, way: Way::Wechat, to: who, label: "" })
                }
                _ => Ok(()),
            }
        }
        "unsubscribe" => {
            let blind = address::blind(&app.vault, Way::Wechat, who);
            state::forget_everywhere(tx, Way::Wechat, &blind, "unsubscribe")
        }
        _ => Ok(()),
    }
}

/// The fields of a flat XML document; WeChat sends no other.
fn fields(body: &[u8]) -> Option<HashMap<String, String>> {
    let text = std::str::from_utf8(body).ok()?;
    let mut xml = Xml::from_str(text);
    let (mut found, mut name) = (HashMap::new(), String::new());
    loop {
        match xml.read_event().map_err(Error::internal).ok()? {
            Event::Start(start) => name = start.name().as_ref().to_owned(),
            Event::Text(text) if !name.is_empty() => {
                found.entry(name.clone()).or_insert_with(|| text.trim().to_owned());
            }
            Event::CData(text) => {
                found.insert(name.clone(), text.to_string());
            }
            Event::End(_) => name.clear(),
            Event::DocType(_) => return None,
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn an_event_is_read_and_a_document_type_is_not() {
        let body = "<xml><FromUserName><![CDATA[openid]]></FromUserName><Event><![CDATA[SCAN]]></Event>\n<MsgID>7</MsgID></xml>";
        let read = fields(body.as_bytes()).unwrap();
        assert_eq!(
            (read["FromUserName"].as_str(), read["Event"].as_str(), read["MsgID"].as_str()),
            ("openid", "SCAN", "7")
        );
        assert!(fields(b"<!DOCTYPE x [<!ENTITY a \"b\">]><xml/>").is_none());
    }
}
