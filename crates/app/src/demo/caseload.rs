//! Letters, calls and receptions of the school that the drawings show: two school years of them done, some in
//! every state now, a rota with days behind and ahead; and a few years' counts of some other schools, so that
//! the district's figures say something. They come in and are answered by the feature itself; what lies back
//! is then dated back. Of what lies back nobody is named, so that the ledger holds no touch of a wrong day.

use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Actor, Hat, Prefs, Role, session};
use gongyu_contact::caseload::model::{Case, Door, How, Matter, Person, Rating, Topic};
use gongyu_contact::caseload::rota::Turn;
use gongyu_contact::caseload::rules::{ACCEPT, ANSWER};
use gongyu_contact::caseload::settings::{SchoolDoors, keep_doors};
use gongyu_contact::caseload::store::{self, Intake, NewAnonymous, NewCase, NewLetter};
use gongyu_contact::caseload::{reception, rota, rules};
use gongyu_kernel::{Date, Id, Result};
use gongyu_registry::{people, unit, year};
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;

/// Title, text, answer and topic.
type Told = (&'static str, &'static str, &'static str, Topic);

const TOLD: [Told; 10] = [
    ("食堂的菜偏咸", "这两周的菜偏咸，孩子回家总喝水。", "食堂从下周起少放盐，每周五请两位家长试餐。", Topic::Food),
    ("放学时校门口太挤", "四点半校门口车多人多，希望错开放学。", "各年级放学错开十分钟，保安加一人。", Topic::Safety),
    (
        "课后服务能不能晚半小时",
        "我们五点半才下班，接孩子来不及。",
        "本月起加开一个到六点的班，在校务室报名。",
        Topic::AfterSchool,
    ),
    (
        "周末作业有点多",
        "周末三科都有作业，孩子做到晚上九点。",
        "年级组统一了周末作业量，每科不超过二十分钟。",
        Topic::Homework,
    ),
    ("操场的篮筐松了", "操场东边的篮筐松了，怕砸到孩子。", "总务处当天修好了，其余器材也查了一遍。", Topic::Grounds),
    ("校服费什么时候退", "上学期多交的校服费还没退。", "已列清单，本周内原路退回，请您核对。", Topic::Fees),
    (
        "老师说话重了些",
        "孩子说老师当着全班批评他，回家一直哭。",
        "年级组长和老师谈过，老师向孩子道了歉。",
        Topic::Conduct,
    ),
    ("同桌总拿文具", "孩子的文具常被同桌拿走，不敢说。", "班主任和两个孩子谈了，换了座位，会再留意。", Topic::Bullying),
    ("想多知道孩子在校的事", "平时不知道孩子在学校怎么样。", "每学期的开放日和家访都会提前通知您。", Topic::Contact),
    ("谢谢值日老师", "孩子发烧，值日老师送到医院，一直等到我们来。", "已转告老师，谢谢您的来信。", Topic::Thanks),
];

/// Makes them around the class teacher's school of `accounts.json`.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<()> {
    let actor = |role: Role| {
        let cookie = accounts.iter().find(|a| a.role == role)?.cookie.split_once('=')?.1.to_owned();
        let lifetimes = app.lifetimes();
        app.db.read_wait(move |r| session::find(r, &cookie, lifetimes)).ok()?.map(|found| found.actor)
    };
    let Some(teacher) = actor(Role::ClassTeacher) else { return Ok(()) };
    let mut dice = Dice::of(seed, 79);
    let class = teacher.unit()?;
    let (school, others) = app.db.read_wait(move |r| {
        let school = unit::find(r, class)?.school.unwrap_or(class);
        let others: Vec<Id> =
            unit::schools(r, None)?.into_iter().map(|s| s.id).filter(|s| *s != school).take(12).collect();
        Ok((school, others))
    })?;
    let leaders = app.db.read_wait(move |r| leaders_of(r, school))?;
    let [director, leader] = leaders.as_slice() else { return Ok(()) };
    for n in 0..30_i64 {
        let back = 25 + n * 20;
        past(app, &mut dice, (school, director, leader), n, back)?;
    }
    for (i, other) in others.into_iter().enumerate() {
        let them = app.db.read_wait(move |r| leaders_of(r, other))?;
        let [director, leader] = them.as_slice() else { continue };
        for n in 0..(4 + i as i64 % 5 * 3) {
            past(app, &mut dice, (other, director, leader), n + i as i64, 20 + n * 25)?;
        }
    }
    present(app, &teacher, (school, director, leader), actor(Role::Guardian))?;
    receptions(app, school, director, leader)
}

