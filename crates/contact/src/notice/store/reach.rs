//! Ready counts of classes for "this will reach so many families": kept by a job, dropped when somebody
//! moves, counted anew where missing.

use super::audience::FAMILY_PARTS;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Db, Reader, Tx, Value, record, sql};
use std::collections::HashSet;

/// Classes counted in one write: under 50 ms.
const AT_ONCE: i64 = 40;

record! {
    /// The families of a class.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) struct Ready {
        pub(crate) class: Id,
        pub(crate) children: i64,
        pub(crate) family_parts: i64,
        pub(crate) no_phone: i64,
        pub(crate) no_guardian: i64,
    }
}

/// The sum over some classes; classes without a ready count are counted on the spot.
pub(crate) fn sums(r: &mut Reader, classes: &[Id]) -> Result<Ready> {
    let mut known: Vec<Ready> = r.rows_in(
        sql!("SELECT class_id, children, family_parts, no_phone, no_guardian FROM notice_reach WHERE class_id IN ($1)"),
        classes,
        &[],
    )?;
    let have: HashSet<Id> = known.iter().map(|k| k.class).collect();
    let missing: Vec<Id> = classes.iter().copied().filter(|c| !have.contains(c)).collect();
    known.extend(count(r, &missing)?);
    known.sort_by_key(|k| k.class);
    known.dedup_by_key(|k| k.class);
    Ok(known.into_iter().fold(Ready::default(), |sum, k| Ready {
        class: sum.class,
        children: sum.children + k.children,
        family_parts: sum.family_parts + k.family_parts,
        no_phone: sum.no_phone + k.no_phone,
        no_guardian: sum.no_guardian + k.no_guardian,
    }))
}

fn count(r: &mut Reader, classes: &[Id]) -> Result<Vec<Ready>> {
    r.rows_in(
        sql!(
            "SELECT c.class_id, COUNT(*), CAST(SUM(c.parts) AS BIGINT),
                    CAST(SUM(CASE WHEN c.guardians > 0 AND c.phones = 0 THEN 1 ELSE 0 END) AS BIGINT),
                    CAST(SUM(CASE WHEN c.guardians = 0 THEN 1 ELSE 0 END) AS BIGINT)
              FROM (SELECT s.class_id,
                           $2 / (SELECT COUNT(*) FROM student o WHERE o.family_id = s.family_id AND o.state = 'active')
                             AS parts,
                           (SELECT COUNT(*) FROM guardianship k WHERE k.student_id = s.id AND k.valid_to IS NULL
                             AND k.may_receive AND NOT k.restricted) AS guardians,
                           (SELECT COUNT(*) FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
                             WHERE k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                               AND g.phone_blind IS NOT NULL) AS phones
                      FROM student s WHERE s.class_id IN ($1) AND s.state = 'active') c
              GROUP BY c.class_id"
        ),
        classes,
        &[&FAMILY_PARTS],
    )
}

/// Forgets the counts of classes in which somebody moved or whose guardians changed.
pub(crate) fn forget(tx: &mut Tx, classes: &[Id]) -> Result<()> {
    tx.exec_in(sql!("DELETE FROM notice_reach WHERE class_id IN ($1)"), classes, &[]).map(drop)
}

/// Forgets the counts of the classes of some children.
pub(crate) fn forget_of(tx: &mut Tx, students: &[Id]) -> Result<()> {
    tx.exec_in(
        sql!("DELETE FROM notice_reach WHERE class_id IN (SELECT class_id FROM student WHERE id IN ($1))"),
        students,
        &[],
    )
    .map(drop)
}

/// Counts every class that has no count, and once a night every class anew.
pub(crate) fn keep(db: &Db, anew: bool) -> Result<()> {
    let mut after = Id(0);
    loop {
        let (done, last) = db.write_wait(move |tx| {
            let classes: Vec<(Id,)> = tx.rows(
                sql!(
                    "SELECT u.id FROM unit u WHERE u.kind = 'class' AND u.valid_to IS NULL AND u.id > $1
                       AND ($2 OR NOT EXISTS (SELECT 1 FROM notice_reach x WHERE x.class_id = u.id))
                      ORDER BY u.id LIMIT $3"
                ),
                &[&after, &anew, &AT_ONCE],
            )?;
            let ids: Vec<Id> = classes.into_iter().map(|(id,)| id).collect();
            let Some(last) = ids.last().copied() else { return Ok((true, after)) };
            forget(tx, &ids)?;
            let now = tx.now();
            let counted = count(tx, &ids)?;
            let mut seen = HashSet::new();
            let rows: Vec<Vec<Value<'_>>> = counted
                .iter()
                .filter(|c| seen.insert(c.class))
                .map(|c| {
                    [c.class.0, c.children, c.family_parts, c.no_phone, c.no_guardian, now.0].map(Value::Int).to_vec()
                })
                .collect();
            tx.insert_many(
                "notice_reach",
                &["class_id", "children", "family_parts", "no_phone", "no_guardian", "counted_at"],
                &rows,
            )?;
            Ok((false, last))
        })?;
        if done {
            return Ok(());
        }
        after = last;
    }
}
