//! Reach from the district down to one class: the district's and the town's first pages, and the
//! pages each row opens to.

mod cards;
mod export;
mod overview;
mod pages;

pub use cards::Cards;
pub use pages::crumbs::{Crumb, crumbs};
pub use pages::district::{answer, updated};

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::{Feature, NavItem, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/dashboard.ftl"), en: include_str!("../../locales/en/dashboard.ftl") };

const NAV: &[NavItem] = &[
    NavItem {
        key: "district",
        label: "dash-nav",
        icon: "home",
        href: "/district",
        roles: &[Role::DistrictOfficer, Role::DistrictAdmin],
        order: 10,
        bar: false,
    },
    NavItem {
        key: "town",
        label: "dash-nav",
        icon: "home",
        href: "/town",
        roles: &[Role::TownOfficer],
        order: 10,
        bar: false,
    },
];

fn routes() -> Routes {
    Routes::new()
        .get("/district", pages::district::show)
        .get("/district.xlsx", export::district)
        .get("/district/trend", pages::trend::district)
        .get("/district/towns/{id}/rows", pages::towns::rows)
        .get("/town", pages::towns::mine)
        .get("/towns/{id}", pages::towns::show)
        .get("/schools/{id}/reach", pages::school::show)
        .get("/classes/{id}/reach", pages::class::show)
}

/// Where each role begins. Guardians, teachers of a class and community workers begin in their own feature.
const fn home(role: Role) -> Option<&'static str> {
    match role {
        Role::DistrictOfficer | Role::DistrictAdmin => Some("/district"),
        Role::TownOfficer => Some("/town"),
        Role::SchoolLeader | Role::MoralDirector | Role::Registrar | Role::Supervisor => Some("/school"),
        Role::Counsellor => Some("/classes"),
        Role::AgencyOfficer => Some("/acts"),
        Role::Auditor => Some("/audit"),
        Role::Guardian | Role::ClassTeacher | Role::SubjectTeacher | Role::CommunityWorker => None,
    }
}

/// Reach by district, town, school and class.
pub fn feature() -> Feature {
    Feature {
        name: "dashboard",
        routes: Some(routes),
        nav: NAV,
        home: Some(home),
        words: &[WORDS, crate::reach::WORDS],
        ..Feature::default()
    }
}
