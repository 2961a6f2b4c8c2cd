//! The browser and axe do what walks rely on.

use gongyu_testkit::axe;
use gongyu_testkit::browser::{Browser, Screen};

/// A page of its own, without a server.
fn page(body: &str) -> String {
    let html = format!(
        "<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>云岭区</title>\
         <meta name='viewport' content='width=device-width'></head><body><main>{body}</main></body></html>"
    );
    let encoded: String = html.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("data:text/html;charset=utf-8,{encoded}")
}

#[tokio::test]
async fn a_walk_reads_fills_and_clicks_by_the_words_on_the_screen() {
    let browser = Browser::pc().await;
    browser
        .goto(&page(
            "<h1>联系记录</h1><label for='n'>姓名 *</label><input id='n'>\
             <label>班级 <select id='c'><option value='1'>一班</option><option value='2'>二班</option></select></label>\
             <label>日期 <input id='d' type='date'></label><p id='out'></p>\
             <button onclick=\"setTimeout(() => out.textContent = [n.value, c.value, d.value].join('|'), 200)\">保存</button>",
        ))
        .await;
    browser.see("联系记录").await;
    browser.fill("姓名", "阿依古丽·买买提𠮷").await;
    browser.fill("班级", "二班").await;
    browser.fill("日期", "2026-11-23").await;
    browser.click_text("保存").await;
    browser.see("阿依古丽·买买提𠮷|2|2026-11-23").await;
    browser.not_see("尚未保存").await;
    browser.assert_quiet_console().await;
    browser.quit().await;
}

#[tokio::test]
async fn a_walk_on_either_screen_has_its_size_and_leaves_a_picture() {
    for (screen, width, touch) in [(Screen::Phone, 390, true), (Screen::Pc, 1440, false)] {
        let browser = Browser::open(screen).await;
        browser.goto(&page("<h1>云岭区</h1>")).await;
        let script = "return [innerWidth, navigator.maxTouchPoints > 0, navigator.language]";
        let seen = browser.driver().execute(script, vec![]).await.expect("an answer");
        assert_eq!(seen.json(), &serde_json::json!([width, touch, "zh-CN"]));
        let picture = browser.screenshot(&format!("testkit-{width}")).await;
        assert!(std::fs::metadata(picture).expect("a picture").len() > 1000);
        browser.quit().await;
    }
}

#[tokio::test]
async fn a_walk_hears_of_errors_in_the_console() {
    let browser = Browser::phone().await;
    browser.goto(&page("<p>家长</p><script>throw new Error('boom')</script>")).await;
    let errors = browser.console_errors().await;
    assert!(errors.iter().any(|error| error.contains("boom")), "{errors:?}");
    browser.assert_quiet_console().await;
    browser.quit().await;
}

#[tokio::test]
async fn a_walk_is_told_by_axe_of_a_picture_without_words_and_of_nothing_on_a_clean_page() {
    let browser = Browser::phone().await;
    browser.goto(&page("<h1>云岭区</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")).await;
    let found = axe::violations(&browser).await;
    assert!(found.iter().any(|violation| violation.id == "image-alt"), "{found:?}");
    browser.goto(&page("<h1>云岭区</h1><p>您好</p>")).await;
    axe::assert_clean(&browser, "clean").await;
    browser.quit().await;
}
