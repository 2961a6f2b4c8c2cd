//! The heart: acts, touches, reach and duties. Everything else in the product writes here in the
//! transaction of the thing itself, and every figure is read from here.

pub mod act;
mod coding;
pub mod duty;
pub mod figures;
pub mod question;
pub mod reach;
pub mod rules;
pub mod touch;
pub mod week;

use gongyu_kernel::i18n::Words;
use gongyu_store::Migration;
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature};

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "ledger", number: 1, name: "ledger", sql: include_str!("../migrations/0001_ledger.sql") },
    Migration { room: "ledger", number: 2, name: "week", sql: include_str!("../migrations/0002_week.sql") },
    Migration { room: "ledger", number: 3, name: "feed", sql: include_str!("../migrations/0003_feed.sql") },
    Migration {
        room: "ledger",
        number: 4,
        name: "room to change",
        sql: include_str!("../migrations/0004_room_to_change.sql"),
    },
    Migration { room: "ledger", number: 5, name: "question", sql: include_str!("../migrations/0005_question.sql") },
];

/// The ledger as the house sees it.
pub fn feature() -> Feature {
    Feature {
        name: "ledger",
        words: &[
            Words {
                zh: include_str!("../locales/zh-CN/duty-rules.ftl"),
                en: include_str!("../locales/en/duty-rules.ftl"),
            },
            Words { zh: include_str!("../locales/zh-CN/ledger.ftl"), en: include_str!("../locales/en/ledger.ftl") },
        ],
        migrations: MIGRATIONS,
        jobs: &[
            Handler { kind: "ledger.week", run: |app: &App, _, _| week::keep_week(&app.db) },
            Handler {
                kind: "ledger.ask",
                run: |app: &App, _, _| question::draw_job(&app.db, u64::from_le_bytes(app.random.bytes())),
            },
            Handler { kind: "ledger.backfill", run: |app: &App, _, body| duty::backfill_job(&app.db, body) },
        ],
        schedules: &[
            Schedule { kind: "ledger.week", every: Every::DayAt(23, 30) },
            // Before the morning, so that a question waits when the day begins.
            Schedule { kind: "ledger.ask", every: Every::DayAt(4, 40) },
        ],
        on_membership_change: Some(reach::on_membership_change),
        integrity: Some(|app| reach::disagreements(&app.db)),
        ..Feature::default()
    }
}
