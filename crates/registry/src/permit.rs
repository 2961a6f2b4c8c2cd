//! Records with the right to hold them: what handlers of every room name in their signatures.
//! A record outside the actor's unit is `Error::NotFound`: its existence is nobody else's business.

use crate::people::{self, Student, StudentState};
use crate::unit::{self, Unit, UnitKind};
use gongyu_access::{Actor, Right, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// A class in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForClass<R> {
    /// The person.
    pub actor: Actor,
    /// The class.
    pub class: Unit,
    right: PhantomData<R>,
}

/// A school in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForSchool<R> {
    /// The person.
    pub actor: Actor,
    /// The school.
    pub school: Unit,
    right: PhantomData<R>,
}

/// A town in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForTown<R> {
    /// The person.
    pub actor: Actor,
    /// The town.
    pub town: Unit,
    right: PhantomData<R>,
}

/// Any unit in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForUnit<R> {
    /// The person.
    pub actor: Actor,
    /// The unit.
    pub unit: Unit,
    right: PhantomData<R>,
}

/// A pupil in the actor's reach, named by `{id}`, with the right `R`: one of the actor's class,
/// school or district; for a guardian one of their own children.
pub struct OfStudent<R> {
    /// The person.
    pub actor: Actor,
    /// The pupil.
    pub student: Student,
    right: PhantomData<R>,
}

/// The open unit of a kind in the actor's reach.
///
/// # Errors
/// `Error::NotFound` when it is another kind, closed, or out of reach.
pub fn unit_in_reach(r: &mut Reader, actor: &Actor, id: Id, kind: Option<UnitKind>) -> Result<Unit> {
    let hat = actor.hat.unit.ok_or(Error::NotFound)?;
    let unit = unit::find(r, id)?;
    if kind.is_some_and(|k| k != unit.kind) || !unit::contains(r, hat, id)? {
        return Err(Error::NotFound);
    }
    Ok(unit)
}

/// The pupil in the actor's reach.
///
/// # Errors
/// `Error::NotFound` when out of reach.
pub fn student_in_reach(r: &mut Reader, actor: &Actor, id: Id) -> Result<Student> {
    let student = people::find_student(r, id)?;
    let within = match (actor.hat.role, actor.hat.unit) {
        (Role::Guardian, _) => match actor.guardian {
            Some(guardian) => is_guardian_of(r, guardian, id)?,
            None => false,
        },
        (_, Some(hat)) => {
            let place = match (student.state, student.class) {
                (StudentState::Active, Some(class)) => class,
                _ => student.school,
            };
            unit::contains(r, hat, place)?
        }
        _ => false,
    };
    if within { Ok(student) } else { Err(Error::NotFound) }
}

/// Whether a guardian may receive what concerns a child.
///
/// # Errors
/// As any statement.
pub fn is_guardian_of(r: &mut Reader, guardian: Id, student: Id) -> Result<bool> {
    let found: Option<(Id,)> = r.row(
        sql!(
            "SELECT id FROM guardianship WHERE guardian_id = $1 AND student_id = $2 AND valid_to IS NULL
              AND may_receive AND NOT restricted"
        ),
        &[&guardian, &student],
    )?;
    Ok(found.is_some())
}

fn allowed<R: Right>(asked: &Asked<'_>) -> Result<Actor> {
    let actor = asked.actor()?.clone();
    actor.may(R::ACTION)?;
    Ok(actor)
}

impl<R: Right> Extract for ForClass<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = allowed::<R>(asked)?;
        let class = unit_in_reach(asked.r, &actor, asked.req.id()?, Some(UnitKind::Class))?;
        Ok(Self { actor, class, right: PhantomData })
    }
}

impl<R: Right> Extract for ForSchool<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = allowed::<R>(asked)?;
        let school = unit_in_reach(asked.r, &actor, asked.req.id()?, Some(UnitKind::School))?;
        Ok(Self { actor, school, right: PhantomData })
    }
}

impl<R: Right> Extract for ForTown<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = allowed::<R>(asked)?;
        let town = unit_in_reach(asked.r, &actor, asked.req.id()?, Some(UnitKind::Town))?;
        Ok(Self { actor, town, right: PhantomData })
    }
}

impl<R: Right> Extract for ForUnit<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = allowed::<R>(asked)?;
        let unit = unit_in_reach(asked.r, &actor, asked.req.id()?, None)?;
        Ok(Self { actor, unit, right: PhantomData })
    }
}

impl<R: Right> Extract for OfStudent<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = allowed::<R>(asked)?;
        let student = student_in_reach(asked.r, &actor, asked.req.id()?)?;
        Ok(Self { actor, student, right: PhantomData })
    }
}
