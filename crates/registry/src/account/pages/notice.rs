//! The notice to guardians of children under 14, with a button to agree and one to refuse of the same size.

use super::super::proceed::{candidates, let_in, proceed};
use super::super::step::{self, Proved, Step};
use super::super::{consent, notice_text, phone};
use super::{Top, why};
use crate::people::Student;
use crate::unit;
use askama::Template;
use gongyu_access::{Role, grant};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::{Reader, audit};
use gongyu_web::filters;
use gongyu_web::permit::Anyone;
use gongyu_web::{App, Flash, Get, Post, Reply, Req};

/// The parts of the notice (儿童个人信息网络保护规定, the six things to be told).
pub const PARTS: [&str; 6] = ["purpose", "storage", "safety", "refusal", "complaint", "rights"];

/// Who answers for a school's use of children's data.
pub struct Answerable {
    /// Name of the school.
    pub school: String,
    /// Its telephone; may be empty.
    pub phone: String,
    /// The person in charge; empty when none is named.
    pub person: String,
}

#[derive(Template)]
#[template(path = "account/pages/notice.html")]
struct NoticePage {
    top: Top,
    children: Vec<Student>,
    answerable: Option<Answerable>,
    district: String,
    /// The district's words of the part `storage`.
    storage: Option<String>,
    problem: String,
}

fn chosen(app: &App, req: &Req) -> Option<(Proved, Id, String)> {
    match step::of(app, req)? {
        (Step::Proved(proved), back) => proved.guardian.map(|g| (proved, g, back)),
        _ => None,
    }
}

/// Who answers for a school.
///
/// # Errors
/// As any statement.
pub fn answerable(r: &mut Reader, school: Id) -> Result<Answerable> {
    let unit = unit::find(r, school)?;
    let holders = grant::holders(r, school, Role::MoralDirector)?;
    let person = holders.into_iter().next().map(|(_, name, _)| name).unwrap_or_default();
    Ok(Answerable { school: unit.name, phone: unit.phone, person })
}

/// Name of the district, for the notice.
///
/// # Errors
/// As any statement.
pub fn district(app: &App, r: &mut Reader) -> Result<String> {
    match unit::district(r) {
        Ok(unit) => Ok(unit.name),
        Err(Error::NotFound) => Ok(app.config.district_name.clone()),
        Err(e) => Err(e),
    }
}

/// The child of the card a person holds, if they came with one.
fn card_child(r: &mut Reader, proved: &Proved) -> Result<Option<Id>> {
    match proved.card {
        Some(card) => phone::student_of_card(r, card),
        None => Ok(None),
    }
}

/// Shows it.
pub fn show(g: &mut Get<'_>, _: Anyone) -> Result<Reply> {
    let Some((proved, guardian, _)) = chosen(g.app, g.req) else { return Ok(Reply::to("/sign-in/phone")) };
    let card = card_child(g.r, &proved)?;
    let children = consent::wanted(g.r, guardian, card)?;
    let answerable = children.first().map(|c| c.school).map(|school| answerable(g.r, school)).transpose()?;
    let district = district(g.app, g.r)?;
    let storage = notice_text::current(g.r)?.storage(g.view().lang()).map(str::to_owned);
    let page = NoticePage { top: Top::of(g), children, answerable, district, storage, problem: why(g, "answer") };
    Ok(g.page(g.t("account-notice-title"), "", &page)?.bare())
}

/// Takes the answer. Refusing keeps nothing of who sees no other child here; who does is let in for
/// those, and the refusal is kept so that they are not asked at every sign-in.
pub fn answer(p: &mut Post<'_>, _: Anyone) -> Result<Reply> {
    let Some((proved, guardian, back)) = chosen(p.app, p.req) else { return Ok(Reply::to("/sign-in/phone")) };
    let agrees = match p.form().get("answer") {
        "agree" => true,
        "refuse" => false,
        _ => return Err(Error::field("answer", "field-choose")),
    };
    if !candidates(p.tx, &proved)?.iter().any(|b| b.guardian == guardian) {
        return Err(Error::NotFound);
    }
    let card = card_child(p.tx, &proved)?;
    let asked = consent::wanted(p.tx, guardian, card)?;
    let old = p.actor().and_then(|a| a.session.map(|s| (a.account, s)));
    if agrees {
        settle(p, guardian, &asked, true)?;
        let reply = proceed(p.tx, p.app, p.req, proved, &back, old)?;
        return Ok(with_word(reply, "account-agreed"));
    }
    let ids: Vec<Id> = asked.iter().map(|c| c.id).collect();
    if !consent::others_remain(p.tx, guardian, &ids)? {
        let cookies = vec![step::done(p.app)];
        return Ok(Reply::Redirect { to: "/sign-in/refused".to_owned(), flash: None, cookies });
    }
    settle(p, guardian, &asked, false)?;
    let reply = let_in(p.tx, p.app, p.req, &proved, &back, old)?;
    Ok(with_word(reply, "account-refused-one"))
}

fn with_word(reply: Reply, key: &'static str) -> Reply {
    match reply {
        Reply::Redirect { to, flash, cookies } => {
            Reply::Redirect { to, flash: flash.or_else(|| Some(Flash::new(key))), cookies }
        }
        other => other,
    }
}

/// Records the answer for each child, with the version of the text it was given to.
fn settle(p: &mut Post<'_>, guardian: Id, children: &[Student], agrees: bool) -> Result<()> {
    let notice = notice_text::current(p.tx)?.name();
    let detail = serde_json::json!({ "guardian": guardian, "notice": notice }).to_string();
    for child in children {
        if agrees {
            consent::give(p.tx, guardian, child, &p.req.client)?;
        } else {
            consent::refuse(p.tx, guardian, child, &p.req.client)?;
        }
        let entry = audit::Entry {
            hat: Role::Guardian.code(),
            action: if agrees { "consent.give" } else { "consent.refuse" },
            object_kind: "student",
            object: Some(child.id),
            school: Some(child.school),
            detail: &detail,
            client: &p.req.client,
            ..audit::Entry::default()
        };
        audit::note(p.tx, &entry)?;
    }
    Ok(())
}
