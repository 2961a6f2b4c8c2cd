//! Activities a unit held: a parent meeting, a family-education activity, an open day. Counted once for
//! the unit whatever the attendance; of a class meeting the children whose family came are ticked, each
//! a touch in the ledger.

mod log;
mod pages;
mod rules;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/act-record.ftl"),
    en: include_str!("../../locales/en/act-record.ftl"),
};

const NAV: &[NavItem] = &[NavItem {
    key: "acts",
    label: "acts-nav",
    icon: "calendar-event",
    href: "/acts",
    roles: &[
        Role::ClassTeacher,
        Role::SchoolLeader,
        Role::MoralDirector,
        Role::TownOfficer,
        Role::DistrictOfficer,
        Role::AgencyOfficer,
        Role::CommunityWorker,
    ],
    order: 50,
    bar: false,
}];

fn home(role: Role) -> Option<&'static str> {
    (role == Role::AgencyOfficer).then_some("/acts")
}

/// Recording activities.
pub fn feature() -> Feature {
    Feature {
        name: "act_record",
        routes: Some(pages::routes),
        nav: NAV,
        home: Some(home),
        words: &[WORDS],
        ..Feature::default()
    }
}
