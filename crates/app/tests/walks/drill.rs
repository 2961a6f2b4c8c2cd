//! An officer of the district goes from the district's figure down to the record behind it.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::{Browser, Screen};

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_officer_drills_from_the_district_to_the_record() {
    drill(Screen::Pc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_officer_with_a_phone_drills_from_the_district_to_the_record() {
    drill(Screen::Phone).await;
}

async fn drill(screen: Screen) {
    let product = Product::open().await;
    let child = product.world.students[0].to_string();
    let teacher = product.client(product.world.role(Role::ClassTeacher));
    let fields = [("child", child.as_str()), ("channel", "phone"), ("tone", "good"), ("note", "主动给同桌讲题")];
    let logged = teacher.post("/contacts", &fields).await;
    assert!(logged.status.is_redirection(), "{}", logged.text());
    product.run_jobs();

    let browser = product.signed_in(Browser::open(screen).await, product.world.role(Role::DistrictOfficer)).await;
    product.served.open(&browser, "/").await;
    browser.see("全区概况").await;
    browser.see("还有12名学生从未联系到").await;
    looked_at(&browser, "drill-district").await;
    browser.click_text("石桥镇").await;
    browser.see("石桥中心校 12").await;
    looked_at(&browser, "drill-district-open").await;
    browser.click_text("石桥镇，").await;
    browser.see("各学校").await;
    browser.see("石桥中心校").await;
    looked_at(&browser, "drill-town").await;
    browser.click_text("石桥中心校").await;
    browser.see("各班").await;
    browser.see("还有11名学生从未联系到").await;
    looked_at(&browser, "drill-school").await;
    browser.click_text("三年级1班").await;
    browser.see("5名从未联系到").await;
    browser.see("联系到了").await;
    looked_at(&browser, "drill-class").await;
    browser.click_text("陈语桐").await;
    browser.see("陈语桐家的联系").await;
    browser.see("11月23日").await;
    browser.see("好消息").await;
    browser.see("林老师").await;
    looked_at(&browser, "drill-child").await;

    // What was said stays between the teacher and the family: the officer sees that, when and how.
    browser.not_see("主动给同桌讲题").await;
    // And back up by the crumbs.
    browser.click_text("三年级1班").await;
    browser.see("陈语桐").await;
    looked_at(&browser, "drill-back").await;
    done(browser).await;
}
