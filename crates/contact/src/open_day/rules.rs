//! When one may book, who comes, what is asked afterwards. No SQL, no HTTP.

use super::model::{OpenDay, Session, Stand, State};
use gongyu_kernel::Millis;
use gongyu_parts::form::{Choice, Form, Kind, Question};

/// Seats that stand for "no limit" in a quota: more than any school has families.
pub const UNLIMITED: i64 = 1_000_000;
/// Hours an offer to the waiting list stands [P].
pub const OFFER_HOURS: i64 = 24;
/// Days after the day in which arrivals may still be put right [P].
pub const MEND_DAYS: i64 = 7;
/// Days after the day in which families are asked how it was [P].
pub const ASK_DAYS: i64 = 7;

/// Why a family cannot book now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Booking begins later.
    NotYet,
    /// Booking is over.
    Over,
    /// It is called off, or not published.
    Off,
}

impl Closed {
    /// Key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotYet => "open-closed-not-yet",
            Self::Over => "open-closed-over",
            Self::Off => "open-closed-off",
        }
    }
}

/// Whether a family may book a session now.
///
/// # Errors
/// Why not.
pub fn bookable(day: &OpenDay, session: &Session, now: Millis) -> Result<(), Closed> {
    if day.state != State::Published || session.stand == Stand::Off {
        Err(Closed::Off)
    } else if now < day.opens_at {
        Err(Closed::NotYet)
    } else if now >= day.closes_at || now >= session.starts_at {
        Err(Closed::Over)
    } else {
        Ok(())
    }
}

/// Seats of a party: adults, and the children who come along.
pub const fn seats(adults: i64, children: i64) -> i64 {
    adults + children
}

/// Seats a quota is set to.
pub const fn quota(limit: i64) -> i64 {
    if limit == 0 { UNLIMITED } else { limit }
}

/// The questions asked afterwards unless the school writes its own: a minute's worth. The three degrees are those
/// of the satisfaction survey of a principal's mailbox too (满意、基本满意、不满意).
pub fn questions(words: impl Fn(&str) -> String) -> Form {
    let choice = |key: &str, label: &str| Choice { key: key.to_owned(), label: words(label) };
    let ask = |key: &str, label: &str, must, kind| Question { key: key.to_owned(), ask: words(label), must, kind };
    let degrees =
        vec![choice("a", "open-feedback-good"), choice("b", "open-feedback-fair"), choice("c", "open-feedback-poor")];
    Form {
        questions: vec![
            ask("q1", "open-feedback-how", true, Kind::One { choices: degrees }),
            ask("q2", "open-feedback-best", false, Kind::Text { most: 200 }),
            ask("q3", "open-feedback-wish", false, Kind::Text { most: 200 }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Kind as SessionKind;
    use super::*;
    use gongyu_kernel::Id;

    fn day(state: State) -> OpenDay {
        OpenDay {
            id: Id(1),
            school: Id(2),
            title: String::new(),
            intro: String::new(),
            place: String::new(),
            day: "2026-11-27".parse().unwrap(),
            state,
            capacity: 0,
            per_family: 3,
            per_class: 0,
            opens_at: Millis(100),
            closes_at: Millis(200),
            offer_minutes: 60,
            passes: true,
        }
    }

    fn session(stand: Stand) -> Session {
        Session {
            id: Id(3),
            open_day: Id(1),
            school: Id(2),
            kind: SessionKind::Lesson,
            title: String::new(),
            place: String::new(),
            teacher: None,
            teacher_name: String::new(),
            starts_at: Millis(180),
            ends_at: Millis(300),
            capacity: 10,
            stand,
            version: 1,
        }
    }

    #[test]
    fn one_books_after_it_opens_and_before_it_closes_or_begins() {
        let (open, on) = (day(State::Published), session(Stand::On));
        assert_eq!(bookable(&open, &on, Millis(99)), Err(Closed::NotYet));
        assert_eq!(bookable(&open, &on, Millis(100)), Ok(()));
        assert_eq!(bookable(&open, &on, Millis(180)), Err(Closed::Over));
        assert_eq!(bookable(&open, &session(Stand::Off), Millis(150)), Err(Closed::Off));
        assert_eq!(bookable(&day(State::Draft), &on, Millis(150)), Err(Closed::Off));
    }

    #[test]
    fn no_limit_is_a_quota_nobody_fills() {
        assert_eq!((quota(0), quota(40)), (UNLIMITED, 40));
    }

    #[test]
    fn the_questions_afterwards_take_a_minute() {
        let form = questions(str::to_owned);
        assert_eq!(form.questions.len(), 3);
        assert_eq!(form.questions.iter().filter(|q| q.must).count(), 1);
    }
}
