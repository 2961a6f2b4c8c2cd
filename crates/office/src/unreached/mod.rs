//! The never-reached loop (X11): a family never reached is a task, not a statistic. Why, handed by the class
//! teacher to the school, by the school to the town, by the town to the village committee or community site,
//! each time with a day to answer by; the mended number or the knock on the door. Nobody is closed without
//! a touch in the ledger, unless the child left.

pub mod figures;
mod items;
mod list;
pub mod model;
mod pages;
pub mod permit;
pub mod rules;
pub mod store;

pub use list::{Line, Narrow};

use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_kernel::Result;
use gongyu_kernel::i18n::Words;
use gongyu_store::Migration;
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature, NavItem};

/// Kind of the source of a touch that comes from a knock noted here.
pub const SOURCE: &str = "unreached";
/// Kind of the nightly job.
pub const NIGHT_JOB: &str = "unreached.night";

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/unreached.ftl"), en: include_str!("../../locales/en/unreached.ftl") };

const MIGRATIONS: &[Migration] = &[Migration {
    room: "office",
    number: 1,
    name: "unreached",
    sql: include_str!("../../migrations/0001_unreached.sql"),
}];

const NAV: &[NavItem] = &[
    NavItem {
        key: "unreached",
        label: "unreached-nav",
        icon: "user-question",
        href: "/unreached",
        roles: &[
            Role::ClassTeacher,
            Role::SchoolLeader,
            Role::MoralDirector,
            Role::TownOfficer,
            Role::DistrictOfficer,
            Role::DistrictAdmin,
            Role::Supervisor,
        ],
        order: 26,
        bar: false,
    },
    NavItem {
        key: "unreached",
        label: "unreached-errands",
        icon: "user-question",
        href: "/unreached",
        roles: &[Role::AgencyOfficer, Role::CommunityWorker],
        order: 5,
        bar: true,
    },
];

/// Closes what is decided, opens what is missing, tells of what is late. Doing it twice does nothing more.
///
/// # Errors
/// As any statement.
pub fn night(app: &App) -> Result<()> {
    store::close_due(&app.db)?;
    store::open_missing(&app.db)?;
    store::raise_late(&app.db)
}

fn night_job(app: &App, _: Id, _: &str) -> Result<()> {
    night(app)
}

const fn home(role: Role) -> Option<&'static str> {
    match role {
        Role::CommunityWorker => Some("/unreached"),
        _ => None,
    }
}

/// The never-reached loop.
pub fn feature() -> Feature {
    Feature {
        name: "unreached",
        routes: Some(pages::routes),
        nav: NAV,
        home: Some(home),
        home_items: Some(items::home_items),
        words: &[WORDS],
        migrations: MIGRATIONS,
        jobs: &[Handler { kind: NIGHT_JOB, run: night_job }],
        schedules: &[Schedule { kind: NIGHT_JOB, every: Every::DayAt(2, 40) }],
        on_membership_change: Some(store::follow_moves),
        integrity: Some(|app| store::disagreements(&app.db)),
        ..Feature::default()
    }
}
