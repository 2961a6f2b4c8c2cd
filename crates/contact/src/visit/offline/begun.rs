//! A visit nobody planned, begun at the door: the phone holds the names of its person's class, and the visit itself
//! is made when its record arrives, once for the number the phone gave it.

use super::rules;
use crate::contact_log::staff_role;
use crate::visit::model::{NewVisit, Reason, VisitId, Way};
use crate::visit::{SOURCE, store, suggest};
use gongyu_access::{Action, Actor};
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::people;
use gongyu_registry::permit::student_in_reach;
use gongyu_registry::unit::{self, UnitKind};
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::Post;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// A child a visit may be begun for, as the phone holds it: no address, no telephone, no number.
#[derive(Serialize)]
pub(super) struct Pupil {
    id: Id,
    name: String,
    class_name: String,
    /// Children with the same one live together.
    family: Id,
}

/// What a phone says of a visit it began.
#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    /// The phone's number of it.
    key: String,
    children: Vec<Id>,
    reason: Reason,
}

/// The children of the class a hat is of. A hat of a whole school would carry too many names about.
pub(super) fn pupils(r: &mut Reader, actor: &Actor, start: i16) -> Result<Vec<Pupil>> {
    if actor.may(Action::SeeStudent).is_err() {
        return Ok(Vec::new());
    }
    let here = unit::find(r, actor.unit()?)?;
    if here.kind != UnitKind::Class {
        return Ok(Vec::new());
    }
    let class_name = here.display(start);
    let members = people::class_members(r, here.id)?;
    Ok(members
        .into_iter()
        .map(|s| Pupil { id: s.id, name: s.name, class_name: class_name.clone(), family: s.family })
        .collect())
}

/// The numbers that phones of this account gave to visits.
pub(super) fn keys(r: &mut Reader, account: Id, visits: &[VisitId]) -> Result<HashMap<VisitId, String>> {
    let rows: Vec<(VisitId, String)> =
        r.rows_in(sql!("SELECT id, client_key FROM visit WHERE id IN ($1) AND made_by = $2"), visits, &[&account])?;
    Ok(rows.into_iter().filter(|(_, key)| rules::is_key(key)).collect())
}

/// The visit of this number: the one already there, one that was planned for exactly these children and that nobody
/// has touched yet, or a new one.
///
/// # Errors
/// `Error::NotFound` for a child out of reach, `Error::Conflict` for children of several families.
pub(super) fn visit(p: &mut Post<'_>, actor: &Actor, begun: &Begun, day: Option<Date>, way: Way) -> Result<VisitId> {
    if !rules::is_key(&begun.key) {
        return Err(Error::conflict("visit-offline-odd"));
    }
    p.tx.lock(&format!("offline-begun:{}", begun.key))?;
    if let Some(earlier) = store::by_key(p.tx, actor.account, &begun.key)? {
        return Ok(earlier.id);
    }
    let first = student_in_reach(p.tx, actor, begun.children.first().copied().ok_or(Error::NotFound)?)?;
    for child in &begun.children {
        student_in_reach(p.tx, actor, *child)?;
    }
    let mut children = begun.children.clone();
    children.dedup();
    if let Some(planned) = planned(p.tx, actor, first.family, &children)? {
        let now = p.tx.now();
        p.tx.exec(
            sql!("UPDATE visit SET made_by = $1, client_key = $2, lead_staff_id = $3, updated_at = $4 WHERE id = $5"),
            &[&actor.account, &begun.key, &actor.staff, &now, &planned],
        )?;
        return Ok(planned);
    }
    let new = NewVisit {
        children: children.clone(),
        reason: begun.reason,
        trigger: String::new(),
        due_on: None,
        day,
        starts_at: None,
        way,
        lead: (actor.staff, staff_role(actor.hat.role)),
        contact: None,
    };
    let (id, is_new) = store::create(p.tx, &new, actor.account, &begun.key)?;
    if is_new {
        suggest::tie(p.tx, &children, id)?;
        p.audit("visit.plan", (SOURCE, Some(id)), "{\"offline\":true}")?;
    }
    Ok(id)
}

/// A planned visit of exactly these children that no time was offered for and nobody else leads.
fn planned(tx: &mut Tx, actor: &Actor, family: Id, children: &[Id]) -> Result<Option<VisitId>> {
    let open: Vec<(VisitId,)> = tx.rows(
        sql!(
            "SELECT id FROM visit WHERE family_id = $1 AND state = 'planned' AND version = 0 AND offers = 0
               AND contact_id IS NULL AND (lead_staff_id = $2 OR lead_staff_id IS NULL)
              ORDER BY CASE WHEN due_on IS NULL THEN 1 ELSE 0 END, due_on, id"
        ),
        &[&family, &actor.staff],
    )?;
    let ids: Vec<VisitId> = open.into_iter().map(|(id,)| id).collect();
    let of = store::children_of(tx, &ids)?;
    let asked: BTreeSet<Id> = children.iter().copied().collect();
    Ok(ids
        .into_iter()
        .find(|id| of.iter().filter(|c| c.visit == *id).map(|c| c.student).collect::<BTreeSet<Id>>() == asked))
}
