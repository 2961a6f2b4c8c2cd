//! The roster import: the pure part reads headings, values and rows and finds what is wrong with them; `import` brings
//! them into the registry, `pages` shows it.

pub mod check;
pub mod class_label;
pub mod export;
pub mod headings;
pub mod id_number;
pub mod import;
mod pages;
pub mod problem;
pub mod roll_number;
pub mod row;
pub mod values;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: &[Words] = &[
    Words {
        zh: include_str!("../../locales/zh-CN/roster-import.ftl"),
        en: include_str!("../../locales/en/roster-import.ftl"),
    },
    Words {
        zh: include_str!("../../locales/zh-CN/roster-problems.ftl"),
        en: include_str!("../../locales/en/roster-problems.ftl"),
    },
];

const NAV: &[NavItem] = &[NavItem {
    key: "roster",
    label: "roster-nav",
    icon: "table-import",
    href: "/roster",
    roles: &[Role::Registrar, Role::DistrictAdmin],
    order: 60,
    bar: false,
}];

/// The roster of pupils: its import, from file to registry.
pub fn feature() -> Feature {
    Feature {
        name: "roster",
        routes: Some(pages::routes),
        nav: NAV,
        words: WORDS,
        jobs: import::HANDLERS,
        schedules: import::SCHEDULES,
        ..Feature::default()
    }
}
