//! What a guardian is asked and what they may read. No SQL, no HTTP.

use super::store::Seen;
use gongyu_kernel::{Date, Id};
use gongyu_ledger::rules::{Depth, Tone};

/// Days within which a family may say of itself whether a contact happened [P].
pub(super) const ASK_DAYS: i32 = 30;
/// Days back that good news is shown as news [P].
pub(super) const NEWS_DAYS: i32 = 120;

/// Whether this contact is one the guardian can speak of: a talk or meeting of late, with them or with
/// nobody named, not a message left.
pub(super) fn may_answer(seen: &Seen, me: Id, today: Date) -> bool {
    let with_me = seen.guardian.is_none_or(|g| g == me);
    with_me && seen.depth >= Depth::Talked && (today - seen.day).get_days() <= ASK_DAYS
}

/// The note as the family may read it: of good news and everyday matters only. What was noted of a worry
/// or a complaint was written for the school.
pub(super) fn readable(seen: &Seen) -> Option<&str> {
    let kind = matches!(seen.tone, Some(Tone::Good | Tone::Neutral));
    seen.note.as_deref().filter(|note| kind && !note.is_empty())
}

/// How a teacher is called in Chinese, without 老师: 林 of 林晓, 欧阳 of 欧阳明月; a name of another
/// shape is left whole.
pub(crate) fn called(name: &str) -> String {
    const DOUBLE: [&str; 12] =
        ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯"];
    let count = name.chars().count();
    match count {
        2..=4 if DOUBLE.iter().any(|d| name.starts_with(d)) && count > 2 => name.chars().take(2).collect(),
        2..=3 => name.chars().take(1).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_kernel::Millis;
    use gongyu_ledger::rules::{Channel, TouchKind};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn seen(tone: Tone) -> Seen {
        Seen {
            touch: Id(1),
            student: Id(2),
            day: date(2026, 11, 20),
            at: Millis(0),
            kind: TouchKind::CONTACT,
            channel: Channel::Phone,
            depth: Depth::Talked,
            tone: Some(tone),
            guardian: Some(Id(7)),
            staff: None,
            note: Some("数学课上主动给同桌讲题".to_owned()),
            said: None,
        }
    }

    #[test]
    fn a_family_never_reads_the_words_of_a_complaint_or_a_worry() {
        assert!(readable(&seen(Tone::Good)).is_some());
        assert!(readable(&seen(Tone::Neutral)).is_some());
        assert_eq!(readable(&seen(Tone::Concern)), None);
        assert_eq!(readable(&seen(Tone::Complaint)), None);
    }

    #[test]
    fn only_the_guardian_reached_speaks_of_a_contact() {
        assert!(may_answer(&seen(Tone::Good), Id(7), TODAY));
        assert!(!may_answer(&seen(Tone::Good), Id(8), TODAY));
        assert!(may_answer(&Seen { guardian: None, ..seen(Tone::Good) }, Id(8), TODAY));
    }

    #[test]
    fn nobody_speaks_of_a_message_left_or_of_long_ago() {
        assert!(!may_answer(&Seen { depth: Depth::Told, ..seen(Tone::Good) }, Id(7), TODAY));
        assert!(!may_answer(&Seen { day: date(2026, 10, 20), ..seen(Tone::Good) }, Id(7), TODAY));
    }

    #[test]
    fn a_teacher_is_called_by_the_family_name() {
        assert_eq!(called("林晓"), "林");
        assert_eq!(called("欧阳明月"), "欧阳");
        assert_eq!(called("阿依古丽·买买提"), "阿依古丽·买买提");
    }
}
