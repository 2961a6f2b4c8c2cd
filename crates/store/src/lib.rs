//! The one door to the database. `Db::read` and `Db::write` run plain synchronous closures on a
//! database thread, inside one transaction: one hop for a whole request, on SQLite or PostgreSQL,
//! with one SQL text for both.

mod asked;
pub mod audit;
pub mod backup;
pub mod blob;
mod conn;
mod db;
pub mod follow;
pub mod jobs;
pub mod list;
mod lite;
mod many;
pub mod meter;
pub mod migrate;
mod node;
mod pg;
mod prepared;
mod replica;
pub mod schema;
pub mod search;
pub mod settings;
mod sql;
mod tls;
mod tx;
mod value;
mod wal;

pub use asked::Asked;
pub use db::{Db, Engine, Options};
#[doc(hidden)]
pub use inventory;
pub use migrate::Migration;
pub use replica::Replication;
#[doc(hidden)]
pub use sql::registered_sql;
pub use sql::{Registered, Sql, registered};
pub use tx::{Reader, Tx};
pub use value::{FromRow, FromValue, Row, ToValue, Value, ValueRef};

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { room: "store", number: 1, name: "door", sql: include_str!("../migrations/0001_door.sql") },
    Migration { room: "store", number: 2, name: "settings", sql: include_str!("../migrations/0002_settings.sql") },
    Migration { room: "store", number: 3, name: "search", sql: include_str!("../migrations/0003_search.sql") },
    Migration {
        room: "store",
        number: 4,
        name: "audit-anchor",
        sql: include_str!("../migrations/0004_audit_anchor.sql"),
    },
];
