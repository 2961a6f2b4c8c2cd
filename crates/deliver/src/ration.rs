//! How many letters people get. The product counts what it does to families, and shows it.

use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, Tx, record, sql};
use std::collections::HashMap;

/// Days the counts of single people are kept.
const KEPT_DAYS: i64 = 14;

/// Letters that went to each of these people on a day.
pub(crate) fn today(r: &mut Reader, people: &[Id], day: Date) -> Result<HashMap<Id, i64>> {
    let rows: Vec<(Id, i64)> = r.rows_in(
        sql!("SELECT person_id, sent FROM letter_day WHERE person_id IN ($1) AND day = $2"),
        people,
        &[&day],
    )?;
    Ok(rows.into_iter().collect())
}

/// Notes that one message went to this person today.
pub(crate) fn note(tx: &mut Tx, person: Id) -> Result<()> {
    let day = tx.today();
    tx.exec(
        sql!(
            "INSERT INTO letter_day (person_id, day, sent) VALUES ($1, $2, 1)
              ON CONFLICT (person_id, day) DO UPDATE SET sent = letter_day.sent + 1"
        ),
        &[&person, &day],
    )?;
    Ok(())
}

/// What went to the families of a school in a batch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gone {
    /// Messages.
    pub letters: i64,
    /// Of these, urgent.
    pub urgent: i64,
    /// Letters that were gathered into a digest instead of going alone.
    pub gathered: i64,
}

/// Notes what went to the families of schools. Schools in order, so that two nodes never wait for each other.
pub(crate) fn note_schools(tx: &mut Tx, gone: &HashMap<Id, Gone>) -> Result<()> {
    let week = monday(tx.today());
    let mut schools: Vec<_> = gone.iter().collect();
    schools.sort_unstable_by_key(|(school, _)| **school);
    for (school, gone) in schools {
        tx.exec(
            sql!(
                "INSERT INTO letter_week (school_id, week, letters, urgent, gathered) VALUES ($1, $2, $3, $4, $5)
                  ON CONFLICT (school_id, week) DO UPDATE SET letters = letter_week.letters + excluded.letters,
                     urgent = letter_week.urgent + excluded.urgent,
                     gathered = letter_week.gathered + excluded.gathered"
            ),
            &[school, &week, &gone.letters, &gone.urgent, &gone.gathered],
        )?;
    }
    Ok(())
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

record! {
    /// A week of letters to families.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Week {
        /// Its Monday.
        pub week: Date,
        /// Messages that went out.
        pub letters: i64,
        /// Of these, urgent.
        pub urgent: i64,
        /// Letters gathered into digests instead of going alone.
        pub gathered: i64,
    }
}

/// Letters and the families they went to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rationed {
    /// Weeks, the newest first.
    pub weeks: Vec<Week>,
    /// Families with a child in these schools today.
    pub families: i64,
}

impl Rationed {
    /// Messages for each family in the newest week; `None` without families.
    pub fn per_family(&self) -> Option<f64> {
        let newest = self.weeks.first().map_or(0, |w| w.letters);
        (self.families > 0).then(|| newest as f64 / self.families as f64)
    }
}

/// Messages to the families of a school, or of every school, over the last weeks.
///
/// # Errors
/// As any statement.
pub fn of_families(r: &mut Reader, school: Option<Id>, weeks: i64) -> Result<Rationed> {
    let (weeks, families) = match school {
        Some(school) => (
            r.rows(
                sql!(
                    "SELECT week, letters, urgent, gathered FROM letter_week
                      WHERE school_id = $1 ORDER BY week DESC LIMIT $2"
                ),
                &[&school, &weeks],
            )?,
            r.scalar(
                sql!("SELECT COUNT(DISTINCT family_id) FROM student WHERE school_id = $1 AND state = 'active'"),
                &[&school],
            )?,
        ),
        None => (
            r.rows(
                sql!(
                    "SELECT week, CAST(SUM(letters) AS BIGINT), CAST(SUM(urgent) AS BIGINT),
                            CAST(SUM(gathered) AS BIGINT)
                       FROM letter_week GROUP BY week ORDER BY week DESC LIMIT $1"
                ),
                &[&weeks],
            )?,
            r.scalar(sql!("SELECT COUNT(DISTINCT family_id) FROM student WHERE state = 'active'"), &[])?,
        ),
    };
    Ok(Rationed { weeks, families })
}

/// Forgets the counts of single people past their time.
pub(crate) fn sweep(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-KEPT_DAYS).date();
    tx.exec(
        sql!(
            "DELETE FROM letter_day WHERE day < $1 AND person_id IN
              (SELECT person_id FROM letter_day WHERE day < $1 LIMIT 2000)"
        ),
        &[&before],
    )
}
