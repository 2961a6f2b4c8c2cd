//! Home visits of the class that the drawings show: what happened this school year with its records, the
//! rest of the year planned, appointments this week, things to follow up, suggestions and a few notes. They
//! are made by the feature itself on top of the touches the history left.

use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Actor, Role, session};
use gongyu_contact::visit::model::{HomeSign, NewVisit, Owner, Point, Reason, Risk, Theme, Way};
use gongyu_contact::visit::record::{Finding, Measure};
use gongyu_contact::visit::store::{self, Save};
use gongyu_contact::visit::{SOURCE, VisitRecord, company, family, held, keep_note, offer, plan, suggest};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_ledger::figures;
use gongyu_ledger::rules::StaffRole;
use gongyu_registry::people;
use gongyu_registry::unit;
use gongyu_store::{Tx, record, sql};
use gongyu_web::App;

pub(super) const GOOD: [&str; 8] = [
    "主动给同桌讲题",
    "每天把教室门口的鞋摆整齐",
    "跳绳从60个练到120个",
    "作文里写了奶奶，读得大家都笑了",
    "值日最后一个走，还关了灯",
    "数学错题自己重做了一遍",
    "运动会给全班加油喊哑了嗓子",
    "把伞借给低年级的小朋友",
];
pub(super) const AT_HOME: [&str; 5] = [
    "放学先写作业，再看半小时书",
    "和爷爷奶奶住，爸妈周末视频",
    "周末帮家里看小卖部",
    "晚上十点才睡，早上起不来",
    "喜欢在院子里打球",
];
pub(super) const OPINIONS: [&str; 4] = ["", "希望多说说孩子的进步", "问课后服务能不能晚半小时", "想知道怎么管手机"];
pub(super) const MEASURES: [(&str, Owner); 6] = [
    ("每周五给家里打个电话", Owner::Teacher),
    ("每晚一起读十分钟", Owner::Family),
    ("手机放客厅充电", Owner::Family),
    ("安排和班长同桌", Owner::Teacher),
    ("九点半上床", Owner::Child),
    ("申请课后服务延时", Owner::School),
];

record! {
    struct Happened {
        touch: Id,
        student: Id,
        day: Date,
        guardian: Option<Id>,
        relation: Option<String>,
        minutes: i64,
        staff: Option<Id>,
    }
}

/// Makes them around the class teacher of `accounts.json`.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<()> {
    let actor = |role: Role| {
        let cookie = accounts.iter().find(|a| a.role == role)?.cookie.split_once('=')?.1.to_owned();
        let lifetimes = app.lifetimes();
        app.db.read_wait(move |r| session::find(r, &cookie, lifetimes)).ok()?.map(|found| found.actor)
    };
    let Some(teacher) = actor(Role::ClassTeacher) else { return Ok(()) };
    let mut dice = Dice::of(seed, 78);
    been(app, &teacher, &mut dice)?;
    let shown = actor(Role::Guardian).and_then(|a| a.guardian);
    to_come(app, &teacher, shown)
}

/// The visits of this school year get the records they would have.
fn been(app: &App, teacher: &Actor, dice: &mut Dice) -> Result<()> {
    let (class, today) = (teacher.unit()?, app.clock().today());
    let happened: Vec<Happened> = app.db.read_wait(move |r| {
        let semester = figures::present(r)?.code();
        r.rows(
            sql!(
                "SELECT id, student_id, occurred_on, guardian_id, relation, minutes, staff_id FROM touch
                  WHERE class_id = $1 AND kind = 'visit' AND semester = $2 ORDER BY occurred_on, id"
            ),
            &[&class, &semester],
        )
    })?;
    for (n, touch) in happened.into_iter().enumerate() {
        let record = written(&touch, n, today, dice);
        let (vault, by) = (app.vault.clone(), teacher.clone());
        app.db.write_wait(move |tx| keep(tx, &vault, &by, &touch, &record, n))?;
    }
    Ok(())
}

fn written(touch: &Happened, n: usize, today: Date, dice: &mut Dice) -> VisitRecord {
    let met = match (touch.guardian, &touch.relation) {
        (Some(guardian), _) => format!("guardian:{guardian}"),
        (None, Some(relation)) => relation.clone(),
        (None, None) => "other".to_owned(),
    };
    let end = 18 * 60 + 30 + touch.minutes;
    let mut record = VisitRecord {
        good: (*dice.pick(&GOOD)).to_owned(),
        day: Some(touch.day),
        from: "18:30".to_owned(),
        to: format!("{:02}:{:02}", end / 60, end % 60),
        way: Some(Way::Home),
        at_home: (*dice.pick(&AT_HOME)).to_owned(),
        opinions: (*dice.pick(&OPINIONS)).to_owned(),
        ..VisitRecord::default()
    };
    record.met.insert(met);
    record.visitors.extend(touch.staff);
    record.home.extend(HomeSign::ALL.iter().filter(|_| dice.chance(0.45)));
    record.points.extend(Point::ALL.iter().filter(|_| dice.chance(0.3)));
    if dice.chance(0.35) {
        let theme = *dice.pick(Theme::ALL);
        record.findings.push(Finding {
            theme,
            risk: if dice.chance(0.3) { Risk::Act } else { Risk::Watch },
            child: None,
        });
    }
    let (what, owner) = *dice.pick(&MEASURES);
    let due = today.saturating_add(jiff::Span::new().days(dice.between(-6, 20)));
    record.measures.push(Measure { key: format!("demo-{n}"), what: what.to_owned(), owner, due: Some(due) });
    record
}

