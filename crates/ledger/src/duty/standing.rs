//! Where units stand: one line for each rule that asks something of them, with its status of today.

use super::book::{RuleBook, book};
use crate::act::{self, Act};
use crate::rules::{self, Counts, DutyStatus, Rule, SchoolKind, Setting, Stage, Subject, SubjectFacts, Tally};
use gongyu_kernel::calendar::{Period, PeriodKind, SchoolCalendar};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::people::Student;
use gongyu_registry::unit::{self, Unit};
use gongyu_registry::year;
use gongyu_store::{Reader, record, sql};
use std::collections::HashMap;
use std::sync::Arc;

/// One duty of one unit or child in one period.
#[derive(Clone, Debug)]
pub struct DutyLine {
    /// The rule.
    pub rule: Rule,
    /// The period.
    pub period: Period,
    /// How far it has come.
    pub tally: Tally,
    /// Where it stands.
    pub status: DutyStatus,
}

/// The duties of one school, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SchoolDuties {
    /// Met.
    pub met: i64,
    /// Still in time.
    pub due: i64,
    /// Late.
    pub overdue: i64,
}

impl SchoolDuties {
    /// Everything that is asked.
    pub const fn asked(&self) -> i64 {
        self.met + self.due + self.overdue
    }

    /// Adds one line.
    pub fn add(&mut self, status: DutyStatus) {
        match status {
            DutyStatus::Met => self.met += 1,
            DutyStatus::Due { .. } => self.due += 1,
            DutyStatus::Overdue { .. } => self.overdue += 1,
            DutyStatus::NotApplicable => {}
        }
    }
}

/// What counters say, for some schools: activities by unit, children met by school.
struct Counters {
    by_subject: HashMap<(Id, String, u32, String), i64>,
    met_children: HashMap<(Id, String, u32, String), i64>,
    children: HashMap<Id, (i64, i64)>,
}

record! {
    struct CountRow {
        key: Id,
        rule: String,
        version: u32,
        period: String,
        n: i64,
    }
}

fn keyed(rows: Vec<CountRow>) -> HashMap<(Id, String, u32, String), i64> {
    rows.into_iter().map(|row| ((row.key, row.rule, row.version, row.period), row.n)).collect()
}

/// The periods of today that rules count in, and the months of this semester that are over.
fn periods_of(rule: &Rule, today: Date, calendar: &SchoolCalendar) -> Vec<Period> {
    let now = Period::of(rule.period, today, calendar);
    let mut periods = vec![now.clone()];
    if matches!(rule.period, PeriodKind::Month | PeriodKind::Week) {
        let begins = calendar.dates_of(calendar.semester_of(today)).from;
        let mut earlier = now.prev(calendar);
        while earlier.from >= begins && periods.len() < 30 {
            periods.push(earlier.clone());
            earlier = earlier.prev(calendar);
        }
    }
    periods
}

/// A rule with its periods of today, worked out once for all the units it is asked of.
pub(super) struct Asked {
    pub(super) rule: Rule,
    /// The rule without its floor of school days: that was looked at already.
    floorless: Rule,
    /// Each period, and whether it has lessons enough for anything to be asked.
    pub(super) periods: Vec<(Period, bool)>,
}

impl Asked {
    pub(super) fn today(rule: &Rule, today: Date, calendar: &SchoolCalendar) -> Self {
        let floor = rule.applies.min_school_days;
        let enough = |period: &Period| {
            floor == 0 || period.kind == PeriodKind::Once || calendar.school_days_in(period.span()) >= floor
        };
        let periods = periods_of(rule, today, calendar).into_iter().map(|p| (p.clone(), enough(&p))).collect();
        let mut floorless = rule.clone();
        floorless.applies.min_school_days = 0;
        Self { rule: rule.clone(), floorless, periods }
    }
}

fn subject_of(unit: &Unit) -> (Subject, SubjectFacts) {
    let kind = unit.school_kind.as_deref().map(|key| if key == "complete_secondary" { "senior" } else { key });
    let facts = SubjectFacts {
        school_kind: kind.and_then(SchoolKind::parse),
        setting: unit.setting.and_then(|s| Setting::parse(s.code())),
        ..SubjectFacts::default()
    };
    let subject = if kind == Some("kindergarten") { Subject::Kindergarten } else { Subject::School };
    (subject, facts)
}

/// Whether a rule asks something of a school, or of the children of a school, that is counted.
pub(super) fn asks(rule: &Rule, school: &Unit) -> bool {
    let (subject, facts) = subject_of(school);
    match (rule.subject, &rule.counts) {
        (Subject::Child, Counts::Touches { .. }) => {
            let about = &rule.applies;
            let kinds = &about.school_kinds;
            (kinds.is_empty() || facts.school_kind.is_some_and(|kind| kinds.contains(&kind)))
                && about.setting.is_none_or(|setting| facts.setting == Some(setting))
        }
        (Subject::School | Subject::Kindergarten, Counts::Acts { .. }) => rules::applies(rule, subject, &facts),
        _ => false,
    }
}

