//! Whose task it is. A task outside a person's reach does not exist for them.

use super::model::{State, Task};
use super::rules::{Part, part, reads};
use super::store;
use gongyu_access::{Action, Actor, Right, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// A task in a person's reach.
#[derive(Clone, Debug)]
pub struct Held {
    /// The task.
    pub task: Task,
    /// What they may do with it.
    pub part: Part,
}

/// A task in the actor's reach, named by `{id}`, with the right `R`.
pub struct OfTask<R> {
    /// The person.
    pub actor: Actor,
    /// The task.
    pub held: Held,
    right: PhantomData<R>,
}

impl<R: Right> Extract for OfTask<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let id = asked.req.id()?;
        let held = held(asked.r, &actor, id)?;
        Ok(Self { actor, held, right: PhantomData })
    }
}

impl<R> OfTask<R> {
    /// Refuses whoever the task does not lie with.
    ///
    /// # Errors
    /// `Error::Forbidden`.
    pub fn own(&self) -> Result<()> {
        if self.held.part == Part::Own { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Refuses whoever may not take it over.
    ///
    /// # Errors
    /// `Error::Forbidden`.
    pub fn above(&self) -> Result<()> {
        if self.held.part == Part::Above { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// The task in a person's reach.
///
/// # Errors
/// `Error::NotFound` when out of reach.
pub fn held(r: &mut Reader, actor: &Actor, id: Id) -> Result<Held> {
    let task = store::find(r, id)?;
    let hat = actor.unit().map_err(|_| Error::NotFound)?;
    let late = task.is_overdue(r.today());
    let role = actor.hat.role;
    let inside = match role {
        Role::ClassTeacher => task.class == Some(hat),
        Role::SchoolLeader | Role::MoralDirector => task.school == hat,
        Role::TownOfficer => task.town == Some(hat),
        // Whoever knocks sees the errand while it is theirs, and nothing of it afterwards.
        Role::AgencyOfficer | Role::CommunityWorker => task.unit == hat && task.state == State::Open,
        Role::DistrictOfficer => gongyu_registry::unit::contains(r, hat, task.school)?,
        _ => false,
    };
    if !inside || !reads(role, task.level, late) {
        return Err(Error::NotFound);
    }
    let part = if task.state == State::Open { part(role, task.level, late) } else { Part::Read };
    Ok(Held { task, part })
}

/// Whoever sees tasks or works on them, in the unit of the hat.
pub struct Watcher {
    /// The person.
    pub actor: Actor,
}

/// A task in the reach of somebody who sees tasks or works on them, named by `{id}`.
pub struct SeenTask {
    /// The person.
    pub actor: Actor,
    /// The task.
    pub held: Held,
}

impl Extract for Watcher {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(Action::SeeUnreached).or_else(|_| actor.may(Action::HandleUnreached))?;
        Ok(Self { actor })
    }
}

impl Extract for SeenTask {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let Watcher { actor } = Watcher::extract(asked)?;
        let id = asked.req.id()?;
        let held = held(asked.r, &actor, id)?;
        Ok(Self { actor, held })
    }
}
