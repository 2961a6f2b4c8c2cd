//! What follows from a contact, and what to advise before the next. No SQL, no HTTP.

use super::model::Candidate;
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_ledger::rules::{Channel, Depth, StaffRole, Tone, TouchKind};

/// Ways offered at the first tap.
pub const QUICK: [Channel; 4] = [Channel::Phone, Channel::Wechat, Channel::AtSchool, Channel::HomeVisit];

/// Every way a teacher may note.
pub const OFFERED: [Channel; 7] = [
    Channel::Phone,
    Channel::Wechat,
    Channel::AtSchool,
    Channel::HomeVisit,
    Channel::Video,
    Channel::Sms,
    Channel::Paper,
];

/// How deep a contact was. A message left with nobody, a text message and a sheet of paper tell; a talk
/// is a talk over any line; face to face is a meeting.
pub const fn depth(channel: Channel, left_message: bool) -> Depth {
    match channel {
        Channel::AtSchool | Channel::HomeVisit | Channel::Event => Depth::Met,
        Channel::Phone | Channel::Wechat | Channel::Video if !left_message => Depth::Talked,
        _ => Depth::Told,
    }
}

/// The kind of touch: at the family's door it is a home visit.
pub fn kind(channel: Channel) -> TouchKind {
    if channel == Channel::HomeVisit { TouchKind::VISIT } else { TouchKind::CONTACT }
}

/// The part a role plays towards a child, as duty rules ask.
pub const fn staff_role(role: Role) -> StaffRole {
    match role {
        Role::ClassTeacher => StaffRole::ClassTeacher,
        Role::SubjectTeacher => StaffRole::SubjectTeacher,
        Role::SchoolLeader | Role::MoralDirector => StaffRole::SchoolLeader,
        Role::Counsellor => StaffRole::Counsellor,
        _ => StaffRole::Other,
    }
}

/// Why the next contact should bring good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The last two contacts were complaints.
    TwoComplaints,
    /// The only contact so far was a complaint.
    OnlyComplaint,
}

/// What to advise, by the tones of the last contacts, the newest first: the end of telephoning to complain (B8).
pub const fn advice(newest_first: &[Tone]) -> Option<Advice> {
    match newest_first {
        [Tone::Complaint, Tone::Complaint, ..] => Some(Advice::TwoComplaints),
        [Tone::Complaint] => Some(Advice::OnlyComplaint),
        _ => None,
    }
}

/// Whom a contact reached when nobody says: the one reached last time if still there, else the first
/// with a telephone, else the first. Who may not receive what concerns the child is never assumed.
pub fn default_guardian<'a>(of_child: &[&'a Candidate], last: Option<Id>) -> Option<&'a Candidate> {
    let receiving = || of_child.iter().copied().filter(|c| c.receives);
    receiving()
        .find(|c| Some(c.guardian) == last)
        .or_else(|| receiving().find(|c| c.has_phone))
        .or_else(|| receiving().next())
}

/// Whether somebody may correct or take back a contact: its author, or the moral-education director of
/// the school (`in_reach`: the record lies in the unit of the hat).
pub fn may_correct(account: Id, author: Id, role: Role, in_reach: bool) -> bool {
    account == author || (role == Role::MoralDirector && in_reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_registry::people::Relation;

    fn candidate(guardian: i64, receives: bool, has_phone: bool) -> Candidate {
        Candidate {
            student: Id(1),
            guardian: Id(guardian),
            name: String::new(),
            relation: Relation::Father,
            kin: String::new(),
            receives,
            has_phone,
        }
    }

    #[test]
    fn a_talk_is_deeper_than_a_message_left_and_a_meeting_deeper_than_a_talk() {
        assert_eq!(depth(Channel::Phone, false), Depth::Talked);
        assert_eq!(depth(Channel::Phone, true), Depth::Told);
        assert_eq!(depth(Channel::Sms, false), Depth::Told);
        assert_eq!(depth(Channel::AtSchool, false), Depth::Met);
        assert_eq!(depth(Channel::HomeVisit, true), Depth::Met);
    }

    #[test]
    fn only_a_contact_at_the_familys_door_is_a_home_visit() {
        let visits: Vec<Channel> = OFFERED.into_iter().filter(|c| kind(*c) == TouchKind::VISIT).collect();
        assert_eq!(visits, [Channel::HomeVisit]);
    }

    #[test]
    fn good_news_is_advised_after_two_complaints_in_a_row_and_not_after_one_among_others() {
        use Tone::{Complaint, Good, Neutral};
        assert_eq!(advice(&[Complaint, Complaint, Good]), Some(Advice::TwoComplaints));
        assert_eq!(advice(&[Complaint]), Some(Advice::OnlyComplaint));
        assert_eq!(advice(&[Complaint, Neutral]), None);
        assert_eq!(advice(&[Good, Complaint, Complaint]), None);
        assert_eq!(advice(&[]), None);
    }

    #[test]
    fn the_guardian_reached_last_is_assumed_else_the_first_with_a_telephone() {
        let (a, b, c) = (candidate(1, true, false), candidate(2, true, true), candidate(3, true, true));
        let all = [&a, &b, &c];
        assert_eq!(default_guardian(&all, Some(Id(3))), Some(&c));
        assert_eq!(default_guardian(&all, Some(Id(9))), Some(&b));
        assert_eq!(default_guardian(&all, None), Some(&b));
        assert_eq!(default_guardian(&[&a], None), Some(&a));
    }

    #[test]
    fn who_may_not_receive_is_never_assumed_though_reached_last() {
        let (kept_away, other) = (candidate(1, false, true), candidate(2, true, false));
        assert_eq!(default_guardian(&[&kept_away, &other], Some(Id(1))), Some(&other));
        assert_eq!(default_guardian(&[&kept_away], Some(Id(1))), None);
    }

    #[test]
    fn a_contact_is_corrected_by_its_author_or_the_moral_director_of_the_school() {
        assert!(may_correct(Id(1), Id(1), Role::ClassTeacher, true));
        assert!(may_correct(Id(1), Id(1), Role::ClassTeacher, false));
        assert!(may_correct(Id(2), Id(1), Role::MoralDirector, true));
        assert!(!may_correct(Id(2), Id(1), Role::MoralDirector, false));
        assert!(!may_correct(Id(2), Id(1), Role::SchoolLeader, true));
    }
}
