//! Who leaves because a complete file no longer names them.

use super::base::{Base, Known};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, settings};
use std::collections::{HashMap, HashSet};

/// Setting: percent of a school's pupils who may leave by one import without a second confirmation.
pub const LEFT_PERCENT: &str = "roster-left-percent";
/// Its default [P].
const DEFAULT_PERCENT: i64 = 5;

/// The share in force.
pub(crate) fn percent(r: &mut Reader) -> Result<i64> {
    Ok(settings::get(r, LEFT_PERCENT)?.unwrap_or(DEFAULT_PERCENT))
}

/// Who would leave, and whether that is more of a school than goes without asking again.
pub(super) fn leaving(base: &Base, schools: &HashSet<Id>, waiting: &HashSet<u64>, percent: i64) -> (Vec<Known>, bool) {
    let (gone, totals) = base.unseen(schools, waiting);
    let mut of_school: HashMap<Id, i64> = HashMap::new();
    for known in &gone {
        *of_school.entry(known.school).or_insert(0) += 1;
    }
    let over = of_school.iter().any(|(school, n)| n * 100 > totals.get(school).copied().unwrap_or(0) * percent);
    (gone, over)
}
