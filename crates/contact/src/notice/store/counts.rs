//! How far a notice is, from the counters of its classes.

use crate::notice::model::{Counts, Stand};
use crate::notice::permit::Slice;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, Reader, Tx, record, sql};
use std::collections::HashMap;

record! {
    struct Row {
        key: Id,
        addressed: i64,
        failed: i64,
        delivered: i64,
        read: i64,
        confirmed: i64,
        letters: i64,
    }
}

impl Row {
    const fn counts(&self) -> Counts {
        Counts {
            addressed: self.addressed,
            failed: self.failed,
            delivered: self.delivered,
            read: self.read,
            confirmed: self.confirmed,
        }
    }
}

macro_rules! sums {
    ($key:literal, $tail:literal) => {
        sql!(concat!(
            "SELECT ",
            $key,
            ", CAST(COALESCE(SUM(c.n_addressed), 0) AS BIGINT), CAST(COALESCE(SUM(c.n_failed), 0) AS BIGINT),
               CAST(COALESCE(SUM(c.n_delivered), 0) AS BIGINT), CAST(COALESCE(SUM(c.n_read), 0) AS BIGINT),
               CAST(COALESCE(SUM(c.n_confirmed), 0) AS BIGINT), CAST(COALESCE(SUM(c.letters), 0) AS BIGINT)
             FROM notice_class c ",
            $tail
        ))
    };
}

/// The children of a notice counted, as far as the slice goes.
///
/// # Errors
/// As any statement.
pub fn counts(r: &mut Reader, notice: Id, slice: Slice) -> Result<Counts> {
    Ok(counts_of(r, &[notice], slice)?.remove(&notice).unwrap_or_default())
}

/// The children of several notices counted, for a list.
///
/// # Errors
/// As any statement.
pub fn counts_of(r: &mut Reader, notices: &[Id], slice: Slice) -> Result<HashMap<Id, Counts>> {
    let rows: Vec<Row> = r.rows_in(
        sums!(
            "c.notice_id",
            "WHERE c.notice_id IN ($1) AND (CAST($2 AS BIGINT) = 0 OR c.school_id = $2) AND (CAST($3 AS BIGINT) = 0 OR c.class_id = $3)
               AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM unit u WHERE u.id = c.school_id AND u.town_id = $4))
             GROUP BY c.notice_id"
        ),
        notices,
        &[&slice.school, &slice.class, &slice.town],
    )?;
    Ok(rows.into_iter().map(|row| (row.key, row.counts())).collect())
}

/// A unit of a notice with its children counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitCounts {
    /// School or class.
    pub unit: Id,
    /// Its children.
    pub counts: Counts,
    /// Letters that went or are to go.
    pub letters: i64,
}

fn lines(rows: Vec<Row>) -> Vec<UnitCounts> {
    rows.into_iter().map(|row| UnitCounts { unit: row.key, counts: row.counts(), letters: row.letters }).collect()
}

/// By class, within the slice.
///
/// # Errors
/// As any statement.
pub fn by_class(r: &mut Reader, notice: Id, slice: Slice) -> Result<Vec<UnitCounts>> {
    r.rows(
        sums!(
            "c.class_id",
            "WHERE c.notice_id = $1 AND (CAST($2 AS BIGINT) = 0 OR c.school_id = $2) AND (CAST($3 AS BIGINT) = 0 OR c.class_id = $3)
               AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM unit u WHERE u.id = c.school_id AND u.town_id = $4))
             GROUP BY c.class_id ORDER BY c.class_id"
        ),
        &[&notice, &slice.school, &slice.class, &slice.town],
    )
    .map(lines)
}

