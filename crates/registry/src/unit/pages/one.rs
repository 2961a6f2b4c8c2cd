//! One town or school.

use super::{class_words, school_word, setting_word};
use crate::permit::ForUnit;
use crate::unit::{self, SchoolFilter, SchoolLine, Unit, UnitKind, Version};
use crate::year;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::show::thousands;
use gongyu_web::{Get, Reply};

struct Fact {
    label: String,
    text: String,
    href: Option<String>,
}

struct ClassRow {
    id: Id,
    grade: String,
    name: String,
    teachers: String,
    pupils: i64,
}

struct SchoolRow {
    id: Id,
    name: String,
    kind: String,
    classes: i64,
    pupils: i64,
}

#[derive(Template)]
#[template(path = "unit/pages/one.html")]
struct One {
    name: String,
    lead: String,
    above: Vec<(Id, String)>,
    facts: Vec<Fact>,
    holders: Vec<(String, String)>,
    is_school: bool,
    classes: Vec<ClassRow>,
    opens_classes: bool,
    schools: Vec<SchoolRow>,
    more_schools: Option<Id>,
    versions: Vec<Version>,
    staff_page: Option<Id>,
    classes_page: Option<Id>,
    reach_page: Option<Id>,
}

/// Schools shown on a town's page; a town has seldom more.
const SCHOOLS_SHOWN: usize = 60;

pub(super) fn show(g: &mut Get<'_>, at: ForUnit<right::SeeSchool>) -> Result<Reply> {
    match at.unit.kind {
        UnitKind::District => Ok(Reply::to("/schools")),
        UnitKind::Class => Ok(Reply::to(format!("/classes/{}/students", at.unit.id))),
        UnitKind::Town if at.actor.may(Action::SeeTown).is_err() => Err(Error::Forbidden),
        _ => page(g, &at),
    }
}

fn page(g: &mut Get<'_>, at: &ForUnit<right::SeeSchool>) -> Result<Reply> {
    let here = &at.unit;
    let hat = at.actor.unit()?;
    let is_school = here.kind == UnitKind::School;
    let start = year::current(g.r)?.start;
    let mut above = Vec::new();
    for parent in unit::ancestors(g.r, here.id)?.into_iter().skip(1) {
        if parent.kind == UnitKind::Town
            && at.actor.may(Action::SeeTown).is_ok()
            && unit::contains(g.r, hat, parent.id)?
        {
            above.push((parent.id, parent.name));
        }
    }
    let view = g.view().clone();
    let (mut classes, mut schools, mut more_schools) = (Vec::new(), Vec::new(), None);
    let lead = if is_school {
        let lines = unit::class_lines(g.r, here.id)?;
        let pupils: i64 = lines.iter().map(|l| l.pupils).sum();
        let lead = view
            .ta("units-lead-school", &[("classes", (lines.len() as i64).into()), ("pupils", thousands(pupils).into())]);
        classes.extend(lines.into_iter().map(|line| {
            let (grade, name) = class_words(&line.class, start);
            ClassRow { id: line.class.id, grade, name, teachers: line.teachers.join("、"), pupils: line.pupils }
        }));
        lead
    } else {
        let filter = SchoolFilter { town: Some(here.id), ..SchoolFilter::default() };
        let page = filter.list(here.id).limit(SCHOOLS_SHOWN).rows::<SchoolLine>(g.r)?;
        more_schools = page.next.map(|_| here.id);
        schools.extend(page.rows.into_iter().map(|line| SchoolRow {
            kind: school_word(&view, line.kind.as_deref()),
            id: line.id,
            name: line.name,
            classes: line.classes,
            pupils: line.pupils,
        }));
        let (n, class_count, pupils) = unit::counts(g.r, here.id)?;
        view.ta(
            "units-lead-town",
            &[("schools", n.into()), ("classes", class_count.into()), ("pupils", thousands(pupils).into())],
        )
    };
    let holders = unit::holders_in(g.r, here.id)?;
    let body = One {
        facts: facts(g, here, &above),
        holders: holders.into_iter().map(|h| (view.t(&format!("role-{}", h.role.replace('_', "-"))), h.name)).collect(),
        name: here.name.clone(),
        lead,
        above,
        is_school,
        classes,
        opens_classes: at.actor.may(Action::SeeClass).is_ok(),
        schools,
        more_schools,
        versions: unit::versions(g.r, here.id)?,
        staff_page: is_school.then_some(here.id),
        reach_page: (is_school && at.actor.may(Action::SeeReach).is_ok()).then_some(here.id),
        classes_page: (is_school && at.actor.may(Action::SeeClass).is_ok()).then_some(here.id),
    };
    g.page(here.name.clone(), "schools", &body)
}

fn facts(g: &Get<'_>, here: &Unit, above: &[(Id, String)]) -> Vec<Fact> {
    let view = g.view();
    let mut facts = Vec::new();
    let mut add = |key: &str, text: String, href: Option<String>| {
        if !text.is_empty() {
            facts.push(Fact { label: view.t(key), text, href });
        }
    };
    add("units-kind", school_word(view, here.school_kind.as_deref()), None);
    add("units-setting", setting_word(view, here.setting), None);
    if let Some((id, name)) = above.first() {
        add("units-town", name.clone(), Some(format!("/units/{id}")));
    }
    add("units-code", here.code.clone(), None);
    add("units-phone", here.phone.clone(), (!here.phone.is_empty()).then(|| format!("tel:{}", here.phone)));
    add("units-since", view.day(here.valid_from), None);
    if let Some(to) = here.valid_to {
        add("units-until", view.day(to), None);
    }
    facts
}
