//! Writing a notice out: a row for each child, a receipt and a letter for each guardian, class by class.
//! Each chunk commits with the mark that it is done, so that a crash loses nothing and doubles nothing.

use super::model::{Notice, Stand, State};
use super::rules::{self, NoticeSettings};
use super::{SOURCE, settings, store};
use gongyu_deliver::dispatch::{self, NewDispatch};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_store::{Db, Reader, Tx, Value, jobs, record, sql};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Kind of the job that writes a notice out.
pub const JOB: &str = "notice.fan_out";
/// Classes of one chunk: some three thousand rows, under 50 ms.
const CLASSES_AT_ONCE: i64 = 16;

/// What the job is told.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) notice: Id,
}

/// Has a notice written out in the background.
pub(crate) fn enqueue(tx: &mut Tx, notice: Id) -> Result<()> {
    let now = tx.now();
    jobs::enqueue_once(tx, JOB, &Payload { notice }, now, &format!("{JOB}:{notice}")).map(drop)
}

/// Writes out whatever is left of a notice, chunk by chunk. A notice withdrawn meanwhile is left as it is.
///
/// # Errors
/// As any statement.
pub fn run(db: &Db, notice: Id) -> Result<()> {
    let mut after = (Id(0), Id(0));
    loop {
        let from = after;
        match db.write_wait(move |tx| chunk(tx, notice, from))? {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// Writes all of it out in this transaction.
pub(crate) fn all(tx: &mut Tx, notice: Id) -> Result<()> {
    let mut after = (Id(0), Id(0));
    while let Some(last) = chunk(tx, notice, after)? {
        after = last;
    }
    Ok(())
}

/// How far writing out is: classes done and classes in all.
///
/// # Errors
/// As any statement.
pub fn progress(r: &mut Reader, notice: Id) -> Result<(i64, i64)> {
    r.one(
        sql!(
            "SELECT CAST(COALESCE(SUM(CASE WHEN filled THEN 1 ELSE 0 END), 0) AS BIGINT), COUNT(*)
              FROM notice_class WHERE notice_id = $1"
        ),
        &[&notice],
    )
}

record! {
    /// A child and one of its guardians.
    struct Line {
        student: Id,
        school: Id,
        class: Id,
        guardian: Option<Id>,
        has_one: bool,
    }
}

/// The next classes after `after`; `None` when there are none left and the notice is marked as sent.
pub(crate) fn chunk(tx: &mut Tx, id: Id, after: (Id, Id)) -> Result<Option<(Id, Id)>> {
    let notice = store::find(tx, id)?;
    if notice.state != State::Sending {
        return Ok(None);
    }
    let classes: Vec<(Id, Id)> = tx.rows(
        sql!(
            "SELECT school_id, class_id FROM notice_class
              WHERE notice_id = $1 AND NOT filled AND (school_id > $2 OR (school_id = $2 AND class_id > $3))
              ORDER BY school_id, class_id LIMIT $4"
        ),
        &[&id, &after.0, &after.1, &CLASSES_AT_ONCE],
    )?;
    let settings = settings::settings_of(tx)?;
    let Some(last) = classes.last().copied() else {
        finish(tx, &notice, &settings)?;
        return Ok(None);
    };
    let ids: Vec<Id> = classes.iter().map(|(_, class)| *class).collect();
    let lines = lines(tx, &notice, &ids)?;
    let due = due_by_class(tx, &notice, &settings, &ids)?;
    let sums = write(tx, &notice, &lines, &due)?;
    for class in &ids {
        let sum = sums.get(class).copied().unwrap_or_default();
        tx.exec(
            sql!(
                "UPDATE notice_class SET filled = TRUE, letters = letters + $1, n_addressed = n_addressed + $2,
                        n_failed = n_failed + $3 WHERE notice_id = $4 AND class_id = $5"
            ),
            &[&sum.letters, &sum.addressed, &sum.failed, &id, class],
        )?;
    }
    Ok(Some(last))
}

fn finish(tx: &mut Tx, notice: &Notice, settings: &NoticeSettings) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("UPDATE notice SET state = 'sent', filled_at = $1 WHERE id = $2 AND state = 'sending'"),
        &[&now, &notice.id],
    )?;
    store::notices::plan_reminder(tx, settings, notice.id, now)
}

/// Children of some classes who are to have the notice and have it not, each with every guardian who may
/// receive it: custody and consent as they are at this moment.
fn lines(tx: &mut Tx, notice: &Notice, classes: &[Id]) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = tx.rows_in(
        sql!(
            "SELECT s.id, c.school_id, c.class_id, k.guardian_id,
                    k.guardian_id IS NOT NULL AND EXISTS (SELECT 1 FROM notice_receipt o
                      WHERE o.guardian_id = k.guardian_id AND o.notice_id = $2)
              FROM notice_class c JOIN student s ON s.class_id = c.class_id AND s.state = 'active'
              LEFT JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND NOT EXISTS (SELECT 1 FROM consent w WHERE w.student_id = s.id AND w.guardian_id = k.guardian_id
                                 AND w.withdrawn_at IS NOT NULL
                                 AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.student_id = s.id
                                                  AND v.guardian_id = k.guardian_id AND v.withdrawn_at IS NULL))
              WHERE c.class_id IN ($1) AND c.notice_id = $2
                AND (c.whole OR EXISTS (SELECT 1 FROM notice_pick p
                                         WHERE p.notice_id = $2 AND p.student_id = s.id AND NOT p.left_out))
                AND NOT EXISTS (SELECT 1 FROM notice_pick p
                                 WHERE p.notice_id = $2 AND p.student_id = s.id AND p.left_out)
                AND NOT EXISTS (SELECT 1 FROM notice_child x WHERE x.notice_id = $2 AND x.student_id = s.id)"
        ),
        classes,
        &[&notice.id],
    )?;
    if let Some(old) = notice.correction_of {
        // Those who had the version before, wherever they are now.
        lines.extend(tx.rows_in::<Line>(
            sql!(
                "SELECT s.id, c.school_id, c.class_id, k.guardian_id,
                        k.guardian_id IS NOT NULL AND EXISTS (SELECT 1 FROM notice_receipt o
                          WHERE o.guardian_id = k.guardian_id AND o.notice_id = $2)
                  FROM notice_child c JOIN student s ON s.id = c.student_id
                  LEFT JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                    AND NOT EXISTS (SELECT 1 FROM consent w WHERE w.student_id = s.id AND w.guardian_id = k.guardian_id
                                     AND w.withdrawn_at IS NOT NULL
                                     AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.student_id = s.id
                                                      AND v.guardian_id = k.guardian_id AND v.withdrawn_at IS NULL))
                  WHERE c.class_id IN ($1) AND c.notice_id = $3
                    AND NOT EXISTS (SELECT 1 FROM notice_child x WHERE x.notice_id = $2 AND x.student_id = s.id)"
            ),
            classes,
            &[&notice.id, &old],
        )?);
    }
    lines.sort_by_key(|l| (l.student, l.guardian));
    lines.dedup_by_key(|l| (l.student, l.guardian));
    Ok(lines)
}

