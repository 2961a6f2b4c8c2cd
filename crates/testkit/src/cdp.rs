//! What only the browser's own protocol can do: a device without a network, with a wrong clock, a tab that dies.

use crate::browser::Browser;
use crate::chromedriver;
use serde_json::{Value, json};
use thirtyfour::session::http::{Body, HttpClient};

impl Browser {
    /// Runs a command of the Chrome DevTools Protocol in the tab on screen.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn cdp(&self, command: &str, params: Value) -> Value {
        let session = self.driver().handle().session_id().to_string();
        let uri = format!("{}/session/{session}/goog/cdp/execute", chromedriver::url().trim_end_matches('/'));
        let body = json!({ "cmd": command, "params": params });
        let request = http::Request::post(uri).body(Body::Json(&body)).expect("a request");
        let answer = chromedriver::Loopback.send(request).await.unwrap_or_else(|e| panic!("{command}: {e}"));
        let told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        assert!(answer.status().is_success(), "{command}: {told}");
        told["value"].clone()
    }

    /// Tells the tab on screen that the device has no network, or has it again.
    pub async fn airplane(&self, on: bool) {
        self.cdp("Network.enable", json!({})).await;
        let params = json!({ "offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.cdp("Network.emulateNetworkConditions", params).await;
    }

    /// From the next page on, the device's clock is wrong by so many seconds.
    pub async fn wrong_clock(&self, seconds: i64) {
        let script = format!(
            "(() => {{ const by = {seconds} * 1000, Right = Date;
               class Wrong extends Right {{
                 constructor(...at) {{ if (at.length) super(...at); else super(Right.now() + by); }}
                 static now() {{ return Right.now() + by; }}
               }}
               Date = Wrong; }})()"
        );
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// The tab on screen dies as when a phone takes back its memory: no page hears of it. A fresh one takes its place.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn kill_tab(&self) {
        let dead = self.cdp("Target.getTargetInfo", json!({})).await["targetInfo"]["targetId"].clone();
        let fresh = self.driver().new_tab().await.expect("a new tab");
        self.driver().switch_to_window(fresh).await.expect("the new tab");
        self.cdp("Target.closeTarget", json!({ "targetId": dead })).await;
    }
}
