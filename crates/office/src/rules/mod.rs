//! The duty rules of the district: which text asks what of whom, and the district's own changes to
//! count, period and reach, each kept as a version.

mod edit;
mod pages;
mod versions;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/rules.ftl"), en: include_str!("../../locales/en/rules.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "rules",
    label: "rules-nav",
    icon: "scale",
    href: "/rules",
    roles: &[Role::DistrictOfficer, Role::DistrictAdmin],
    order: 860,
    bar: false,
}];

fn routes() -> Routes {
    Routes::new()
        .get("/rules", pages::list::show)
        .form("/rules/{code}", pages::one::show, pages::one::save)
        .post("/rules/{code}/versions/{version}", pages::one::restore)
}

/// The rule editor.
pub fn feature() -> Feature {
    Feature { name: "rules", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}
