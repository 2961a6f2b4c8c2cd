//! One step of a child: its state, the counters of its class and the touch in the ledger, always together.

use crate::notice::SOURCE;
use crate::notice::model::{Counts, Stand};
use crate::notice::rules;
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, TouchKind};
use gongyu_ledger::touch::NewTouch;
use gongyu_registry::people::Relation;
use gongyu_store::{Tx, sql};
use std::collections::BTreeMap;

/// What brings a child forward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause {
    /// The guardian, and what they are to the child.
    pub(crate) guardian: Option<(Id, Option<Relation>)>,
    /// Member of staff and their part, when it was done by hand.
    pub(crate) staff: Option<(Id, Option<StaffRole>)>,
    /// The account that ticked it off.
    pub(crate) account: Option<Id>,
    /// The way.
    pub(crate) channel: Channel,
}

/// Sets a child from the state it was read in to another; `false` when it has moved on since.
pub(crate) fn set(tx: &mut Tx, notice: Id, student: Id, (from, to): (Stand, Stand), cause: &Cause) -> Result<bool> {
    let now = tx.now();
    let guardian = cause.guardian.map(|(g, _)| g);
    let n = tx.exec(
        sql!(
            "UPDATE notice_child SET state = $1, via = $2, changed_at = $3, by_guardian = $4, by_account = $5
              WHERE notice_id = $6 AND student_id = $7 AND state = $8"
        ),
        &[&to, &cause.channel, &now, &guardian, &cause.account, &notice, &student, &from],
    )?;
    Ok(n == 1)
}

/// Shifts the counters of classes by so much.
pub(crate) fn shift(tx: &mut Tx, notice: Id, by_class: &BTreeMap<Id, Counts>) -> Result<()> {
    for (class, d) in by_class.iter().filter(|(_, d)| **d != Counts::default()) {
        tx.exec(
            sql!(
                "UPDATE notice_class SET n_addressed = n_addressed + $1, n_failed = n_failed + $2,
                        n_delivered = n_delivered + $3, n_read = n_read + $4, n_confirmed = n_confirmed + $5
                  WHERE notice_id = $6 AND class_id = $7"
            ),
            &[&d.addressed, &d.failed, &d.delivered, &d.read, &d.confirmed, &notice, class],
        )?;
    }
    Ok(())
}

/// The touch that a step calls for, if any; `depth` overrides it where a teacher talked with the family.
pub(crate) fn touch(
    tx: &Tx,
    notice: Id,
    student: Id,
    (from, to): (Stand, Stand),
    cause: &Cause,
    depth: Option<Depth>,
) -> Option<NewTouch> {
    let depth = depth.or_else(|| rules::touch_of(from, to))?;
    Some(NewTouch {
        student,
        kind: TouchKind::NOTICE,
        depth,
        channel: cause.channel,
        tone: None,
        by_family: false,
        occurred_on: tx.today(),
        guardian: cause.guardian.map(|(g, _)| g),
        relation: cause.guardian.and_then(|(_, relation)| relation),
        staff: cause.staff.map(|(s, _)| s),
        staff_role: cause.staff.and_then(|(_, role)| role),
        minutes: 0,
        source: (SOURCE, Some(notice)),
        act: None,
        client_key: None,
    })
}
