//! Taking back a whole import that was written: looked through first, within a few days, and only while nothing later
//! stands on it. Pupils it made leave as if they had never come, everybody else becomes what they were; nothing is erased.

use super::before::{self, Before};
use super::model::{Batch, BatchState};
use super::store::{self, Step};
use super::{Fault, Importer, Told};
use crate::people::{self, StudentState};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::{Reader, Tx, audit, sql};
use gongyu_vault::Vault;
use gongyu_web::MembershipChange;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Days after its writing within which an import can be taken back [P].
pub(crate) const UNDO_DAYS: i64 = 3;
/// Pupils taken back in one transaction.
const AT_ONCE: usize = 100;

/// The last moment at which an import can be taken back.
pub(crate) fn until(batch: &Batch) -> Option<Millis> {
    batch.applied_at.map(|at| at.plus_seconds(UNDO_DAYS * 86_400))
}

/// Why an import cannot be taken back, as far as can be seen without looking at every pupil.
pub(crate) fn why_not(r: &mut Reader, batch: &Batch) -> Result<Option<Code>> {
    let (BatchState::Done, Some(until)) = (batch.state, until(batch)) else {
        return Ok(Some(Code::new("roster-undo-not-now")));
    };
    if r.now() > until {
        return Ok(Some(Code::new("roster-undo-late").arg("days", UNDO_DAYS)));
    }
    let (whole, school) = (batch.school.is_none(), batch.school.unwrap_or_default());
    let later: i64 = r.scalar(
        sql!(
            "SELECT COUNT(*) FROM import_batch WHERE id <> $1 AND kind = 'roster' AND applied_at > $2
                AND undone_at IS NULL AND (school_id IS NULL OR school_id = $3 OR $4)"
        ),
        &[&batch.id, &batch.applied_at, &school, &whole],
    )?;
    if later > 0 {
        return Ok(Some(Code::new("roster-undo-later-import")));
    }
    let steps = store::steps(r, batch.id, Id(i64::MAX), 1)?;
    Ok(steps.is_empty().then(|| Code::new("roster-undo-nothing")))
}

/// Takes the decision to take an import back.
pub(crate) fn decide(tx: &mut Tx, batch: &Batch) -> Result<()> {
    match why_not(tx, batch)? {
        Some(code) => Err(Error::conflict(code)),
        None => store::begin_undoing(tx, batch.id),
    }
}

impl Importer {
    /// Takes an import back whose taking back was decided, or carries on after a crash.
    ///
    /// # Errors
    /// As any statement; calling it again carries on.
    pub fn undo(&self, batch: Id) -> Result<()> {
        let found = self.batch(batch)?;
        if found.state != BatchState::Undoing {
            return Ok(());
        }
        if !found.started {
            if let Some(code) = self.stands_on(batch)? {
                let notes = serde_json::to_string(&[Fault::from(code)])?;
                return self.db.write_wait(move |tx| store::keep_applied(tx, batch, &notes));
            }
            self.db.write_wait(move |tx| store::start(tx, batch))?;
        }
        while let Some(step) = self.db.read_wait(move |r| Ok(store::steps(r, batch, Id(i64::MAX), 1)?.pop()))? {
            self.undo_step(step)?;
        }
        self.db.write_wait(move |tx| finish(tx, batch))
    }

    /// What later work stands on the import, in words; `None` when nothing does.
    fn stands_on(&self, batch: Id) -> Result<Option<Code>> {
        let (mut from, mut changed, mut agreed) = (Id(i64::MAX), 0, 0);
        loop {
            let before = from;
            let steps = self.db.read_wait(move |r| store::steps(r, batch, before, 1))?;
            let Some(step) = steps.into_iter().next() else { break };
            from = step.id;
            let (n, m) = self.db.read_wait(move |r| later_work(r, &step))?;
            changed += n;
            agreed += m;
        }
        Ok(match (changed, agreed) {
            (0, 0) => None,
            (0, n) => Some(Code::new("roster-undo-agreed").arg("n", n)),
            (n, _) => Some(Code::new("roster-undo-changed").arg("n", n)),
        })
    }

