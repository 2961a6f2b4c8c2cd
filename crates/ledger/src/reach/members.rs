//! The figures of a class: shifted by a touch, recounted when a child comes or goes.

use super::counters::Flags;
use crate::duty;
use crate::touch::Periods;
use gongyu_kernel::{Id, Result};
use gongyu_registry::year;
use gongyu_store::{Tx, sql};
use gongyu_web::MembershipChange;
use std::collections::BTreeSet;

/// The columns of a class's figures, for those who write them in bulk.
pub const CLASS_COLUMNS: &[&str] = &[
    "class_id",
    "period",
    "school_id",
    "town_id",
    "setting",
    "students",
    "special",
    "told",
    "confirmed",
    "talked",
    "met",
    "father",
    "mother",
    "visited",
    "t_good",
    "t_neutral",
    "t_concern",
    "t_complaint",
];

/// Adds a change to the figures of a class in at most three periods. `ready` says that the rows are
/// known to be there; else those that are not are made first.
pub(super) fn shift_class(tx: &mut Tx, class: Id, periods: &[&str], change: &Flags, ready: bool) -> Result<()> {
    if !ready {
        periods.iter().try_for_each(|period| empty_class(tx, class, period))?;
    }
    let [told, confirmed, talked, met, father, mother, visited, good, neutral, concern, complaint] = change;
    for three in periods.chunks(3) {
        let Some(first) = three.first() else { continue };
        let (second, third) = (three.get(1).unwrap_or(first), three.get(2).unwrap_or(first));
        tx.exec_later(
            sql!(
                "UPDATE class_reach SET told = told + $1, confirmed = confirmed + $2, talked = talked + $3,
                    met = met + $4, father = father + $5, mother = mother + $6, visited = visited + $7,
                    t_good = t_good + $8, t_neutral = t_neutral + $9, t_concern = t_concern + $10,
                    t_complaint = t_complaint + $11
                 WHERE class_id = $12 AND period IN ($13, $14, $15)"
            ),
            &[
                told, confirmed, talked, met, father, mother, visited, good, neutral, concern, complaint, &class,
                first, second, third,
            ],
        )?;
    }
    Ok(())
}

fn empty_class(tx: &mut Tx, class: Id, period: &str) -> Result<()> {
    tx.exec_later(
        sql!(
            "INSERT INTO class_reach (class_id, period, school_id, town_id, setting, students, special, told,
                     confirmed, talked, met, father, mother, visited, t_good, t_neutral, t_concern, t_complaint)
              SELECT u.id, CAST($1 AS TEXT), u.school_id, u.town_id, COALESCE(u.setting, 'urban'),
                     (SELECT COUNT(*) FROM student s WHERE s.class_id = u.id AND s.state = 'active'),
                     (SELECT COUNT(*) FROM student s WHERE s.class_id = u.id AND s.state = 'active' AND s.special),
                     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
              FROM unit u WHERE u.id = $2 AND u.school_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM class_reach c WHERE c.class_id = $2 AND c.period = $1)
              ON CONFLICT (period, class_id) DO NOTHING"
        ),
        &[&period, &class],
    )?;
    Ok(())
}

/// Recounts a class in a period from the counters of its children of today.
///
/// # Errors
/// As any statement.
pub fn recompute_class(tx: &mut Tx, class: Id, period: &str) -> Result<()> {
    tx.exec(
        sql!("INSERT INTO class_reach (class_id, period, school_id, town_id, setting, students, special, told,
                     confirmed, talked, met, father, mother, visited, t_good, t_neutral, t_concern, t_complaint)
              SELECT u.id, CAST($1 AS TEXT), u.school_id, u.town_id, COALESCE(u.setting, 'urban'),
                COUNT(s.id),
                CAST(COALESCE(SUM(CASE WHEN s.special THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_told + r.n_confirmed + r.n_talked + r.n_met > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_confirmed + r.n_talked + r.n_met > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_talked + r.n_met > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_met > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_father > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_mother > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.n_visit > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(r.n_good), 0) AS BIGINT), CAST(COALESCE(SUM(r.n_neutral), 0) AS BIGINT),
                CAST(COALESCE(SUM(r.n_concern), 0) AS BIGINT), CAST(COALESCE(SUM(r.n_complaint), 0) AS BIGINT)
              FROM unit u
              LEFT JOIN student s ON s.class_id = u.id AND s.state = 'active'
              LEFT JOIN reach r ON r.student_id = s.id AND r.period = $1
              WHERE u.id = $2 AND u.school_id IS NOT NULL
              GROUP BY u.id, u.school_id, u.town_id, u.setting
              ON CONFLICT (period, class_id) DO UPDATE SET
                school_id = excluded.school_id, town_id = excluded.town_id, setting = excluded.setting,
                students = excluded.students, special = excluded.special, told = excluded.told,
                confirmed = excluded.confirmed, talked = excluded.talked, met = excluded.met,
                father = excluded.father, mother = excluded.mother, visited = excluded.visited,
                t_good = excluded.t_good, t_neutral = excluded.t_neutral, t_concern = excluded.t_concern,
                t_complaint = excluded.t_complaint"),
        &[&period, &class],
    )?;
    Ok(())
}

/// Children came, left or changed class: their counters of the present periods go with them, and the
/// classes concerned are recounted. Periods that are over stay with the class they happened in.
///
/// # Errors
/// As any statement.
pub fn on_membership_change(tx: &mut Tx, changes: &[MembershipChange]) -> Result<()> {
    let (today, calendar) = (tx.today(), year::calendar(tx)?);
    let periods = Periods::of(&calendar, today);
    let [semester, school_year, ever] = periods.codes();
    let moved: Vec<Id> =
        changes.iter().filter(|c| c.from_class.is_some() || c.to_class.is_some()).map(|c| c.student).collect();
    tx.exec_in(
        sql!(
            "UPDATE reach SET
                class_id = (SELECT CASE WHEN s.state = 'active' THEN s.class_id ELSE NULL END
                            FROM student s WHERE s.id = reach.student_id),
                school_id = (SELECT s.school_id FROM student s WHERE s.id = reach.student_id)
              WHERE student_id IN ($1) AND period IN ($2, $3, $4)"
        ),
        &moved,
        &[&semester, &school_year, &ever],
    )?;
    let classes: BTreeSet<Id> = changes.iter().flat_map(|c| [c.from_class, c.to_class]).flatten().collect();
    for class in classes {
        for period in periods.codes() {
            recompute_class(tx, class, period)?;
        }
        duty::recount_class(tx, class, &calendar)?;
    }
    Ok(())
}
