//! Families that were asked whether a recorded contact happened: drawn as the night draws, answered as
//! families answer. The guardian of `accounts.json` has a question waiting.

use super::accounts::Account;
use super::dice::Dice;
use super::sink::own;
use gongyu_access::{Actor, Role, session};
use gongyu_contact::contact_log::{self, NewContact, Who};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_ledger::question::{self, OLDEST_DAYS, Outcome, State};
use gongyu_ledger::rules::{Channel, Tone};
use gongyu_store::{Value, record, sql};
use gongyu_web::App;
use jiff::ToSpan;
use std::collections::{HashMap, HashSet};

/// Its own stream of chance.
const PART: u64 = 10;
/// Days looked back over: this semester and the last.
const DAYS: i32 = 280;
/// Drawn of a hundred.
const PERCENT: u8 = 5;
/// Rows of one write.
const AT_ONCE: usize = 2_000;

const COLUMNS: &[&str] = &[
    "id",
    "school_id",
    "touch_id",
    "student_id",
    "family_id",
    "guardian_id",
    "occurred_on",
    "asked_on",
    "state",
    "answered_at",
    "outcome",
    "outcome_sealed",
    "followed_at",
];

record! {
    #[derive(Clone)]
    struct Contact {
        touch: Id,
        school: Id,
        student: Id,
        family: Id,
        guardian: Id,
        day: Date,
    }
}

/// Makes them.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<()> {
    let today = app.clock().today();
    let of = |role: Role| -> Result<Option<Actor>> {
        let cookie = accounts.iter().find(|a| a.role == role).and_then(|a| a.cookie.split_once('='));
        let Some(token) = cookie.map(|(_, token)| token.to_owned()) else { return Ok(None) };
        let lifetimes = app.lifetimes();
        Ok(app.db.read_wait(move |r| session::find(r, &token, lifetimes))?.map(|found| found.actor))
    };
    let shown = of(Role::Guardian)?.and_then(|actor| actor.guardian);
    if let (Some(teacher), Some(guardian)) = (of(Role::ClassTeacher)?, shown) {
        call(app, teacher, guardian, today)?;
    }
    let since = today.saturating_sub(DAYS.days());
    let contacts: Vec<Contact> = app.db.read_wait(move |r| {
        r.rows(
            sql!(
                "SELECT t.id, t.school_id, t.student_id, s.family_id, a.guardian_id, t.occurred_on
                  FROM account a JOIN guardianship k ON k.guardian_id = a.guardian_id AND k.valid_to IS NULL
                    AND k.may_receive AND NOT k.restricted
                  JOIN student s ON s.id = k.student_id AND s.state = 'active' AND s.family_id IS NOT NULL
                  JOIN touch t ON t.student_id = s.id AND t.occurred_on >= $1 AND t.guardian_id = a.guardian_id
                    AND t.reverses_id IS NULL AND t.depth IN ('talked', 'met')
                    AND t.kind IN ('contact', 'visit', 'meeting', 'open_day')
                  WHERE a.guardian_id IS NOT NULL ORDER BY s.family_id, t.occurred_on, t.id"
            ),
            &[&since],
        )
    })?;
    let still_open = question::last_day(today);
    let mut last: HashMap<Id, Date> = HashMap::new();
    let mut waiting: HashSet<Id> = HashSet::new();
    let mut drawn: Vec<(Contact, bool)> = Vec::new();
    for one in contacts {
        let waits = shown == Some(one.guardian) && one.day >= still_open && waiting.insert(one.family);
        let rested = last.get(&one.family).is_none_or(|day| day.saturating_add(1.month()) < one.day);
        if waits || (rested && question::chosen(seed, one.touch, PERCENT)) {
            // Nobody is asked twice in a month, so an earlier one of the shown guardian gives way.
            drawn.retain(|(held, _)| !waits || held.family != one.family);
            last.insert(one.family, one.day);
            drawn.push((one, waits));
        }
    }
    // The school of the drawings has one that its leader may look into.
    let school = drawn.iter().find(|(_, waits)| *waits).map(|(one, _)| one.school);
    let of_school = drawn.iter().filter(|(one, waits)| !*waits && Some(one.school) == school);
    let denied = of_school.max_by_key(|(one, _)| (one.day, one.touch)).map(|(one, _)| one.touch);
    for (n, chunk) in drawn.chunks(AT_ONCE).enumerate() {
        let mut dice = Dice::of(seed, PART + 1_000_000 + n as u64);
        let wanted = chunk.len();
        let ids: Vec<Id> = app.db.write_wait(move |tx| Ok((0..wanted).map(|_| tx.new_id()).collect()))?;
        let mut rows = Vec::with_capacity(chunk.len());
        for ((one, waits), id) in chunk.iter().zip(ids) {
            rows.push(row(app, one, id, (forced(one, *waits, denied), today), &mut dice)?);
        }
        app.db.write_wait(move |tx| tx.insert_many("touch_question", COLUMNS, &rows))?;
    }
    Ok(())
}

