//! Whose case it is. A case outside a person's reach does not exist for them.

use super::model::{Case, Writer};
use super::rules::seen_from;
use super::store::{self, Who};
use gongyu_access::{Action, Actor, Right, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::App;
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// What a person has to do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Gives it out, approves: a leader or the director of the school.
    Steers,
    /// Answers it.
    Handles,
    /// Helps with it.
    Helps,
}

/// A case in a person's reach.
#[derive(Clone, Debug)]
pub struct Held {
    /// The case.
    pub case: Case,
    /// Their part.
    pub part: Part,
    /// They are the one who answers, whatever else they are.
    pub handles: bool,
}

/// A case in the actor's reach, named by `{id}`, with the right `R`.
pub struct OfCase<R> {
    /// The person.
    pub actor: Actor,
    /// The case and their part.
    pub held: Held,
    right: PhantomData<R>,
}

impl<R: Right> Extract for OfCase<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let held = held(asked.r, &actor, asked.req.id()?)?;
        Ok(Self { actor, held, right: PhantomData })
    }
}

impl Held {
    /// Refuses who neither answers the case nor steers.
    ///
    /// # Errors
    /// `Error::Forbidden`.
    pub fn works(&self) -> Result<()> {
        if self.handles || self.part == Part::Steers { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Whether the writer's name stands on the page by itself. A name in confidence never does.
    pub fn sees_name(&self) -> bool {
        self.case.writer == Writer::Named
    }

    /// The writer, where the name may be shown.
    ///
    /// # Errors
    /// As any statement.
    pub fn writer(&self, r: &mut Reader, app: &App) -> Result<Option<Who>> {
        if self.sees_name() { store::who(r, app, self.case.id) } else { Ok(None) }
    }
}

/// The case in a person's reach.
///
/// # Errors
/// `Error::NotFound` when out of reach.
pub fn held(r: &mut Reader, actor: &Actor, id: Id) -> Result<Held> {
    let case = store::find(r, id)?;
    if r.today() < seen_from(case.writer, case.received_on) {
        return Err(Error::NotFound);
    }
    let steers = actor.may(Action::SteerCases).is_ok() && actor.hat.unit == Some(case.school);
    let handles = actor.staff.is_some() && actor.staff == case.handler;
    let part = match (steers, handles) {
        (true, _) => Part::Steers,
        (_, true) => Part::Handles,
        _ if helps(r, actor, id)? => Part::Helps,
        _ => return Err(Error::NotFound),
    };
    Ok(Held { case, part, handles })
}

fn helps(r: &mut Reader, actor: &Actor, case: Id) -> Result<bool> {
    let Some(staff) = actor.staff else { return Ok(false) };
    let found: Option<(Id,)> = r.row(
        sql!("SELECT case_id FROM caseload_helper WHERE case_id = $1 AND staff_id = $2 AND state <> 'removed'"),
        &[&case, &staff],
    )?;
    Ok(found.is_some())
}

/// A guardian's own case, named by `{id}`.
pub struct MyCase {
    /// The guardian.
    pub actor: Actor,
    /// The case.
    pub case: Case,
}

impl Extract for MyCase {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        let guardian = as_guardian(&actor)?;
        let case = own(asked.r, guardian, asked.req.id()?)?;
        Ok(Self { actor, case })
    }
}

/// The guardian a person acts as.
///
/// # Errors
/// `Error::Forbidden` in any other hat.
pub fn as_guardian(actor: &Actor) -> Result<Id> {
    match (actor.hat.role, actor.guardian) {
        (Role::Guardian, Some(guardian)) => Ok(guardian),
        _ => Err(Error::Forbidden),
    }
}

/// A case a guardian signed, or that was noted with their name.
///
/// # Errors
/// `Error::NotFound` for any other.
pub fn own(r: &mut Reader, guardian: Id, id: Id) -> Result<Case> {
    let found: Option<(Id,)> =
        r.row(sql!("SELECT case_id FROM caseload_writer WHERE case_id = $1 AND guardian_id = $2"), &[&id, &guardian])?;
    if found.is_none() {
        return Err(Error::NotFound);
    }
    store::find(r, id)
}