/// Director and leader of a school.
fn leaders_of(r: &mut Reader, school: Id) -> Result<Vec<Actor>> {
    let mut out = Vec::new();
    for role in [Role::MoralDirector, Role::SchoolLeader] {
        let found = gongyu_access::grant::holders(r, school, role)?.into_iter().next();
        out.extend(found.map(|(account, name, staff)| Actor {
            account,
            session: None,
            name,
            staff,
            guardian: None,
            hat: Hat { role, unit: Some(school), unit_name: String::new(), grant: None },
            strong: false,
            must_change: false,
            prefs: Prefs::default(),
        }));
    }
    Ok(out)
}

fn intake(school: Id, told: &Told, public: bool, key: String) -> Intake {
    let matter = Matter { title: told.0.to_owned(), body: told.1.to_owned() };
    Intake { school, topic: told.3, matter, wishes_public: public, key }
}

fn days(day: Date, n: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(n))
}

type Of<'a> = (Id, &'a Actor, &'a Actor);

/// A matter that came in `back` days ago by some door and was answered.
fn past(app: &App, dice: &mut Dice, (school, director, leader): Of<'_>, n: i64, back: i64) -> Result<()> {
    let told = TOLD[usize::try_from(n).unwrap_or(0) % TOLD.len()];
    let (took, public) = (if dice.chance(0.12) { 13 } else { dice.between(1, 7) }, dice.chance(0.5));
    let rating = match dice.between(0, 9) {
        0..=4 => Rating::Satisfied,
        5..=6 => Rating::Basic,
        7 => Rating::Unsatisfied,
        _ => Rating::None,
    };
    let (director, leader, on) = (director.clone(), leader.clone(), app.clone());
    app.db.write_wait(move |tx| {
        let key = format!("demo-past-of-{school}-{n}-{back}");
        let id = match n % 3 {
            0 => {
                store::anonymous(tx, &on, &NewAnonymous { intake: intake(school, &told, public, key.clone()) })?;
                by_key(tx, &on, &key)?
            }
            _ => {
                let door = if n % 3 == 1 { Door::Line } else { Door::Reception };
                store::noted(tx, &on, &director, &call(tx.today(), door, intake(school, &told, false, key)))?
            }
        };
        let mut case = store::find(tx, id)?;
        if let Some(staff) = director.staff {
            store::assign(tx, &on, &leader, &mut case, staff, "")?;
        }
        store::submit(tx, &on, &director, &mut case, told.2)?;
        store::approve(tx, &on, &leader, &mut case)?;
        if case.state == gongyu_contact::caseload::model::State::Telling {
            store::tell(tx, &on, &director, &mut case, How::Phone)?;
        }
        if rating != Rating::None {
            store::rate(tx, &on, &mut case, rating, "")?;
        }
        if case.wishes_public && n % 2 == 0 {
            store::publish(tx, &on, &leader, &mut case, told.0, told.2)?;
        }
        date_back(tx, &mut case, back, took)
    })
}

fn call(day: Date, door: Door, intake: Intake) -> NewCase {
    NewCase {
        intake,
        door,
        day,
        student: None,
        guardian: None,
        person: Person::default(),
        answered: String::new(),
        minutes: 6,
    }
}

fn by_key(r: &mut Reader, app: &App, key: &str) -> Result<Id> {
    let key = app.vault.blind("caseload-key", key);
    r.scalar(sql!("SELECT id FROM caseload_case WHERE client_key = $1"), &[&key])
}

/// As if it had come in `back` days ago and been answered `took` days later.
fn date_back(tx: &mut Tx, case: &mut Case, back: i64, took: i64) -> Result<()> {
    let calendar = year::calendar(tx)?;
    let received = days(tx.today(), -back);
    let answered = days(received, took);
    let mut stages = rules::begin(&rules::CaseSettings::default(), received);
    stages.meet(ACCEPT, days(received, 1));
    stages.meet(ANSWER, answered);
    let late = stages.late(&calendar.holidays, answered);
    let school_year = calendar.year_of(received).code();
    tx.exec(
        sql!(
            "UPDATE caseload_case SET received_on = $2, answered_on = $3, stages = $4, late = $5, school_year = $6
              WHERE id = $1"
        ),
        &[&case.id, &received, &answered, &stages, &late, &school_year],
    )?;
    let first = days(received, 1);
    tx.exec(
        sql!(
            "UPDATE caseload_event SET on_day = CASE WHEN kind = 'received' THEN $2 WHEN kind = 'assigned' THEN $3
              ELSE $4 END WHERE case_id = $1"
        ),
        &[&case.id, &received, &first, &answered],
    )?;
    tx.exec(sql!("UPDATE caseload_reply SET sent_on = $2 WHERE case_id = $1"), &[&case.id, &answered])?;
    tx.exec(sql!("UPDATE caseload_public SET published_on = $2 WHERE case_id = $1"), &[&case.id, &answered])?;
    Ok(())
}

