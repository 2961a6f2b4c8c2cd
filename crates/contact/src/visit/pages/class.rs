//! The visits of a class: today, waiting, suggested, still to go by neighbourhood, to follow up, done.

use crate::visit::follow::{self, Task};
use crate::visit::model::{State, Visit};
use crate::visit::need::Need;
use crate::visit::plan::{self, ClassPlan, PlanFamily};
use crate::visit::store::{self, DayVisit};
use crate::visit::suggest::{self, Suggestion, Triggers};
use crate::visit::words::{day_words, state_look, when_words};
use askama::Template;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_registry::permit::ForClass;
use gongyu_registry::unit::Unit;
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// A visit as a line.
pub(super) struct Line {
    pub(super) id: Id,
    pub(super) names: String,
    pub(super) when: String,
    pub(super) look: &'static str,
    pub(super) icon: &'static str,
    pub(super) state: &'static str,
    pub(super) lead: String,
    /// Today or before, and not recorded.
    pub(super) now: bool,
    /// The person was asked to come along and has not answered.
    pub(super) asked: bool,
}

impl Line {
    pub(super) fn of(view: &View, v: &DayVisit, me: Option<Id>) -> Self {
        let (look, icon) = state_look(v.state);
        let names: Vec<&str> = v.children.iter().map(|c| c.name.as_str()).collect();
        Self {
            id: v.id,
            names: names.join(&view.t("visit-and")),
            when: when_words(view, v.starts_at, v.day, v.due_on),
            look,
            icon,
            state: v.state.label_key(),
            lead: if v.lead == me { String::new() } else { v.lead_name.clone() },
            now: v.state != State::Done && v.day.is_some_and(|d| d <= view.today()),
            asked: v.companion == Some(crate::visit::model::Company::Invited),
        }
    }
}

/// A family still to be visited.
struct Left {
    names: String,
    href: String,
    need: &'static str,
    pressing: bool,
    when: String,
}

/// Neighbours.
struct Group {
    name: String,
    left: Vec<Left>,
}

/// A suggested visit.
struct Hint {
    id: Id,
    name: String,
    what: String,
    words: String,
    by: String,
    due: String,
    late: bool,
    href: String,
}

/// Something agreed, to be done.
pub(super) struct Todo {
    pub(super) id: Id,
    pub(super) visit: Id,
    /// Whose family it is of; empty on the page of that visit.
    pub(super) names: String,
    pub(super) what: String,
    pub(super) owner: &'static str,
    pub(super) due: String,
    pub(super) late: bool,
}

impl Todo {
    pub(super) fn of(view: &View, task: &Task) -> Self {
        Self {
            id: task.id,
            visit: task.visit,
            names: String::new(),
            what: task.what.clone(),
            owner: task.owner.label_key(),
            due: task.due_on.map(|d| view.ta("visit-by", &[("day", view.day(d).into())])).unwrap_or_default(),
            late: task.due_on.is_some_and(|d| d < view.today()),
        }
    }
}

/// Tasks as a list shows them, each with whose family it is of.
pub(super) fn todos(r: &mut Reader, view: &View, tasks: &[Task]) -> Result<Vec<Todo>> {
    let visits: Vec<Id> = tasks.iter().map(|t| t.visit).collect();
    let children = store::children_of(r, &visits)?;
    let and = view.t("visit-and");
    let names = |visit: Id| {
        children.iter().filter(|c| c.visit == visit).map(|c| c.name.as_str()).collect::<Vec<_>>().join(&and)
    };
    Ok(tasks.iter().map(|t| Todo { names: names(t.visit), ..Todo::of(view, t) }).collect())
}

struct Been {
    id: Id,
    names: String,
    day: String,
}

#[derive(Template)]
#[template(path = "visit/pages/class.html")]
struct Page {
    phone: bool,
    class: Id,
    class_name: String,
    plans: bool,
    students: i64,
    visited: i64,
    left: i64,
    unplanned: i64,
    special_done: i64,
    special_all: i64,
    days: Vec<Line>,
    hints: Vec<Hint>,
    groups: Vec<Group>,
    todos: Vec<Todo>,
    been: Vec<Been>,
}

pub(super) fn of_class(g: &mut Get<'_>, at: ForClass<right::SeeVisits>) -> Result<Reply> {
    show(g, &at.actor, &at.class)
}

