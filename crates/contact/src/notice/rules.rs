//! Who may send what to whom and when, and what follows from what a family does. No SQL, no HTTP.

use super::model::{Counts, Draft, Kind, Notice, Stand};
use gongyu_access::Role;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Id, Millis, Result};
use gongyu_ledger::rules::{Channel, Depth};
use gongyu_registry::unit::UnitKind;
use jiff::civil::time;
use serde::{Deserialize, Serialize};

/// Characters of a title, so that a phone shows it whole [P].
pub const TITLE_MOST: usize = 60;
/// Characters of a text [P].
pub const BODY_MOST: usize = 8_000;
/// Children chosen one by one at most [P].
pub const PICKS_MOST: usize = 2_000;
/// Attachments at most [P]; `parts::attach` has its own limits besides.
pub const ATTACHMENTS_MOST: usize = 9;
/// Days after its deadline, or after it was sent without one, that a notice still waits on the family's home [P].
pub const WAIT_DAYS: i64 = 14;
/// Days that a withdrawal stands on the family's home [P].
pub const WITHDRAWN_DAYS: i64 = 7;

/// What a district may set about notices; every figure is a default [P].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticeSettings {
    /// Notices to one class on one day; what is over goes into the family's digest.
    pub per_class_and_day: i64,
    /// The same notice of the same author within so many minutes is taken for a slip.
    pub duplicate_minutes: i64,
    /// Hours before the deadline at which those who have not answered are reminded.
    pub remind_before_hours: i64,
    /// Hours after the deadline at which they are reminded again.
    pub remind_after_hours: i64,
    /// Hours between two reminders by hand.
    pub remind_again_hours: i64,
    /// A family is a chronic non-reader that left unread so many …
    pub chronic_unread: i64,
    /// … of the last so many notices.
    pub chronic_of: i64,
    /// Hour of the digest.
    pub digest_hour: i8,
    /// Reminders wait from this minute of the day …
    pub quiet_from: i64,
    /// … until this one.
    pub quiet_to: i64,
    /// Whether subject teachers may send to the classes they teach, unless a school says otherwise.
    pub subject_teachers: bool,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self {
            per_class_and_day: 3,
            duplicate_minutes: 30,
            remind_before_hours: 24,
            remind_after_hours: 24,
            remind_again_hours: 4,
            chronic_unread: 5,
            chronic_of: 6,
            digest_hour: 18,
            quiet_from: 21 * 60 + 30,
            quiet_to: 7 * 60,
            subject_teachers: false,
        }
    }
}

/// Whether a hat of this role sends to the families of a unit of this kind within its own unit.
pub const fn may_address(role: Role, kind: UnitKind) -> bool {
    match role {
        Role::ClassTeacher | Role::SubjectTeacher => matches!(kind, UnitKind::Class),
        Role::SchoolLeader | Role::MoralDirector => matches!(kind, UnitKind::School | UnitKind::Class),
        Role::TownOfficer => matches!(kind, UnitKind::Town | UnitKind::School | UnitKind::Class),
        Role::DistrictOfficer => {
            matches!(kind, UnitKind::District | UnitKind::Town | UnitKind::School | UnitKind::Class)
        }
        _ => false,
    }
}

