//! Somebody without a booking: a child and guardian of the roll, or only a name.

use crate::open_day::door::{self, Noted, WalkIn};
use crate::open_day::model::{Session, Stand};
use crate::open_day::permit::{ForOpenDay, sees_all_names};
use crate::open_day::words::times;
use crate::open_day::{SOURCE, sessions, store};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, unit, year};
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "open_day/pages/walk_in.html")]
struct Page {
    phone: bool,
    id: Id,
    key: String,
    sessions: Vec<(Id, String, bool)>,
    classes: Vec<(Id, String, bool)>,
    class: Option<Id>,
    pupils: Vec<(Id, String)>,
    child: Option<(Id, String)>,
    guardians: Vec<(Id, String)>,
    guest: String,
    problem: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let (view, day) = (g.view().clone(), &at.day);
    let start = year::current(g.r)?.start;
    let counts = sessions::counts(g.r, &[day.id])?;
    let label = |s: &Session| {
        let of = counts.get(&s.id).copied().unwrap_or_default();
        let free = view.ta("open-free-n", &[("n", (s.capacity - of.seats).max(0).into())]);
        format!("{} {} · {free}", times(&view, s), s.title)
    };
    let all = store::sessions(g.r, &[day.id])?;
    let on: Vec<&Session> = all.iter().filter(|s| s.stand == Stand::On).collect();
    let asked = g.typed().and_then(|f| f.id("session"));
    let sessions =
        on.iter().enumerate().map(|(n, s)| (s.id, label(s), asked.map_or(n == 0, |id| id == s.id))).collect();
    // Teachers choose among their own class; whoever runs the day among all that are asked.
    let own = at.actor.hat.unit.filter(|_| !sees_all_names(at.actor.hat.role));
    let classes = unit::classes_of(g.r, day.school)?;
    let class = own.or_else(|| g.req.query.id("class")).filter(|id| classes.iter().any(|c| c.id == *id));
    let child = g.req.query.id("child").or_else(|| g.typed().and_then(|f| f.id("child")));
    let child = match child {
        Some(id) => {
            let child = people::find_student(g.r, id)?;
            let fits = child.school == day.school && own.is_none_or(|c| child.class == Some(c));
            if fits { Some((child.id, child.name)) } else { None }
        }
        None => None,
    };
    let guardians = match &child {
        Some((id, _)) => people::guardians_of(g.r, *id)?
            .into_iter()
            .filter(|t| !t.restricted)
            .map(|t| (t.guardian, t.name))
            .collect(),
        None => Vec::new(),
    };
    let pupils = match (class, &child) {
        (Some(class), None) => people::class_members(g.r, class)?.into_iter().map(|s| (s.id, s.name)).collect(),
        _ => Vec::new(),
    };
    let body = Page {
        phone: view.phone,
        id: day.id,
        key: match g.value("key", "") {
            "" => g.app.random.code(24),
            kept => kept.to_owned(),
        },
        sessions,
        classes: classes
            .iter()
            .filter(|c| own.is_none_or(|own| own == c.id))
            .map(|c| (c.id, c.display(start), Some(c.id) == class))
            .collect(),
        class,
        pupils,
        child,
        guardians,
        guest: g.value("guest", "").to_owned(),
        problem: g.problem("guest"),
        refusal: g.refusal(),
    };
    g.page(g.t("open-walk-in"), "open-days", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let form = p.form();
    let mut invalid = Invalid::default();
    let who = WalkIn {
        children: form.ids("child"),
        guardian: form.id("guardian"),
        guest: form.optional("guest", 30, &mut invalid),
        adults: form.number("adults", 1, 6, &mut invalid),
    };
    let (session, key) = (form.id("session"), form.get("key").chars().take(64).collect::<String>());
    invalid.into_result()?;
    let session = store::session(p.tx, session.ok_or(Error::NotFound)?)?;
    if !sees_all_names(at.actor.hat.role) {
        for child in &who.children {
            if people::find_student(p.tx, *child)?.class != at.actor.hat.unit {
                return Err(Error::NotFound);
            }
        }
    }
    let noted = door::walk_in(p.tx, &at.day, &session, &who, at.actor.account, &key)?;
    if let Noted::New(_) = noted {
        p.audit("open_day.walk_in", (SOURCE, Some(at.day.id)), "{}")?;
    }
    Ok(Reply::to_with(format!("/open-days/{}/door", at.day.id), Flash::new("open-arrived-now")))
}
