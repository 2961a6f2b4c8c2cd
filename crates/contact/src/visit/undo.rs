//! Taking a record or a visit back.

use super::model::{State, VisitId};
use super::permit::Held;
use super::{follow, ledger, store};
use gongyu_kernel::{Error, Result};
use gongyu_store::{Tx, sql};

/// Takes a recorded visit back: its touches are reversed, its findings and open tasks go; the record
/// stays as a draft and the visit is agreed or planned again.
///
/// # Errors
/// `Error::Forbidden` for who may not write all of it, `Error::Conflict("visit-not-recorded")`.
pub fn take_back(tx: &mut Tx, held: &Held) -> Result<()> {
    held.whole()?;
    let id = held.visit.id;
    tx.lock(&format!("visit:{id}"))?;
    if store::find(tx, id)?.recorded_at.is_none() {
        return Err(Error::conflict("visit-not-recorded"));
    }
    uncount(tx, id)?;
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE visit SET state = CASE WHEN starts_at IS NULL THEN 'planned' ELSE 'agreed' END,
                     day = CASE WHEN starts_at IS NULL THEN NULL ELSE day END,
                     recorded_at = NULL, recorded_by = NULL, semester = '', updated_at = $1 WHERE id = $2"
        ),
        &[&now, &id],
    )?;
    tx.exec(sql!("UPDATE visit_task SET closed_at = NULL, closed_by = NULL WHERE visit_id = $1"), &[&id])?;
    Ok(())
}

/// Calls a visit off; a recorded one is taken back first.
///
/// # Errors
/// `Error::Forbidden`.
pub fn call_off(tx: &mut Tx, held: &Held) -> Result<()> {
    held.whole()?;
    let id = held.visit.id;
    tx.lock(&format!("visit:{id}"))?;
    if store::find(tx, id)?.recorded_at.is_some() {
        uncount(tx, id)?;
    }
    tx.exec(sql!("UPDATE visit_task SET visit_id = NULL WHERE visit_id = $1 AND closed_at IS NULL"), &[&id])?;
    store::set_state(tx, id, State::Cancelled)
}

fn uncount(tx: &mut Tx, id: VisitId) -> Result<()> {
    ledger::take_back(tx, id)?;
    follow::forget_findings(tx, id)?;
    follow::drop_tasks(tx, id)
}