/// What a draft must have before it goes.
///
/// # Errors
/// `Error::Invalid` names every field that is not right.
pub fn check(draft: &Draft, now: Millis, may_urgent: bool) -> Result<()> {
    let mut invalid = Invalid::default();
    let title = draft.title.trim();
    if title.is_empty() {
        invalid.push("title", "notice-title-needed");
    } else if title.chars().count() > TITLE_MOST {
        invalid.push("title", "notice-title-long");
    }
    if draft.body.trim().is_empty() && draft.attachments.is_empty() {
        invalid.push("body", "notice-body-needed");
    } else if draft.body.chars().count() > BODY_MOST {
        invalid.push("body", "notice-body-long");
    }
    if draft.attachments.len() > ATTACHMENTS_MOST {
        invalid.push("attachments", "notice-attachments-many");
    }
    if draft.kind == Kind::Answer && draft.questions.trim().is_empty() {
        invalid.push("questions", "notice-questions-needed");
    }
    if draft.urgent && !may_urgent {
        invalid.push("urgent", "notice-urgent-not-yours");
    } else if draft.urgent && draft.urgent_why.trim().is_empty() {
        invalid.push("urgent_why", "notice-urgent-why");
    }
    let goes = draft.send_at.unwrap_or(now);
    if draft.send_at.is_some_and(|at| at < now) {
        invalid.push("send_at", "notice-send-past");
    }
    if draft.deadline.is_some_and(|end| end <= goes) {
        invalid.push("deadline", "notice-deadline-past");
    }
    if draft.audience.children.len() > PICKS_MOST || draft.audience.except.len() > PICKS_MOST {
        invalid.push("audience", "notice-picks-many");
    }
    invalid.into_result()
}

/// Whether a moment lies in quiet hours.
pub fn is_quiet(settings: &NoticeSettings, at: Millis) -> bool {
    let civil = at.civil();
    let minute = i64::from(civil.hour()) * 60 + i64::from(civil.minute());
    if settings.quiet_from <= settings.quiet_to {
        (settings.quiet_from..settings.quiet_to).contains(&minute)
    } else {
        minute >= settings.quiet_from || minute < settings.quiet_to
    }
}

/// The moment itself, or the end of the quiet hours it lies in.
pub fn after_quiet(settings: &NoticeSettings, at: Millis) -> Millis {
    if !is_quiet(settings, at) {
        return at;
    }
    let end = Millis::start_of(at.date()).plus_minutes(settings.quiet_to);
    if end >= at { end } else { end.plus_days(1) }
}

/// The next digest after a moment.
pub fn digest_after(settings: &NoticeSettings, at: Millis) -> Millis {
    let hour = time(settings.digest_hour.clamp(0, 23), 0, 0, 0);
    let today = Millis::start_of(at.date()).plus_minutes(i64::from(hour.hour()) * 60);
    if at <= today { today } else { today.plus_days(1) }
}

/// When those who have not answered are reminded next by itself: once before the deadline, once after it;
/// `None` when both are past. A reminder before the deadline that would come within an hour of sending is left out.
pub fn next_reminder(settings: &NoticeSettings, notice: &Notice, after: Millis) -> Option<Millis> {
    if !notice.remind || notice.kind == Kind::Plain {
        return None;
    }
    let deadline = notice.deadline?;
    let before = after_quiet(settings, deadline.plus_minutes(-60 * settings.remind_before_hours));
    let late = after_quiet(settings, deadline.plus_minutes(60 * settings.remind_after_hours));
    let sent = notice.sent_at.unwrap_or(after);
    let before = Some(before).filter(|at| *at < deadline && *at > sent.plus_minutes(60));
    // An answer that came after the deadline would not count: nobody is asked for one then.
    let late = Some(late).filter(|_| notice.kind == Kind::Confirm);
    [before, late].into_iter().flatten().find(|at| *at > after)
}

/// The state a child stands in: the furthest of its guardians and of what was done by hand.
pub fn stand_of(receipts: &[Stand], by_hand: Option<Stand>) -> Stand {
    receipts.iter().copied().chain(by_hand).max().unwrap_or(Stand::Failed)
}

/// The touch that a step of a child calls for: told once when it first arrives or is opened, confirmed when
/// the family says so.
pub fn touch_of(before: Stand, after: Stand) -> Option<Depth> {
    match after {
        Stand::Delivered | Stand::Read if before < Stand::Delivered => Some(Depth::Told),
        Stand::Confirmed if before < Stand::Confirmed => Some(Depth::Confirmed),
        _ => None,
    }
}

/// How a family was reached by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The teacher called; the guardian, when said who.
    Call(Option<Id>),
    /// A printed slip came back.
    Paper,
}

