//! How open days are said.

use super::model::{Kind, Session, State};
use gongyu_parts::booking::{self, Block, Short, Why};
use gongyu_web::show::View;

/// 14:00 to 14:40.
pub fn times(view: &View, session: &Session) -> String {
    let clock = |at: gongyu_kernel::Millis| {
        let civil = at.civil();
        format!("{:02}:{:02}", civil.hour(), civil.minute())
    };
    view.ta("open-times", &[("from", clock(session.starts_at).into()), ("to", clock(session.ends_at).into())])
}

/// Look and icon of an open day.
pub const fn state_look(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("is-na", "edit"),
        State::Published => ("is-due", "calendar-event"),
        State::Held => ("is-met", "check"),
        State::Off => ("is-na", "ban"),
    }
}

/// Look, icon and words of a booking.
pub const fn booking_look(state: booking::State) -> (&'static str, &'static str, &'static str) {
    match state {
        booking::State::Booked => ("is-met", "check", "open-booking-booked"),
        booking::State::Offered | booking::State::Held => ("is-due", "hourglass", "open-booking-offered"),
        booking::State::Waiting => ("is-due", "clock", "open-booking-waiting"),
        booking::State::Cancelled => ("is-na", "ban", "open-booking-cancelled"),
        booking::State::Declined => ("is-na", "x", "open-booking-declined"),
        booking::State::Expired => ("is-na", "clock", "open-booking-expired"),
    }
}

/// Icon of a kind of session.
pub const fn kind_icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Lesson => "book",
        Kind::Tour => "map-pin",
        Kind::Talk => "message-circle",
        Kind::Together => "heart-handshake",
    }
}

/// What is short, in words.
pub fn short(view: &View, s: &Short) -> String {
    let key = match s.kind.as_str() {
        "session" => "open-short-session",
        "class" => "open-short-class",
        _ => "open-short-all",
    };
    view.ta(key, &[("free", s.free.into()), ("need", s.need.into())])
}

/// Why a family is not served yet, sentence by sentence.
pub fn why(view: &View, why: &Why) -> Vec<String> {
    let mut out = Vec::new();
    if why.ahead > 0 {
        out.push(view.ta("open-why-ahead", &[("n", why.ahead.into()), ("seats", why.ahead_seats.into())]));
    } else {
        out.push(view.t("open-why-first"));
    }
    for block in &why.blocks {
        out.push(match block {
            Block::Short(s) => short(view, s),
            Block::Elsewhere => view.t("open-why-elsewhere"),
            Block::Paused => view.t("open-why-paused"),
            Block::Ahead => view.t("open-why-order"),
            Block::Nothing => view.t("open-why-soon"),
        });
    }
    if why.passed_by > 0 {
        out.push(view.ta("open-why-passed", &[("n", why.passed_by.into())]));
    }
    out
}
