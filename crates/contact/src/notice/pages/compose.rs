//! Writing a notice: who gets it, what it says, what is asked; kept as a draft all the while.

use super::choice::{self, Offer};
use super::draft;
use super::reach::Reached;
use super::words::{at_words, field_of};
use crate::notice::model::{Audience, Draft, Kind, Notice, State};
use crate::notice::permit::ToSteer;
use crate::notice::{SOURCE, may_send, store};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::{attach, form, rich};
use gongyu_registry::unit::{self, Unit};
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "notice/pages/compose.html")]
struct Page {
    phone: bool,
    heading: &'static str,
    action: String,
    notice: Option<Id>,
    key: String,
    kept: String,
    /// When it goes, if it waits for its time.
    waits: String,
    fixed: bool,
    /// What waits for its time is not changed by itself: it would no longer go.
    autosave: bool,
    offer: Offer,
    audience_problem: String,
    reached: String,
    title: String,
    title_problem: String,
    body: String,
    kinds: [(&'static str, &'static str, bool); 3],
    builder: String,
    questions_problem: String,
    deadline: String,
    deadline_problem: String,
    remind: bool,
    files: String,
    may_urgent: bool,
    urgent: bool,
    urgent_why: String,
    urgent_problem: String,
    later: bool,
    send_at: String,
    send_problem: String,
    templates: Vec<(Id, String)>,
    refusal: String,
}

/// What the page is for.
struct Frame<'a> {
    heading: &'static str,
    action: String,
    notice: Option<&'a Notice>,
    fixed: bool,
}

fn page(g: &mut Get<'_>, actor: &Actor, frame: &Frame<'_>, draft: &Draft) -> Result<Reply> {
    let here = unit::find(g.r, actor.unit()?)?;
    let view = g.view().clone();
    let typed: Option<FormData> = g.typed().cloned();
    let audience = match &typed {
        Some(form) if !frame.fixed => choice::read(g.r, form, &here)?,
        _ => draft.audience.clone(),
    };
    let offer = choice::offer(g.r, &view, &here, &audience)?;
    let reached = if frame.fixed || audience == Audience::default() {
        view.render(&Reached { preview: None, problem: view.t("notice-reaches-hint") })?
    } else {
        view.render(&Reached::of(g.r, &view, actor, &audience)?)?
    };
    let kind = match &typed {
        Some(form) => Kind::parse(form.get("kind")).unwrap_or(draft.kind),
        None => draft.kind,
    };
    let files = files(g, actor, frame, typed.as_ref())?;
    let limits = attach::limits(g.r)?;
    let ticked = |name: &str, otherwise: bool| typed.as_ref().map_or(otherwise, |f| f.ticked(name));
    let templates = if frame.notice.is_none() {
        store::templates(g.r, actor)?.into_iter().map(|t| (t.id, t.title)).collect()
    } else {
        Vec::new()
    };
    let body = Page {
        phone: view.phone,
        heading: frame.heading,
        action: frame.action.clone(),
        notice: frame.notice.map(|n| n.id),
        key: typed.as_ref().map_or_else(|| fresh_key(g), |f| f.get("key").to_owned()),
        kept: frame.notice.filter(|_| !frame.fixed).map(|n| view.moment(n.updated_at)).unwrap_or_default(),
        waits: frame
            .notice
            .filter(|n| n.state == State::Scheduled && !frame.fixed)
            .and_then(|n| n.send_at)
            .map(|at| at_words(&view, at))
            .unwrap_or_default(),
        fixed: frame.fixed,
        autosave: !frame.fixed && frame.notice.is_none_or(|n| n.state == State::Draft),
        offer,
        audience_problem: g.problem("audience"),
        reached,
        title: g.value("title", &draft.title).to_owned(),
        title_problem: g.problem("title"),
        body: rich::Editor::new("body", g.t("notice-body"), g.value("body", &draft.body), g.problem("body"))
            .html(&view)?,
        kinds: [Kind::Plain, Kind::Confirm, Kind::Answer].map(|k| {
            let label = match k {
                Kind::Plain => "notice-kind-plain",
                Kind::Confirm => "notice-kind-confirm",
                Kind::Answer => "notice-kind-answer",
            };
            (k.code(), label, k == kind)
        }),
        builder: form::Builder::of(g, &form::Form::parse(&draft.questions)?).html(&view)?,
        questions_problem: g.problem("questions"),
        deadline: g.value("deadline", &draft.deadline.map(field_of).unwrap_or_default()).to_owned(),
        deadline_problem: g.problem("deadline"),
        remind: ticked("remind", draft.remind),
        files: attach::Field::new("attachment", &files, limits, g.problem("attachments")).html(&view)?,
        may_urgent: actor.may(Action::SendUrgent).is_ok(),
        urgent: ticked("urgent", draft.urgent),
        urgent_why: g.value("urgent_why", &draft.urgent_why).to_owned(),
        urgent_problem: [g.problem("urgent"), g.problem("urgent_why")].concat(),
        later: ticked("later", draft.send_at.is_some()),
        send_at: g.value("send_at", &draft.send_at.map(field_of).unwrap_or_default()).to_owned(),
        send_problem: g.problem("send_at"),
        templates,
        refusal: g.refusal(),
    };
    let reply = g.page(g.t(frame.heading), "notices", &body)?;
    Ok(reply.script("rich.js").script("attach.js").script("form-builder.js").script("compose.js"))
}

