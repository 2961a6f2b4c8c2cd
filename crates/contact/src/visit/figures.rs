//! Visits as figures: children visited and left, by class, school and town; findings by theme, where fewer
//! than five children are not counted out loud. What lies in protected notes is never counted.

use super::model::Theme;
use gongyu_kernel::{Id, Result};
use gongyu_ledger::figures;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::{Reader, record, sql};

/// Children under which a count is not told: it would point at them.
pub const FEWEST: i64 = 5;

record! {
    /// A unit's visits.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UnitVisits {
        /// Unit.
        pub id: Id,
        /// Name; of a class empty, see `class`.
        pub name: String,
        /// Children.
        pub students: i64,
        /// Of these visited this school year.
        pub visited: i64,
        /// Of these visited this semester.
        pub semester: i64,
    }
}

impl UnitVisits {
    /// Children still to be visited this school year.
    pub const fn left(&self) -> i64 {
        self.students - self.visited
    }
}

/// A theme and the children it concerns; `None` under five.
pub type ThemeCount = (Theme, Option<i64>);

/// The parts of a unit: a school's classes, a town's schools, the district's towns, those with the largest
/// share left first.
///
/// # Errors
/// As any statement.
pub fn parts_of(r: &mut Reader, unit: &Unit) -> Result<Vec<UnitVisits>> {
    let [semester, school_year, _] = figures::present_periods(r)?;
    let start = year::current(r)?.start;
    let mut rows: Vec<UnitVisits> = match unit.kind {
        UnitKind::School => r.rows(
            sql!(
                "SELECT c.class_id, '', c.students, COALESCE(y.visited, 0), c.visited FROM class_reach c
                  LEFT JOIN class_reach y ON y.class_id = c.class_id AND y.period = $2
                  WHERE c.period = $1 AND c.school_id = $3 AND c.students > 0"
            ),
            &[&semester, &school_year, &unit.id],
        )?,
        UnitKind::Town => r.rows(
            sql!(
                "SELECT u.id, u.name, CAST(SUM(c.students) AS BIGINT), CAST(COALESCE(SUM(y.visited), 0) AS BIGINT),
                         CAST(SUM(c.visited) AS BIGINT)
                  FROM class_reach c JOIN unit u ON u.id = c.school_id
                  LEFT JOIN class_reach y ON y.class_id = c.class_id AND y.period = $2
                  WHERE c.period = $1 AND c.town_id = $3 GROUP BY u.id, u.name"
            ),
            &[&semester, &school_year, &unit.id],
        )?,
        _ => r.rows(
            sql!(
                "SELECT u.id, u.name, CAST(SUM(c.students) AS BIGINT), CAST(COALESCE(SUM(y.visited), 0) AS BIGINT),
                         CAST(SUM(c.visited) AS BIGINT)
                  FROM class_reach c JOIN unit u ON u.id = c.town_id
                  LEFT JOIN class_reach y ON y.class_id = c.class_id AND y.period = $2
                  WHERE c.period = $1 GROUP BY u.id, u.name"
            ),
            &[&semester, &school_year],
        )?,
    };
    if unit.kind == UnitKind::School {
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let mut names = unit::names(r, &ids, start)?;
        for row in &mut rows {
            row.name = names.remove(&row.id).unwrap_or_default();
        }
    }
    rows.retain(|row| row.students > 0);
    rows.sort_by(|a, b| (b.left() * a.students, a.id).cmp(&(a.left() * b.students, b.id)));
    Ok(rows)
}

/// The whole of some parts.
pub fn whole(parts: &[UnitVisits]) -> (i64, i64, i64) {
    parts.iter().fold((0, 0, 0), |(s, v, t), p| (s + p.students, v + p.visited, t + p.semester))
}

/// Findings of this semester by theme.
///
/// # Errors
/// As any statement.
pub fn themes_of(r: &mut Reader, unit: &Unit) -> Result<Vec<ThemeCount>> {
    let [semester, _, _] = figures::present_periods(r)?;
    let rows: Vec<(Theme, i64)> = match unit.kind {
        UnitKind::School => r.rows(
            sql!(
                "SELECT theme, COUNT(DISTINCT student_id) FROM visit_finding
                  WHERE semester = $1 AND school_id = $2 GROUP BY theme"
            ),
            &[&semester, &unit.id],
        )?,
        UnitKind::Town => r.rows(
            sql!(
                "SELECT f.theme, COUNT(DISTINCT f.student_id) FROM visit_finding f JOIN unit u ON u.id = f.school_id
                  WHERE f.semester = $1 AND u.town_id = $2 GROUP BY f.theme"
            ),
            &[&semester, &unit.id],
        )?,
        _ => r.rows(
            sql!("SELECT theme, COUNT(DISTINCT student_id) FROM visit_finding WHERE semester = $1 GROUP BY theme"),
            &[&semester],
        )?,
    };
    Ok(suppressed(&rows))
}

/// Every theme in its order; counts from one to four are not told, none is none.
fn suppressed(rows: &[(Theme, i64)]) -> Vec<ThemeCount> {
    Theme::ALL
        .iter()
        .filter_map(|theme| {
            let n = rows.iter().find(|(t, _)| t == theme).map_or(0, |(_, n)| *n);
            (n > 0).then_some((*theme, (n >= FEWEST).then_some(n)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_five_children_are_not_counted_out_loud() {
        let rows = [(Theme::Mood, 4), (Theme::Care, 5), (Theme::Learning, 0)];
        assert_eq!(suppressed(&rows), [(Theme::Care, Some(5)), (Theme::Mood, None)]);
    }
}
