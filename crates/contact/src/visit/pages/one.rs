//! One visit: the appointment, who comes along, the record, what was agreed and what the family says.

use super::class::Todo;
use crate::contact_log::relation_words;
use crate::visit::company::{self, Companion};
use crate::visit::family::{self, Said};
use crate::visit::follow;
use crate::visit::model::{Answer, Company, Reason, State, Visit, VisitChild, Way};
use crate::visit::offer::{self, Invite};
use crate::visit::permit::{Held, Part};
use crate::visit::store::{self, Version};
use crate::visit::words::{at_words, reason_words, state_look, when_words};
use crate::visit::{OfVisit, SOURCE, VisitRecord, notes_for, suggest};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_parts::attach;
use gongyu_parts::sign::Signature;
use gongyu_registry::{people, unit, year};
use gongyu_store::Reader;
use gongyu_vault::note::NoteHead;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// A field of a record as it is read.
pub(super) struct Shown {
    pub(super) label: String,
    pub(super) text: String,
}

struct Child {
    id: Id,
    name: String,
    class: String,
}

#[derive(Template)]
#[template(path = "visit/pages/one.html")]
struct Page {
    phone: bool,
    id: Id,
    names: String,
    children: Vec<Child>,
    address: String,
    state: &'static str,
    look: &'static str,
    icon: &'static str,
    reason: String,
    when: String,
    way: &'static str,
    home: bool,
    lead: String,
    open: bool,
    /// A time is agreed already.
    agreed: bool,
    recorded: bool,
    version: i64,
    whole: bool,
    writes: bool,
    plans: bool,
    opens_child: bool,
    slots: Vec<String>,
    invites: Vec<Invite>,
    companions: Vec<Companion>,
    my_company: Option<Company>,
    staff: Vec<(Id, String)>,
    shown: Vec<Shown>,
    parts: Vec<(String, String)>,
    photos: String,
    signatures: Vec<(String, String)>,
    todos: Vec<Todo>,
    closed: Vec<(String, String)>,
    said: Vec<Said>,
    versions: Vec<Version>,
    notes: Vec<NoteHead>,
    keeps_note: bool,
    note_key: String,
    soon: String,
    refusal: String,
}

pub(super) fn show(g: &mut Get<'_>, at: OfVisit<right::SeeVisits>) -> Result<Reply> {
    let (actor, held) = (&at.actor, &at.held);
    let visit = &held.visit;
    let view = g.view().clone();
    let record = store::record_of(g.r, &g.app.vault, visit.id)?;
    let (look, icon) = state_look(visit.state);
    let triggers = suggest::triggers(g.r)?;
    let whole = held.part == Part::Whole;
    let plans = whole && actor.may(Action::PlanVisits).is_ok();
    let open = matches!(visit.state, State::Planned | State::Offered | State::Agreed);
    let tasks = follow::tasks_of(g.r, visit.id)?;
    let closed = tasks.iter().filter(|t| t.state == "done");
    let special = visit.reason == Reason::Special && actor.may(Action::SeeCategories).is_err();
    let companions = company::companions(g.r, visit.id)?;
    let people_of = crate::contact_log::candidates(g.r, &held.students())?;
    let files = attach::of(g.r, SOURCE, visit.id)?;
    let signatures = store::signatures_of(g.r, &g.app.vault, visit.id)?;
    let slots = offer::slots_of(g.r, visit.id, visit.offers)?;
    let body = Page {
        phone: view.phone,
        id: visit.id,
        names: names(&view, held),
        children: children(g, held)?,
        address: address(g, actor, held)?,
        state: visit.state.label_key(),
        look,
        icon,
        reason: if special { String::new() } else { reason_words(&view, visit, &triggers) },
        when: when_words(&view, visit.starts_at.filter(|_| visit.state != State::Done), visit.day, visit.due_on),
        way: visit.way.label_key(),
        home: visit.way == Way::Home,
        lead: lead_name(g.r, visit)?,
        open,
        agreed: visit.state == State::Agreed,
        recorded: visit.recorded_at.is_some(),
        version: visit.version,
        whole,
        writes: held.part >= Part::Own && actor.may(Action::RecordVisit).is_ok() && visit.state != State::Cancelled,
        plans: plans && open,
        opens_child: actor.may(Action::SeeStudent).is_ok(),
        slots: if visit.state == State::Offered {
            slots.iter().map(|(_, at)| at_words(&view, *at)).collect()
        } else {
            Vec::new()
        },
        invites: if open { offer::invites_of(g.r, visit.id, visit.offers)? } else { Vec::new() },
        my_company: companions.iter().find(|c| Some(c.staff) == actor.staff).map(|c| c.state),
        staff: if plans && open { may_come(g, visit, &companions)? } else { Vec::new() },
        parts: parts(g, &record)?,
        shown: shown(&view, &record, &held.children, &people_of),
        photos: attach::Files::new(&files).html(&view)?,
        signatures: signatures
            .iter()
            .filter_map(|s| {
                let label = view.t(s.who.label_key());
                let drawn = Signature::parse(&s.strokes)?.html(&label);
                Some((label, drawn))
            })
            .collect(),
        todos: tasks.iter().filter(|t| t.state == "open").map(|t| Todo::of(&view, t)).collect(),
        closed: closed.map(|t| (t.what.clone(), t.outcome.clone())).collect(),
        said: family::said_of(g.r, visit.id)?,
        versions: store::versions(g.r, visit.id)?,
        notes: notes_for(g.r, actor, visit.id)?,
        keeps_note: held.part >= Part::Own && visit.state != State::Cancelled,
        note_key: g.app.random.code(24),
        soon: soon(g.r.now()),
        companions,
        refusal: g.refusal(),
    };
    g.page(body.names.clone(), "visits", &body)
}

