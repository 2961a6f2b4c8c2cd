//! What a file would do.

use super::*;
use crate::org::known::{KnownClass, KnownStaff, KnownUnit};
use crate::org::row::{StaffRow, TeacherRow, UnitRow};
use crate::roster::class_label::{SchoolKind, Stage};
use gongyu_kernel::Id;

const YEAR: i16 = 2026;

fn blind(phone: &str) -> String {
    format!("blind {phone}")
}

fn town(name: &str) -> KnownUnit {
    KnownUnit {
        id: None,
        kind: UnitKind::Town,
        code: String::new(),
        name: name.to_owned(),
        school_kind: None,
        setting: Some(crate::unit::Setting::Rural),
        town: String::new(),
        phone: String::new(),
    }
}

fn known() -> Known {
    let mut known = Known::default();
    known.add_unit(town("麻柳镇"));
    let school = known.add_unit(KnownUnit {
        id: None,
        kind: UnitKind::School,
        code: "5001120001".to_owned(),
        name: "麻柳小学".to_owned(),
        school_kind: Some(SchoolKind::Primary),
        town: "麻柳镇".to_owned(),
        ..town("")
    });
    for (id, number, name) in [(11, "01", "韩雨"), (12, "02", "罗青")] {
        known.add_staff(KnownStaff {
            id: Some(Id(id)),
            unit: school,
            staff_no: number.to_owned(),
            name: name.to_owned(),
            title: String::new(),
            phone: Some(blind("13900000001")),
            roles: [Role::Registrar].into(),
        });
    }
    let key = ClassKey::in_grade(Stage::Primary, 3, 2, YEAR);
    known.add_class(school, key, KnownClass { teacher: Some(Id(11)) });
    known
}

fn row(number: usize, sheet: SheetKind, said: Said) -> ReadRow {
    ReadRow { sheet, number, said, cells: Vec::new(), faults: Vec::new() }
}

fn school(number: usize, code: &str, name: &str, town: &str) -> ReadRow {
    let unit = UnitRow {
        kind: Some("school".to_owned()),
        name: name.to_owned(),
        code: code.to_owned(),
        school_kind: Some(SchoolKind::Primary),
        town: town.to_owned(),
        setting: None,
        phone: String::new(),
    };
    row(number, SheetKind::Units, Said::Unit(unit))
}

fn staff(number: usize, unit: &str, staff_no: &str, name: &str, phone: &str, roles: &[Role]) -> ReadRow {
    let staff = StaffRow {
        unit: unit.to_owned(),
        staff_no: staff_no.to_owned(),
        name: name.to_owned(),
        title: String::new(),
        phone: phone.to_owned(),
        roles: roles.to_vec(),
    };
    row(number, SheetKind::Staff, Said::Staff(staff))
}

fn teacher(number: usize, class: &str, staff_no: &str, name: &str) -> ReadRow {
    let teacher = TeacherRow {
        unit: "5001120001".to_owned(),
        class: class.to_owned(),
        staff_no: staff_no.to_owned(),
        name: name.to_owned(),
        phone: String::new(),
    };
    row(number, SheetKind::Teachers, Said::Teacher(teacher))
}

fn plan(rows: Vec<ReadRow>) -> Vec<Planned> {
    Planner::new(known(), YEAR, &blind).plan(rows)
}

fn verdicts(rows: Vec<ReadRow>) -> Vec<Verdict> {
    plan(rows).iter().map(|p| p.verdict).collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    let rows = vec![
        school(2, "5001120001", "麻柳小学", "麻柳镇"),
        staff(2, "5001120001", "01", "韩雨", "13900000001", &[Role::Registrar]),
        teacher(2, "三年级2班", "01", ""),
    ];
    assert_eq!(verdicts(rows), [Verdict::Unchanged; 3]);
}

