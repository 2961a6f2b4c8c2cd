//! On paper: the sheet of one visit, and the summary of a class.

use super::class::sees_names;
use super::one::{lead_name, met_words, names};
use crate::contact_log::{Candidate, candidates, relation_words};
use crate::visit::model::{HomeSign, Reason, State, Theme, Way};
use crate::visit::plan;
use crate::visit::words::when_words;
use crate::visit::{OfVisit, SOURCE, VisitRecord, company, follow, store};
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::pdf::{Align, ReportColumn, SheetMeasure, SheetWords, TableReport, Tick, VisitSheet, VisitSheets};
use gongyu_parts::sign::Signature;
use gongyu_registry::permit::ForClass;
use gongyu_registry::{people, unit, year};
use gongyu_store::Reader;
use gongyu_vault::Vault;
use gongyu_web::show::View;
use gongyu_web::{Download, Post, Reply};

fn words(view: &View) -> SheetWords {
    SheetWords {
        title: view.t("visit-paper-title"),
        scan: view.t("visit-paper-scan"),
        child: view.t("visit-paper-child"),
        sex: view.t("visit-paper-sex"),
        born: view.t("visit-paper-born"),
        guardians: view.t("visit-paper-guardians"),
        phone: view.t("visit-paper-phone"),
        address: view.t("visit-paper-address"),
        reason: view.t("visit-paper-reason"),
        time: view.t("visit-paper-time"),
        time_blank: view.t("visit-paper-time-blank"),
        way: view.t("visit-paper-way"),
        teachers: view.t("visit-paper-teachers"),
        lead: view.t("visit-paper-lead"),
        along: view.t("visit-paper-along"),
        met: view.t("visit-paper-met"),
        good: view.t("visit-paper-good"),
        good_hint: view.t("visit-paper-good-hint"),
        home: view.t("visit-paper-home"),
        talked: view.t("visit-paper-talked"),
        opinions: view.t("visit-paper-opinions"),
        findings: view.t("visit-paper-findings"),
        urgent: view.t("visit-paper-urgent"),
        measures: view.t("visit-paper-measures"),
        what: view.t("visit-paper-what"),
        who: view.t("visit-paper-who"),
        until: view.t("visit-paper-until"),
        sign_guardian: view.t("visit-paper-sign-guardian"),
        sign_teacher: view.t("visit-paper-sign-teacher"),
        checked: view.t("visit-paper-checked"),
    }
}

fn tick(on: bool, words: String) -> Tick {
    Tick { on, words }
}