/// One in every state, today.
fn present(app: &App, teacher: &Actor, (school, director, leader): Of<'_>, guardian: Option<Actor>) -> Result<()> {
    let (teacher, director, leader, on) = (teacher.clone(), director.clone(), leader.clone(), app.clone());
    app.db.write_wait(move |tx| {
        let today = tx.today();
        let key = |what: &str| format!("demo-present-{what}-of-{school}");
        for (n, what) in ["unsigned-a", "unsigned-b"].iter().enumerate() {
            store::anonymous(tx, &on, &NewAnonymous { intake: intake(school, &TOLD[6 + n], true, key(what)) })?;
            let id = by_key(tx, &on, &key(what))?;
            let before = days(today, -2 - n as i64 * 9);
            let stages = rules::begin(&rules::CaseSettings::default(), before);
            tx.exec(
                sql!("UPDATE caseload_case SET received_on = $2, stages = $3 WHERE id = $1"),
                &[&id, &before, &stages],
            )?;
            let mut case = store::find(tx, id)?;
            store::save(tx, &mut case)?;
        }
        let called =
            store::noted(tx, &on, &director, &call(today, Door::Line, intake(school, &TOLD[1], false, key("call"))))?;
        let mut case = store::find(tx, called)?;
        if let Some(staff) = teacher.staff {
            store::assign(tx, &on, &director, &mut case, staff, "请看看怎么错开")?;
        }
        let told =
            store::noted(tx, &on, &director, &call(today, Door::Line, intake(school, &TOLD[4], false, key("tell"))))?;
        let mut case = store::find(tx, told)?;
        if let Some(staff) = director.staff {
            store::assign(tx, &on, &leader, &mut case, staff, "")?;
        }
        store::submit(tx, &on, &director, &mut case, TOLD[4].2)?;
        store::approve(tx, &on, &leader, &mut case)?;
        let Some(parent) = guardian.clone() else { return Ok(()) };
        let Some(me) = parent.guardian else { return Ok(()) };
        let Some(child) = people::children_of(tx, me)?.into_iter().find(|c| c.school == school) else { return Ok(()) };
        let letter = |tx: &mut Tx, n: usize, what: &str, confidential: bool| {
            let new = NewLetter { intake: intake(school, &TOLD[n], true, key(what)), confidential, student: child.id };
            let id = store::letter(tx, &on, &parent, &new)?;
            store::find(tx, id)
        };
        letter(tx, 0, "new", false)?;
        let mut asking = letter(tx, 5, "asking", false)?;
        let mut approving = letter(tx, 2, "approving", true)?;
        let mut answered = letter(tx, 3, "answered", false)?;
        let mut petition = letter(tx, 7, "petition", false)?;
        if let Some(staff) = teacher.staff {
            for case in [&mut asking, &mut approving, &mut answered, &mut petition] {
                store::assign(tx, &on, &director, case, staff, "")?;
            }
        }
        store::ask(tx, &on, &teacher, &mut asking, "是哪个学期交的？有收据吗？")?;
        store::submit(tx, &on, &teacher, &mut approving, TOLD[2].2)?;
        store::submit(tx, &on, &teacher, &mut answered, TOLD[3].2)?;
        store::approve(tx, &on, &leader, &mut answered)?;
        store::petition(tx, &on, &leader, &mut petition, "家长要求按信访办理")?;
        // Nothing is sent when a demo starts.
        let now = tx.now();
        tx.exec(
            sql!(
                "UPDATE dispatch SET state = 'delivered', channel = 'sms', changed_at = $1
                  WHERE kind = 'caseload' AND state = 'queued'"
            ),
            &[&now],
        )?;
        Ok(())
    })
}

/// The rota, its days of this semester, and the guardian's own way to book what is free.
fn receptions(app: &App, school: Id, director: &Actor, leader: &Actor) -> Result<()> {
    let leaders: Vec<Id> = [leader.staff, director.staff].into_iter().flatten().collect();
    app.db.write_wait(move |tx| {
        let doors = SchoolDoors {
            hours: "工作日8:00—17:00".to_owned(),
            place: "家长接待室".to_owned(),
            turns: vec![Turn { weekday: 5, weeks: Vec::new(), from: 14 * 60, to: 16 * 60, leaders: leaders.clone() }],
            ..SchoolDoors::default()
        };
        keep_doors(tx, school, &doors)?;
        let (calendar, today) = (year::calendar(tx)?, tx.today());
        let semester = calendar.dates_of(calendar.semester_of(today));
        for planned in rota::planned(&doors.turns, semester.from.max(days(today, -60)), semester.to, &calendar.holidays)
        {
            reception::plan(tx, school, &planned)?;
        }
        Ok(())
    })
}
