//! Open days of the school that the drawings show: one that was, with who came and what they say; one to come with
//! bookings and a line; one being prepared. They are made by the feature itself.

use super::accounts::Account;
use super::dice::Dice;
use gongyu_access::{Role, session};
use gongyu_contact::open_day::book::{self, Asked};
use gongyu_contact::open_day::door;
use gongyu_contact::open_day::model::{How, Kind, NewOpenDay, NewSession, OpenDay, Session};
use gongyu_contact::open_day::{feedback, sessions, store};
use gongyu_kernel::{Date, Id, Millis, Result};
use gongyu_parts::booking::Outcome;
use gongyu_parts::form::{Answer, Answers};
use gongyu_registry::{people, unit};
use gongyu_store::{Reader, Tx, sql};
use gongyu_web::App;

/// Title, room, from, to, places.
type Planned = (Kind, &'static str, &'static str, i64, i64, i64);

const SESSIONS: [Planned; 4] = [
    (Kind::Lesson, "语文公开课《草船借箭》", "三楼录播室", 9 * 60, 9 * 60 + 40, 24),
    (Kind::Lesson, "数学公开课《分数的初步认识》", "二楼多功能厅", 9 * 60, 9 * 60 + 40, 16),
    (Kind::Tour, "看食堂和图书馆", "校门口集合", 10 * 60, 10 * 60 + 40, 20),
    (Kind::Talk, "和校长座谈", "一楼会议室", 10 * 60 + 50, 11 * 60 + 30, 10),
];

const SAID: [(&str, &str, &str); 6] = [
    ("a", "孩子敢举手了", ""),
    ("a", "食堂很干净", "座谈时间再长一点"),
    ("b", "", "希望能看体育课"),
    ("a", "老师认识每个孩子", ""),
    ("b", "公开课", "位置太少"),
    ("a", "", ""),
];

/// Makes them around the class teacher of `accounts.json`.
pub(super) fn make(app: &App, accounts: &[Account], seed: u64) -> Result<()> {
    let teacher = accounts.iter().find(|a| a.role == Role::ClassTeacher);
    let Some(cookie) = teacher.and_then(|a| a.cookie.split_once('=')).map(|(_, token)| token.to_owned()) else {
        return Ok(());
    };
    let lifetimes = app.lifetimes();
    let Some(found) = app.db.read_wait(move |r| session::find(r, &cookie, lifetimes))? else { return Ok(()) };
    let class = found.actor.unit()?;
    let by = found.actor.account;
    let place = app.db.read_wait(move |r| unit::find(r, class))?;
    let Some(school) = place.school else { return Ok(()) };
    let today = app.clock().today();
    let day = move |n: i64| today.saturating_add(jiff::Span::new().days(n));
    let mut dice = Dice::of(seed, 79);
    let families = app.db.read_wait(move |r| families(r, school))?;
    was(app, &mut dice, (school, by), day(-20), &families)?;
    to_come(app, &mut dice, (school, by), day(4), &families)?;
    app.db.write_wait(move |tx| {
        store::create(tx, school, &new(tx.now(), "期末亲子运动会", day(26)), by, "demo-draft").map(drop)
    })
}

/// Guardian, child.
type Family = (Id, Id);

/// The first guardians of the school's children, a child of each class in turn.
fn families(r: &mut Reader, school: Id) -> Result<Vec<Family>> {
    r.rows(
        sql!(
            "SELECT k.guardian_id, s.id FROM student s JOIN guardianship k ON k.student_id = s.id AND k.position = 1
               AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
              WHERE s.school_id = $1 AND s.state = 'active' AND s.class_id IS NOT NULL
              ORDER BY s.number_in_class, s.class_id, s.id LIMIT 90"
        ),
        &[&school],
    )
}

fn new(now: Millis, title: &str, day: Date) -> NewOpenDay {
    NewOpenDay {
        title: title.to_owned(),
        intro: "请您来看看孩子怎么上课，也看看食堂。请带身份证，从东门进。".to_owned(),
        place: "学校东门".to_owned(),
        day,
        capacity: 0,
        per_family: 3,
        per_class: 0,
        opens_at: Millis::start_of(now.date()).plus_days(-3).plus_minutes(8 * 60),
        closes_at: Millis::start_of(day).plus_minutes(8 * 60),
        offer_minutes: 24 * 60,
        passes: true,
        classes: Vec::new(),
        questions: String::new(),
    }
}

fn prepared(tx: &mut Tx, (school, by): (Id, Id), title: &str, day: Date, key: &str) -> Result<(OpenDay, Vec<Session>)> {
    let staff = people::staff_of_school(tx, school)?;
    let now = tx.now();
    // A day that was is prepared as one of tomorrow, then put back to its day.
    let (id, _) = store::create(tx, school, &new(now, title, day), by, key)?;
    let open = store::find(tx, id)?;
    for (n, (kind, title, place, from, to, capacity)) in SESSIONS.iter().enumerate() {
        let session = NewSession {
            kind: *kind,
            title: (*title).to_owned(),
            place: (*place).to_owned(),
            teacher: staff.get(n * 3 + 1).map(|s| s.id),
            starts_at: Millis::start_of(day).plus_minutes(*from),
            ends_at: Millis::start_of(day).plus_minutes(*to),
            capacity: *capacity,
        };
        sessions::add(tx, &open, &session)?;
    }
    store::publish(tx, &open)?;
    Ok((store::find(tx, id)?, store::sessions(tx, &[id])?))
}

