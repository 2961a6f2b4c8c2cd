//! Counters made beside the touches they count, by the ledger's own definitions; the tests compare them
//! with a recount from the ledger (`reach::disagreements`).

use super::history::Happened;
use super::sink::{Row, Sink, Table, own, text, word};
use super::timeline::Timeline;
use super::weeks::Life;
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::duty::RuleBook;
use gongyu_ledger::reach;
use gongyu_ledger::rules::{self, Channel, Depth, Tone, TouchKind};
use gongyu_registry::people::Relation;
use gongyu_store::Value;
use std::collections::BTreeMap;

static REACH: Table = Table { name: "reach", columns: reach::COLUMNS };
static CLASS_REACH: Table = Table { name: "class_reach", columns: reach::CLASS_COLUMNS };
/// Also written for activities.
pub(super) static DUTY_COUNT: Table =
    Table { name: "duty_count", columns: &["rule", "version", "period", "subject_id", "school_id", "n"] };
static DUTY_CLASS: Table =
    Table { name: "duty_class", columns: &["rule", "version", "period", "class_id", "school_id", "met"] };

/// Where a class is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) class: Id,
    pub(super) school: Id,
    pub(super) town: Id,
    pub(super) setting: &'static str,
}

/// A child to be counted.
#[derive(Clone, Copy)]
pub(super) struct Child {
    pub(super) id: Id,
    pub(super) special: bool,
    pub(super) joined: Date,
    pub(super) left: Option<Date>,
}

#[derive(Clone, Default)]
struct Counts {
    told: i64,
    confirmed: i64,
    talked: i64,
    met: i64,
    father: i64,
    mother: i64,
    visit: i64,
    tones: [i64; 4],
    last: Option<(Date, Id, Option<Tone>)>,
}

impl Counts {
    fn add(&mut self, t: &Happened, touch: Id, relation: Option<Relation>) {
        match t.depth {
            Depth::Told => self.told += 1,
            Depth::Confirmed => self.confirmed += 1,
            Depth::Talked => self.talked += 1,
            Depth::Met => self.met += 1,
        }
        match relation {
            Some(Relation::Father) if t.depth >= Depth::Confirmed => self.father += 1,
            Some(Relation::Mother) if t.depth >= Depth::Confirmed => self.mother += 1,
            _ => {}
        }
        self.visit += i64::from(is_visit(t));
        if let Some(tone) = t.tone {
            self.tones[tone as usize] += 1;
        }
        let newer = self.last.is_none_or(|(day, id, _)| (t.day, touch) > (day, id));
        if t.depth >= Depth::Talked && newer {
            self.last = Some((t.day, touch, t.tone));
        }
    }

    /// The flags class figures are sums of, by "at least" for the depths.
    fn flags(&self) -> [i64; 11] {
        let talked = self.talked + self.met;
        let confirmed = talked + self.confirmed;
        let at = |n: i64| i64::from(n > 0);
        let [good, neutral, concern, complaint] = self.tones;
        [
            at(confirmed + self.told),
            at(confirmed),
            at(talked),
            at(self.met),
            at(self.father),
            at(self.mother),
            at(self.visit),
            good,
            neutral,
            concern,
            complaint,
        ]
    }

    fn any(&self) -> bool {
        self.told + self.confirmed + self.talked + self.met > 0
    }
}

pub(super) fn is_visit(t: &Happened) -> bool {
    t.depth == Depth::Met && (t.kind == TouchKind::VISIT || t.channel == Channel::HomeVisit)
}

/// The counters of one class.
pub(super) struct ClassTally<'a> {
    past: &'a Timeline,
    rules: &'a RuleBook,
    calendar: &'a SchoolCalendar,
    place: Place,
    /// By term, by school year, ever.
    sums: Vec<[i64; 11]>,
    students: i64,
    special: i64,
    duties: BTreeMap<(String, i64, String), i64>,
    lives: Vec<Life>,
}

impl<'a> ClassTally<'a> {
    /// Nothing counted yet.
    pub(super) fn new(past: &'a Timeline, rules: &'a RuleBook, calendar: &'a SchoolCalendar, place: Place) -> Self {
        let periods = past.terms.len() + past.years.len() + 1;
        Self {
            past,
            rules,
            calendar,
            place,
            sums: vec![[0; 11]; periods],
            students: 0,
            special: 0,
            duties: BTreeMap::new(),
            lives: Vec::new(),
        }
    }

