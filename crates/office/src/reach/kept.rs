//! Weekly records of classes, summed by school or read by class.

use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::figures::Figures;
use gongyu_ledger::rules::Depth;
use gongyu_store::{Reader, record, sql};

record! {
    /// A school or class as it stood at a week's end.
    #[derive(Clone, Debug)]
    pub(super) struct Kept {
        /// School or class.
        pub key: Id,
        /// `urban` or `rural`.
        pub setting: String,
        /// Semester its counters belong to.
        pub semester: String,
        pub classes: i64,
        pub students: i64,
        pub confirmed: i64,
        pub talked: i64,
        pub met: i64,
        pub visited: i64,
        pub never: i64,
    }
}

impl Kept {
    /// As far as a weekly record knows: no messages merely sent, no fathers and mothers, no tones.
    pub(super) fn figures(&self) -> Figures {
        Figures {
            key: self.key,
            setting: self.setting.clone(),
            classes: self.classes,
            students: self.students,
            confirmed: self.confirmed,
            talked: self.talked,
            met: self.met,
            visited: self.visited,
            ever: self.students - self.never,
            ..Figures::default()
        }
    }

    /// Children reached so deeply; `None` for what a weekly record does not keep.
    pub(super) const fn reached(&self, least: Depth) -> Option<i64> {
        match least {
            Depth::Told => None,
            Depth::Confirmed => Some(self.confirmed),
            Depth::Talked => Some(self.talked),
            Depth::Met => Some(self.met),
        }
    }
}

/// Every school at a week's end.
pub(super) fn schools(r: &mut Reader, week: Date) -> Result<Vec<Kept>> {
    r.rows(
        sql!(
            "SELECT school_id, MIN(setting), MIN(semester), COUNT(*), CAST(SUM(students) AS BIGINT),
                     CAST(SUM(confirmed) AS BIGINT), CAST(SUM(talked) AS BIGINT), CAST(SUM(met) AS BIGINT),
                     CAST(SUM(visited) AS BIGINT), CAST(SUM(never) AS BIGINT)
              FROM class_week WHERE week_end = $1 GROUP BY school_id ORDER BY school_id"
        ),
        &[&week],
    )
}

/// The classes of a school at a week's end.
pub(super) fn classes(r: &mut Reader, week: Date, school: Id) -> Result<Vec<Kept>> {
    r.rows(
        sql!(
            "SELECT class_id, setting, semester, CAST(1 AS BIGINT), students, confirmed, talked, met, visited, never
              FROM class_week WHERE school_id = $1 AND week_end = $2 ORDER BY class_id"
        ),
        &[&school, &week],
    )
}
