//! Families asked in the app whether a recorded contact happened: the question on the guardian's home, the
//! figures of a school, a town and the district, and the one page on which a school's leader looks into a
//! contact the family does not remember. Who is drawn, and how seldom, is the ledger's (`ledger::question`).

mod items;
mod pages;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/sampled.ftl"), en: include_str!("../../locales/en/sampled.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "questions",
    label: "sampled-nav",
    icon: "list-check",
    href: "/questions",
    roles: &[Role::SchoolLeader, Role::MoralDirector, Role::TownOfficer, Role::DistrictOfficer, Role::DistrictAdmin],
    order: 640,
    bar: false,
}];

/// Questions to families.
pub fn feature() -> Feature {
    Feature {
        name: "sampled",
        routes: Some(pages::routes),
        nav: NAV,
        home_items: Some(items::home_items),
        words: &[WORDS],
        ..Feature::default()
    }
}
