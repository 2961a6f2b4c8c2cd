//! One task: where it stands, how it came there, and what whoever it lies with can do.

use super::super::model::{Level, Reason, State, Step, StepKind, Task};
use super::super::permit::{SeenTask, held};
use super::super::rules::{Part, back, knocks, onward};
use super::super::store::{self, Waiting};
use super::{Choice, look, reason_words, with_words};
use askama::Template;
use gongyu_access::{Action, Actor};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_parts::deadline::{Clock, Term};
use gongyu_registry::people;
use gongyu_registry::unit;
use gongyu_registry::year;
use gongyu_store::{Reader, sql};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};
use std::collections::HashMap;

struct Line {
    icon: &'static str,
    title: String,
    by: String,
    at: Millis,
    words: String,
    how: String,
}

struct Sibling {
    name: String,
    class: String,
    words: &'static str,
}

#[derive(Template)]
#[template(path = "unreached/pages/one.html")]
struct Page {
    phone: bool,
    id: Id,
    student: Id,
    step: i64,
    name: String,
    place: String,
    opens_child: bool,
    logs: bool,
    state: State,
    closed_on: Option<Date>,
    reason: String,
    with: String,
    since: Date,
    due: Date,
    days: i64,
    look: &'static str,
    icon: &'static str,
    deadline: String,
    siblings: Vec<Sibling>,
    elsewhere: usize,
    numbers: Vec<Waiting>,
    waiting: usize,
    own: bool,
    above: bool,
    reasons: Vec<Choice>,
    reason_words: String,
    next: Option<&'static str>,
    next_how: String,
    asks_site: bool,
    sites: Vec<Choice>,
    back: Option<&'static str>,
    knocks: bool,
    guardians: Vec<Choice>,
    today: Date,
    since_text: String,
    tried: &'static str,
    tried_words: String,
    problem: String,
    refusal: String,
    lines: Vec<Line>,
}

/// Field names whose refusal is told beside the form that was sent.
const FIELDS: [&str; 7] = ["reason", "words", "site", "guardian", "phone", "met", "day"];

/// What a refused form is told.
pub(super) fn problem(g: &Get<'_>) -> String {
    FIELDS.iter().map(|field| g.problem(field)).find(|p| !p.is_empty()).unwrap_or_default()
}

pub(super) fn show(g: &mut Get<'_>, at: SeenTask) -> Result<Reply> {
    if at.actor.may(Action::SeeUnreached).is_err() {
        return super::errand::show(g, &at);
    }
    let (task, part) = (&at.held.task, at.held.part);
    let view = g.view().clone();
    let (today, start) = (view.today(), year::current(g.r)?.start);
    let steps = store::steps_of(g.r, task.id)?;
    let mut units: Vec<Id> = steps.iter().flat_map(|s| [s.from, s.to]).flatten().collect();
    units.extend([Some(task.unit), Some(task.school), task.class].into_iter().flatten());
    let names = unit::names(g.r, &units, start)?;
    let name = |id: Id| names.get(&id).cloned().unwrap_or_default();
    let rules = store::rules(g.r)?;
    let own = part == Part::Own;
    let next = onward(task.level).filter(|_| own);
    let next_how = match next {
        Some(level) => answer_by(g.r, &view, today, rules.days(level))?,
        None => String::new(),
    };
    let (siblings, elsewhere) = siblings(g.r, &at.actor, task, start)?;
    let accepts = at.actor.may(Action::EditGuardians).is_ok() && task.state == State::Open;
    let numbers = store::numbers_of(g.r, &g.app.vault, task.id)?;
    let asks_site = next == Some(Level::Site);
    let sites = if asks_site { store::sites_of(g.r, task.unit)? } else { Vec::new() };
    let deadline = super::deadline(g, &view, task, &steps)?;
    let guardians = if own { guardians(g.r, &view, task)? } else { Vec::new() };
    let typed = |field: &str| g.typed().map(|f| f.get(field).to_owned());
    let chosen = typed("reason").and_then(|r| Reason::parse(&r)).or(task.reason);
    let (look, icon) = look(task.due_on, today);
    let body = Page {
        phone: view.phone,
        id: task.id,
        student: task.student,
        step: task.step,
        name: task.name.clone(),
        place: format!("{} {}", name(task.school), task.class.map(name).unwrap_or_default()),
        opens_child: at.actor.may(Action::SeeStudent).is_ok(),
        logs: at.actor.may(Action::LogContact).is_ok() && task.state == State::Open,
        state: task.state,
        closed_on: task.closed_on,
        reason: reason_words(&view, task.reason, &task.reason_words),
        with: with_words(&view, task.level, &name(task.unit)),
        since: task.since_on,
        due: task.due_on,
        days: i64::from((task.closed_on.unwrap_or(today) - task.opened_on).get_days()),
        look,
        icon,
        deadline,
        siblings,
        elsewhere,
        waiting: if accepts { 0 } else { numbers.len() },
        numbers: if accepts { numbers } else { Vec::new() },
        own,
        above: part == Part::Above,
        reasons: Reason::ALL
            .iter()
            .map(|r| Choice { value: r.code().to_owned(), label: view.t(r.label_key()), on: chosen == Some(*r) })
            .collect(),
        reason_words: typed("reason_words").unwrap_or_else(|| task.reason_words.clone()),
        next: next.map(hand_key),
        next_how,
        asks_site,
        sites: sites.into_iter().map(|(id, label)| Choice { value: id.to_string(), label, on: false }).collect(),
        back: back(task.level).filter(|_| own).map(back_key),
        knocks: own && knocks(task.level),
        guardians,
        today,
        since_text: task.since_on.to_string(),
        tried: tried(g),
        tried_words: typed("words").unwrap_or_default(),
        problem: problem(g),
        refusal: g.refusal(),
        lines: steps.iter().rev().map(|s| line(&view, s, &names)).collect(),
    };
    g.page(task.name.clone(), "unreached", &body)
}

