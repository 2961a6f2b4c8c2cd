//! Messages to people outside: one table of what goes out, and channels that carry it.
//! A message whose answer was lost is `unknown` and never sent again by itself.

pub mod channel;
mod code;
pub mod dispatch;
pub mod live;
pub mod message;
mod outbox;
mod run;
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
];

const WORDS: &[Words] =
    &[Words { zh: include_str!("../locales/zh-CN/deliver.ftl"), en: include_str!("../locales/en/deliver.ftl") }];

/// Kind of the job that forgets old messages.
const SWEEP_JOB: &str = "deliver.sweep";

const JOBS: &[Handler<App>] = &[
    Handler { kind: CODE_JOB, run: code::deliver },
    Handler { kind: dispatch::RUN_JOB, run: run::job },
    Handler { kind: SWEEP_JOB, run: message::sweep },
];

const SCHEDULES: &[Schedule] = &[
    Schedule { kind: SWEEP_JOB, every: Every::DayAt(3, 40) },
    Schedule { kind: dispatch::RUN_JOB, every: Every::Seconds(20) },
];

/// The feature.
pub fn feature() -> Feature {
    Feature {
        name: "deliver",
        routes: Some(routes),
        words: WORDS,
        migrations: MIGRATIONS,
        jobs: JOBS,
        schedules: SCHEDULES,
        ..Feature::default()
    }
}

fn routes() -> Routes {
    Routes::new().get("/demo/outbox", outbox::show).live("/live/{ticket}", live::SOURCE)
}
