//! A home visit in a real browser: offered by the teacher, accepted by the guardian, recorded with a
//! signature, confirmed by the family, followed up.

use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, House, World, base_features};

async fn served(house: &House) -> String {
    let router: Router = house.router().merge(gongyu_web::assets::router());
    let router = router.route("/", get(|| async { "云岭区" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

fn built() -> (House, World) {
    let mut features = base_features();
    features.extend([
        gongyu_parts::feature(),
        gongyu_deliver::feature(),
        gongyu_registry::account::feature(),
        gongyu_contact::contact_log::feature(),
        gongyu_contact::class_board::feature(),
        gongyu_contact::guardian_home::feature(),
        gongyu_contact::visit::feature(),
        gongyu_contact::visit::offline::feature(),
        gongyu_contact::calendar::feature(),
    ]);
    let house = House::new(Engine::Sqlite, features);
    let world = World::small(&house);
    (house, world)
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_visit_is_offered_accepted_recorded_signed_confirmed_and_followed_up() {
    let (house, world) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let teacher = Browser::phone().await;
    teacher.set_cookie(&origin, &world.role(Role::ClassTeacher).cookie()).await;
    for (path, name) in [
        ("/visits", "visits"),
        ("/visits/plan", "visit plan"),
        ("/visits/suggest", "visit suggest"),
        ("/agenda", "calendar"),
    ] {
        teacher.goto(&format!("{origin}{path}")).await;
        axe::assert_clean(&teacher, name).await;
        teacher.screenshot(&format!("visit-{}", name.replace(' ', "-"))).await;
    }
    teacher.goto(&format!("{origin}/visits/new?child={}", world.students[0])).await;
    teacher.see("陈语桐家").await;
    axe::assert_clean(&teacher, "new visit").await;
    teacher.click_text("记下").await;
    teacher.see("给家长提时间").await;
    axe::assert_clean(&teacher, "a visit").await;
    let visit = teacher.url().await;
    let number = visit.rsplit('/').next().unwrap().to_owned();
    teacher.fill("第一个时间", "2026-11-24T18:30").await;
    teacher.click_text("发给家长").await;
    teacher.see("等家长回话").await;

    let guardian = Browser::phone().await;
    guardian.set_cookie(&origin, &world.role(Role::Guardian).cookie()).await;
    guardian.goto(&format!("{origin}/home")).await;
    guardian.see("请您选个时间").await;
    guardian.click_text("选时间").await;
    guardian.see("您哪个时间方便").await;
    axe::assert_clean(&guardian, "family visit offered").await;
    guardian.screenshot("visit-family-offer").await;
    guardian.click_text("11月24日周二18:30").await;
    guardian.see("老师会到家里来").await;

    teacher.goto(&visit).await;
    teacher.see("约好了").await;
    teacher.goto(&format!("{visit}/record")).await;
    axe::assert_clean(&teacher, "visit record").await;
    teacher.screenshot("visit-record").await;
    teacher.fill("先说一件好事", "会帮同桌收书包").await;
    teacher.click_text("孩子").await;
    teacher.click_text("有书读").await;
    teacher.fill("做什么", "每晚一起读十分钟").await;
    teacher.click_text("写不了，打名字代替").await;
    teacher.fill("您的姓名", "林秀兰").await;
    teacher.click_text("是我本人，打的名字算我签的").await;
    teacher.click_text("保存").await;
    teacher.see("去过了").await;
    teacher.see("会帮同桌收书包").await;
    axe::assert_clean(&teacher, "a recorded visit").await;
    teacher.screenshot("visit-one").await;

    guardian.goto(&format!("{origin}/family/visits/{number}")).await;
    guardian.see("每晚一起读十分钟").await;
    axe::assert_clean(&guardian, "family visit recorded").await;
    guardian.click_text("是这么说好的").await;
    guardian.see("说好了").await;
    guardian.screenshot("visit-family-done").await;
    guardian.assert_quiet_console().await;
    guardian.quit().await;

    teacher.goto(&format!("{origin}/visits")).await;
    teacher.see("每晚一起读十分钟").await;
    teacher.click_text("办好了：每晚一起读十分钟").await;
    teacher.see("好，记下了").await;
    teacher.assert_quiet_console().await;
    teacher.quit().await;

    let pc = Browser::pc().await;
    pc.set_cookie(&origin, &world.role(Role::MoralDirector).cookie()).await;
    let school = format!("/schools/{}/visits", world.school);
    let class = format!("/classes/{}/visits", world.classes[0]);
    let one = format!("/visits/{number}");
    for (path, name) in
        [(school.as_str(), "figures"), (class.as_str(), "class-pc"), (one.as_str(), "one-pc"), ("/visits", "mine-pc")]
    {
        pc.goto(&format!("{origin}{path}")).await;
        axe::assert_clean(&pc, name).await;
        pc.screenshot(&format!("visit-{name}")).await;
    }
    pc.assert_quiet_console().await;
    pc.quit().await;
}
