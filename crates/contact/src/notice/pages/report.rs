//! What became of a notice, for staff: one sentence, the four states, where it lags, what to do.

use super::family::Text;
use super::words::{at_words, done, done_key, state_mark};
use crate::notice::model::{Counts, Kind, Notice, State};
use crate::notice::permit::{ForNotice, Slice};
use crate::notice::store::{self, UnitCounts};
use crate::notice::{SOURCE, fan_out};
use askama::Template;
use gongyu_access::{Action, Actor, Role, right};
use gongyu_deliver::live;
use gongyu_kernel::{Id, Result};
use gongyu_parts::{attach, form};
use gongyu_registry::{unit, year};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{App, Get, Reply};

/// Units shown before "all of them".
const UNITS: usize = 12;
/// Newest answers shown.
const NEWEST: usize = 4;

struct UnitLine {
    name: String,
    done: i64,
    children: i64,
    /// Leads to the families of this class; empty for a school.
    href: String,
}

struct Fresh {
    who: String,
    what: String,
    when: String,
}

/// The part that moves while answers come in.
#[derive(Template)]
#[template(path = "notice/pages/counts.html")]
struct CountsPart {
    id: Id,
    ticket: String,
    done: i64,
    done_key: &'static str,
    counts: Counts,
    children: i64,
    plain: bool,
    answers: bool,
    unseen: i64,
    silent: i64,
    may_remind: bool,
    filling: Option<(i64, i64)>,
    units: Vec<UnitLine>,
    more_units: usize,
    newest: Vec<Fresh>,
}

