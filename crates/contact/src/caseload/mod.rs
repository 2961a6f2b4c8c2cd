//! One caseload with three doors: letters to the principal (B4), calls on the principal's line (B3), reception
//! days (B2). Whatever the door, a matter is given to somebody, answered within the promised days, approved,
//! told, judged by the writer, taken up once more if need be, and goes onto the petition track where the law
//! wants it (POLICY 3.6).
//!
//! A letter may be anonymous. Then nothing is kept that leads to its writer: see `store::anonymous` and
//! docs/security.md.

mod events;
pub mod figures;
mod items;
pub mod ledger;
mod letters;
pub mod model;
mod pages;
pub mod permit;
pub mod reception;
pub mod rota;
pub mod rules;
pub mod settings;
pub mod store;

pub use ledger::SOURCE;
pub use permit::{Held, OfCase, Part, held};

use gongyu_access::{Actor, Role};
use gongyu_kernel::i18n::Words;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::jobs::Handler;
use gongyu_web::feature::FileGate;
use gongyu_web::{App, Feature, Get, NavItem};

const WORDS: &[Words] = &[
    Words { zh: include_str!("../../locales/zh-CN/caseload.ftl"), en: include_str!("../../locales/en/caseload.ftl") },
    Words {
        zh: include_str!("../../locales/zh-CN/caseload-pages.ftl"),
        en: include_str!("../../locales/en/caseload-pages.ftl"),
    },
];

const NAV: &[NavItem] = &[
    NavItem {
        key: "mailbox",
        label: "case-nav-family",
        icon: "mail",
        href: "/mailbox",
        roles: &[Role::Guardian],
        order: 45,
        bar: false,
    },
    NavItem {
        key: "cases",
        label: "case-nav",
        icon: "mail",
        href: "/cases",
        roles: &[
            Role::ClassTeacher,
            Role::SubjectTeacher,
            Role::Counsellor,
            Role::Registrar,
            Role::SchoolLeader,
            Role::MoralDirector,
            Role::TownOfficer,
            Role::DistrictOfficer,
            Role::Supervisor,
        ],
        order: 34,
        bar: false,
    },
];

const JOBS: &[Handler<App>] = &[Handler { kind: letters::DAILY_JOB, run: letters::daily }];

const FILES: &[FileGate] = &[FileGate { kind: SOURCE, may_open }];

/// The files of a letter open to whoever has the case, and to its writer.
fn may_open(g: &mut Get<'_>, actor: &Actor, case: Id) -> Result<bool> {
    let reached = match permit::as_guardian(actor) {
        Ok(guardian) => permit::own(g.r, guardian, case).map(drop),
        Err(_) => held(g.r, actor, case).map(drop),
    };
    match reached {
        Ok(()) => Ok(true),
        Err(Error::NotFound | Error::Forbidden) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The caseload.
pub fn feature() -> Feature {
    Feature {
        name: "caseload",
        routes: Some(pages::routes),
        nav: NAV,
        home_items: Some(items::home_items),
        calendar: Some(events::events),
        letters: letters::LETTERS,
        files: FILES,
        words: WORDS,
        jobs: JOBS,
        schedules: &[letters::SCHEDULE],
        ..Feature::default()
    }
}
