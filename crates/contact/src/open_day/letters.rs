//! The letters of open days: places offered, the day before, another time, called off. No child is named: a text
//! message is read by whoever holds the telephone. Only those with a booking get any.

use super::model::{OpenDay, Party, Session, State};
use super::{book, store};
use crate::visit::at_words;
use gongyu_deliver::dispatch::{self, NewDispatch};
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::booking::{self, Booking};
use gongyu_store::{Reader, Tx, jobs, sql};
use gongyu_vault::Vault;
use gongyu_web::App;
use gongyu_web::letters::{Due, LetterSource, News, Words};
use gongyu_web::show::View;

/// Letters that offer places to a family of the line.
pub const OFFER: &str = "open_day_offer";
/// Letters of the day before.
pub const REMINDER: &str = "open_day_reminder";
/// Letters that tell of another time or place.
pub const MOVED: &str = "open_day_moved";
/// Letters that tell that it is called off.
pub const OFF: &str = "open_day_off";

/// What open days send.
pub const LETTERS: &[LetterSource] = &[
    LetterSource { kind: OFFER, compose: offers, heard },
    LetterSource { kind: REMINDER, compose: reminders, heard },
    LetterSource { kind: MOVED, compose: moves, heard },
    LetterSource { kind: OFF, compose: offs, heard },
];

/// Kind of the job that ends offers which ran out.
pub const OFFERS_JOB: &str = "open_day.offers";
/// Kind of the job that reminds of tomorrow.
pub const REMIND_JOB: &str = "open_day.remind";
/// Kind of the job that settles the days that were.
pub const SETTLE_JOB: &str = "open_day.settle";

/// When they run: offers every minute, reminders at 17:30 the day before [P], when most are home from work.
pub const SCHEDULES: &[jobs::Schedule] = &[
    jobs::Schedule { kind: OFFERS_JOB, every: jobs::Every::Seconds(60) },
    jobs::Schedule { kind: REMIND_JOB, every: jobs::Every::DayAt(17, 30) },
    jobs::Schedule { kind: SETTLE_JOB, every: jobs::Every::DayAt(1, 10) },
];

fn heard(_: &mut Tx, _: &[News]) -> Result<()> {
    Ok(())
}

fn send(tx: &mut Tx, kind: &'static str, bookings: &[Id], round: i64) -> Result<()> {
    let rows: Vec<(Id, Id, Id)> = tx.rows_in(
        sql!("SELECT booking_id, school_id, guardian_id FROM open_party WHERE booking_id IN ($1)"),
        bookings,
        &[],
    )?;
    let due_at = tx.now();
    let letters: Vec<NewDispatch> = rows
        .into_iter()
        .map(|(source, school, guardian)| NewDispatch {
            kind,
            source,
            school,
            guardian: Some(guardian),
            account: None,
            student: None,
            round,
            urgent: false,
            due_at,
        })
        .collect();
    dispatch::send(tx, &letters)
}

/// Tells families that places are kept for them.
///
/// # Errors
/// As `dispatch::send`.
pub fn offered(tx: &mut Tx, served: &[Booking]) -> Result<()> {
    let ids: Vec<Id> = served.iter().map(|b| b.id).collect();
    send(tx, OFFER, &ids, served.first().map_or(0, |b| b.changed_at.0 / 60_000))
}

/// Tells everybody with a booking or in the line that the session is at another time or place.
///
/// # Errors
/// As `dispatch::send`.
pub fn moved(tx: &mut Tx, live: &[Booking], version: i64) -> Result<()> {
    let ids: Vec<Id> = live.iter().map(|b| b.id).collect();
    for id in &ids {
        dispatch::cancel(tx, MOVED, *id, None)?;
    }
    send(tx, MOVED, &ids, version)
}

/// Tells everybody with a booking or in the line that it is called off.
///
/// # Errors
/// As `dispatch::send`.
pub fn called_off(tx: &mut Tx, ended: &[Booking]) -> Result<()> {
    let ids: Vec<Id> = ended.iter().map(|b| b.id).collect();
    for id in &ids {
        dispatch::cancel(tx, REMINDER, *id, None)?;
    }
    send(tx, OFF, &ids, 0)
}

/// What a letter speaks of.
struct Of {
    party: Party,
    booking: Booking,
    day: OpenDay,
    session: Session,
}

fn each(
    app: &App,
    r: &mut Reader,
    due: &[Due],
    one: impl Fn(&App, &mut Reader, &View, &Due, &Of) -> Result<Option<Words>>,
) -> Result<Vec<Option<Words>>> {
    let mut out = Vec::with_capacity(due.len());
    for letter in due {
        let view = View::plain(app, letter.lang);
        let of = match of(r, letter.source) {
            Ok(of) => of,
            Err(Error::NotFound) => {
                out.push(None);
                continue;
            }
            Err(other) => return Err(other),
        };
        out.push(one(app, r, &view, letter, &of)?);
    }
    Ok(out)
}

fn of(r: &mut Reader, booking: Id) -> Result<Of> {
    let party = book::party(r, booking)?;
    let (day, session) = (store::find(r, party.open_day)?, store::session(r, party.session)?);
    Ok(Of { booking: booking::find(r, booking)?, party, day, session })
}

/// The secret of an offer's link: made anew with the vault's key, never kept. It speaks of this offer only: the
/// next one of the same booking has another.
pub fn secret(vault: &Vault, booking: &Booking) -> String {
    let until = booking.until.map_or(0, |at| at.0);
    vault.blind("open_day.offer", &format!("{}-{until}", booking.id))
}

