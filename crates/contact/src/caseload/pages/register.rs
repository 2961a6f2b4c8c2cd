//! The register of a school year as a workbook, to be archived at the year's end (POLICY 3.6): what came in, who
//! answered it and when. Names of families are not in it.

use crate::caseload::model::{Case, Rating};
use crate::caseload::store::{self, CASES};
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::{people, unit, year};
use gongyu_web::permit::Holder;
use gongyu_web::{Download, Get, Reply};
use std::collections::HashMap;

pub(super) fn file(g: &mut Get<'_>, at: Holder<right::SteerCases>, _: Holder<right::Export>) -> Result<Reply> {
    let school = unit::find(g.r, at.actor.unit()?)?;
    let id = school.school.ok_or(Error::Forbidden)?;
    let (today, current) = (g.r.today(), year::current(g.r)?.code());
    let school_year = match g.req.query.get("year") {
        "" => current,
        asked => asked.to_owned(),
    };
    let mut cases: Vec<Case> = Vec::new();
    CASES.query(&[&id, &today]).filter("year", &[&school_year]).order("newest").every(g.r, |case| {
        cases.push(case);
        Ok(())
    })?;
    let staff: HashMap<Id, String> = people::staff_of_school(g.r, id)?.into_iter().map(|s| (s.id, s.name)).collect();
    let (view, vault, name) = (g.view().clone(), g.app.vault.clone(), school.name);
    Ok(Reply::later(move || {
        let text = |key: &str, width| Column::new(view.t(key), width, ColumnKind::Text);
        let columns = [
            text("case-th-received", 14.0),
            text("case-th-door", 12.0),
            text("case-th-topic", 12.0),
            text("case-th-what", 40.0),
            text("case-th-writer", 14.0),
            text("case-th-handler", 12.0),
            text("case-th-state", 12.0),
            text("case-fig-answered", 14.0),
            text("case-fig-in-time", 10.0),
            text("case-fig-content", 14.0),
        ];
        let mut rows = Vec::with_capacity(cases.len());
        for case in &cases {
            let title = store::opened(&vault, case.id, &case.sealed)?.title;
            let rated = if case.rating == Rating::None { String::new() } else { view.t(case.rating.label_key()) };
            rows.push(vec![
                Value::from(case.received_on.to_string()),
                Value::from(view.t(case.door.label_key())),
                Value::from(view.t(case.topic.label_key())),
                Value::from(title),
                Value::from(view.t(case.writer.label_key())),
                Value::from(case.handler.and_then(|h| staff.get(&h).cloned()).unwrap_or_default()),
                Value::from(view.t(case.state.label_key())),
                Value::from(case.answered_on.map(|d| d.to_string()).unwrap_or_default()),
                Value::from(view.t(if case.late { "case-register-late" } else { "case-register-in-time" })),
                Value::from(rated),
            ]);
        }
        let title = view.t("case-register");
        let book = Book::new().sheet(&title).note(&name).columns(&columns).rows(rows);
        let bytes = book.finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title} {name} {school_year}.xlsx"), bytes))
    }))
}
