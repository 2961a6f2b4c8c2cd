//! Districts, towns, schools, classes; pupils, guardians, families, staff; and the rosters they come from.

pub mod account;
pub mod card;
pub mod org;
pub mod people;
pub mod permit;
pub mod rollover;
pub mod roster;
pub mod unit;
pub mod year;

use gongyu_store::Migration;

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "registry", number: 1, name: "registry", sql: include_str!("../migrations/0001_registry.sql") },
    Migration { room: "registry", number: 2, name: "org", sql: include_str!("../migrations/0002_org.sql") },
    Migration { room: "registry", number: 3, name: "people", sql: include_str!("../migrations/0003_people.sql") },
    Migration { room: "registry", number: 4, name: "roster", sql: include_str!("../migrations/0004_roster.sql") },
    Migration {
        room: "registry",
        number: 5,
        name: "speciality",
        sql: include_str!("../migrations/0005_speciality.sql"),
    },
    Migration { room: "registry", number: 6, name: "org-ends", sql: include_str!("../migrations/0006_org_ends.sql") },
];
