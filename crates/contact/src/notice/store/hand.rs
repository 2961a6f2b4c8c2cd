//! Ticked off by hand: a call was made, a printed slip came back.

use super::step::{self, Cause};
use crate::contact_log::staff_role;
use crate::notice::SOURCE;
use crate::notice::model::{Counts, Notice, Stand, State};
use crate::notice::rules::{self, Hand};
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::touch;
use gongyu_registry::people::Relation;
use gongyu_store::{Tx, record, sql};
use std::collections::BTreeMap;

record! {
    struct Child {
        school: Id,
        class: Id,
        stand: Stand,
    }
}

fn child_of(tx: &mut Tx, notice: Id, student: Id) -> Result<Child> {
    tx.one(
        sql!("SELECT school_id, class_id, state FROM notice_child WHERE notice_id = $1 AND student_id = $2"),
        &[&notice, &student],
    )
}

fn relation_of(tx: &mut Tx, student: Id, guardian: Id) -> Result<Relation> {
    tx.scalar(
        sql!("SELECT relation FROM guardianship WHERE student_id = $1 AND guardian_id = $2 AND valid_to IS NULL"),
        &[&student, &guardian],
    )
}

/// A teacher reached the family of a child by hand: it counts as confirmed, and in the ledger as a talk
/// (a call) or as confirmed on paper. Whoever calls has checked that the child is in the actor's reach.
///
/// # Errors
/// `Error::NotFound` when the child was not addressed or the guardian is not the child's;
/// `Error::Conflict("notice-recalled")`, `Error::Conflict("notice-child-done")`.
pub fn tick_off(tx: &mut Tx, actor: &Actor, notice: &Notice, student: Id, hand: Hand) -> Result<()> {
    if !matches!(notice.state, State::Sending | State::Sent) {
        return Err(Error::conflict("notice-recalled"));
    }
    let child = child_of(tx, notice.id, student)?;
    let (channel, depth) = hand.touch();
    let guardian = match hand {
        Hand::Call(Some(guardian)) => Some((guardian, Some(relation_of(tx, student, guardian)?))),
        Hand::Call(None) | Hand::Paper => None,
    };
    let cause = Cause {
        guardian,
        staff: actor.staff.map(|staff| (staff, Some(staff_role(actor.hat.role)))),
        account: Some(actor.account),
        channel,
    };
    let to = Stand::Confirmed;
    if child.stand == to || !step::set(tx, notice.id, student, (child.stand, to), &cause)? {
        return Err(Error::conflict("notice-child-done"));
    }
    tx.exec(
        sql!(
            "UPDATE notice_receipt SET waits = FALSE WHERE notice_id = $1 AND student_id = $2
                AND guardian_id IN (SELECT k.guardian_id FROM guardianship k WHERE k.student_id = $2)"
        ),
        &[&notice.id, &student],
    )?;
    shift(tx, notice.id, child.class, child.stand, to)?;
    let touches: Vec<_> =
        step::touch(tx, notice.id, student, (child.stand, to), &cause, Some(depth)).into_iter().collect();
    touch::record(tx, &touches)?;
    super::changed(tx, notice.id)
}

/// Takes a tick back: the child stands again where its guardians stand, and the ledger's entry is reversed.
///
/// # Errors
/// `Error::Conflict("notice-not-ticked")` when nobody ticked it off by hand.
pub fn untick(tx: &mut Tx, notice: &Notice, student: Id) -> Result<()> {
    let child = child_of(tx, notice.id, student)?;
    let receipts: Vec<(Stand,)> = tx.rows(
        sql!(
            "SELECT o.state FROM guardianship k
              JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = $1 AND o.student_id = k.student_id
              WHERE k.student_id = $2"
        ),
        &[&notice.id, &student],
    )?;
    let receipts: Vec<Stand> = receipts.into_iter().map(|(s,)| s).collect();
    let back = rules::stand_of(&receipts, None);
    let by_hand: Vec<Id> = touch::of_source(tx, SOURCE, notice.id)?
        .into_iter()
        .filter(|t| t.student == student && t.staff_role.is_some() && !t.reversed)
        .map(|t| t.id)
        .collect();
    if child.stand != Stand::Confirmed || back == Stand::Confirmed || by_hand.is_empty() {
        return Err(Error::conflict("notice-not-ticked"));
    }
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE notice_child SET state = $1, via = '', by_account = NULL, by_guardian = NULL, changed_at = $2
              WHERE notice_id = $3 AND student_id = $4"
        ),
        &[&back, &now, &notice.id, &student],
    )?;
    tx.exec(
        sql!(
            "UPDATE notice_receipt SET waits = TRUE WHERE notice_id = $1 AND student_id = $2
                AND guardian_id IN (SELECT k.guardian_id FROM guardianship k WHERE k.student_id = $2)"
        ),
        &[&notice.id, &student],
    )?;
    shift(tx, notice.id, child.class, Stand::Confirmed, back)?;
    touch::reverse(tx, &by_hand)?;
    super::changed(tx, notice.id)
}

fn shift(tx: &mut Tx, notice: Id, class: Id, from: Stand, to: Stand) -> Result<()> {
    let mut counts = Counts::default();
    rules::moved(&mut counts, from, to);
    step::shift(tx, notice, &BTreeMap::from([(class, counts)]))
}
