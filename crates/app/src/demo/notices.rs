//! Notices in every state: the class and the school that the drawings show, and one of the district. They are
//! written out by the engine itself and then told what became of them, so that the demo cannot differ from
//! what the product does. Their letters are long gone: nothing is sent when a demo starts.

use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Actor, Hat, Prefs, Role, session};
use gongyu_contact::notice::{Audience, Draft, Kind, SOURCE, fan_out, store};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_registry::unit;
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;
use std::collections::HashMap;

/// Children told of in one write.
const AT_ONCE: usize = 400;

/// What becomes of a notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Stands,
    Withdrawn,
    Corrected,
    Draft,
    Template,
    /// Goes in so many hours.
    Later(i64),
}

/// A notice of the demo: how many days ago, what, and how families took it.
struct Told {
    days_ago: i64,
    hour: i64,
    kind: Kind,
    title: &'static str,
    body: &'static str,
    /// Days from sending to the deadline.
    until: Option<i64>,
    /// Of 100 children: confirmed, only read.
    shares: (u32, u32),
    end: End,
}

const CHOICES: &str = r#"{"questions":[{"key":"come","ask":"您能来吗","must":true,"kind":"one","choices":[{"key":"yes","label":"能来"},{"key":"no","label":"请假，周末再联系"}]}]}"#;
const ANSWERS: [&str; 2] = [r#"{"come":{"one":"yes"}}"#, r#"{"come":{"one":"no"}}"#];

const fn told(
    (days_ago, hour): (i64, i64),
    kind: Kind,
    title: &'static str,
    body: &'static str,
    until: Option<i64>,
    shares: (u32, u32),
    end: End,
) -> Told {
    Told { days_ago, hour, kind, title, body, until, shares, end }
}

use Kind::{Answer, Confirm, Plain};

const OF_CLASS: [Told; 12] = [
    told((250, 17), Plain, "下周一穿校服升旗", "请给孩子准备好校服和红领巾。", None, (0, 88), End::Stands),
    told((172, 16), Confirm, "春游安全须知", "请看后和孩子说一说：不离队，不带打火机。", Some(2), (93, 4), End::Stands),
    told(
        (81, 18),
        Confirm,
        "新学期作息时间",
        "早上7:50到校，下午4:30放学，周三4:00放学。",
        Some(3),
        (96, 2),
        End::Stands,
    ),
    told((60, 17), Plain, "今天的数学作业只做第一题", "第二题印错了，明天课上一起做。", None, (0, 79), End::Stands),
    told(
        (39, 12),
        Confirm,
        "体检前一晚请清淡饮食",
        "周四上午体检，早上空腹，带水杯和一块面包。",
        Some(1),
        (91, 5),
        End::Stands,
    ),
    told((33, 17), Confirm, "周三放学改到4:20", "本周三有消防演练，放学改到4:20。", Some(1), (64, 20), End::Corrected),
    told((25, 11), Plain, "明天带一片树叶", "科学课要用，树叶捡地上的就好。", None, (0, 82), End::Stands),
    told((12, 16), Confirm, "周末请加一个班级群", "这条发错了，请家长不用理会。", None, (20, 30), End::Withdrawn),
    told(
        (5, 17),
        Confirm,
        "流感疫苗接种安排",
        "周五上午在校医室接种，不接种的请点确认后告诉我。",
        Some(3),
        (86, 8),
        End::Stands,
    ),
    told(
        (0, 8),
        Confirm,
        "周五去植物园：穿校服，带水杯和雨具",
        "早上8:10校门口集合，下午4:30回校。午餐学校统一准备，不收费。\n\n- 穿校服和运动鞋\n- 带水杯、雨具\n- 不带零食和玩具",
        Some(2),
        (41, 15),
        End::Stands,
    ),
    told((0, 0), Plain, "元旦联欢会节目征集", "想表演节目的孩子，请在下周三前告诉我。", None, (0, 0), End::Draft),
    told(
        (0, 0),
        Plain,
        "明天早上有雾，路上慢一点",
        "校门口会有老师值守，晚到十分钟不算迟到。",
        None,
        (0, 0),
        End::Later(20),
    ),
];

const OF_SCHOOL: [Told; 6] = [
    told((305, 15), Confirm, "寒假安全提醒", "不玩火，不去水边，出门告诉家里人。", Some(5), (90, 6), End::Stands),
    told((145, 15), Confirm, "防溺水家长承诺", "请看全文，和孩子一起说清楚六不准。", Some(4), (94, 3), End::Stands),
    told(
        (75, 10),
        Plain,
        "秋季学期收费公示",
        "只收课后服务费，其余一律不收。标准见学校公示栏。",
        None,
        (0, 77),
        End::Stands,
    ),
    told((18, 14), Confirm, "冬季上学时间调整", "从下周一起，早上到校时间改为8:10。", Some(3), (92, 5), End::Stands),
    told(
        (0, 8),
        Answer,
        "周五家长会，您能来吗",
        "周五下午3点，各班教室。来不了也没关系，班主任会打电话给您。",
        Some(3),
        (62, 12),
        End::Stands,
    ),
    told((40, 9), Answer, "家长会出席征询（模板）", "请选能不能来。", None, (0, 0), End::Template),
];

const OF_DISTRICT: [Told; 1] = [told(
    (10, 10),
    Confirm,
    "全区中小学生冬季取暖安全提醒",
    "使用电热毯、烤火炉时注意通风和断电，不让孩子单独在家用火。",
    Some(7),
    (83, 9),
    End::Stands,
)];

/// Makes them around the class teacher and the officer of `accounts.json`.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<()> {
    let actor = |role: Role| {
        let cookie = accounts.iter().find(|a| a.role == role)?.cookie.split_once('=')?.1.to_owned();
        let lifetimes = app.lifetimes();
        let found = app.db.read_wait(move |r| session::find(r, &cookie, lifetimes)).ok()??;
        Some(found.actor)
    };
    let mut dice = Dice::of(seed, 77);
    let shown: Option<Id> = actor(Role::Guardian).and_then(|a| a.guardian);
    let Some(teacher) = actor(Role::ClassTeacher) else { return Ok(()) };
    let class = teacher.unit()?;
    let place = app.db.read_wait(move |r| unit::find(r, class))?;
    for one in &OF_CLASS {
        tell(app, &mut dice, &teacher, class, one, shown)?;
    }
    let Some(school) = place.school else { return Ok(()) };
    if let Some(leader) = app.db.read_wait(move |r| holder(r, school, Role::MoralDirector))? {
        for one in &OF_SCHOOL {
            tell(app, &mut dice, &leader, school, one, None)?;
        }
    }
    if let (Some(officer), Some(town)) = (actor(Role::DistrictOfficer), place.town) {
        for one in &OF_DISTRICT {
            tell(app, &mut dice, &officer, town, one, None)?;
        }
    }
    store::count_classes(&app.db)
}

