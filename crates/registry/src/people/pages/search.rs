//! Finding pupils and staff within the unit of the hat.

use super::{mark, sex_words};
use crate::people::{self, Typed};
use crate::unit::{self, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

struct Hit {
    id: Id,
    href: Option<String>,
    name: String,
    mark: String,
    more: String,
    place: String,
}

#[derive(Template)]
#[template(path = "people/pages/search.html")]
struct Search {
    typed: String,
    by_phone: bool,
    asked: bool,
    pupils: Vec<Hit>,
    staff: Vec<Hit>,
    next: Option<String>,
    tail_refused: bool,
    phone: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SearchPeople>) -> Result<Reply> {
    let typed = g.req.query.get("q").chars().take(40).collect::<String>();
    let by_phone = at.actor.may(Action::SeeContacts).is_ok();
    let asked = Typed::read(&typed);
    // A number leads to a family: only those who may see numbers may look the other way round.
    let tail_refused = matches!(asked, Typed::Tail(_)) && !by_phone;
    let here = unit::find(g.r, at.actor.unit()?)?;
    let start = year::current(g.r)?.start;
    let view = g.view().clone();
    let after = g.req.query.get("after").to_owned();
    let (mut pupils, mut staff, mut next) = (Vec::new(), Vec::new(), None);
    if asked != Typed::Nothing && !tail_refused {
        let vault = &g.app.vault;
        let page = people::pupils(g.r, vault, &here, &typed, Some(&after))?;
        next = page.next.map(|cursor| g.req.query.query_with(&[("after", &cursor)]));
        let opens = at.actor.may(Action::SeeStudent).is_ok();
        let in_school = matches!(here.kind, UnitKind::School | UnitKind::Class);
        pupils.extend(page.rows.into_iter().map(|hit| {
            let class = hit.class_name(start);
            let place = if in_school { class } else { format!("{}{class}", hit.school) };
            Hit {
                id: hit.id,
                href: opens.then(|| format!("/students/{}", hit.id)),
                mark: mark(&hit.name),
                more: sex_words(&view, &hit.sex),
                name: hit.name,
                place,
            }
        }));
        if here.kind != UnitKind::Class && after.is_empty() && !matches!(asked, Typed::Tail(_)) {
            let manages = at.actor.may(Action::ManageStaff).is_ok();
            let page = people::staff(g.r, vault, here.id, &typed, None)?;
            staff.extend(page.rows.into_iter().map(|hit| Hit {
                id: hit.id,
                href: manages.then(|| format!("/schools/{}/staff/{}", hit.unit_id, hit.id)),
                mark: mark(&hit.name),
                more: hit.title,
                name: hit.name,
                place: if in_school { String::new() } else { hit.unit },
            }));
        }
    }
    let body = Search {
        by_phone,
        asked: asked != Typed::Nothing,
        pupils,
        staff,
        next,
        tail_refused,
        phone: view.phone,
        typed,
    };
    g.page(g.t("people-search-title"), "search", &body)
}
