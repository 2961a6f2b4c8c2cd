//! Who booked, who waits and why, who came: the whole day for who runs it, a session for its teacher, and to a class
//! teacher the families of the class.

use crate::open_day::model::{OpenDay, Party, Session};
use crate::open_day::permit::{ForOpenDay, ForSession, sees_all_names};
use crate::open_day::words::{booking_look, times, why};
use crate::open_day::{book, store};
use askama::Template;
use gongyu_access::{Actor, right};
use gongyu_kernel::{Id, Millis, Result};
use gongyu_parts::booking::{self, Booking, line};
use gongyu_registry::{unit, year};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// A family on a list.
pub(super) struct Row {
    pub(super) booking: Id,
    pub(super) session: Id,
    pub(super) name: String,
    pub(super) children: String,
    pub(super) class: String,
    pub(super) what: String,
    pub(super) seats: i64,
    pub(super) state: booking::State,
    pub(super) label: &'static str,
    pub(super) look: &'static str,
    pub(super) icon: &'static str,
    pub(super) why: Vec<String>,
    pub(super) arrived: Option<Millis>,
    pub(super) ticket: String,
}

/// Whether a family's name is this person's business here.
fn sees(actor: &Actor, party: &Party, sessions: &[Session]) -> bool {
    let own_class = actor.hat.unit == Some(party.class);
    let gives = sessions.iter().any(|s| s.id == party.session && s.teacher.is_some() && s.teacher == actor.staff);
    sees_all_names(actor.hat.role) || own_class || gives
}

/// The families of a day with live bookings that this person may see, in the order of names; the line in its own.
pub(super) fn rows(r: &mut Reader, view: &View, actor: &Actor, day: &OpenDay) -> Result<Vec<Row>> {
    let Some(pool) = store::pool_of(r, day.id)? else { return Ok(Vec::new()) };
    let sessions = store::sessions(r, &[day.id])?;
    let live: Vec<Booking> = booking::of_pools(r, &[pool])?;
    let parties: Vec<Party> = book::parties(r, day.id)?.into_iter().filter(|p| sees(actor, p, &sessions)).collect();
    let ids: Vec<Id> = parties.iter().map(|p| p.booking).collect();
    let children = book::children_of(r, &ids)?;
    let classes: Vec<Id> = parties.iter().map(|p| p.class).collect();
    let start = year::current(r)?.start;
    let names = unit::names(r, &classes, start)?;
    let whys = line::whys(r, pool)?;
    let mut out = Vec::new();
    for party in parties {
        let Some(booked) = live.iter().find(|b| b.id == party.booking) else { continue };
        let (look, icon, label) = booking_look(booked.state);
        let own: Vec<&str> =
            children.iter().filter(|(b, ..)| *b == party.booking).map(|(.., name)| name.as_str()).collect();
        let session = sessions.iter().find(|s| s.id == party.session);
        let why_of = whys.iter().find(|w| w.booking == party.booking);
        out.push(Row {
            booking: party.booking,
            session: party.session,
            name: party.guardian_name,
            children: own.join(&view.t("visit-and")),
            class: names.get(&party.class).cloned().unwrap_or_default(),
            what: session.map(|s| format!("{} {}", times(view, s), s.title)).unwrap_or_default(),
            seats: booked.seats,
            state: booked.state,
            label,
            look,
            icon,
            why: why_of.map(|w| why(view, w)).unwrap_or_default(),
            arrived: party.arrived_at,
            ticket: party.ticket,
        });
    }
    let place = |row: &Row| whys.iter().position(|w| w.booking == row.booking);
    out.sort_by_key(|row| (row.state == booking::State::Waiting, place(row)));
    Ok(out)
}

#[derive(Template)]
#[template(path = "open_day/pages/people.html")]
struct Page {
    phone: bool,
    day: Id,
    title: String,
    sub: String,
    only: bool,
    rows: Vec<Row>,
}

fn page(g: &mut Get<'_>, actor: &Actor, day: &OpenDay, session: Option<&Session>) -> Result<Reply> {
    let view = g.view().clone();
    let mut rows = rows(g.r, &view, actor, day)?;
    if let Some(session) = session {
        rows.retain(|row| row.session == session.id);
    }
    let body = Page {
        phone: view.phone,
        day: day.id,
        title: session.map_or_else(|| day.title.clone(), |s| s.title.clone()),
        sub: session
            .map_or_else(|| view.day(day.day), |s| format!("{} {} {}", view.day(day.day), times(&view, s), s.place)),
        only: !sees_all_names(actor.hat.role),
        rows,
    };
    g.page(g.t("open-people"), "open-days", &body)
}

pub(super) fn of_day(g: &mut Get<'_>, at: ForOpenDay<right::ReceiveOpenDay>) -> Result<Reply> {
    page(g, &at.actor, &at.day, None)
}

pub(super) fn of_session(g: &mut Get<'_>, at: ForSession<right::ReceiveOpenDay>) -> Result<Reply> {
    page(g, &at.actor, &at.day, Some(&at.session))
}
