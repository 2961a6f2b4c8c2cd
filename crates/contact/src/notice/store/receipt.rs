//! What a guardian does with a notice: opens it, confirms it, answers it.

use super::step::{self, Cause};
use crate::notice::model::{Counts, Kind, Stand, State};
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_ledger::rules::Channel;
use gongyu_ledger::touch;
use gongyu_registry::people::Relation;
use gongyu_store::{Reader, Tx, record, sql};
use std::collections::BTreeMap;

record! {
    /// A child of a guardian to whom a notice went, and where it stands.
    #[derive(Clone, Debug)]
    pub struct Mine {
        /// The child.
        pub student: Id,
        /// Name.
        pub name: String,
        /// School.
        pub school: Id,
        /// Class, as it was addressed.
        pub class: Id,
        /// What the guardian is to the child.
        pub relation: Relation,
        /// Where this guardian stands.
        pub own: Stand,
        /// Where the child stands: another guardian may have confirmed.
        pub stand: Stand,
        /// Who confirmed or answered, if a guardian did.
        pub by_guardian: Option<Id>,
        /// The answer that counts.
        pub answer: Option<Id>,
        /// When the child last moved on.
        pub changed_at: Millis,
        /// What the notice asks.
        pub kind: Kind,
        /// Where the notice stands.
        pub state: State,
        /// Until when an answer is asked.
        pub deadline: Option<Millis>,
        /// The notice that corrects it.
        pub replaced_by: Option<Id>,
    }
}

impl Mine {
    /// Whether this guardian may still confirm or answer.
    pub fn open_at(&self, now: Millis) -> bool {
        let live = matches!(self.state, State::Sending | State::Sent) && self.replaced_by.is_none();
        live && (self.kind != Kind::Answer || self.deadline.is_none_or(|end| now <= end))
    }
}

/// The children of a guardian to whom a notice went, oldest first. Empty for anybody else: not addressed,
/// kept from the child, consent withdrawn.
///
/// # Errors
/// As any statement.
pub fn mine(r: &mut Reader, notice: Id, guardian: Id) -> Result<Vec<Mine>> {
    r.rows(
        sql!(
            "SELECT s.id, s.name, c.school_id, c.class_id, k.relation, o.state, c.state, c.by_guardian, c.answer_id,
                    c.changed_at, n.kind, n.state, n.deadline_at, n.replaced_by
              FROM notice_receipt o
              JOIN notice n ON n.id = o.notice_id
              JOIN notice_child c ON c.notice_id = o.notice_id AND c.student_id = o.student_id AND c.school_id = o.school_id
              JOIN guardianship k ON k.student_id = o.student_id AND k.guardian_id = o.guardian_id
               AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              JOIN student s ON s.id = o.student_id
              WHERE o.guardian_id = $1 AND o.notice_id = $2
                AND NOT EXISTS (SELECT 1 FROM consent w WHERE w.student_id = s.id AND w.guardian_id = $1
                                 AND w.withdrawn_at IS NOT NULL
                                 AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.student_id = s.id
                                                  AND v.guardian_id = $1 AND v.withdrawn_at IS NULL))
              ORDER BY s.birth_date, s.id"
        ),
        &[&guardian, &notice],
    )
}

/// The guardian opened the notice: for all of the children it names. Opening it again changes nothing.
///
/// # Errors
/// `Error::NotFound` when it is not theirs.
pub fn read(tx: &mut Tx, notice: Id, guardian: Id) -> Result<()> {
    let mine = mine(tx, notice, guardian)?;
    if mine.is_empty() {
        return Err(Error::NotFound);
    }
    if mine.iter().all(|m| m.own >= Stand::Read) {
        return Ok(());
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE notice_receipt SET state = 'read', read_at = $1, delivered_at = COALESCE(delivered_at, $1),
                    waits = CASE WHEN $2 = 'plain' THEN FALSE ELSE waits END
              WHERE guardian_id = $3 AND notice_id = $4 AND state IN ('failed', 'addressed', 'delivered')"
        ),
        &[&now, &mine[0].kind, &guardian, &notice],
    )?;
    forward(tx, notice, guardian, &mine, Stand::Read).map(drop)
}

/// The guardian confirms a notice that asks for it: for one child, or for all it names. Confirming twice, or
/// after another guardian, is one confirmation. Returns how many children were confirmed now.
///
/// # Errors
/// `Error::NotFound` when it is not theirs, `Error::Conflict("notice-recalled")`,
/// `Error::Conflict("notice-replaced")`, `Error::Conflict("notice-wants-answer")`.
pub fn confirm(tx: &mut Tx, notice: Id, guardian: Id, child: Option<Id>) -> Result<usize> {
    let mine = asked(tx, notice, guardian, child)?;
    if mine[0].kind == Kind::Answer {
        return Err(Error::conflict("notice-wants-answer"));
    }
    settle(tx, notice, guardian, &mine)
}

