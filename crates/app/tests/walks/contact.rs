//! A class teacher logs a contact in three taps; the family leaves the never-reached list, and comes
//! back when the contact is taken back.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_testkit::browser::Browser;

/// What the board says of a child: its cell's words.
async fn cell(phone: &Browser, child: gongyu_kernel::Id) -> String {
    let find =
        format!("const cell = document.querySelector('[data-child=\"{child}\"]'); return cell ? cell.innerText : '';");
    let words = phone.driver().execute(find, vec![]).await.expect("the board is on screen");
    words.json().as_str().unwrap_or_default().to_owned()
}

/// Waits for a cell to say something.
async fn cell_says(phone: &Browser, child: gongyu_kernel::Id, words: &str) {
    for _ in 0..100 {
        if cell(phone, child).await.contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the cell does not say {words}: {}", cell(phone, child).await);
}

async fn never(product: &Product, pc: &Browser, count: u32, name: &str, is_there: bool) {
    product.served.open(pc, "/never").await;
    pc.see(&format!("{count}名学生的家里从来没有联系到")).await;
    pc.see("共").await;
    if is_there {
        pc.see(name).await;
    } else {
        pc.not_see(name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_three_taps_take_a_family_off_the_never_reached_list_and_undo_brings_it_back() {
    let product = Product::open().await;
    let child = product.world.students[0];
    let pc = product.signed_in(Browser::pc().await, product.world.role(Role::MoralDirector)).await;
    never(&product, &pc, 12, "陈语桐", true).await;
    looked_at(&pc, "never-before").await;
    let phone = product.signed_in(Browser::phone().await, product.world.role(Role::ClassTeacher)).await;
    product.served.open(&phone, "/class").await;
    cell_says(&phone, child, "没联系过").await;
    looked_at(&phone, "board-before").await;

    // The three taps: the child, the way, what it was about.
    phone.click_text("陈语桐").await;
    phone.click_text("微信").await;
    phone.click_text("好消息").await;
    phone.see("记好了，10秒内可以撤销").await;
    cell_says(&phone, child, "今天").await;
    phone.click_text("撤销").await;
    phone.see("撤销了，没有留下记录").await;
    cell_says(&phone, child, "没联系过").await;
    never(&product, &pc, 12, "陈语桐", true).await;

    product.served.open(&phone, "/class").await;
    phone.click_text("陈语桐").await;
    phone.see("怎么联系的").await;
    looked_at(&phone, "contact-sheet").await;
    phone.click_text("电话").await;
    phone.click_text("好消息").await;
    phone.see("刚记了一条").await;
    cell_says(&phone, child, "今天").await;
    looked_at(&phone, "board-after").await;
    never(&product, &pc, 11, "陈语桐", false).await;
    looked_at(&pc, "never-after").await;

    // Long after the ten seconds it is taken back on the page of the contact itself.
    phone.click_text("补一句").await;
    phone.see("一次联系").await;
    looked_at(&phone, "contact-record").await;
    phone.click_text("撤销这一条").await;
    phone.see("撤销这次联系？").await;
    looked_at(&phone, "contact-undo-asked").await;
    phone.click_text("撤销").await;
    phone.see("撤销了，没有留下记录").await;
    product.served.open(&phone, "/class").await;
    cell_says(&phone, child, "没联系过").await;
    never(&product, &pc, 12, "陈语桐", true).await;
    done(pc).await;
    done(phone).await;
}
