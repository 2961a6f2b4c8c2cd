//! Writing a letter that nobody signs. The page takes no file, and the answer to it is shown once: number and
//! password.

use super::words::{Fields, key_of};
use super::write::matter;
use crate::caseload::store::{self, Intake, NewAnonymous};
use askama::Template;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::unit::{self, UnitKind};
use gongyu_web::permit::Anyone;
use gongyu_web::{Get, Page as Whole, Post, Reply, filters};

#[derive(Template)]
#[template(path = "caseload/pages/anonymous.html")]
struct Page {
    key: String,
    schools: Vec<(Id, String, bool)>,
    school_problem: String,
    fields: Fields,
    public: bool,
    days: u32,
    refusal: String,
}

#[derive(Template)]
#[template(path = "caseload/pages/receipt.html")]
struct Handed {
    number: String,
    password: String,
}

pub(super) fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let asked = g.req.query.get("school").to_owned();
    let chosen: Option<Id> = g.value("school", &asked).parse().ok();
    let schools = unit::schools(g.r, None)?.into_iter().map(|s| (s.id, s.name, Some(s.id) == chosen)).collect();
    let body = Page {
        key: key_of(g),
        schools,
        school_problem: g.problem("school"),
        fields: Fields::of(g, ""),
        public: g.typed().is_some_and(|f| f.ticked("public")),
        days: crate::caseload::settings::settings_of(g.r)?.answer_days,
        refusal: g.refusal(),
    };
    Ok(g.page(g.t("case-anonymous-title"), "", &body)?.bare())
}

/// Nothing is noted in the audit log: a line there would say when, and who was signed in.
pub(super) fn save(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    p.app.limits().codes.check(&format!("letter:{}", p.req.client))?;
    let mut invalid = Invalid::default();
    let (matter, topic) = matter(p.form(), &mut invalid);
    let school = p.form().id("school");
    if school.is_none() {
        invalid.push("school", "field-choose");
    }
    let key = p.form().get("key").to_owned();
    if key.len() < 16 {
        invalid.push("", "form-expired");
    }
    invalid.into_result()?;
    let (Some(topic), Some(school)) = (topic, school) else { return Err(Error::NotFound) };
    if unit::find(p.tx, school)?.kind != UnitKind::School {
        return Err(Error::NotFound);
    }
    let wishes_public = p.form().ticked("public");
    let receipt =
        store::anonymous(p.tx, p.app, &NewAnonymous { intake: Intake { school, topic, matter, wishes_public, key } })?;
    let view = p.view().clone();
    let body = view.render(&Handed { number: receipt.number, password: receipt.password })?;
    Ok(Reply::Page(Whole::new(view.t("case-receipt-title"), "", body).bare()))
}