    fn undo_step(&self, step: Step) -> Result<()> {
        let written_at = step.written_at;
        for made in step.made().chunks(AT_ONCE) {
            let (made, told) = (made.to_vec(), self.told.clone());
            self.db.write_wait(move |tx| take_away(tx, &*told, &made))?;
        }
        let Before { pupils, ties, guardians } = step.before(&self.vault)?;
        let mut ties_of: HashMap<Id, Vec<before::Tie>> = HashMap::new();
        for tie in ties {
            ties_of.entry(tie.student).or_default().push(tie);
        }
        let guardians = Arc::new(guardians);
        self.db.write_wait(move |tx| guardians.iter().try_for_each(|was| restore_guardian(tx, was, written_at)))?;
        for some in pupils.chunks(AT_ONCE / 4) {
            let some: Vec<_> =
                some.iter().map(|was| (was.clone(), ties_of.remove(&was.id).unwrap_or_default())).collect();
            let (told, vault) = (self.told.clone(), self.vault.clone());
            self.db.write_wait(move |tx| restore(tx, &vault, &*told, &some, written_at))?;
        }
        self.db.write_wait(move |tx| store::forget_step(tx, step.id)).map(drop)
    }
}

/// How many pupils of a step were changed since, and for how many new ones a guardian has agreed meanwhile.
fn later_work(r: &mut Reader, step: &Step) -> Result<(i64, i64)> {
    let all: Vec<Id> = step.made().into_iter().chain(step.known()).collect();
    let changed: Vec<(i64,)> = r.rows_in(
        sql!("SELECT COUNT(*) FROM student WHERE id IN ($1) AND updated_at > $2"),
        &all,
        &[&step.written_at],
    )?;
    let agreed: Vec<(i64,)> = r.rows_in(
        sql!("SELECT COUNT(DISTINCT student_id) FROM consent WHERE student_id IN ($1) AND withdrawn_at IS NULL"),
        &step.made(),
        &[],
    )?;
    let sum = |counts: Vec<(i64,)>| counts.into_iter().map(|(n,)| n).sum();
    Ok((sum(changed), sum(agreed)))
}

/// Pupils an import made leave again, on the day before they came.
fn take_away(tx: &mut Tx, told: &dyn Told, made: &[Id]) -> Result<()> {
    let (mut changes, mut gone) = (Vec::new(), Vec::new());
    for pupil in before::pupils(tx, made)?.into_iter().filter(before::Pupil::is_active) {
        let last_day = pupil.joined_on.yesterday().map_err(Error::internal)?;
        changes.push(people::leave(tx, pupil.id, last_day, StudentState::Left)?);
        gone.push((pupil.id, last_day));
    }
    for (student, last_day) in &gone {
        tx.exec(
            sql!("UPDATE guardianship SET valid_to = $1 WHERE student_id = $2 AND valid_to IS NULL"),
            &[last_day, student],
        )?;
    }
    let gone: Vec<Id> = gone.into_iter().map(|(id, _)| id).collect();
    told.membership(tx, &changes)?;
    told.guardians(tx, &gone)
}

fn restore_guardian(tx: &mut Tx, was: &before::Guardian, written_at: Millis) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE guardian SET name = $1, name_key = $2, phone_sealed = $3, phone_blind = $4, id_blind = $5,
                                  sealed = $6, updated_at = $7 WHERE id = $8 AND updated_at <= $9"
        ),
        &[
            &was.name,
            &was.name_key,
            &was.phone_sealed,
            &was.phone_blind,
            &was.id_blind,
            &was.sealed,
            &now,
            &was.id,
            &written_at,
        ],
    )?;
    Ok(())
}

