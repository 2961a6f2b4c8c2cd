//! A class teacher on a phone and a guardian, in a real browser.

use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_ledger::question;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, House, Person, World, base_features};

/// Serves the contact room on this machine only and gives its address.
async fn served(house: &House) -> String {
    let router: Router = house.router().merge(gongyu_web::assets::router());
    // A browser takes cookies only for a page it is on.
    let router = router.route("/", get(|| async { "云岭区" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

fn built() -> (House, World) {
    let mut features = base_features();
    features.extend([
        gongyu_deliver::feature(),
        gongyu_contact::contact_log::feature(),
        gongyu_contact::class_board::feature(),
        gongyu_contact::guardian_home::feature(),
        gongyu_contact::act_record::feature(),
        gongyu_contact::sampled::feature(),
    ]);
    let house = House::new(Engine::Sqlite, features);
    let world = World::small(&house);
    house.db().write_wait(|tx| question::keep_settings(tx, question::Settings { percent: 100 })).unwrap();
    (house, world)
}

async fn signed_in(browser: &Browser, origin: &str, person: &Person) {
    browser.set_cookie(origin, &person.cookie()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_teacher_logs_a_contact_in_three_taps_and_the_family_reads_the_good_news() {
    let (house, world) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let phone = Browser::phone().await;
    signed_in(&phone, &origin, world.role(Role::ClassTeacher)).await;
    phone.goto(&format!("{origin}/class")).await;
    phone.see("没联系过").await;
    axe::assert_clean(&phone, "class board").await;
    phone.screenshot("contact-board-phone").await;
    phone.click_text("陈语桐").await;
    phone.see("怎么联系的").await;
    axe::assert_clean(&phone, "contact sheet").await;
    phone.screenshot("contact-sheet-phone").await;
    phone.fill("补一句，可不填", "数学课上主动给同桌讲题").await;
    phone.click_text("好消息").await;
    phone.see("记好了，10秒内可以撤销").await;
    phone.see("补一句").await;
    phone.screenshot("contact-saved-phone").await;
    let pages =
        [("/class/log", "contact form"), ("/class/balance", "balance"), ("/acts", "acts"), ("/acts/new", "new act")];
    for (path, name) in pages {
        phone.goto(&format!("{origin}{path}")).await;
        axe::assert_clean(&phone, name).await;
        phone.screenshot(&format!("contact-{}-phone", name.replace(' ', "-"))).await;
    }
    let child = world.students[0];
    phone.goto(&format!("{origin}/students/{child}/contacts")).await;
    phone.see("数学课上主动给同桌讲题").await;
    axe::assert_clean(&phone, "contacts of a child").await;
    phone.screenshot("contact-child-phone").await;
    phone.assert_quiet_console().await;
    phone.quit().await;

    // The night draws among the contacts of the day.
    let app = house.app.clone();
    house.clock.advance_seconds(600);
    tokio::task::spawn_blocking(move || question::draw_job(&app.db, 7)).await.unwrap().unwrap();

    let guardian = Browser::phone().await;
    signed_in(&guardian, &origin, world.role(Role::Guardian)).await;
    guardian.goto(&format!("{origin}/home")).await;
    guardian.see("数学课上主动给同桌讲题").await;
    axe::assert_clean(&guardian, "guardian home").await;
    guardian.screenshot("contact-home-phone").await;
    guardian.click_text("有这回事").await;
    guardian.see("今天没有要您办的事").await;
    for path in [format!("/children/{child}"), format!("/children/{child}/number")] {
        guardian.goto(&format!("{origin}{path}")).await;
        axe::assert_clean(&guardian, &path).await;
        guardian.screenshot(&format!("contact-guardian-{}", path.rsplit('/').next().unwrap_or_default())).await;
    }
    guardian.assert_quiet_console().await;
    guardian.quit().await;

    let pc = Browser::pc().await;
    signed_in(&pc, &origin, world.role(Role::ClassTeacher)).await;
    for (path, name) in [("/class", "board-pc"), ("/class/balance", "balance-pc"), ("/acts", "acts-pc")] {
        pc.goto(&format!("{origin}{path}")).await;
        axe::assert_clean(&pc, name).await;
        pc.screenshot(&format!("contact-{name}")).await;
    }
    pc.assert_quiet_console().await;
    pc.quit().await;
}
