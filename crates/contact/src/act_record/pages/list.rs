//! The activities of the hat's unit this semester, with the duties each counts for.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::act;
use gongyu_ledger::{duty, rules};
use gongyu_registry::unit::UnitKind;
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

struct Row {
    id: Id,
    day: Date,
    title: String,
    kind: String,
    place: String,
    attendance: i64,
    counts: Vec<String>,
}

#[derive(Template)]
#[template(path = "act_record/pages/list.html")]
struct Page {
    phone: bool,
    unit_name: String,
    rows: Vec<Row>,
    /// What the school held, for the class teachers of its classes.
    school: Vec<Row>,
    school_name: String,
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::RecordAct>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    let calendar = year::calendar(g.r)?;
    let today = g.r.today();
    let semester = calendar.semester_of(today);
    let span = calendar.dates_of(semester);
    let held = act::between(g.r, here.id, span.from, span.to)?;
    let book = duty::book(g.r)?;
    let subject = crate::act_record::rules::subject_of(&here);
    let zh = g.view().lang() == Lang::Zh;
    let counts = |a: &act::Act| -> Vec<String> {
        let about = book.for_acts().filter(|r| Some(r.subject) == subject && r.in_force(a.held_on));
        let counted = about.filter(|r| rules::matches(r, &a.facts()));
        counted.map(|r| if zh { r.title_zh.clone() } else { r.title_en.clone() }).collect()
    };
    let view = g.view().clone();
    let row = |a: act::Act, counts: Vec<String>| Row {
        counts,
        kind: view.t(&a.kind.label_key()),
        id: a.id,
        day: a.held_on,
        title: a.title,
        place: a.place,
        attendance: a.attendance,
    };
    let own = |a: act::Act| {
        let counted = counts(&a);
        row(a, counted)
    };
    let rows = held.into_iter().map(own).collect();
    // The families of a class are asked to what its school holds too.
    let (school, school_name) = match here.school.filter(|school| here.kind == UnitKind::Class && *school != here.id) {
        Some(school) => {
            let held = act::between(g.r, school, span.from, span.to)?;
            (held.into_iter().map(|a| row(a, Vec::new())).collect(), unit::find(g.r, school)?.name)
        }
        None => (Vec::new(), String::new()),
    };
    let unit_name = here.display(semester.year.start);
    let body = Page { phone: g.view().phone, unit_name, rows, school, school_name };
    g.page(g.t("acts-nav"), "acts", &body)
}
