//! In a real browser: a guardian writes with and without a name, a leader gives the letter out, the class
//! teacher answers, the leader approves, the guardian judges and has it taken up again.

use crate::stage::built;
use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, House, Person};

async fn served(house: &House) -> String {
    let router: Router = house.router().merge(gongyu_web::assets::router());
    let router = router.route("/", get(|| async { "云岭区" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

async fn signed_in(browser: Browser, origin: &str, person: &Person) -> Browser {
    browser.set_cookie(origin, &person.cookie()).await;
    browser
}

async fn look(browser: &Browser, address: &str, name: &str) {
    browser.goto(address).await;
    axe::assert_clean(browser, name).await;
    browser.screenshot(&format!("case-{}", name.replace(' ', "-"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_letter_is_written_given_out_answered_approved_judged_and_taken_up_again() {
    let (house, world) = tokio::task::spawn_blocking(|| built(Engine::Sqlite)).await.unwrap();
    let origin = served(&house).await;
    let at = |path: &str| format!("{origin}{path}");

    let guardian = signed_in(Browser::phone().await, &origin, world.role(Role::Guardian)).await;
    look(&guardian, &at("/mailbox"), "mailbox").await;
    guardian.click_text("写信").await;
    guardian.see("给校长写信").await;
    axe::assert_clean(&guardian, "write").await;
    guardian.click_text("石桥中心校").await;
    guardian.click_text("食堂饮食").await;
    guardian.fill("一句话说清是什么事", "食堂的菜偏咸").await;
    guardian.fill("详细说说", "这两周的菜偏咸，孩子回家总喝水。").await;
    guardian.screenshot("case-write").await;
    guardian.click_text("寄出").await;
    guardian.see("信寄出了").await;
    axe::assert_clean(&guardian, "my letter").await;
    let mine = guardian.url().await;
    let number = mine.rsplit('/').next().unwrap().to_owned();

    look(&guardian, &at("/letters/anonymous"), "anonymous").await;
    guardian.click_text("师德师风").await;
    guardian.fill("一句话说清是什么事", "老师说话难听").await;
    guardian.fill("详细说说", "有老师上课时说学生笨。").await;
    guardian.fill("学校", "石桥中心校").await;
    guardian.click_text("寄出").await;
    guardian.see("只显示这一次").await;
    axe::assert_clean(&guardian, "receipt").await;
    guardian.screenshot("case-receipt").await;
    look(&guardian, &at("/letters/follow"), "follow").await;

    let leader = signed_in(Browser::pc().await, &origin, world.role(Role::SchoolLeader)).await;
    look(&leader, &at("/cases"), "list pc").await;
    leader.not_see("老师说话难听").await;
    leader.click_text("食堂的菜偏咸").await;
    leader.see("交给谁办").await;
    leader.fill("交给谁办", "林老师").await;
    leader.click_text("交办").await;
    leader.see("好，交出去了").await;
    axe::assert_clean(&leader, "one pc").await;
    leader.screenshot("case-one-pc").await;

    let teacher = signed_in(Browser::phone().await, &origin, world.role(Role::ClassTeacher)).await;
    look(&teacher, &at("/cases"), "list phone").await;
    teacher.click_text("食堂的菜偏咸").await;
    teacher.see("写答复").await;
    axe::assert_clean(&teacher, "one phone").await;
    teacher.screenshot("case-one-phone").await;
    teacher.fill("给家长的答复", "谢谢您。食堂从明天起少放盐。").await;
    teacher.click_text("交审核").await;
    teacher.see("交给领导审核了").await;
    teacher.assert_quiet_console().await;
    teacher.quit().await;

    leader.goto(&at(&format!("/cases/{number}"))).await;
    axe::assert_clean(&leader, "approve").await;
    leader.click_text("同意，答复家长").await;
    leader.see("审核通过了").await;

    guardian.goto(&mine).await;
    guardian.see("少放盐").await;
    axe::assert_clean(&guardian, "answered").await;
    guardian.screenshot("case-answered").await;
    guardian.click_text("不满意").await;
    guardian.see("您可以请学校再办一次").await;
    guardian.click_text("请学校再办一次").await;
    guardian.fill("哪里还没解决", "还是咸").await;
    guardian.click_text("请再办一次").await;
    guardian.see("学校会再办一次").await;
    guardian.assert_quiet_console().await;
    for (path, name) in [("/reception", "book"), ("/answers", "answers")] {
        look(&guardian, &at(path), name).await;
    }
    guardian.quit().await;

    let school = format!("/schools/{}/cases", world.school);
    for (path, name) in [
        (school.as_str(), "figures"),
        ("/receptions", "receptions"),
        ("/cases/settings", "settings"),
        ("/cases/new?door=line", "log pc"),
    ] {
        look(&leader, &at(path), name).await;
    }
    leader.assert_quiet_console().await;
    leader.quit().await;
}
