//! Messages to people outside: one table of what goes out, and channels that carry it.
//! A message whose answer was lost is `unknown` and never sent again by itself.

pub mod channel;
pub mod choice;
mod code;
mod desk;
pub mod dispatch;
pub mod inbox;
mod letterbox;
pub mod live;
pub mod message;
mod mine;
mod outbox;
pub mod policy;
pub mod ration;
mod report;
mod run;
mod sync;
pub mod ways;

use gongyu_kernel::i18n::Words;
use gongyu_kernel::outgoing::CODE_JOB;
use gongyu_store::Migration;
use gongyu_store::jobs::{Every, Handler, Schedule};
use gongyu_web::{App, Feature, Routes};

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "deliver", number: 1, name: "outgoing", sql: include_str!("../migrations/0001_outgoing.sql") },
    Migration { room: "deliver", number: 2, name: "dispatch", sql: include_str!("../migrations/0002_dispatch.sql") },
    Migration { room: "deliver", number: 3, name: "inbox", sql: include_str!("../migrations/0003_inbox.sql") },
];

const WORDS: &[Words] = &[
    Words { zh: include_str!("../locales/zh-CN/deliver.ftl"), en: include_str!("../locales/en/deliver.ftl") },
    Words { zh: include_str!("../locales/zh-CN/delivery.ftl"), en: include_str!("../locales/en/delivery.ftl") },
    Words { zh: include_str!("../locales/zh-CN/letterbox.ftl"), en: include_str!("../locales/en/letterbox.ftl") },
    Words { zh: include_str!("../locales/zh-CN/channels.ftl"), en: include_str!("../locales/en/channels.ftl") },
];

/// Kind of the job that forgets old messages.
const SWEEP_JOB: &str = "deliver.sweep";

const JOBS: &[Handler<App>] = &[
    Handler { kind: CODE_JOB, run: code::deliver },
    Handler { kind: dispatch::RUN_JOB, run: run::job },
    Handler { kind: SWEEP_JOB, run: message::sweep },
    Handler { kind: mine::prove::PROOF_JOB, run: mine::prove::send },
    Handler { kind: sync::SYNC_JOB, run: sync::run },
];

const SCHEDULES: &[Schedule] = &[
    Schedule { kind: SWEEP_JOB, every: Every::DayAt(3, 40) },
    Schedule { kind: dispatch::RUN_JOB, every: Every::Seconds(20) },
    Schedule { kind: sync::SYNC_JOB, every: Every::DayAt(3, 20) },
];

/// The feature.
pub fn feature() -> Feature {
    Feature {
        name: "deliver",
        routes: Some(routes),
        nav: desk::NAV,
        words: WORDS,
        migrations: MIGRATIONS,
        jobs: JOBS,
        schedules: SCHEDULES,
        ..Feature::default()
    }
}

fn routes() -> Routes {
    Routes::new()
        .get("/demo/outbox", outbox::show)
        .live("/live/{ticket}", live::SOURCE)
        .merge(desk::routes())
        .merge(mine::routes())
        .merge(letterbox::routes())
        .merge(report::routes())
}
