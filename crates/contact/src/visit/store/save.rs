//! Saving a record: compare and set. Whoever wrote on an older version meets the newer one field by
//! field; the client's key makes a lost answer harmless.

use crate::contact_log;
use crate::visit::merge::{self, FieldConflict};
use crate::visit::model::{State, Visit, VisitId};
use crate::visit::permit::{Held, Part};
use crate::visit::record::VisitRecord;
use crate::visit::{follow, ledger};
use gongyu_access::Actor;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Millis, Result};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;

/// Seal name of `visit.sealed`, bound to the visit.
pub(crate) const RECORD: &str = "visit.record";

/// What a person saves.
#[derive(Clone, Debug)]
pub struct Save<'a> {
    /// Key made where it was written: the same key is saved once.
    pub client_key: &'a str,
    /// Version they began with; 0 for an empty record.
    pub base_version: i64,
    /// The record as they leave it.
    pub fields: VisitRecord,
    /// Not finished yet: the minimum may be missing and nothing counts.
    pub draft: bool,
    /// What their device's clock said; kept, never believed.
    pub said_at: Option<Millis>,
}

/// Kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Version it became: the receipt.
    pub version: i64,
    /// This key had been saved before; nothing changed now.
    pub again: bool,
    /// It counts as a visit.
    pub complete: bool,
    /// Changes of somebody else that were put together with these without any standing against another.
    pub merged: bool,
}

/// Not kept: somebody else changed the same fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The version that stands; the base of the next try.
    pub version: i64,
    /// Both put together; undecided fields hold what stands.
    pub merged: VisitRecord,
    /// What has to be decided.
    pub fields: Vec<FieldConflict>,
}

/// What became of saving.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Kept.
    Saved(Saved),
    /// To be decided first.
    Conflict(Box<Conflict>),
}

record! {
    /// A version of a record, without its content.
    #[derive(Clone, Debug)]
    pub struct Version {
        /// Number, from 1.
        pub version: i64,
        /// Who saved it.
        pub account: Id,
        /// Their name.
        pub name: String,
        /// When it arrived.
        pub saved_at: Millis,
        /// When their device says it was written.
        pub said_at: Option<Millis>,
    }
}

/// The record as it stands; empty when there is none.
///
/// # Errors
/// `Error::NotFound`, or `Error::Internal` when it cannot be opened.
pub fn record_of(r: &mut Reader, vault: &Vault, visit: VisitId) -> Result<VisitRecord> {
    let sealed: Option<Vec<u8>> = r.scalar(sql!("SELECT sealed FROM visit WHERE id = $1"), &[&visit])?;
    sealed.map_or_else(|| Ok(VisitRecord::default()), |bytes| vault.open_json(RECORD, visit, &bytes))
}

/// A record as it stood in a version; empty for version 0.
///
/// # Errors
/// As `record_of`.
pub fn version_record(r: &mut Reader, vault: &Vault, visit: VisitId, version: i64) -> Result<VisitRecord> {
    if version == 0 {
        return Ok(VisitRecord::default());
    }
    let sealed: Vec<u8> =
        r.scalar(sql!("SELECT sealed FROM visit_version WHERE visit_id = $1 AND version = $2"), &[&visit, &version])?;
    vault.open_json(RECORD, visit, &sealed)
}

/// The versions of a record, the newest first.
///
/// # Errors
/// As any statement.
pub fn versions(r: &mut Reader, visit: VisitId) -> Result<Vec<Version>> {
    r.rows(
        sql!(
            "SELECT w.version, w.account_id, a.name, w.saved_at, w.said_at FROM visit_version w
              JOIN account a ON a.id = w.account_id WHERE w.visit_id = $1 ORDER BY w.version DESC LIMIT 200"
        ),
        &[&visit],
    )
}

/// Saves a record and lets follow from it what follows: touches, findings, tasks.
/// The caller has `held` from the permit, in this transaction.
///
/// # Errors
/// `Error::Invalid` naming fields, `Error::Forbidden` for who may only read or write more than their own
/// part, `Error::NotFound` for another account's key, `Error::Conflict("visit-cancelled")`.
pub fn save_record(tx: &mut Tx, vault: &Vault, actor: &Actor, held: &Held, save: &Save<'_>) -> Result<Outcome> {
    let id = held.visit.id;
    tx.lock(&format!("visit:{id}"))?;
    if let Some(saved) = saved_before(tx, actor, id, save.client_key)? {
        return Ok(Outcome::Saved(saved));
    }
    // Read again under the lock: another request may have moved it on since the permit looked.
    let visit = super::find(tx, id)?;
    if visit.state == State::Cancelled {
        return Err(Error::conflict("visit-cancelled"));
    }
    let theirs = record_of(tx, vault, id)?;
    let base = version_record(tx, vault, id, save.base_version)?;
    let mut mine = save.fields.clone();
    mine.findings.sort_unstable();
    mine.findings.dedup_by_key(|f| (f.theme, f.child));
    check(tx, actor, held, &visit, &base, &mine, save.draft)?;
    let merged = merge::merge(&base, &mine, &theirs)?;
    if !merged.conflicts.is_empty() {
        let conflict = Conflict { version: visit.version, merged: merged.record, fields: merged.conflicts };
        return Ok(Outcome::Conflict(Box::new(conflict)));
    }
    let mut record = merged.record;
    record.findings.sort_unstable();
    let joined = save.base_version != visit.version && record != mine;
    keep(tx, vault, actor, &visit, &record, save)?;
    let complete = record.is_complete() && (!save.draft || visit.recorded_at.is_some());
    if complete {
        count(tx, actor, held, &visit, &record)?;
    }
    Ok(Outcome::Saved(Saved { version: visit.version + 1, again: false, complete, merged: joined }))
}