/// So many children of a unit out of those the rule is about.
pub(super) fn of_children(rule: &Rule, met: i64, (students, special): (i64, i64)) -> Tally {
    let out_of = if rule.applies.categories.is_empty() { students } else { special };
    Tally::of(whole(met.min(out_of)), whole(out_of))
}

/// The line of a unit that is asked, by what is counted for it in each period.
pub(super) fn line_of(
    of: &Asked,
    tally: impl Fn(&Period) -> Tally,
    today: Date,
    calendar: &SchoolCalendar,
) -> Option<DutyLine> {
    let mut lines = of.periods.iter().map(|(period, enough)| {
        let tally = tally(period);
        let status = rules::status(&of.floorless, tally, *enough, today, calendar, period);
        DutyLine { rule: of.rule.clone(), period: period.clone(), tally, status }
    });
    let now = lines.next()?;
    // A month that went by without it stays in sight until the semester is over.
    let late = lines.rfind(|l| matches!(l.status, DutyStatus::Overdue { .. }));
    Some(late.unwrap_or(now))
}

fn line(of: &Asked, unit: &Unit, counters: &Counters, today: Date, calendar: &SchoolCalendar) -> Option<DutyLine> {
    let rule = &of.rule;
    if !asks(rule, unit) {
        return None;
    }
    let tally = |period: &Period| {
        let key = (unit.id, rule.code.clone(), rule.version, period.code.clone());
        if rule.subject == Subject::Child {
            let sizes = counters.children.get(&unit.id).copied().unwrap_or_default();
            of_children(rule, counters.met_children.get(&key).copied().unwrap_or(0), sizes)
        } else {
            Tally::from(whole(counters.by_subject.get(&key).copied().unwrap_or(0)))
        }
    };
    line_of(of, tally, today, calendar)
}

