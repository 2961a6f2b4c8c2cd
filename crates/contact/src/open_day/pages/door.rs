//! The door on a phone: a ticket's code read by the camera or typed, or a tick on the list; the numbers of the
//! sessions; works on without a network (`door.js`, see `offline`).

use super::people::{Row, rows};
use crate::open_day::door::{self, Arrival, Noted};
use crate::open_day::model::How;
use crate::open_day::permit::{ForOpenDay, sees_all_names};
use crate::open_day::words::times;
use crate::open_day::{SOURCE, book, sessions, store};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_parts::booking::State;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Post, Reply};

struct Line {
    title: String,
    seats: i64,
    came: i64,
    capacity: i64,
}

#[derive(Template)]
#[template(path = "open_day/pages/door.html")]
struct Page {
    phone: bool,
    id: Id,
    title: String,
    day: Date,
    today: bool,
    account: Id,
    lines: Vec<Line>,
    asked: Option<Row>,
    asked_ticket: String,
    unknown: bool,
    rows: Vec<Row>,
    arrivals: Vec<Arrival>,
    only: bool,
}

pub(super) fn show(g: &mut Get<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let (view, day) = (g.view().clone(), &at.day);
    let counts = sessions::counts(g.r, &[day.id])?;
    let lines = store::sessions(g.r, &[day.id])?
        .iter()
        .map(|s| {
            let of = counts.get(&s.id).copied().unwrap_or_default();
            let title = format!("{} {}", times(&view, s), s.title);
            Line { title, seats: of.seats, came: of.came, capacity: s.capacity }
        })
        .collect();
    let mut rows = rows(g.r, &view, &at.actor, day)?;
    rows.retain(|row| row.state == State::Booked);
    let ticket = g.req.query.get("ticket").to_owned();
    let at_door = rows.iter().position(|row| row.ticket == ticket);
    // A teacher at the door sees whose ticket it is though the family is not of the class: it stands before them.
    let asked = match at_door {
        Some(n) => Some(rows.remove(n)),
        None if ticket.is_empty() => None,
        None => scanned(g, day.id, &ticket)?,
    };
    let arrivals = door::arrivals(g.r, day.id)?;
    let body = Page {
        phone: view.phone,
        id: day.id,
        title: day.title.clone(),
        day: day.day,
        today: day.day == view.today(),
        account: at.actor.account,
        lines,
        unknown: asked.is_none() && !ticket.is_empty(),
        asked,
        asked_ticket: ticket,
        rows,
        arrivals: arrivals.into_iter().filter(|_| sees_all_names(at.actor.hat.role)).take(30).collect(),
        only: !sees_all_names(at.actor.hat.role),
    };
    Ok(g.page(g.t("open-door"), "open-days", &body)?.script("offline-core.js").script("door.js"))
}

fn scanned(g: &mut Get<'_>, day: Id, ticket: &str) -> Result<Option<Row>> {
    let party = match book::by_ticket(g.r, ticket) {
        Ok(party) if party.open_day == day => party,
        Ok(_) | Err(Error::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    let booked = gongyu_parts::booking::find(g.r, party.booking)?;
    let (look, icon, label) = crate::open_day::words::booking_look(booked.state);
    let session = store::session(g.r, party.session)?;
    let view = g.view().clone();
    let names: Vec<String> = book::children_of(g.r, &[party.booking])?.into_iter().map(|(.., name)| name).collect();
    Ok(Some(Row {
        booking: party.booking,
        session: party.session,
        name: party.guardian_name,
        children: names.join(&view.t("visit-and")),
        class: String::new(),
        what: format!("{} {}", times(&view, &session), session.title),
        seats: booked.seats,
        state: booked.state,
        label,
        look,
        icon,
        why: Vec::new(),
        arrived: party.arrived_at,
        ticket: party.ticket,
    }))
}

/// Notes a party: by its ticket, or by its line on the list.
pub(super) fn arrive(p: &mut Post<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    let ticket = clean(p.form().get("ticket"));
    let (party, how) = if ticket.is_empty() {
        let booking = p.form().id("booking").ok_or(Error::NotFound)?;
        (book::party(p.tx, booking)?, How::List)
    } else {
        match book::by_ticket(p.tx, &ticket) {
            Err(Error::NotFound) => return Err(Error::conflict("open-ticket-unknown")),
            other => (other?, How::Code),
        }
    };
    // From the list only whom they see on it.
    if how == How::List {
        let view = p.view().clone();
        let seen = rows(p.tx, &view, &at.actor, &at.day)?;
        if !seen.iter().any(|row| row.booking == party.booking) {
            return Err(Error::NotFound);
        }
    }
    let noted = door::check_in(p.tx, &at.day, &party, how, at.actor.account)?;
    let to = format!("/open-days/{}/door", at.day.id);
    match noted {
        Noted::New(_) => {
            p.audit("open_day.arrive", (SOURCE, Some(at.day.id)), "{}")?;
            Ok(Reply::to_with(to, Flash::new("open-arrived-now")))
        }
        Noted::Before(_) => Ok(Reply::to_with(to, Flash::new("open-arrived-before"))),
    }
}

/// What the camera or a hand gives: the address of the ticket, or its letters alone.
pub(super) fn clean(text: &str) -> String {
    text.trim().rsplit('/').next().unwrap_or_default().to_owned()
}

/// Takes an arrival back: only who runs the day sees them all.
pub(super) fn take_back(p: &mut Post<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    if !sees_all_names(at.actor.hat.role) {
        return Err(Error::Forbidden);
    }
    let arrival = p.form().id("arrival").ok_or(Error::NotFound)?;
    door::take_back(p.tx, &at.day, arrival)?;
    p.audit("open_day.take_back", (SOURCE, Some(at.day.id)), "{}")?;
    Ok(Reply::to_with(format!("/open-days/{}/door", at.day.id), Flash::new("open-taken-back")))
}