/// The files that are there: the notice's own, and what was brought just now before the form was refused.
fn files(
    g: &mut Get<'_>,
    actor: &Actor,
    frame: &Frame<'_>,
    typed: Option<&FormData>,
) -> Result<Vec<attach::Attachment>> {
    let own = match frame.notice {
        Some(notice) => attach::of(g.r, SOURCE, notice.id)?,
        None => Vec::new(),
    };
    let Some(form) = typed else { return Ok(own) };
    let chosen = form.ids("attachment");
    let mut list: Vec<attach::Attachment> = own.into_iter().filter(|a| chosen.contains(&a.id)).collect();
    list.extend(attach::waiting(g.r, actor.account, &chosen)?);
    Ok(list)
}

/// A key by which the same form sent twice is one draft.
fn fresh_key(g: &Get<'_>) -> String {
    g.app.random.code(20)
}

fn here_of(g: &mut Get<'_>, actor: &Actor) -> Result<Unit> {
    let here = unit::find(g.r, actor.unit()?)?;
    if may_send(g.r, actor.hat.role, here.school)? { Ok(here) } else { Err(Error::conflict("notice-not-allowed")) }
}

/// An empty page.
pub(super) fn fresh(g: &mut Get<'_>, at: Holder<right::SendNotice>) -> Result<Reply> {
    let here = here_of(g, &at.actor)?;
    let silent_on = g.req.query.id("silent_on");
    let draft = Draft { audience: choice::first(&here, silent_on), ..Draft::default() };
    let frame = Frame { heading: "notice-new", action: "/notices/new".to_owned(), notice: None, fixed: false };
    page(g, &at.actor, &frame, &draft)
}

/// A draft, or what waits for its time.
pub(super) fn edit(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    if !is_written(&at.notice) {
        return Ok(Reply::to(format!("/notices/{}", at.notice.id)));
    }
    let draft = store::as_draft(&at.notice);
    let action = format!("/notices/{}/edit", at.notice.id);
    let heading = if at.notice.template { "notice-edit-template" } else { "notice-edit" };
    page(g, &at.actor, &Frame { heading, action, notice: Some(&at.notice), fixed: false }, &draft)
}

fn is_written(notice: &Notice) -> bool {
    matches!(notice.state, State::Draft | State::Scheduled)
}

/// A correction begins with the words of what it corrects, and goes to exactly the same families.
pub(super) fn correct(g: &mut Get<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let draft = store::as_draft(&at.notice);
    let action = format!("/notices/{}/correct", at.notice.id);
    page(g, &at.actor, &Frame { heading: "notice-correct", action, notice: Some(&at.notice), fixed: true }, &draft)
}