    fn period(&self, at: usize) -> &str {
        let terms = self.past.terms.len();
        match at {
            _ if at < terms => &self.past.terms[at].code,
            _ if at < terms + self.past.years.len() => &self.past.years[at - terms],
            _ => "all",
        }
    }

    /// Whether a period is one of today's, in which a child counts where it is now.
    fn is_present(&self, at: usize) -> bool {
        let terms = self.past.terms.len();
        at + 1 == terms || at + 1 >= terms + self.past.years.len()
    }

    /// Counts what happened with one child.
    pub(super) fn child(
        &mut self,
        sink: &mut Sink,
        child: Child,
        happened: &[(Happened, Id, Option<Relation>)],
    ) -> Result<()> {
        let terms = self.past.terms.len();
        let mut counts = vec![Counts::default(); self.sums.len()];
        for (t, id, relation) in happened {
            let year = terms + self.past.terms[t.term].year_at;
            let ever = counts.len() - 1;
            for at in [t.term, year, ever] {
                counts[at].add(t, *id, *relation);
            }
        }
        let here = child.left.is_none();
        self.students += i64::from(here);
        self.special += i64::from(here && child.special);
        for (at, count) in counts.iter().enumerate().filter(|(_, c)| c.any()) {
            let class = if self.is_present(at) && !here { Value::Null } else { own(&self.place.class) };
            if class != Value::Null {
                self.sums[at].iter_mut().zip(count.flags()).for_each(|(sum, n)| *sum += n);
            }
            sink.put(&REACH, reach_row(child.id, self.period(at), self.place.school, class, count));
        }
        self.count_duties(sink, child, happened);
        self.lives.push(Life::of(self.past, child, happened));
        Ok(())
    }

    fn count_duties(&mut self, sink: &mut Sink, child: Child, happened: &[(Happened, Id, Option<Relation>)]) {
        for rule in self.rules.for_children() {
            let mut by_period: BTreeMap<String, i64> = BTreeMap::new();
            for (t, ..) in happened {
                if let Some(period) = rules::counts_in(rule, &t.facts(), self.calendar) {
                    *by_period.entry(period.code).or_default() += 1;
                }
            }
            let now = Period::of(rule.period, self.past.today, self.calendar).code;
            let version = i64::from(rule.version);
            for (period, n) in by_period {
                let asked = rule.applies.categories.is_empty() || child.special;
                let counted = child.left.is_none() || period != now;
                if asked && counted && n >= i64::from(rule.required) {
                    *self.duties.entry((rule.code.clone(), version, period.clone())).or_default() += 1;
                }
                let (code, school) = (text(rule.code.clone()), own(&self.place.school));
                let row = vec![code, Value::Int(version), text(period), own(&child.id), school, Value::Int(n)];
                sink.put(&DUTY_COUNT, row);
            }
        }
    }

    /// Children here whose family was never reached.
    pub(super) fn never(&self) -> u64 {
        self.lives.iter().filter(|life| life.is_here_unreached()).count() as u64
    }

    /// Writes the figures of the class and of its weeks.
    pub(super) fn finish(self, sink: &mut Sink) {
        let place = self.place;
        for (at, sums) in self.sums.iter().enumerate() {
            if !self.is_present(at) && sums.iter().all(|n| *n == 0) {
                continue;
            }
            let mut row = vec![
                own(&place.class),
                text(self.period(at)),
                own(&place.school),
                own(&place.town),
                word(place.setting),
                Value::Int(self.students),
                Value::Int(self.special),
            ];
            row.extend(sums.iter().map(|n| Value::Int(*n)));
            sink.put(&CLASS_REACH, row);
        }
        for ((rule, version, period), met) in &self.duties {
            let row = vec![
                text(rule.clone()),
                Value::Int(*version),
                text(period.clone()),
                own(&place.class),
                own(&place.school),
                Value::Int(*met),
            ];
            sink.put(&DUTY_CLASS, row);
        }
        super::weeks::put(sink, self.past, place, &self.lives);
    }
}

fn reach_row(child: Id, period: &str, school: Id, class: Value<'static>, c: &Counts) -> Row {
    let (on, tone, touch) = match c.last {
        Some((day, touch, tone)) => (own(&day), tone.map_or(Value::Null, |t| word(t.code())), own(&touch)),
        None => (word(""), Value::Null, Value::Null),
    };
    let mut row = vec![own(&child), text(period), own(&school), class];
    let numbers = [c.told, c.confirmed, c.talked, c.met, c.father, c.mother, c.visit];
    row.extend(numbers.into_iter().chain(c.tones).map(Value::Int));
    row.extend([on, tone, touch]);
    row
}
