//! The roll of a class.

use super::{relation_words, sex_words};
use crate::people::{self, ClassGuardian};
use crate::permit::ForClass;
use crate::unit;
use crate::year;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};
use std::collections::HashMap;

struct Row {
    id: Id,
    number: String,
    name: String,
    sex: String,
    boarding: bool,
    guardians: String,
    reachable: bool,
    activated: bool,
}

#[derive(Template)]
#[template(path = "people/pages/roll.html")]
struct Roll {
    class: Id,
    class_name: String,
    school: Option<Id>,
    school_name: String,
    rows: Vec<Row>,
    without_phone: usize,
    activated: usize,
    opens: bool,
    prints: bool,
    exports: bool,
    searches: bool,
    phone: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: ForClass<right::SeeClass>) -> Result<Reply> {
    let start = year::current(g.r)?.start;
    let school = match at.class.school {
        Some(id) => Some(unit::find(g.r, id)?),
        None => None,
    };
    let mut guardians: HashMap<Id, Vec<ClassGuardian>> = HashMap::new();
    for guardian in people::guardians_of_class(g.r, at.class.id)? {
        guardians.entry(guardian.student).or_default().push(guardian);
    }
    let mut members = people::class_members(g.r, at.class.id)?;
    members.sort_by_key(|s| s.number_in_class.unwrap_or(i64::MAX));
    let view = g.view().clone();
    let rows: Vec<Row> = members
        .into_iter()
        .map(|s| {
            let theirs = guardians.remove(&s.id).unwrap_or_default();
            Row {
                id: s.id,
                number: s.number_in_class.map(|n| n.to_string()).unwrap_or_default(),
                name: s.name,
                sex: sex_words(&view, &s.sex),
                boarding: s.boarding,
                reachable: theirs.iter().any(|k| k.may_receive && k.has_phone),
                activated: theirs.iter().any(|k| k.may_receive && k.account.is_some()),
                guardians: named(&view, &theirs),
            }
        })
        .collect();
    let may = |action| at.actor.may(action).is_ok();
    let body = Roll {
        class: at.class.id,
        class_name: at.class.display(start),
        school: school.as_ref().filter(|_| may(Action::SeeSchool)).map(|s| s.id),
        school_name: school.map(|s| s.name).unwrap_or_default(),
        without_phone: rows.iter().filter(|r| !r.reachable).count(),
        activated: rows.iter().filter(|r| r.activated).count(),
        opens: may(Action::SeeStudent),
        prints: may(Action::PrintCards),
        exports: may(Action::Export) && !rows.is_empty(),
        searches: may(Action::SearchPeople),
        phone: view.phone,
        rows,
    };
    g.page(body.class_name.clone(), "classes", &body)
}

/// Guardians in a line: 周强（父亲）、李梅（母亲）. Who only picks the child up is left out.
fn named(view: &View, guardians: &[ClassGuardian]) -> String {
    let one = |k: &ClassGuardian| {
        let relation = relation_words(view, k.relation, &k.kin);
        view.ta("people-name-with-relation", &[("name", k.name.as_str().into()), ("relation", relation.into())])
    };
    let names: Vec<String> = guardians.iter().filter(|k| k.is_guardian || k.may_receive).map(one).collect();
    names.join(&view.t("people-list-mark"))
}