/// A call of the shown class teacher to the shown guardian two days ago: what the question is about.
fn call(app: &App, teacher: Actor, guardian: Id, today: Date) -> Result<()> {
    let class = teacher.unit()?;
    app.db.write_wait(move |tx| {
        let child: Option<(Id,)> = tx.row(
            sql!(
                "SELECT s.id FROM guardianship k JOIN student s ON s.id = k.student_id AND s.state = 'active'
                  WHERE k.guardian_id = $1 AND s.class_id = $2 AND k.valid_to IS NULL ORDER BY s.id LIMIT 1"
            ),
            &[&guardian, &class],
        )?;
        let Some((child,)) = child else { return Ok(()) };
        let new = NewContact {
            children: vec![child],
            channel: Channel::Phone,
            tone: Tone::Good,
            note: "值日时主动把桌椅摆整齐".to_owned(),
            day: today.saturating_sub(2.days()),
            minutes: 5,
            by_family: false,
            left_message: false,
            who: Who::Guardian(guardian),
        };
        contact_log::log(tx, &teacher, &new, "demo-question").map(drop)
    })
}

/// Where a question stands by the will of the drawings.
fn forced(one: &Contact, waits: bool, denied: Option<Id>) -> Option<State> {
    if waits { Some(State::Open) } else { (denied == Some(one.touch)).then_some(State::No) }
}

fn row(
    app: &App,
    one: &Contact,
    id: Id,
    (forced, today): (Option<State>, Date),
    dice: &mut Dice,
) -> Result<Vec<Value<'static>>> {
    let asked_on = one.day.saturating_add(1.day()).min(today);
    let fresh = (today - one.day).get_days() <= OLDEST_DAYS;
    let said = dice.share();
    let drawn = match said {
        s if fresh && s < 0.45 => State::Open,
        s if s < 0.84 => State::Yes,
        s if s < 0.87 => State::No,
        s if s < 0.91 => State::Unsure,
        _ if fresh => State::Open,
        _ => State::Lapsed,
    };
    let state = forced.unwrap_or(drawn);
    let answered = matches!(state, State::Yes | State::No | State::Unsure);
    let at = answered.then(|| Millis::start_of(asked_on).plus_minutes(dice.between(400, 1_200)));
    let outcome = (state == State::No && forced.is_none() && dice.chance(0.7)).then(|| {
        *dice.pick(&[Outcome::Remembered, Outcome::Remembered, Outcome::Other, Outcome::Mended, Outcome::Unknown])
    });
    let words = match outcome {
        Some(Outcome::Remembered) => "和家里通了电话，一说就想起来了",
        Some(Outcome::Other) => "那天接电话的是爷爷",
        Some(Outcome::Mended) => "记到同桌名下了，已经改正",
        _ => "",
    };
    let sealed = match outcome {
        Some(_) => Some(app.vault.seal("touch_question.outcome_sealed", id, words.as_bytes())?),
        None => None,
    };
    Ok(vec![
        own(&id),
        own(&one.school),
        own(&one.touch),
        own(&one.student),
        own(&one.family),
        own(&one.guardian),
        own(&one.day),
        own(&asked_on),
        own(&state),
        own(&at),
        own(&outcome),
        own(&sealed),
        own(&outcome.and(at.map(|at| at.plus_minutes(2_000)))),
    ])
}
