//! A notice as a family sees it: the whole text, its files, one tap or a few questions; for which child is always said.

use super::words::{at_words, names};
use crate::notice::model::{Kind, Notice, Stand, State};
use crate::notice::permit::MyNotice;
use crate::notice::store::{self, Mine};
use askama::Template;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::{attach, form, rich};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Flash, Get, Post, Reply};

struct Pick {
    id: Id,
    name: String,
    here: bool,
    done: bool,
}

struct Ask {
    child: Id,
    name: String,
    picks: Vec<Pick>,
    fields: String,
    again: bool,
    refusal: String,
}

/// The text of a notice, on the family's page and in the preview before it goes.
#[derive(Template)]
#[template(path = "notice/pages/text.html")]
pub(super) struct Text {
    /// Without what the page's own head says already.
    headed: bool,
    title: String,
    urgent_why: Option<String>,
    from: String,
    author: String,
    when: String,
    until: String,
    names: String,
    body: String,
    files: String,
}

impl Text {
    /// Under a head that says title and author.
    pub(super) fn headed(mut self) -> Self {
        self.headed = true;
        self
    }

    pub(super) fn of(view: &View, notice: &Notice, files: &[attach::Attachment], names: String) -> Result<Self> {
        Ok(Self {
            headed: false,
            title: notice.title.clone(),
            urgent_why: notice.urgent.then(|| notice.urgent_why.clone()),
            from: notice.from_name.clone(),
            author: notice.author_name.clone(),
            when: notice.sent_at.map(|at| view.moment(at)).unwrap_or_default(),
            until: notice
                .deadline
                .filter(|_| notice.kind != Kind::Plain)
                .map(|end| at_words(view, end))
                .unwrap_or_default(),
            names,
            body: rich::html(&notice.body).0,
            files: attach::Files::new(files).html(view)?,
        })
    }
}

#[derive(Template)]
#[template(path = "notice/pages/family.html")]
struct Page {
    id: Id,
    text: String,
    unread: bool,
    recalled: Option<String>,
    replaced: Option<Id>,
    corrects: bool,
    late: bool,
    /// Asked to confirm, with the names of those still open.
    confirm: Option<String>,
    done: Option<String>,
    closed: bool,
    ask: Option<Ask>,
}

pub(super) fn show(g: &mut Get<'_>, at: &MyNotice) -> Result<Reply> {
    let notice = &at.notice;
    let view = g.view().clone();
    let now = g.r.now();
    let files = attach::of(g.r, crate::notice::SOURCE, notice.id)?;
    let children = names(&view, at.children.iter().map(|m| m.name.as_str()));
    let open = notice.open_at(now);
    let waiting: Vec<&Mine> = at.children.iter().filter(|m| m.stand < Stand::Confirmed).collect();
    let asks_form = notice.kind == Kind::Answer;
    let ask = if open && asks_form { Some(ask(g, at)?) } else { None };
    let signs = asks_form && form::Form::parse(&notice.questions)?.asks_signature();
    let text = view.render(&Text::of(&view, notice, &files, children)?)?;
    let body = Page {
        id: notice.id,
        text,
        unread: at.children.iter().any(|m| m.own < Stand::Read),
        recalled: (notice.state == State::Recalled).then(|| notice.recall_why.clone()),
        replaced: notice.replaced_by,
        corrects: notice.correction_of.is_some(),
        late: notice.deadline.is_some_and(|end| now > end),
        confirm: (open && notice.kind == Kind::Confirm && !waiting.is_empty())
            .then(|| names(&view, waiting.iter().map(|m| m.name.as_str()))),
        done: (notice.kind == Kind::Confirm && waiting.is_empty()).then(|| done_words(&view, at)),
        closed: asks_form && !open && notice.state == State::Sent && notice.replaced_by.is_none(),
        ask,
    };
    let reply = g.page(notice.title.clone(), "notices", &body)?;
    Ok(if signs { reply.script("sign.js") } else { reply })
}

/// Who confirmed, so that nobody wonders whether the other parent did.
fn done_words(view: &View, at: &MyNotice) -> String {
    let mine = at.children.iter().any(|m| m.by_guardian == Some(at.guardian));
    let when = at.children.iter().map(|m| m.changed_at).max().map(|t| view.moment(t)).unwrap_or_default();
    view.ta(if mine { "notice-done-by-me" } else { "notice-done-by-other" }, &[("when", when.into())])
}

fn ask(g: &mut Get<'_>, at: &MyNotice) -> Result<Ask> {
    let wanted = g.typed().map_or_else(|| g.req.query.id("child"), |typed| typed.id("child"));
    let first_open = at.children.iter().find(|m| m.stand < Stand::Confirmed).or(at.children.first());
    let child = at.children.iter().find(|m| Some(m.student) == wanted).or(first_open).ok_or(Error::NotFound)?;
    let questions = form::Form::parse(&at.notice.questions)?;
    let before = store::answers_of(g.r, at.notice.id, child.student)?;
    let before = match before.first() {
        Some(line) => form::Answers::parse(&line.body)?,
        None => form::Answers::default(),
    };
    let fields = form::Fields::of(g, &questions, &before)?.html(g.view())?;
    let pick = |m: &Mine| Pick {
        id: m.student,
        name: m.name.clone(),
        here: m.student == child.student,
        done: m.stand == Stand::Confirmed,
    };
    Ok(Ask {
        child: child.student,
        name: child.name.clone(),
        picks: if at.children.len() > 1 { at.children.iter().map(pick).collect() } else { Vec::new() },
        fields,
        again: child.stand == Stand::Confirmed,
        refusal: g.refusal(),
    })
}

/// The same page at the address its form posts to.
pub(super) fn again(g: &mut Get<'_>, at: MyNotice) -> Result<Reply> {
    show(g, &at)
}

/// An answer for one child.
pub(super) fn answer(p: &mut Post<'_>, at: MyNotice) -> Result<Reply> {
    let child = p.form().id("child").ok_or(Error::NotFound)?;
    let questions = form::Form::parse(&at.notice.questions)?;
    let mut invalid = Invalid::default();
    let answers = form::answers(&questions, p.form(), &mut invalid);
    invalid.into_result()?;
    store::answer(p.tx, at.notice.id, at.guardian, child, &answers.to_json()?)?;
    p.audit("notice.answer", ("notice", Some(at.notice.id)), "{}")?;
    let next = at.children.iter().find(|m| m.student != child && m.stand < Stand::Confirmed);
    let to = match next {
        Some(other) => format!("/notices/{}?child={}", at.notice.id, other.student),
        None => format!("/notices/{}?child={child}", at.notice.id),
    };
    Ok(Reply::to_with(to, Flash::new("notice-answered")))
}