/// By school, within the slice.
///
/// # Errors
/// As any statement.
pub fn by_school(r: &mut Reader, notice: Id, slice: Slice) -> Result<Vec<UnitCounts>> {
    r.rows(
        sums!(
            "c.school_id",
            "WHERE c.notice_id = $1 AND (CAST($2 AS BIGINT) = 0 OR c.school_id = $2) AND (CAST($3 AS BIGINT) = 0 OR c.class_id = $3)
               AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM unit u WHERE u.id = c.school_id AND u.town_id = $4))
             GROUP BY c.school_id ORDER BY c.school_id"
        ),
        &[&notice, &slice.school, &slice.class, &slice.town],
    )
    .map(lines)
}

record! {
    struct Counted {
        notice: Id,
        class: Id,
        stand: Stand,
        n: i64,
    }
}

/// Whether the counters say what the children themselves say: what does not agree, for the operator.
///
/// # Errors
/// As any statement.
pub fn disagreements(db: &Db) -> Result<Vec<String>> {
    db.read_wait(|r| {
        let counted: Vec<Counted> = r.rows(
            sql!("SELECT notice_id, class_id, state, COUNT(*) FROM notice_child GROUP BY notice_id, class_id, state"),
            &[],
        )?;
        let mut anew: HashMap<(Id, Id), Counts> = HashMap::new();
        for row in counted {
            *anew.entry((row.notice, row.class)).or_default().of(row.stand) = row.n;
        }
        let kept: Vec<(Id, Id, i64, i64, i64, i64, i64)> = r.rows(
            sql!(
                "SELECT notice_id, class_id, n_addressed, n_failed, n_delivered, n_read, n_confirmed FROM notice_class"
            ),
            &[],
        )?;
        let mut wrong = Vec::new();
        for (notice, class, addressed, failed, delivered, read, confirmed) in kept {
            let kept = Counts { addressed, failed, delivered, read, confirmed };
            let anew = anew.remove(&(notice, class)).unwrap_or_default();
            if kept != anew {
                wrong.push(format!("notice {notice}, class {class}: {kept:?} kept, {anew:?} counted"));
            }
        }
        wrong.extend(anew.keys().map(|(notice, class)| format!("notice {notice}: class {class} is not counted")));
        let behind: Vec<(Id, Id)> = r.rows(
            sql!(
                "SELECT c.notice_id, c.student_id FROM notice_receipt o
                  JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id
                  WHERE (o.state = 'confirmed' AND c.state <> 'confirmed')
                     OR (o.state = 'read' AND c.state NOT IN ('read', 'confirmed'))
                     OR (o.state = 'delivered' AND c.state IN ('addressed', 'failed')) LIMIT 20"
            ),
            &[],
        )?;
        wrong.extend(behind.into_iter().map(|(n, s)| format!("notice {n}: child {s} stands behind its guardian")));
        Ok(wrong)
    })
}

/// Counts the classes of a notice anew from its children.
///
/// # Errors
/// As any statement.
pub fn recount(tx: &mut Tx, notice: Id) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE notice_class SET
                n_addressed = (SELECT COUNT(*) FROM notice_child c WHERE c.notice_id = notice_class.notice_id
                                 AND c.class_id = notice_class.class_id AND c.state = 'addressed'),
                n_failed = (SELECT COUNT(*) FROM notice_child c WHERE c.notice_id = notice_class.notice_id
                              AND c.class_id = notice_class.class_id AND c.state = 'failed'),
                n_delivered = (SELECT COUNT(*) FROM notice_child c WHERE c.notice_id = notice_class.notice_id
                                 AND c.class_id = notice_class.class_id AND c.state = 'delivered'),
                n_read = (SELECT COUNT(*) FROM notice_child c WHERE c.notice_id = notice_class.notice_id
                            AND c.class_id = notice_class.class_id AND c.state = 'read'),
                n_confirmed = (SELECT COUNT(*) FROM notice_child c WHERE c.notice_id = notice_class.notice_id
                                 AND c.class_id = notice_class.class_id AND c.state = 'confirmed')
              WHERE notice_id = $1"
        ),
        &[&notice],
    )
    .map(drop)
}
