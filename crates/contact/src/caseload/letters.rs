//! What the caseload sends: to a writer with a name that something waits for them, to staff once a day what is
//! due. A letter says neither the matter nor that it was in confidence; nothing goes to an anonymous writer,
//! and nothing goes out at the moment a letter comes in.

use super::model::{Case, State};
use super::store::{find, of_staff_counts, refresh, who};
use gongyu_access::{Role, grant};
use gongyu_deliver::dispatch::{self, NewDispatch};
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::deadline;
use gongyu_registry::year;
use gongyu_store::jobs::Schedule;
use gongyu_store::{Reader, Tx, record, sql};
use gongyu_web::App;
use gongyu_web::letters::{Due, LetterSource, News, Words};
use gongyu_web::show::View;

/// To a writer: something waits for them.
const WRITER_LETTER: &str = "caseload";
/// To staff: what is due.
const STAFF_LETTER: &str = "caseload_due";
/// To a family: a reception they booked was called off.
const OFF_LETTER: &str = "reception_off";
/// Kind of the daily job.
pub const DAILY_JOB: &str = "caseload.daily";
/// Every day at nine; on a day off it brings dates up to date and reminds nobody.
pub const SCHEDULE: Schedule = Schedule { kind: DAILY_JOB, every: deadline::EVERY_DAY };

/// What the caseload sends.
pub const LETTERS: &[LetterSource] = &[
    LetterSource { kind: WRITER_LETTER, compose: to_writers, heard },
    LetterSource { kind: STAFF_LETTER, compose: to_staff, heard },
    LetterSource { kind: OFF_LETTER, compose: offs, heard },
];

fn heard(_: &mut Tx, _: &[News]) -> Result<()> {
    Ok(())
}

/// Tells a writer who has an account that the answer is there.
///
/// # Errors
/// As any statement.
pub(super) fn answered(tx: &mut Tx, app: &App, case: &Case) -> Result<()> {
    tell(tx, app, case)
}

/// Tells a writer who has an account that something waits for them: a question, an answer, more days.
///
/// # Errors
/// As any statement.
pub fn tell(tx: &mut Tx, app: &App, case: &Case) -> Result<()> {
    let Some(who) = who(tx, app, case.id)? else { return Ok(()) };
    let (Some(guardian), Some(account)) = (who.guardian, who.account) else { return Ok(()) };
    let letter = NewDispatch {
        kind: WRITER_LETTER,
        source: case.id,
        school: case.school,
        guardian: Some(guardian),
        account: Some(account),
        student: None,
        round: case.version,
        urgent: false,
        due_at: tx.now(),
    };
    dispatch::send(tx, &[letter])
}

/// Tells the families who booked a reception that it is called off.
///
/// # Errors
/// As any statement.
pub(super) fn called_off(tx: &mut Tx, school: Id, day: Id, guardians: &[Id]) -> Result<()> {
    let now = tx.now();
    let letter = |guardian: &Id| NewDispatch {
        kind: OFF_LETTER,
        source: day,
        school,
        guardian: Some(*guardian),
        account: None,
        student: None,
        round: 0,
        urgent: false,
        due_at: now,
    };
    let letters: Vec<NewDispatch> = guardians.iter().map(letter).collect();
    dispatch::send(tx, &letters)
}

fn to_writers(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    let mut out = Vec::with_capacity(due.len());
    for letter in due {
        let view = View::plain(app, letter.lang);
        let case = match find(r, letter.source) {
            Err(Error::NotFound) => None,
            other => Some(other?),
        };
        out.push(case.map(|case| {
            let key = match case.state {
                State::Asking => "case-letter-asked",
                State::Answered | State::Closed | State::Merged => "case-letter-answered",
                _ => "case-letter-news",
            };
            Words {
                title: view.t("case-letter-title"),
                text: view.t(key),
                href: format!("/mailbox/{}", case.id),
                template: WRITER_LETTER,
                values: vec![("what", view.t(key))],
            }
        }));
    }
    Ok(out)
}

fn offs(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    let mut out = Vec::with_capacity(due.len());
    for letter in due {
        let view = View::plain(app, letter.lang);
        let day: Option<(gongyu_kernel::Date,)> =
            r.row(sql!("SELECT day FROM reception_day WHERE id = $1 AND state = 'cancelled'"), &[&letter.source])?;
        out.push(day.map(|(day,)| {
            let day = view.day(day);
            Words {
                title: view.t("reception-letter-off-title"),
                text: view.ta("reception-letter-off", &[("day", day.as_str().into())]),
                href: "/reception".to_owned(),
                template: OFF_LETTER,
                values: vec![("day", day)],
            }
        }));
    }
    Ok(out)
}

fn to_staff(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    let today = r.today();
    let mut out = Vec::with_capacity(due.len());
    for letter in due {
        let view = View::plain(app, letter.lang);
        let (work, over, _, tell) = of_staff_counts(r, letter.source, today)?;
        let steers = steerers(r, letter.school)?.iter().any(|(_, _, staff)| *staff == Some(letter.source));
        let n = work + over + tell + if steers { waiting(r, letter.school)? } else { 0 };
        out.push((n > 0).then(|| Words {
            title: view.t("case-letter-due-title"),
            text: view.ta("case-letter-due", &[("n", n.into()), ("over", over.into())]),
            href: "/cases".to_owned(),
            template: STAFF_LETTER,
            values: vec![("n", n.to_string()), ("over", over.to_string())],
        }));
    }
    Ok(out)
}

