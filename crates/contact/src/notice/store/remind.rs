//! Reminding those who have not answered, and nobody else; never in quiet hours.

use super::notices;
use crate::notice::model::{Notice, State};
use crate::notice::rules::{self, NoticeSettings};
use crate::notice::{SOURCE, permit::Slice, settings};
use gongyu_deliver::dispatch::{self, NewDispatch};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_store::{Db, Tx, jobs, record, sql};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Kind of the job that writes a round of reminders out.
pub(crate) const JOB: &str = "notice.remind";
/// Classes of one chunk.
const CLASSES_AT_ONCE: i64 = 16;
/// Classes up to which a round is written out in the transaction that asks for it.
const CLASSES_HERE: i64 = 3;

/// Who is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Silent {
    /// Those who have not opened it.
    Unseen,
    /// Those who have not confirmed or answered.
    Unanswered,
}

impl Silent {
    const fn code(self) -> &'static str {
        match self {
            Self::Unseen => "unseen",
            Self::Unanswered => "unanswered",
        }
    }
}

/// What the job is told.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    notice: Id,
    round: i64,
}

/// Reminds by hand, in a slice of the notice: a class teacher reminds only the own class.
///
/// # Errors
/// `Error::Conflict("notice-not-sent")` for a notice that is not out or was withdrawn or corrected;
/// `Error::Conflict("notice-reminded-already")` within the settings' hours of the round before.
pub fn remind_now(tx: &mut Tx, notice: &Notice, silent: Silent, slice: Slice) -> Result<()> {
    let settings = settings::settings_of(tx)?;
    let now = tx.now();
    if notice.state != State::Sent || notice.replaced_by.is_some() {
        return Err(Error::conflict("notice-not-sent"));
    }
    let earliest = now.plus_minutes(-60 * settings.remind_again_hours);
    let again = notice.last_round_at.is_some_and(|at| at > earliest);
    if again {
        return Err(Error::conflict("notice-reminded-already"));
    }
    begin(tx, notice, silent, slice)?;
    Ok(())
}

/// Begins a round: small ones are written out here, large ones by a job.
fn begin(tx: &mut Tx, notice: &Notice, silent: Silent, slice: Slice) -> Result<()> {
    let now = tx.now();
    let round = notice.rounds + 1;
    tx.exec(
        sql!("UPDATE notice SET rounds = $1, last_round_at = $2, round_of = $3 WHERE id = $4"),
        &[&round, &now, &silent.code(), &notice.id],
    )?;
    // Classes outside the slice are through with this round before it begins.
    tx.exec(
        sql!(
            "UPDATE notice_class SET round = $1
              WHERE notice_id = $2 AND NOT ((CAST($3 AS BIGINT) = 0 OR school_id = $3) AND (CAST($4 AS BIGINT) = 0 OR class_id = $4)
                AND (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM unit u WHERE u.id = notice_class.school_id AND u.town_id = $5)))"
        ),
        &[&round, &notice.id, &slice.school, &slice.class, &slice.town],
    )?;
    let classes: i64 = tx
        .scalar(sql!("SELECT COUNT(*) FROM notice_class WHERE notice_id = $1 AND round < $2"), &[&notice.id, &round])?;
    if classes <= CLASSES_HERE {
        while chunk(tx, notice.id, round)? {}
        return Ok(());
    }
    let key = format!("{JOB}:{}:{round}", notice.id);
    jobs::enqueue_once(tx, JOB, &Payload { notice: notice.id, round }, now, &key).map(drop)
}

/// The job: chunk by chunk, each committed with its mark.
pub(crate) fn run(db: &Db, body: &str) -> Result<()> {
    let Payload { notice, round } = serde_json::from_str(body)?;
    while db.write_wait(move |tx| chunk(tx, notice, round))? {}
    Ok(())
}

record! {
    struct Line {
        class: Id,
        student: Id,
        school: Id,
        guardian: Id,
    }
}

