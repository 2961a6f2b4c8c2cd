//! Pieces that several areas share.

pub mod attach;
pub mod booking;
pub mod deadline;
pub mod figures;
pub mod form;
pub mod rich;
pub mod sign;

use gongyu_kernel::i18n::Words;
use gongyu_store::Migration;
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature, Routes};

/// The words of this room.
pub const WORDS: Words =
    Words { zh: include_str!("../locales/zh-CN/parts.ftl"), en: include_str!("../locales/en/parts.ftl") };

const DEADLINE_WORDS: Words =
    Words { zh: include_str!("../locales/zh-CN/deadline.ftl"), en: include_str!("../locales/en/deadline.ftl") };

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "parts", number: 1, name: "parts", sql: include_str!("../migrations/0001_parts.sql") },
    Migration { room: "parts", number: 2, name: "booking", sql: include_str!("../migrations/0002_booking.sql") },
];

const JOBS: &[Handler<App>] = &[Handler { kind: attach::JOB, run: attach::sweep }];
const SCHEDULES: &[Schedule] = &[Schedule { kind: attach::JOB, every: Every::Seconds(3600) }];

/// The shared pieces as the house sees them: files, a preview of rich text, and words.
pub fn feature() -> Feature {
    Feature {
        name: "parts",
        routes: Some(routes),
        words: &[WORDS, DEADLINE_WORDS],
        migrations: MIGRATIONS,
        jobs: JOBS,
        schedules: SCHEDULES,
        ..Feature::default()
    }
}

fn routes() -> Routes {
    attach::routes().post("/parts/preview", rich::preview)
}
