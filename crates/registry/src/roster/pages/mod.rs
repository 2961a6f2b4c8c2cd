//! The pages of the roster import.

mod act;
mod beside;
mod changes;
mod files;
mod list;
mod preview;

use super::import::Batch;
use super::import::store;
use crate::unit::{self, UnitKind};
use gongyu_access::Actor;
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Reader;
use gongyu_web::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/roster", list::show)
        .upload("/roster", list::show, act::upload)
        .get("/roster/template.xlsx", files::template)
        .get("/roster/{id}", preview::show)
        .form("/roster/{id}/apply", preview::show, act::apply)
        .form("/roster/{id}/fix", preview::show, act::fix)
        .form("/roster/{id}/undo", preview::show, act::undo)
        .post("/roster/special", act::special)
        .get("/roster/{id}/beside", beside::show)
        .get("/roster/{id}/changes", changes::show)
        .post("/roster/{id}/rows.xlsx", files::rows)
}

/// The school the person imports for; `None` for the whole district.
///
/// # Errors
/// `Error::Forbidden` for a hat of any other unit.
fn school_of(r: &mut Reader, actor: &Actor) -> Result<Option<Id>> {
    let unit = unit::find(r, actor.unit()?)?;
    match unit.kind {
        UnitKind::District => Ok(None),
        UnitKind::School => Ok(Some(unit.id)),
        _ => Err(Error::Forbidden),
    }
}

/// An import of the person's own school or district.
///
/// # Errors
/// `Error::NotFound` for one of another school.
fn batch_of(r: &mut Reader, actor: &Actor, id: Id) -> Result<Batch> {
    let school = school_of(r, actor)?;
    let batch = store::find(r, id)?;
    if school.is_some() && school != batch.school { Err(Error::NotFound) } else { Ok(batch) }
}
