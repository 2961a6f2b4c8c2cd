//! How notices are put into words and marks.

use crate::notice::model::{Counts, Kind, Notice, Stand, State};
use gongyu_kernel::{Date, Millis};
use gongyu_web::show::View;

/// A moment as a field of a form holds it: 2026-11-26T20:00.
pub(super) fn field_of(at: Millis) -> String {
    let civil = at.civil();
    format!("{}T{:02}:{:02}", civil.date(), civil.hour(), civil.minute())
}

/// Reads such a field; `None` when it is none.
pub(super) fn moment_of(text: &str) -> Option<Millis> {
    let (day, clock) = text.split_once(['T', ' '])?;
    let day: Date = day.parse().ok()?;
    let mut parts = clock.splitn(3, ':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    ((0..24).contains(&hour) && (0..60).contains(&minute))
        .then(|| Millis::start_of(day).plus_minutes(hour * 60 + minute))
}

/// A moment to come or past, with its day and clock: 11月26日 20:00.
pub(super) fn at_words(view: &View, at: Millis) -> String {
    let civil = at.civil();
    format!("{} {:02}:{:02}", view.day(civil.date()), civil.hour(), civil.minute())
}

/// Where a child stands: colour of the badge, icon, key of the words.
pub(super) const fn stand_mark(stand: Stand, kind: Kind) -> (&'static str, &'static str, &'static str) {
    match (stand, kind) {
        (Stand::Failed, _) => ("over", "f-alert-triangle", "notice-stand-failed"),
        (Stand::Addressed, _) => ("na", "clock", "notice-stand-addressed"),
        (Stand::Delivered, _) => ("due", "mail", "notice-stand-delivered"),
        (Stand::Read, Kind::Plain) => ("met", "circle-check", "notice-stand-read"),
        (Stand::Read, _) => ("due", "eye", "notice-stand-read"),
        (Stand::Confirmed, Kind::Answer) => ("met", "circle-check", "notice-stand-answered"),
        (Stand::Confirmed, _) => ("met", "circle-check", "notice-stand-confirmed"),
    }
}

/// Children for whom what was wanted has happened.
pub(super) const fn done(counts: &Counts, kind: Kind) -> i64 {
    match kind {
        Kind::Plain => counts.seen(),
        Kind::Confirm | Kind::Answer => counts.confirmed,
    }
}

/// Key of the words for "done" of a kind.
pub(super) const fn done_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Plain => "notice-done-plain",
        Kind::Confirm => "notice-done-confirm",
        Kind::Answer => "notice-done-answer",
    }
}

/// What a notice's state calls for on a list: colour, icon, key.
pub(super) const fn state_mark(notice: &Notice) -> (&'static str, &'static str, &'static str) {
    match notice.state {
        State::Draft => ("na", "edit", "notice-state-draft"),
        State::Scheduled => ("due", "clock", "notice-state-scheduled"),
        State::Sending => ("due", "send", "notice-state-sending"),
        State::Sent if notice.replaced_by.is_some() => ("na", "transfer", "notice-state-replaced"),
        State::Sent => ("met", "circle-check", "notice-state-sent"),
        State::Recalled => ("over", "ban", "notice-state-recalled"),
    }
}

/// Names of children side by side.
pub(super) fn names<'a>(view: &View, names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(&view.t("notice-joint"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_moment_in_a_form_is_beijing_time() {
        let at = moment_of("2026-11-26T20:00").unwrap();
        assert_eq!(at, Millis::start_of(date(2026, 11, 26)).plus_minutes(20 * 60));
        assert_eq!(field_of(at), "2026-11-26T20:00");
        assert_eq!(moment_of("2026-11-26T25:00"), None);
        assert_eq!(moment_of(""), None);
    }
}
