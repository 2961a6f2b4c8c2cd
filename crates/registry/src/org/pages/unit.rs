//! One unit: what is known of it, its staff with their roles, who has not signed in yet.

use crate::org::book::school_kind_key;
use crate::org::invite;
use crate::permit::ForUnit;
use crate::unit::{self, UnitKind};
use askama::Template;
use gongyu_access::{Role, grant, right};
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_store::list::{ListSpec, Order};
use gongyu_store::{list_spec, record, sql};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

record! {
    struct Person {
        id: Id,
        staff_no: String,
        name: String,
        title: String,
        account: Option<Id>,
        login: String,
        has_password: bool,
    }
}

list_spec! {
    /// Staff at work in a unit.
    static STAFF = ListSpec {
        name: "org-staff",
        columns: "s.id, s.staff_no, s.name, s.title, a.id, COALESCE(a.login, ''), a.password_hash IS NOT NULL",
        from: "FROM staff s LEFT JOIN account a ON a.staff_id = s.id
               WHERE s.school_id = $1 AND s.state = 'active'",
        fixed: 1,
        filters: &[],
        orders: &[Order { name: "name", keys: &[("s.name_key", false), ("s.id", false)] }],
        groups: &[],
    };
}

/// A role somebody holds, in the unit or in one of its classes.
struct Held {
    grant: Id,
    role_key: String,
    place: String,
    from: Date,
}

struct Line {
    person: Person,
    held: Vec<Held>,
}

#[derive(Template)]
#[template(path = "org/pages/unit.html")]
struct UnitPage {
    id: Id,
    name: String,
    lead: String,
    kind_key: String,
    code: String,
    town: String,
    phone: String,
    lines: Vec<Line>,
    next: String,
    waiting: usize,
    last_codes: Option<Millis>,
    whole: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: ForUnit<right::ManageStaff>) -> Result<Reply> {
    let u = at.unit;
    if u.kind == UnitKind::Class {
        return Err(Error::NotFound);
    }
    let query = &g.req.query;
    let list = STAFF.query(&[&u.id]);
    let total = list.count(g.r)?;
    let page = list.after(Some(query.get("after")).filter(|c| !c.is_empty())).limit(100).rows::<Person>(g.r)?;
    let next = page.next.map(|after| query.query_with(&[("after", &after)])).unwrap_or_default();
    let mut lines = Vec::new();
    for person in page.rows {
        let grants = match person.account {
            Some(account) => grant::current(g.r, account)?,
            None => Vec::new(),
        };
        let mut held = Vec::new();
        for one in grants {
            if unit::contains(g.r, u.id, one.unit)? {
                let place = if one.unit == u.id { String::new() } else { one.unit_name };
                let role_key = format!("role-{}", one.role.code().replace('_', "-"));
                held.push(Held { grant: one.id, role_key, place, from: one.valid_from });
            }
        }
        lines.push(Line { person, held });
    }
    let town = match u.town.filter(|town| *town != u.id) {
        Some(town) => unit::find(g.r, town)?.name,
        None => String::new(),
    };
    let waiting = invite::waiting_in(g.r, u.id)?.len();
    let page = UnitPage {
        id: u.id,
        lead: g.ta("org-unit-lead", &[("n", gongyu_web::show::thousands(total).into())]),
        kind_key: school_kind_key(u.school_kind.as_deref().unwrap_or(u.kind.code())),
        code: u.code,
        town,
        phone: u.phone,
        lines,
        next,
        waiting,
        last_codes: invite::last_made(g.r, u.id)?,
        whole: at.actor.unit()? != u.id,
        name: u.name.clone(),
    };
    g.page(u.name, "org", &page)
}

/// Ends a role of somebody in the unit or in one of its classes. The last day was yesterday: it holds at once.
pub(super) fn end_grant(p: &mut Post<'_>, at: ForUnit<right::ManageStaff>) -> Result<Reply> {
    let id = p.form().id("grant").ok_or(Error::NotFound)?;
    let (account, unit, role): (Id, Id, Role) =
        p.tx.one(sql!("SELECT account_id, unit_id, role FROM role_grant WHERE id = $1"), &[&id])?;
    if !unit::contains(p.tx, at.unit.id, unit)? {
        return Err(Error::NotFound);
    }
    if account == at.actor.account && Some(id) == at.actor.hat.grant {
        return Err(Error::conflict("org-own-role"));
    }
    let yesterday = p.tx.today().yesterday().map_err(Error::internal)?;
    grant::end(p.tx, id, yesterday)?;
    let detail = serde_json::json!({ "role": role.code(), "account": account }).to_string();
    p.audit("org.role-ended", ("unit", Some(unit)), &detail)?;
    Ok(Reply::to_with(format!("/org/{}", at.unit.id), Flash::new("org-role-ended")))
}
