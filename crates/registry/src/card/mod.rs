//! 家校联系卡 (MISSION B5): a card per child whose QR code opens the guardian's account.

mod pages;
mod store;

pub use store::{CardState, Issued, card_states, codes_of, issue_missing, revoke};

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

/// The words of this feature.
pub const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/cards.ftl"), en: include_str!("../../locales/en/cards.ftl") };

/// Days a code on a card works [P]: a school year and the weeks until the next cards are handed out.
pub const VALID_DAYS: i64 = 400;

const NAV: &[NavItem] = &[NavItem {
    key: "cards",
    label: "cards-nav",
    icon: "qrcode",
    href: "/cards",
    roles: &[Role::ClassTeacher],
    order: 60,
    bar: false,
}];

fn routes() -> Routes {
    Routes::new()
        .get("/cards", pages::mine)
        .form("/classes/{id}/cards", pages::show, pages::issue)
        .post("/students/{id}/card", pages::issue_one)
}

/// The contact cards as a feature.
pub fn feature() -> Feature {
    Feature { name: "cards", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}
