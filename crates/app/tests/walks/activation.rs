//! A guardian opens the account with the contact card and sees the children.

use super::{Product, done, looked_at, refused};
use gongyu_access::Role;
use gongyu_registry::card;
use gongyu_store::sql;
use gongyu_testkit::browser::{Browser, Screen};
use gongyu_testkit::world::MOTHER_PHONE;

/// The small district's mother has an account already; hers is put aside, so that the card is her first time.
async fn first_time(product: &Product) {
    let mother = product.world.mother;
    product
        .house
        .db()
        .write(move |tx| {
            tx.exec(sql!("UPDATE account SET guardian_id = NULL WHERE guardian_id = $1"), &[&mother]).map(drop)
        })
        .await
        .expect("the account is put aside");
}

/// The class teacher has the card of the first pupil printed; its code.
async fn printed_code(product: &Product) -> String {
    let (class, child) = (product.world.classes[0], product.world.students[0]);
    let teacher = product.client(product.world.role(Role::ClassTeacher));
    let child_text = child.to_string();
    let seen = teacher.post(&format!("/classes/{class}/cards"), &[("which", "chosen"), ("s", &child_text)]).await;
    assert!(seen.bytes.starts_with(b"%PDF"), "the card is printed");
    let vault = product.house.app.vault.clone();
    let codes = product.house.db().read(move |r| card::codes_of(r, &vault, &[child])).await.expect("the codes");
    codes[&child].code.clone()
}

/// The six digits of the text message, read in the demo's outbox; back at the field for them.
async fn digits(product: &Product, phone: &Browser) -> String {
    product.run_jobs();
    phone.click_text("看演示区的短信").await;
    phone.see("您的验证码是").await;
    looked_at(phone, "activate-outbox").await;
    let text = phone.text().await;
    phone.click_text("返回").await;
    phone.see("看看手机短信").await;
    let rest = text.split("验证码是").nth(1).expect("a message with a code");
    rest.chars().take_while(char::is_ascii_digit).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_guardian_activates_by_contact_card_and_sees_the_children() {
    activate(Screen::Phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_guardian_at_a_pc_activates_by_contact_card_and_sees_the_children() {
    activate(Screen::Pc).await;
}

async fn activate(screen: Screen) {
    // In demo mode the text message is read on a page instead of a browser.
    let product = Product::with(|config| config.demo = true).await;
    first_time(&product).await;
    let code = printed_code(&product).await;
    let browser = Browser::open(screen).await;

    product.served.open(&browser, "/").await;
    browser.see("我是家长").await;
    looked_at(&browser, "activate-sign-in").await;
    product.served.open(&browser, &format!("/a/{code}")).await;
    browser.see("陈**同学").await;
    browser.not_see("陈语桐").await;
    looked_at(&browser, "activate-card").await;
    browser.fill("手机号", "1990000001").await;
    browser.click_text("发验证码给我").await;
    browser.see("还少1位").await;
    looked_at(&browser, "activate-phone-short").await;
    refused(&browser).await;
    browser.fill("手机号", MOTHER_PHONE).await;
    browser.click_text("发验证码给我").await;
    browser.see("看看手机短信").await;
    looked_at(&browser, "activate-code").await;

    let digits = digits(&product, &browser).await;
    let wrong = if digits == "000000" { "111111" } else { "000000" };
    browser.fill("短信里的6位数", wrong).await;
    browser.click_text("进去").await;
    browser.see("不对，请看最新的那条短信").await;
    looked_at(&browser, "activate-code-wrong").await;
    refused(&browser).await;
    browser.fill("短信里的6位数", &digits).await;
    browser.click_text("进去").await;

    browser.see("请先看这几件事").await;
    for words in ["陈语桐", "陈语乐", "不同意会怎样", "沈主任"] {
        browser.see(words).await;
    }
    looked_at(&browser, "activate-notice").await;
    browser.click_text("同意").await;
    browser.see("开通了，以后用手机号就能进来").await;
    for words in ["陈语桐", "陈语乐"] {
        browser.see(words).await;
    }
    looked_at(&browser, "activate-home").await;
    browser.click_text("陈语桐").await;
    browser.see("学校知道的家里人").await;
    browser.see("林秀兰").await;
    looked_at(&browser, "activate-child").await;

    product.served.open(&browser, "/me/consent").await;
    browser.see("我同意过的").await;
    looked_at(&browser, "activate-consents").await;
    done(browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_guardian_who_refuses_is_told_the_child_loses_nothing() {
    let product = Product::with(|config| config.demo = true).await;
    first_time(&product).await;
    let code = printed_code(&product).await;
    let phone = Browser::phone().await;
    product.served.open(&phone, &format!("/a/{code}")).await;
    phone.fill("手机号", MOTHER_PHONE).await;
    phone.click_text("发验证码给我").await;
    phone.see("看看手机短信").await;
    let digits = digits(&product, &phone).await;
    phone.fill("短信里的6位数", &digits).await;
    phone.click_text("进去").await;
    phone.see("请先看这几件事").await;
    phone.click_text("不同意").await;
    phone.see("孩子上学不受影响").await;
    looked_at(&phone, "activate-refused").await;
    let kept: i64 = product
        .house
        .db()
        .read(|r| r.scalar(sql!("SELECT COUNT(*) FROM account WHERE guardian_id IS NOT NULL"), &[]))
        .await
        .expect("a count");
    assert_eq!(kept, 0, "refusing keeps nothing");
    done(phone).await;
}
