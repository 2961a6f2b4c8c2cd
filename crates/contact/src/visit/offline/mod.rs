//! Home visits without a network (X9): an installable app that holds the visits of the next days, takes the
//! record, photos and signature at the door, and sends each thing once when the line is back.
//!
//! The phone's side is `assets/js/offline/` and `assets/js/sw.js`. Here lie the shell it starts from, the visits
//! it downloads, and the receiving end: a record by its key, files in pieces, receipts, and the word on whether
//! a phone may keep what it has.

mod api;
mod begun;
mod device;
mod files;
mod form;
mod jobs;
mod pages;
mod photo;
mod receive;
pub mod rules;
mod shell;
mod store;
mod today;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_store::jobs::{Every, Schedule};
use gongyu_web::{Feature, NavItem};

pub(crate) const ZH: &str = include_str!("../../../locales/zh-CN/visit-offline.ftl");
pub(crate) const EN: &str = include_str!("../../../locales/en/visit-offline.ftl");
const WORDS: Words = Words { zh: ZH, en: EN };

const NAV: &[NavItem] = &[NavItem {
    key: "app",
    label: "visit-offline-nav",
    icon: "device-mobile",
    href: "/app",
    roles: &[Role::ClassTeacher, Role::SubjectTeacher],
    order: 95,
    bar: false,
}];

/// Home visits without a network.
pub fn feature() -> Feature {
    Feature {
        name: "visit_offline",
        routes: Some(api::routes),
        nav: NAV,
        words: &[WORDS],
        jobs: &[jobs::SWEEP],
        schedules: &[Schedule { kind: "visit.offline", every: Every::DayAt(3, 40) }],
        ..Feature::default()
    }
}