/// The sheet of one visit: blank but for what is known, or filled once it is recorded.
pub(super) fn one(p: &mut Post<'_>, at: OfVisit<right::SeeVisits>) -> Result<Reply> {
    let held = &at.held;
    let (view, visit) = (p.view().clone(), &held.visit);
    let record = store::record_of(p.tx, &p.app.vault, visit.id)?;
    let known = candidates(p.tx, &held.students())?;
    let calendar = year::calendar(p.tx)?;
    let semester = calendar.semester_of(visit.day.unwrap_or_else(|| view.today()));
    let class = unit::find(p.tx, visit.class)?;
    let school = unit::find(p.tx, visit.school)?;
    let half = if semester.code().ends_with('1') { "visit-paper-half-1" } else { "visit-paper-half-2" };
    let place = view.ta(
        "visit-paper-place",
        &[
            ("school", school.name.as_str().into()),
            ("class", class.display(semester.year.start).into()),
            ("from", semester.year.start.to_string().into()),
            ("to", (semester.year.start + 1).to_string().into()),
            ("half", view.t(half).into()),
        ],
    );
    let mut sheet = filled(&view, &record, &known);
    let first = held.children.first().ok_or(Error::NotFound)?;
    let child = people::find_student(p.tx, first.student)?;
    let may = at.actor.may(Action::SeeContacts).is_ok();
    sheet.place = place;
    sheet.number = format!("{:04}", visit.id.raw().rem_euclid(10_000));
    sheet.url = format!("{}/visits/{}/record", p.app.config.link_base(), visit.id);
    sheet.child = names(&view, held);
    if held.children.len() == 1 {
        sheet.sex = view.t(if child.sex == "male" { "visit-paper-male" } else { "visit-paper-female" });
        let (y, m) = (child.birth_date.year().to_string(), i64::from(child.birth_date.month()));
        sheet.born = view.ta("visit-paper-year-month", &[("year", y.into()), ("month", m.into())]);
    }
    sheet.guardians = guardians(&view, &known);
    if may {
        sheet.phone = tail(p.tx, &p.app.vault, &view, &known)?;
        sheet.address = people::student_details(p.tx, &p.app.vault, child.id)?.address;
    }
    let hidden = at.actor.may(Action::SeeCategories).is_err();
    sheet.reasons = [Reason::Yearly, Reason::Special, Reason::Trigger]
        .iter()
        .map(|r| tick(*r == visit.reason && !(hidden && *r == Reason::Special), view.t(r.label_key())))
        .collect();
    if sheet.time.is_empty() && visit.state == State::Agreed {
        sheet.time = when_words(&view, visit.starts_at, visit.day, None);
    }
    sheet.lead = lead_name(p.tx, visit)?;
    let along = company::companions(p.tx, visit.id)?;
    sheet.along = along.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and"));
    for signature in store::signatures_of(p.tx, &p.app.vault, visit.id)? {
        let svg = Signature::parse(&signature.strokes).and_then(|s| s.svg()).unwrap_or_default();
        match signature.who {
            crate::visit::model::Signer::Guardian => sheet.sign_guardian = svg,
            crate::visit::model::Signer::Teacher => sheet.sign_teacher = svg,
        }
    }
    let paper = VisitSheets {
        words: words(&view),
        foot: view.t("visit-paper-foot"),
        printed: view.ta("visit-paper-printed", &[("day", view.day(view.today()).into())]),
        sheets: vec![sheet],
    };
    p.audit("visit.printed", (SOURCE, Some(visit.id)), "{}")?;
    let name = view.ta("visit-paper-file", &[("name", names(&view, held).into())]);
    Ok(Reply::later(move || {
        let printed = paper.typeset().map_err(Error::internal)?;
        Ok(Download::pdf(format!("{name}.pdf"), printed.bytes))
    }))
}

/// What the record says, and the boxes to tick.
fn filled(view: &View, record: &VisitRecord, known: &[Candidate]) -> VisitSheet {
    let and = view.t("visit-and");
    let time = record.day.map(|day| format!("{} {} {}", view.day(day), record.from, record.to)).unwrap_or_default();
    let signs = [HomeSign::Desk, HomeSign::Company, HomeSign::PhoneRule, HomeSign::Sleep];
    let themes = [Theme::Learning, Theme::Economy, Theme::Care, Theme::Health, Theme::Mood, Theme::Safety];
    let found = |theme| record.findings.iter().any(|f| f.theme == theme);
    let none = tick(record.is_complete() && record.findings.is_empty(), view.t("visit-none"));
    VisitSheet {
        time: time.trim_end().to_owned(),
        ways: [Way::Home, Way::Video].iter().map(|w| tick(record.way == Some(*w), view.t(w.label_key()))).collect(),
        met: record.met.iter().map(|m| met_words(view, m, known)).collect::<Vec<_>>().join(&and),
        good: record.good.clone(),
        home: signs.iter().map(|s| tick(record.home.contains(s), view.t(s.label_key()))).collect(),
        home_words: [record.home_words.as_str(), record.at_home.as_str()].join(" ").trim().to_owned(),
        talked: record.talked.clone(),
        opinions: record.opinions.clone(),
        themes: std::iter::once(none).chain(themes.map(|t| tick(found(t), view.t(t.label_key())))).collect(),
        findings_words: record.findings_words.clone(),
        measures: record
            .measures
            .iter()
            .map(|m| SheetMeasure {
                what: m.what.clone(),
                who: view.t(m.owner.label_key()),
                until: m.due.map(|d| view.day(d)).unwrap_or_default(),
            })
            .collect(),
        ..VisitSheet::default()
    }
}