/// Pupils who were known become what they were. One whom this has done already, or somebody else changed, stays.
fn restore(
    tx: &mut Tx,
    vault: &Vault,
    told: &dyn Told,
    some: &[(before::Pupil, Vec<before::Tie>)],
    written_at: Millis,
) -> Result<()> {
    let ids: Vec<Id> = some.iter().map(|(was, _)| was.id).collect();
    let now: HashMap<Id, before::Pupil> =
        before::pupils(tx, &ids)?.into_iter().map(|pupil| (pupil.id, pupil)).collect();
    let (mut changes, mut touched) = (Vec::new(), Vec::new());
    let today = tx.today();
    for (was, ties) in some {
        let Some(now) = now.get(&was.id).filter(|now| now.updated_at <= written_at) else { continue };
        changes.extend(restore_place(tx, was, now, today)?);
        restore_columns(tx, was)?;
        restore_ties(tx, was.id, ties, today)?;
        let student = people::find_student(tx, was.id)?;
        people::reindex(tx, vault, &student)?;
        touched.push(was.id);
    }
    told.membership(tx, &changes)?;
    told.guardians(tx, &touched)
}

fn restore_place(
    tx: &mut Tx,
    was: &before::Pupil,
    now: &before::Pupil,
    today: Date,
) -> Result<Option<MembershipChange>> {
    let same = was.school == now.school && was.class == now.class;
    match (was.is_active(), now.is_active()) {
        (true, true) if same => Ok(None),
        (true, _) => people::move_to_class(tx, was.id, was.school, was.class, today, "import_undone").map(Some),
        (false, true) => {
            let last_day = today.yesterday().map_err(Error::internal)?;
            people::leave(tx, was.id, last_day.max(now.joined_on), was.state).map(Some)
        }
        (false, false) => Ok(None),
    }
}

fn restore_columns(tx: &mut Tx, was: &before::Pupil) -> Result<()> {
    let (now, key) = (tx.now(), gongyu_store::search::sort_key(&was.name));
    tx.exec(
        sql!(
            "UPDATE student SET name = $1, name_key = $2, sex = $3, birth_date = $4, number_in_class = $5,
                     left_behind = $6, migrant = $7, boarding = $8, special = $9, id_blind = $10, roll_blind = $11,
                     sealed = $12, row_hash = $13, joined_on = $14, left_on = $15, updated_at = $16
              WHERE id = $17"
        ),
        &[
            &was.name,
            &key,
            &was.sex,
            &was.birth_date,
            &was.number_in_class,
            &was.left_behind,
            &was.migrant,
            &was.boarding,
            &was.special,
            &was.id_blind,
            &was.roll_blind,
            &was.sealed,
            &was.row_hash,
            &was.joined_on,
            &was.left_on,
            &now,
            &was.id,
        ],
    )?;
    Ok(())
}

fn restore_ties(tx: &mut Tx, student: Id, ties: &[before::Tie], today: Date) -> Result<()> {
    let open: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT id FROM guardianship WHERE student_id = $1 AND valid_to IS NULL AND source = 'roster' ORDER BY id"
        ),
        &[&student],
    )?;
    let kept: HashSet<Id> = ties.iter().map(|tie| tie.id).collect();
    for (tie,) in open.into_iter().filter(|(tie,)| !kept.contains(tie)) {
        people::end_guardianship(tx, tie, today)?;
    }
    for tie in ties {
        tx.exec(
            sql!(
                "UPDATE guardianship SET relation = $1, kin = $2, is_guardian = $3, position = $4, valid_to = NULL
                  WHERE id = $5"
            ),
            &[&tie.relation, &tie.kin, &tie.is_guardian, &tie.position, &tie.id],
        )?;
    }
    Ok(())
}

fn finish(tx: &mut Tx, id: Id) -> Result<()> {
    let batch = store::find(tx, id)?;
    if batch.state != BatchState::Undoing {
        return Ok(());
    }
    store::raise_version(tx)?;
    store::end_undoing(tx, id)?;
    let detail = json!({
        "added": batch.added, "changed": batch.changed, "moved": batch.moved, "left": batch.gone,
    });
    audit::note(
        tx,
        &audit::Entry {
            account: batch.created_by,
            action: "roster.undone",
            object_kind: "import",
            object: Some(id),
            school: batch.school,
            detail: &detail.to_string(),
            ..audit::Entry::default()
        },
    )
}
