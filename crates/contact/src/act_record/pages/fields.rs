//! The fields of an activity.

use crate::act_record::log::Posted;
use crate::act_record::rules;
use crate::contact_log::{candidates, relation_words};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::rules::ActKind;
use gongyu_registry::people::{Student, class_members};
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_web::Get;
use gongyu_web::form::FormData;

/// One kind in the picker.
pub(super) struct Kind {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) on: bool,
}

/// A child to be ticked.
pub(super) struct Pupil {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) on: bool,
    /// Who may have come; empty when there is only one.
    pub(super) people: Vec<(Id, String, bool)>,
}

/// What the fields hold when they are shown.
pub(super) struct Fields {
    pub(super) kinds: Vec<Kind>,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) day: String,
    pub(super) today: String,
    pub(super) minutes: String,
    pub(super) attendance: String,
    pub(super) pupils: Vec<Pupil>,
    pub(super) kind_problem: String,
    pub(super) title_problem: String,
    pub(super) day_problem: String,
    pub(super) minutes_problem: String,
    pub(super) attendance_problem: String,
    pub(super) refusal: String,
}

impl Fields {
    /// Whether there is a choice of who came for any child.
    pub(super) fn names_people(&self) -> bool {
        self.pupils.iter().any(|p| !p.people.is_empty())
    }
}

/// The fields, with what was typed before they were refused.
pub(super) fn fields(g: &mut Get<'_>, unit: &Unit, first: &Posted) -> Result<Fields> {
    let came = g.typed().map_or_else(|| first.came.clone(), came_of);
    let pupils = if unit.kind == UnitKind::Class { pupils(g, unit.id, &came)? } else { Vec::new() };
    let number = |n: i64| if n > 0 { n.to_string() } else { String::new() };
    let chosen = g.value("kind", first.kind.code()).to_owned();
    let kinds = rules::kinds_of(unit.kind)
        .iter()
        .map(|k| Kind { code: k.code().to_owned(), label: g.t(&k.label_key()), on: k.code() == chosen })
        .collect();
    Ok(Fields {
        kinds,
        title: g.value("title", &first.title).to_owned(),
        place: g.value("place", &first.place).to_owned(),
        day: g.value("day", &first.day.to_string()).to_owned(),
        today: g.view().today().to_string(),
        minutes: g.value("minutes", &number(first.minutes)).to_owned(),
        attendance: g.value("attendance", &number(first.attendance)).to_owned(),
        pupils,
        kind_problem: g.problem("kind"),
        title_problem: g.problem("title"),
        day_problem: g.problem("day"),
        minutes_problem: g.problem("minutes"),
        attendance_problem: g.problem("attendance"),
        refusal: g.refusal(),
    })
}

fn pupils(g: &mut Get<'_>, class: Id, came: &[(Id, Option<Id>)]) -> Result<Vec<Pupil>> {
    let members = class_members(g.r, class)?;
    let ids: Vec<Id> = members.iter().map(|s| s.id).collect();
    let known = candidates(g.r, &ids)?;
    let view = g.view().clone();
    let pupil = |s: Student| {
        let ticked = came.iter().find(|(child, _)| *child == s.id);
        let chosen = ticked.and_then(|(_, guardian)| *guardian);
        let mut people: Vec<(Id, String, bool)> = known
            .iter()
            .filter(|c| c.student == s.id && c.receives)
            .map(|c| {
                let relation = relation_words(&view, c.relation, &c.kin);
                let args = [("relation", relation.into()), ("name", c.name.as_str().into())];
                (c.guardian, view.ta("contact-relation-and-name", &args), chosen == Some(c.guardian))
            })
            .collect();
        if people.len() < 2 {
            people.clear();
        }
        Pupil { on: ticked.is_some(), people, id: s.id, name: s.name }
    };
    Ok(members.into_iter().map(pupil).collect())
}

/// The ticked children, with who came where somebody was named.
fn came_of(form: &FormData) -> Vec<(Id, Option<Id>)> {
    let mut came = form.ids("came");
    came.sort_unstable();
    came.dedup();
    came.into_iter().map(|child| (child, form.id(&format!("who-{child}")))).collect()
}

/// Reads a posted activity.
///
/// # Errors
/// `Error::Invalid` naming each refused field.
pub(super) fn read(form: &FormData, unit: &Unit, today: Date) -> Result<Posted> {
    let mut invalid = Invalid::default();
    let offered = |code: &str| ActKind::parse(code).filter(|k| rules::kinds_of(unit.kind).contains(k));
    let kind = form.choice("kind", offered, &mut invalid);
    let title = form.required("title", 60, &mut invalid);
    let place = form.optional("place", 60, &mut invalid);
    let day = form.date("day", &mut invalid);
    if day.is_some_and(|d| d > today) {
        invalid.push("day", "touch-in-future");
    }
    if day.is_some_and(|d| (today - d).get_days() > 366) {
        invalid.push("day", "touch-too-old");
    }
    let mut number = |name, most| if form.get(name).is_empty() { 0 } else { form.number(name, 0, most, &mut invalid) };
    let (minutes, attendance) = (number("minutes", 1440), number("attendance", 100_000));
    invalid.into_result()?;
    let came = came_of(form);
    match (kind, day) {
        (Some(kind), Some(day)) => Ok(Posted { kind, title, place, day, minutes, attendance, came }),
        _ => Err(Error::internal("a field was refused without a reason")),
    }
}
