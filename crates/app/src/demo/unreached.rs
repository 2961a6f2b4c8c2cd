//! The never-reached loop in every state: fresh with the class teacher, handed on to schools, towns and villages,
//! late, with a number waiting, closed by a knock, closed because the child left. Where a task lies and since when
//! is drawn for each family; what ended one is done by the feature itself.

use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Actor, Hat, Prefs, Role, session};
use gongyu_kernel::calendar::Holidays;
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_office::unreached;
use gongyu_office::unreached::model::{Level, Reason, Rules, State, StepKind};
use gongyu_office::unreached::store::{self as tasks, Knock, Met, OPEN_COLUMNS, STEP_COLUMNS};
use gongyu_registry::people;
use gongyu_registry::roster::id_number::Phone;
use gongyu_registry::year;
use gongyu_store::{ToValue, Tx, Value, sql};
use gongyu_web::App;
use std::collections::HashMap;

/// Its own stream of chance.
const PART: u64 = 79;
/// Tasks in one transaction.
const AT_ONCE: usize = 400;
/// Knocks, suggested numbers and answers, however large the district.
const FEW: usize = 12;

const TRIED: [&str; 5] = [
    "三个晚上打了四次，都没有人接",
    "登记的号码是空号，同村的同学也没有新号码",
    "孩子说爸妈在外地，家里只有奶奶，没有电话",
    "刚转来两个月，留的号码打不通",
    "发过两张便条，没有带回来",
];
const ASKED: [&str; 3] =
    ["请上门看看家里还有谁，问一个能打通的号码", "请到家里说一声，让家长给班主任回个电话", "请核实现在住哪里"];

/// A child nobody reached: child, school, class, town, family.
type Missing = (Id, Id, Id, Option<Id>, Id);
type Row = Vec<Value<'static>>;

/// What the loop needs to know of the district.
struct Around {
    today: Date,
    holidays: Holidays,
    rules: Rules,
    /// An account by unit, and its member of staff.
    people: HashMap<Id, (Id, Option<Id>)>,
    /// Villages and communities by town.
    sites: HashMap<Id, Vec<Id>>,
    /// The class of the first teacher of `accounts.json`, whose three stay as they are.
    shown: Option<Id>,
}

/// Makes them. Gives how many families were reached meanwhile.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<u64> {
    let shown = accounts.iter().find(|a| a.role == Role::ClassTeacher).and_then(|a| {
        let cookie = a.cookie.split_once('=')?.1.to_owned();
        let lifetimes = app.lifetimes();
        app.db.read_wait(move |r| session::find(r, &cookie, lifetimes)).ok()??.actor.hat.unit
    });
    let (missing, around) = app.db.read_wait(move |r| {
        let missing: Vec<Missing> = r.rows(
            sql!(
                "SELECT s.id, s.school_id, s.class_id, k.town_id, s.family_id FROM student s
                  JOIN unit k ON k.id = s.school_id
                  JOIN class_reach b ON b.class_id = s.class_id AND b.period = 'all' AND b.confirmed < b.students
                  LEFT JOIN reach a ON a.student_id = s.id AND a.period = 'all'
                  WHERE s.state = 'active' AND COALESCE(a.n_confirmed + a.n_talked + a.n_met, 0) = 0
                  ORDER BY s.family_id, s.id"
            ),
            &[],
        )?;
        let people: Vec<(Id, Id, Option<Id>)> = r.rows(
            sql!(
                "SELECT g.unit_id, a.id, a.staff_id FROM role_grant g JOIN account a ON a.id = g.account_id
                  WHERE g.role IN ('class_teacher', 'moral_director', 'town_officer', 'community_worker')
                  ORDER BY g.id DESC"
            ),
            &[],
        )?;
        let communities: Vec<(Id, Id)> = r.rows(
            sql!("SELECT town_id, id FROM unit WHERE kind = 'community' AND town_id IS NOT NULL ORDER BY id"),
            &[],
        )?;
        let mut sites: HashMap<Id, Vec<Id>> = HashMap::new();
        for (town, id) in communities {
            sites.entry(town).or_default().push(id);
        }
        let around = Around {
            today: r.today(),
            holidays: year::calendar(r)?.holidays.clone(),
            rules: tasks::rules(r)?,
            people: people.into_iter().map(|(unit, account, staff)| (unit, (account, staff))).collect(),
            sites,
            shown,
        };
        Ok((missing, around))
    })?;
    write(app, &around, &missing, seed)?;
    let reached = finish(app, &around)?;
    left(app, &around)?;
    unreached::night(app)?;
    Ok(reached)
}