/// Somebody who wears a role in a unit.
fn holder(r: &mut Reader, unit: Id, role: Role) -> Result<Option<Actor>> {
    let found = gongyu_access::grant::holders(r, unit, role)?.into_iter().next();
    Ok(found.map(|(account, name, staff)| Actor {
        account,
        session: None,
        name,
        staff,
        guardian: None,
        hat: Hat { role, unit: Some(unit), unit_name: String::new(), grant: None },
        strong: false,
        must_change: false,
        prefs: Prefs::default(),
    }))
}

fn tell(app: &App, dice: &mut Dice, by: &Actor, to: Id, one: &'static Told, shown: Option<Id>) -> Result<()> {
    let now = app.clock().now();
    let sent = if one.days_ago == 0 && one.hour == 0 {
        now
    } else {
        let hour = Millis::start_of(now.date()).plus_days(-one.days_ago).plus_minutes(one.hour * 60 + 20);
        if hour < now { hour } else { now.plus_minutes(-25) }
    };
    let send_at = if let End::Later(hours) = one.end { Some(now.plus_minutes(hours * 60)) } else { None };
    let draft = Draft {
        kind: one.kind,
        title: one.title.to_owned(),
        body: one.body.to_owned(),
        questions: if one.kind == Answer { CHOICES.to_owned() } else { String::new() },
        audience: Audience { units: vec![to], ..Audience::default() },
        send_at,
        ..Draft::default()
    };
    let goes = !matches!(one.end, End::Draft | End::Template);
    let actor = by.clone();
    let id = app.db.write_wait(move |tx| {
        let (id, _) = store::create(tx, &actor, &draft, one.end == End::Template, "")?;
        if goes {
            let notice = store::find(tx, id)?;
            store::send(tx, &actor, &notice, true)?;
        }
        Ok(id)
    })?;
    if !goes || send_at.is_some() {
        return Ok(());
    }
    fan_out::run(&app.db, id)?;
    let deadline = one.until.map(|days| Millis::start_of(sent.date()).plus_days(days).plus_minutes(20 * 60));
    let remind = deadline.filter(|end| *end > now).map(|end| end.plus_days(-1)).filter(|at| *at > now);
    app.db.write_wait(move |tx| {
        let day = sent.date();
        tx.exec(
            sql!(
                "UPDATE notice SET created_at = $1, updated_at = $1, sent_at = $1, filled_at = $1, deadline_at = $2,
                        due_at = $3 WHERE id = $4"
            ),
            &[&sent, &deadline, &remind, &id],
        )?;
        tx.exec(sql!("UPDATE notice_class SET day = $1 WHERE notice_id = $2"), &[&day, &id])?;
        tx.exec(
            sql!(
                "UPDATE dispatch SET state = 'delivered', channel = 'sms', due_at = $1, changed_at = $1
                  WHERE source_id = $2 AND kind = $3"
            ),
            &[&sent, &id, &SOURCE],
        )
    })?;
    answer(app, dice, id, sent, one, shown)?;
    close(app, id, one)?;
    match one.end {
        End::Withdrawn => withdraw(app, id, sent),
        End::Corrected => {
            let (new, at) = correct(app, by, id, sent)?;
            answer(app, dice, new, at, one, None)?;
            close(app, new, one)
        }
        _ => Ok(()),
    }
}