#[test]
fn an_unknown_town_is_refused_with_the_nearest_name() {
    let planned = plan(vec![school(2, "5001120009", "云溪小学", "麻柳乡")]);
    assert_eq!(planned[0].verdict, Verdict::Refused);
    assert_eq!(planned[0].faults, [Fault::Town("麻柳乡".to_owned(), Some("麻柳镇".to_owned()))]);
}

#[test]
fn a_school_code_is_one_schools_in_the_file_and_in_the_registry() {
    let planned =
        plan(vec![school(2, "5001120009", "云溪小学", "麻柳镇"), school(3, "5001120009", "云溪二小", "麻柳镇")]);
    assert_eq!(planned[0].verdict, Verdict::Added);
    assert_eq!(planned[1].faults, [Fault::UnitTwice(2)]);
}

#[test]
fn a_known_code_with_another_name_is_a_change_of_name() {
    let planned = plan(vec![school(2, "5001120001", "麻柳镇中心小学", "麻柳镇")]);
    assert_eq!(
        (planned[0].verdict, &planned[0].changes[..]),
        (Verdict::Changed, &[Change::Name("麻柳小学".to_owned())][..])
    );
}

#[test]
fn staff_may_be_of_a_school_that_the_same_file_makes() {
    let rows = vec![
        staff(2, "5001120009", "01", "韩雨", "", &[Role::SchoolLeader]),
        school(2, "5001120009", "云溪小学", "麻柳镇"),
    ];
    assert_eq!(verdicts(rows), [Verdict::Added; 2]);
}

#[test]
fn a_staff_number_is_never_given_to_somebody_else() {
    let planned = plan(vec![staff(2, "5001120001", "01", "贺心", "13900000099", &[])]);
    assert_eq!(planned[0].faults, [Fault::NumberTaken("韩雨".to_owned())]);
    let married = plan(vec![staff(2, "5001120001", "01", "韩小雨", "13900000001", &[])]);
    assert_eq!(married[0].changes, [Change::Name("韩雨".to_owned())]);
}

#[test]
fn the_same_person_twice_in_the_file_is_refused_the_second_time() {
    let planned =
        plan(vec![staff(2, "5001120001", "07", "贺心", "", &[]), staff(3, "5001120001", "07", "贺心", "", &[])]);
    assert_eq!((planned[0].verdict, planned[1].faults.clone()), (Verdict::Added, vec![Fault::PersonTwice(2)]));
}

#[test]
fn an_empty_cell_takes_nothing_away_and_a_role_more_is_a_change() {
    let planned = plan(vec![staff(2, "5001120001", "01", "韩雨", "", &[Role::Counsellor])]);
    assert_eq!(planned[0].changes, [Change::Role(Role::Counsellor)]);
}

#[test]
fn a_role_of_another_kind_of_unit_is_refused() {
    let planned = plan(vec![staff(2, "麻柳镇", "", "罗青", "", &[Role::Registrar])]);
    assert_eq!(planned[0].faults, [Fault::RoleElsewhere("registrar".to_owned())]);
}

#[test]
fn a_class_is_taken_over_or_made_but_not_given_twice() {
    let planned = plan(vec![
        teacher(2, "三(2)班", "02", ""),
        teacher(3, "四年级1班", "", "罗青"),
        teacher(4, "三年级2班", "01", ""),
    ]);
    assert_eq!(planned[0].changes, [Change::TakesOver]);
    assert_eq!(planned[1].verdict, Verdict::Added);
    assert_eq!(planned[1].faults, [Fault::ClassNew("四年级1班".to_owned())]);
    assert_eq!(planned[2].faults, [Fault::ClassTwice(2)]);
}

#[test]
fn a_class_teacher_nobody_knows_is_refused_with_the_nearest_name() {
    let planned = plan(vec![teacher(2, "三年级2班", "", "罗清")]);
    assert_eq!(planned[0].faults, [Fault::Person("罗清".to_owned(), Some("罗青".to_owned()))]);
}