fn keep(
    tx: &mut Tx,
    vault: &gongyu_vault::Vault,
    by: &Actor,
    touch: &Happened,
    record: &VisitRecord,
    n: usize,
) -> Result<()> {
    let new = NewVisit {
        children: vec![touch.student],
        reason: Reason::Yearly,
        trigger: String::new(),
        due_on: None,
        day: Some(touch.day),
        starts_at: None,
        way: Way::Home,
        lead: (touch.staff, StaffRole::ClassTeacher),
        contact: None,
    };
    let Ok(child) = people::find_student(tx, touch.student) else { return Ok(()) };
    if child.class.is_none() {
        return Ok(());
    }
    let (id, _) = store::create(tx, &new, by.account, &format!("demo-{}", touch.touch))?;
    tx.exec(sql!("UPDATE touch SET source_kind = $1, source_id = $2 WHERE id = $3"), &[&SOURCE, &id, &touch.touch])?;
    let at = held(tx, by, id)?;
    let key = format!("demo-save-{}", touch.touch);
    let save = Save { client_key: &key, base_version: 0, fields: record.clone(), draft: false, said_at: None };
    store::save_record(tx, vault, by, &at, &save)?;
    let noted = Millis::start_of(touch.day).plus_minutes(20 * 60);
    tx.exec(sql!("UPDATE visit SET created_at = $1, updated_at = $1, recorded_at = $1 WHERE id = $2"), &[&noted, &id])?;
    // Two of three measures are kept by now, and most families said so.
    if !n.is_multiple_of(3) {
        tx.exec(
            sql!("UPDATE visit_measure SET state = 'done', outcome = '做到了', closed_at = $1 WHERE visit_id = $2"),
            &[&noted, &id],
        )?;
        if let Some(guardian) = touch.guardian {
            family::say(tx, id, guardian, n % 7 != 1, if n % 7 == 1 { "时间想改到周末" } else { "" })?;
        }
    }
    if n == 2 || n == 5 {
        let text = "孩子说夜里常听见大人争吵，近来不愿回家。已约心理老师谈一次。";
        keep_note(tx, vault, by, &at, touch.student, text, &format!("demo-note-{n}"))?;
    }
    Ok(())
}

/// The rest of the year: planned, some agreed this week, some waiting for the family, two suggested.
fn to_come(app: &App, teacher: &Actor, shown: Option<Id>) -> Result<()> {
    let (vault, by) = (app.vault.clone(), teacher.clone());
    app.db.write_wait(move |tx| {
        let class = unit::find(tx, by.unit()?)?;
        let members = people::class_members(tx, class.id)?;
        for (child, code, words) in
            members.iter().rev().take(2).zip([("mood", "这两天不说话"), ("absence", "")]).map(|(c, (a, b))| (c, a, b))
        {
            suggest::suggest(tx, child, code, words, by.account)?;
        }
        // The families of whoever looks as a guardian and of those suggested wait for a time of their own.
        plan::fill(tx, &vault, &by, &class, 3)?;
        let open = store::of_staff(tx, &by)?;
        let own: Vec<Id> = match shown {
            Some(guardian) => people::children_of(tx, guardian)?.iter().map(|c| c.id).collect(),
            None => Vec::new(),
        };
        let today = Millis::start_of(tx.today());
        let evening = |days: i64, minute: i64| today.plus_days(days).plus_minutes(minute);
        let (soon, later, last) = (evening(1, 18 * 60 + 30), evening(2, 19 * 60), evening(4, 18 * 60 + 30));
        let colleagues = people::staff_of_school(tx, class.school.unwrap_or(class.id))?;
        for (n, visit) in open.iter().enumerate() {
            let at = held(tx, &by, visit.id)?;
            let is_own = at.students().iter().any(|s| own.contains(s));
            match n {
                _ if is_own => offer::offer(tx, &vault, &at, &[soon, later, last], Way::Home).map(drop)?,
                0 => offer::agree_by_hand(tx, &at, soon, Way::Home)?,
                1 => offer::agree_by_hand(tx, &at, later, Way::Home)?,
                2 => offer::offer(tx, &vault, &at, &[later, last], Way::Home).map(drop)?,
                _ => continue,
            }
            if let Some(colleague) = colleagues.iter().find(|s| Some(s.id) != by.staff).filter(|_| n == 0) {
                company::invite(tx, (visit.id, at.visit.school), &[colleague.id], by.account)?;
            }
        }
        Ok(())
    })
}
