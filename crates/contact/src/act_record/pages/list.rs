//! The activities of the hat's unit this semester, with the duties each counts for.

use askama::Template;
use gongyu_access::right;
use gongyu_kernel::i18n::Lang;
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::act;
use gongyu_ledger::{duty, rules};
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
    let rows = held
        .into_iter()
        .map(|a| Row {
            counts: counts(&a),
            kind: g.t(&a.kind.label_key()),
            id: a.id,
            day: a.held_on,
            title: a.title,
            place: a.place,
            attendance: a.attendance,
        })
        .collect();
    let body = Page { phone: g.view().phone, unit_name: here.display(semester.year.start), rows };
    g.page(g.t("acts-nav"), "acts", &body)
}
