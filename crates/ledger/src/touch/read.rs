//! Reading the ledger.

use super::model::Touch;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_store::{Reader, Tx, record, sql};

macro_rules! select {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT t.id, t.school_id, t.class_id, t.student_id, t.act_id, t.source_kind, t.source_id,
                    t.occurred_on, t.recorded_at, t.semester, t.kind, t.depth, t.channel, t.tone, t.by_family,
                    t.guardian_id, t.relation, t.staff_id, t.staff_role, t.minutes, t.reverses_id,
                    EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id)
             FROM touch t ",
            $tail
        ))
    };
}

/// Touches by their identifiers.
pub(super) fn by_ids(r: &mut Reader, ids: &[Id]) -> Result<Vec<Touch>> {
    let mut found: Vec<Touch> = r.rows_in(select!("WHERE t.id IN ($1)"), ids, &[])?;
    found.dedup_by_key(|t| t.id);
    Ok(found)
}

/// Every touch of some children that stands, in the order they were recorded; each once, though a list of
/// children is padded with its last.
pub(crate) fn standing_of(r: &mut Reader, students: &[Id]) -> Result<Vec<Touch>> {
    let mut found: Vec<Touch> =
        r.rows_in(select!("WHERE t.student_id IN ($1) AND t.reverses_id IS NULL"), students, &[])?;
    found.retain(|t| !t.reversed);
    found.sort_by_key(|t| t.id);
    found.dedup_by_key(|t| t.id);
    Ok(found)
}

/// The touches of a child, newest first, reversals and what they reversed left out unless asked for.
///
/// # Errors
/// As any statement.
pub fn of_student(r: &mut Reader, student: Id, with_reversed: bool, limit: i64) -> Result<Vec<Touch>> {
    let all: Vec<Touch> = r.rows(
        select!(
            "WHERE t.student_id = $1 AND t.reverses_id IS NULL
                 ORDER BY t.occurred_on DESC, t.id DESC LIMIT $2"
        ),
        &[&student, &limit],
    )?;
    Ok(all.into_iter().filter(|t| with_reversed || !t.reversed).collect())
}

/// One page of the touches of a child, newest first, from after a place on (`None`: from the newest). What
/// was taken back is left out unless asked for, and does not make the page shorter.
///
/// # Errors
/// As any statement.
pub fn page_of_student(
    r: &mut Reader,
    student: Id,
    with_reversed: bool,
    after: Option<(Date, Id)>,
    limit: i64,
) -> Result<Vec<Touch>> {
    let (day, id) = after.unwrap_or((Date::MAX, Id(i64::MAX)));
    r.rows(
        select!(
            "WHERE t.student_id = $1 AND t.reverses_id IS NULL
               AND (t.occurred_on < $2 OR (t.occurred_on = $2 AND t.id < $3))
               AND ($4 OR NOT EXISTS (SELECT 1 FROM touch v WHERE v.reverses_id = t.id AND v.school_id = t.school_id))
             ORDER BY t.occurred_on DESC, t.id DESC LIMIT $5"
        ),
        &[&student, &day, &id, &with_reversed, &limit],
    )
}

/// The touches that came from one record.
///
/// # Errors
/// As any statement.
pub fn of_source(r: &mut Reader, kind: &str, id: Id) -> Result<Vec<Touch>> {
    r.rows(
        select!("WHERE t.source_kind = $1 AND t.source_id = $2 AND t.reverses_id IS NULL ORDER BY t.id"),
        &[&kind, &id],
    )
}

/// The newest touches of a class.
///
/// # Errors
/// As any statement.
pub fn recent_of_class(r: &mut Reader, class: Id, limit: i64) -> Result<Vec<Touch>> {
    let all: Vec<Touch> = r.rows(
        select!("WHERE t.class_id = $1 AND t.reverses_id IS NULL ORDER BY t.recorded_at DESC, t.id DESC LIMIT $2"),
        &[&class, &limit],
    )?;
    Ok(all.into_iter().filter(|t| !t.reversed).collect())
}

/// Keeps what a guardian says of a recorded contact; saying it again replaces it.
///
/// # Errors
/// As any statement.
pub fn answer(tx: &mut Tx, touch: Id, school: Id, guardian: Id, happened: bool) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO touch_answer (id, touch_id, school_id, guardian_id, happened, at)
              VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (touch_id, guardian_id) DO UPDATE SET happened = excluded.happened, at = excluded.at"
        ),
        &[&id, &touch, &school, &guardian, &happened, &now],
    )?;
    Ok(())
}

/// What guardians said of some touches: touch and whether it happened.
///
/// # Errors
/// As any statement.
pub fn answers_of(r: &mut Reader, touches: &[Id]) -> Result<Vec<(Id, bool)>> {
    r.rows_in(sql!("SELECT touch_id, happened FROM touch_answer WHERE touch_id IN ($1)"), touches, &[])
}

record! {
    /// Entries of one kind of record.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SourceCount {
        /// Kind of the record.
        pub kind: String,
        /// Entries in the ledger, one for each child.
        pub entries: i64,
        /// Records they came from.
        pub records: i64,
    }
}

/// The entries that were recorded for the children of a school between two days, by the kind of record they
/// came from.
///
/// # Errors
/// As any statement.
pub fn sources_of_school(r: &mut Reader, school: Id, from: Date, to: Date) -> Result<Vec<SourceCount>> {
    let (from, to) = (Millis::start_of(from), Millis::start_of(to.tomorrow().unwrap_or(to)));
    r.rows(
        sql!(
            "SELECT t.source_kind, COUNT(*), COUNT(DISTINCT t.source_id) FROM unit u
              JOIN touch t ON t.class_id = u.id AND t.recorded_at >= $2 AND t.recorded_at < $3
              WHERE u.school_id = $1 AND u.kind = 'class' AND t.reverses_id IS NULL
              GROUP BY t.source_kind ORDER BY t.source_kind"
        ),
        &[&school, &from, &to],
    )
}
