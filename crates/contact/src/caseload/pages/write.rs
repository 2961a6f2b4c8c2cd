//! Writing a letter that one signs, openly or in confidence.

use super::words::{Fields, key_of};
use crate::caseload::SOURCE;
use crate::caseload::model::{Matter, Topic};
use crate::caseload::permit::as_guardian;
use crate::caseload::store::{self, Intake, NewLetter};
use askama::Template;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::attach;
use gongyu_registry::{people, unit};
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, FormData, Get, Post, Reply, filters};

struct Child {
    id: Id,
    name: String,
    school: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "caseload/pages/write.html")]
struct Page {
    key: String,
    children: Vec<Child>,
    child_problem: String,
    fields: Fields,
    confidential: bool,
    public: bool,
    files: String,
    days: u32,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = as_guardian(&actor)?;
    let chosen: Option<Id> = g.value("child", "").parse().ok();
    let all = people::children_of(g.r, guardian)?;
    let mut children = Vec::with_capacity(all.len());
    for (n, child) in all.iter().enumerate() {
        let school = unit::find(g.r, child.school)?.name;
        let on = chosen.map_or(n == 0, |c| c == child.id);
        children.push(Child { id: child.id, name: child.name.clone(), school, on });
    }
    let settings = crate::caseload::settings::settings_of(g.r)?;
    let (view, limits) = (g.view().clone(), attach::limits(g.r)?);
    let brought = g.typed().map(|form| form.ids("attachment")).unwrap_or_default();
    let waiting = attach::waiting(g.r, actor.account, &brought)?;
    let files = attach::Field::new("attachment", &waiting, limits, g.problem("attachment")).html(&view)?;
    let body = Page {
        key: key_of(g),
        children,
        child_problem: g.problem("child"),
        fields: Fields::of(g, ""),
        confidential: g.typed().is_some_and(|f| f.ticked("confidential")),
        public: g.typed().is_some_and(|f| f.ticked("public")),
        files,
        days: settings.answer_days,
        refusal: g.refusal(),
    };
    Ok(g.page(g.t("case-write-title"), "mailbox", &body)?.script("attach.js"))
}

/// The matter a form holds.
pub(super) fn matter(form: &FormData, invalid: &mut Invalid) -> (Matter, Option<Topic>) {
    let matter = Matter { title: form.get("title").to_owned(), body: form.get("body").to_owned() };
    matter.check(invalid);
    (matter, form.choice("topic", Topic::parse, invalid))
}

pub(super) fn save(p: &mut Post<'_>, Signed(actor): Signed) -> Result<Reply> {
    let guardian = as_guardian(&actor)?;
    let mut invalid = Invalid::default();
    let (matter, topic) = matter(p.form(), &mut invalid);
    let child = p.form().id("child");
    if child.is_none() {
        invalid.push("child", "field-choose");
    }
    invalid.into_result()?;
    let (Some(topic), Some(student)) = (topic, child) else { return Err(Error::NotFound) };
    let children = people::children_of(p.tx, guardian)?;
    let school = children.iter().find(|c| c.id == student).ok_or(Error::NotFound)?.school;
    let new = NewLetter {
        intake: Intake {
            school,
            topic,
            matter,
            wishes_public: p.form().ticked("public"),
            key: p.form().get("key").to_owned(),
        },
        confidential: p.form().ticked("confidential"),
        student,
    };
    let id = store::letter(p.tx, p.app, &actor, &new)?;
    let files = attach::bring_all(p, "attachment")?;
    attach::settle(p.tx, actor.account, (SOURCE, id), &files)?;
    // Without the number of the letter: the log, too, does not say which of them it was.
    p.audit("case.write", (SOURCE, None), "{}")?;
    Ok(Reply::to_with(format!("/mailbox/{id}"), Flash::new("case-written")))
}
