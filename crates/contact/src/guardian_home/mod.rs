//! The home of a guardian: what needs me today, my children, the last good news, whom to call. One
//! pass with few statements: it is the most visited page of the product.

mod number;
mod pages;
mod rules;
mod store;
mod words;

pub use number::{NumberTask, open_requests};
pub(crate) use rules::called;
pub(crate) use words::What;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/guardian-home.ftl"),
    en: include_str!("../../locales/en/guardian-home.ftl"),
};

const NAV: &[NavItem] = &[
    NavItem {
        key: "home",
        label: "home-nav-today",
        icon: "home",
        href: "/home",
        roles: &[Role::Guardian],
        order: 10,
        bar: true,
    },
    NavItem {
        key: "children",
        label: "home-nav-children",
        icon: "users",
        href: "/children",
        roles: &[Role::Guardian],
        order: 20,
        bar: true,
    },
];

fn home(role: Role) -> Option<&'static str> {
    (role == Role::Guardian).then_some("/home")
}

/// The guardian's home.
pub fn feature() -> Feature {
    Feature {
        name: "guardian_home",
        routes: Some(pages::routes),
        nav: NAV,
        home: Some(home),
        words: &[WORDS],
        ..Feature::default()
    }
}