fn asked(child: Id, dice: &mut Dice) -> Asked {
    Asked { about: vec![child], adults: if dice.chance(0.35) { 2 } else { 1 }, along: false, wait: true }
}

/// One to come: the small sessions are full and some families wait.
fn to_come(app: &App, dice: &mut Dice, school: (Id, Id), day: Date, families: &[Family]) -> Result<()> {
    let (open, sessions) = app.db.write_wait(move |tx| prepared(tx, school, "秋季家长开放日", day, "demo-to-come"))?;
    for (n, (guardian, child)) in families.iter().take(52).enumerate() {
        let Some(session) = sessions.get([0, 1, 3, 2, 1][n % 5]).cloned() else { continue };
        let (random, guardian, asked) = (app.random.clone(), *guardian, asked(*child, dice));
        let day = open.id;
        app.db.write_wait(move |tx| {
            booked(tx, &random, school.1, guardian, &session, &asked, &format!("demo-{day}-{n}")).map(drop)
        })?;
    }
    Ok(())
}

fn booked(
    tx: &mut Tx,
    random: &gongyu_kernel::random::Random,
    by: Id,
    guardian: Id,
    session: &Session,
    asked: &Asked,
    key: &str,
) -> Result<Option<Id>> {
    match book::book(tx, random, (by, guardian), session, asked, key) {
        Ok(Outcome::Booked(id) | Outcome::Waiting(id)) => Ok(Some(id)),
        Ok(_) | Err(gongyu_kernel::Error::Conflict(_) | gongyu_kernel::Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// One that was: made for today, its families come, then everything is put back to its day.
fn was(app: &App, dice: &mut Dice, school: (Id, Id), day: Date, families: &[Family]) -> Result<()> {
    let today = app.clock().today();
    let tomorrow = today.tomorrow().unwrap_or(today);
    let (open, sessions) = app.db.write_wait(move |tx| prepared(tx, school, "家长进校听课日", tomorrow, "demo-was"))?;
    let mut came = Vec::new();
    for (n, (guardian, child)) in families.iter().skip(20).take(46).enumerate() {
        let Some(session) = sessions.get(n % 4).cloned() else { continue };
        let (random, guardian, asked) = (app.random.clone(), *guardian, asked(*child, dice));
        let id = open.id;
        let booking = app.db.write_wait(move |tx| {
            booked(tx, &random, school.1, guardian, &session, &asked, &format!("demo-{id}-{n}"))
        })?;
        if let Some(booking) = booking.filter(|_| dice.chance(0.88)) {
            came.push((booking, guardian));
        }
    }
    let moved = (Millis::start_of(tomorrow).0 - Millis::start_of(day).0).max(0);
    app.db.write_wait(move |tx| {
        put_back(tx, open.id, day, moved)?;
        let open = store::find(tx, open.id)?;
        // Corrections of a day long past are closed; the demo notes who came as if it were that week.
        let mut spoke = 0;
        for (n, (booking, guardian)) in came.iter().enumerate() {
            let party = book::party(tx, *booking)?;
            if gongyu_parts::booking::find(tx, *booking)?.state != gongyu_parts::booking::State::Booked {
                continue;
            }
            let how = if n % 4 == 0 { How::List } else { How::Code };
            door::note(tx, &open, &party, how, school.1)?;
            if n % 2 == 0 {
                let (degree, best, wish) = SAID[spoke % SAID.len()];
                let text = |key: &str, words: &str| (key.to_owned(), Answer::Text(words.to_owned()));
                let mut answers = vec![("q1".to_owned(), Answer::One(degree.to_owned()))];
                let spoken = spoke < SAID.len();
                let (best, wish) = if spoken { (best, wish) } else { ("", "") };
                answers.extend([text("q2", best), text("q3", wish)].into_iter().filter(|(_, a)| *a != text("", "").1));
                let answers = Answers(answers.into_iter().collect());
                feedback::keep(tx, open.id, open.school, *guardian, &answers)?;
                spoke += 1;
            }
        }
        let at = Millis::start_of(day).plus_minutes(8 * 60 + 50);
        tx.exec(sql!("UPDATE open_arrival SET at = $1 WHERE open_day_id = $2"), &[&at, &open.id])?;
        door::settle(tx, &open)
    })
}

fn put_back(tx: &mut Tx, id: Id, day: Date, by: i64) -> Result<()> {
    tx.exec(
        sql!(
            "UPDATE open_day SET day = $1, opens_at = opens_at - $2, closes_at = closes_at - $2,
               created_at = created_at - $2 WHERE id = $3"
        ),
        &[&day, &by, &id],
    )?;
    tx.exec(
        sql!("UPDATE open_session SET starts_at = starts_at - $1, ends_at = ends_at - $1 WHERE open_day_id = $2"),
        &[&by, &id],
    )?;
    tx.exec(
        sql!(
            "UPDATE booking SET starts_at = starts_at - $1, ends_at = ends_at - $1, asked_at = asked_at - $1
              WHERE id IN (SELECT booking_id FROM open_party WHERE open_day_id = $2)"
        ),
        &[&by, &id],
    )
    .map(drop)
}
