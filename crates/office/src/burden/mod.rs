//! Light hands (X12): what the product costs those who work with it. Forms, taps and minutes are counted by
//! school, role and week, never by person; averages are shown where at least five people stand behind them;
//! schools are listed by name. What nobody had to type, and how many messages families get, stand beside it.

mod figures;
mod forms;
mod keep;
mod pages;
mod rules;

pub use figures::{Burden, FormCost, Letters, Part, WeekCost, burden_of};
pub use forms::Form;
pub use keep::{flush, nightly};
pub use rules::{Average, Group};

use gongyu_access::Role;
use gongyu_kernel::i18n::Words;
use gongyu_store::Migration;
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature, NavItem, Routes};

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/burden.ftl"), en: include_str!("../../locales/en/burden.ftl") };

const MIGRATIONS: &[Migration] =
    &[Migration { room: "office", number: 3, name: "burden", sql: include_str!("../../migrations/0003_burden.sql") }];

const NAV: &[NavItem] = &[NavItem {
    key: "burden",
    label: "burden-nav",
    icon: "clock",
    href: "/burden",
    roles: &[Role::SchoolLeader, Role::MoralDirector, Role::DistrictOfficer, Role::DistrictAdmin, Role::Supervisor],
    order: 650,
    bar: false,
}];

const JOB: &str = "burden.night";
const JOBS: &[Handler<App>] = &[Handler { kind: JOB, run: |app, _, _| nightly(&app.db) }];
const SCHEDULES: &[Schedule] = &[Schedule { kind: JOB, every: Every::DayAt(3, 20) }];

fn routes() -> Routes {
    Routes::new().get("/burden", pages::show).get("/burden/figures.xlsx", pages::file)
}

/// What the product costs.
pub fn feature() -> Feature {
    Feature {
        name: "burden",
        routes: Some(routes),
        nav: NAV,
        words: &[WORDS],
        migrations: MIGRATIONS,
        jobs: JOBS,
        schedules: SCHEDULES,
        upkeep: Some(flush),
        ..Feature::default()
    }
}
