//! Setting up channels and choosing one's own, in a real browser: the district's keeper on a PC, a guardian on a phone.

use gongyu_access::Role;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::served::Served;
use gongyu_testkit::{Engine, House, World, axe, base_features};
use gongyu_web::route::all_routes;

async fn town() -> (House, World, Served) {
    let (house, world) = tokio::task::spawn_blocking(|| {
        let mut features = base_features();
        features.extend([gongyu_registry::account::feature(), gongyu_deliver::feature()]);
        let house = House::new(Engine::Sqlite, features);
        let world = World::small(&house);
        (house, world)
    })
    .await
    .expect("a house");
    let router = all_routes(&house.app).into_router().with_state(house.app.clone());
    let router = router.merge(gongyu_web::assets::router());
    let router =
        ["/", "/healthz"].into_iter().fold(router, |r, at| r.route(at, axum::routing::get(|| async { "云岭区" })));
    let served = Served::start(router).await;
    (house, world, served)
}

async fn looked_at(browser: &Browser, name: &str) {
    axe::assert_clean(browser, name).await;
    browser.screenshot(&format!("deliver-{name}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_the_keeper_of_the_district_sets_up_a_channel() {
    let (_house, world, served) = town().await;
    let pc = Browser::pc().await;
    served.sign_in(&pc, world.role(Role::DistrictAdmin)).await;
    served.open(&pc, "/delivery").await;
    pc.see("各个通道").await;
    looked_at(&pc, "overview").await;
    for way in ["sms", "wechat", "wecom", "email", "push"] {
        served.open(&pc, &format!("/delivery/{way}")).await;
        looked_at(&pc, way).await;
    }
    served.open(&pc, "/delivery/wechat").await;
    pc.fill("AppID", "wx0123456789abcdef").await;
    pc.fill("消息加解密密钥", "too-short").await;
    pc.click_text("保存").await;
    pc.see("要43位字母和数字").await;
    pc.fill("消息加解密密钥", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").await;
    pc.click_text("保存").await;
    pc.see("存好了").await;
    served.open(&pc, "/delivery/rules").await;
    looked_at(&pc, "rules").await;
    pc.fill("汇总在", "22:00").await;
    pc.click_text("保存").await;
    pc.see("汇总的时间落在安静时段里了").await;
    pc.fill("汇总在", "18:30").await;
    pc.click_text("保存").await;
    pc.see("18:30").await;
    pc.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_guardian_chooses_how_she_is_told_and_reads_her_inbox() {
    let (_house, world, served) = town().await;
    let phone = Browser::phone().await;
    served.sign_in(&phone, world.role(Role::Guardian)).await;
    served.open(&phone, "/me/channels").await;
    phone.see("用哪些方式").await;
    looked_at(&phone, "mine").await;
    phone.click_text("汇总成一条").await;
    phone.click_text("我自己的安静时段").await;
    phone.click_text("保存").await;
    phone.see("存好了，以后就这样告诉您").await;
    served.open(&phone, "/me/channels/email").await;
    looked_at(&phone, "email").await;
    served.open(&phone, "/inbox").await;
    phone.see("还没有消息").await;
    looked_at(&phone, "inbox-empty").await;
    phone.quit().await;
}
