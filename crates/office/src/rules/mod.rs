//! The duty rules of the district: which text asks what of whom, and the district's own changes to
//! count, period and reach, each kept as a version. Before a change is saved it can be looked at: who would
//! be late by it today.

mod edit;
mod pages;
mod preview;
mod versions;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_store::Migration;
use gongyu_store::jobs::Handler;
use gongyu_web::{App, Feature, NavItem, Routes};

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

const MIGRATIONS: &[Migration] = &[Migration {
    room: "office",
    number: 2,
    name: "rule preview",
    sql: include_str!("../../migrations/0002_rule_preview.sql"),
}];

const JOBS: &[Handler<App>] = &[Handler { kind: preview::JOB, run: preview::run }];

fn routes() -> Routes {
    Routes::new()
        .get("/rules", pages::list::show)
        .form("/rules/{code}", pages::one::show, pages::one::save)
        .form("/rules/{code}/preview", pages::one::show, pages::one::look)
        .get("/rules/previews/{id}", pages::look::show)
        .get("/rules/previews/{id}/progress", pages::look::progress)
        .get("/rules/previews/{id}/list.xlsx", pages::look::file)
        .post("/rules/{code}/versions/{version}", pages::one::restore)
}

/// The rule editor.
pub fn feature() -> Feature {
    Feature {
        name: "rules",
        routes: Some(routes),
        nav: NAV,
        words: &[WORDS],
        migrations: MIGRATIONS,
        jobs: JOBS,
        ..Feature::default()
    }
}
