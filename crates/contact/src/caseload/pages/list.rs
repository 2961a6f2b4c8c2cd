//! Staff's cases: those of the school for who gives them out, one's own for who answers or helps.

use super::words::{Choice, Mark, door_icon, due_words, mark, topics};
use crate::caseload::model::{Case, Door, Topic};
use crate::caseload::store::{self, CASES};
use askama::Template;
use gongyu_access::{Action, Role};
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::{people, unit};
use gongyu_store::list::ListPage;
use gongyu_web::permit::Signed;
use gongyu_web::{Get, Reply, filters};
use std::collections::HashMap;

struct Row {
    id: Id,
    icon: &'static str,
    door: &'static str,
    title: String,
    topic: &'static str,
    writer: &'static str,
    received: gongyu_kernel::Date,
    handler: String,
    due: String,
    petition: bool,
    mark: Mark,
}

struct Tab {
    code: &'static str,
    label: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "caseload/pages/list.html")]
struct Page {
    phone: bool,
    steers: bool,
    exports: bool,
    figures: Option<String>,
    tabs: Vec<Tab>,
    show: &'static str,
    doors: Vec<Choice>,
    topics: Vec<Choice>,
    rows: Vec<Row>,
    next: Option<String>,
}

const STEERING: &[(&str, &str)] = &[
    ("open", "case-tab-open"),
    ("new", "case-tab-new"),
    ("approving", "case-tab-approving"),
    ("over", "case-tab-over"),
    ("mine", "case-tab-mine"),
    ("done", "case-tab-done"),
];
const HANDLING: &[(&str, &str)] = &[("mine", "case-tab-mine"), ("done", "case-tab-done")];

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    match actor.hat.role {
        Role::DistrictOfficer => return Ok(Reply::to("/district/cases")),
        Role::TownOfficer => return Ok(Reply::to(format!("/towns/{}/cases", actor.unit()?))),
        Role::Supervisor => {
            let here = unit::find(g.r, actor.unit()?)?;
            let school = here.kind == unit::UnitKind::School;
            return Ok(Reply::to(if school {
                format!("/schools/{}/cases", here.id)
            } else {
                "/district/cases".to_owned()
            }));
        }
        _ => actor.may(Action::HandleCases)?,
    }
    let steers = actor.may(Action::SteerCases).is_ok();
    let (school, staff) =
        (unit::find(g.r, actor.unit()?)?.school.ok_or(Error::Forbidden)?, actor.staff.unwrap_or_default());
    let tabs = if steers { STEERING } else { HANDLING };
    let asked = g.req.query.get("show").to_owned();
    let (show, _) =
        tabs.iter().find(|(code, _)| *code == asked).or_else(|| tabs.first()).copied().unwrap_or(("mine", ""));
    let (door, topic) = (Door::parse(g.req.query.get("door")), Topic::parse(g.req.query.get("topic")));
    let today = g.r.today();
    let mut query =
        CASES.query(&[&school, &today]).after(Some(g.req.query.get("after")).filter(|a| !a.is_empty())).limit(40);
    query = match show {
        "new" | "approving" | "done" | "open" => query.filter(show, &[]),
        "over" => query.filter("over", &[&today]),
        _ => query.filter("of_staff", &[&staff]).filter("open", &[]),
    };
    if !steers && show == "done" {
        query = query.filter("of_staff", &[&staff]);
    }
    if show == "done" {
        query = query.order("newest");
    }
    if let Some(door) = door {
        query = query.filter("door", &[&door]);
    }
    if let Some(topic) = topic {
        query = query.filter("topic", &[&topic]);
    }
    let page: ListPage<Case> = query.rows(g.r)?;
    let mut names: HashMap<Id, String> = HashMap::new();
    for id in page.rows.iter().filter_map(|c| c.handler) {
        if let std::collections::hash_map::Entry::Vacant(place) = names.entry(id) {
            place.insert(people::find_staff(g.r, id)?.name);
        }
    }
    let view = g.view().clone();
    let mut rows = Vec::with_capacity(page.rows.len());
    for c in page.rows {
        rows.push(Row {
            icon: door_icon(c.door),
            door: c.door.label_key(),
            title: store::opened(&g.app.vault, c.id, &c.sealed)?.title,
            topic: c.topic.label_key(),
            writer: c.writer.label_key(),
            received: c.received_on,
            handler: c.handler.and_then(|h| names.get(&h).cloned()).unwrap_or_default(),
            due: due_words(&view, &c),
            petition: c.track == crate::caseload::model::Track::Petition,
            mark: mark(&view, c.state, c.due_on),
            id: c.id,
        });
    }
    let doors = Door::ALL.iter().map(|d| Choice {
        code: d.code().to_owned(),
        words: view.t(d.label_key()),
        on: Some(*d) == door,
    });
    let body = Page {
        phone: view.phone,
        steers,
        exports: steers && actor.may(Action::Export).is_ok(),
        figures: actor.may(Action::SeeCaseFigures).is_ok().then(|| format!("/schools/{school}/cases")),
        tabs: tabs.iter().map(|(code, label)| Tab { code, label, here: *code == show }).collect(),
        show,
        doors: doors.collect(),
        topics: topics(&view, topic.map_or("", Topic::code)),
        rows,
        next: page.next.map(|after| g.req.query.query_with(&[("after", &after)])),
    };
    g.page(g.t("case-list-title"), "cases", &body)
}