/// Which form was refused, so that it stands open.
pub(super) fn tried(g: &Get<'_>) -> &'static str {
    let act = g.typed().map_or("", |f| f.get("act"));
    ["reason", "hand", "back", "number", "refuse", "knock"].into_iter().find(|a| *a == act).unwrap_or("")
}

/// By when an answer would be due if it were handed on today.
fn answer_by(r: &mut Reader, view: &View, from: Date, days: u32) -> Result<String> {
    let due = Clock::start(from, Term::workdays(days)).due(&year::calendar(r)?.holidays).unwrap_or(from);
    Ok(view.ta("unreached-answer-by", &[("day", view.day(due).into()), ("n", days.into())]))
}

const fn hand_key(level: Level) -> &'static str {
    match level {
        Level::Class | Level::School => "unreached-hand-school",
        Level::Town => "unreached-hand-town",
        Level::Site => "unreached-hand-site",
    }
}

const fn back_key(level: Level) -> &'static str {
    match level {
        Level::Class => "unreached-back-class",
        Level::School => "unreached-back-school",
        Level::Town | Level::Site => "unreached-back-town",
    }
}

/// The guardians of the child who are not kept from it, as choices.
pub(super) fn guardians(r: &mut Reader, view: &View, task: &Task) -> Result<Vec<Choice>> {
    let ties = people::guardians_of(r, task.student)?.into_iter().filter(|k| !k.restricted);
    let label = |k: &people::GuardianOf| {
        let relation =
            if k.kin.is_empty() { view.t(&format!("people-relation-{}", k.relation.code())) } else { k.kin.clone() };
        format!("{relation} {}", k.name)
    };
    Ok(ties.map(|k| Choice { value: k.guardian.to_string(), label: label(&k), on: false }).collect())
}

/// Brothers and sisters in school: by name where they are this person's to see or in the same school, else counted.
fn siblings(r: &mut Reader, actor: &Actor, task: &Task, start: i16) -> Result<(Vec<Sibling>, usize)> {
    let rows: Vec<(Id, String, Id, Option<Id>)> = r.rows(
        sql!(
            "SELECT id, name, school_id, class_id FROM student
              WHERE family_id = $1 AND id <> $2 AND state = 'active' ORDER BY birth_date, id LIMIT 12"
        ),
        &[&task.family, &task.student],
    )?;
    let open = store::of_family(r, task.family)?;
    let together = if task.state == State::Open { store::errand(r, task)? } else { Vec::new() };
    let classes: Vec<Id> = rows.iter().filter_map(|row| row.3).collect();
    let names = if classes.is_empty() { HashMap::new() } else { unit::names(r, &classes, start)? };
    let (mut shown, mut elsewhere) = (Vec::new(), 0);
    for (id, name, school, class) in rows {
        let own = open.iter().find(|t| t.student == id);
        let seen = match own {
            Some(other) => held(r, actor, other.id).is_ok(),
            None => false,
        };
        let of_school = school == task.school && actor.may(Action::SeeStudent).is_ok();
        if !seen && !of_school {
            elsewhere += 1;
            continue;
        }
        let words = match own {
            Some(other) if together.iter().any(|t| t.id == other.id) => "unreached-sibling-open",
            Some(_) => "unreached-sibling-apart",
            None => "",
        };
        let class = class.and_then(|c| names.get(&c).cloned()).unwrap_or_default();
        shown.push(Sibling { name, class, words });
    }
    Ok((shown, elsewhere))
}

fn line(view: &View, step: &Step, names: &HashMap<Id, String>) -> Line {
    let of = |id: Option<Id>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let icon = match step.kind {
        StepKind::Opened => "user-question",
        StepKind::Reason | StepKind::Moved => "edit",
        StepKind::Handed | StepKind::Taken => "transfer",
        StepKind::Back | StepKind::Undone => "arrow-back-up",
        StepKind::Overdue => "f-alert-triangle",
        StepKind::Number | StepKind::Accepted => "phone",
        StepKind::Refused => "phone-off",
        StepKind::Knocked => "home-heart",
        StepKind::Reached => "circle-check",
        StepKind::Left => "logout",
    };
    let how = step.due_on.map(|day| view.ta("unreached-by-day", &[("day", view.day(day).into())])).unwrap_or_default();
    Line {
        icon,
        title: view.ta(step.kind.label_key(), &[("from", of(step.from).into()), ("to", of(step.to).into())]),
        by: step.by.clone().unwrap_or_else(|| view.t("unreached-by-itself")),
        at: step.at,
        words: step.words.clone(),
        how,
    }
}
