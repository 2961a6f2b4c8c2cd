//! Delivery reports of text messages: Aliyun's `SmsReport` and Tencent Cloud's status callback, both JSON lists
//! posted to an address of ours with a secret in it.

use super::{LARGEST, Report, note};
use crate::channel::{Way, sign, state};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use gongyu_kernel::Result;
use gongyu_web::{App, Routes};
use serde_json::{Value, json};

pub(super) fn routes() -> Routes {
    let limit = || DefaultBodyLimit::max(LARGEST);
    Routes::new().raw(Method::POST, "/reports/aliyun/{secret}", false, post(aliyun).layer(limit())).raw(
        Method::POST,
        "/reports/tencent/{secret}",
        false,
        post(tencent).layer(limit()),
    )
}

async fn aliyun(State(app): State<App>, Path(secret): Path<String>, body: Bytes) -> Response {
    match take(app, secret, body, read_aliyun).await {
        Ok(true) => axum::Json(json!({ "code": 0, "msg": "ok" })).into_response(),
        other => refused(other),
    }
}

async fn tencent(State(app): State<App>, Path(secret): Path<String>, body: Bytes) -> Response {
    match take(app, secret, body, read_tencent).await {
        Ok(true) => axum::Json(json!({ "result": 0, "errmsg": "OK" })).into_response(),
        other => refused(other),
    }
}

/// A wrong secret is an address that does not exist.
fn refused(done: Result<bool>) -> Response {
    match done {
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a delivery report could not be noted");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn take(app: App, secret: String, body: Bytes, read: fn(&Value) -> Option<Report>) -> Result<bool> {
    let on = app.clone();
    app.db
        .write(move |tx| {
            let kept = state::secret(tx, &on.vault, Way::Sms)?;
            if kept.report.is_empty() || !sign::same(&kept.report, &secret) {
                return Ok(false);
            }
            let list: Value = serde_json::from_slice(&body).unwrap_or_default();
            let reports: Vec<Report> = list.as_array().into_iter().flatten().filter_map(read).collect();
            note(&on, tx, Way::Sms, &reports)?;
            Ok(true)
        })
        .await
}

/// Source: 短信服务 “短信发送状态报告 SmsReport”.
fn read_aliyun(one: &Value) -> Option<Report> {
    let arrived = one["success"].as_bool()?;
    Some(Report {
        receipt: one["biz_id"].as_str()?.to_owned(),
        ours: one["out_id"].as_str().and_then(|id| id.parse().ok()),
        fault: (!arrived).then(|| one["err_code"].as_str().unwrap_or("not delivered").to_owned()),
    })
}

/// Source: 短信 “短信下发状态通知”.
fn read_tencent(one: &Value) -> Option<Report> {
    let arrived = one["report_status"].as_str()? == "SUCCESS";
    Some(Report {
        receipt: one["sid"].as_str()?.to_owned(),
        ours: None,
        fault: (!arrived).then(|| one["errmsg"].as_str().unwrap_or("not delivered").to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_providers_reports_are_understood() {
        let aliyun = json!({ "success": false, "err_code": "UNDELIV", "biz_id": "b1", "out_id": "7" });
        let report = read_aliyun(&aliyun).unwrap();
        assert_eq!(
            (report.receipt.as_str(), report.ours.unwrap().raw(), report.fault.unwrap().as_str()),
            ("b1", 7, "UNDELIV")
        );
        let tencent = json!({ "report_status": "SUCCESS", "sid": "s1", "errmsg": "DELIVRD" });
        assert_eq!(read_tencent(&tencent).unwrap(), Report { receipt: "s1".into(), ours: None, fault: None });
        assert_eq!(read_tencent(&json!({})), None);
    }
}
