//! Home visits as an institution (B7, C2, 老师到我家): the plan of a year in which every child is visited,
//! the appointment with the family, the record at the doorstep, what was agreed and what became of it.

pub mod company;
mod events;
pub mod family;
pub mod figures;
pub mod follow;
mod items;
mod ledger;
mod letters;
pub mod merge;
pub mod model;
pub mod need;
mod notes;
pub mod offer;
pub mod offline;
mod pages;
pub mod permit;
pub mod plan;
pub mod record;
pub mod store;
pub mod suggest;
pub mod undo;
mod words;

pub use ledger::{depth, kind, tone};
pub use model::VisitId;
pub use notes::{keep_note, may_open, notes_for, open_note};
pub use permit::{Held, OfVisit, Part, held, held_by_guardian};
pub use record::VisitRecord;
pub use words::at_words;

use gongyu_access::{Actor, Role};
use gongyu_kernel::i18n::Words;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::jobs::Handler;
use gongyu_web::feature::FileGate;
use gongyu_web::{App, Feature, Get, NavItem};

/// Kind of the source of a touch that comes from here, and of notes, files and letters of a visit.
pub const SOURCE: &str = "visit";

const WORDS: Words =
    Words { zh: include_str!("../../locales/zh-CN/visit.ftl"), en: include_str!("../../locales/en/visit.ftl") };

const NAV: &[NavItem] = &[NavItem {
    key: "visits",
    label: "visit-nav",
    icon: "home-heart",
    href: "/visits",
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
    order: 28,
    bar: true,
}];

const JOBS: &[Handler<App>] = &[Handler { kind: letters::REMIND_JOB, run: letters::remind_job }];

const FILES: &[FileGate] = &[FileGate { kind: SOURCE, may_open: may_open_photo }];

/// Photos of a visit open to those who see its record; not to the family, whose neighbours may be on them.
fn may_open_photo(g: &mut Get<'_>, actor: &Actor, visit: Id) -> Result<bool> {
    match held(g.r, actor, visit) {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Forbidden) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Home visits.
pub fn feature() -> Feature {
    Feature {
        name: "visit",
        routes: Some(pages::routes),
        nav: NAV,
        home_items: Some(items::home_items),
        calendar: Some(events::events),
        letters: letters::LETTERS,
        files: FILES,
        words: &[WORDS],
        jobs: JOBS,
        schedules: &[letters::SCHEDULE],
        ..Feature::default()
    }
}
