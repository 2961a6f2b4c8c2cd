//! Who is acting, in which hat, and what that hat may do. Accounts, credentials, sessions, roles
//! and the policy table; no page lives here.

pub mod account;
pub mod actor;
pub mod code;
pub mod grant;
pub mod limit;
pub mod password;
pub mod policy;
pub mod session;
pub mod token;
pub mod totp;

pub use actor::{Actor, Hat, Prefs};
pub use policy::{Action, Right, Role, right};

use gongyu_store::Migration;

/// The migrations of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { room: "access", number: 1, name: "accounts", sql: include_str!("../migrations/0001_accounts.sql") }];
