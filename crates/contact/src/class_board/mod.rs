//! The home of a class teacher: which families of mine have I not reached, and what is due. The one
//! who needs it comes first. A tap on a child notes a contact.

mod cells;
mod pages;
mod rules;
mod side;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/class-board.ftl"),
    en: include_str!("../../locales/en/class-board.ftl"),
};

const TEACHERS: &[Role] = &[Role::ClassTeacher, Role::SubjectTeacher];

const NAV: &[NavItem] = &[
    NavItem {
        key: "class",
        label: "board-nav-class",
        icon: "users",
        href: "/class",
        roles: TEACHERS,
        order: 10,
        bar: true,
    },
    NavItem {
        key: "balance",
        label: "board-nav-balance",
        icon: "heart",
        href: "/class/balance",
        roles: TEACHERS,
        order: 20,
        bar: false,
    },
    NavItem {
        key: "log",
        label: "board-nav-log",
        icon: "plus",
        href: "/class/log",
        roles: TEACHERS,
        order: 25,
        bar: true,
    },
];

fn home(role: Role) -> Option<&'static str> {
    TEACHERS.contains(&role).then_some("/class")
}

/// The class board.
pub fn feature() -> Feature {
    Feature {
        name: "class_board",
        routes: Some(pages::routes),
        nav: NAV,
        home: Some(home),
        words: &[WORDS],
        ..Feature::default()
    }
}