fn whole(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

fn counters(r: &mut Reader, school: Option<Id>) -> Result<Counters> {
    let (rules, calendar, today) = (book(r)?, year::calendar(r)?, r.today());
    let mut periods: Vec<String> =
        rules.enabled().flat_map(|rule| periods_of(rule, today, &calendar)).map(|period| period.code).collect();
    periods.sort_unstable();
    periods.dedup();
    let wanted = |rows: Vec<CountRow>| -> Vec<CountRow> {
        rows.into_iter().filter(|row| periods.binary_search(&row.period).is_ok()).collect()
    };
    let (by_subject, met, children) = match school {
        Some(id) => (
            r.rows(sql!("SELECT subject_id, rule, version, period, n FROM duty_count WHERE subject_id = $1"), &[&id])?,
            r.rows(
                sql!(
                    "SELECT c.school_id, d.rule, d.version, d.period, CAST(SUM(d.met) AS BIGINT)
                      FROM class_reach c JOIN duty_class d ON d.class_id = c.class_id
                      WHERE c.school_id = $1 AND c.period = 'all'
                      GROUP BY c.school_id, d.rule, d.version, d.period"
                ),
                &[&id],
            )?,
            r.rows(
                sql!(
                    "SELECT school_id, CAST(SUM(students) AS BIGINT), CAST(SUM(special) AS BIGINT)
                      FROM class_reach WHERE school_id = $1 AND period = 'all' GROUP BY school_id"
                ),
                &[&id],
            )?,
        ),
        None => {
            let (mut by_subject, mut met) = (Vec::new(), Vec::new());
            for period in &periods {
                let acts: Vec<CountRow> = r.rows(
                    sql!(
                        "SELECT d.subject_id, d.rule, d.version, d.period, d.n FROM unit u
                          JOIN duty_count d ON d.subject_id = u.id AND d.period = $1
                          WHERE u.kind = 'school' AND u.valid_to IS NULL"
                    ),
                    &[period],
                )?;
                by_subject.extend(acts);
                let children: Vec<CountRow> = r.rows(
                    sql!(
                        "SELECT school_id, rule, version, period, CAST(SUM(met) AS BIGINT) FROM duty_class
                          WHERE period = $1 GROUP BY school_id, rule, version, period"
                    ),
                    &[period],
                )?;
                met.extend(children);
            }
            let sizes = r.rows(
                sql!(
                    "SELECT school_id, CAST(SUM(students) AS BIGINT), CAST(SUM(special) AS BIGINT)
                      FROM class_reach WHERE period = 'all' GROUP BY school_id"
                ),
                &[],
            )?;
            (by_subject, met, sizes)
        }
    };
    let sizes: Vec<(Id, i64, i64)> = children;
    Ok(Counters {
        by_subject: keyed(wanted(by_subject)),
        met_children: keyed(wanted(met)),
        children: sizes.into_iter().map(|(school, all, special)| (school, (all, special))).collect(),
    })
}

/// The duties of a school today, late ones first, then by deadline.
///
/// # Errors
/// As any statement.
pub fn school_lines(r: &mut Reader, school: &Unit) -> Result<Vec<DutyLine>> {
    let (rules, calendar, today) = (book(r)?, year::calendar(r)?, r.today());
    let counters = counters(r, Some(school.id))?;
    let mut lines: Vec<DutyLine> = rules
        .enabled()
        .map(|rule| Asked::today(rule, today, &calendar))
        .filter_map(|asked| line(&asked, school, &counters, today, &calendar))
        .collect();
    lines.sort_by_key(|l| urgency(l, today));
    Ok(lines)
}

fn urgency(line: &DutyLine, today: Date) -> (u8, i64, String) {
    let (group, days) = match line.status {
        DutyStatus::Overdue { .. } => (0, -i64::from(line.status.days_late(today).unwrap_or(0))),
        DutyStatus::Due { .. } => (1, i64::from(line.status.days_left(today).unwrap_or(0))),
        DutyStatus::Met => (2, 0),
        DutyStatus::NotApplicable => (3, 0),
    };
    (group, days, line.rule.code.clone())
}

/// The duties of many schools, each with its lines: one read for a whole district.
///
/// # Errors
/// As any statement.
pub fn district_lines(r: &mut Reader, schools: &[Unit]) -> Result<Vec<(Id, Vec<DutyLine>)>> {
    let (rules, calendar, today): (Arc<RuleBook>, _, _) = (book(r)?, year::calendar(r)?, r.today());
    let counters = counters(r, None)?;
    let asked: Vec<Asked> = rules.enabled().map(|rule| Asked::today(rule, today, &calendar)).collect();
    Ok(schools
        .iter()
        .map(|school| {
            let lines = asked.iter().filter_map(|of| line(of, school, &counters, today, &calendar)).collect();
            (school.id, lines)
        })
        .collect())
}

/// The duties towards one child today.
///
/// # Errors
/// As any statement.
pub fn child_lines(r: &mut Reader, child: &Student, stage: Option<&str>) -> Result<Vec<DutyLine>> {
    let school = unit::find(r, child.school)?;
    let (rules, calendar, today) = (book(r)?, year::calendar(r)?, r.today());
    let counts: Vec<(String, u32, String, i64)> =
        r.rows(sql!("SELECT rule, version, period, n FROM duty_count WHERE subject_id = $1"), &[&child.id])?;
    let facts = SubjectFacts {
        stage: stage.and_then(Stage::parse),
        categories: if child.special { vec![rules::Category::SpecialGroup] } else { Vec::new() },
        ..subject_of(&school).1
    };
    Ok(rules
        .for_children()
        .map(|rule| {
            let period = Period::of(rule.period, today, &calendar);
            let done = counts
                .iter()
                .find(|(code, version, p, _)| *code == rule.code && *version == rule.version && *p == period.code)
                .map_or(0, |(.., n)| *n);
            let special_only = !rule.applies.categories.is_empty();
            let applies = (!special_only || child.special) && rules::applies(rule, Subject::Child, &facts);
            let tally = Tally::from(whole(done));
            let status = rules::status(rule, tally, applies, today, &calendar, &period);
            DutyLine { rule: rule.clone(), period, tally, status }
        })
        .filter(|line| line.status != DutyStatus::NotApplicable)
        .collect())
}

/// For each class of a school, how many of its children have a child's duty met: class, met, children asked.
///
/// # Errors
/// As any statement.
pub fn class_counts(r: &mut Reader, school: Id, line: &DutyLine) -> Result<Vec<(Id, i64, i64)>> {
    let everyone = line.rule.applies.categories.is_empty();
    r.rows(
        sql!(
            "SELECT c.class_id, COALESCE(d.met, 0), CASE WHEN $1 THEN c.students ELSE c.special END
              FROM class_reach c
              LEFT JOIN duty_class d ON d.class_id = c.class_id AND d.period = $2 AND d.rule = $3 AND d.version = $4
              WHERE c.school_id = $5 AND c.period = 'all' AND c.students > 0 ORDER BY c.class_id"
        ),
        &[&everyone, &line.period.code, &line.rule.code, &line.rule.version, &school],
    )
}

/// The activities of a unit that count towards a duty.
///
/// # Errors
/// As any statement.
pub fn counted_acts(r: &mut Reader, unit: Id, line: &DutyLine) -> Result<Vec<Act>> {
    let held = act::between(r, unit, line.period.from, line.period.to)?;
    Ok(held.into_iter().filter(|a| rules::matches(&line.rule, &a.facts())).collect())
}
