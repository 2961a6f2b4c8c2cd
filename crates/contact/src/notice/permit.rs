//! Notices with the right to hold them. What is not yours is not there.

use super::model::{Notice, State};
use super::store::{self, Mine};
use gongyu_access::{Actor, Right, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::unit::{self, UnitKind};
use gongyu_store::{Reader, sql};
use gongyu_web::permit::{Asked, Extract};
use std::marker::PhantomData;

/// The part of a notice's families that somebody sees; each is 0 where it does not narrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Only schools of this town.
    pub town: Id,
    /// Only this school.
    pub school: Id,
    /// Only this class.
    pub class: Id,
}

impl Slice {
    /// Everything.
    pub const ALL: Self = Self { town: Id(0), school: Id(0), class: Id(0) };

    /// What lies in a unit.
    pub fn of(kind: UnitKind, unit: Id) -> Self {
        match kind {
            UnitKind::Class => Self { class: unit, ..Self::ALL },
            UnitKind::School => Self { school: unit, ..Self::ALL },
            UnitKind::Town => Self { town: unit, ..Self::ALL },
            UnitKind::District | UnitKind::Agency | UnitKind::Community => Self::ALL,
        }
    }

    /// Whether a class of a school lies in it.
    ///
    /// # Errors
    /// `Error::NotFound` when it does not.
    pub fn must_hold(self, r: &mut Reader, school: Id, class: Id) -> Result<()> {
        let open = Id(0);
        let mut within = (self.class == open || self.class == class) && (self.school == open || self.school == school);
        if self.town != open {
            within = within && unit::find(r, school)?.town == Some(self.town);
        }
        if within { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// A notice and how much of it somebody sees.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The notice.
    pub notice: Notice,
    /// The families seen.
    pub slice: Slice,
    /// Whether the actor may steer it: its author, or a leader of the unit that speaks.
    pub steers: bool,
}

/// Roles that see only what they wrote themselves or what was shared with them.
pub(crate) const fn sees_only_own(role: Role) -> bool {
    matches!(role, Role::SubjectTeacher)
}

/// What an actor sees of a notice.
///
/// # Errors
/// `Error::NotFound` when it is not theirs to see: another class's or school's, somebody else's draft.
pub fn sight(r: &mut Reader, actor: &Actor, id: Id) -> Result<Sight> {
    let notice = store::find(r, id)?;
    let hat = actor.hat.unit.ok_or(Error::NotFound)?;
    let own = notice.author == actor.account;
    if own && hat == notice.unit {
        return Ok(Sight { notice, slice: Slice::ALL, steers: true });
    }
    if matches!(notice.state, State::Draft | State::Scheduled) {
        let template = notice.template && unit::contains(r, notice.unit, hat)?;
        return if template { Ok(Sight { notice, slice: Slice::ALL, steers: false }) } else { Err(Error::NotFound) };
    }
    let shared: Option<(Id,)> = r.row(
        sql!("SELECT shared_by FROM notice_share WHERE notice_id = $1 AND account_id = $2"),
        &[&id, &actor.account],
    )?;
    if shared.is_some() {
        return Ok(Sight { notice, slice: Slice::ALL, steers: false });
    }
    if sees_only_own(actor.hat.role) {
        return Err(Error::NotFound);
    }
    if unit::contains(r, hat, notice.unit)? {
        // A class teacher's notice is seen by the school's leaders; what was asked of families stays the author's
        // to steer, and the leaders' in charge.
        return Ok(Sight { notice, slice: Slice::ALL, steers: true });
    }
    let here = unit::find(r, hat)?;
    let slice = Slice::of(here.kind, hat);
    let addressed: Option<(Id,)> = r.row(
        sql!(
            "SELECT c.class_id FROM notice_class c
              WHERE c.notice_id = $1 AND (CAST($2 AS BIGINT) = 0 OR c.school_id = $2) AND (CAST($3 AS BIGINT) = 0 OR c.class_id = $3)
                AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM unit u WHERE u.id = c.school_id AND u.town_id = $4)) LIMIT 1"
        ),
        &[&id, &slice.school, &slice.class, &slice.town],
    )?;
    match addressed {
        Some(_) if slice != Slice::ALL => Ok(Sight { notice, slice, steers: false }),
        _ => Err(Error::NotFound),
    }
}

/// A notice of staff, named by `{id}`, with the right `R`.
pub struct ForNotice<R> {
    /// The person.
    pub actor: Actor,
    /// The notice and how much of it they see.
    pub sight: Sight,
    right: PhantomData<R>,
}

impl<R: Right> Extract for ForNotice<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(R::ACTION)?;
        let sight = sight(asked.r, &actor, asked.req.id()?)?;
        Ok(Self { actor, sight, right: PhantomData })
    }
}

/// A notice of staff that the actor may steer: send, correct, withdraw, remind.
pub struct ToSteer<R> {
    /// The person.
    pub actor: Actor,
    /// The notice.
    pub notice: Notice,
    right: PhantomData<R>,
}

impl<R: Right> Extract for ToSteer<R> {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let ForNotice { actor, sight, .. } = ForNotice::<R>::extract(asked)?;
        if sight.steers { Ok(Self { actor, notice: sight.notice, right: PhantomData }) } else { Err(Error::Forbidden) }
    }
}

/// A guardian, and the notice of `{id}` by its identifier alone: whether it is theirs is asked by the statement
/// that changes it, which gives `Error::NotFound` for anybody else's.
pub struct AsGuardian {
    /// The person.
    pub actor: Actor,
    /// Guardian.
    pub guardian: Id,
    /// The notice's identifier.
    pub notice: Id,
}

impl Extract for AsGuardian {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let actor = asked.actor()?.clone();
        actor.may(gongyu_access::Action::SeeOwnChildren)?;
        let guardian = actor.guardian.ok_or(Error::Forbidden)?;
        Ok(Self { notice: asked.req.id()?, guardian, actor })
    }
}

/// A notice of a guardian's own, named by `{id}`, with the children it names.
pub struct MyNotice {
    /// The person.
    pub actor: Actor,
    /// Guardian.
    pub guardian: Id,
    /// The notice.
    pub notice: Notice,
    /// The children, oldest first; never empty.
    pub children: Vec<Mine>,
}

impl Extract for MyNotice {
    fn extract(asked: &mut Asked<'_>) -> Result<Self> {
        let AsGuardian { actor, guardian, notice } = AsGuardian::extract(asked)?;
        let children = store::mine(asked.r, notice, guardian)?;
        if children.is_empty() {
            return Err(Error::NotFound);
        }
        let notice = store::find(asked.r, notice)?;
        Ok(Self { actor, guardian, notice, children })
    }
}
