//! The sensitive part of a visit: a protected note in the vault, never in the general record. Its author,
//! the school's counsellor and its moral-education director may open it, with a purpose and on record.

use super::SOURCE;
use super::permit::{Held, Part};
use gongyu_access::{Action, Actor, Role};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, Tx};
use gongyu_vault::Vault;
use gongyu_vault::note::{self, NewNote, NoteHead, Opener, Purpose};

/// Characters of a note.
pub const LONGEST_NOTE: usize = 4_000;

/// Keeps a protected note about a child of a visit; the same key of the same author is kept once.
///
/// # Errors
/// `Error::Forbidden` for who may only read the visit, `Error::NotFound` for a child that is not of it.
pub fn keep_note(
    tx: &mut Tx,
    vault: &Vault,
    actor: &Actor,
    held: &Held,
    student: Id,
    text: &str,
    client_key: &str,
) -> Result<Id> {
    if held.part == Part::Read {
        return Err(Error::Forbidden);
    }
    if !held.children.iter().any(|c| c.student == student) {
        return Err(Error::NotFound);
    }
    let mut invalid = Invalid::default();
    if text.trim().is_empty() {
        invalid.push("note", "field-required");
    }
    if text.chars().count() > LONGEST_NOTE || client_key.is_empty() || client_key.len() > 64 {
        invalid.push("note", "visit-field-too-long");
    }
    invalid.into_result()?;
    note::keep(
        tx,
        vault,
        &NewNote {
            school: held.visit.school,
            owner: (SOURCE, held.visit.id),
            student,
            author: (actor.account, &actor.name),
            client_key,
            text: text.trim(),
        },
    )
}

/// Whether somebody may open a note, given a purpose.
pub fn may_open(actor: &Actor, note: &NoteHead) -> bool {
    let helper = matches!(actor.hat.role, Role::Counsellor | Role::MoralDirector);
    let of_school = actor.hat.unit == Some(note.school);
    actor.may(Action::SeeProtectedNote).is_ok() && (actor.account == note.author || (helper && of_school))
}

/// The notes of a visit that somebody may know of.
///
/// # Errors
/// As any statement.
pub fn notes_for(r: &mut Reader, actor: &Actor, visit: Id) -> Result<Vec<NoteHead>> {
    let mut all = note::of_owner(r, SOURCE, visit)?;
    all.retain(|n| may_open(actor, n));
    Ok(all)
}

/// Opens a note for a purpose; the opening is kept.
///
/// # Errors
/// `Error::NotFound` for who may not.
pub fn open_note(
    tx: &mut Tx,
    vault: &Vault,
    actor: &Actor,
    id: Id,
    purpose: Purpose,
    words: &str,
) -> Result<(NoteHead, String)> {
    let head = note::find(tx, id)?;
    if !may_open(actor, &head) {
        return Err(Error::NotFound);
    }
    let by = Opener { account: actor.account, name: &actor.name, role: actor.hat.role.code() };
    let text = note::open(tx, vault, id, by, purpose, words)?;
    Ok((head, text))
}
