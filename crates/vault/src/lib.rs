//! Fields that must not be readable in a stolen database: sealed with keys that live beside it,
//! never in it, and found again by a blind index. `classes` says which column is of which class.

pub mod classes;
mod keys;

pub use keys::{KeyFault, Vault};
