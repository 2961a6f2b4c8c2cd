//! The contacts of one child, the newest first.

use crate::contact_log::{
    Candidate, SOURCE, advice, advice_key, candidates, channel_icon, mark, notes, relation_words, tone_class, tone_icon,
};
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::{Channel, Depth, Tone, TouchKind};
use gongyu_ledger::touch::{self, Touch};
use gongyu_ledger::{figures, reach};
use gongyu_registry::people::StudentState;
use gongyu_registry::permit::OfStudent;
use gongyu_registry::{unit, year};
use gongyu_store::sql;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};
use std::collections::HashMap;

/// Contacts on one page.
const SHOWN: usize = 50;

struct Line {
    record: Option<Id>,
    icon: &'static str,
    tone: Option<(&'static str, &'static str)>,
    what: String,
    day: Date,
    who: String,
    staff: String,
    by_family: bool,
    note: String,
    undone: bool,
    said: Option<bool>,
}

#[derive(Template)]
#[template(path = "contact_log/pages/child.html")]
struct Page {
    phone: bool,
    id: Id,
    name: String,
    mark: String,
    class: Option<(Id, String)>,
    lines: Vec<Line>,
    /// Address of the older ones, and whether these are not the newest.
    older: Option<String>,
    later: bool,
    semester: i64,
    good: i64,
    complaint: i64,
    advice: Option<&'static str>,
    logs: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: OfStudent<right::SeeStudent>) -> Result<Reply> {
    let child = &at.student;
    let logs = at.actor.may(Action::LogContact).is_ok();
    let start = year::current(g.r)?.start;
    let class = match child.class.filter(|_| child.state == StudentState::Active) {
        Some(id) => Some((id, unit::find(g.r, id)?.display(start))),
        None => None,
    };
    // What was taken back is seen by those who may note contacts themselves.
    let after = cursor(g.req.query.get("after"));
    let asked = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut touches = touch::page_of_student(g.r, child.id, logs, after, asked)?;
    let more = touches.len() > SHOWN;
    touches.truncate(SHOWN);
    let last = touches.last().filter(|_| more);
    let older = last.map(|t| format!("/students/{}/contacts?after={}.{}", child.id, t.occurred_on, t.id));
    let tones: Vec<Tone> = touches.iter().filter(|t| !t.reversed).filter_map(|t| t.tone).collect();
    let [semester, _, _] = figures::present_periods(g.r)?;
    let counted = reach::of_children(g.r, &[child.id], &semester)?.remove(&child.id).unwrap_or_default();
    let body = Page {
        phone: g.view().phone,
        id: child.id,
        mark: mark(&child.name),
        class,
        older,
        later: after.is_some(),
        semester: counted.confirmed + counted.talked + counted.met,
        good: counted.good,
        complaint: counted.complaint,
        advice: advice(&tones).filter(|_| logs && after.is_none()).map(advice_key),
        lines: lines(g, child.id, touches, logs)?,
        logs: logs && child.state == StudentState::Active,
        name: child.name.clone(),
    };
    g.page(g.ta("contact-child-title", &[("name", child.name.as_str().into())]), "classes", &body)
}

/// The place after which a page begins: the day and identifier of the last contact before it. Anything
/// else begins with the newest.
fn cursor(text: &str) -> Option<(Date, Id)> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

fn lines(g: &mut Get<'_>, child: Id, touches: Vec<Touch>, logs: bool) -> Result<Vec<Line>> {
    let ours = |t: &Touch| t.source_id.filter(|_| t.source_kind == SOURCE);
    let records: Vec<Id> = touches.iter().filter_map(ours).collect();
    // The words of a talk are for those who work with the family; others see that there was one.
    let mut notes = if logs { notes(g.r, &records)? } else { HashMap::new() };
    let staff: Vec<Id> = touches.iter().filter_map(|t| t.staff).collect();
    let names: Vec<(Id, String)> = g.r.rows_in(sql!("SELECT id, name FROM staff WHERE id IN ($1)"), &staff, &[])?;
    let names: HashMap<Id, String> = names.into_iter().collect();
    let known = candidates(g.r, &[child])?;
    let ids: Vec<Id> = touches.iter().map(|t| t.id).collect();
    let answers: HashMap<Id, bool> = touch::answers_of(g.r, &ids)?.into_iter().collect();
    let view = g.view().clone();
    let line = |t: Touch| Line {
        record: ours(&t).filter(|_| logs),
        icon: t.tone.map_or_else(|| channel_icon(t.channel), tone_icon),
        tone: t.tone.map(|tone| (tone_class(tone), tone.label_key())),
        what: what(&view, &t),
        day: t.occurred_on,
        who: who(&view, &t, &known),
        staff: t.staff.and_then(|s| names.get(&s).cloned()).unwrap_or_default(),
        by_family: t.by_family,
        note: ours(&t).and_then(|id| notes.remove(&id)).unwrap_or_default(),
        undone: t.reversed,
        said: answers.get(&t.id).copied(),
    };
    Ok(touches.into_iter().map(line).collect())
}

/// The way of a plain contact, the kind of any other.
fn what(view: &View, touch: &Touch) -> String {
    let words = if touch.kind == TouchKind::CONTACT {
        view.t(touch.channel.label_key())
    } else {
        view.t(&touch.kind.label_key())
    };
    let talk = matches!(touch.channel, Channel::Phone | Channel::Wechat | Channel::Video);
    if talk && touch.depth == Depth::Told { view.ta("contact-left", &[("way", words.into())]) } else { words }
}

fn who(view: &View, touch: &Touch, known: &[Candidate]) -> String {
    match (known.iter().find(|c| Some(c.guardian) == touch.guardian), touch.relation) {
        (Some(c), _) => {
            let relation = relation_words(view, c.relation, &c.kin);
            view.ta("contact-relation-and-name", &[("relation", relation.into()), ("name", c.name.as_str().into())])
        }
        (None, Some(relation)) => relation_words(view, relation, ""),
        (None, None) => String::new(),
    }
}
