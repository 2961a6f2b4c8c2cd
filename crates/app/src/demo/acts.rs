//! Activities of schools and towns over two years: most did what the rules ask, some fell short.

use super::dice::Dice;
use super::plan::SchoolPlan;
use super::sink::{Row, Sink, Table, own, text, word};
use super::tally::DUTY_COUNT;
use super::timeline::{Term, Timeline};
use gongyu_kernel::calendar::{Period, SchoolCalendar};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_ledger::duty::RuleBook;
use gongyu_ledger::rules::{self, ActFacts, ActKind};
use gongyu_registry::roster::class_label::SchoolKind;
use gongyu_store::Value;
use std::collections::BTreeMap;

static ACT: Table = Table {
    name: "act",
    columns: &[
        "id",
        "school_id",
        "unit_id",
        "kind",
        "title",
        "place",
        "held_on",
        "minutes",
        "attendance",
        "recorded_by",
        "recorded_at",
    ],
};

struct Held {
    kind: ActKind,
    title: String,
    place: &'static str,
    day: Date,
    minutes: i64,
    attendance: i64,
}

/// Meeting and open day of each term, for the touches of those who came.
pub(super) struct Calls {
    pub(super) meetings: Vec<Option<(Date, Id)>>,
    pub(super) open_days: Vec<Option<(Date, Id)>>,
}

/// What activities are recorded with.
pub(super) struct Books<'a> {
    pub(super) past: &'a Timeline,
    pub(super) rules: &'a RuleBook,
    pub(super) calendar: &'a SchoolCalendar,
}

const LESSONS: [&str; 8] = [
    "家庭教育讲座：陪孩子写作业",
    "家庭教育讲座：手机怎么约定",
    "家长课堂：听孩子把话说完",
    "家庭教育促进法学习",
    "家长沙龙：爸爸也来",
    "家庭教育讲座：好习惯怎么养",
    "隔代教育交流会",
    "心理健康讲座：情绪这件事",
];
const PRACTICE: [&str; 8] = [
    "秋收劳动课",
    "走进图书馆",
    "植物园研学",
    "敬老院里唱支歌",
    "包饺子",
    "校园种菜",
    "社区垃圾分类",
    "非遗剪纸进课堂",
];

/// The activities of a school.
pub(super) fn of_school(
    sink: &mut Sink,
    dice: &mut Dice,
    books: &Books<'_>,
    plan: &SchoolPlan,
    school: Id,
    by: Id,
) -> Result<Calls> {
    let (mut held, small) = (Vec::new(), plan.kind == SchoolKind::Kindergarten);
    let families = i64::try_from(plan.pupils()).unwrap_or(0);
    // A school that falls behind does so mostly all through.
    let keen = if dice.chance(if plan.rural { 0.3 } else { 0.12 }) { 0.55 } else { 0.95 };
    let mut calls = Calls { meetings: Vec::new(), open_days: Vec::new() };
    let (mut meetings, mut open_days) = (Vec::new(), Vec::new());
    for term in &books.past.terms {
        for n in 0..if small { 4 } else { 3 } {
            let at = term.planned * (2 * n + 1) / if small { 8 } else { 6 };
            if dice.chance(if n < 2 { keen } else { keen * 0.6 }) {
                let title = *dice.pick(&LESSONS);
                let came = dice.between(families / 12, families / 4 + 1);
                hold(&mut held, term, at, ActKind::FAMILY_EDUCATION, title, "多功能厅", 60, came);
            }
        }
        if !small {
            practice(&mut held, dice, term, keen, families);
        }
        meetings.push(hold(
            &mut held,
            term,
            term.meeting,
            ActKind::PARENT_MEETING,
            "家长会",
            "各班教室",
            60,
            families * 7 / 10,
        ));
        let opens = dice.chance(0.7);
        let day = if opens { term.planned * 5 / 8 + dice.below(4) } else { usize::MAX };
        open_days.push(hold(&mut held, term, day, ActKind::OPEN_DAY, "家长开放日", "校园", 120, families * 3 / 10));
    }
    yearly(&mut held, dice, books.past, keen);
    let ids = write(sink, books, Some(school), school, by, &held)?;
    let named = |at: &Option<usize>| at.and_then(|at| Some((held.get(at)?.day, *ids.get(at)?)));
    calls.meetings.extend(meetings.iter().map(named));
    calls.open_days.extend(open_days.iter().map(named));
    Ok(calls)
}