/// A child, and the guardian who acts for it: the first of them.
struct Taken {
    child: Id,
    guardian: Option<Id>,
    state: &'static str,
    answer: Option<&'static str>,
    at: Millis,
}

/// What each family does, drawn by the shares.
fn answer(app: &App, dice: &mut Dice, id: Id, sent: Millis, one: &Told, shown: Option<Id>) -> Result<()> {
    let (now, kind) = (app.clock().now(), one.kind);
    let rows: Vec<(Id, Option<Id>, bool)> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT c.student_id, o.guardian_id, COALESCE(g.phone_blind, '') <> '' FROM notice_child c
                  LEFT JOIN guardianship k ON k.student_id = c.student_id AND k.valid_to IS NULL
                  LEFT JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = c.notice_id
                        AND o.student_id = c.student_id
                  LEFT JOIN guardian g ON g.id = o.guardian_id
                  WHERE c.notice_id = $1 ORDER BY c.student_id, k.position"
            ),
            &[&id],
        )
    })?;
    let mut first: Vec<(Id, Option<Id>, bool)> = Vec::new();
    let mut seen: HashMap<Id, usize> = HashMap::new();
    let waits = shown.filter(|_| one.days_ago == 0);
    let mut kept: Vec<Id> = Vec::new();
    for (child, guardian, phone) in rows {
        if guardian.is_some() && guardian == waits {
            kept.push(child);
        }
        match seen.get(&child) {
            // Who has a telephone acts before who has none.
            Some(at) if phone && !first[*at].2 => first[*at] = (child, guardian, phone),
            Some(_) => {}
            None => {
                seen.insert(child, first.len());
                first.push((child, guardian, phone));
            }
        }
    }
    let minutes = ((now.0 - sent.0) / 60_000).clamp(2, 2_000);
    let mut taken = Vec::with_capacity(first.len());
    for (child, guardian, phone) in first {
        let throw = u32::try_from(dice.below(100)).unwrap_or(0);
        let at = sent.plus_minutes(dice.between(1, minutes));
        let (confirmed, read) = one.shares;
        let state = match throw {
            _ if !phone => "failed",
            _ if kept.contains(&child) => "delivered",
            n if n < confirmed => "confirmed",
            n if n < confirmed + read => "read",
            n if n >= 99 => "failed",
            _ => "delivered",
        };
        let answer = (kind == Answer && state == "confirmed").then(|| ANSWERS[usize::from(dice.chance(0.12))]);
        taken.push(Taken { child, guardian, state, answer, at });
    }
    while !taken.is_empty() {
        let part: Vec<Taken> = taken.drain(..taken.len().min(AT_ONCE)).collect();
        app.db.write_wait(move |tx| write(tx, id, &part))?;
    }
    app.db.write_wait(move |tx| store::recount(tx, id))
}

