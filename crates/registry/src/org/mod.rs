//! The start of a district: units, staff with their roles, and class teachers from one workbook,
//! checked row by row before anything is done; accounts with one-time codes for the first sign-in.

mod apply;
mod batch;
mod book;
mod ends;
mod fault;
mod heading;
mod invite;
mod jobs;
mod known;
mod list;
mod near;
mod pages;
mod plan;
mod read;
mod role_words;
mod row;
mod snapshot;

pub use list::{UnitLine, unit_list};

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/org.ftl"), en: include_str!("../../locales/en/org.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "org",
    label: "org-nav",
    icon: "building-community",
    href: "/org",
    roles: &[Role::DistrictAdmin, Role::Registrar],
    order: 850,
    bar: false,
}];

/// Units and staff.
pub fn feature() -> Feature {
    Feature {
        name: "org",
        routes: Some(pages::routes),
        nav: NAV,
        words: &[WORDS],
        jobs: jobs::HANDLERS,
        ..Feature::default()
    }
}
