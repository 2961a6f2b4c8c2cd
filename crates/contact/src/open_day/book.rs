//! A family books: all its places or none, or a place in the line; its ticket; what it changes.

use super::SOURCE;
use super::letters;
use super::model::{OpenDay, Party, Session};
use super::permit::{OwnChild, own_children};
use super::rules::{self, bookable};
use super::store;
use gongyu_kernel::random::Random;
use gongyu_kernel::{Error, Id, Result};
use gongyu_parts::booking::{self, Booking, Holder, IfFull, Outcome, Span, State, Use, Wish, line, pool, take};
use gongyu_store::{Reader, Tx, Value, sql};

/// Holder of a booking: a family as the roster has it.
pub const FAMILY: &str = "family";

macro_rules! party {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT p.booking_id, p.open_day_id, p.session_id, p.school_id, p.class_id, p.guardian_id, g.name, p.adults,
                    p.children, p.ticket, a.at
             FROM open_party p JOIN guardian g ON g.id = p.guardian_id
             LEFT JOIN open_arrival a ON a.booking_id = p.booking_id ",
            $tail
        ))
    };
}

/// Who comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Children it is about; their places in the ledger.
    pub about: Vec<Id>,
    /// Adults.
    pub adults: i64,
    /// Whether the children come along and need seats.
    pub along: bool,
    /// Wait when there is no room.
    pub wait: bool,
}

/// The party of a booking.
///
/// # Errors
/// `Error::NotFound`.
pub fn party(r: &mut Reader, booking: Id) -> Result<Party> {
    r.one(party!("WHERE p.booking_id = $1"), &[&booking])
}

/// The parties of an open day, in the order of names.
///
/// # Errors
/// As any statement.
pub fn parties(r: &mut Reader, day: Id) -> Result<Vec<Party>> {
    r.rows(party!("WHERE p.open_day_id = $1 ORDER BY g.name, p.booking_id"), &[&day])
}

/// The party behind a ticket.
///
/// # Errors
/// `Error::NotFound`.
pub fn by_ticket(r: &mut Reader, ticket: &str) -> Result<Party> {
    r.one(party!("WHERE p.ticket = $1"), &[&ticket])
}

/// The children of parties: booking, child, name.
///
/// # Errors
/// As any statement.
pub fn children_of(r: &mut Reader, bookings: &[Id]) -> Result<Vec<(Id, Id, String)>> {
    r.rows_in(
        sql!(
            "SELECT c.booking_id, s.id, s.name FROM open_party_child c JOIN student s ON s.id = c.student_id
              WHERE c.booking_id IN ($1) ORDER BY c.booking_id, s.birth_date, s.id"
        ),
        bookings,
        &[],
    )
}

/// A guardian's own party: who booked it, or another who may receive what concerns all of its children.
///
/// # Errors
/// `Error::NotFound` for anybody else.
pub fn own_party(r: &mut Reader, guardian: Option<Id>, booking: Id) -> Result<(Party, Booking, OpenDay, Session)> {
    let me = guardian.ok_or(Error::Forbidden)?;
    let party = party(r, booking)?;
    if party.guardian != me {
        return Err(Error::NotFound);
    }
    let (day, session) = (store::find(r, party.open_day)?, store::session(r, party.session)?);
    let booked = booking::find(r, booking)?;
    Ok((party, booked, day, session))
}

/// The live bookings a guardian made for an open day.
///
/// # Errors
/// As any statement.
pub fn mine(r: &mut Reader, guardian: Id, day: Id) -> Result<Vec<(Party, Booking)>> {
    let parties: Vec<Party> =
        r.rows(party!("WHERE p.guardian_id = $1 AND p.open_day_id = $2 ORDER BY p.booking_id"), &[&guardian, &day])?;
    let Some(pool) = store::pool_of(r, day)? else { return Ok(Vec::new()) };
    let live = booking::of_pools(r, &[pool])?;
    let with = |p: Party| live.iter().find(|b| b.id == p.booking).cloned().map(|b| (p, b));
    Ok(parties.into_iter().filter_map(with).collect())
}

/// The wish of a party.
fn wish(
    r: &mut Reader,
    (day, session): (&OpenDay, &Session),
    guardian: Id,
    about: &[OwnChild],
    asked: &Asked,
) -> Result<Wish> {
    let first = about.first().ok_or_else(|| Error::field("about", "open-choose-child"))?;
    let pool = store::pool_of(r, day.id)?.ok_or(Error::NotFound)?;
    let children = if asked.along { about.len() as i64 } else { 0 };
    let seats = rules::seats(asked.adults, children);
    let quotas = pool::availability(r, &[pool])?;
    let counts = |kind: &str, key: Id| {
        (kind == "all") || (kind == "class" && key == first.class) || (kind == "session" && key == session.id)
    };
    let uses = quotas.iter().filter(|q| counts(&q.kind, q.key)).map(|q| Use { quota: q.id, seats }).collect();
    let mut persons = vec![guardian];
    if asked.along {
        persons.extend(about.iter().map(|c| c.id));
    }
    Ok(Wish {
        pool,
        slot: session.id,
        holder: Holder { kind: FAMILY, id: first.family },
        seats,
        uses,
        persons,
        span: Span { from: session.starts_at, to: session.ends_at },
        account: None,
        client_key: None,
    })
}

