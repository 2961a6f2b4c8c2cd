//! An officer of the district goes from the district's figure down to the record behind it.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn walk_an_officer_drills_from_the_district_to_the_record() {
    let product = Product::open().await;
    let child = product.world.students[0].to_string();
    let teacher = product.client(product.world.role(Role::ClassTeacher));
    let fields = [("child", child.as_str()), ("channel", "phone"), ("tone", "good"), ("note", "主动给同桌讲题")];
    let logged = teacher.post("/contacts", &fields).await;
    assert!(logged.status.is_redirection(), "{}", logged.text());
    product.run_jobs();

    let pc = product.signed_in(Browser::pc().await, product.world.role(Role::DistrictOfficer)).await;
    product.served.open(&pc, "/").await;
    pc.see("全区概况").await;
    pc.see("还有12名学生从未联系到").await;
    looked_at(&pc, "drill-district").await;
    pc.click_text("石桥镇").await;
    pc.see("石桥初级中学").await;
    looked_at(&pc, "drill-district-open").await;
    pc.click_text("石桥镇，").await;
    pc.see("各学校").await;
    pc.see("石桥中心校").await;
    looked_at(&pc, "drill-town").await;
    pc.click_text("石桥中心校").await;
    pc.see("各班").await;
    pc.see("还有11名学生从未联系到").await;
    looked_at(&pc, "drill-school").await;
    pc.click_text("三年级1班").await;
    pc.see("5名从未联系到").await;
    pc.see("联系到了").await;
    looked_at(&pc, "drill-class").await;
    pc.click_text("陈语桐").await;
    pc.see("陈语桐家的联系").await;
    pc.see("11月23日").await;
    pc.see("好消息").await;
    pc.see("林老师").await;
    looked_at(&pc, "drill-child").await;

    // What was said stays between the teacher and the family: the officer sees that, when and how.
    pc.not_see("主动给同桌讲题").await;
    // And back up by the crumbs.
    pc.click_text("三年级1班").await;
    pc.see("陈语桐").await;
    looked_at(&pc, "drill-back").await;
    done(pc).await;
}
