//! The guardians of a chunk: found again, made, tied, ended.
//!
//! A member is a known guardian by identity number; else by telephone and name, unless both have an identity number and
//! the two differ; else by name and relation among the guardians of the same child. What was made by hand stays.

use super::before::{self, Before};
use super::columns::Person;
use super::lookup::{GUARDIANS, find_many};
use super::write::own;
use crate::people::{GUARDIAN_SEALED, Relation, SealedGuardian};
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{ToValue, Tx, Value, record, search, sql};
use gongyu_vault::Vault;
use std::collections::{HashMap, HashSet};

/// A child of the chunk with the persons its row names.
pub(super) struct Family<'a> {
    pub student: Id,
    pub school: Id,
    pub is_new: bool,
    pub since: Date,
    pub persons: &'a [Person],
}

record! {
    #[derive(Clone, Debug)]
    struct Known {
        id: Id,
        name: String,
        phone_blind: Option<String>,
        id_blind: Option<String>,
    }
}

record! {
    #[derive(Clone, Debug)]
    struct Tie {
        id: Id,
        student: Id,
        guardian: Id,
        name: String,
        relation: Relation,
        kin: String,
        is_guardian: bool,
        position: i64,
        source: String,
        phone_blind: Option<String>,
        id_blind: Option<String>,
    }
}

impl Tie {
    fn kept(&self) -> before::Tie {
        let (kin, position) = (self.kin.clone(), self.position);
        let (id, student, relation, is_guardian) = (self.id, self.student, self.relation, self.is_guardian);
        before::Tie { id, student, relation, kin, is_guardian, position }
    }
}

/// Who the members of a chunk are.
pub(super) struct Resolved {
    /// Guardian of each person, in the order of the children and their persons.
    guardians: Vec<Vec<Id>>,
    /// Guardians who were known before.
    pub known: HashSet<Id>,
    ties: HashMap<Id, Vec<Tie>>,
}

impl Resolved {
    /// The guardians of a child by its place in the chunk.
    pub fn of(&self, at: usize) -> &[Id] {
        &self.guardians[at]
    }
}

