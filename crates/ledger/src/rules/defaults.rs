//! The default set: the rule table of POLICY.md 1.1, shipped as data.
//!
//! In use from the start are the rules a school, kindergarten or class can be shown to meet with
//! what the product records today; the others are there with the reason they are off, for the
//! district or a later feature to switch on.

use super::model::Rule;
use std::sync::LazyLock;

pub(super) const FILES: [&str; 3] = [
    include_str!("../../data/duty-rules/school.json"),
    include_str!("../../data/duty-rules/child.json"),
    include_str!("../../data/duty-rules/area.json"),
];

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = FILES
        .into_iter()
        .flat_map(|text| serde_json::from_str::<Vec<Rule>>(text).expect("the shipped rules are well-formed"))
        .collect();
    rules.sort_by(|a, b| a.code.cmp(&b.code));
    rules
});

/// Version 1 of every rule, in order of code.
pub fn defaults() -> &'static [Rule] {
    &RULES
}
