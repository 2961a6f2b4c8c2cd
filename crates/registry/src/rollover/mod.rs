//! The turn of the school year: top classes graduate, classes for the new entrants are made, class
//! teachers go up with their class or are left empty by choice. Grades need no writes, as they follow
//! from the entry year. One reviewed operation, school by school, that can be run again without harm.

mod apply;
mod names;
mod pages;
mod rules;
mod store;

pub use rules::{ClassNow, Course, Entrants, Fate, Plan, SchoolNow, due_year, fate, plan, usual_entrants};

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/rollover.ftl"), en: include_str!("../../locales/en/rollover.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "rollover",
    label: "rollover-nav",
    icon: "transfer",
    href: "/rollover",
    roles: &[Role::DistrictAdmin, Role::Registrar],
    order: 860,
    bar: false,
}];

/// The turn of the school year.
pub fn feature() -> Feature {
    Feature {
        name: "rollover",
        routes: Some(pages::routes),
        nav: NAV,
        words: &[WORDS],
        jobs: apply::HANDLERS,
        schedules: names::SCHEDULES,
        ..Feature::default()
    }
}
