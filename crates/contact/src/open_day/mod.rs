//! Open days (B1): a school opens its classes to families. Sessions with places, booked by families as a whole, a
//! line for those who find none, tickets, the door, what families say afterwards; every child whose family came is
//! in the ledger, and the school's duty is met by the day itself. The places are `parts::booking`'s.

pub mod book;
pub mod door;
mod events;
pub mod feedback;
mod items;
pub mod letters;
pub mod model;
mod pages;
pub mod permit;
pub mod rules;
pub mod sessions;
pub mod store;
mod words;

use gongyu_access::Role;
use gongyu_kernel::Result;
use gongyu_kernel::i18n::Words;
use gongyu_parts::booking::pool;
use gongyu_store::jobs::Handler;
use gongyu_web::{App, Feature, NavItem};

/// Kind of the record that bookings, touches, letters and files of an open day name.
pub const SOURCE: &str = "open_day";

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/open-day.ftl"), en: include_str!("../../locales/en/open-day.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "open-days",
    label: "open-nav",
    icon: "calendar-event",
    href: "/open-days",
    roles: &[
        Role::ClassTeacher,
        Role::SubjectTeacher,
        Role::SchoolLeader,
        Role::MoralDirector,
        Role::Counsellor,
        Role::TownOfficer,
        Role::DistrictOfficer,
        Role::Supervisor,
    ],
    order: 32,
    bar: false,
}];

const JOBS: &[Handler<App>] = &[
    Handler { kind: letters::OFFERS_JOB, run: letters::offers_job },
    Handler { kind: letters::REMIND_JOB, run: letters::remind_job },
    Handler { kind: letters::SETTLE_JOB, run: letters::settle_job },
];

fn integrity(app: &App) -> Result<Vec<String>> {
    app.db.read_wait(pool::disagreements)
}

/// Open days.
pub fn feature() -> Feature {
    Feature {
        name: "open_day",
        routes: Some(pages::routes),
        nav: NAV,
        home_items: Some(items::home_items),
        calendar: Some(events::events),
        letters: letters::LETTERS,
        words: &[WORDS],
        jobs: JOBS,
        schedules: letters::SCHEDULES,
        integrity: Some(integrity),
        ..Feature::default()
    }
}
