//! The tables of notices.

pub(crate) mod audience;
mod counts;
mod hand;
mod join;
pub(crate) mod notices;
pub(crate) mod reach;
mod receipt;
pub(crate) mod remind;
mod report;
mod sending;
mod share;
pub(crate) mod step;

pub use audience::{ByWay, Preview, Target, Targets, preview, resolve};
pub use counts::{UnitCounts, by_class, by_school, counts, counts_of, disagreements, recount};
pub use hand::{tick_off, untick};
pub(crate) use join::on_membership_change;
pub use join::{Joiner, joiners, settle_joiner};
pub(crate) use notices::find_all;
pub use notices::{as_draft, as_template, by_token, copy, create, delete, find, templates, update};
pub use receipt::{Mine, answer, confirm, mine, read};
pub use remind::{Silent, remind_now};
pub use report::{
    AnswerLine, CHILDREN, CallLine, ChildLine, InboxLine, InboxStand, NonReader, Tab, answers_of, calls,
    child_in_sight, children, inbox, list, non_readers,
};
pub(crate) use sending::send_scheduled;
pub use sending::{Sent, add_recipients, correct, recall, send, unschedule};
pub use share::{Colleague, colleagues, share, shared_with, unshare};

use gongyu_deliver::live;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, Tx};

/// Counts the families of every class that has no ready count.
///
/// # Errors
/// As any statement.
pub fn count_classes(db: &Db) -> Result<()> {
    reach::keep(db, false)
}

/// The topic of a notice's open reports.
pub fn topic(notice: Id) -> String {
    format!("notice:{notice}")
}

/// Tells open reports that something moved.
pub(crate) fn changed(tx: &mut Tx, notice: Id) -> Result<()> {
    live::publish(tx, &topic(notice))
}
