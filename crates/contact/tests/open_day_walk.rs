//! An open day in real browsers: the school prepares it at a PC, families book on phones, one waits and is offered
//! places, a teacher stands at the door while the network breaks, a family speaks of it.

use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_contact::open_day;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, House, Line, Person, World, base_features};

fn built() -> (House, World, Person) {
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
        gongyu_contact::notice::feature(),
        gongyu_contact::calendar::feature(),
        open_day::feature(),
    ]);
    let house = House::new(Engine::Sqlite, features);
    let world = World::small(&house);
    let child = world.students[1];
    let other = house
        .db()
        .write_wait(move |tx| {
            let tie = gongyu_registry::people::guardians_of(tx, child)?.remove(0);
            gongyu_testkit::people::signed_in_guardian(tx, tie.guardian, &tie.name)
        })
        .unwrap();
    (house, world, other)
}

async fn served(house: &House) -> String {
    let router: Router = house.router().merge(gongyu_web::assets::router());
    let router = router.route("/", get(|| async { "云岭区" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

async fn clean(browser: &Browser, name: &str) {
    axe::assert_clean(browser, name).await;
    browser.screenshot(&format!("open-day-{name}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_open_day_is_prepared_booked_waited_for_held_and_spoken_of() {
    let (house, world, other) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let school = Browser::pc().await;
    school.set_cookie(&origin, &world.role(Role::MoralDirector).cookie()).await;
    school.goto(&format!("{origin}/open-days")).await;
    clean(&school, "none").await;
    school.goto(&format!("{origin}/open-days/new")).await;
    clean(&school, "new").await;
    school.fill("名称", "秋季开放日").await;
    school.fill("日子", "2026-11-25").await;
    school.fill("预约截止", "2026-11-25T08:00").await;
    school.click_text("保存").await;
    school.see("接着加场次").await;
    let page = school.url().await;
    school.goto(&format!("{page}/sessions")).await;
    clean(&school, "session").await;
    school.fill("内容", "语文公开课").await;
    school.fill("开始", "14:00").await;
    school.fill("结束", "14:40").await;
    school.fill("位置", "1").await;
    school.click_text("保存").await;
    school.see("加好了").await;
    school.click_text("发布").await;
    school.see("家长现在能看到").await;
    clean(&school, "published").await;

    let mother = Browser::phone().await;
    mother.set_cookie(&origin, &world.role(Role::Guardian).cookie()).await;
    mother.goto(&format!("{origin}/home")).await;
    mother.click_text("学校请您来：秋季开放日").await;
    clean(&mother, "family").await;
    mother.click_text("语文公开课").await;
    mother.click_text("预约").await;
    mother.see("约好了").await;
    clean(&mother, "ticket").await;
    let first = mother.url().await;

    let second = Browser::phone().await;
    second.set_cookie(&origin, &other.cookie()).await;
    second.goto(&format!("{origin}/family/open-days")).await;
    clean(&second, "families").await;
    second.click_text("秋季开放日").await;
    second.click_text("语文公开课").await;
    second.click_text("预约").await;
    second.see("为什么还没轮到").await;
    second.see("您家排在最前面").await;
    clean(&second, "waiting").await;

    mother.goto(&first).await;
    mother.click_text("去不了，退掉").await;
    mother.see("退掉这一场").await;
    mother.click_text("退掉").await;
    mother.see("退掉了").await;
    second.goto(&format!("{origin}/home")).await;
    second.click_text("看看").await;
    second.see("给您家留了位置").await;
    clean(&second, "offered").await;
    second.click_text("要").await;
    second.see("到门口给老师扫").await;

    house.days_pass(2);
    house
        .db()
        .write(|tx| {
            let now = tx.now();
            let until = now.plus_days(1);
            tx.exec(gongyu_store::sql!("UPDATE session SET last_seen_at = $1, expires_at = $2"), &[&now, &until])
        })
        .await
        .unwrap();
    let line = Line::to(&origin).await;
    let teacher = Browser::phone().await;
    teacher.set_cookie(&line.origin, &world.role(Role::ClassTeacher).cookie()).await;
    let door = format!("{}{}/door", line.origin, page.trim_start_matches(&origin));
    teacher.goto(&door).await;
    clean(&teacher, "door").await;
    let ticket = {
        let guardian = other.guardian.unwrap();
        let sql = gongyu_store::sql!("SELECT ticket FROM open_party WHERE guardian_id = $1");
        house.db().read(move |r| r.scalar::<String>(sql, &[&guardian])).await.unwrap()
    };
    // The list is on the phone; the network breaks; the ticket is read all the same.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    line.cut();
    teacher.fill("码下面的字", &ticket).await;
    teacher.click_text("签到").await;
    teacher.see("先记在这部手机上： 家长周子涵").await;
    line.mend();
    teacher.driver().execute("window.dispatchEvent(new Event('online'))", vec![]).await.unwrap();
    teacher.see("没网时记的都送到了").await;
    teacher.goto(&door).await;
    teacher.see("到了1家").await;
    clean(&teacher, "door-came").await;
    teacher.goto(&door.replace("/door", "/walk-in")).await;
    clean(&teacher, "walk-in").await;

    second.goto(&format!("{origin}/home")).await;
    second.click_text("说说“秋季开放日”，一分钟").await;
    second.see("不显示您的名字").await;
    clean(&second, "feedback").await;
    second.click_text("满意").await;
    second.click_text("发给学校").await;
    second.see("学校会看到").await;
    school.goto(&page).await;
    clean(&school, "held").await;
    school.goto(&format!("{page}/people")).await;
    clean(&school, "people").await;
    school.goto(&format!("{page}/edit")).await;
    clean(&school, "edit").await;
}