fn saved_before(tx: &mut Tx, actor: &Actor, visit: VisitId, key: &str) -> Result<Option<Saved>> {
    let fine = !key.is_empty() && key.len() <= 64 && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !fine {
        return Err(Error::field("key", "field-odd-characters"));
    }
    let found: Option<(Id, Id, i64, bool)> = tx.row(
        sql!("SELECT visit_id, account_id, version, complete FROM visit_version WHERE client_key = $1"),
        &[&key],
    )?;
    match found {
        None => Ok(None),
        Some((of, by, version, complete)) if of == visit && by == actor.account => {
            Ok(Some(Saved { version, again: true, complete, merged: false }))
        }
        Some(_) => Err(Error::NotFound),
    }
}

fn check(
    tx: &mut Tx,
    actor: &Actor,
    held: &Held,
    visit: &Visit,
    base: &VisitRecord,
    mine: &VisitRecord,
    draft: bool,
) -> Result<()> {
    match held.part {
        Part::Whole => {}
        Part::Read => return Err(Error::Forbidden),
        Part::Own => {
            let staff = actor.staff.ok_or(Error::Forbidden)?;
            let mut own = base.clone();
            own.parts.remove(&staff);
            own.parts.extend(mine.parts.get(&staff).map(|text| (staff, text.clone())));
            if own != *mine {
                return Err(Error::Forbidden);
            }
        }
    }
    let children: Vec<Id> = held.children.iter().map(|c| c.student).collect();
    let mut invalid = Invalid::default();
    let whole = held.part == Part::Whole && (!draft || visit.recorded_at.is_some());
    mine.check(tx.today(), whole, &mut invalid);
    if mine.findings.iter().any(|f| f.child.is_some_and(|c| !children.contains(&c))) {
        invalid.push("findings", "field-choose");
    }
    invalid.into_result()
}

fn keep(tx: &mut Tx, vault: &Vault, actor: &Actor, visit: &Visit, record: &VisitRecord, save: &Save<'_>) -> Result<()> {
    let sealed = vault.seal_json(RECORD, visit.id, record)?;
    let (now, version) = (tx.now(), visit.version + 1);
    let complete = record.is_complete() && (!save.draft || visit.recorded_at.is_some());
    tx.exec(
        sql!(
            "INSERT INTO visit_version (visit_id, version, school_id, account_id, client_key, saved_at, said_at,
                                         complete, sealed)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &[
            &visit.id,
            &version,
            &visit.school,
            &actor.account,
            &save.client_key,
            &now,
            &save.said_at,
            &complete,
            &sealed,
        ],
    )?;
    tx.exec(
        sql!("UPDATE visit SET version = $1, sealed = $2, updated_at = $3 WHERE id = $4"),
        &[&version, &sealed, &now, &visit.id],
    )?;
    Ok(())
}

/// What follows from a whole record.
fn count(tx: &mut Tx, actor: &Actor, held: &Held, visit: &Visit, record: &VisitRecord) -> Result<()> {
    let (Some(day), Some(way)) = (record.day, record.way) else { return Ok(()) };
    let calendar = year::calendar(tx)?;
    let semester = calendar.semester_of(day);
    let now = tx.now();
    tx.exec(
        sql!(
            "UPDATE visit SET state = 'done', day = $1, way = $2, semester = $3, school_year = $4,
                     recorded_at = COALESCE(recorded_at, $5), recorded_by = COALESCE(recorded_by, $6)
              WHERE id = $7"
        ),
        &[&day, &way, &semester.code(), &semester.year.code(), &now, &actor.account, &visit.id],
    )?;
    if let (Some(contact), None) = (visit.contact, visit.recorded_at) {
        // The record tells more of a contact already noted: it stands in the ledger once.
        let noted = contact_log::find(tx, contact)?;
        if noted.undone_at.is_none() {
            contact_log::undo(tx, &noted, actor.account)?;
        }
    }
    ledger::follow(tx, held, visit, record, day, way)?;
    follow::findings(tx, held, visit, record, &semester.code())?;
    follow::measures(tx, visit, record)?;
    follow::close_tasks(tx, visit, actor.account, way)
}
