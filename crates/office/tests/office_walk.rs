//! An officer in a browser: from the sentence on the district's page down to one child, and a rule changed.

use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, House, Served, World, base_features};
use gongyu_web::{App, assets, route::all_routes};

fn district() -> (House, World) {
    let mut features = base_features();
    features.extend([
        gongyu_parts::feature(),
        gongyu_registry::account::feature(),
        gongyu_office::dashboard::feature(),
        gongyu_office::school_home::feature(),
        gongyu_office::duties::feature(),
        gongyu_office::never_reached::feature(),
        gongyu_office::rules::feature(),
        gongyu_office::unreached::feature(),
        gongyu_deliver::feature(),
        gongyu_office::burden::feature(),
    ]);
    let house = House::new(Engine::Sqlite, features);
    let world = World::small(&house);
    (house, world)
}

/// The product's pages, with the two addresses at which a browser takes its cookie.
fn pages(app: App) -> Router {
    let ready = Router::new().route("/healthz", get(|| async { "ok" })).route("/", get(|| async { "home" }));
    all_routes(&app).into_router().with_state(app).merge(assets::router()).merge(ready)
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_from_the_district_to_one_child() {
    let (house, world) = tokio::task::spawn_blocking(district).await.unwrap();
    let app = house.app.clone();
    let served = Served::start(pages(app)).await;
    let browser = Browser::pc().await;
    served.sign_in(&browser, world.role(Role::DistrictOfficer)).await;
    served.open(&browser, "/district").await;
    browser.see("还有13名学生从未联系到").await;
    browser.screenshot("office-district").await;
    axe::assert_clean(&browser, "district").await;
    browser.click_text("石桥镇").await;
    browser.click_text("石桥中心校").await;
    browser.see("12名学生从未联系到").await;
    axe::assert_clean(&browser, "school reach").await;
    browser.click_text("三年级1班").await;
    browser.see("陈语桐").await;
    axe::assert_clean(&browser, "class reach").await;
    for (path, words) in [
        ("/never", "13名学生的家里从来没有联系到"),
        ("/duties", "家庭教育活动，每学期2次"),
        ("/rules", "职责规则"),
        ("/rules/R05", "存成新的一版"),
    ] {
        served.open(&browser, path).await;
        browser.see(words).await;
        browser.screenshot(&format!("office{}", path.replace('/', "-"))).await;
        axe::assert_clean(&browser, path).await;
    }
    browser.assert_quiet_console().await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_rule_is_looked_at_before_it_is_saved_and_what_it_all_costs() {
    let (house, world) = tokio::task::spawn_blocking(district).await.unwrap();
    let app = house.app.clone();
    let served = Served::start(pages(app.clone())).await;
    let browser = Browser::pc().await;
    served.sign_in(&browser, world.role(Role::DistrictOfficer)).await;
    served.open(&browser, "/rules/R05").await;
    browser.fill("要几次", "3").await;
    browser.click_text("先看看会怎样").await;
    browser.see("这样改，今天没有逾期的").await;
    browser.screenshot("office-rule-preview").await;
    axe::assert_clean(&browser, "rule preview").await;
    browser.click_text("回去再改").await;
    browser.see("存成新的一版").await;
    browser.click_text("先看看会怎样").await;
    browser.click_text("就这样保存").await;
    browser.see("第2版").await;
    // Every form told what it took: the page's own script, no message of its own.
    let taken = app.toll().take();
    assert!(taken.values().all(|cost| cost.timed == cost.forms && cost.taps > 0), "{taken:?}");
    assert_eq!(taken.values().map(|cost| cost.forms).sum::<i64>(), 3);
    served.open(&browser, "/burden").await;
    browser.see("怎么算的").await;
    browser.screenshot("office-burden").await;
    axe::assert_clean(&browser, "burden").await;
    browser.assert_quiet_console().await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_of_a_school_at_a_pc_and_in_a_narrow_window() {
    let (house, world) = tokio::task::spawn_blocking(district).await.unwrap();
    let app = house.app.clone();
    let served = Served::start(pages(app)).await;
    let browser = Browser::pc().await;
    served.sign_in(&browser, world.role(Role::MoralDirector)).await;
    served.open(&browser, "/school").await;
    browser.see("12名学生从未联系到").await;
    browser.screenshot("office-school").await;
    axe::assert_clean(&browser, "school").await;
    browser.click_text("家庭教育活动，每学期2次").await;
    browser.see("还差2次").await;
    axe::assert_clean(&browser, "duty").await;
    browser.quit().await;
    let narrow = Browser::phone().await;
    served.sign_in(&narrow, world.role(Role::DistrictOfficer)).await;
    served.open(&narrow, "/district").await;
    narrow.see("还有13名学生从未联系到").await;
    narrow.screenshot("office-district-narrow").await;
    axe::assert_clean(&narrow, "district, narrow").await;
    narrow.quit().await;
}
