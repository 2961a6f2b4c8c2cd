//! Which groups of pupils get special visits, and who belongs to one.

use super::Importer;
use super::columns::SpecialGroups;
use super::jobs::SPECIAL;
use crate::people::{SealedStudent, student_details};
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, Tx, jobs, settings, sql};
use gongyu_web::MembershipChange;

pub use super::columns::SpecialGroup;

/// Setting: the groups that count.
pub(super) const SETTING: &str = "roster-special-groups";
/// Pupils looked at in one transaction.
const AT_ONCE: i64 = 200;

/// The groups that count as special in this district.
///
/// # Errors
/// As any statement.
pub fn special_groups(r: &mut Reader) -> Result<Vec<SpecialGroup>> {
    Ok(SpecialGroups::load(r)?.0)
}

/// Chooses the groups that count; every pupil is then sorted anew by a job.
///
/// # Errors
/// As any statement.
pub fn set_special_groups(tx: &mut Tx, groups: &[SpecialGroup]) -> Result<()> {
    settings::put(tx, SETTING, &SpecialGroups(groups.to_vec()))?;
    jobs::enqueue(tx, SPECIAL, &()).map(drop)
}

type Line = (Id, String, bool, bool, Option<Id>);

impl Importer {
    /// Sorts every pupil in school anew by the groups that count now.
    ///
    /// # Errors
    /// As any statement; calling it again is harmless.
    pub fn sort_special(&self) -> Result<()> {
        let mut after = Id(0);
        loop {
            let (importer, from) = (self.clone(), after);
            let last = self.db.write_wait(move |tx| importer.sort_some(tx, from))?;
            match last {
                Some(id) => after = id,
                None => return Ok(()),
            }
        }
    }

    fn sort_some(&self, tx: &mut Tx, after: Id) -> Result<Option<Id>> {
        let groups = SpecialGroups::load(tx)?;
        let lines: Vec<Line> = tx.rows(
            sql!(
                "SELECT id, left_behind, migrant, special, class_id FROM student
                  WHERE id > $1 AND state = 'active' ORDER BY id LIMIT $2"
            ),
            &[&after, &AT_ONCE],
        )?;
        let mut changes = Vec::new();
        for (id, away, migrant, was, class) in &lines {
            let details: SealedStudent = student_details(tx, &self.vault, *id)?;
            let is = groups.hold(away, *migrant, &details);
            if is != *was {
                tx.exec(sql!("UPDATE student SET special = $1 WHERE id = $2"), &[&is, id])?;
                // Nobody moves, but the figures of the class count those of the special groups.
                changes.push(MembershipChange { student: *id, from_class: *class, to_class: *class, on: tx.today() });
            }
        }
        self.told.membership(tx, &changes)?;
        Ok(lines.last().map(|line| line.0))
    }
}
