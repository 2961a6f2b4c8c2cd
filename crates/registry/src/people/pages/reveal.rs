//! What is sealed, shown on request and noted in the audit log before it is shown
//! (个人信息保护法 art. 28; 未成年人网络保护条例 art. 36: access to a minor's data is recorded).

use crate::people::{self, phone_of, student_details};
use crate::permit::OfStudent;
use crate::roster::id_number::mask_id;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::page::Page;
use gongyu_web::{Post, Reply};

#[derive(Template)]
#[template(path = "people/pages/phone.html")]
struct Phone {
    /// Address to go back to; `None` when the number takes its place on the page.
    back: Option<Id>,
    name: String,
    number: String,
}

#[derive(Template)]
#[template(path = "people/pages/details.html")]
struct Details {
    back: Option<Id>,
    name: String,
    facts: Vec<(String, String)>,
}

/// A guardian's number, to be called.
pub(super) fn phone(p: &mut Post<'_>, at: OfStudent<right::SeeContacts>) -> Result<Reply> {
    let guardian: Id = p.req.param("guardian")?;
    let ties = people::guardians_of(p.tx, at.student.id)?;
    let tie = ties.into_iter().find(|k| k.guardian == guardian).ok_or(Error::NotFound)?;
    let number = phone_of(p.tx, &p.app.vault, guardian)?.ok_or(Error::NotFound)?;
    let detail = serde_json::json!({ "guardian": guardian }).to_string();
    p.audit("contacts.phone-shown", ("student", Some(at.student.id)), &detail)?;
    let partial = p.req.is_partial();
    let body = Phone { back: (!partial).then_some(at.student.id), name: tie.name, number };
    answer(p, partial, &at.student.name, &body)
}

/// Document numbers (masked), address and what else the roster seals.
pub(super) fn details(p: &mut Post<'_>, at: OfStudent<right::SeeContacts>) -> Result<Reply> {
    let sealed = student_details(p.tx, &p.app.vault, at.student.id)?;
    p.audit("contacts.details-shown", ("student", Some(at.student.id)), "{}")?;
    let view = p.view().clone();
    let mut facts = vec![
        (view.t("people-id-number"), mask_id(&sealed.id_number)),
        (view.t("people-roll-number"), mask_id(&sealed.roll_number)),
        (view.t("people-address"), sealed.address),
        (view.t("people-family-phone"), sealed.phone),
        (view.t("people-ethnicity"), sealed.ethnicity),
    ];
    if at.actor.may(Action::SeeCategories).is_ok() {
        let when = |yes: bool| if yes { view.t("people-yes") } else { String::new() };
        facts.push((view.t("people-orphan"), when(sealed.orphan)));
        facts.push((view.t("people-disability"), sealed.disability));
        facts.push((view.t("people-inclusive"), when(sealed.inclusive)));
    }
    facts.retain(|(_, text)| !text.is_empty());
    let partial = p.req.is_partial();
    let body = Details { back: (!partial).then_some(at.student.id), name: at.student.name.clone(), facts };
    answer(p, partial, &at.student.name, &body)
}

/// In place for htmx; a page of its own without a script.
fn answer(p: &Post<'_>, partial: bool, title: &str, body: &impl Template) -> Result<Reply> {
    if partial {
        return p.partial(body);
    }
    Ok(Reply::Page(Page::new(title.to_owned(), "classes", p.view().render(body)?)))
}
