//! The way up from a page, as far as the viewer may go.

use gongyu_access::{Action, Actor};
use gongyu_kernel::Result;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_store::Reader;
use gongyu_web::show::View;

/// One step of the way.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Address.
    pub href: String,
    /// Name.
    pub name: String,
}

/// The pages of reach above a unit that the viewer may open, the highest first.
///
/// # Errors
/// As any statement.
pub fn crumbs(r: &mut Reader, view: &View, actor: &Actor, here: &Unit) -> Result<Vec<Crumb>> {
    let Some(hat) = actor.hat.unit else { return Ok(Vec::new()) };
    let mut way = Vec::new();
    for above in unit::ancestors(r, here.id)?.into_iter().skip(1) {
        let (right, href) = match above.kind {
            UnitKind::District => (Action::SeeDistrict, "/district".to_owned()),
            UnitKind::Town => (Action::SeeTown, format!("/towns/{}", above.id)),
            UnitKind::School => (Action::SeeReach, format!("/schools/{}/reach", above.id)),
            _ => continue,
        };
        if actor.may(right).is_ok() && unit::contains(r, hat, above.id)? {
            let name = if above.kind == UnitKind::District { view.t("dash-title") } else { above.name };
            way.push(Crumb { href, name });
        }
    }
    way.reverse();
    Ok(way)
}
