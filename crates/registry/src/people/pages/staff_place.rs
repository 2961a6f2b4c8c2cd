//! A unit that has staff of its own: a school, the district, a town, an agency, a community site.

use crate::permit::unit_in_reach;
use crate::unit::{Unit, UnitKind};
use gongyu_access::{Actor, Right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// Such a unit in the actor's reach, named by `{id}`, with the right `R`.
pub(super) struct AtPlace<R> {
    /// The person.
    pub(super) actor: Actor,
    /// The unit.
    pub(super) place: Unit,
    right: PhantomData<R>,
}

/// Such a unit in the actor's reach.
///
/// # Errors
/// `Error::NotFound` when it is a class or out of reach.
pub(super) fn in_reach(r: &mut Reader, actor: &Actor, id: Id) -> Result<Unit> {
    let place = unit_in_reach(r, actor, id, None)?;
    if place.kind == UnitKind::Class { Err(Error::NotFound) } else { Ok(place) }
}

impl<R: Right> Extract for AtPlace<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let place = in_reach(asked.r, &actor, asked.req.id()?)?;
        Ok(Self { actor, place, right: PhantomData })
    }
}
