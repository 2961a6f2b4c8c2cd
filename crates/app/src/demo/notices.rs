//! Notices in every state: the class and the school that the drawings show, and one of the district. They are
//! written out by the engine itself and then told what became of them, so that the demo cannot differ from
//! what the product does. Their letters are long gone: nothing is sent when a demo starts.

mod told;

use self::told::{ANSWERS, CHOICES, End, OF_CLASS, OF_DISTRICT, OF_SCHOOL, Told};
use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Actor, Hat, Prefs, Role, session};
use gongyu_contact::notice::{Audience, Draft, Kind, SOURCE, fan_out, store};
use gongyu_deliver::inbox::{self, Said};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_ledger::rules::{Channel, Depth, TouchKind};
use gongyu_ledger::{
    reach,
    touch::{self, NewTouch},
};
use gongyu_parts::rich;
use gongyu_registry::people::Relation;
use gongyu_registry::unit;
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;
use std::collections::HashMap;

/// Children told of in one write.
const AT_ONCE: usize = 400;

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
        questions: if one.kind == Kind::Answer { CHOICES.to_owned() } else { String::new() },
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
    lay(app, id, sent, one)?;
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

/// The notice lies in the inbox of every guardian of a class or school who has an account.
fn lay(app: &App, id: Id, sent: Millis, one: &'static Told) -> Result<()> {
    let vault = app.vault.clone();
    let letters: Vec<(Id, Id)> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT a.id, d.id FROM dispatch d JOIN account a ON a.guardian_id = d.guardian_id
                  WHERE d.source_id = $1 AND d.kind = $2 ORDER BY a.id, d.id LIMIT 3000"
            ),
            &[&id, &SOURCE],
        )
    })?;
    let (title, text, href) = (one.title.to_owned(), rich::excerpt(one.body, 60), format!("/notices/{id}"));
    let said = Said { title, text, href };
    app.db.write_wait(move |tx| {
        letters.iter().try_for_each(|(account, letter)| inbox::lay(tx, &vault, *account, *letter, sent, &said))
    })
}

/// A child, and the guardian who acts for it: the first of them.
struct Taken {
    child: Id,
    guardian: Option<Id>,
    relation: Option<Relation>,
    state: &'static str,
    answer: Option<&'static str>,
    at: Millis,
}

/// What each family does, drawn by the shares.
fn answer(app: &App, dice: &mut Dice, id: Id, sent: Millis, one: &Told, shown: Option<Id>) -> Result<()> {
    let (now, kind) = (app.clock().now(), one.kind);
    let rows: Vec<(Id, Option<Id>, Option<Relation>, bool)> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT c.student_id, o.guardian_id, k.relation, COALESCE(g.phone_blind, '') <> '' FROM notice_child c
                  LEFT JOIN guardianship k ON k.student_id = c.student_id AND k.valid_to IS NULL
                  LEFT JOIN notice_receipt o ON o.guardian_id = k.guardian_id AND o.notice_id = c.notice_id
                        AND o.student_id = c.student_id
                  LEFT JOIN guardian g ON g.id = o.guardian_id
                  WHERE c.notice_id = $1 ORDER BY c.student_id, k.position"
            ),
            &[&id],
        )
    })?;
    let mut first: Vec<(Id, Option<Id>, Option<Relation>, bool)> = Vec::new();
    let mut seen: HashMap<Id, usize> = HashMap::new();
    let waits = shown.filter(|_| one.days_ago == 0);
    let mut kept: Vec<Id> = Vec::new();
    for (child, guardian, relation, phone) in rows {
        if guardian.is_some() && guardian == waits {
            kept.push(child);
        }
        match seen.get(&child) {
            // Who has a telephone acts before who has none.
            Some(at) if phone && !first[*at].3 => first[*at] = (child, guardian, relation, phone),
            Some(_) => {}
            None => {
                seen.insert(child, first.len());
                first.push((child, guardian, relation, phone));
            }
        }
    }
    let minutes = ((now.0 - sent.0) / 60_000).clamp(2, 2_000);
    let mut taken = Vec::with_capacity(first.len());
    let children: Vec<Id> = first.iter().map(|f| f.0).collect();
    let reached = app.db.read_wait(move |r| reach::of_children(r, &children, "all"))?;
    for (child, guardian, relation, phone) in first {
        let throw = u32::try_from(dice.below(100)).unwrap_or(0);
        let at = sent.plus_minutes(dice.between(1, minutes));
        let (confirmed, read) = one.shares;
        let state = match throw {
            _ if !phone => "failed",
            _ if kept.contains(&child) => "delivered",
            // Whom nobody ever reached does not answer a notice either.
            _ if !reached.get(&child).is_some_and(|c| c.reached(Depth::Confirmed)) => "delivered",
            n if n < confirmed => "confirmed",
            n if n < confirmed + read => "read",
            n if n >= 99 => "failed",
            _ => "delivered",
        };
        let answer = (kind == Kind::Answer && state == "confirmed").then(|| ANSWERS[usize::from(dice.chance(0.12))]);
        taken.push(Taken { child, guardian, relation, state, answer, at });
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
    touches(tx, id, part)
}

/// What it left in the ledger: told those it came to, confirmed by those who did.
fn touches(tx: &mut Tx, id: Id, part: &[Taken]) -> Result<()> {
    let came: Vec<&Taken> = part.iter().filter(|t| t.state != "failed").collect();
    let new: Vec<NewTouch> = came
        .iter()
        .map(|t| NewTouch {
            student: t.child,
            kind: TouchKind::NOTICE,
            depth: if t.state == "confirmed" { Depth::Confirmed } else { Depth::Told },
            channel: Channel::InApp,
            tone: None,
            by_family: false,
            occurred_on: t.at.date(),
            guardian: t.guardian,
            relation: t.relation,
            staff: None,
            staff_role: None,
            minutes: 0,
            source: (SOURCE, Some(id)),
            act: None,
            client_key: None,
        })
        .collect();
    let made = touch::record(tx, &new)?;
    for (touch, t) in made.iter().zip(came) {
        tx.exec(sql!("UPDATE touch SET recorded_at = $1 WHERE id = $2"), &[&t.at, touch])?;
    }
    Ok(())
}

/// Nothing of an old notice waits any more, and of a new one only what was not answered.
fn close(app: &App, id: Id, one: &Told) -> Result<()> {
    let (open, plain) = (one.days_ago <= 5 && one.end == End::Stands, one.kind == Kind::Plain);
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