/// Tomorrow at 18:30 as a form takes it: when most families are at home.
fn soon(now: Millis) -> String {
    let tomorrow = now.date().tomorrow().unwrap_or(now.date());
    format!("{tomorrow}T18:30")
}

pub(super) fn names(view: &View, held: &Held) -> String {
    held.children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and"))
}

fn children(g: &mut Get<'_>, held: &Held) -> Result<Vec<Child>> {
    let start = year::current(g.r)?.start;
    let mut out = Vec::new();
    for c in &held.children {
        out.push(Child { id: c.student, name: c.name.clone(), class: unit::find(g.r, c.class)?.display(start) });
    }
    Ok(out)
}

/// The address for those who go or who may see contacts; opened from the vault.
fn address(g: &mut Get<'_>, actor: &Actor, held: &Held) -> Result<String> {
    if actor.may(Action::SeeContacts).is_err() && held.part == Part::Read {
        return Ok(String::new());
    }
    match held.children.first() {
        Some(child) => Ok(people::student_details(g.r, &g.app.vault, child.student)?.address),
        None => Ok(String::new()),
    }
}

pub(super) fn lead_name(r: &mut Reader, visit: &Visit) -> Result<String> {
    visit.lead.map_or_else(|| Ok(String::new()), |id| Ok(people::find_staff(r, id)?.name))
}

/// Staff of the school who may be invited.
fn may_come(g: &mut Get<'_>, visit: &Visit, companions: &[Companion]) -> Result<Vec<(Id, String)>> {
    let invited = |id: Id| companions.iter().any(|c| c.staff == id && c.state != Company::NotComing);
    let all = people::staff_of_school(g.r, visit.school)?;
    let free = all.into_iter().filter(|s| Some(s.id) != visit.lead && !invited(s.id));
    Ok(free.map(|s| (s.id, if s.title.is_empty() { s.name } else { format!("{} {}", s.name, s.title) })).collect())
}

fn parts(g: &mut Get<'_>, record: &VisitRecord) -> Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    for (staff, text) in &record.parts {
        out.push((people::find_staff(g.r, *staff)?.name, text.clone()));
    }
    Ok(out)
}

