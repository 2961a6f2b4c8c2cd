//! The whole way in browsers: the class teacher on a phone, the school and the town at a PC, the village worker
//! on a phone at the door.

use super::Stage;
use axum::Router;
use axum::routing::get;
use gongyu_access::Role;
use gongyu_office::unreached::model::State;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;
use gongyu_testkit::{Engine, Person, Served};
use gongyu_web::{App, assets, route::all_routes};

fn pages(app: App) -> Router {
    let ready = Router::new().route("/healthz", get(|| async { "ok" })).route("/", get(|| async { "home" }));
    all_routes(&app).into_router().with_state(app).merge(assets::router()).merge(ready)
}

async fn looked_at(browser: &Browser, name: &str) {
    browser.screenshot(&format!("unreached-{name}")).await;
    axe::assert_clean(browser, name).await;
}

async fn done(browser: Browser) {
    browser.assert_quiet_console().await;
    browser.quit().await;
}

struct Walk {
    stage: Stage,
    served: Served,
}

impl Walk {
    async fn open(&self, browser: Browser, person: &Person, path: &str) -> Browser {
        self.served.sign_in(&browser, person).await;
        self.served.open(&browser, path).await;
        browser
    }
}

async fn hand(browser: &Browser, words: &str) {
    browser.fill("试过什么，想请对方做什么", words).await;
    browser.click_text("交出去").await;
    browser.see("陈语桐交出去了").await;
}

/// The stage holds a runtime of its own, which is not dropped inside another.
#[test]
fn walk_from_the_class_teacher_to_the_door_and_closed() {
    let stage = Stage::open(Engine::Sqlite);
    stage.siblings();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let served = Served::start(pages(stage.house.app.clone())).await;
        let walk = Walk { stage, served };
        steps(&walk).await;
        let task = tokio::task::block_in_place(|| walk.stage.task(walk.stage.student(0)));
        assert_eq!(task.state, State::Reached);
        tokio::task::block_in_place(|| drop(walk));
    });
}

async fn steps(walk: &Walk) {
    let s = &walk.stage;
    let teacher = walk.open(Browser::phone().await, s.teacher(), "/unreached").await;
    teacher.see("6名学生的家里还没联系到").await;
    looked_at(&teacher, "teacher-list").await;
    teacher.click_text("陈语桐").await;
    teacher.see("兄弟姐妹").await;
    teacher.see("周子涵").await;
    looked_at(&teacher, "teacher-one").await;
    teacher.click_text("号码打不通").await;
    hand(&teacher, "三个晚上打了四次没人接，请学校想想办法").await;
    done(teacher).await;

    let school = walk.open(Browser::pc().await, s.director(), "/school").await;
    school.see("2名学生的家里没联系到，等您跟进").await;
    looked_at(&school, "school-home").await;
    school.click_text("2名学生的家里没联系到，等您跟进").await;
    school.see("在谁手里").await;
    looked_at(&school, "school-list").await;
    school.click_text("陈语桐").await;
    school.see("三个晚上打了四次没人接").await;
    looked_at(&school, "school-one").await;
    hand(&school, "档案里的号码都试过，请镇上帮忙找人").await;
    done(school).await;

    let town = walk.open(Browser::pc().await, s.officer(), "/town").await;
    town.see("2名学生的家里没联系到，等您跟进").await;
    looked_at(&town, "town-home").await;
    town.click_text("2名学生的家里没联系到，等您跟进").await;
    town.see("姓名不显示").await;
    looked_at(&town, "town-list").await;
    town.click_text("陈语桐").await;
    town.see("请镇上帮忙找人").await;
    looked_at(&town, "town-one").await;
    town.fill("交给哪个村（社区）", &s.village.to_string()).await;
    hand(&town, "请上门看看家里还有谁，问个能打通的号码").await;
    done(town).await;

    let worker = walk.open(Browser::phone().await, &s.worker, "/unreached").await;
    worker.see("1家要上门问一问").await;
    looked_at(&worker, "worker-list").await;
    worker.click_text("陈语桐、周子涵").await;
    worker.see("请上门看看家里还有谁").await;
    worker.not_see("三年级").await;
    worker.click_text("看地址").await;
    worker.see("石桥镇向阳路1号").await;
    looked_at(&worker, "worker-errand").await;
    worker.click_text("母亲 林秀兰").await;
    worker.fill("说了什么", "白天都在地里，晚上七点后能接电话").await;
    worker.click_text("记下，办结").await;
    worker.see("现在没有交给您的事").await;
    looked_at(&worker, "worker-done").await;
    done(worker).await;

    let closed = walk.open(Browser::pc().await, s.world.role(Role::DistrictOfficer), "/unreached?state=reached").await;
    closed.see("2名学生的家里后来联系到了").await;
    looked_at(&closed, "district-reached").await;
    closed.click_text("陈语桐").await;
    closed.see("家里联系到了，办结").await;
    looked_at(&closed, "district-one").await;
    walk.served.open(&closed, "/unreached").await;
    looked_at(&closed, "district-list").await;
    done(closed).await;
}