/// Letters to the silent of the next classes; `false` when none are left.
pub(crate) fn chunk(tx: &mut Tx, id: Id, round: i64) -> Result<bool> {
    let notice = notices::find(tx, id)?;
    if notice.state != State::Sent || notice.replaced_by.is_some() || notice.rounds != round {
        return Ok(false);
    }
    let classes: Vec<(Id,)> = tx.rows(
        sql!("SELECT class_id FROM notice_class WHERE notice_id = $1 AND round < $2 ORDER BY class_id LIMIT $3"),
        &[&id, &round, &CLASSES_AT_ONCE],
    )?;
    if classes.is_empty() {
        return Ok(false);
    }
    let ids: Vec<Id> = classes.into_iter().map(|(class,)| class).collect();
    let lines = silent_lines(tx, &notice, &ids)?;
    let settings = settings::settings_of(tx)?;
    let due = rules::after_quiet(&settings, tx.now());
    let mut known: HashSet<Id> = already(tx, &notice, round, &lines)?;
    let letters: Vec<NewDispatch> = lines
        .iter()
        .filter(|l| known.insert(l.guardian))
        .map(|l| NewDispatch {
            kind: SOURCE,
            source: id,
            school: l.school,
            guardian: Some(l.guardian),
            account: None,
            student: Some(l.student),
            round,
            urgent: false,
            due_at: due,
        })
        .collect();
    dispatch::send(tx, &letters)?;
    tx.exec_in(
        sql!("UPDATE notice_class SET round = $2 WHERE class_id IN ($1) AND notice_id = $3"),
        &ids,
        &[&round, &id],
    )?;
    Ok(true)
}

fn silent_lines(tx: &mut Tx, notice: &Notice, classes: &[Id]) -> Result<Vec<Line>> {
    let of: String = tx.scalar(sql!("SELECT round_of FROM notice WHERE id = $1"), &[&notice.id])?;
    // Custody as it is now, and only those to whom the notice itself went.
    let mut lines: Vec<Line> = tx.rows_in(
        sql!(
            "SELECT c.class_id, c.student_id, c.school_id, k.guardian_id
              FROM notice_child c
              JOIN guardianship k ON k.student_id = c.student_id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = c.notice_id AND o.student_id = c.student_id
              WHERE c.class_id IN ($1) AND c.notice_id = $2 AND o.waits
                AND (c.state IN ('failed', 'addressed', 'delivered') OR (c.state = 'read' AND $3 = 'unanswered'))"
        ),
        classes,
        &[&notice.id, &of],
    )?;
    lines.sort_by_key(|l| (l.guardian, l.student));
    lines.dedup_by_key(|l| (l.guardian, l.student));
    Ok(lines)
}

/// Guardians who had this round's letter already, for a brother or sister of another class.
fn already(tx: &mut Tx, notice: &Notice, round: i64, lines: &[Line]) -> Result<HashSet<Id>> {
    let mut guardians: Vec<Id> = lines.iter().map(|l| l.guardian).collect();
    guardians.dedup();
    // Only a guardian of several children can have had one.
    let several: Vec<(Id,)> = tx.rows_in(
        sql!(
            "SELECT o.guardian_id FROM notice_receipt o
              JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id AND c.school_id = o.school_id
              JOIN notice_class m ON m.notice_id = c.notice_id AND m.school_id = c.school_id AND m.class_id = c.class_id
              WHERE o.guardian_id IN ($1) AND o.notice_id = $2 AND o.waits AND m.round >= $3
                AND (c.state IN ('failed', 'addressed', 'delivered') OR c.state = 'read')"
        ),
        &guardians,
        &[&notice.id, &round],
    )?;
    Ok(several.into_iter().map(|(g,)| g).collect())
}

/// Reminders that are due by themselves: the first before the deadline, the next after it.
pub(crate) fn due(tx: &mut Tx, notice: &Notice, settings: &NoticeSettings, now: Millis) -> Result<()> {
    if rules::is_quiet(settings, now) {
        return notices::set_due(tx, notice.id, Some(rules::after_quiet(settings, now)));
    }
    if notice.state == State::Sent && notice.replaced_by.is_none() {
        begin(tx, notice, Silent::Unanswered, Slice::ALL)?;
    }
    notices::plan_reminder(tx, settings, notice.id, now)
}
