//! The page.

use super::asked::Asked;
use crate::duties::{Count, Line, States, Wanted, chips, wanted};
use crate::reach::{Choice, Moment, Row, Tones, class_groups, depth_choices, semester_choices, sum};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::act::{self, Act};
use gongyu_ledger::duty;
use gongyu_ledger::figures::Figures;
use gongyu_ledger::rules::DutyStatus;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::show::{View, thousands};
use gongyu_web::{Get, Holder, HomeItem, Reply};
use jiff::ToSpan;

/// Classes in the short list.
const CLASSES: usize = 5;
/// Activities in the short list.
const ACTS: usize = 4;
/// A count of a special group below this is not shown (DESIGN.md 5).
const LEAST_SHOWN: i64 = 5;

/// How many children of special groups there are, as the viewer may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    /// So many.
    Shown(i64),
    /// Fewer than five, but some.
    TooFew,
    /// None.
    Nobody,
    /// Not for this viewer.
    Hidden,
}

impl Special {
    fn of(actor: &Actor, figures: &Figures) -> Self {
        match figures.special {
            _ if actor.may(Action::SeeCategories).is_err() => Self::Hidden,
            0 => Self::Nobody,
            n if n < LEAST_SHOWN => Self::TooFew,
            n => Self::Shown(n),
        }
    }
}

#[derive(Template)]
#[template(path = "school_home/page.html")]
struct Home {
    here: &'static str,
    id: Id,
    name: String,
    answer: String,
    late: usize,
    never_text: String,
    updated: String,
    semesters: Vec<Choice>,
    depths: Vec<Choice>,
    as_of: String,
    today: String,
    setting: &'static str,
    figures: Option<Figures>,
    students: i64,
    reached: i64,
    never_known: bool,
    never: i64,
    never_classes: usize,
    visited: i64,
    tones: Option<Tones>,
    chips: Vec<States>,
    lines: Vec<Line>,
    now: bool,
    classes: Vec<Row>,
    acts: Vec<Act>,
    special: Special,
    asked: Option<Asked>,
    items: Vec<HomeItem>,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeSchool>) -> Result<Reply> {
    let school = unit::find(g.r, at.actor.unit()?)?;
    match school.kind {
        UnitKind::School => page(g, &at.actor, &school),
        UnitKind::District => Ok(Reply::to("/district")),
        UnitKind::Town if at.actor.may(Action::SeeTown).is_ok() => Ok(Reply::to("/town")),
        _ => Ok(Reply::to("/schools")),
    }
}

fn page(g: &mut Get<'_>, actor: &Actor, school: &Unit) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let (calendar, view, today) = (year::calendar(g.r)?, g.view().clone(), g.r.today());
    let classes = class_groups(g.r, &moment, school.id)?;
    let whole = sum(&classes);
    let found = duty::school_lines(g.r, school)?;
    let statuses: Vec<DutyStatus> = found.iter().map(|l| l.status).collect();
    let base = format!("/schools/{}", school.id);
    let lines = found.iter().map(|l| Line::of(&view, actor, &calendar, &base, l)).collect();
    let late = statuses.iter().filter(|s| matches!(s, DutyStatus::Overdue { .. })).count();
    let figures = whole.as_ref().map(|w| w.figures.clone());
    let never = whole.as_ref().and_then(crate::reach::Group::never);
    let query = &g.req.query;
    let body = Home {
        here: "/school",
        id: school.id,
        name: school.name.clone(),
        answer: whole.as_ref().map(|w| crate::dashboard::answer(&view, w, &moment)).unwrap_or_default(),
        never_text: never_text(&view, never),
        updated: crate::dashboard::updated(&view, &moment),
        semesters: semester_choices(g.r, &view, &moment)?,
        depths: depth_choices(&view, &moment),
        as_of: query.get("as_of").to_owned(),
        today: today.to_string(),
        setting: "",
        students: figures.as_ref().map_or(0, |f| f.students),
        reached: whole.as_ref().map_or(0, crate::reach::Group::reached),
        never_classes: classes.iter().filter(|c| c.never().unwrap_or(0) > 0).count(),
        visited: figures.as_ref().map_or(0, |f| f.visited),
        tones: figures.as_ref().and_then(Tones::of),
        chips: chips(query, &statuses),
        lines: wanted(lines, Wanted::read(query)),
        now: moment.is_now(),
        classes: classes.iter().take(CLASSES).map(|c| Row::of(c, None)).collect(),
        acts: recent(g, school.id, today)?,
        items: g.home_items(actor)?,
        asked: Asked::of(g.r, school.id, &calendar)?,
        special: figures.as_ref().map_or(Special::Nobody, |f| Special::of(actor, f)),
        figures,
        never_known: never.is_some(),
        never: never.unwrap_or(0),
        late,
    };
    g.page(school.name.clone(), "school", &body)
}

fn never_text(view: &View, never: Option<i64>) -> String {
    never.filter(|n| *n > 0).map(|n| view.ta("school-home-never", &[("n", thousands(n).into())])).unwrap_or_default()
}

/// What the school did in the last two months.
fn recent(g: &mut Get<'_>, school: Id, today: Date) -> Result<Vec<Act>> {
    let from = today.checked_sub(61.days()).unwrap_or(today);
    let mut acts = act::between(g.r, school, from, today)?;
    acts.truncate(ACTS);
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_access::{Hat, Prefs, Role};

    fn actor(role: Role) -> Actor {
        Actor {
            account: Id(1),
            session: None,
            name: String::new(),
            staff: None,
            guardian: None,
            hat: Hat { role, unit: Some(Id(2)), unit_name: String::new(), grant: None },
            strong: false,
            must_change: false,
            prefs: Prefs::default(),
        }
    }

    #[test]
    fn fewer_than_five_children_of_a_special_group_are_not_counted_out() {
        let of = |special| Special::of(&actor(Role::MoralDirector), &Figures { special, ..Figures::default() });
        assert_eq!([of(0), of(4), of(5)], [Special::Nobody, Special::TooFew, Special::Shown(5)]);
    }

    #[test]
    fn who_may_not_see_the_category_sees_no_count_of_it() {
        let figures = Figures { special: 40, ..Figures::default() };
        assert_eq!(Special::of(&actor(Role::Supervisor), &figures), Special::Hidden);
        assert_eq!(Special::of(&actor(Role::Registrar), &figures), Special::Hidden);
    }
}
