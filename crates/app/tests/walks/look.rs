//! Large letters, dark and English, as a guardian sets them.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::Browser;

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
    product.served.open(&phone, "/home").await;
    phone.see("换回普通字").await;
    assert_eq!(shown(&phone).await, "zh-CN dark elder");
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
        assert_eq!(shown(&phone).await, "en dark elder", "{path}");
        looked_at(&phone, name).await;
    }
    product.served.open(&phone, "/home").await;
    phone.click_text("Back to normal letters").await;
    phone.see("Large letters").await;
    assert_eq!(shown(&phone).await, "en dark ");
    looked_at(&phone, "look-home-dark-en").await;
    done(phone).await;
}

/// Language, theme and size of the page on screen.
async fn shown(phone: &Browser) -> String {
    let find = "const page = document.documentElement;
                return [page.lang, page.dataset.bsTheme, page.dataset.gySize || ''].join(' ');";
    let found = phone.driver().execute(find, vec![]).await.expect("a page is on screen");
    found.json().as_str().unwrap_or_default().to_owned()
}
