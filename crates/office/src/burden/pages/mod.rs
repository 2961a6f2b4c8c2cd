//! The page and its file.

mod file;
mod page;

pub(super) use file::file;
pub(super) use page::show;

use gongyu_access::Actor;
use gongyu_kernel::{Error, Result};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_web::Get;

/// The unit asked for, a school, a town or the district in reach; the person's own when none is named.
fn unit_of(g: &mut Get<'_>, actor: &Actor) -> Result<Unit> {
    let id = match g.req.query.get("unit") {
        "" => actor.unit()?,
        given => given.parse().map_err(|_| Error::NotFound)?,
    };
    let here = unit_in_reach(g.r, actor, id, None)?;
    match here.kind {
        UnitKind::School | UnitKind::Town | UnitKind::District => Ok(here),
        _ => Err(Error::NotFound),
    }
}