/// When the letters of each class go: at once, or with the day's digest where the class had its share.
fn due_by_class(
    tx: &mut Tx,
    notice: &Notice,
    settings: &NoticeSettings,
    classes: &[Id],
) -> Result<HashMap<Id, Millis>> {
    let now = tx.now();
    if notice.urgent || notice.correction_of.is_some() {
        return Ok(classes.iter().map(|c| (*c, now)).collect());
    }
    // This notice stands among the day's already.
    let over = store::audience::over_cap(tx, classes, settings.per_class_and_day + 1)?;
    let digest = rules::digest_after(settings, now);
    Ok(classes.iter().map(|c| (*c, if over.contains(c) { digest } else { now })).collect())
}

#[derive(Clone, Copy, Default)]
struct Sum {
    letters: i64,
    addressed: i64,
    failed: i64,
}

fn write(tx: &mut Tx, notice: &Notice, lines: &[Line], due: &HashMap<Id, Millis>) -> Result<HashMap<Id, Sum>> {
    let now = tx.now();
    let mut sums: HashMap<Id, Sum> = HashMap::new();
    let (mut children, mut receipts, mut letters) = (Vec::new(), Vec::new(), Vec::new());
    let mut written: HashSet<Id> = HashSet::new();
    let mut last = None;
    for line in lines {
        let sum = sums.entry(line.class).or_default();
        if last != Some(line.student) {
            last = Some(line.student);
            // Nobody may receive it: it is a task for hands from the first.
            let stand = if line.guardian.is_some() { Stand::Addressed } else { Stand::Failed };
            let counter = if line.guardian.is_some() { &mut sum.addressed } else { &mut sum.failed };
            *counter += 1;
            children.push(vec![
                Value::Int(notice.id.0),
                Value::Int(line.student.0),
                Value::Int(line.school.0),
                Value::Int(line.class.0),
                Value::Text(stand.code().into()),
                Value::Text("".into()),
                Value::Int(now.0),
            ]);
        }
        let Some(guardian) = line.guardian else { continue };
        receipts.push(vec![
            Value::Int(guardian.0),
            Value::Int(notice.id.0),
            Value::Int(line.student.0),
            Value::Int(line.school.0),
            Value::Text(Stand::Addressed.code().into()),
            Value::Bool(true),
            Value::Text("".into()),
        ]);
        if !line.has_one && written.insert(guardian) {
            sum.letters += 1;
            letters.push(NewDispatch {
                kind: SOURCE,
                source: notice.id,
                school: line.school,
                guardian: Some(guardian),
                account: None,
                student: Some(line.student),
                round: 0,
                urgent: notice.urgent,
                due_at: due.get(&line.class).copied().unwrap_or(now),
            });
        }
    }
    tx.insert_many(
        "notice_child",
        &["notice_id", "student_id", "school_id", "class_id", "state", "via", "changed_at"],
        &children,
    )?;
    tx.insert_many(
        "notice_receipt",
        &["guardian_id", "notice_id", "student_id", "school_id", "state", "waits", "channel"],
        &receipts,
    )?;
    dispatch::send(tx, &letters)?;
    Ok(sums)
}
