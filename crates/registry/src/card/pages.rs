//! Choosing whose cards to print, and printing them.

use super::store::{self, Issued};
use crate::people::{self, Student, staff_phone};
use crate::permit::{ForClass, OfStudent};
use crate::unit::{self, Unit, UnitKind};
use crate::year;
use askama::Template;
use gongyu_access::{Role, grant, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::pdf::{CardLayout, CardSheet, ContactCard};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{App, Download, Get, Holder, Post, Reply};
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "card/cards.html")]
struct Cards {
    class: Id,
    class_name: String,
    rows: Vec<store::CardState>,
    waiting: usize,
    without_guardian: usize,
    refusal: String,
    phone: bool,
}

/// Leads to the cards of the hat's class, or to the classes to choose from.
pub(super) fn mine(g: &mut Get<'_>, at: Holder<right::PrintCards>) -> Result<Reply> {
    let here = unit::find(g.r, at.actor.unit()?)?;
    Ok(Reply::to(match here.kind {
        UnitKind::Class => format!("/classes/{}/cards", here.id),
        _ => "/classes".to_owned(),
    }))
}

pub(super) fn show(g: &mut Get<'_>, at: ForClass<right::PrintCards>) -> Result<Reply> {
    let start = year::current(g.r)?.start;
    let rows = store::card_states(g.r, at.class.id)?;
    let body = Cards {
        class: at.class.id,
        class_name: at.class.display(start),
        waiting: rows.iter().filter(|row| row.activated == 0).count(),
        without_guardian: rows.iter().filter(|row| row.guardians == 0).count(),
        refusal: g.refusal(),
        phone: g.view().phone,
        rows,
    };
    let nav = if at.actor.hat.role == Role::ClassTeacher { "cards" } else { "classes" };
    g.page(g.t("cards-title"), nav, &body)
}

/// Issues the codes still missing and answers with the cards to print. `which` is `all`, `waiting`
/// (nobody of the family has an account yet), `chosen`, or `renew`: the chosen, their old codes ended
/// first. There is no address of the cards to open again: each printing is a post, and noted.
pub(super) fn issue(p: &mut Post<'_>, at: ForClass<right::PrintCards>) -> Result<Reply> {
    let states = store::card_states(p.tx, at.class.id)?;
    let picked = p.form().ids("s");
    let which = p.form().get("which").to_owned();
    let wanted = |state: &store::CardState| match which.as_str() {
        "waiting" => state.activated == 0,
        "chosen" | "renew" => picked.contains(&state.student),
        _ => true,
    };
    let chosen: Vec<Id> = states.iter().filter(|s| wanted(s)).map(|s| s.student).collect();
    if chosen.is_empty() {
        return Err(Error::conflict("cards-nobody-chosen"));
    }
    let school = at.class.school.ok_or(Error::NotFound)?;
    give_codes(p, &chosen, school, which == "renew", ("class", Some(at.class.id)))?;
    let mut members = people::class_members(p.tx, at.class.id)?;
    members.sort_by_key(|s| s.number_in_class.unwrap_or(i64::MAX));
    members.retain(|s| chosen.contains(&s.id));
    let start = year::current(p.tx)?.start;
    let name = p.view().ta("cards-file", &[("name", at.class.display(start).into())]);
    print(p, &at.class, &members, CardLayout::Eight, name)
}

/// The card of one pupil; `renew` ends the old code first.
pub(super) fn issue_one(p: &mut Post<'_>, at: OfStudent<right::PrintCards>) -> Result<Reply> {
    let renew = p.form().ticked("renew");
    give_codes(p, &[at.student.id], at.student.school, renew, ("student", Some(at.student.id)))?;
    let class = at.student.class.ok_or(Error::NotFound)?;
    let class = unit::find(p.tx, class)?;
    let name = p.view().ta("cards-file", &[("name", at.student.name.as_str().into())]);
    print(p, &class, std::slice::from_ref(&at.student), CardLayout::Single, name)
}

fn give_codes(p: &mut Post<'_>, students: &[Id], school: Id, renew: bool, object: (&str, Option<Id>)) -> Result<()> {
    let mut revoked = 0;
    if renew {
        for student in students {
            revoked += store::revoke(p.tx, *student)?;
        }
    }
    let wanted: Vec<(Id, Id)> = students.iter().map(|student| (*student, school)).collect();
    let issued = store::issue_missing(p.tx, &p.app.vault, &p.app.random, &wanted)?;
    let detail = serde_json::json!({ "cards": students.len(), "issued": issued, "revoked": revoked });
    p.audit("card.printed", object, &detail.to_string())
}

/// Reads on the database thread, typesets off it.
fn print(p: &mut Post<'_>, class: &Unit, students: &[Student], layout: CardLayout, name: String) -> Result<Reply> {
    let ids: Vec<Id> = students.iter().map(|s| s.id).collect();
    let codes = store::codes_of(p.tx, &p.app.vault, &ids)?;
    if codes.is_empty() {
        return Err(Error::conflict("cards-none-issued"));
    }
    let about = About::read(p.tx, p.app, class)?;
    let sheet = sheet(&about, students, &codes, layout, p.view());
    Ok(Reply::later(move || {
        let printed = sheet.typeset().map_err(Error::internal)?;
        if !printed.missing.is_empty() {
            tracing::warn!(characters = ?printed.missing, "contact cards: characters no font has");
        }
        Ok(Download::pdf(format!("{name}.pdf"), printed.bytes))
    }))
}

/// What all cards of a class say alike.
struct About {
    district: String,
    school: String,
    office_phone: String,
    class: String,
    teacher: String,
    teacher_phone: String,
    site: String,
}

impl About {
    fn read(r: &mut Reader, app: &App, class: &Unit) -> Result<Self> {
        let start = year::current(r)?.start;
        let school = unit::find(r, class.school.ok_or(Error::NotFound)?)?;
        let teacher = grant::holders(r, class.id, Role::ClassTeacher)?.into_iter().next_back();
        let teacher_phone = match teacher.as_ref().and_then(|(_, _, staff)| *staff) {
            Some(staff) => staff_phone(r, &app.vault, staff)?.unwrap_or_default(),
            None => String::new(),
        };
        Ok(Self {
            district: unit::district(r)?.name,
            school: school.name,
            office_phone: school.phone,
            class: class.display(start),
            teacher: teacher.map(|(_, name, _)| name).unwrap_or_default(),
            teacher_phone,
            site: app.config.link_base(),
        })
    }
}

/// Pupils without a working code are left out. The day printed is that of the code that ends first.
fn sheet(
    about: &About,
    students: &[Student],
    codes: &HashMap<Id, Issued>,
    layout: CardLayout,
    view: &View,
) -> CardSheet {
    let card = |student: &Student| {
        let issued = codes.get(&student.id)?;
        Some(ContactCard {
            child: student.name.clone(),
            class: about.class.clone(),
            teacher: about.teacher.clone(),
            teacher_phone: about.teacher_phone.clone(),
            activation_url: format!("{}/a/{}", about.site, issued.code),
            activation_code: issued.code.clone(),
        })
    };
    let first_end = codes.values().map(|issued| issued.expires_at).min().unwrap_or(view.now);
    CardSheet {
        layout,
        district: about.district.clone(),
        school: about.school.clone(),
        office_phone: about.office_phone.clone(),
        site: about.site.clone(),
        valid_until: view.day(first_end.date()),
        printed_on: view.day(view.today()),
        cards: students.iter().filter_map(card).collect(),
    }
}
