//! Fields that must not be readable in a stolen database: sealed with keys that live beside it,
//! never in it, and found again by a blind index. `classes` says which column is of which class.

pub mod classes;
mod keys;
pub mod note;

use gongyu_store::Migration;

pub use keys::{KeyFault, Vault};

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { room: "vault", number: 1, name: "notes", sql: include_str!("../migrations/0001_notes.sql") }];
