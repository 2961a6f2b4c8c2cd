//! A class teacher logs a contact in three taps; the family leaves the never-reached list, and comes
//! back when the contact is taken back.

use super::{Product, done, looked_at};
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_testkit::browser::{Browser, Screen};
use std::time::Duration;

/// What the board says of a child: its cell's words.
async fn cell(board: &Browser, child: Id) -> String {
    let find =
        format!("const cell = document.querySelector('[data-child=\"{child}\"]'); return cell ? cell.innerText : '';");
    // Between two pages there is nothing to ask.
    let words = board.driver().execute(find, vec![]).await;
    words.ok().and_then(|words| words.json().as_str().map(str::to_owned)).unwrap_or_default()
}

/// Waits for a cell to say something.
async fn cell_says(board: &Browser, child: Id, words: &str) {
    for _ in 0..100 {
        if cell(board, child).await.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the cell does not say {words}: {}", cell(board, child).await);
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
    log_and_undo(Screen::Phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn walk_three_clicks_at_a_pc_take_a_family_off_the_never_reached_list_and_undo_brings_it_back() {
    log_and_undo(Screen::Pc).await;
}

async fn log_and_undo(screen: Screen) {
    let product = Product::open().await;
    let child = product.world.students[0];
    let pc = product.signed_in(Browser::pc().await, product.world.role(Role::MoralDirector)).await;
    never(&product, &pc, 12, "陈语桐", true).await;
    looked_at(&pc, "never-before").await;
    let board = product.signed_in(Browser::open(screen).await, product.world.role(Role::ClassTeacher)).await;
    product.served.open(&board, "/class").await;
    cell_says(&board, child, "没联系过").await;
    looked_at(&board, "board-before").await;

    // The three taps: the child, the way, what it was about.
    board.click_text("陈语桐").await;
    board.click_text("微信").await;
    board.click_text("好消息").await;
    board.see("记好了，10秒内可以撤销").await;
    cell_says(&board, child, "今天").await;
    board.click_text("撤销").await;
    board.see("撤销了，没有留下记录").await;
    cell_says(&board, child, "没联系过").await;
    never(&product, &pc, 12, "陈语桐", true).await;

    product.served.open(&board, "/class").await;
    board.click_text("陈语桐").await;
    board.see("怎么联系的").await;
    looked_at(&board, "contact-sheet").await;
    board.click_text("电话").await;
    board.click_text("好消息").await;
    board.see("补一句").await;
    cell_says(&board, child, "今天").await;
    looked_at(&board, "board-after").await;
    never(&product, &pc, 11, "陈语桐", false).await;
    looked_at(&pc, "never-after").await;

    // Long after the ten seconds it is taken back on the page of the contact itself.
    board.click_text("补一句").await;
    board.see("一次联系").await;
    looked_at(&board, "contact-record").await;
    board.click_text("撤销这一条").await;
    board.see("撤销这次联系？").await;
    looked_at(&board, "contact-undo-asked").await;
    board.click_text("撤销").await;
    board.see("撤销了，没有留下记录").await;
    product.served.open(&board, "/class").await;
    cell_says(&board, child, "没联系过").await;
    never(&product, &pc, 12, "陈语桐", true).await;
    done(pc).await;
    done(board).await;
}