/// Cases of a school that wait for somebody to be found, or for approval.
fn waiting(r: &mut Reader, school: Id) -> Result<i64> {
    let today = r.today();
    r.scalar(
        sql!(
            "SELECT COUNT(*) FROM caseload_case c WHERE c.school_id = $1 AND c.state IN ('new', 'approving')
              AND (c.writer <> 'anonymous' OR c.received_on < $2)"
        ),
        &[&school, &today],
    )
}

record! {
    struct Running {
        id: Id,
        school: Id,
        handler: Option<Id>,
        account: Option<Id>,
        state: State,
        stages: deadline::Stages,
    }
}

impl Running {
    /// Whose turn it is: the handler's, or of those who give cases out and approve.
    fn turn(&self, r: &mut Reader) -> Result<Vec<(Id, Id)>> {
        match (self.state, self.handler, self.account) {
            (State::Handling | State::Telling, Some(staff), Some(account)) => Ok(vec![(staff, account)]),
            (State::Handling | State::Telling, Some(_), None) => Ok(Vec::new()),
            _ => {
                let all = steerers(r, self.school)?;
                Ok(all.into_iter().filter_map(|(account, _, staff)| Some((staff?, account))).collect())
            }
        }
    }
}

/// Reminds whoever handles something that is due, one letter a person and day, some cases at a time.
fn remind(tx: &mut Tx, after: Id, limit: i64) -> Result<Option<Id>> {
    let (calendar, today) = (year::calendar(tx)?, tx.today());
    if !calendar.holidays.is_workday(today) {
        return Ok(None);
    }
    let rows: Vec<Running> = tx.rows(
        sql!(
            "SELECT c.id, c.school_id, c.handler_staff_id, a.id, c.state, c.stages FROM caseload_case c
              LEFT JOIN account a ON a.staff_id = c.handler_staff_id AND a.state = 'active'
              WHERE c.id > $1 AND c.state IN ('new', 'handling', 'approving', 'telling')
                AND (c.writer <> 'anonymous' OR c.received_on < $3)
              ORDER BY c.id LIMIT $2"
        ),
        &[&after, &limit, &today],
    )?;
    let day = i64::from(today.year()) * 1000 + i64::from(today.day_of_year());
    let mut letters: Vec<NewDispatch> = Vec::new();
    for row in &rows {
        let asks = row.stages.open().any(|s| deadline::asks_on(&s.clock, &calendar.holidays, today, &deadline::AHEAD));
        if !asks {
            continue;
        }
        for (staff, account) in row.turn(tx)? {
            if reminded(tx, staff, day)? || letters.iter().any(|l| l.source == staff) {
                continue;
            }
            letters.push(NewDispatch {
                kind: STAFF_LETTER,
                source: staff,
                school: row.school,
                guardian: None,
                account: Some(account),
                student: None,
                round: day,
                urgent: false,
                due_at: deadline::moment(today).max(tx.now()),
            });
        }
    }
    for letter in &letters {
        let (id, now) = (tx.new_id(), tx.now());
        tx.exec(
            sql!(
                "INSERT INTO caseload_reminded (id, staff_id, day, at) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (staff_id, day) DO NOTHING"
            ),
            &[&id, &letter.source, &day, &now],
        )?;
    }
    dispatch::send(tx, &letters)?;
    Ok(rows.last().filter(|_| rows.len() as i64 == limit).map(|row| row.id))
}

fn reminded(r: &mut Reader, staff: Id, day: i64) -> Result<bool> {
    let found: Option<(Id,)> =
        r.row(sql!("SELECT id FROM caseload_reminded WHERE staff_id = $1 AND day = $2"), &[&staff, &day])?;
    Ok(found.is_some())
}

/// Writes the rows of the last days' unsigned letters anew in the order of their random identifiers, all in
/// one transaction: where they lie in the database, and the transaction they bear, then tells no order.
fn mix(tx: &mut Tx) -> Result<()> {
    let today = tx.today();
    let since = today.saturating_sub(jiff::Span::new().days(4));
    let ids: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT id FROM caseload_case WHERE writer = 'anonymous' AND received_on >= $1 AND received_on < $2
              AND version = 1 ORDER BY id LIMIT 2000"
        ),
        &[&since, &today],
    )?;
    for (id,) in ids {
        tx.exec(sql!("UPDATE caseload_case SET reopened = reopened WHERE id = $1"), &[&id])?;
        tx.exec(sql!("UPDATE caseload_receipt SET receipt = receipt WHERE case_id = $1"), &[&id])?;
    }
    Ok(())
}

/// Brings deadlines up to date, closes what is long answered, mixes the rows of yesterday's unsigned letters,
/// and reminds on working days.
///
/// # Errors
/// As any statement.
pub fn daily(app: &App, _: Id, _: &str) -> Result<()> {
    const AT_ONCE: i64 = 100;
    app.db.write_wait(mix)?;
    let mut after = Some(Id(0));
    while let Some(from) = after {
        after = app.db.write_wait(move |tx| refresh(tx, from, AT_ONCE))?;
    }
    loop {
        let on = app.clone();
        if app.db.write_wait(move |tx| super::store::close_old(tx, &on, 50))? < 50 {
            break;
        }
    }
    let mut after = Some(Id(0));
    while let Some(from) = after {
        after = app.db.write_wait(move |tx| remind(tx, from, AT_ONCE))?;
    }
    Ok(())
}

/// Who gives cases out in a school, leaders first: account, name, member of staff.
///
/// # Errors
/// As any statement.
pub fn steerers(r: &mut Reader, school: Id) -> Result<Vec<(Id, String, Option<Id>)>> {
    let mut out = grant::holders(r, school, Role::SchoolLeader)?;
    out.extend(grant::holders(r, school, Role::MoralDirector)?);
    Ok(out)
}
