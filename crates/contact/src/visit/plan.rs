//! The plan of a class: every family with what it needs, where it lives and what is arranged; coverage
//! and what is left. Read with few statements whatever the size of the class.

use super::model::{NewVisit, Reason, State, Visit, VisitId, Way};
use super::need::{self, Asks, Known, Need, ToPlan, neighbourhood};
use super::{store, suggest};
use crate::contact_log::staff_role;
use gongyu_access::{Action, Actor};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::{duty, figures, reach};
use gongyu_registry::people::{self, class_members};
use gongyu_registry::unit::{self, Unit};
use gongyu_registry::year;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_vault::Vault;
use std::collections::HashMap;

/// A child of a family as the plan sees it.
#[derive(Clone, Debug)]
pub struct PlanChild {
    /// Child.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Another class of the school; `None` for the class itself.
    pub elsewhere: Option<Id>,
    /// What it needs.
    pub need: Need,
    /// Visited this school year.
    pub visited: bool,
}

/// A family of the class.
#[derive(Clone, Debug)]
pub struct PlanFamily {
    /// Family.
    pub family: Id,
    /// Its children in the school, those of the class first.
    pub children: Vec<PlanChild>,
    /// What it needs: the most pressing of its children of this class.
    pub need: Need,
    /// Neighbourhood; empty when not known or not this person's to see.
    pub group: String,
    /// The visit arranged or planned, not recorded yet.
    pub open: Option<Visit>,
    /// The last recorded visit of this school year.
    pub done: Option<Visit>,
    /// Day by which a suggested visit is due.
    pub due_on: Option<Date>,
}

