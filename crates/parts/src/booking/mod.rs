//! Places that are taken, held, offered and waited for. A pool belongs to a record of some feature, known here
//! by kind and identifier only; its quotas overlap as the feature likes. Whatever changes a pool has its turn
//! (`Tx::turn`), so nothing is sold twice and nobody is overtaken; a check in the table is the last word.
//!
//! - [`pool`]: open a pool, set its quotas, see what is free.
//! - [`take`]: take places or join the line, all of a party or none of it; hold, confirm, cancel, move.
//! - [`line`]: serve the line from places given back, offers that run out, why somebody is not served yet.

pub mod line;
mod model;
pub mod pool;
mod read;
mod rules;
mod step;
pub mod take;

pub use line::{Block, Why};
pub use model::{Booking, Holder, IfFull, Outcome, Pool, Quota, Short, Span, State, Use, Wish};
pub use read::{SlotLine, by_slot, find, live_of_holder, of_persons, of_pool, of_pools, persons_of};
