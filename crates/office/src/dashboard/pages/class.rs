//! How far a class reached its families, child by child, who needs it first.

use super::crumbs::{Crumb, crumbs};
use crate::reach::{Moment, Row, class_groups, semester_words};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::reach::{ChildReach, of_children};
use gongyu_ledger::rules::Depth;
use gongyu_registry::people::{self, Student};
use gongyu_registry::permit::ForClass;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// One child's line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    id: Id,
    name: String,
    state: State,
    depth: Option<&'static str>,
    last: Option<Date>,
    joined: Date,
}

/// How urgent a child's line is, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Nobody ever reached the family.
    Never,
    /// Not this semester.
    NotThisSemester,
    /// Reached.
    Reached,
}

impl State {
    const fn key(self) -> &'static str {
        match self {
            Self::Never => "dash-child-never",
            Self::NotThisSemester => "dash-child-missing",
            Self::Reached => "dash-child-reached",
        }
    }

    const fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Never => ("is-over is-quiet", "f-alert-triangle"),
            Self::NotThisSemester => ("is-due is-quiet", "clock"),
            Self::Reached => ("is-met is-quiet", "circle-check"),
        }
    }
}

impl Line {
    fn look(&self) -> (&'static str, &'static str) {
        self.state.look()
    }
}

#[derive(Template)]
#[template(path = "dashboard/pages/class.html")]
struct Class {
    name: String,
    lead: String,
    semester: String,
    crumbs: Vec<Crumb>,
    row: Option<Row>,
    lines: Vec<Line>,
    named: bool,
    opens: bool,
    now: bool,
}

pub fn show(g: &mut Get<'_>, at: ForClass<right::SeeReach>) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let school = at.class.school.unwrap_or_default();
    let groups = class_groups(g.r, &moment, school)?;
    let group = groups.iter().find(|c| c.id == at.class.id);
    let view = g.view().clone();
    let named = at.actor.may(Action::SeeClass).is_ok();
    let lines = if named && moment.is_now() { lines(g, &at.class.id, &moment)? } else { Vec::new() };
    let name = at.class.display(year::current(g.r)?.start);
    let body = Class {
        lead: group.map(|c| lead(&view, c.reached(), c.figures.students, c.never())).unwrap_or_default(),
        semester: semester_words(&view, moment.semester),
        crumbs: crumbs(g.r, &view, &at.actor, &at.class)?,
        row: group.map(|c| Row::of(c, None)),
        lines,
        named,
        opens: at.actor.may(Action::SeeStudent).is_ok(),
        now: moment.is_now(),
        name: name.clone(),
    };
    let nav = if at.actor.may(Action::SeeDistrict).is_ok() { "district" } else { "never" };
    g.page(name, nav, &body)
}

fn lead(view: &View, reached: i64, students: i64, never: Option<i64>) -> String {
    let never = never.unwrap_or(0);
    let key = if never > 0 { "dash-class-lead" } else { "dash-class-lead-none" };
    let share = gongyu_web::show::percent(reached, students);
    view.ta(key, &[("students", students.into()), ("share", share.into()), ("never", never.into())])
}

fn lines(g: &mut Get<'_>, class: &Id, moment: &Moment) -> Result<Vec<Line>> {
    let members = people::class_members(g.r, *class)?;
    let ids: Vec<Id> = members.iter().map(|s| s.id).collect();
    let present = of_children(g.r, &ids, &moment.semester.code())?;
    let ever = of_children(g.r, &ids, "all")?;
    let mut lines: Vec<Line> = members
        .into_iter()
        .map(|s| {
            let (semester, all) = (present.get(&s.id), ever.get(&s.id));
            line(s, semester, all, moment.depth)
        })
        .collect();
    lines.sort_by_key(|line| (line.state, line.last));
    Ok(lines)
}

fn line(student: Student, semester: Option<&ChildReach>, ever: Option<&ChildReach>, depth: Depth) -> Line {
    let reached = |r: Option<&ChildReach>, least| r.is_some_and(|r| r.reached(least));
    let state = if reached(semester, depth) {
        State::Reached
    } else if reached(ever, Depth::Confirmed) {
        State::NotThisSemester
    } else {
        State::Never
    };
    Line {
        id: student.id,
        name: student.name,
        state,
        depth: semester.and_then(ChildReach::depth).map(Depth::label_key),
        last: ever.and_then(ChildReach::last_day),
        joined: student.joined_on,
    }
}
