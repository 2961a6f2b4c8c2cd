//! The pages of a district's start, the turn of the year and the calendar, walked in a browser.

use gongyu_access::Role;
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::{account, org, rollover, year};
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Client, Engine, House, Served, World, axe, base_features};
use gongyu_web::{assets, route::all_routes};

fn workbook() -> Vec<u8> {
    let heads = ["*单位类型", "*单位名称", "单位代码", "办学类型", "所属镇街", "城乡", "办公电话"];
    let columns: Vec<Column> = heads.iter().map(|h| Column::new(*h, 12.0, ColumnKind::Text)).collect();
    let rows = [
        ["镇街", "云溪镇", "", "", "", "乡村", ""],
        ["小学", "云溪小学", "5001990011", "", "云溪镇", "", "023-61230000"],
        ["小学", "麻柳小学", "50019900", "", "石桥", "", ""],
    ];
    let rows = rows.iter().map(|row| row.iter().map(|cell| Value::from(*cell)).collect());
    Book::new().sheet("单位").columns(&columns).rows(rows).finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_a_districts_start() {
    let (house, world) = tokio::task::spawn_blocking(|| {
        let mut features = base_features();
        features.extend([account::feature(), org::feature(), rollover::feature(), year::feature()]);
        let house = House::new(Engine::Sqlite, features);
        let world = World::small(&house);
        (house, world)
    })
    .await
    .unwrap();
    let app = house.app.clone();
    let routes = all_routes(&app).into_router().with_state(app.clone());
    let admin = Client::of(routes.clone(), world.role(Role::DistrictAdmin));
    let batch = admin.upload("/org/import", ("file", "start.xlsx", &workbook()), &[]).await.location.unwrap();
    let house = tokio::task::spawn_blocking(move || {
        house.run_jobs();
        house
    })
    .await
    .unwrap();
    let healthy = axum::Router::new()
        .route("/healthz", axum::routing::get(|| async { "ok" }))
        .route("/", axum::routing::get(|| async { "home" }));
    let served = Served::start(routes.merge(assets::router()).merge(healthy)).await;
    let pc = Browser::pc().await;
    served.sign_in(&pc, world.role(Role::DistrictAdmin)).await;
    let (school, preview) = (format!("/org/{}", world.school), batch.clone());
    let turn = format!("/rollover/{}", world.school);
    for (path, words, picture) in [
        ("/org", "石桥中心校", "org-list"),
        (school.as_str(), "林老师", "org-unit"),
        ("/org/import", "下载模板", "org-import"),
        (preview.as_str(), "是不是石桥镇", "org-preview"),
        ("/rollover", "还没办", "rollover-list"),
        (turn.as_str(), "三年级1班", "rollover-school"),
        ("/calendar?year=2026", "第一学期", "calendar-pc"),
        ("/calendar/edit?year=2026", "学期日期", "calendar-edit"),
        ("/calendar/count?from=2026-09-30&n=3", "10月10日", "calendar-count"),
    ] {
        served.open(&pc, path).await;
        pc.see(words).await;
        axe::assert_clean(&pc, path).await;
        pc.screenshot(picture).await;
    }
    pc.quit().await;
    let phone = Browser::phone().await;
    served.open(&phone, "/join?login=5001990011-0001").await;
    phone.see("第一次登录").await;
    axe::assert_clean(&phone, "/join").await;
    phone.screenshot("org-join").await;
    served.sign_in(&phone, world.role(Role::ClassTeacher)).await;
    served.open(&phone, "/calendar?year=2026").await;
    phone.see("第一学期").await;
    axe::assert_clean(&phone, "/calendar").await;
    phone.screenshot("calendar-phone").await;
    phone.quit().await;
    drop(house);
}
