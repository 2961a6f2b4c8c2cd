//! A child as its guardian sees it: who teaches, whom the school knows, what contacts there were.

use crate::contact_log::{mark, relation_words};
use crate::guardian_home::rules::{may_answer, readable};
use crate::guardian_home::store;
use crate::guardian_home::words::What;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people::{GuardianOf, guardians_of, phone_of};
use gongyu_registry::roster::id_number::mask_phone;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

/// Contacts shown.
const SHOWN: usize = 30;

struct Line {
    id: Id,
    icon: &'static str,
    what: String,
    note: String,
    said: Option<bool>,
    may_answer: bool,
}

struct Person {
    name: String,
    relation: String,
    me: bool,
    picks_up: bool,
    number: String,
}

#[derive(Template)]
#[template(path = "guardian_home/pages/child.html")]
struct Page {
    elder: bool,
    id: Id,
    name: String,
    mark: String,
    place: String,
    teachers: Vec<(String, String)>,
    people: Vec<Person>,
    lines: Vec<Line>,
}

struct Mine {
    id: Id,
    name: String,
    mark: String,
    place: String,
}

#[derive(Template)]
#[template(path = "guardian_home/pages/children.html")]
struct List {
    children: Vec<Mine>,
}

/// My children; with one child, the child itself.
pub(super) fn list(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::Forbidden)?;
    let start = year::current(g.r)?.start;
    let children = store::children(g.r, me)?;
    if let [only] = children.as_slice() {
        return Ok(Reply::to(format!("/children/{}", only.id)));
    }
    let g = &*g;
    let mine = |c: store::Child| Mine {
        place: if c.withheld { g.t("home-held-short") } else { format!("{} {}", c.school_name, c.class_name(start)) },
        mark: mark(&c.name),
        id: c.id,
        name: c.name,
    };
    let body = List { children: children.into_iter().map(mine).collect() };
    g.page(g.t("home-my-children"), "children", &body)
}

#[derive(Template)]
#[template(path = "guardian_home/pages/held.html")]
struct Held {
    id: Id,
    name: String,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let me = at.actor.guardian.ok_or(Error::NotFound)?;
    let id = g.req.id()?;
    let view = g.view().clone();
    let today = view.today();
    let calendar = year::calendar(g.r)?;
    let semester = calendar.semester_of(today);
    let all = store::children(g.r, me)?;
    let child = all.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    if child.withheld {
        let body = Held { id, name: child.name };
        return g.page(body.name.clone(), "children", &body);
    }
    let classes: Vec<Id> = child.class.into_iter().collect();
    let teachers = store::teachers(g.r, &classes)?
        .rows(g.r)?
        .into_iter()
        .map(|t| {
            let part = if t.class_teacher { view.t("home-part-class-teacher") } else { t.title };
            (t.name, part)
        })
        .collect();
    let since = calendar.dates_of_year(semester.year).from;
    let lines = store::seen(g.r, &[child.id], me, since)?
        .rows(g.r)?
        .into_iter()
        .take(SHOWN)
        .map(|s| {
            let what = What { kind: &s.kind, channel: s.channel, day: s.day, staff: s.staff.as_deref() };
            Line {
                id: s.touch,
                icon: what.icon(),
                what: what.words(&view),
                note: readable(&s).unwrap_or_default().to_owned(),
                said: s.said,
                may_answer: may_answer(&s, me, today),
            }
        })
        .collect();
    // Who is kept from the child is not named here: the page may be read over a shoulder.
    let known: Vec<GuardianOf> = guardians_of(g.r, child.id)?.into_iter().filter(|k| !k.restricted).collect();
    let mut people = Vec::with_capacity(known.len());
    for k in known {
        let own = k.guardian == me;
        let number = if own { phone_of(g.r, &g.app.vault, me)?.map(|n| mask_phone(&n)) } else { None };
        people.push(Person {
            relation: relation_words(&view, k.relation, &k.kin),
            name: k.name,
            me: own,
            picks_up: k.may_pick_up,
            number: number.unwrap_or_default(),
        });
    }
    let body = Page {
        elder: view.prefs.elder,
        id: child.id,
        mark: mark(&child.name),
        place: format!("{} {}", child.school_name, child.class_name(semester.year.start)),
        name: child.name,
        teachers,
        people,
        lines,
    };
    g.page(body.name.clone(), "children", &body)
}