fn write(app: &App, around: &Around, missing: &[Missing], seed: u64) -> Result<()> {
    let mut dice = Dice::of(seed, PART);
    let mut family: Option<(Id, Way)> = None;
    let mut of_shown = 0;
    for chunk in missing.chunks(AT_ONCE) {
        let mut ways = Vec::with_capacity(chunk.len());
        for child in chunk {
            let way = match &family {
                Some((id, way)) if *id == child.4 => way.clone(),
                _ if around.shown == Some(child.2) => {
                    of_shown += 1;
                    Way::shown(of_shown, &mut dice)
                }
                _ => Way::draw(&mut dice),
            };
            family = Some((child.4, way.clone()));
            ways.push((*child, way));
        }
        let reckon: Vec<(Missing, Way, Vec<Hop>)> = ways
            .into_iter()
            .map(|(child, way)| {
                let hops = around.hops(&child, &way);
                (child, way, hops)
            })
            .collect();
        app.db.write_wait(move |tx| {
            let (mut rows, mut steps) = (Vec::new(), Vec::new());
            for (child, way, hops) in &reckon {
                rows_of(tx, child, way, hops, &mut rows, &mut steps);
            }
            tx.insert_many("unreached_task", OPEN_COLUMNS, &rows)?;
            tx.insert_many("unreached_step", STEP_COLUMNS, &steps)
        })?;
    }
    Ok(())
}

/// How far a family's task has come, as the days ago of each hop, and why.
#[derive(Clone)]
struct Way {
    /// Days ago, the opening first.
    ago: Vec<i64>,
    reason: Option<Reason>,
    tried: &'static str,
    asked: &'static str,
}

impl Way {
    fn draw(dice: &mut Dice) -> Self {
        let level = [Level::Class, Level::School, Level::Town, Level::Site][dice.weighted(&[46, 18, 16, 20])];
        let late = dice.chance(0.2);
        Self::at(level, late, dice)
    }

    /// The three of the class that is looked at first: one fresh, one late, one at a village.
    fn shown(n: usize, dice: &mut Dice) -> Self {
        match n {
            1 => Self::at(Level::Class, true, dice),
            2 => Self::at(Level::Class, false, dice),
            _ => Self::at(Level::Site, false, dice),
        }
    }

    fn at(level: Level, late: bool, dice: &mut Dice) -> Self {
        let mut day = if late { dice.between(9, 16) } else { dice.between(0, 4) };
        let mut ago = vec![day];
        for _ in Level::ALL.iter().take_while(|l| **l < level) {
            day += dice.between(2, 8);
            ago.push(day);
        }
        ago.reverse();
        let known = level > Level::Class || dice.chance(0.4);
        let reasons = &Reason::ALL[..6];
        let reason = known.then(|| reasons[dice.weighted(&[36, 14, 24, 12, 8, 6])]);
        let (tried, asked) = (*dice.pick(&TRIED), *dice.pick(&ASKED));
        Self { ago, reason, tried, asked }
    }
}

/// A place where a task lay, and since when.
#[derive(Clone, Copy)]
struct Hop {
    level: Level,
    unit: Id,
    on: Date,
    due: Date,
    days: u32,
    by: Option<Id>,
}

impl Around {
    fn hops(&self, child: &Missing, way: &Way) -> Vec<Hop> {
        let (_, school, class, town, _) = *child;
        let family = usize::try_from(child.4.raw()).unwrap_or_default();
        let site = town.and_then(|t| self.sites.get(&t)).and_then(|s| s.get(family % s.len().max(1)));
        let units = [Some(class), Some(school), town, site.copied()];
        let mut hops: Vec<Hop> = Vec::new();
        for ((level, unit), ago) in Level::ALL.iter().zip(units).zip(&way.ago) {
            let Some(unit) = unit else { break };
            let on = self.worked(self.today.saturating_sub(jiff::Span::new().days(*ago)));
            let days = self.rules.days(*level);
            let due = self.holidays.add_workdays(on, days).due;
            let by = hops.last().and_then(|before: &Hop| self.people.get(&before.unit)).map(|(account, _)| *account);
            hops.push(Hop { level: *level, unit, on, due, days, by });
        }
        hops
    }

    /// The day itself or the last one before it on which schools and offices work.
    fn worked(&self, day: Date) -> Date {
        let back = std::iter::successors(Some(day), |d| d.yesterday().ok());
        back.take(15).find(|d| self.holidays.is_workday(*d)).unwrap_or(day)
    }

    /// Somebody of a site, to act.
    fn worker(&self, unit: Id) -> Option<Actor> {
        let (account, staff) = *self.people.get(&unit)?;
        let hat = Hat { role: Role::CommunityWorker, unit: Some(unit), unit_name: String::new(), grant: None };
        Some(Actor {
            account,
            session: None,
            name: String::new(),
            staff,
            guardian: None,
            hat,
            strong: false,
            must_change: false,
            prefs: Prefs::default(),
        })
    }
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn own(value: &dyn ToValue) -> Value<'static> {
    value.to_value().into_owned()
}

