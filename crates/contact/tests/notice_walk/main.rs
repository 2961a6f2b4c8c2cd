//! A notice in real browsers: a teacher at a PC, a guardian with two children in one class on a phone; a school and the
//! district with what they may do after sending.

mod roles;
mod stage;

use gongyu_access::Role;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Client, House, Person};
use stage::{built, router, served, signed_in};

/// Sends a notice that asks a question and a signature, without a browser; gives its path.
async fn sent_with_questions(house: &House, teacher: &Person) -> String {
    let client = Client::of(router(house), teacher);
    let fields = [
        ("key", "walk"),
        ("whole", "1"),
        ("title", "请签好防溺水承诺书"),
        ("body", "不私自下水。"),
        ("kind", "answer"),
        ("q0_ask", "放学怎么走"),
        ("q0_kind", "one"),
        ("q0_choices", "家长接\n自己走"),
        ("q0_must", "on"),
        ("q1_ask", "家长签名"),
        ("q1_kind", "signature"),
        ("q1_must", "on"),
        ("act", "next"),
    ];
    let send = client.upload("/notices/new", ("attachment_file", "", b""), &fields).await.location.unwrap();
    let families = client.get(&send).await.attr("input[name=families]", "value").unwrap();
    let sent = client.post(&send, &[("families", &families)]).await;
    sent.location.unwrap()
}

const DRAW: &str = "const c = document.querySelector('[data-sign] canvas'); c.scrollIntoView();
    const r = c.getBoundingClientRect();
    const at = (type, x, y) => c.dispatchEvent(new PointerEvent(type, { pointerId: 7, pointerType: 'touch',
        clientX: r.left + x, clientY: r.top + y, bubbles: true, cancelable: true }));
    at('pointerdown', 40, 60); for (let i = 1; i < 30; i += 1) at('pointermove', 40 + i * 6, 60 + 30 * Math.sin(i / 4));
    at('pointerup', 220, 60); at('pointerdown', 120, 40); at('pointermove', 130, 130); at('pointerup', 130, 130);
    return document.querySelector('[data-sign-value]').value;";

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_teacher_sends_a_family_confirms_and_the_count_moves_by_itself() {
    let (house, world) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let pc = Browser::pc().await;
    signed_in(&pc, &origin, world.role(Role::ClassTeacher)).await;
    pc.goto(&format!("{origin}/notices")).await;
    pc.see("还没有发过通知").await;
    axe::assert_clean(&pc, "no notices").await;
    pc.goto(&format!("{origin}/notices/new")).await;
    pc.see("会送到").await;
    axe::assert_clean(&pc, "composer").await;
    pc.fill("标题", "周五去植物园：穿校服，带水杯").await;
    pc.fill("内容", "早上**8:10**校门口集合，下午4:30回校。\n\n- 水杯\n- 雨具").await;
    pc.click_text("看样子").await;
    pc.screenshot("notice-composer-pc").await;
    pc.click_text("下一步，核对").await;
    pc.see("家长看到的样子").await;
    axe::assert_clean(&pc, "check before sending").await;
    pc.screenshot("notice-check-pc").await;
    pc.click_text("发给5户").await;
    pc.see("6名学生，0名的家长确认了").await;
    axe::assert_clean(&pc, "report").await;

    let phone = Browser::phone().await;
    signed_in(&phone, &origin, world.role(Role::Guardian)).await;
    phone.goto(&format!("{origin}/notices")).await;
    phone.see("有1条等您回").await;
    phone.see("陈语桐、周子涵的通知").await;
    axe::assert_clean(&phone, "inbox").await;
    phone.screenshot("notice-inbox-phone").await;
    phone.click_text("打开看").await;
    phone.see("听全文").await;
    axe::assert_clean(&phone, "one notice").await;
    phone.screenshot("notice-one-phone").await;
    phone.click_text("看过了，确认（陈语桐、周子涵）").await;
    phone.see("您已确认").await;

    // The teacher has not touched the page.
    pc.see("6名学生，2名的家长确认了").await;
    pc.screenshot("notice-report-pc").await;
    pc.click_text("提醒没看的4名").await;
    pc.see("提醒这4名学生的家长？").await;
    pc.click_text("现在提醒").await;
    pc.see("提醒发出了").await;
    pc.click_text("看名单").await;
    pc.see("何俊熙").await;
    axe::assert_clean(&pc, "families").await;
    pc.screenshot("notice-families-pc").await;
    pc.assert_quiet_console().await;
    pc.quit().await;

    let teacher = Browser::phone().await;
    signed_in(&teacher, &origin, world.role(Role::ClassTeacher)).await;
    teacher.goto(&format!("{origin}/notices")).await;
    teacher.see("周五去植物园").await;
    axe::assert_clean(&teacher, "notices on a phone").await;
    teacher.screenshot("notice-list-phone").await;
    teacher.click_text("周五去植物园：穿校服，带水杯").await;
    teacher.see("看名单").await;
    axe::assert_clean(&teacher, "report on a phone").await;
    teacher.screenshot("notice-report-phone").await;
    teacher.click_text("看名单").await;
    teacher.see("打通了").await;
    axe::assert_clean(&teacher, "families on a phone").await;
    teacher.screenshot("notice-families-phone").await;
    teacher.click_text("打通了").await;
    teacher.see("记好了，电话说过了").await;
    teacher.goto(&format!("{origin}/notices/new")).await;
    teacher.see("会送到").await;
    axe::assert_clean(&teacher, "composer on a phone").await;
    teacher.screenshot("notice-composer-phone").await;
    teacher.assert_quiet_console().await;
    teacher.quit().await;

    let path = sent_with_questions(&house, world.role(Role::ClassTeacher)).await;
    phone.goto(&format!("{origin}{path}")).await;
    phone.see("请为").await;
    axe::assert_clean(&phone, "questions").await;
    phone.click_text("家长接").await;
    let drawn = phone.driver().execute(DRAW, vec![]).await.unwrap();
    assert!(drawn.json().as_str().is_some_and(|s| s.contains("\"s\":[[")), "{:?}", drawn.json());
    phone.screenshot("notice-answer-phone").await;
    phone.click_text("提交回答").await;
    phone.see("答好了，截止前还可以改").await;
    phone.see("请为").await;
    phone.assert_quiet_console().await;
    phone.quit().await;
}
