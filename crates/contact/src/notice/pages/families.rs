//! The families of a notice by name: who has not looked, who has not answered, whom to call.

use super::words::stand_mark;
use crate::contact_log::relation_words;
use crate::notice::model::{Kind, Stand};
use crate::notice::permit::ForNotice;
use crate::notice::store::{self, CallLine, ChildLine};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Id, Result};
use gongyu_parts::form;
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::{Get, Reply};

/// Children on a page.
const PAGE: usize = 50;

struct Carer {
    guardian: Id,
    who: String,
    has_phone: bool,
    seen: bool,
}

struct Row {
    id: Id,
    name: String,
    class: String,
    mark: (&'static str, &'static str, &'static str),
    when: String,
    by: String,
    answer: String,
    open: bool,
    by_hand: bool,
    carers: Vec<Carer>,
}

struct Chip {
    label: String,
    href: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "notice/pages/families.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    chips: Vec<Chip>,
    show: String,
    rows: Vec<Row>,
    next: Option<String>,
    many_classes: bool,
    may_tick: bool,
    may_call: bool,
    class: Option<Id>,
}

pub(super) fn show(g: &mut Get<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let view = g.view().clone();
    let show = g.req.query.get("show").to_owned();
    let class = g.req.query.id("class");
    let mut list = store::children(notice.id, slice);
    list = match show.as_str() {
        "silent" if notice.kind == Kind::Plain => list.filter("unseen", &[]),
        "silent" => list.filter("silent", &[]),
        "unseen" => list.filter("unseen", &[]),
        other => match Stand::parse(other) {
            Some(stand) => list.filter("state", &[&stand]),
            None => list,
        },
    };
    if let Some(class) = class {
        list = list.filter("class", &[&class]);
    }
    let page = list.after(Some(g.req.query.get("after"))).limit(PAGE).rows::<ChildLine>(g.r)?;
    let may_tick = at.actor.may(Action::LogContact).is_ok();
    let may_call = at.actor.may(Action::SeeContacts).is_ok();
    let open: Vec<Id> = page.rows.iter().filter(|l| l.stand < notice.wanted()).map(|l| l.student).collect();
    let calls = if may_tick { store::calls(g.r, notice.id, &open)? } else { Vec::new() };
    let start = year::current(g.r)?.start;
    let classes: Vec<Id> = page.rows.iter().map(|l| l.class).collect();
    let names = unit::names(g.r, &classes, start)?;
    let questions = form::Form::parse(&notice.questions)?;
    let signed = view.t("notice-signed");
    let mut rows = Vec::with_capacity(page.rows.len());
    for line in page.rows {
        let answers = form::Answers::parse(&line.body)?;
        let answer: Vec<String> =
            questions.questions.iter().filter_map(|q| answers.get(&q.key).map(|a| a.words(q, &signed))).collect();
        let carer = |c: &CallLine| Carer {
            guardian: c.guardian,
            who: format!("{} {}", c.name, relation_words(&view, c.relation, &c.kin)),
            has_phone: c.has_phone,
            seen: c.own >= Stand::Read,
        };
        rows.push(Row {
            class: names.get(&line.class).cloned().unwrap_or_default(),
            mark: stand_mark(line.stand, notice.kind),
            when: if line.stand == Stand::Addressed { String::new() } else { view.moment(line.changed_at) },
            by: line.guardian_name,
            answer: answer.join("；"),
            open: line.stand < notice.wanted(),
            by_hand: line.by_account.is_some() && line.by_guardian.is_none(),
            carers: calls.iter().filter(|c| c.student == line.student).map(carer).collect(),
            id: line.student,
            name: line.name,
        });
    }
    let several = store::by_class(g.r, notice.id, slice)?.len() > 1;
    let counts = store::counts(g.r, notice.id, slice)?;
    let query = &g.req.query;
    let chip = |code: &str, key: &str, n: i64| Chip {
        label: format!("{} {n}", view.t(key)),
        href: format!("/notices/{}/families?{}", notice.id, query.query_with(&[("show", code)])),
        here: show == code,
    };
    let mut chips =
        vec![chip("", "notice-chip-all", counts.children()), chip("unseen", "notice-chip-unseen", counts.unseen())];
    if notice.kind != Kind::Plain {
        chips.push(chip("silent", "notice-chip-silent", counts.silent(notice.kind)));
        chips.push(chip("confirmed", "notice-chip-done", counts.confirmed));
    }
    if counts.failed > 0 {
        chips.push(chip("failed", "notice-chip-failed", counts.failed));
    }
    let body = Page {
        phone: view.phone,
        id: notice.id,
        title: notice.title.clone(),
        chips,
        rows,
        next: page.next.map(|next| query.query_with(&[("after", &next)])),
        many_classes: several && class.is_none(),
        may_tick,
        may_call,
        class,
        show,
    };
    g.page(g.ta("notice-families-of", &[("title", notice.title.as_str().into())]), "notices", &body)
}
