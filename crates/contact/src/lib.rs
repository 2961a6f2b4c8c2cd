//! Every way a school and its families meet.

pub mod act_record;
pub mod calendar;
pub mod caseload;
pub mod class_board;
pub mod contact_log;
pub mod guardian_home;
mod labelled;
pub mod notice;
pub mod open_day;
pub mod sampled;
pub mod visit;

use gongyu_store::Migration;

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "contact", number: 1, name: "contact", sql: include_str!("../migrations/0001_contact.sql") },
    Migration { room: "contact", number: 3, name: "visit", sql: include_str!("../migrations/0003_visit.sql") },
    Migration { room: "contact", number: 2, name: "notice", sql: include_str!("../migrations/0002_notice.sql") },
    Migration { room: "contact", number: 4, name: "offline", sql: include_str!("../migrations/0004_offline.sql") },
    Migration { room: "contact", number: 5, name: "open_day", sql: include_str!("../migrations/0005_open_day.sql") },
    Migration { room: "contact", number: 6, name: "caseload", sql: include_str!("../migrations/0006_caseload.sql") },
];
