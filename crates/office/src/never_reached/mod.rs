//! The children whose family nobody has reached: never, or not this semester. One list for the page,
//! its numbers and its file.

mod export;
mod filter;
mod list;
mod page;

pub(crate) use export::day as day_cell;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/never.ftl"), en: include_str!("../../locales/en/never.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "never",
    label: "never-nav",
    icon: "users-group",
    href: "/never",
    roles: &[
        Role::ClassTeacher,
        Role::SchoolLeader,
        Role::MoralDirector,
        Role::Registrar,
        Role::TownOfficer,
        Role::DistrictOfficer,
        Role::DistrictAdmin,
        Role::Supervisor,
    ],
    order: 25,
    bar: false,
}];

fn routes() -> Routes {
    Routes::new().get("/never", page::show).get("/never.xlsx", export::file)
}

/// The list of children not reached.
pub fn feature() -> Feature {
    Feature { name: "never_reached", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}
