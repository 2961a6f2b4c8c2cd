//! One rule over the schools of a town or the district: who is late first.

use super::super::line::{Count, Line, States, Wanted, chips, citation, title, wanted};
use super::home::{schools_of, scope};
use crate::dashboard::Crumb;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Result};
use gongyu_ledger::duty;
use gongyu_ledger::rules::DutyStatus;
use gongyu_registry::unit::UnitKind;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::{Get, Holder, Reply};

#[derive(Template)]
#[template(path = "duties/pages/rule.html")]
struct Rule {
    crumbs: Vec<Crumb>,
    title: String,
    source: String,
    chips: Vec<States>,
    lines: Vec<Line>,
}

pub fn show(g: &mut Get<'_>, at: Holder<right::SeeDuties>) -> Result<Reply> {
    let code: String = g.req.param("rule")?;
    let here = scope(g.r, &at.actor, g.req.query.id("town"))?;
    match here.kind {
        UnitKind::School => return Ok(Reply::to(format!("/schools/{}/duties/{code}", here.id))),
        UnitKind::Class => return Ok(Reply::to(format!("/classes/{}/duties/{code}", here.id))),
        _ => {}
    }
    let (book, calendar, view) = (duty::book(g.r)?, year::calendar(g.r)?, g.view().clone());
    let rule = book.rule(&code)?;
    if !rule.enabled {
        return Err(Error::NotFound);
    }
    let mut found: Vec<(Line, DutyStatus)> = Vec::new();
    for (school, lines) in schools_of(g.r, &here)? {
        for line in lines.iter().filter(|l| l.rule.code == code) {
            let base = format!("/schools/{}", school.id);
            let mut shown = Line::of(&view, &at.actor, &calendar, &base, line);
            shown.title.clone_from(&school.name);
            found.push((shown, line.status));
        }
    }
    found.sort_by_key(|(_, status)| urgency(*status));
    let statuses: Vec<DutyStatus> = found.iter().map(|(_, s)| *s).collect();
    let body = Rule {
        crumbs: vec![Crumb { href: "/duties".to_owned(), name: view.t("duties-title") }],
        title: title(&view, rule).to_owned(),
        source: citation(&view, rule).cell(),
        chips: chips(&g.req.query, &statuses),
        lines: wanted(found.into_iter().map(|(l, _)| l).collect(), Wanted::read(&g.req.query)),
    };
    g.page(title(&view, rule), "duties", &body)
}

/// Late first and longest late foremost, then by deadline.
fn urgency(status: DutyStatus) -> (u8, Option<gongyu_kernel::Date>) {
    match status {
        DutyStatus::Overdue { since } => (0, Some(since)),
        DutyStatus::Due { by, .. } => (1, Some(by)),
        DutyStatus::Met => (2, None),
        DutyStatus::NotApplicable => (3, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_school_that_is_late_longest_comes_first() {
        let mut all = [
            DutyStatus::Met,
            DutyStatus::Due { by: date(2027, 1, 22), near: false },
            DutyStatus::Overdue { since: date(2026, 11, 1) },
            DutyStatus::Overdue { since: date(2026, 10, 1) },
        ];
        all.sort_by_key(|s| urgency(*s));
        assert_eq!(all[0], DutyStatus::Overdue { since: date(2026, 10, 1) });
        assert_eq!(all[3], DutyStatus::Met);
    }
}
