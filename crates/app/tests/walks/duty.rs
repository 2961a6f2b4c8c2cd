//! A school records what it held, and sees a duty turn from due to met.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::Browser;

const DUTY: &str = "家庭教育活动，每学期2次";

/// What the line of the duty says on the school's home.
async fn duty_line(pc: &Browser) -> String {
    let find = format!(
        "const link = [...document.querySelectorAll('tr a')].find((a) => a.innerText.includes('{DUTY}'));
         return link ? link.closest('tr').innerText.replace(/\\s+/g, ' ') : '';"
    );
    let words = pc.driver().execute(find, vec![]).await.expect("the duties are on screen");
    words.json().as_str().unwrap_or_default().to_owned()
}

async fn record(pc: &Browser, title: &str, day: &str, came: &str) {
    pc.click_text("记一次活动").await;
    pc.see("哪一种").await;
    pc.click_text("家庭教育活动").await;
    pc.fill("活动名称", title).await;
    pc.fill("哪一天", day).await;
    pc.fill("来了多少人", came).await;
    pc.click_text("记下").await;
    pc.see("记好了，10秒内可以撤销").await;
    pc.see(title).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_a_school_records_two_acts_and_the_duty_turns_from_due_to_met() {
    let product = Product::open().await;
    let pc = product.signed_in(Browser::pc().await, product.world.role(Role::MoralDirector)).await;
    product.served.open(&pc, "/school").await;
    pc.see(DUTY).await;
    let before = duty_line(&pc).await;
    assert!(before.contains("还剩") && before.contains("天") && before.contains("0/2次"), "{before}");
    looked_at(&pc, "duty-school-before").await;
    pc.click_text(DUTY).await;
    pc.see("还差2次").await;
    looked_at(&pc, "duty-due").await;
    pc.click_text("去记活动").await;
    pc.see("本学期还没有记过活动").await;
    looked_at(&pc, "duty-acts-none").await;

    record(&pc, "隔代教养的难处怎么办", "2026-10-14", "60").await;
    looked_at(&pc, "duty-acts-one").await;
    product.served.open(&pc, "/school").await;
    pc.see(DUTY).await;
    let half = duty_line(&pc).await;
    assert!(half.contains("还剩") && half.contains("1/2次"), "{half}");
    product.served.open(&pc, "/acts").await;
    pc.click_text("记一次活动").await;
    pc.see("哪一种").await;
    looked_at(&pc, "duty-act-form").await;
    product.served.open(&pc, "/acts").await;
    record(&pc, "手机怎么管", "2026-11-18", "85").await;

    product.served.open(&pc, "/school").await;
    pc.see(DUTY).await;
    let after = duty_line(&pc).await;
    assert!(after.contains("已完成") && after.contains("2/2次") && !after.contains("还剩"), "{after}");
    looked_at(&pc, "duty-school-after").await;
    pc.click_text(DUTY).await;
    pc.see("隔代教养的难处怎么办").await;
    pc.see("已完成").await;
    pc.not_see("还差").await;
    looked_at(&pc, "duty-met").await;
    done(pc).await;

    // The head teacher and the district see the same.
    let head = product.signed_in(Browser::pc().await, product.world.role(Role::SchoolLeader)).await;
    product.served.open(&head, "/school").await;
    head.see(DUTY).await;
    assert!(duty_line(&head).await.contains("已完成"));
    done(head).await;
    let officer = product.signed_in(Browser::pc().await, product.world.role(Role::DistrictOfficer)).await;
    product.served.open(&officer, "/duties/R01").await;
    officer.see("石桥中心校").await;
    officer.see("2/2次").await;
    looked_at(&officer, "duty-district").await;
    done(officer).await;
}