fn write(tx: &mut Tx, id: Id, part: &[Taken]) -> Result<()> {
    for t in part {
        let confirmed = t.state == "confirmed";
        let mut answer = None;
        if let Some(body) = t.answer {
            let new = tx.new_id();
            tx.exec(
                sql!(
                    "INSERT INTO notice_answer (id, notice_id, school_id, student_id, guardian_id, body, at)
                      SELECT $1, notice_id, school_id, student_id, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT)
                        FROM notice_child WHERE notice_id = $5 AND student_id = $6"
                ),
                &[&new, &t.guardian, &body, &t.at, &id, &t.child],
            )?;
            answer = Some(new);
        }
        let by = t.guardian.filter(|_| confirmed);
        let via = if t.state == "failed" { "" } else { "in_app" };
        tx.exec(
            sql!(
                "UPDATE notice_child SET state = $1, via = $2, changed_at = $3, by_guardian = $4, answer_id = $5
                  WHERE notice_id = $6 AND student_id = $7"
            ),
            &[&t.state, &via, &t.at, &by, &answer, &id, &t.child],
        )?;
        let (read, done) = (confirmed || t.state == "read", confirmed.then_some(t.at));
        tx.exec(
            sql!(
                "UPDATE notice_receipt SET state = $1, channel = 'sms', delivered_at = $2, read_at = $3, confirmed_at = $4
                  WHERE notice_id = $5 AND student_id = $6 AND guardian_id = $7"
            ),
            &[&t.state, &(t.state != "failed").then_some(t.at), &read.then_some(t.at), &done, &id, &t.child, &t.guardian],
        )?;
        if t.state == "failed" {
            // Nobody else of the family can be reached either.
            tx.exec(
                sql!(
                    "UPDATE notice_receipt SET state = 'failed' WHERE notice_id = $1 AND student_id = $2
                        AND guardian_id IN (SELECT k.guardian_id FROM guardianship k WHERE k.student_id = $2)"
                ),
                &[&id, &t.child],
            )?;
        }
    }
    Ok(())
}

/// Nothing of an old notice waits any more, and of a new one only what was not answered.
fn close(app: &App, id: Id, one: &Told) -> Result<()> {
    let (open, plain) = (one.days_ago <= 5 && one.end == End::Stands, one.kind == Plain);
    app.db.write_wait(move |tx| {
        tx.exec(
            sql!(
                "UPDATE notice_receipt SET waits = FALSE WHERE notice_id = $1
                    AND (NOT $2 OR ($3 AND state = 'read') OR student_id IN (
                          SELECT c.student_id FROM notice_child c WHERE c.notice_id = $1 AND c.state = 'confirmed'))
                    AND guardian_id IN (SELECT k.guardian_id FROM notice_child c
                       JOIN guardianship k ON k.student_id = c.student_id WHERE c.notice_id = $1)"
            ),
            &[&id, &open, &plain],
        )
        .map(drop)
    })
}

fn withdraw(app: &App, id: Id, sent: Millis) -> Result<()> {
    app.db.write_wait(move |tx| {
        let notice = store::find(tx, id)?;
        store::recall(tx, &notice, "发错了班级，抱歉打扰")?;
        tx.exec(sql!("UPDATE notice SET recalled_at = $1 WHERE id = $2"), &[&sent.plus_minutes(40), &id]).map(drop)
    })
}

fn correct(app: &App, by: &Actor, id: Id, sent: Millis) -> Result<(Id, Millis)> {
    let (by, at) = (by.clone(), sent.plus_minutes(95));
    let new = app.db.write_wait(move |tx| {
        let notice = store::find(tx, id)?;
        let text =
            Draft { title: "更正：周三放学改到4:30".to_owned(), deadline: None, ..store::as_draft(&notice) };
        let new = store::correct(tx, &by, &notice, &text, "")?;
        tx.exec(
            sql!("UPDATE notice SET created_at = $1, sent_at = $1, filled_at = $1, due_at = NULL WHERE id = $2"),
            &[&at, &new],
        )?;
        tx.exec(
            sql!(
                "UPDATE dispatch SET state = 'delivered', channel = 'sms', due_at = $1, changed_at = $1
                  WHERE source_id = $2 AND kind = $3"
            ),
            &[&at, &new, &SOURCE],
        )?;
        Ok(new)
    })?;
    fan_out::run(&app.db, new)?;
    Ok((new, at))
}