/// The offer behind a link.
///
/// # Errors
/// `Error::NotFound` when it is unknown, answered or over.
pub fn by_link(r: &mut Reader, vault: &Vault, given: &str) -> Result<(Party, Booking, OpenDay, Session)> {
    let (id, secret_given) = given.split_once('-').ok_or(Error::NotFound)?;
    let id: Id = id.parse().map_err(|_| Error::NotFound)?;
    let of = of(r, id)?;
    let now = r.now();
    let stands = of.booking.state == booking::State::Offered && of.booking.until.is_some_and(|until| until > now);
    // Compared by their own blind values, so that the time it takes tells nothing.
    let same = vault.blind("open_day.link", secret_given) == vault.blind("open_day.link", &secret(vault, &of.booking));
    if stands && same { Ok((of.party, of.booking, of.day, of.session)) } else { Err(Error::NotFound) }
}

fn words(view: &View, key: &str, of: &Of, href: String, kind: &'static str) -> Words {
    let (title, at) = (of.session.title.clone(), at_words(view, of.session.starts_at));
    let place = if of.session.place.is_empty() { of.day.place.clone() } else { of.session.place.clone() };
    let until = of.booking.until.map(|until| at_words(view, until)).unwrap_or_default();
    let n = of.booking.seats;
    let text = view.ta(
        key,
        &[
            ("day", of.day.title.as_str().into()),
            ("title", title.as_str().into()),
            ("at", at.as_str().into()),
            ("place", place.as_str().into()),
            ("until", until.as_str().into()),
            ("n", n.into()),
        ],
    );
    Words {
        title: view.t(&format!("{key}-title")),
        text,
        href,
        template: kind,
        values: vec![("title", title), ("at", at), ("place", place), ("until", until)],
    }
}

fn offers(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |app, _, view, _, of| {
        let href = format!("/o/{}-{}", of.booking.id, secret(&app.vault, &of.booking));
        Ok(match of.booking.state {
            booking::State::Offered => Some(words(view, "open-letter-offer", of, href, OFFER)),
            booking::State::Booked => Some(words(view, "open-letter-served", of, ticket_href(of.booking.id), OFFER)),
            _ => None,
        })
    })
}

fn ticket_href(booking: Id) -> String {
    format!("/family/open-days/bookings/{booking}")
}

fn reminders(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |_, _, view, _, of| {
        let goes = of.booking.state == booking::State::Booked && of.day.state == State::Published;
        Ok((goes && of.party.arrived_at.is_none())
            .then(|| words(view, "open-letter-reminder", of, ticket_href(of.booking.id), REMINDER)))
    })
}

fn moves(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |_, _, view, letter, of| {
        let stands = of.booking.state.live() && letter.round == of.session.version;
        Ok(stands.then(|| words(view, "open-letter-moved", of, ticket_href(of.booking.id), MOVED)))
    })
}

fn offs(app: &App, r: &mut Reader, due: &[Due]) -> Result<Vec<Option<Words>>> {
    each(app, r, due, |_, _, view, _, of| {
        let href = format!("/family/open-days/{}", of.day.id);
        Ok(Some(words(view, "open-letter-off", of, href, OFF)))
    })
}

/// Ends offers that ran out and serves the lines.
///
/// # Errors
/// As any statement.
pub fn offers_job(app: &App, _: Id, _: &str) -> Result<()> {
    const AT_ONCE: i64 = 5;
    while app.db.write_wait(|tx| book::run_out(tx, AT_ONCE))? > 0 {}
    Ok(())
}

/// Reminds those booked for tomorrow, some at a time.
///
/// # Errors
/// As any statement.
pub fn remind_job(app: &App, _: Id, _: &str) -> Result<()> {
    const AT_ONCE: i64 = 100;
    while app.db.write_wait(|tx| remind(tx, AT_ONCE))? > 0 {}
    Ok(())
}

/// Reminds some of those booked for tomorrow who were not yet; gives how many.
///
/// # Errors
/// As any statement.
pub fn remind(tx: &mut Tx, at_once: i64) -> Result<usize> {
    let tomorrow = tx.today().tomorrow().map_err(Error::internal)?;
    let rows: Vec<(Id,)> = tx.rows(
        sql!(
            "SELECT p.booking_id FROM open_day o JOIN open_party p ON p.open_day_id = o.id AND NOT p.reminded
              JOIN booking b ON b.id = p.booking_id AND b.state = 'booked'
              WHERE o.day = $1 AND o.state = 'published' ORDER BY p.booking_id LIMIT $2"
        ),
        &[&tomorrow, &at_once],
    )?;
    let ids: Vec<Id> = rows.into_iter().map(|(id,)| id).collect();
    tx.exec_in(sql!("UPDATE open_party SET reminded = $2 WHERE booking_id IN ($1)"), &ids, &[&true])?;
    send(tx, REMINDER, &ids, 0)?;
    Ok(ids.len())
}

/// Settles the days that were.
///
/// # Errors
/// As any statement.
pub fn settle_job(app: &App, _: Id, _: &str) -> Result<()> {
    while app.db.write_wait(|tx| {
        let days = store::unsettled(tx, 5)?;
        for day in &days {
            super::door::settle(tx, day)?;
        }
        Ok(days.len())
    })? > 0
    {}
    Ok(())
}
