//! One pupil: who they are, their family, who may do what, where they were.

use super::{age, mark, relation_words, sex_words};
use crate::people::{self, GuardianOf, StudentState, family, phone_of};
use crate::permit::{OfStudent, student_in_reach};
use crate::roster::id_number::mask_phone;
use crate::unit;
use crate::year;
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

struct GuardianRow {
    tie: Id,
    guardian: Id,
    name: String,
    mark: String,
    relation: String,
    is_guardian: bool,
    has_phone: bool,
    masked: String,
    may_receive: bool,
    withheld: bool,
    may_pick_up: bool,
    restricted: bool,
    note: String,
    activated: bool,
}

struct Sibling {
    id: Option<Id>,
    name: String,
    place: String,
}

struct StayRow {
    place: String,
    from: Date,
    to: Option<Date>,
    reason: String,
}

#[derive(Template)]
#[template(path = "people/pages/profile.html")]
struct Profile {
    id: Id,
    name: String,
    mark: String,
    sex: String,
    age: i32,
    birth: Date,
    number: Option<i64>,
    class: Option<(Id, String)>,
    school: String,
    gone: Option<(String, Option<Date>)>,
    boarding: bool,
    categories: Vec<String>,
    guardians: Vec<GuardianRow>,
    nobody_receives: bool,
    siblings: Vec<Sibling>,
    stays: Vec<StayRow>,
    sees_contacts: bool,
    edits: bool,
    logs: bool,
    prints: bool,
    phone: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: OfStudent<right::SeeStudent>) -> Result<Reply> {
    let may = |action| at.actor.may(action).is_ok();
    let s = &at.student;
    let calendar = year::calendar(g.r)?;
    let today = g.r.today();
    let start = calendar.semester_of(today).year.start;
    let view = g.view().clone();
    let class = match s.class {
        Some(id) => Some((id, unit::find(g.r, id)?.display(start))),
        None => None,
    };
    let school = unit::find(g.r, s.school)?.name;
    let ties = people::guardians_of(g.r, s.id)?;
    let nobody_receives = !ties.iter().any(GuardianOf::custody_allows);
    let guardians = ties.into_iter().map(|tie| row(g, tie, may(Action::SeeContacts))).collect::<Result<_>>()?;
    let siblings = siblings(g, &at.actor, s.id, s.school, start)?;
    let stays = people::stays(g.r, s.id)?
        .into_iter()
        .map(|stay| {
            let start = calendar.semester_of(stay.from).year.start;
            let class = stay.key.map(|k| k.display(start)).unwrap_or_default();
            StayRow {
                place: format!("{}{class}", stay.school),
                reason: reason_words(g, &stay.reason),
                from: stay.from,
                to: stay.to,
            }
        })
        .collect();
    let body = Profile {
        id: s.id,
        name: s.name.clone(),
        mark: mark(&s.name),
        sex: sex_words(&view, &s.sex),
        age: i32::from(age(s.birth_date, today)),
        birth: s.birth_date,
        number: s.number_in_class,
        class,
        school,
        gone: match s.state {
            StudentState::Active => None,
            state => Some((g.t(&format!("people-state-{}", state.code())), s.left_on)),
        },
        boarding: s.boarding,
        categories: if may(Action::SeeCategories) { categories(g, s) } else { Vec::new() },
        guardians,
        nobody_receives,
        siblings,
        stays,
        sees_contacts: may(Action::SeeContacts),
        edits: may(Action::EditGuardians),
        logs: may(Action::LogContact),
        prints: may(Action::PrintCards) && s.state == StudentState::Active,
        phone: view.phone,
    };
    g.page(s.name.clone(), "classes", &body)
}

fn row(g: &mut Get<'_>, tie: GuardianOf, sees: bool) -> Result<GuardianRow> {
    let number = if sees { phone_of(g.r, &g.app.vault, tie.guardian)? } else { None };
    let allowed = tie.custody_allows();
    Ok(GuardianRow {
        tie: tie.id,
        guardian: tie.guardian,
        mark: mark(&tie.name),
        name: tie.name,
        relation: relation_words(g.view(), tie.relation, &tie.kin),
        is_guardian: tie.is_guardian,
        has_phone: tie.has_phone,
        masked: number.map(|n| mask_phone(&n)).unwrap_or_default(),
        may_receive: allowed,
        withheld: tie.withheld,
        may_pick_up: tie.may_pick_up,
        restricted: tie.restricted,
        note: if sees { tie.restriction_note } else { String::new() },
        activated: tie.account.is_some(),
    })
}

/// A brother or sister outside the reader's reach is named without a way to their page.
fn siblings(g: &mut Get<'_>, actor: &Actor, student: Id, school: Id, start: i16) -> Result<Vec<Sibling>> {
    let found = family::siblings(g.r, student)?;
    let mut out = Vec::with_capacity(found.len());
    for family::Sibling { id, name, class, school: at } in found {
        let class = match class {
            Some(class) => unit::find(g.r, class)?.display(start),
            None => String::new(),
        };
        let elsewhere = if at == school { String::new() } else { unit::find(g.r, at)?.name };
        let reach = student_in_reach(g.r, actor, id).is_ok();
        out.push(Sibling { id: reach.then_some(id), name, place: format!("{elsewhere}{class}") });
    }
    Ok(out)
}

fn categories(g: &Get<'_>, s: &people::Student) -> Vec<String> {
    let mut words = Vec::new();
    match s.left_behind.as_str() {
        "both" => words.push(g.t("people-left-behind-both")),
        "one" => words.push(g.t("people-left-behind-one")),
        _ => {}
    }
    if s.migrant {
        words.push(g.t("people-migrant"));
    }
    if s.special {
        words.push(g.t("people-special"));
    }
    words
}

fn reason_words(g: &Get<'_>, reason: &str) -> String {
    g.t(match reason {
        "joined" => "people-stay-joined",
        "moved" => "people-stay-moved",
        "returned" => "people-stay-returned",
        _ => "people-stay-other",
    })
}
