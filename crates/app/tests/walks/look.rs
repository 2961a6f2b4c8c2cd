//! Large letters, dark and English, as a guardian sets them.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::Browser;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_guardian_reads_in_large_letters_in_the_dark_and_in_english() {
    let product = Product::open().await;
    let child = product.world.students[0].to_string();
    let teacher = product.client(product.world.role(Role::ClassTeacher));
    let fields = [("child", child.as_str()), ("channel", "home_visit"), ("tone", "good"), ("note", "主动给同桌讲题")];
    assert!(teacher.post("/contacts", &fields).await.status.is_redirection());
    let phone = product.signed_in(Browser::phone().await, product.world.role(Role::Guardian)).await;
    product.served.open(&phone, "/home").await;
    phone.see("主动给同桌讲题").await;
    looked_at(&phone, "look-normal").await;
    phone.click_text("大字版").await;
    phone.see("换回普通字").await;
    looked_at(&phone, "look-elder").await;
    product.served.open(&phone, "/me").await;
    phone.see("显示").await;
    looked_at(&phone, "look-me-elder").await;
    phone.click_text("暗").await;
    comes(&phone, "zh-CN dark elder").await;
    product.served.open(&phone, "/home").await;
    phone.see("换回普通字").await;
    comes(&phone, "zh-CN dark elder").await;
    looked_at(&phone, "look-elder-dark").await;
    product.served.open(&phone, "/me").await;
    phone.click_text("English").await;
    phone.see("Display").await;
    looked_at(&phone, "look-me-elder-dark-en").await;
    for (path, words, name) in [
        ("/home".to_owned(), "Back to normal letters", "look-home-elder-dark-en"),
        (format!("/children/{child}"), "Who", "look-child-elder-dark-en"),
        (format!("/children/{child}/number"), "number", "look-number-elder-dark-en"),
        ("/me/consent".to_owned(), "agreed", "look-consent-elder-dark-en"),
    ] {
        product.served.open(&phone, &path).await;
        phone.see(words).await;
        comes(&phone, "en dark elder").await;
        looked_at(&phone, name).await;
    }
    product.served.open(&phone, "/home").await;
    phone.click_text("Back to normal letters").await;
    phone.see("Large letters").await;
    comes(&phone, "en dark ").await;
    looked_at(&phone, "look-home-dark-en").await;
    done(phone).await;
}

/// Language, theme and size of the page on screen.
async fn shown(phone: &Browser) -> String {
    let find = "const page = document.documentElement;
                return [page.lang, page.dataset.bsTheme, page.dataset.gySize || ''].join(' ');";
    // Between two pages there is nothing to ask.
    let found = phone.driver().execute(find, vec![]).await;
    found.ok().and_then(|found| found.json().as_str().map(str::to_owned)).unwrap_or_default()
}

/// Waits until the page is shown so.
async fn comes(phone: &Browser, wanted: &str) {
    for _ in 0..100 {
        if shown(phone).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} is shown as {}, not {wanted}", phone.url().await, shown(phone).await);
}