/// The guardian answers for one child; `body` is the JSON of `parts::form`, checked by whoever calls. The last
/// answer before the deadline counts, those before it are kept.
///
/// # Errors
/// As `confirm`, and `Error::Conflict("notice-closed")` after the deadline.
pub fn answer(tx: &mut Tx, notice: Id, guardian: Id, child: Id, body: &str) -> Result<Id> {
    let mine = asked(tx, notice, guardian, Some(child))?;
    if mine[0].kind != Kind::Answer {
        return Err(Error::conflict("notice-wants-no-answer"));
    }
    let id = keep_answer(tx, notice, &mine[0], (Some(guardian), None), body)?;
    settle(tx, notice, guardian, &mine)?;
    Ok(id)
}

/// Keeps an answer of a family as the one that counts.
pub(crate) fn keep_answer(
    tx: &mut Tx,
    notice: Id,
    child: &Mine,
    (guardian, account): (Option<Id>, Option<Id>),
    body: &str,
) -> Result<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        sql!(
            "INSERT INTO notice_answer (id, notice_id, school_id, student_id, guardian_id, account_id, body, at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &notice, &child.school, &child.student, &guardian, &account, &body, &now],
    )?;
    tx.exec(
        sql!(
            "UPDATE notice_child SET answer_id = $1, changed_at = $2, by_guardian = $3, by_account = $4
              WHERE notice_id = $5 AND student_id = $6"
        ),
        &[&id, &now, &guardian, &account, &notice, &child.student],
    )?;
    Ok(id)
}

/// The children a guardian acts for, while the notice is open.
fn asked(tx: &mut Tx, notice: Id, guardian: Id, child: Option<Id>) -> Result<Vec<Mine>> {
    let mut mine = mine(tx, notice, guardian)?;
    if let Some(child) = child {
        mine.retain(|m| m.student == child);
    }
    let Some(first) = mine.first() else { return Err(Error::NotFound) };
    match first.state {
        State::Recalled => Err(Error::conflict("notice-recalled")),
        _ if first.replaced_by.is_some() => Err(Error::conflict("notice-replaced")),
        _ if !first.open_at(tx.now()) => Err(Error::conflict("notice-closed")),
        _ => Ok(mine),
    }
}

fn settle(tx: &mut Tx, notice: Id, guardian: Id, mine: &[Mine]) -> Result<usize> {
    let now = tx.now();
    for child in mine {
        // Nothing more is asked of the other guardians either.
        tx.exec(
            sql!(
                "UPDATE notice_receipt SET waits = FALSE,
                        state = CASE WHEN guardian_id = $1 THEN 'confirmed' ELSE state END,
                        delivered_at = CASE WHEN guardian_id = $1 THEN COALESCE(delivered_at, $2) ELSE delivered_at END,
                        read_at = CASE WHEN guardian_id = $1 THEN COALESCE(read_at, $2) ELSE read_at END,
                        confirmed_at = CASE WHEN guardian_id = $1 THEN COALESCE(confirmed_at, $2) ELSE confirmed_at END
                  WHERE notice_id = $3 AND student_id = $4
                    AND guardian_id IN (SELECT k.guardian_id FROM guardianship k WHERE k.student_id = $4)"
            ),
            &[&guardian, &now, &notice, &child.student],
        )?;
    }
    forward(tx, notice, guardian, mine, Stand::Confirmed)
}

/// Brings the children forward with their counters and touches; those further on already stay.
fn forward(tx: &mut Tx, notice: Id, guardian: Id, mine: &[Mine], to: Stand) -> Result<usize> {
    let mut shifts: BTreeMap<Id, Counts> = BTreeMap::new();
    let mut touches = Vec::new();
    let mut moved = 0;
    for child in mine.iter().filter(|m| m.stand < to) {
        let cause = Cause {
            guardian: Some((guardian, Some(child.relation))),
            staff: None,
            account: None,
            channel: Channel::InApp,
        };
        if step::set(tx, notice, child.student, (child.stand, to), &cause)? {
            crate::notice::rules::moved(shifts.entry(child.class).or_default(), child.stand, to);
            touches.extend(step::touch(tx, notice, child.student, (child.stand, to), &cause, None));
            moved += 1;
        }
    }
    step::shift(tx, notice, &shifts)?;
    if !touches.is_empty() {
        touch::record(tx, &touches)?;
    }
    if moved > 0 {
        super::changed(tx, notice)?;
    }
    Ok(moved)
}