/// Where the buttons of the composer lead.
fn onward(p: &mut Post<'_>, actor: &Actor, id: Id) -> Result<Reply> {
    match p.form().get("act") {
        "next" => Ok(Reply::to(format!("/notices/{id}/send"))),
        "template" => {
            let notice = store::find(p.tx, id)?;
            let made = store::as_template(p.tx, actor, &notice)?;
            p.audit("notice.template", ("notice", Some(made)), "{}")?;
            Ok(Reply::to_with(format!("/notices/{id}/edit"), Flash::new("notice-template-kept")))
        }
        _ => Ok(Reply::to_with(format!("/notices/{id}/edit"), Flash::new("notice-draft-kept"))),
    }
}

/// Begins a draft, or goes on with the one the same page began.
fn begun(p: &mut Post<'_>, actor: &Actor, draft: &Draft) -> Result<Id> {
    let key = p.form().get("key").to_owned();
    let (id, is_new) = store::create(p.tx, actor, draft, false, &key)?;
    if !is_new {
        let notice = store::find(p.tx, id)?;
        store::update(p.tx, &notice, draft)?;
    }
    attach::settle(p.tx, actor.account, (SOURCE, id), &draft.attachments)?;
    Ok(id)
}

pub(super) fn keep_new(p: &mut Post<'_>, at: Holder<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let files = attach::bring_all(p, "attachment")?;
    let draft = draft::read(p.tx, &p.req.form, &here, files)?;
    let id = begun(p, &at.actor, &draft)?;
    p.audit("notice.draft", ("notice", Some(id)), "{}")?;
    onward(p, &at.actor, id)
}

pub(super) fn keep(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let files = attach::bring_all(p, "attachment")?;
    let draft = draft::read(p.tx, &p.req.form, &here, files)?;
    store::update(p.tx, &at.notice, &draft)?;
    attach::settle(p.tx, at.actor.account, (SOURCE, at.notice.id), &draft.attachments)?;
    p.audit("notice.draft", ("notice", Some(at.notice.id)), "{}")?;
    onward(p, &at.actor, at.notice.id)
}

pub(super) fn keep_correction(p: &mut Post<'_>, at: ToSteer<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let chosen = attach::bring_all(p, "attachment")?;
    let old = attach::of(p.tx, SOURCE, at.notice.id)?;
    let mut files = Vec::with_capacity(chosen.len());
    for id in chosen {
        // What hangs on the old notice stays there: who was sent it may still look at it.
        files.push(match old.iter().find(|a| a.id == id) {
            Some(file) => attach::again(p.tx, at.actor.account, file)?,
            None => id,
        });
    }
    let draft = draft::read(p.tx, &p.req.form, &here, files)?;
    let key = p.form().get("key").to_owned();
    let id = store::correct(p.tx, &at.actor, &at.notice, &draft, &key)?;
    attach::settle(p.tx, at.actor.account, (SOURCE, id), &draft.attachments)?;
    p.audit("notice.correct", ("notice", Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/notices/{id}"), Flash::new("notice-corrected")))
}

#[derive(Template)]
#[template(source = "{{ \"notice-draft-at\"|t1(\"when\", when) }}", ext = "html")]
struct Kept {
    when: String,
}

/// What is typed is kept every few seconds; the answer says when.
pub(super) fn autosave(p: &mut Post<'_>, at: Holder<right::SendNotice>) -> Result<Reply> {
    let here = unit::find(p.tx, at.actor.unit()?)?;
    let draft = draft::read(p.tx, &p.req.form, &here, p.req.form.ids("attachment"))?;
    match p.form().id("notice") {
        Some(id) => {
            let sight = crate::notice::sight(p.tx, &at.actor, id)?;
            if !sight.steers || !is_written(&sight.notice) {
                return Err(Error::NotFound);
            }
            store::update(p.tx, &sight.notice, &draft)?;
            attach::settle(p.tx, at.actor.account, (SOURCE, id), &draft.attachments)?;
        }
        None => {
            begun(p, &at.actor, &draft)?;
        }
    }
    let now = p.tx.now();
    let when = at_words(p.view(), now);
    p.partial(&Kept { when })
}