/// Finds or makes the guardian of every member of the chunk.
pub(super) fn resolve(tx: &mut Tx, vault: &Vault, children: &[Family<'_>], kept: &mut Before) -> Result<Resolved> {
    let persons = || children.iter().flat_map(|child| child.persons);
    let ids: Vec<&str> = persons().filter_map(|p| p.id_blind.as_deref()).collect();
    let phones: Vec<&str> = persons().filter_map(|p| p.phone_blind.as_deref()).collect();
    let mut book = Book::default();
    for known in find_many::<Known, _>(tx, &GUARDIANS, "id", &ids)? {
        book.add(known, true);
    }
    for known in find_many::<Known, _>(tx, &GUARDIANS, "phone", &phones)? {
        book.add(known, true);
    }
    let mut ties: HashMap<Id, Vec<Tie>> = HashMap::new();
    let old: Vec<Id> = children.iter().filter(|child| !child.is_new).map(|child| child.student).collect();
    let current: Vec<Tie> = tx.rows_in(
        sql!(
            "SELECT k.id, k.student_id, k.guardian_id, g.name, k.relation, k.kin, k.is_guardian, k.position,
                     k.source, g.phone_blind, g.id_blind
              FROM guardianship k JOIN guardian g ON g.id = k.guardian_id
              WHERE k.student_id IN ($1) AND k.valid_to IS NULL ORDER BY k.position, k.id"
        ),
        &old,
        &[],
    )?;
    for tie in current {
        kept.ties.push(tie.kept());
        ties.entry(tie.student).or_default().push(tie);
    }
    let (mut guardians, mut fresh) = (Vec::with_capacity(children.len()), Vec::new());
    for child in children {
        let own = ties.get(&child.student).map_or(&[][..], Vec::as_slice);
        let mut ids = Vec::with_capacity(child.persons.len());
        for person in child.persons {
            let found = book.find(person, own);
            match &found {
                Some(known) => bring_up_to_date(tx, vault, known, person, !child.is_new, kept)?,
                None => fresh.push(person),
            }
            let id = found.map_or(person.id, |known| known.id);
            book.add(
                Known {
                    id,
                    name: person.name.clone(),
                    phone_blind: person.phone_blind.clone(),
                    id_blind: person.id_blind.clone(),
                },
                false,
            );
            ids.push(id);
        }
        guardians.push(ids);
    }
    insert(tx, &fresh)?;
    let known = book.known.into_iter().chain(ties.values().flatten().map(|tie| tie.guardian)).collect();
    Ok(Resolved { guardians, known, ties })
}

#[derive(Default)]
struct Book {
    by_id: HashMap<String, Known>,
    by_phone: HashMap<(String, String), Known>,
    known: HashSet<Id>,
}

impl Book {
    fn add(&mut self, person: Known, was_known: bool) {
        if was_known {
            self.known.insert(person.id);
        }
        if let Some(blind) = &person.id_blind {
            self.by_id.insert(blind.clone(), person.clone());
        }
        if let Some(blind) = &person.phone_blind {
            self.by_phone.entry((blind.clone(), person.name.clone())).or_insert(person);
        }
    }

    fn find(&self, person: &Person, own: &[Tie]) -> Option<Known> {
        let another = |id: &Option<String>| id.is_some() && person.id_blind.is_some() && *id != person.id_blind;
        if let Some(known) = person.id_blind.as_ref().and_then(|blind| self.by_id.get(blind)) {
            return Some(known.clone());
        }
        if let Some(blind) = &person.phone_blind
            && let Some(known) = self.by_phone.get(&(blind.clone(), person.name.clone()))
            && !another(&known.id_blind)
        {
            return Some(known.clone());
        }
        let tie = own.iter().find(|tie| tie.name == person.name && tie.relation == person.relation)?;
        (!another(&tie.id_blind)).then(|| Known {
            id: tie.guardian,
            name: tie.name.clone(),
            phone_blind: tie.phone_blind.clone(),
            id_blind: tie.id_blind.clone(),
        })
    }
}

/// Changes what the row says differently of a known guardian; an empty cell takes nothing away. What is sealed is only
/// compared for a child whose row has changed (`anew`): a new sibling seldom brings news of the parents.
fn bring_up_to_date(
    tx: &mut Tx,
    vault: &Vault,
    known: &Known,
    person: &Person,
    anew: bool,
    kept: &mut Before,
) -> Result<()> {
    let phone_differs = person.phone_blind.is_some() && person.phone_blind != known.phone_blind;
    let id_is_new = person.id_blind.is_some() && known.id_blind.is_none();
    if known.name == person.name && !phone_differs && !id_is_new && !anew {
        return Ok(());
    }
    let now = tx.now();
    let Some(was) = before::guardian(tx, known.id)? else { return Ok(()) };
    let before = was.sealed.clone();
    kept.guardians.push(was);
    let mut private = person.private.clone();
    if let Some(bytes) = before {
        let old: SealedGuardian = vault.open_json(GUARDIAN_SEALED, known.id, &bytes)?;
        let keep = |new: &mut String, old: String| {
            if new.is_empty() {
                *new = old;
            }
        };
        keep(&mut private.id_number, old.id_number);
        keep(&mut private.address, old.address);
        keep(&mut private.work, old.work);
    }
    if phone_differs {
        crate::people::set_phone(tx, vault, known.id, person.phone.as_deref())?;
    }
    let sealed = vault.seal_json(GUARDIAN_SEALED, known.id, &private)?;
    let key = search::sort_key(&person.name);
    tx.exec(
        sql!(
            "UPDATE guardian SET name = $1, name_key = $2, id_blind = COALESCE($3, id_blind), sealed = $4,
                                  updated_at = $5 WHERE id = $6"
        ),
        &[&person.name, &key, &person.id_blind, &sealed, &now, &known.id],
    )?;
    Ok(())
}

fn insert(tx: &mut Tx, fresh: &[&Person]) -> Result<()> {
    let now = tx.now();
    let mut rows = Vec::with_capacity(fresh.len());
    for person in fresh {
        rows.push(vec![
            person.id.to_value(),
            person.name.to_value(),
            person.name_key.to_value(),
            person.phone_sealed.to_value(),
            person.phone_blind.to_value(),
            person.id_blind.to_value(),
            person.sealed.to_value(),
            own(now),
            own(now),
        ]);
    }
    tx.insert_many("guardian", crate::people::GUARDIAN_COLUMNS, &rows)
}

/// Ties the guardians to their children and ends ties of the roster that the rows no longer name. Returns the children
/// for whom something changed.
pub(super) fn tie(tx: &mut Tx, children: &[Family<'_>], resolved: &Resolved, today: Date) -> Result<Vec<Id>> {
    let mut rows = Vec::new();
    let mut touched = Vec::new();
    let (yes, no, empty, source) = (true, false, "", "roster");
    for (at, child) in children.iter().enumerate() {
        let current = resolved.ties.get(&child.student).map_or(&[][..], Vec::as_slice);
        let mut named = HashSet::new();
        let mut changed = false;
        for (person, guardian) in child.persons.iter().zip(resolved.of(at)) {
            if !named.insert(*guardian) {
                continue;
            }
            match current.iter().find(|tie| tie.guardian == *guardian) {
                Some(tie) => changed |= adjust(tx, tie, person)?,
                None => {
                    changed = true;
                    rows.push(vec![
                        own(tx.new_id()),
                        child.school.to_value(),
                        child.student.to_value(),
                        own(*guardian),
                        person.relation.to_value(),
                        person.kin.to_value(),
                        person.is_guardian.to_value(),
                        person.position.to_value(),
                        yes.to_value(),
                        yes.to_value(),
                        no.to_value(),
                        empty.to_value(),
                        source.to_value(),
                        Value::Text(child.since.to_string().into()),
                    ]);
                }
            }
        }
        for tie in current.iter().filter(|tie| tie.source == source && !named.contains(&tie.guardian)) {
            crate::people::end_guardianship(tx, tie.id, today)?;
            changed = true;
        }
        if changed {
            touched.push(child.student);
        }
    }
    tx.insert_many("guardianship", crate::people::GUARDIANSHIP_COLUMNS, &rows)?;
    Ok(touched)
}

fn adjust(tx: &mut Tx, tie: &Tie, person: &Person) -> Result<bool> {
    let same = (tie.relation, tie.kin.as_str(), tie.is_guardian, tie.position)
        == (person.relation, person.kin.as_str(), person.is_guardian, person.position);
    if same || tie.source != "roster" {
        return Ok(false);
    }
    tx.exec(
        sql!("UPDATE guardianship SET relation = $1, kin = $2, is_guardian = $3, position = $4 WHERE id = $5"),
        &[&person.relation, &person.kin, &person.is_guardian, &person.position, &tie.id],
    )?;
    Ok(true)
}
