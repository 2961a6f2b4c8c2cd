//! Noting a contact, correcting it, taking it back: each in one transaction with everything that follows.

use super::SOURCE;
use super::model::{Candidate, ContactRecord, NewContact, Who};
use super::rules;
use super::store::{self, Person};
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_ledger::touch::{self, NewTouch, Touch};
use gongyu_registry::people::{Relation, StudentState};
use gongyu_registry::unit;
use gongyu_store::{Reader, Tx};
use std::collections::BTreeSet;

/// Children one note may be about: a whole class and a few.
const MOST_CHILDREN: usize = 80;

/// Notes a contact. The same client key of the same account is noted once: the second time gives the
/// first one's identifier and `false`.
///
/// # Errors
/// `Error::NotFound` when a child is not in the actor's reach, `Error::Conflict` for a day that cannot be
/// or children of several schools.
pub fn log(tx: &mut Tx, actor: &Actor, new: &NewContact, client_key: &str) -> Result<(Id, bool)> {
    if new.children.len() > MOST_CHILDREN {
        return Err(Error::conflict("contact-log-too-many"));
    }
    let (children, people) = (touch::ask(tx, &new.children)?, store::ask_people(tx, &new.children)?);
    let (children, people) = (children.take(tx)?, people.rows(tx)?);
    let (school, class) = place(tx, actor, new, &children)?;
    let (id, is_new) = store::insert(tx, new, (school, class), (actor.staff, actor.account), client_key)?;
    if is_new {
        touch::record_for(tx, children, &touches(actor, new, id, &people))?;
    }
    Ok((id, is_new))
}

/// The one school of the children, and their class when they are all of one; each must be in school and
/// in the unit of the hat.
fn place(tx: &mut Tx, actor: &Actor, new: &NewContact, children: &touch::Children) -> Result<(Id, Option<Id>)> {
    let hat = actor.unit()?;
    let asked: BTreeSet<Id> = new.children.iter().copied().collect();
    let here: Vec<&touch::Place> = children.places().filter(|p| p.state == StudentState::Active).collect();
    let school = here.first().map(|p| p.school);
    if here.len() != asked.len() {
        return Err(Error::NotFound);
    }
    let units: BTreeSet<Id> = here.iter().map(|p| p.class.unwrap_or(p.school)).collect();
    for at in units {
        if at != hat && !unit::contains(tx, hat, at)? {
            return Err(Error::NotFound);
        }
    }
    let school = school.ok_or_else(|| Error::field("child", "contact-log-choose-child"))?;
    if here.iter().any(|p| p.school != school) {
        return Err(Error::conflict("contact-log-one-school"));
    }
    let classes: BTreeSet<Id> = here.iter().filter_map(|p| p.class).collect();
    Ok((school, if classes.len() == 1 { classes.first().copied() } else { None }))
}

/// Corrects a contact. A line of note is changed in place; anything the ledger keeps is reversed there
/// and recorded again. `Who::Usual` keeps whoever was noted.
///
/// # Errors
/// `Error::Conflict("contact-already-undone")`, and as `log`.
pub fn amend(tx: &mut Tx, actor: &Actor, record: &ContactRecord, new: &NewContact) -> Result<()> {
    if record.undone_at.is_some() {
        return Err(Error::conflict("contact-already-undone"));
    }
    let standing = standing(tx, record.id)?;
    let people = store::ask_people(tx, &new.children)?.rows(tx)?;
    let mut wanted = touches(actor, new, record.id, &people);
    for touch in &mut wanted {
        let Some(old) = standing.iter().find(|o| o.student == touch.student) else { continue };
        // Who made the contact stays who made it, whoever corrects it.
        (touch.staff, touch.staff_role) = (old.staff, old.staff_role);
        if new.who == Who::Usual {
            (touch.guardian, touch.relation) = (old.guardian, old.relation);
        }
    }
    let same = standing.len() == wanted.len() && wanted.iter().all(|w| standing.iter().any(|s| says_the_same(w, s)));
    if !same {
        let ids: Vec<Id> = standing.iter().map(|t| t.id).collect();
        touch::reverse(tx, &ids)?;
        touch::record(tx, &wanted)?;
    }
    store::update(tx, record, new)
}

fn says_the_same(new: &NewTouch, old: &Touch) -> bool {
    (new.student, new.channel, new.tone, new.depth, new.occurred_on)
        == (old.student, old.channel, old.tone, old.depth, old.occurred_on)
        && (new.by_family, new.guardian, new.relation, new.minutes)
            == (old.by_family, old.guardian, old.relation, old.minutes)
}

/// Takes a contact back.
///
/// # Errors
/// `Error::Conflict("contact-already-undone")`.
pub fn undo(tx: &mut Tx, record: &ContactRecord, by: Id) -> Result<()> {
    if record.undone_at.is_some() {
        return Err(Error::conflict("contact-already-undone"));
    }
    let ids: Vec<Id> = standing(tx, record.id)?.iter().map(|t| t.id).collect();
    touch::reverse(tx, &ids)?;
    store::set_undone(tx, record, by)
}

/// The touches of a record that were not taken back.
fn standing(r: &mut Reader, record: Id) -> Result<Vec<Touch>> {
    Ok(touch::of_source(r, SOURCE, record)?.into_iter().filter(|t| !t.reversed).collect())
}

fn touches(actor: &Actor, new: &NewContact, record: Id, people: &[Person]) -> Vec<NewTouch> {
    let one = |student: &Id| {
        let own: Vec<&Person> = people.iter().filter(|p| p.candidate.student == *student).collect();
        let of_child: Vec<&Candidate> = own.iter().map(|p| &p.candidate).collect();
        let last = own.first().and_then(|p| p.last);
        let (guardian, relation) = reached(new.who, &of_child, last);
        NewTouch {
            student: *student,
            kind: rules::kind(new.channel),
            depth: rules::depth(new.channel, new.left_message),
            channel: new.channel,
            tone: Some(new.tone),
            by_family: new.by_family,
            occurred_on: new.day,
            guardian,
            relation,
            staff: actor.staff,
            staff_role: Some(rules::staff_role(actor.hat.role)),
            minutes: new.minutes,
            source: (SOURCE, Some(record)),
            act: None,
            client_key: None,
        }
    };
    let children: BTreeSet<Id> = new.children.iter().copied().collect();
    children.iter().map(one).collect()
}

/// Guardian and relation to note. A relation that nobody of the roster holds is noted without a name.
fn reached(who: Who, of_child: &[&Candidate], last: Option<Id>) -> (Option<Id>, Option<Relation>) {
    let found = match who {
        Who::Usual => rules::default_guardian(of_child, last),
        Who::Guardian(id) => of_child.iter().copied().find(|c| c.guardian == id),
        Who::Relation(relation) => of_child.iter().copied().find(|c| c.relation == relation),
    };
    match (found, who) {
        (Some(c), _) => (Some(c.guardian), Some(c.relation)),
        (None, Who::Relation(relation)) => (None, Some(relation)),
        (None, _) => (None, None),
    }
}
