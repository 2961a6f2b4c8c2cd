//! The letters of an appointment: no child is named, only the teacher and the times, for a text message is
//! read by whoever holds the telephone.

use super::model::{State, Way};
use super::offer::{self, OFF_LETTER, OFFER_LETTER, REMINDER_LETTER};
use super::store;
use super::words::at_words;
use crate::guardian_home::called;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::people;
use gongyu_store::{Reader, Tx, jobs, sql};
use gongyu_web::App;
use gongyu_web::letters::{Became, Due, LetterSource, News, Words};
use gongyu_web::show::View;

/// What visits send.
pub const LETTERS: &[LetterSource] = &[
    LetterSource { kind: OFFER_LETTER, compose: offers, heard },
    LetterSource { kind: REMINDER_LETTER, compose: reminders, heard: hear_nothing },
    LetterSource { kind: OFF_LETTER, compose: offs, heard: hear_nothing },
];

/// Kind of the job that reminds of tomorrow's visits.
pub const REMIND_JOB: &str = "visit.remind";

fn each(
    app: &App,
    r: &mut Reader,
    due: &[Due],
    one: impl Fn(&App, &mut Reader, &View, &Due) -> Result<Option<Words>>,
) -> Result<Vec<Option<Words>>> {
    let mut out = Vec::with_capacity(due.len());
    for letter in due {
        let view = View::plain(app, letter.lang);
        out.push(match one(app, r, &view, letter) {
            // The visit went with its child's records: nothing is left to say.
            Err(Error::NotFound) => None,
            other => other?,
        });
    }
    Ok(out)
}

fn teacher(r: &mut Reader, view: &View, lead: Option<Id>) -> Result<String> {
    Ok(match lead {
        Some(staff) => view.ta("visit-teacher", &[("name", called(&people::find_staff(r, staff)?.name).into())]),
        None => view.t("visit-school"),
    })
}

fn offers(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |app, r, view, letter| {
        let visit = store::find(r, letter.source)?;
        let (Some(guardian), true) = (letter.guardian, visit.offers == letter.round && visit.state == State::Offered)
        else {
            return Ok(None);
        };
        let invites = offer::invites_of(r, visit.id, letter.round)?;
        let Some(invite) = invites.iter().find(|i| i.guardian == guardian) else { return Ok(None) };
        let times: Vec<String> =
            offer::slots_of(r, visit.id, letter.round)?.iter().map(|(_, at)| at_words(view, *at)).collect();
        let (teacher, times) = (teacher(r, view, visit.lead)?, times.join(&view.t("visit-or")));
        let key = if visit.way == Way::Home { "visit-letter-offer" } else { "visit-letter-offer-talk" };
        Ok(Some(Words {
            title: view.t("visit-letter-offer-title"),
            text: view.ta(key, &[("teacher", teacher.as_str().into()), ("times", times.as_str().into())]),
            href: format!("/v/{}", offer::secret(&app.vault, invite.id)),
            template: OFFER_LETTER,
            values: vec![("teacher", teacher), ("times", times)],
        }))
    })
}

fn reminders(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |_, r, view, letter| {
        let visit = store::find(r, letter.source)?;
        let (State::Agreed, Some(at)) = (visit.state, visit.starts_at) else { return Ok(None) };
        let (teacher, time) = (teacher(r, view, visit.lead)?, at_words(view, at));
        let key = if visit.way == Way::Home { "visit-letter-reminder" } else { "visit-letter-reminder-talk" };
        Ok(Some(Words {
            title: view.t("visit-letter-reminder-title"),
            text: view.ta(key, &[("teacher", teacher.as_str().into()), ("time", time.as_str().into())]),
            href: format!("/family/visits/{}", visit.id),
            template: REMINDER_LETTER,
            values: vec![("teacher", teacher), ("time", time)],
        }))
    })
}

fn offs(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |_, r, view, letter| {
        let visit = store::find(r, letter.source)?;
        let (State::Cancelled, Some(day)) = (visit.state, visit.day) else { return Ok(None) };
        let (teacher, day) = (teacher(r, view, visit.lead)?, view.day(day));
        Ok(Some(Words {
            title: view.t("visit-letter-off-title"),
            text: view.ta("visit-letter-off", &[("teacher", teacher.as_str().into()), ("day", day.as_str().into())]),
            href: "/home".to_owned(),
            template: OFF_LETTER,
            values: vec![("teacher", teacher), ("day", day)],
        }))
    })
}

/// Notes on the offer whether its letter arrived, so that the teacher knows whom to call.
fn heard(tx: &mut Tx, news: &[News]) -> Result<()> {
    for one in news {
        let Some(guardian) = one.due.guardian else { continue };
        let became = match one.became {
            Became::Sent | Became::Delivered => "sent",
            Became::Failed | Became::Unknown => "failed",
            Became::ByHand => "by_hand",
        };
        tx.exec(
            sql!("UPDATE visit_invite SET became = $1 WHERE visit_id = $2 AND round = $3 AND guardian_id = $4"),
            &[&became, &one.due.source, &one.due.round, &guardian],
        )?;
    }
    Ok(())
}

fn hear_nothing(_: &mut Tx, _: &[News]) -> Result<()> {
    Ok(())
}

/// Reminds of tomorrow's visits, some at a time.
///
/// # Errors
/// As any statement.
pub fn remind_job(app: &App, _: Id, _: &str) -> Result<()> {
    const AT_ONCE: i64 = 20;
    while app.db.write_wait(|tx| offer::remind(tx, AT_ONCE))? > 0 {}
    Ok(())
}

/// When tomorrow's visits are reminded of: 17:30 the day before [P], when most are home from work.
pub const SCHEDULE: jobs::Schedule = jobs::Schedule { kind: REMIND_JOB, every: jobs::Every::DayAt(17, 30) };
