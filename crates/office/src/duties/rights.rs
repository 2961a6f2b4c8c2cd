//! Who may read how many children a duty is about.

use gongyu_access::{Action, Actor};
use gongyu_ledger::rules::Rule;

/// A count of a special group below this is not shown (DESIGN.md 5).
pub(super) const LEAST_SHOWN: u32 = 5;

/// Whether a rule is about a special group, so that its counts say who belongs to one.
pub(super) fn is_sensitive(rule: &Rule) -> bool {
    !rule.applies.categories.is_empty()
}

/// Whether a person may read the counts of a rule.
pub(super) fn may_count(actor: &Actor, rule: &Rule) -> bool {
    !is_sensitive(rule) || actor.may(Action::SeeCategories).is_ok()
}
