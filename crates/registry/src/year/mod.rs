//! The school calendar in force: the district's own dates and edits over the shipped ones, the pages
//! that show and change it, and the working-day calculator.

mod edit;
mod pages;

pub use edit::{clear_day, dates_from, mark_day, set_published};

use gongyu_access::Role;
use gongyu_kernel::calendar::{SchoolCalendar, SchoolYear, Semester};
use gongyu_kernel::i18n::Words;
use gongyu_kernel::{Date, Result};
use gongyu_store::{Reader, Tx, settings};
use gongyu_web::{Feature, NavItem};
use std::sync::Arc;

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/calendar.ftl"), en: include_str!("../../locales/en/calendar.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "calendar",
    label: "calendar-nav",
    icon: "calendar",
    href: "/calendar",
    roles: &[
        Role::SchoolLeader,
        Role::MoralDirector,
        Role::Registrar,
        Role::TownOfficer,
        Role::DistrictOfficer,
        Role::DistrictAdmin,
        Role::Supervisor,
    ],
    order: 870,
    bar: false,
}];

/// The school calendar and the working-day calculator.
pub fn feature() -> Feature {
    Feature { name: "calendar", routes: Some(pages::routes), nav: NAV, words: &[WORDS], ..Feature::default() }
}

const KEY: &str = "school-calendar";

/// The calendar in force. The shipped one is made once; an edited one is read once a version.
///
/// # Errors
/// As any statement.
pub fn calendar(r: &mut Reader) -> Result<Arc<SchoolCalendar>> {
    static SHIPPED: std::sync::OnceLock<Arc<SchoolCalendar>> = std::sync::OnceLock::new();
    match settings::shared::<SchoolCalendar>(r, KEY)? {
        Some(edited) => Ok(edited),
        None => Ok(SHIPPED.get_or_init(|| Arc::new(SchoolCalendar::default_chongqing())).clone()),
    }
}

/// Puts an edited calendar in force.
///
/// # Errors
/// As any statement.
pub fn set_calendar(tx: &mut Tx, calendar: &SchoolCalendar) -> Result<()> {
    settings::put(tx, KEY, calendar)
}

/// The semester of a day.
///
/// # Errors
/// As any statement.
pub fn semester_of(r: &mut Reader, day: Date) -> Result<Semester> {
    Ok(calendar(r)?.semester_of(day))
}

/// The school year of today, which gives classes their grade names.
///
/// # Errors
/// As any statement.
pub fn current(r: &mut Reader) -> Result<SchoolYear> {
    let today = r.today();
    Ok(semester_of(r, today)?.year)
}
