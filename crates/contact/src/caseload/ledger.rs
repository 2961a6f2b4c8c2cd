//! What a case leaves in the ledger: a touch of the family for a call, a talk, an answer to a signed letter.
//! A letter in confidence leaves none, for the class teacher would read from it who wrote; an anonymous one
//! could leave none.

use super::model::{Case, Door, How, Writer};
use super::store::{NewCase, who};
use gongyu_access::{Actor, Role};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::{Channel, Depth, StaffRole, TouchKind};
use gongyu_ledger::touch::{self, NewTouch};
use gongyu_registry::people::{Relation, guardians_of};
use gongyu_store::{Reader, Tx};
use gongyu_web::App;

/// Kind of the source of these touches.
pub const SOURCE: &str = "caseload";

/// The part of whoever acts.
fn part(actor: &Actor) -> StaffRole {
    match actor.hat.role {
        Role::ClassTeacher => StaffRole::ClassTeacher,
        Role::SubjectTeacher => StaffRole::SubjectTeacher,
        Role::SchoolLeader | Role::MoralDirector => StaffRole::SchoolLeader,
        Role::Counsellor => StaffRole::Counsellor,
        _ => StaffRole::Other,
    }
}

fn relation_of(r: &mut Reader, student: Id, guardian: Option<Id>) -> Result<Option<Relation>> {
    let Some(guardian) = guardian else { return Ok(None) };
    Ok(guardians_of(r, student)?.into_iter().find(|g| g.guardian == guardian).map(|g| g.relation))
}

struct Contact {
    kind: TouchKind,
    depth: Depth,
    channel: Channel,
    by_family: bool,
    day: Date,
    minutes: i64,
}

fn enter(tx: &mut Tx, actor: &Actor, case: &Case, family: (Id, Option<Id>), contact: Contact) -> Result<()> {
    let (student, guardian) = family;
    let touch = NewTouch {
        student,
        kind: contact.kind,
        depth: contact.depth,
        channel: contact.channel,
        tone: None,
        by_family: contact.by_family,
        occurred_on: contact.day,
        guardian,
        relation: relation_of(tx, student, guardian)?,
        staff: actor.staff,
        staff_role: Some(part(actor)),
        minutes: contact.minutes,
        source: (SOURCE, Some(case.id)),
        act: None,
        client_key: None,
    };
    touch::record(tx, &[touch]).map(drop)
}

/// A call or a talk that was noted.
///
/// # Errors
/// As `touch::record`.
pub(super) fn talked(tx: &mut Tx, actor: &Actor, case: &Case, new: &NewCase) -> Result<()> {
    let Some(student) = new.student else { return Ok(()) };
    let (depth, channel) = match new.door {
        Door::Reception => (Depth::Met, Channel::AtSchool),
        _ => (Depth::Talked, Channel::Phone),
    };
    let contact =
        Contact { kind: TouchKind::CONTACT, depth, channel, by_family: true, day: new.day, minutes: new.minutes };
    enter(tx, actor, case, (student, new.guardian), contact)
}

/// An answer told by telephone or in person.
///
/// # Errors
/// As `touch::record`.
pub(super) fn told(tx: &mut Tx, app: &App, actor: &Actor, case: &Case, how: How) -> Result<()> {
    let (depth, channel) = match how {
        How::AtSchool => (Depth::Met, Channel::AtSchool),
        _ => (Depth::Talked, Channel::Phone),
    };
    let Some(who) = who(tx, app, case.id)? else { return Ok(()) };
    let Some(student) = who.student else { return Ok(()) };
    let day = tx.today();
    let contact = Contact { kind: TouchKind::CONTACT, depth, channel, by_family: false, day, minutes: 0 };
    enter(tx, actor, case, (student, who.guardian), contact)
}

/// A signed letter that was answered.
///
/// # Errors
/// As `touch::record`.
pub(super) fn answered(tx: &mut Tx, app: &App, actor: &Actor, case: &Case) -> Result<()> {
    if case.writer != Writer::Named || case.door != Door::Mailbox {
        return Ok(());
    }
    let Some(who) = who(tx, app, case.id)? else { return Ok(()) };
    let Some(student) = who.student else { return Ok(()) };
    let contact = Contact {
        kind: TouchKind::LETTER,
        depth: Depth::Told,
        channel: Channel::InApp,
        by_family: true,
        day: tx.today(),
        minutes: 0,
    };
    enter(tx, actor, case, (student, who.guardian), contact)
}
