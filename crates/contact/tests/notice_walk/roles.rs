//! What a school and the district do with a notice: a time for it, a correction, colleagues, taking it back.

use crate::stage::{built, served, signed_in};
use gongyu_access::Role;
use gongyu_testkit::axe;
use gongyu_testkit::browser::Browser;

async fn looked_at(browser: &Browser, name: &str) {
    axe::assert_clean(browser, name).await;
    browser.screenshot(&format!("notice-{}", name.replace(' ', "-"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_school_schedules_takes_back_sends_corrects_shares_and_withdraws() {
    let (house, world) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let pc = Browser::pc().await;
    signed_in(&pc, &origin, world.role(Role::MoralDirector)).await;
    pc.goto(&format!("{origin}/notices/new")).await;
    pc.see("全校").await;
    looked_at(&pc, "composer of a school").await;
    pc.click_text("全校").await;
    pc.fill("标题", "下周一起换冬季作息").await;
    pc.fill("内容", "早上8:10到校，下午4:20放学。").await;
    pc.click_text("过一会儿再发").await;
    pc.fill("发出时间", "2026-11-24T18:00").await;
    pc.click_text("下一步，核对").await;
    pc.see("定时发给").await;
    looked_at(&pc, "check of a school").await;
    pc.driver().execute("document.querySelector('form[action$=\"/send\"] button').click()", vec![]).await.unwrap();
    pc.see("定好了").await;
    pc.goto(&format!("{origin}/notices?tab=scheduled")).await;
    pc.click_text("下周一起换冬季作息").await;
    pc.see("先不发了").await;
    looked_at(&pc, "scheduled").await;
    pc.click_text("先不发了").await;
    pc.see("已取消定时，放回草稿").await;
    pc.click_text("过一会儿再发").await;
    pc.click_text("下一步，核对").await;
    pc.see("现在就发").await;
    pc.driver().execute("document.querySelector('form[action$=\"/send\"] button').click()", vec![]).await.unwrap();
    pc.see("名的家长确认了").await;
    looked_at(&pc, "report of a school").await;

    pc.click_text("给同事看结果").await;
    looked_at(&pc, "share").await;
    let colleague = format!("{}，石桥中心校 校领导", world.role(Role::SchoolLeader).name);
    pc.fill("同事", &colleague).await;
    pc.click_text("给这位同事看").await;
    pc.see("同事能看到了").await;
    pc.click_text("通知").await;
    pc.click_text("下周一起换冬季作息").await;
    pc.click_text("送不到的").await;
    pc.see("没有送不到的").await;
    looked_at(&pc, "failures").await;
    pc.driver().back().await.unwrap();
    pc.click_text("更正").await;
    pc.see("更正后的通知会发给原来的家庭").await;
    looked_at(&pc, "correction").await;
    pc.fill("标题", "更正：下周二起换冬季作息").await;
    pc.click_text("发出更正").await;
    pc.see("更正已发出").await;
    pc.click_text("撤回").await;
    looked_at(&pc, "recall").await;
    pc.fill("原因，家长会看到", "时间还没定").await;
    pc.click_text("撤回通知").await;
    pc.see("撤回了，家长会看到").await;
    pc.assert_quiet_console().await;
    pc.quit().await;

    let phone = Browser::phone().await;
    signed_in(&phone, &origin, world.role(Role::Guardian)).await;
    phone.goto(&format!("{origin}/notices")).await;
    phone.click_text("更正：下周二起换冬季作息").await;
    phone.see("时间还没定").await;
    looked_at(&phone, "withdrawn").await;
    phone.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_the_district_writes_to_a_town_and_its_school_sees_its_own_families() {
    let (house, world) = tokio::task::spawn_blocking(built).await.unwrap();
    let origin = served(&house).await;
    let pc = Browser::pc().await;
    signed_in(&pc, &origin, world.role(Role::DistrictOfficer)).await;
    pc.goto(&format!("{origin}/notices/settings")).await;
    looked_at(&pc, "settings").await;
    pc.goto(&format!("{origin}/notices/new")).await;
    pc.see("全区").await;
    pc.click_text("全区").await;
    looked_at(&pc, "composer of the district").await;
    pc.fill("标题", "明天有暴雨，早点接孩子").await;
    pc.fill("内容", "下午两点起有暴雨。").await;
    pc.click_text("紧急，夜里也送达").await;
    pc.fill("为什么紧急，家长会看到", "暴雨橙色预警").await;
    pc.click_text("下一步，核对").await;
    pc.see("夜里也不等").await;
    looked_at(&pc, "check of the district").await;
    pc.driver().execute("document.querySelector('form[action$=\"/send\"] button').click()", vec![]).await.unwrap();
    pc.see("明天有暴雨").await;
    let jobs = tokio::task::spawn_blocking(move || {
        house.run_jobs();
        house
    });
    let house = jobs.await.unwrap();
    pc.driver().refresh().await.unwrap();
    pc.see("名的家长确认了").await;
    looked_at(&pc, "report of the district").await;
    pc.assert_quiet_console().await;
    pc.quit().await;

    let school = Browser::phone().await;
    signed_in(&school, &origin, world.role(Role::SchoolLeader)).await;
    school.goto(&format!("{origin}/notices")).await;
    school.click_text("明天有暴雨，早点接孩子").await;
    school.see("名的家长确认了").await;
    looked_at(&school, "report at a school").await;
    school.assert_quiet_console().await;
    school.quit().await;
    drop(house);
}
