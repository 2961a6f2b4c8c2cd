//! A family's ticket with its code, or its place in the line with the reasons; and what can still be changed.

use crate::open_day::model::{OpenDay, Party, Session, Stand, State};
use crate::open_day::rules::bookable;
use crate::open_day::words::{booking_look, times, why};
use crate::open_day::{SOURCE, book, sessions, store};
use crate::visit::at_words;
use askama::Template;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::qr::QrMatrix;
use gongyu_parts::booking::{self, Booking, Outcome, line};
use gongyu_web::filters;
use gongyu_web::permit::Signed;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

#[derive(Template)]
#[template(path = "open_day/pages/ticket.html")]
struct Page {
    id: Id,
    day: Id,
    title: String,
    session: String,
    when: String,
    place: String,
    who: String,
    children: String,
    seats: i64,
    look: &'static str,
    icon: &'static str,
    label: &'static str,
    qr: String,
    view_box: usize,
    letters: String,
    booked: bool,
    offered: Option<String>,
    waiting: bool,
    why: Vec<String>,
    came: bool,
    others: Vec<(Id, String)>,
    changeable: bool,
    refusal: String,
}

type Own = (Party, Booking, OpenDay, Session);

fn own(g: &mut gongyu_store::Reader, guardian: Option<Id>, id: Id) -> Result<Own> {
    book::own_party(g, guardian, id)
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let (party, booked, day, session) = own(g.r, at.actor.guardian, g.req.id()?)?;
    let (view, now) = (g.view().clone(), g.r.now());
    let (look, icon, label) = booking_look(booked.state);
    let is_booked = booked.state == booking::State::Booked;
    let drawn = if is_booked && day.state == State::Published {
        let address = format!("{}/t/{}", g.app.config.link_base(), party.ticket);
        Some(QrMatrix::encode(&address).map_err(Error::internal)?)
    } else {
        None
    };
    let waiting = booked.state == booking::State::Waiting;
    let reasons = if waiting { line::why(g.r, &booked)?.map(|w| why(&view, &w)) } else { None };
    let open = booked.state.live() && party.arrived_at.is_none() && session.starts_at > now;
    let others = if open && is_booked { others(g, &day, &party, booked.seats)? } else { Vec::new() };
    let names: Vec<String> = book::children_of(g.r, &[party.booking])?.into_iter().map(|(.., name)| name).collect();
    let body = Page {
        id: party.booking,
        day: day.id,
        title: day.title.clone(),
        session: format!("{} {}", times(&view, &session), session.title),
        when: at_words(&view, session.starts_at),
        place: if session.place.is_empty() { day.place.clone() } else { session.place.clone() },
        who: party.guardian_name.clone(),
        children: names.join(&view.t("visit-and")),
        seats: booked.seats,
        look,
        icon,
        label,
        qr: drawn.as_ref().map(QrMatrix::svg_path).unwrap_or_default(),
        view_box: drawn.as_ref().map_or(0, QrMatrix::view_box),
        letters: party.ticket.clone(),
        booked: is_booked,
        offered: booked.until.filter(|_| booked.state == booking::State::Offered).map(|u| at_words(&view, u)),
        waiting,
        why: reasons.unwrap_or_default(),
        came: party.arrived_at.is_some(),
        others,
        changeable: open,
        refusal: g.refusal(),
    };
    g.page(day.title, "home", &body)
}

/// Sessions of the same day with room for the family.
fn others(g: &mut Get<'_>, day: &OpenDay, party: &Party, seats: i64) -> Result<Vec<(Id, String)>> {
    let (view, now) = (g.view().clone(), g.r.now());
    let counts = sessions::counts(g.r, &[day.id])?;
    Ok(store::sessions(g.r, &[day.id])?
        .iter()
        .filter(|s| s.id != party.session && s.stand == Stand::On && bookable(day, s, now).is_ok())
        .filter(|s| s.capacity - counts.get(&s.id).map_or(0, |c| c.seats) >= seats)
        .map(|s| (s.id, format!("{} {}", times(&view, s), s.title)))
        .collect())
}

pub(super) fn accept(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    own(p.tx, at.actor.guardian, id)?;
    book::accept(p.tx, id)?;
    p.audit("open_day.accept", (SOURCE, Some(id)), "{}")?;
    Ok(Reply::to_with(format!("/family/open-days/bookings/{id}"), Flash::new("open-booked-now")))
}

pub(super) fn give_back(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    let (party, ..) = own(p.tx, at.actor.guardian, id)?;
    book::give_back(p.tx, &party)?;
    p.audit("open_day.give_back", (SOURCE, Some(party.open_day)), "{}")?;
    Ok(Reply::to_with(format!("/family/open-days/{}", party.open_day), Flash::new("open-given-back")))
}

pub(super) fn change(p: &mut Post<'_>, at: Holder<right::SeeOwnChildren>) -> Result<Reply> {
    let id = p.req.id()?;
    let (party, ..) = own(p.tx, at.actor.guardian, id)?;
    let to = p.form().id("session").ok_or(Error::NotFound)?;
    let to = store::session(p.tx, to)?;
    match book::change(p.tx, &party, &to)? {
        Outcome::Booked(_) => {}
        Outcome::Already(_) => return Err(Error::conflict("open-booked-already")),
        Outcome::Full(_) | Outcome::Waiting(_) => return Err(Error::conflict("open-change-full")),
    }
    p.audit("open_day.change_booking", (SOURCE, Some(party.open_day)), "{}")?;
    Ok(Reply::to_with(format!("/family/open-days/bookings/{id}"), Flash::new("open-changed")))
}

/// What the code of a ticket opens: the door for staff of the school, the ticket for its family; for anybody else it
/// says nothing.
pub(super) fn scanned(g: &mut Get<'_>, at: Signed) -> Result<Reply> {
    let ticket: String = g.req.param("ticket")?;
    let party = book::by_ticket(g.r, &ticket)?;
    let actor = &at.0;
    if actor.guardian == Some(party.guardian) {
        return Ok(Reply::to(format!("/family/open-days/bookings/{}", party.booking)));
    }
    if actor.may(Action::ReceiveOpenDay).is_ok() {
        let day = crate::open_day::permit::in_reach(g.r, actor, party.open_day)?;
        return Ok(Reply::to(format!("/open-days/{}/door?ticket={ticket}", day.id)));
    }
    Err(Error::NotFound)
}