impl Hand {
    /// What the ledger calls it: a call is a talk, a slip that came back a confirmation.
    pub const fn touch(self) -> (Channel, Depth) {
        match self {
            Self::Call(_) => (Channel::Phone, Depth::Talked),
            Self::Paper => (Channel::Paper, Depth::Confirmed),
        }
    }
}

/// The ledger's channel of a channel of `deliver`.
pub fn channel_of(name: &str) -> Channel {
    match name {
        "sms" => Channel::Sms,
        "wechat" | "wecom" => Channel::Wechat,
        _ => Channel::InApp,
    }
}

/// Moves one child from a counter to another.
pub fn moved(counts: &mut Counts, from: Stand, to: Stand) {
    *counts.of(from) -= 1;
    *counts.of(to) += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(day: i8, hour: i64, minute: i64) -> Millis {
        Millis::start_of(date(2026, 11, day)).plus_minutes(hour * 60 + minute)
    }

    #[test]
    fn nobody_is_reminded_in_quiet_hours() {
        let settings = NoticeSettings::default();
        assert_eq!(after_quiet(&settings, at(23, 22, 0)), at(24, 7, 0));
        assert_eq!(after_quiet(&settings, at(24, 3, 0)), at(24, 7, 0));
        assert_eq!(after_quiet(&settings, at(24, 7, 0)), at(24, 7, 0));
        assert_eq!(after_quiet(&settings, at(24, 21, 29)), at(24, 21, 29));
    }

    #[test]
    fn what_is_over_the_cap_waits_for_the_digest() {
        let settings = NoticeSettings::default();
        assert_eq!(digest_after(&settings, at(23, 9, 0)), at(23, 18, 0));
        assert_eq!(digest_after(&settings, at(23, 18, 1)), at(24, 18, 0));
    }

    #[test]
    fn a_child_stands_where_the_furthest_of_its_guardians_stands() {
        assert_eq!(stand_of(&[Stand::Failed, Stand::Read], None), Stand::Read);
        assert_eq!(stand_of(&[Stand::Failed, Stand::Addressed], None), Stand::Addressed);
        assert_eq!(stand_of(&[], None), Stand::Failed);
        assert_eq!(stand_of(&[Stand::Failed], Some(Stand::Confirmed)), Stand::Confirmed);
    }

    #[test]
    fn a_notice_tells_a_child_once_and_is_confirmed_once() {
        assert_eq!(touch_of(Stand::Addressed, Stand::Delivered), Some(Depth::Told));
        assert_eq!(touch_of(Stand::Delivered, Stand::Read), None);
        assert_eq!(touch_of(Stand::Failed, Stand::Read), Some(Depth::Told));
        assert_eq!(touch_of(Stand::Read, Stand::Confirmed), Some(Depth::Confirmed));
        assert_eq!(touch_of(Stand::Confirmed, Stand::Confirmed), None);
        assert_eq!(touch_of(Stand::Addressed, Stand::Failed), None);
    }

    #[test]
    fn each_role_addresses_what_lies_in_its_hand() {
        assert!(may_address(Role::ClassTeacher, UnitKind::Class));
        assert!(!may_address(Role::ClassTeacher, UnitKind::School));
        assert!(may_address(Role::TownOfficer, UnitKind::School));
        assert!(!may_address(Role::SchoolLeader, UnitKind::Town));
        assert!(!may_address(Role::Registrar, UnitKind::Class));
    }

    #[test]
    fn a_draft_that_lacks_something_says_what() {
        let now = at(23, 10, 0);
        let draft = Draft { urgent: true, deadline: Some(at(23, 9, 0)), kind: Kind::Answer, ..Draft::default() };
        let Err(gongyu_kernel::Error::Invalid(invalid)) = check(&draft, now, false) else { panic!("refused") };
        let fields: Vec<&str> = invalid.fields.iter().map(|(f, _)| f.as_ref()).collect();
        assert_eq!(fields, ["title", "body", "questions", "urgent", "deadline"]);
    }
}