/// Whether somebody sees families by name: the school, not the town or the district.
pub(super) fn sees_names(role: Role) -> bool {
    matches!(role, Role::ClassTeacher | Role::SchoolLeader | Role::MoralDirector | Role::Counsellor)
}

pub(super) fn show(g: &mut Get<'_>, actor: &Actor, class: &Unit) -> Result<Reply> {
    if !sees_names(actor.hat.role) {
        return Err(Error::NotFound);
    }
    let view = g.view().clone();
    let today = view.today();
    let plan = plan::read(g.r, &g.app.vault, actor, class)?;
    let until = today.saturating_add(jiff::Span::new().days(7));
    let since = today.saturating_sub(jiff::Span::new().days(14));
    let mut days = store::of_day(g.r, actor, since, until)?;
    days.retain(|v| v.state != State::Done);
    let suggested = suggest::open_of(g.r, &[class.id])?;
    let triggers = suggest::triggers(g.r)?;
    let own = actor.staff.unwrap_or_default();
    let tasks = follow::open_tasks(g.r, own, class.id, 30)?;
    let todos = todos(g.r, &view, &tasks)?;
    let start = year::current(g.r)?.start;
    let sees_special = actor.may(Action::SeeCategories).is_ok() && plan.special.0 > 0;
    let body = Page {
        phone: view.phone,
        class: class.id,
        class_name: class.display(start),
        plans: actor.may(Action::PlanVisits).is_ok(),
        students: plan.students,
        visited: plan.visited,
        left: plan.left(),
        unplanned: plan.unplanned,
        special_done: plan.special.1,
        special_all: if sees_special { plan.special.0 } else { 0 },
        days: days.iter().map(|v| Line::of(&view, v, actor.staff)).collect(),
        hints: suggested.iter().filter(|s| s.visit.is_none()).map(|s| hint(&view, s, &triggers)).collect(),
        groups: groups(&view, &plan),
        todos,
        been: been(&view, &plan),
    };
    let nav = if matches!(actor.hat.role, Role::ClassTeacher) { "visits" } else { "classes" };
    g.page(g.t("visit-nav"), nav, &body)
}

fn hint(view: &View, s: &Suggestion, triggers: &Triggers) -> Hint {
    Hint {
        id: s.id,
        name: s.name.clone(),
        what: triggers.words(&s.trigger, view.lang() == Lang::Zh),
        words: s.words.clone(),
        by: s.by.clone(),
        due: day_words(view, s.due_on),
        late: s.due_on < view.today(),
        href: format!("/visits/new?child={}&trigger={}", s.student, s.trigger),
    }
}

/// Families still to be visited, in neighbourhoods; the neighbourhood with the most pressing family first.
fn groups(view: &View, plan: &ClassPlan) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for family in plan.families.iter().filter(|f| f.need != Need::Met) {
        let name = if family.group.is_empty() { view.t("visit-no-group") } else { family.group.clone() };
        let left = left(view, family);
        match groups.iter_mut().find(|g| g.name == name) {
            Some(group) => group.left.push(left),
            None => groups.push(Group { name, left: vec![left] }),
        }
    }
    groups
}

fn left(view: &View, family: &PlanFamily) -> Left {
    let open = family.open.as_ref();
    Left {
        names: names(view, family),
        href: open.map_or_else(|| format!("/visits/new?child={}", family.first()), |v| format!("/visits/{}", v.id)),
        need: family.need.label_key(),
        pressing: family.need <= Need::Never,
        when: open.map_or_else(
            || family.due_on.map(|d| view.ta("visit-by", &[("day", view.day(d).into())])).unwrap_or_default(),
            |v: &Visit| {
                let when = when_words(view, v.starts_at, v.day, v.due_on);
                if when.is_empty() { view.t(v.state.label_key()) } else { when }
            },
        ),
    }
}

fn names(view: &View, family: &PlanFamily) -> String {
    let names: Vec<&str> = family.children.iter().map(|c| c.name.as_str()).collect();
    names.join(&view.t("visit-and"))
}

fn been(view: &View, plan: &ClassPlan) -> Vec<Been> {
    let mut done: Vec<(Option<Date>, Been)> = plan
        .families
        .iter()
        .filter_map(|f| {
            let v = f.done.as_ref()?;
            let day = v.day.map(|d| view.day(d)).unwrap_or_default();
            Some((v.day, Been { id: v.id, names: names(view, f), day }))
        })
        .collect();
    done.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    done.into_iter().map(|(_, b)| b).collect()
}