fn guardians(view: &View, known: &[Candidate]) -> String {
    let mut seen: Vec<Id> = Vec::new();
    let mut out = Vec::new();
    for c in known {
        if !seen.contains(&c.guardian) {
            seen.push(c.guardian);
            let relation = relation_words(view, c.relation, &c.kin);
            let args = [("name", c.name.as_str().into()), ("relation", relation.into())];
            out.push(view.ta("visit-paper-guardian", &args));
        }
    }
    out.join(&view.t("visit-and"))
}

/// Only the last four digits of the first telephone known.
fn tail(r: &mut Reader, vault: &Vault, view: &View, known: &[Candidate]) -> Result<String> {
    for c in known.iter().filter(|c| c.has_phone) {
        if let Some(number) = people::phone_of(r, vault, c.guardian)? {
            let digits = number.get(number.len().saturating_sub(4)..).unwrap_or_default().to_owned();
            return Ok(view.ta("visit-paper-tail", &[("digits", digits.into())]));
        }
    }
    Ok(String::new())
}

/// The visits of a class in this school year: who was visited when, by whom, what was agreed. What was
/// found is not on it: it is pinned up or handed on.
pub(super) fn class(p: &mut Post<'_>, at: ForClass<right::SeeVisits>) -> Result<Reply> {
    if !sees_names(at.actor.hat.role) {
        return Err(Error::NotFound);
    }
    let view = p.view().clone();
    let start = year::current(p.tx)?.start;
    let plan = plan::read(p.tx, &p.app.vault, &at.actor, &at.class)?;
    let mut rows = Vec::new();
    for family in &plan.families {
        let (mut day, mut way, mut lead, mut agreed) = (String::new(), String::new(), String::new(), String::new());
        if let Some(visit) = family.done.as_ref().or(family.open.as_ref()) {
            day = when_words(&view, visit.starts_at.filter(|_| visit.state != State::Done), visit.day, visit.due_on);
            lead = lead_name(p.tx, visit)?;
            if visit.state == State::Done {
                way = view.t(visit.way.label_key());
                let tasks = follow::tasks_of(p.tx, visit.id)?;
                let (done, all) = (tasks.iter().filter(|t| t.state == "done").count(), tasks.len());
                if all > 0 {
                    agreed = format!("{done}/{all}");
                }
            }
        }
        let state =
            family.done.as_ref().or(family.open.as_ref()).map_or("visit-state-planned", |v| v.state.label_key());
        let names: Vec<&str> = family.children.iter().map(|c| c.name.as_str()).collect();
        rows.push(vec![names.join(&view.t("visit-and")), view.t(state), day, way, lead, agreed]);
    }
    let column = |key: &str, align, share| ReportColumn { title: view.t(key), align, share };
    let report = TableReport {
        title: view.t("visit-summary-title"),
        subtitle: at.class.display(start),
        lead: view.ta(
            "visit-summary-lead",
            &[("visited", plan.visited.into()), ("students", plan.students.into()), ("left", plan.left().into())],
        ),
        columns: vec![
            column("visit-family", Align::Left, 3.0),
            column("visit-state", Align::Left, 1.5),
            column("visit-when", Align::Left, 2.2),
            column("visit-how", Align::Left, 1.2),
            column("visit-lead", Align::Left, 1.5),
            column("visit-kept", Align::Right, 1.2),
        ],
        rows,
        notes: vec![view.t("visit-summary-note")],
        foot: view.ta("visit-paper-printed", &[("day", view.day(view.today()).into())]),
        landscape: false,
    };
    p.audit("visit.summary_printed", ("class", Some(at.class.id)), "{}")?;
    let name = view.ta("visit-summary-file", &[("class", at.class.display(start).into())]);
    Ok(Reply::later(move || {
        let printed = report.typeset().map_err(Error::internal)?;
        Ok(Download::pdf(format!("{name}.pdf"), printed.bytes))
    }))
}