/// The fields of a record that say something, in the order of the form.
pub(super) fn shown(
    view: &View,
    record: &VisitRecord,
    children: &[VisitChild],
    people: &[crate::contact_log::Candidate],
) -> Vec<Shown> {
    let and = view.t("visit-and");
    let list = |keys: Vec<&'static str>| keys.iter().map(|k| view.t(k)).collect::<Vec<_>>().join(&and);
    let met: Vec<String> = record.met.iter().map(|m| met_words(view, m, people)).collect();
    let time = match (record.from.is_empty(), record.to.is_empty()) {
        (true, _) => String::new(),
        (false, true) => record.from.clone(),
        (false, false) => {
            view.ta("visit-from-to", &[("from", record.from.as_str().into()), ("to", record.to.as_str().into())])
        }
    };
    let findings: Vec<String> = record
        .findings
        .iter()
        .map(|f| {
            // Whose it is matters only where there are several.
            let of = children.iter().find(|c| children.len() > 1 && Some(c.student) == f.child);
            let whose = of.map(|c| format!("{} ", c.name)).unwrap_or_default();
            format!("{whose}{} {}", view.t(f.theme.label_key()), view.t(f.risk.label_key()))
        })
        .collect();
    let rows = [
        ("good", record.good.clone()),
        ("day", record.day.map(|d| view.day(d)).unwrap_or_default()),
        ("from", time),
        ("way", record.way.map(|w| view.t(w.label_key())).unwrap_or_default()),
        ("met", met.join(&and)),
        ("home", list(record.home.iter().map(|c| c.label_key()).collect())),
        ("home_words", record.home_words.clone()),
        ("at_home", record.at_home.clone()),
        ("at_school", record.at_school.clone()),
        ("points", list(record.points.iter().map(|c| c.label_key()).collect())),
        ("talked", record.talked.clone()),
        ("opinions", record.opinions.clone()),
        ("findings", findings.join(&and)),
        ("findings_words", record.findings_words.clone()),
        ("purpose", record.purpose.clone()),
        ("outline", record.outline.clone()),
        ("follow_up", record.follow_up.clone()),
    ];
    rows.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(field, text)| Shown { label: view.t(&format!("visit-field-{field}")), text })
        .collect()
}

pub(super) fn met_words(view: &View, code: &str, people: &[crate::contact_log::Candidate]) -> String {
    if code == "child" {
        return view.t("visit-met-child");
    }
    let guardian = code.strip_prefix("guardian:").and_then(|id| id.parse::<Id>().ok());
    match (people.iter().find(|c| Some(c.guardian) == guardian), people::Relation::parse(code)) {
        (Some(c), _) => {
            let relation = relation_words(view, c.relation, &c.kin);
            view.ta("contact-relation-and-name", &[("relation", relation.into()), ("name", c.name.as_str().into())])
        }
        (None, Some(relation)) => relation_words(view, relation, ""),
        (None, None) => view.t("visit-met-guardian"),
    }
}

#[derive(Template)]
#[template(path = "visit/pages/version.html")]
struct VersionPage {
    phone: bool,
    id: Id,
    names: String,
    number: i64,
    shown: Vec<Shown>,
    measures: Vec<String>,
}

/// A record as it stood in an earlier version.
pub(super) fn version(g: &mut Get<'_>, at: OfVisit<right::SeeVisits>) -> Result<Reply> {
    let number: i64 = g.req.param("version")?;
    let record = store::version_record(g.r, &g.app.vault, at.held.visit.id, number)?;
    let view = g.view().clone();
    let people_of = crate::contact_log::candidates(g.r, &at.held.students())?;
    let body = VersionPage {
        phone: view.phone,
        id: at.held.visit.id,
        names: names(&view, &at.held),
        number,
        shown: shown(&view, &record, &at.held.children, &people_of),
        measures: record.measures.iter().map(|m| m.what.clone()).collect(),
    };
    g.page(g.ta("visit-version", &[("n", number.into())]), "visits", &body)
}

impl Page {
    #[expect(clippy::unused_self, reason = "called from the template")]
    fn answered(&self, invite: &Invite) -> (&'static str, &'static str) {
        match invite.answer {
            Answer::Open => ("is-na", "hourglass"),
            Answer::Accepted => ("is-met", "check"),
            Answer::Moved => ("is-due", "clock"),
            Answer::Declined => ("is-due", "x"),
        }
    }
}