fn rows_of(tx: &mut Tx, child: &Missing, way: &Way, hops: &[Hop], rows: &mut Vec<Row>, steps: &mut Vec<Row>) {
    let (Some(first), Some(last)) = (hops.first(), hops.last()) else { return };
    let id = tx.new_id();
    let at = |hop: &Hop| Millis::start_of(hop.on).plus_minutes(16 * 60 + 20);
    rows.push(vec![
        own(&id),
        own(&child.1),
        own(&child.2),
        own(&child.3),
        own(&child.0),
        text("all"),
        own(&way.reason),
        text(""),
        own(&last.level),
        own(&last.unit),
        own(&(hops.len() as i64)),
        own(&first.on),
        own(&at(first)),
        Value::Null,
        own(&last.on),
        own(&last.due),
        own(&State::Open),
    ]);
    for (n, hop) in hops.iter().enumerate() {
        let (kind, words) = match n {
            0 => (StepKind::Opened, ""),
            3 => (StepKind::Handed, way.asked),
            _ => (StepKind::Handed, way.tried),
        };
        steps.push(vec![
            own(&id),
            own(&(n as i64 + 1)),
            own(&child.1),
            own(&kind),
            own(&n.checked_sub(1).map(|before| hops[before].unit)),
            own(&hop.unit),
            own(&hop.by),
            own(&at(hop)),
            text(words),
            own(&hop.on),
            own(&hop.days),
            own(&hop.due),
        ]);
    }
}

/// Some errands end: a knock, a number found, an answer handed back.
fn finish(app: &App, around: &Around) -> Result<u64> {
    let at_sites: Vec<(Id, Id, Option<Id>)> = app.db.read_wait(|r| {
        r.rows(
            sql!("SELECT id, unit_id, class_id FROM unreached_task WHERE level = 'site' AND closed_at IS NULL ORDER BY id"),
            &[],
        )
    })?;
    let mut reached = 0;
    for (n, (id, unit, class)) in at_sites.into_iter().take(FEW * 3).enumerate() {
        let Some(by) = around.worker(unit) else { continue };
        let shown = class == around.shown;
        let (vault, today) = (app.vault.clone(), around.today);
        reached += app.db.write_wait(move |tx| {
            let task = tasks::find(tx, id)?;
            if task.state != State::Open {
                return Ok(0);
            }
            match n % 3 {
                0 if !shown => {
                    let words = "敲开了门，家里人说白天在地里干活";
                    let knock = Knock { met: Met::Other, day: today, words };
                    Ok(tasks::knock(tx, id, task.step, &knock, &by)? as u64)
                }
                1 if !shown => {
                    tasks::hand_back(tx, id, task.step, "邻居说全家去了县城，月底回来", by.account)?;
                    Ok(0)
                }
                _ => {
                    let ties = people::guardians_of(tx, task.student)?;
                    let guardian = ties.iter().find(|k| !k.restricted).map(|k| k.guardian);
                    let number = Phone::parse(&format!("1990000{:04}", 9_100 + n));
                    if let (Some(guardian), Ok(number)) = (guardian, number) {
                        tasks::suggest(tx, &vault, id, task.step, guardian, &number, by.account)?;
                    }
                    Ok(0)
                }
            }
        })?;
    }
    Ok(reached)
}

/// A few who left before anybody reached them.
fn left(app: &App, around: &Around) -> Result<()> {
    let gone: Vec<Missing> = app.db.read_wait(|r| {
        r.rows(
            sql!(
                "SELECT s.id, s.school_id, s.class_id, k.town_id, s.family_id FROM student s
                  JOIN unit k ON k.id = s.school_id LEFT JOIN reach a ON a.student_id = s.id AND a.period = 'all'
                  WHERE s.state = 'left' AND s.class_id IS NOT NULL
                    AND COALESCE(a.n_confirmed + a.n_talked + a.n_met, 0) = 0 ORDER BY s.id LIMIT 6"
            ),
            &[],
        )
    })?;
    let mut dice = Dice::of(0, PART);
    let ways: Vec<(Missing, Way, Vec<Hop>)> = gone
        .into_iter()
        .map(|child| {
            let way = Way::at(Level::School, false, &mut dice);
            let hops = around.hops(&child, &way);
            (child, way, hops)
        })
        .collect();
    app.db.write_wait(move |tx| {
        let (mut rows, mut steps) = (Vec::new(), Vec::new());
        for (child, way, hops) in &ways {
            rows_of(tx, child, way, hops, &mut rows, &mut steps);
        }
        tx.insert_many("unreached_task", OPEN_COLUMNS, &rows)?;
        tx.insert_many("unreached_step", STEP_COLUMNS, &steps)
    })
}