struct Act {
    href: String,
    icon: &'static str,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "notice/pages/report.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    from: String,
    when: String,
    until: String,
    mark: (&'static str, &'static str, &'static str),
    counts: String,
    text: String,
    acts: Vec<Act>,
    may_print: bool,
    failed: i64,
    recalled: Option<String>,
    replaced: Option<Id>,
    corrects: Option<Id>,
    template: bool,
    scheduled: Option<String>,
    joiners: Vec<store::Joiner>,
    chronic: Vec<store::NonReader>,
    shared: String,
}

/// The page of a notice that was sent.
pub(super) fn show(g: &mut Get<'_>, at: &ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    let view = g.view().clone();
    let steers = at.sight.steers && at.actor.may(Action::SendNotice).is_ok();
    let files = attach::of(g.r, SOURCE, notice.id)?;
    let part = part(g, &at.actor, notice, slice)?;
    let failed = part.counts.failed;
    let class_hat = at.actor.hat.role == Role::ClassTeacher;
    let (joiners, chronic) = match (class_hat, at.actor.hat.unit) {
        (true, Some(class)) => {
            let mut joiners = store::joiners(g.r, class)?;
            joiners.retain(|j| j.notice == notice.id);
            (joiners, store::non_readers(g.r, class)?)
        }
        _ => (Vec::new(), Vec::new()),
    };
    let live = matches!(notice.state, State::Sending | State::Sent) && notice.replaced_by.is_none();
    let shared = store::shared_with(g.r, notice.id)?.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    let body = Page {
        phone: view.phone,
        id: notice.id,
        title: notice.title.clone(),
        from: format!("{} {}", notice.from_name, notice.author_name),
        when: notice.sent_at.map(|t| view.moment(t)).unwrap_or_default(),
        until: notice.deadline.map(|end| at_words(&view, end)).unwrap_or_default(),
        mark: state_mark(notice),
        text: view.render(&Text::of(&view, notice, &files, String::new())?.headed())?,
        acts: acts(notice, steers, live),
        may_print: live && at.actor.may(Action::LogContact).is_ok(),
        failed,
        recalled: (notice.state == State::Recalled).then(|| notice.recall_why.clone()),
        replaced: notice.replaced_by,
        corrects: notice.correction_of,
        template: notice.template,
        scheduled: (notice.state == State::Scheduled)
            .then(|| notice.send_at.map(|t| at_words(&view, t)).unwrap_or_default()),
        joiners,
        chronic,
        shared: shared.join(&view.t("notice-joint")),
        counts: view.render(&part)?,
    };
    Ok(g.page(notice.title.clone(), "notices", &body)?.script("live.js"))
}

fn acts(notice: &Notice, steers: bool, live: bool) -> Vec<Act> {
    let act = |path: &str, icon, label| Act { href: format!("/notices/{}/{path}", notice.id), icon, label };
    let mut acts = Vec::new();
    if notice.kind == Kind::Answer {
        acts.push(act("answers", "chart-bar", "notice-act-answers"));
    }
    if live {
        acts.push(act("failures", "alert-circle", "notice-act-failures"));
    }
    if steers && live {
        acts.push(act("add", "user-plus", "notice-act-add"));
        acts.push(act("share", "users", "notice-act-share"));
        if notice.state == State::Sent {
            acts.push(act("correct", "transfer", "notice-act-correct"));
        }
        acts.push(act("recall", "ban", "notice-act-recall"));
    }
    acts
}

/// The moving part alone, for a page that is open.
pub(super) fn counts(g: &mut Get<'_>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let part = part(g, &at.actor, &at.sight.notice, at.sight.slice)?;
    g.partial(&part)
}

fn part(g: &mut Get<'_>, actor: &Actor, notice: &Notice, slice: Slice) -> Result<CountsPart> {
    let view = g.view().clone();
    let counts = store::counts(g.r, notice.id, slice)?;
    let (units, more_units) = units(g, notice, slice)?;
    let filling = match notice.state {
        State::Sending => Some(fan_out::progress(g.r, notice.id)?),
        _ => None,
    };
    let live = notice.state == State::Sent && notice.replaced_by.is_none();
    Ok(CountsPart {
        id: notice.id,
        ticket: ticket(g.app, actor, notice),
        done: done(&counts, notice.kind),
        done_key: done_key(notice.kind),
        children: counts.children(),
        plain: notice.kind == Kind::Plain,
        answers: notice.kind == Kind::Answer,
        unseen: counts.unseen(),
        silent: counts.silent(notice.kind),
        may_remind: live && actor.may(Action::SendNotice).is_ok(),
        counts,
        filling,
        units,
        more_units,
        newest: newest(g, &view, notice, slice)?,
    })
}

fn ticket(app: &App, actor: &Actor, notice: &Notice) -> String {
    live::ticket(app, actor, &store::topic(notice.id))
}

/// Classes, or schools where there are several, those that lag first.
fn units(g: &mut Get<'_>, notice: &Notice, slice: Slice) -> Result<(Vec<UnitLine>, usize)> {
    let mut rows: Vec<UnitCounts> = store::by_school(g.r, notice.id, slice)?;
    let by_class = rows.len() < 2;
    if by_class {
        rows = store::by_class(g.r, notice.id, slice)?;
    }
    if rows.len() < 2 {
        return Ok((Vec::new(), 0));
    }
    let share = |c: &UnitCounts| (done(&c.counts, notice.kind) * 10_000) / c.counts.children().max(1);
    rows.sort_by_key(|c| (share(c), c.unit));
    let all = g.req.query.has("all");
    let more = if all { 0 } else { rows.len().saturating_sub(UNITS) };
    rows.truncate(rows.len() - more);
    let start = year::current(g.r)?.start;
    let ids: Vec<Id> = rows.iter().map(|c| c.unit).collect();
    let names = unit::names(g.r, &ids, start)?;
    let lines = rows.iter().map(|c| UnitLine {
        name: names.get(&c.unit).cloned().unwrap_or_default(),
        done: done(&c.counts, notice.kind),
        children: c.counts.children(),
        href: if by_class { format!("/notices/{}/families?class={}", notice.id, c.unit) } else { String::new() },
    });
    Ok((lines.collect(), more))
}

/// The newest answers, while they come in.
fn newest(g: &mut Get<'_>, view: &View, notice: &Notice, slice: Slice) -> Result<Vec<Fresh>> {
    if notice.kind != Kind::Answer {
        return Ok(Vec::new());
    }
    let questions = form::Form::parse(&notice.questions)?;
    let page = store::children(notice.id, slice).filter("answered", &[]).order("latest").limit(NEWEST);
    let lines = page.rows::<store::ChildLine>(g.r)?.rows;
    let start = year::current(g.r)?.start;
    let classes: Vec<Id> = lines.iter().map(|l| l.class).collect();
    let names = unit::names(g.r, &classes, start)?;
    let signed = view.t("notice-signed");
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let answers = form::Answers::parse(&line.body)?;
        let first = questions.questions.first();
        let what = first.and_then(|q| answers.get(&q.key).map(|a| a.words(q, &signed))).unwrap_or_default();
        out.push(Fresh {
            who: format!("{} {}", names.get(&line.class).cloned().unwrap_or_default(), line.name),
            what,
            when: view.moment(line.changed_at),
        });
    }
    Ok(out)
}
