//! Duties of a district, town, school or class: what is asked, by which text, how far it has come,
//! and what counts towards it.

mod badge;
mod line;
mod pages;
mod rights;

pub use badge::Badge;
pub use line::{Count, Line, States, Wanted, chips, citation, title, wanted};
pub(crate) use pages::detail::counts_words;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/duties.ftl"), en: include_str!("../../locales/en/duties.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "duties",
    label: "duties-nav",
    icon: "list-check",
    href: "/duties",
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
    order: 27,
    bar: false,
}];

fn routes() -> Routes {
    Routes::new()
        .get("/duties", pages::home::show)
        .get("/duties/{rule}", pages::rule::show)
        .get("/schools/{id}/duties", pages::school::show)
        .get("/schools/{id}/duties/{rule}", pages::detail::show)
        .get("/classes/{id}/duties", pages::class::all)
        .get("/classes/{id}/duties/{rule}", pages::class::one)
}

/// Duties by unit.
pub fn feature() -> Feature {
    Feature { name: "duties", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}
