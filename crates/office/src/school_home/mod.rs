//! A school's first page: its duties, its families, what it did lately.

mod asked;
mod page;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

const WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/school-home.ftl"),
    en: include_str!("../../locales/en/school-home.ftl"),
};

const NAV: &[NavItem] = &[NavItem {
    key: "school",
    label: "school-home-nav",
    icon: "home",
    href: "/school",
    roles: &[Role::SchoolLeader, Role::MoralDirector, Role::Registrar, Role::Supervisor],
    order: 10,
    bar: false,
}];

fn routes() -> Routes {
    Routes::new().get("/school", page::show)
}

/// The school's first page.
pub fn feature() -> Feature {
    Feature { name: "school_home", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}
