//! The form of one guardian, or of another person who picks a child up.

use super::relation_words;
use crate::people::{GuardianOf, Relation, find_tie, phone_of};
use crate::permit::OfStudent;
use crate::roster::id_number::mask_phone;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

struct Choice {
    code: &'static str,
    label: String,
    chosen: bool,
}

struct Problems {
    name: String,
    relation: String,
    kin: String,
    phone: String,
    note: String,
    whole: String,
}

#[derive(Template)]
#[template(path = "people/pages/guardian.html")]
struct Form {
    student: Id,
    child: String,
    tie: Option<Id>,
    title: String,
    name: String,
    relations: Vec<Choice>,
    kin: String,
    is_guardian: bool,
    typed_phone: String,
    masked: String,
    no_phone: bool,
    may_receive: bool,
    withheld: bool,
    may_pick_up: bool,
    restricted: bool,
    note: String,
    problems: Problems,
    phone: bool,
}

/// Adds somebody: `?for=pickup` begins with a person who may only be handed the child.
pub(super) fn new(g: &mut Get<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let pickup = g.req.query.get("for") == "pickup";
    let start = GuardianOf {
        id: Id(0),
        guardian: Id(0),
        name: String::new(),
        relation: if pickup { Relation::Other } else { Relation::Mother },
        kin: String::new(),
        is_guardian: !pickup,
        may_receive: !pickup,
        may_pick_up: true,
        restricted: false,
        restriction_note: String::new(),
        has_phone: true,
        account: None,
        withheld: false,
        custody_receives: true,
    };
    let title = g.t(if pickup { "people-add-pickup" } else { "people-add-guardian" });
    page(g, &at, None, &start, title, String::new())
}

pub(super) fn edit(g: &mut Get<'_>, at: OfStudent<right::EditGuardians>) -> Result<Reply> {
    let tie = find_tie(g.r, at.student.id, g.req.param("tie")?)?;
    let masked = phone_of(g.r, &g.app.vault, tie.guardian)?.map(|n| mask_phone(&n)).unwrap_or_default();
    let title = tie.name.clone();
    page(g, &at, Some(tie.id), &tie, title, masked)
}

fn page(
    g: &Get<'_>,
    at: &OfStudent<right::EditGuardians>,
    tie: Option<Id>,
    start: &GuardianOf,
    title: String,
    masked: String,
) -> Result<Reply> {
    let ticked = |name: &str, initial: bool| g.typed().map_or(initial, |form| form.ticked(name));
    let chosen = g.value("relation", start.relation.code()).to_owned();
    let relations = Relation::ALL.map(|r| Choice {
        code: r.code(),
        label: relation_words(g.view(), r, ""),
        chosen: r.code() == chosen,
    });
    let body = Form {
        student: at.student.id,
        child: at.student.name.clone(),
        tie,
        title: title.clone(),
        name: g.value("name", &start.name).to_owned(),
        relations: relations.into(),
        kin: g.value("kin", &start.kin).to_owned(),
        is_guardian: ticked("is_guardian", start.is_guardian),
        typed_phone: g.value("phone", "").to_owned(),
        masked,
        no_phone: ticked("no_phone", tie.is_some() && !start.has_phone),
        may_receive: ticked("may_receive", start.custody_allows()),
        withheld: start.withheld,
        may_pick_up: ticked("may_pick_up", start.may_pick_up),
        restricted: ticked("restricted", start.restricted),
        note: g.value("note", &start.restriction_note).to_owned(),
        problems: Problems {
            name: g.problem("name"),
            relation: g.problem("relation"),
            kin: g.problem("kin"),
            phone: g.problem("phone"),
            note: g.problem("note"),
            whole: g.refusal(),
        },
        phone: g.view().phone,
    };
    g.page(title, "classes", &body)
}