fn checked(children: Vec<OwnChild>, asked: &Asked) -> Result<Vec<OwnChild>> {
    if !(1..=4).contains(&asked.adults) {
        return Err(Error::field("adults", "open-choose-adults"));
    }
    let about: Vec<OwnChild> = children.into_iter().filter(|c| asked.about.contains(&c.id)).collect();
    if about.is_empty() || about.len() != asked.about.len() {
        return Err(Error::field("about", "open-choose-child"));
    }
    Ok(about)
}

/// Books a session for a family, or puts it in the line.
///
/// # Errors
/// `Error::NotFound` when the day is not this family's; `Error::Conflict` when booking is closed, and as
/// `booking::take::take`.
pub fn book(
    tx: &mut Tx,
    random: &Random,
    (account, guardian): (Id, Id),
    session: &Session,
    asked: &Asked,
    client_key: &str,
) -> Result<Outcome> {
    let day = store::find(tx, session.open_day)?;
    let about = checked(own_children(tx, Some(guardian), &day)?, asked)?;
    bookable(&day, session, tx.now()).map_err(|closed| Error::conflict(closed.key()))?;
    let wish = Wish {
        account: Some(account),
        client_key: Some(client_key.to_owned()),
        ..wish(tx, (&day, session), guardian, &about, asked)?
    };
    let outcome = take::take(tx, &wish, if asked.wait { IfFull::Wait } else { IfFull::Tell })?;
    if let Outcome::Booked(id) | Outcome::Waiting(id) = outcome {
        write(tx, random, id, guardian, session, &about, asked)?;
    }
    Ok(outcome)
}

fn write(
    tx: &mut Tx,
    random: &Random,
    booking: Id,
    guardian: Id,
    session: &Session,
    about: &[OwnChild],
    asked: &Asked,
) -> Result<()> {
    let Some(first) = about.first() else { return Ok(()) };
    let children = if asked.along { about.len() as i64 } else { 0 };
    let ticket = random.code(16);
    // A wish sent twice has its party already; its ticket stays.
    tx.exec_later(
        sql!(
            "INSERT INTO open_party (booking_id, open_day_id, session_id, school_id, class_id, guardian_id, adults,
                                      children, ticket, reminded)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (booking_id) DO NOTHING"
        ),
        &[
            &booking,
            &session.open_day,
            &session.id,
            &session.school,
            &first.class,
            &guardian,
            &asked.adults,
            &children,
            &ticket,
            &false,
        ],
    )?;
    let rows: Vec<Vec<Value<'_>>> = about.iter().map(|c| vec![Value::Int(booking.0), Value::Int(c.id.0)]).collect();
    tx.insert_many_later("open_party_child", &["booking_id", "student_id"], "ON CONFLICT DO NOTHING", &rows)
}

/// Takes the places offered to a family of the line.
///
/// # Errors
/// As `booking::take::confirm`.
pub fn accept(tx: &mut Tx, booking: Id) -> Result<Booking> {
    take::confirm(tx, booking)
}

/// Gives places back, declines an offer, or leaves the line; whoever is served by it is told.
///
/// # Errors
/// As any statement; `Error::Conflict` when they have come already.
pub fn give_back(tx: &mut Tx, party: &Party) -> Result<()> {
    if party.arrived_at.is_some() {
        return Err(Error::conflict("open-came-already"));
    }
    let served = take::cancel(tx, party.booking)?;
    letters::offered(tx, &served)
}

/// Moves a family to another session of the same day; without room it stays where it is.
///
/// # Errors
/// As `book`.
pub fn change(tx: &mut Tx, party: &Party, to: &Session) -> Result<Outcome> {
    if to.open_day != party.open_day {
        return Err(Error::NotFound);
    }
    if party.arrived_at.is_some() {
        return Err(Error::conflict("open-came-already"));
    }
    let day = store::find(tx, party.open_day)?;
    bookable(&day, to, tx.now()).map_err(|closed| Error::conflict(closed.key()))?;
    let ids: Vec<Id> = children_of(tx, &[party.booking])?.into_iter().map(|(_, id, _)| id).collect();
    let asked = Asked { about: ids, adults: party.adults, along: party.children > 0, wait: false };
    let about = checked(own_children(tx, Some(party.guardian), &day)?, &asked)?;
    let wish = wish(tx, (&day, to), party.guardian, &about, &asked)?;
    let (outcome, served) = take::move_to(tx, party.booking, &wish)?;
    if matches!(outcome, Outcome::Booked(_)) {
        tx.exec(
            sql!("UPDATE open_party SET session_id = $1, reminded = $2 WHERE booking_id = $3"),
            &[&to.id, &false, &party.booking],
        )?;
        letters::offered(tx, &served)?;
    }
    Ok(outcome)
}

/// Ends offers that ran out and serves the lines with what they leave; gives how many pools had something.
///
/// # Errors
/// As any statement.
pub fn run_out(tx: &mut Tx, at_once: i64) -> Result<usize> {
    let pools = line::due(tx, SOURCE, at_once)?;
    for pool in &pools {
        let (_, served) = line::expire(tx, *pool)?;
        letters::offered(tx, &served)?;
    }
    Ok(pools.len())
}

/// Whether a booking has its places for good.
pub fn is_booked(booking: &Booking) -> bool {
    booking.state == State::Booked
}
