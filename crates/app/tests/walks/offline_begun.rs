//! A visit nobody planned, begun at the door of a family where there is no network.

use super::looked_at;
use super::offline::{Village, lies_on, read};
use gongyu_ledger::touch;

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_visit_nobody_planned_is_begun_without_a_network_and_made_once() {
    let village = Village::open().await;
    let phone = village.phone().await;
    let child = village.product.world.students[1];
    let name = read(&village.product, move |r| Ok(gongyu_registry::people::find_student(r, child)?.name)).await;
    village.no_network(&phone).await;
    village.goto(&phone, "/visits/offline").await;
    phone.click_text("记一次没排的家访").await;
    phone.see("去了谁家").await;
    phone.fill("找名字", &name).await;
    phone.not_see("陈语桐").await;
    looked_at(&phone, "offline-begin-names").await;
    phone.click_text(&name).await;
    phone.see("为什么去").await;
    looked_at(&phone, "offline-begin-why").await;
    phone.click_text("开始记").await;
    phone.fill("孩子的一个好", "跳绳进步大").await;
    phone.click_text("妈妈").await;
    phone.see("已存在手机里").await;
    phone.kill_tab().await;
    phone.airplane(true).await;
    village.goto(&phone, "/visits/offline").await;
    phone.see("写了还没传完的").await;
    phone.click_text("接着写").await;
    phone.see("不记了").await;
    phone.click_text("写好了，传到学校").await;
    phone.see("没有网络，1项存在手机里").await;
    let there = lies_on(&phone).await;
    assert!(!there.contains(&name) && !there.contains("跳绳"), "names lie in the clear");
    // The school makes the visit, and the answer that says so is lost.
    village.line.lose_answers_to("POST /visits/offline/record.json");
    village.network(&phone).await;
    phone.see("手机里的1项，学校都收到了").await;
    let (touches, visits) = read(&village.product, move |r| {
        let visits: i64 =
            r.scalar(gongyu_store::sql!("SELECT COUNT(*) FROM visit_child WHERE student_id = $1"), &[&child])?;
        Ok((touch::of_student(r, child, false, 50)?.len(), visits))
    })
    .await;
    assert_eq!((touches, visits), (1, 1));
    phone.quit().await;
}
