//! The children of a class, to be chosen one by one.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_registry::people;
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::UnitKind;
use gongyu_web::{Get, Holder, Reply};

#[derive(Template)]
#[template(path = "notice/pages/pick.html")]
struct Picks {
    children: Vec<(String, String)>,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SendNotice>) -> Result<Reply> {
    let class = g.req.query.id("class").ok_or(Error::NotFound)?;
    let class = unit_in_reach(g.r, &at.actor, class, Some(UnitKind::Class))?;
    let children = people::class_members(g.r, class.id)?;
    let children = children.into_iter().map(|s| (s.id.to_string(), s.name)).collect();
    g.partial(&Picks { children })
}
