use super::rule;
use crate::rules::{
    ActFacts, ActKind, Category, Channel, Depth, EventFacts, EventKind, SchoolKind, StaffRole, Subject, SubjectFacts,
    TouchFacts, TouchKind, answered_in_time, applies, counts_in, matches, tally_acts,
};
use gongyu_kernel::calendar::{Date, Holidays, SchoolCalendar};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn visit() -> TouchFacts {
    TouchFacts {
        kind: TouchKind::VISIT,
        depth: Depth::Met,
        channel: Channel::HomeVisit,
        staff_role: Some(StaffRole::ClassTeacher),
        occurred_on: day("2026-08-20"),
    }
}

fn act(kind: ActKind) -> ActFacts {
    ActFacts { kind, held_on: day("2026-11-20") }
}

#[test]
fn only_a_visit_at_the_door_by_the_class_teacher_is_the_yearly_visit() {
    let r05 = rule("R05");
    assert!(matches(&r05, &visit()));
    assert!(!matches(&r05, &TouchFacts { kind: TouchKind::CONTACT, ..visit() }));
    assert!(!matches(&r05, &TouchFacts { depth: Depth::Talked, ..visit() }));
    assert!(!matches(&r05, &TouchFacts { channel: Channel::Phone, ..visit() }));
    assert!(!matches(&r05, &TouchFacts { staff_role: Some(StaffRole::SchoolLeader), ..visit() }));
    assert!(!matches(&r05, &TouchFacts { staff_role: None, ..visit() }));
}

#[test]
fn any_member_of_staff_may_visit_a_child_of_a_special_group() {
    let r06 = rule("R06");
    assert!(matches(&r06, &TouchFacts { staff_role: Some(StaffRole::Counsellor), ..visit() }));
    assert!(!matches(&r06, &TouchFacts { channel: Channel::Video, ..visit() }));
}

#[test]
fn acts_do_not_count_for_rules_about_touches_nor_the_other_way() {
    assert!(matches(&rule("R01"), &act(ActKind::FAMILY_EDUCATION)));
    assert!(!matches(&rule("R01"), &act(ActKind::PARENT_MEETING)));
    assert!(!matches(&rule("R01"), &visit()));
    assert!(!matches(&rule("R05"), &act(ActKind::FAMILY_EDUCATION)));
}

#[test]
fn an_august_visit_counts_in_the_school_year_about_to_begin() {
    let calendar = SchoolCalendar::default_chongqing();
    let period = counts_in(&rule("R05"), &visit(), &calendar).expect("it counts");
    assert_eq!(period.code, "2026-2027");
    assert_eq!(counts_in(&rule("R01"), &visit(), &calendar), None);
}

#[test]
fn setting_up_asks_for_both_and_not_for_one_of_them_twice() {
    let r13 = rule("R13");
    let school = act(ActKind::PARENT_SCHOOL_SET_UP);
    let committee = act(ActKind::PARENT_COMMITTEE_SET_UP);
    assert_eq!(tally_acts(&r13, [&school, &school]), 1);
    assert_eq!(tally_acts(&r13, [&school, &committee]), 2);
    assert_eq!(tally_acts(&rule("R01"), [&act(ActKind::FAMILY_EDUCATION), &act(ActKind::FAMILY_EDUCATION)]), 2);
}

#[test]
fn an_answer_counts_up_to_the_last_working_day() {
    let missed = |answered: Option<&str>| EventFacts {
        kind: EventKind::MEETING_MISSED,
        happened_on: day("2026-11-13"),
        answered_on: answered.map(day),
    };
    let (r14, holidays) = (rule("R14"), Holidays::national());
    assert_eq!(answered_in_time(&r14, &missed(Some("2026-11-20")), &holidays), Some(true));
    assert_eq!(answered_in_time(&r14, &missed(Some("2026-11-21")), &holidays), Some(false));
    assert_eq!(answered_in_time(&r14, &missed(None), &holidays), Some(false));
    assert_eq!(answered_in_time(&rule("R19"), &missed(None), &holidays), None);
}

#[test]
fn kindergartens_have_their_own_number_and_share_the_rest() {
    let primary = SubjectFacts { school_kind: Some(SchoolKind::Primary), ..SubjectFacts::default() };
    let kindergarten = SubjectFacts { school_kind: Some(SchoolKind::Kindergarten), ..SubjectFacts::default() };
    let about = |code: &str, subject, facts: &SubjectFacts| applies(&rule(code), subject, facts);
    assert!(about("R01", Subject::School, &primary) && !about("R02", Subject::School, &primary));
    for subject in [Subject::School, Subject::Kindergarten] {
        assert!(!about("R01", subject, &kindergarten) && about("R02", subject, &kindergarten));
        assert!(about("R13", subject, &kindergarten) && about("R17", subject, &kindergarten));
        assert!(!about("R07", subject, &kindergarten));
    }
    assert!(!about("R05", Subject::School, &primary));
}

#[test]
fn a_rule_for_special_groups_is_about_their_children_only() {
    let child = |categories: &[Category]| SubjectFacts {
        school_kind: Some(SchoolKind::Primary),
        categories: categories.to_vec(),
        ..SubjectFacts::default()
    };
    let asked = |categories: &[Category]| applies(&rule("R06"), Subject::Child, &child(categories));
    assert!(!asked(&[]));
    assert!(!asked(&[Category::Hardship]));
    assert!(asked(&[Category::LeftBehind]));
    assert!(asked(&[Category::SpecialGroup]));
    assert!(applies(&rule("R05"), Subject::Child, &child(&[])));
}
