//! The records of this school year's home visits, in bulk with the touches they belong to: every class at the coverage
//! its history has. The class that the drawings show gets its own from the feature itself, see `visits`.

use super::history::Happened;
use super::pupil::Pupil;
use super::rows::{Clerk, Seat};
use super::sink::{own, text, word};
use super::tables::{VISIT, VISIT_CHILD, VISIT_FINDING, VISIT_MEASURE, VISIT_VERSION};
use super::visits::{AT_HOME, GOOD, MEASURES, OPINIONS};
use gongyu_contact::visit::VisitRecord;
use gongyu_contact::visit::model::{HomeSign, Owner, Point, Reason, Risk, State, Theme, Way};
use gongyu_contact::visit::record::{Finding, Measure};
use gongyu_kernel::{Id, Result};
use gongyu_ledger::rules::StaffRole;
use gongyu_store::Value;
use jiff::ToSpan;

/// Name under which the feature seals a record; a test opens one through it.
const RECORD: &str = "visit.record";
/// Days after a visit by which what was agreed is done.
const MEASURE_DAYS: i64 = 21;

/// What is difficult, the more often the more places it has.
const THEMES: [Theme; 17] = [
    Theme::Online,
    Theme::Learning,
    Theme::Care,
    Theme::Online,
    Theme::Mood,
    Theme::Learning,
    Theme::Economy,
    Theme::Online,
    Theme::Care,
    Theme::Learning,
    Theme::Mood,
    Theme::Online,
    Theme::Health,
    Theme::Care,
    Theme::Safety,
    Theme::Learning,
    Theme::Conduct,
];

impl Clerk<'_> {
    /// The visit of a touch, with its record, what was found and what was agreed; its identifier. `by` is the account
    /// of the class teacher. What it says follows from the child and the day, so that no other chance moves.
    pub(super) fn visit(&mut self, t: &Happened, pupil: &Pupil, student: Id, seat: Seat, by: Id) -> Result<Id> {
        let id = self.sink.id()?;
        let n = usize::from(t.day.day_of_year().unsigned_abs()) * 7 + pupil.seat * 13;
        let record = written(t, pupil, n);
        let sealed = self.vault.seal_json(RECORD, id, &record)?;
        let term = &self.past.terms[t.term];
        let at = self.noted(t);
        let staff = t.staff.map(|(staff, _)| staff);
        let reason = if pupil.special() { Reason::Special } else { Reason::Yearly };
        self.sink.put(
            &VISIT,
            vec![
                own(&id),
                own(&seat.school),
                own(&seat.class),
                own(&pupil.family.id.get()),
                own(&staff),
                word(StaffRole::ClassTeacher.code()),
                own(&by),
                word(reason.code()),
                word(""),
                word(State::Done.code()),
                text(self.past.years[term.year_at].as_str()),
                own(&t.day),
                word(Way::Home.code()),
                Value::Int(0),
                Value::Int(1),
                own(&sealed),
                text(term.code.as_str()),
                own(&at),
                own(&by),
                text(format!("demo-{id}")),
                own(&at),
                own(&at),
                Value::Int(0),
            ],
        );
        self.sink.put(&VISIT_CHILD, vec![own(&id), own(&student), own(&seat.school), own(&seat.class)]);
        let key = text(format!("demo-save-{id}"));
        let version =
            vec![own(&id), Value::Int(1), own(&seat.school), own(&by), key, own(&at), Value::Bool(true), own(&sealed)];
        self.sink.put(&VISIT_VERSION, version);
        for found in &record.findings {
            let (theme, risk) = (word(found.theme.code()), word(found.risk.code()));
            let semester = text(term.code.as_str());
            let row = vec![own(&id), own(&student), own(&seat.school), own(&seat.class), semester, theme, risk];
            self.sink.put(&VISIT_FINDING, row);
        }
        for measure in &record.measures {
            let done = !n.is_multiple_of(9) && measure.due.is_some_and(|due| due < self.past.today);
            let owner = (measure.owner == Owner::Teacher).then_some(staff).flatten();
            let row = vec![
                own(&self.sink.id()?),
                own(&seat.school),
                own(&seat.class),
                own(&id),
                text(measure.key.as_str()),
                text(measure.what.as_str()),
                word(measure.owner.code()),
                own(&owner),
                own(&measure.due),
                word(if done { "done" } else { "open" }),
                word(if done { "做到了" } else { "" }),
                own(&done.then_some(at.plus_days(MEASURE_DAYS))),
            ];
            self.sink.put(&VISIT_MEASURE, row);
        }
        Ok(id)
    }
}

fn written(t: &Happened, pupil: &Pupil, n: usize) -> VisitRecord {
    let tie = t.tie.and_then(|at| pupil.family.ties.get(at));
    let guardian = tie.and_then(|tie| pupil.family.people[tie.person].id.get());
    let met = guardian.map_or_else(|| "other".to_owned(), |id| format!("guardian:{id}"));
    let end = 18 * 60 + 30 + t.minutes;
    let mut record = VisitRecord {
        good: GOOD[n % GOOD.len()].to_owned(),
        day: Some(t.day),
        from: "18:30".to_owned(),
        to: format!("{:02}:{:02}", end / 60, end % 60),
        way: Some(Way::Home),
        at_home: AT_HOME[n % AT_HOME.len()].to_owned(),
        opinions: OPINIONS[n % OPINIONS.len()].to_owned(),
        ..VisitRecord::default()
    };
    record.met.insert(met);
    record.visitors.extend(t.staff.map(|(staff, _)| staff));
    record
        .home
        .extend(HomeSign::ALL.iter().enumerate().filter(|(at, _)| (n + at).is_multiple_of(3)).map(|(_, sign)| *sign));
    record
        .points
        .extend(Point::ALL.iter().enumerate().filter(|(at, _)| (n / 2 + at).is_multiple_of(4)).map(|(_, p)| *p));
    if n % 5 < 2 {
        let risk = if n.is_multiple_of(4) { Risk::Act } else { Risk::Watch };
        record.findings.push(Finding { theme: THEMES[n / 3 % THEMES.len()], risk, child: None });
    }
    if n.is_multiple_of(2) {
        let (what, owner) = MEASURES[n / 2 % MEASURES.len()];
        let due = t.day.saturating_add(MEASURE_DAYS.days());
        record.measures.push(Measure { key: "demo-1".to_owned(), what: what.to_owned(), owner, due: Some(due) });
    }
    record
}
