//! Pages of people: the roll of a class, a pupil, guardians and custody, search, staff and their roles.

mod guardian_form;
mod guardian_save;
mod profile;
mod reveal;
mod roll;
mod roll_file;
mod search;
mod staff;
mod staff_account;
mod staff_leave;
mod staff_member;
mod staff_new;
mod staff_place;
mod staff_role;

pub use guardian_save::fault_words;

use super::Relation;
use gongyu_access::Role;
use gongyu_kernel::Date;
use gongyu_kernel::i18n::Words;
use gongyu_web::show::View;
use gongyu_web::{Feature, NavItem, Routes};

/// The words of these pages.
pub const WORDS: Words =
    Words { zh: include_str!("../../../locales/zh-CN/people.ftl"), en: include_str!("../../../locales/en/people.ftl") };

const NAV: &[NavItem] = &[
    NavItem {
        key: "classes",
        label: "people-nav-roll",
        icon: "users",
        href: "/classes",
        roles: &[Role::ClassTeacher, Role::SubjectTeacher],
        order: 30,
        bar: false,
    },
    NavItem {
        key: "search",
        label: "people-nav-search",
        icon: "search",
        href: "/search",
        roles: &[
            Role::ClassTeacher,
            Role::SubjectTeacher,
            Role::SchoolLeader,
            Role::MoralDirector,
            Role::Registrar,
            Role::Counsellor,
            Role::DistrictOfficer,
            Role::DistrictAdmin,
        ],
        order: 35,
        bar: false,
    },
    NavItem {
        key: "staff",
        label: "people-nav-staff",
        icon: "briefcase",
        href: "/staff",
        roles: &[Role::SchoolLeader, Role::MoralDirector, Role::Registrar, Role::DistrictAdmin],
        order: 80,
        bar: false,
    },
];

fn routes() -> Routes {
    Routes::new()
        .get("/classes/{id}/students", roll::show)
        .post("/classes/{id}/students/file", roll_file::make)
        .get("/students/{id}", profile::show)
        .post("/students/{id}/phones/{guardian}", reveal::phone)
        .post("/students/{id}/details", reveal::details)
        .form("/students/{id}/guardians/new", guardian_form::new, guardian_save::add)
        .form("/students/{id}/guardians/{tie}", guardian_form::edit, guardian_save::change)
        .post("/students/{id}/guardians/{tie}/end", guardian_save::end)
        .post("/students/{id}/guardians/{tie}/resume", guardian_save::resume)
        .get("/search", search::show)
        .get("/staff", staff::mine)
        .get("/schools/{id}/staff", staff::show)
        .form("/schools/{id}/staff/{staff}", staff_member::show, staff_role::appoint)
        .post("/schools/{id}/staff/{staff}/roles/{grant}/end", staff_role::end)
        .post("/schools/{id}/staff/{staff}/roles/{grant}/resume", staff_role::resume)
        .form("/schools/{id}/staff/{staff}/roles/{grant}/hand-over", staff_role::choose, staff_role::hand_over)
        .form("/schools/{id}/staff/{staff}/leave", staff_leave::show, staff_leave::leave)
        .post("/schools/{id}/staff/{staff}/return", staff_leave::back_again)
        .form("/schools/{id}/staff/{staff}/second-factor", staff_member::show, staff_account::factor_off)
        .merge(staff_account::routes())
        .merge(staff_new::routes())
}

/// The pages of people as a feature.
pub fn feature() -> Feature {
    Feature { name: "people", routes: Some(routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}

/// What a guardian is to the child, in words: the everyday word where there is one.
fn relation_words(view: &View, relation: Relation, kin: &str) -> String {
    if kin.is_empty() { view.t(&format!("people-relation-{}", relation.code())) } else { kin.to_owned() }
}

fn sex_words(view: &View, sex: &str) -> String {
    view.t(if sex == "male" { "people-sex-male" } else { "people-sex-female" })
}

/// Full years of age.
fn age(born: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

/// What a person is called by in a round mark: the last character of the name, as the family name is shared by many.
fn mark(name: &str) -> String {
    name.chars().last().map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_of_age_is_full_on_the_birthday_and_not_before() {
        assert_eq!(age(date(2018, 3, 9), date(2026, 3, 8)), 7);
        assert_eq!(age(date(2018, 3, 9), date(2026, 3, 9)), 8);
        assert_eq!(age(date(2016, 2, 29), date(2026, 2, 28)), 9);
    }
}