impl PlanFamily {
    /// The names of its children.
    pub fn names(&self) -> String {
        self.children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// The child a visit begins with.
    pub fn first(&self) -> Id {
        self.children.first().map(|c| c.id).unwrap_or_default()
    }
}

/// The plan of a class, the neediest family first.
#[derive(Clone, Debug)]
pub struct ClassPlan {
    /// Its families.
    pub families: Vec<PlanFamily>,
    /// Children of the class.
    pub students: i64,
    /// Of these visited this school year.
    pub visited: i64,
    /// Children the rules ask a visit each semester for, and those visited in it.
    pub special: (i64, i64),
    /// Families without a visit that is needed and not even planned.
    pub unplanned: i64,
}

impl ClassPlan {
    /// Children still to be visited this school year.
    pub const fn left(&self) -> i64 {
        self.students - self.visited
    }
}

record! {
    struct Pupil {
        id: Id,
        name: String,
        family: Id,
        class: Option<Id>,
        special: bool,
    }
}

/// Reads the plan of a class.
///
/// # Errors
/// As any statement.
pub fn read(r: &mut Reader, vault: &Vault, actor: &Actor, class: &Unit) -> Result<ClassPlan> {
    let today = r.today();
    let [semester, school_year, ever] = figures::present_periods(r)?;
    let asks = asks_of(r, class)?;
    let members = class_members(r, class.id)?;
    let families: Vec<Id> = members.iter().map(|s| s.family).collect();
    let school = class.school.unwrap_or(class.id);
    let mut pupils: Vec<Pupil> = r.rows_in(
        sql!(
            "SELECT id, name, family_id, class_id, special FROM student
              WHERE family_id IN ($1) AND school_id = $2 AND state = 'active' ORDER BY birth_date, id"
        ),
        &families,
        &[&school],
    )?;
    pupils.sort_by_key(|p| p.class != Some(class.id));
    let ids: Vec<Id> = pupils.iter().map(|p| p.id).collect();
    let in_semester = reach::of_children(r, &ids, &semester)?;
    let in_year = reach::of_children(r, &ids, &school_year)?;
    let always = reach::of_children(r, &ids, &ever)?;
    let visits = store::of_families(r, &families, school, &school_year)?;
    let suggested = suggest::open_of(r, &[class.id])?;
    let addresses = if actor.may(Action::SeeContacts).is_ok() {
        let first: Vec<Id> = members.iter().map(|s| s.id).collect();
        people::addresses_of(r, vault, &first)?
    } else {
        HashMap::new()
    };
    let count = |map: &HashMap<Id, reach::ChildReach>, id: Id| map.get(&id).map_or(0, |c| c.visit);
    let mut plan = ClassPlan { families: Vec::new(), students: 0, visited: 0, special: (0, 0), unplanned: 0 };
    let mut seen: Vec<Id> = Vec::new();
    for member in &members {
        plan.students += 1;
        plan.visited += i64::from(count(&in_year, member.id) > 0);
        if asks.each_semester || (asks.special && member.special) {
            plan.special.0 += 1;
            plan.special.1 += i64::from(count(&in_semester, member.id) > 0);
        }
        if seen.contains(&member.family) {
            continue;
        }
        seen.push(member.family);
        let children: Vec<PlanChild> = pupils
            .iter()
            .filter(|p| p.family == member.family)
            .map(|p| {
                let known = Known {
                    visits: (count(&always, p.id), count(&in_year, p.id), count(&in_semester, p.id)),
                    special: p.special,
                    suggested: suggested.iter().any(|s| s.student == p.id),
                };
                PlanChild {
                    id: p.id,
                    name: p.name.clone(),
                    elsewhere: p.class.filter(|c| *c != class.id),
                    need: need::need(known, asks),
                    visited: known.visits.1 > 0,
                }
            })
            .collect();
        let own = || children.iter().filter(|c| c.elsewhere.is_none());
        let due_on = suggested.iter().filter(|s| own().any(|c| c.id == s.student)).map(|s| s.due_on).min();
        let of_family = || visits.iter().filter(|v| v.family == member.family);
        let need = own().map(|c| c.need).min().unwrap_or(Need::Met);
        let open = of_family().find(|v| v.state != State::Done && v.recorded_at.is_none()).cloned();
        plan.unplanned += i64::from(open.is_none() && need != Need::Met);
        plan.families.push(PlanFamily {
            family: member.family,
            group: addresses.get(&member.id).map(|a| neighbourhood(a)).unwrap_or_default(),
            done: of_family().filter(|v| v.state == State::Done).max_by_key(|v| v.day).cloned(),
            need,
            open,
            due_on,
            children,
        });
    }
    plan.families.sort_by_key(|f| (f.need, f.due_on.unwrap_or(today.saturating_add(jiff::Span::new().days(999)))));
    Ok(plan)
}

/// What the rules in use ask for the children of a class.
///
/// # Errors
/// As any statement.
pub fn asks_of(r: &mut Reader, class: &Unit) -> Result<Asks> {
    let today = r.today();
    let book = duty::book(r)?;
    let school = class.school.map(|id| unit::find(r, id)).transpose()?;
    let kind = school.and_then(|s| s.school_kind).and_then(|k| gongyu_ledger::rules::SchoolKind::parse(&k));
    Ok(Asks::of(book.for_children(), kind, today))
}

/// The last days of the weeks from one day to another, Sundays.
pub fn weeks_until(from: Date, to: Date) -> Vec<Date> {
    let to_sunday = i32::from(7 - from.weekday().to_monday_one_offset());
    let mut day = from.saturating_add(jiff::Span::new().days(to_sunday));
    let mut out = Vec::new();
    while day <= to && out.len() < 60 {
        out.push(day);
        day = day.saturating_add(jiff::Span::new().days(7));
    }
    if out.is_empty() {
        out.push(to.max(from));
    }
    out
}

/// Plans a visit for every family that needs one and has none, so many a week. Families whose visit is due
/// this semester are spread over the semester, the others over the school year.
///
/// # Errors
/// As any statement.
pub fn fill(tx: &mut Tx, vault: &Vault, actor: &Actor, class: &Unit, per_week: usize) -> Result<usize> {
    let (today, plan) = (tx.today(), read(tx, vault, actor, class)?);
    let calendar = year::calendar(tx)?;
    let semester = calendar.semester_of(today);
    let (soon, late) = (calendar.teaching_of(semester).to, calendar.dates_of_year(semester.year).to);
    let waiting: Vec<(usize, &PlanFamily)> =
        plan.families.iter().enumerate().filter(|(_, f)| f.open.is_none() && f.need != Need::Met).collect();
    let to_plan = |urgent: bool| -> Vec<ToPlan> {
        let these = waiting.iter().filter(|(_, f)| (f.need <= Need::Special) == urgent);
        these.map(|(at, f)| ToPlan { at: *at, need: f.need, group: f.group.clone() }).collect()
    };
    let mut spread = need::spread(to_plan(true), per_week, &weeks_until(today, soon));
    let taken = spread.iter().map(|(_, day)| *day).max().unwrap_or(today);
    let after = if spread.is_empty() { today } else { taken.tomorrow().unwrap_or(taken) };
    spread.extend(need::spread(to_plan(false), per_week, &weeks_until(after, late)));
    let planned = spread.len();
    for (at, due) in spread {
        let family = &plan.families[at];
        let new = NewVisit {
            children: family.children.iter().map(|c| c.id).collect(),
            reason: match family.need {
                Need::Trigger => Reason::Trigger,
                Need::Special => Reason::Special,
                _ => Reason::Yearly,
            },
            trigger: String::new(),
            due_on: Some(family.due_on.map_or(due, |d| d.min(due))),
            day: None,
            starts_at: None,
            way: Way::Home,
            lead: (actor.staff, staff_role(actor.hat.role)),
            contact: None,
        };
        let (id, is_new) = store::create(tx, &new, actor.account, &format!("plan-{}-{}", family.family, tx.new_id()))?;
        if is_new {
            let students: Vec<Id> = family.children.iter().map(|c| c.id).collect();
            suggest::tie(tx, &students, id)?;
        }
    }
    Ok(planned)
}

/// Takes planned visits of a class out of the plan again: those nobody was offered a time for.
///
/// # Errors
/// As any statement.
pub fn clear(tx: &mut Tx, class: Id, by: Option<Id>) -> Result<u64> {
    let now = tx.now();
    let gone: Vec<(VisitId,)> = tx.rows(
        sql!(
            "SELECT id FROM visit WHERE class_id = $1 AND state = 'planned' AND version = 0 AND offers = 0
               AND (lead_staff_id = $2 OR lead_staff_id IS NULL)"
        ),
        &[&class, &by],
    )?;
    let ids: Vec<Id> = gone.into_iter().map(|(id,)| id).collect();
    tx.exec_in(sql!("UPDATE visit_task SET visit_id = NULL WHERE visit_id IN ($1)"), &ids, &[])?;
    tx.exec_in(sql!("UPDATE visit SET state = 'cancelled', updated_at = $2 WHERE id IN ($1)"), &ids, &[&now])
}
