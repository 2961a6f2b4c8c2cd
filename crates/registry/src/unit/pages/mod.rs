//! Pages of units: the list of schools, a town, a school and its classes.

mod classes;
mod one;
mod schools;

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_web::show::View;
use gongyu_web::{Feature, NavItem, Routes};

use super::{Setting, Unit};

/// The words of these pages.
pub const WORDS: Words =
    Words { zh: include_str!("../../../locales/zh-CN/units.ftl"), en: include_str!("../../../locales/en/units.ftl") };

const NAV: &[NavItem] = &[
    NavItem {
        key: "schools",
        label: "units-nav-schools",
        icon: "building-community",
        href: "/schools",
        roles: &[Role::TownOfficer, Role::DistrictOfficer, Role::DistrictAdmin, Role::Supervisor],
        order: 20,
        bar: false,
    },
    NavItem {
        key: "classes",
        label: "units-nav-classes",
        icon: "users",
        href: "/classes",
        roles: &[Role::SchoolLeader, Role::MoralDirector, Role::Registrar, Role::Counsellor],
        order: 20,
        bar: false,
    },
];

fn routes() -> Routes {
    Routes::new()
        .get("/schools", schools::show)
        .get("/schools.xlsx", schools::export)
        .get("/units/{id}", one::show)
        .get("/classes", classes::mine)
        .get("/schools/{id}/classes", classes::show)
}

/// The pages of units as a feature.
pub fn feature() -> Feature {
    Feature { name: "units", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}

fn setting_word(view: &View, setting: Option<Setting>) -> String {
    setting.map(|s| view.t(&format!("units-setting-{}", s.code()))).unwrap_or_default()
}

/// The kind of a school in words, from its key.
fn school_word(view: &View, key: Option<&str>) -> String {
    key.map(|k| view.t(&format!("units-school-{}", k.replace('_', "-")))).unwrap_or_default()
}

/// Grade and name of a class in a school year.
fn class_words(class: &Unit, school_year_start: i16) -> (String, String) {
    let grade = class.class_key().map(|key| key.grade_name(school_year_start)).unwrap_or_default();
    (grade, class.display(school_year_start))
}
