//! What a school decides about contacts: after how many days a family is due, and whether guardians see
//! the class teacher's telephone.

use crate::contact_log::{SchoolChoices, choices_of, keep_choices};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Id, Result};
use gongyu_registry::permit::ForSchool;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

#[derive(Template)]
#[template(path = "class_board/pages/choices.html")]
struct Page {
    school: Id,
    school_name: String,
    due_days: String,
    problem: String,
    show_phone: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: ForSchool<right::EditGuardians>) -> Result<Reply> {
    let choices = choices_of(g.r, at.school.id)?;
    let body = Page {
        school: at.school.id,
        school_name: at.school.name.clone(),
        due_days: g.value("due_days", &choices.due_days.to_string()).to_owned(),
        problem: g.problem("due_days"),
        show_phone: g.typed().map_or(choices.show_teacher_phone, |f| f.ticked("show_phone")),
    };
    g.page(g.t("board-choices-title"), "classes", &body)
}

pub(super) fn save(p: &mut Post<'_>, at: ForSchool<right::EditGuardians>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let days = p.form().number("due_days", 7, 180, &mut invalid);
    invalid.into_result()?;
    let choices = SchoolChoices {
        due_days: u16::try_from(days).unwrap_or(SchoolChoices::default().due_days),
        show_teacher_phone: p.form().ticked("show_phone"),
    };
    keep_choices(p.tx, at.school.id, choices)?;
    p.audit("contact.choices", ("school", Some(at.school.id)), &serde_json::to_string(&choices)?)?;
    Ok(Reply::to_with(format!("/schools/{}/contact-choices", at.school.id), Flash::new("board-choices-saved")))
}
