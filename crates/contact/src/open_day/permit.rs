//! Whose open day it is: the staff of its school and those above it; the families of its classes. For anybody
//! else it does not exist.

use super::model::{OpenDay, Session, State};
use super::store;
use gongyu_access::{Actor, Right, Role};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::unit;
use gongyu_store::{Reader, record, sql};
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// An open day in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForOpenDay<R> {
    /// The person.
    pub actor: Actor,
    /// The open day.
    pub day: OpenDay,
    right: PhantomData<R>,
}

impl<R: Right> Extract for ForOpenDay<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let day = in_reach(asked.r, &actor, asked.req.id()?)?;
        Ok(Self { actor, day, right: PhantomData })
    }
}

/// A session of an open day in the actor's reach, named by `{id}`, with the right `R`.
pub struct ForSession<R> {
    /// The person.
    pub actor: Actor,
    /// The open day.
    pub day: OpenDay,
    /// The session.
    pub session: Session,
    right: PhantomData<R>,
}

impl<R: Right> Extract for ForSession<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let session = store::session(asked.r, asked.req.id()?)?;
        let day = in_reach(asked.r, &actor, session.open_day)?;
        Ok(Self { actor, day, session, right: PhantomData })
    }
}

/// The open day in a member of staff's reach: of the school they work in, or of one below their unit. Who stands
/// above a school sees no drafts.
///
/// # Errors
/// `Error::NotFound` when out of reach.
pub fn in_reach(r: &mut Reader, actor: &Actor, id: Id) -> Result<OpenDay> {
    let hat = actor.hat.unit.ok_or(Error::NotFound)?;
    let day = store::find(r, id)?;
    let own = hat == day.school || unit::contains(r, day.school, hat)?;
    let above = !own && day.state != State::Draft && unit::contains(r, hat, day.school)?;
    if own || above { Ok(day) } else { Err(Error::NotFound) }
}

/// Whether names of families are this person's business: those of the school who run the day. Teachers see those of
/// their class and sessions.
pub const fn sees_all_names(role: Role) -> bool {
    matches!(role, Role::SchoolLeader | Role::MoralDirector)
}

/// The school a person works in, for those who prepare open days.
///
/// # Errors
/// `Error::NotFound` for a hat without a school.
pub fn own_school(r: &mut Reader, actor: &Actor) -> Result<Id> {
    let here = unit::find(r, actor.unit()?)?;
    here.school.ok_or(Error::NotFound)
}

record! {
    /// A child of a guardian whose class is asked.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OwnChild {
        /// Child.
        pub id: Id,
        /// Name.
        pub name: String,
        /// Class.
        pub class: Id,
        /// Family.
        pub family: Id,
        /// Born.
        pub born: Date,
    }
}

/// The children for whom a guardian may come to an open day.
///
/// # Errors
/// `Error::NotFound` when there is none, or the day is not for families yet.
pub fn own_children(r: &mut Reader, guardian: Option<Id>, day: &OpenDay) -> Result<Vec<OwnChild>> {
    let me = guardian.ok_or(Error::Forbidden)?;
    let children: Vec<OwnChild> = r.rows(
        sql!(
            "SELECT s.id, s.name, s.class_id, s.family_id, s.birth_date FROM guardianship k
              JOIN student s ON s.id = k.student_id AND s.state = 'active'
              JOIN open_day_class c ON c.class_id = s.class_id AND c.open_day_id = $2
              WHERE k.guardian_id = $1 AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              ORDER BY s.birth_date, s.id"
        ),
        &[&me, &day.id],
    )?;
    if children.is_empty() || day.state == State::Draft { Err(Error::NotFound) } else { Ok(children) }
}
