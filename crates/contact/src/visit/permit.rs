//! Whose visit it is. A visit outside a person's reach does not exist for them.

use super::model::{Visit, VisitChild, VisitId};
use super::store;
use gongyu_access::{Actor, Right, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// What a person may do with a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Read it.
    Read,
    /// Write what they themselves saw: a companion.
    Own,
    /// Write all of it: who leads it, the class teacher of a child, the moral-education director.
    Whole,
}

/// A visit in a person's reach.
#[derive(Clone, Debug)]
pub struct Held {
    /// The visit.
    pub visit: Visit,
    /// Its children.
    pub children: Vec<VisitChild>,
    /// What they may do with it.
    pub part: Part,
}

/// A visit in the actor's reach, named by `{id}`, with the right `R`.
pub struct OfVisit<R> {
    /// The person.
    pub actor: Actor,
    /// The visit with what they may do.
    pub held: Held,
    right: PhantomData<R>,
}

impl<R: Right> Extract for OfVisit<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let id = asked.req.id()?;
        let held = held(asked.r, &actor, id)?;
        Ok(Self { actor, held, right: PhantomData })
    }
}

impl Held {
    /// Refuses who may not write all of it.
    ///
    /// # Errors
    /// `Error::Forbidden`.
    pub fn whole(&self) -> Result<()> {
        if self.part == Part::Whole { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The children, as identifiers.
    pub fn students(&self) -> Vec<Id> {
        self.children.iter().map(|c| c.student).collect()
    }
}

/// The visit in a person's reach.
///
/// # Errors
/// `Error::NotFound` when out of reach.
pub fn held(r: &mut Reader, actor: &Actor, id: VisitId) -> Result<Held> {
    let visit = store::find(r, id)?;
    let children = store::children_of(r, &[id])?;
    let part = part_of(r, actor, &visit, &children)?.ok_or(Error::NotFound)?;
    Ok(Held { visit, children, part })
}

fn part_of(r: &mut Reader, actor: &Actor, visit: &Visit, children: &[VisitChild]) -> Result<Option<Part>> {
    let Some(hat) = actor.hat.unit else { return Ok(None) };
    let of_school = hat == visit.school;
    let leads = actor.staff.is_some() && actor.staff == visit.lead;
    let here = match actor.hat.role {
        Role::ClassTeacher => leads || children.iter().any(|c| c.class == hat) || now_in(r, children, hat)?,
        Role::MoralDirector => of_school,
        Role::SchoolLeader | Role::Counsellor | Role::SubjectTeacher => leads,
        _ => return Ok(None),
    };
    if here {
        return Ok(Some(Part::Whole));
    }
    if comes_along(r, actor, visit.id)? {
        return Ok(Some(Part::Own));
    }
    let reads = of_school && matches!(actor.hat.role, Role::SchoolLeader | Role::Counsellor);
    Ok(reads.then_some(Part::Read))
}

/// Whether a child of the visit is in this class today: a child that moved takes its visits along.
fn now_in(r: &mut Reader, children: &[VisitChild], class: Id) -> Result<bool> {
    let ids: Vec<Id> = children.iter().map(|c| c.student).collect();
    let found: Vec<(Id,)> = r.rows_in(
        sql!("SELECT id FROM student WHERE id IN ($1) AND class_id = $2 AND state = 'active'"),
        &ids,
        &[&class],
    )?;
    Ok(!found.is_empty())
}

fn comes_along(r: &mut Reader, actor: &Actor, visit: VisitId) -> Result<bool> {
    let Some(staff) = actor.staff else { return Ok(false) };
    let found: Option<(Id,)> = r.row(
        sql!("SELECT visit_id FROM visit_companion WHERE visit_id = $1 AND staff_id = $2 AND state <> 'not_coming'"),
        &[&visit, &staff],
    )?;
    Ok(found.is_some())
}

/// The children of a visit whose matters a guardian may receive; none of it exists for anybody else,
/// and a brother or sister in another's custody is not named.
///
/// # Errors
/// `Error::NotFound` when there is none.
pub fn held_by_guardian(r: &mut Reader, guardian: Id, id: VisitId) -> Result<(Visit, Vec<VisitChild>)> {
    let visit = store::find(r, id)?;
    let own: Vec<(Id,)> = r.rows(
        sql!(
            "SELECT c.student_id FROM visit_child c JOIN guardianship k ON k.student_id = c.student_id
              WHERE c.visit_id = $1 AND k.guardian_id = $2 AND k.valid_to IS NULL AND k.may_receive
                AND NOT k.restricted"
        ),
        &[&id, &guardian],
    )?;
    let mut children = store::children_of(r, &[id])?;
    children.retain(|c| own.iter().any(|(student,)| *student == c.student));
    if children.is_empty() { Err(Error::NotFound) } else { Ok((visit, children)) }
}