/// The activities of a town or of the district.
pub(super) fn of_unit(sink: &mut Sink, dice: &mut Dice, books: &Books<'_>, unit: Id, by: Id) -> Result<()> {
    let mut held = Vec::new();
    for term in &books.past.terms {
        for n in 0..2 {
            if dice.chance(0.8) {
                let (at, came) = (term.planned * (2 * n + 1) / 4, dice.between(30, 120));
                hold(&mut held, term, at, ActKind::FAMILY_EDUCATION, "社区家庭教育讲座", "便民服务中心", 90, came);
            }
        }
    }
    write(sink, books, None, unit, by, &held).map(drop)
}

/// One a month of lessons, with gaps.
fn practice(held: &mut Vec<Held>, dice: &mut Dice, term: &Term, keen: f64, families: i64) {
    let mut month = 0;
    let days: Vec<(usize, Date)> = term.days.iter().copied().enumerate().collect();
    for (at, day) in days {
        if day.month() != month && day.day() >= 10 {
            month = day.month();
            if dice.chance(keen) {
                let title = *dice.pick(&PRACTICE);
                hold(held, term, at + dice.below(5), ActKind::PRACTICE_ACTIVITY, title, "校外", 180, families / 3);
            }
        }
    }
}

/// Parent school and committee set up once, records of staff checked every spring.
fn yearly(held: &mut Vec<Held>, dice: &mut Dice, past: &Timeline, keen: f64) {
    let Some(first) = past.terms.first() else { return };
    for (kind, title) in
        [(ActKind::PARENT_SCHOOL_SET_UP, "家长学校成立"), (ActKind::PARENT_COMMITTEE_SET_UP, "新一届家长委员会选举")]
    {
        if dice.chance(keen.max(0.8)) {
            hold(held, first, 12 + dice.below(8), kind, title, "会议室", 90, 24);
        }
    }
    for term in past.terms.iter().filter(|t| t.semester.half == gongyu_kernel::calendar::Half::Second) {
        if dice.chance(keen) {
            hold(held, term, 10 + dice.below(20), ActKind::RECORD_CHECK, "教职工犯罪记录查询", "人事室", 0, 0);
        }
    }
}

/// Notes an activity on a day of lessons, if that day has come; returns its place.
#[expect(clippy::too_many_arguments, reason = "an activity has as many sides")]
fn hold(
    held: &mut Vec<Held>,
    term: &Term,
    at: usize,
    kind: ActKind,
    title: &str,
    place: &'static str,
    minutes: i64,
    attendance: i64,
) -> Option<usize> {
    let day = *term.days.get(at)?;
    held.push(Held { kind, title: title.to_owned(), place, day, minutes, attendance });
    Some(held.len() - 1)
}

fn write(sink: &mut Sink, books: &Books<'_>, school: Option<Id>, unit: Id, by: Id, held: &[Held]) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(held.len());
    for one in held {
        let id = sink.id()?;
        let noted = Millis::start_of(one.day).plus_minutes(16 * 60);
        sink.put(&ACT, act_row(one, id, school, unit, by, noted));
        ids.push(id);
    }
    for rule in books.rules.for_acts() {
        let mut by_period: BTreeMap<String, Vec<ActFacts>> = BTreeMap::new();
        for one in held {
            let code = Period::of(rule.period, one.day, books.calendar).code;
            by_period.entry(code).or_default().push(ActFacts { kind: one.kind.clone(), held_on: one.day });
        }
        for (period, facts) in by_period {
            let n = i64::from(rules::tally_acts(rule, &facts));
            if n > 0 {
                let (code, version) = (text(rule.code.clone()), Value::Int(i64::from(rule.version)));
                sink.put(&DUTY_COUNT, vec![code, version, text(period), own(&unit), own(&school), Value::Int(n)]);
            }
        }
    }
    Ok(ids)
}

fn act_row(one: &Held, id: Id, school: Option<Id>, unit: Id, by: Id, noted: Millis) -> Row {
    vec![
        own(&id),
        own(&school),
        own(&unit),
        text(one.kind.code()),
        text(one.title.as_str()),
        word(one.place),
        own(&one.day),
        Value::Int(one.minutes),
        Value::Int(one.attendance),
        own(&by),
        own(&noted),
    ]
}
