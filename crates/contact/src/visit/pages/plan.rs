//! Making the plan of a class for the year.

use crate::visit::need::Need;
use crate::visit::plan::{self, PlanFamily};
use crate::visit::words::when_words;
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Id, Result};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::{Unit, UnitKind};
use gongyu_registry::year;
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

struct Row {
    names: String,
    group: String,
    need: &'static str,
    pressing: bool,
    when: String,
    href: String,
}

#[derive(Template)]
#[template(path = "visit/pages/plan.html")]
struct Page {
    phone: bool,
    class: Id,
    class_name: String,
    students: i64,
    visited: i64,
    left: i64,
    unplanned: i64,
    per_week: String,
    rows: Vec<Row>,
    problem: String,
}

fn class_of(r: &mut Reader, actor: &Actor, form: &FormData) -> Result<Unit> {
    let id = form.id("class").map_or_else(|| actor.unit(), Ok)?;
    unit_in_reach(r, actor, id, Some(UnitKind::Class))
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    let given = if g.typed().is_some() { &g.req.form } else { &g.req.query };
    let Ok(class) = class_of(g.r, &at.actor, given) else { return Ok(Reply::to("/classes")) };
    let plan = plan::read(g.r, &g.app.vault, &at.actor, &class)?;
    let view = g.view().clone();
    let start = year::current(g.r)?.start;
    let (weeks, waiting) = weeks_left(g.r, plan.unplanned)?;
    let suggested = waiting.div_ceil(weeks.max(1)).clamp(1, 20).to_string();
    let row = |f: &PlanFamily| Row {
        names: f.children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and")),
        group: f.group.clone(),
        need: f.need.label_key(),
        pressing: f.need <= Need::Never,
        when: match &f.open {
            Some(v) => when_words(&view, v.starts_at, v.day, v.due_on),
            None => String::new(),
        },
        href: match (&f.open, &f.done) {
            (Some(v), _) | (None, Some(v)) => format!("/visits/{}", v.id),
            (None, None) => format!("/visits/new?child={}", f.first()),
        },
    };
    let mut families: Vec<&PlanFamily> = plan.families.iter().collect();
    families.sort_by_key(|f| {
        let due = f.open.as_ref().map(|v| v.day.or(v.due_on).map_or_else(|| "9".to_owned(), |d| d.to_string()));
        (f.need == Need::Met, due.unwrap_or_else(|| "8".to_owned()))
    });
    let body = Page {
        phone: view.phone,
        class: class.id,
        class_name: class.display(start),
        students: plan.students,
        visited: plan.visited,
        left: plan.left(),
        unplanned: plan.unplanned,
        per_week: g.value("per_week", &suggested).to_owned(),
        rows: families.into_iter().map(row).collect(),
        problem: g.problem("per_week"),
    };
    g.page(g.t("visit-plan"), "visits", &body)
}

/// Weeks of lessons left this semester, and families without a visit.
fn weeks_left(r: &mut Reader, unplanned: i64) -> Result<(usize, usize)> {
    let today = r.today();
    let calendar = year::calendar(r)?;
    let last = calendar.teaching_of(calendar.semester_of(today)).to;
    Ok((plan::weeks_until(today, last).len(), usize::try_from(unplanned).unwrap_or(0)))
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    let class = class_of(p.tx, &at.actor, &p.req.form)?;
    let mut invalid = Invalid::default();
    let per_week = p.form().number("per_week", 1, 60, &mut invalid);
    invalid.into_result()?;
    let planned = plan::fill(p.tx, &p.app.vault, &at.actor, &class, usize::try_from(per_week).unwrap_or(1))?;
    let detail = serde_json::json!({ "planned": planned, "per_week": per_week }).to_string();
    p.audit("visit.plan_class", ("class", Some(class.id)), &detail)?;
    let flash = Flash::new(gongyu_kernel::error::Code::new("visit-plan-made").arg("n", planned));
    Ok(Reply::to_with(format!("/visits/plan?class={}", class.id), flash))
}

pub(super) fn clear(p: &mut Post<'_>, at: Holder<right::PlanVisits>) -> Result<Reply> {
    let class = class_of(p.tx, &at.actor, &p.req.form)?;
    let gone = plan::clear(p.tx, class.id, at.actor.staff)?;
    let detail = serde_json::json!({ "cleared": gone }).to_string();
    p.audit("visit.plan_clear", ("class", Some(class.id)), &detail)?;
    let flash = Flash::new(gongyu_kernel::error::Code::new("visit-plan-cleared").arg("n", gone));
    Ok(Reply::to_with(format!("/visits/plan?class={}", class.id), flash))
}
