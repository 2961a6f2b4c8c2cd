//! What is understood of a row.

use super::*;
use gongyu_paper::sheet::{Cell, CellKind};

fn row(texts: &[&str]) -> Row {
    let cell = |text: &&str| Cell { text: (*text).to_owned(), kind: CellKind::Text };
    Row { number: 2, cells: texts.iter().map(cell).collect() }
}

fn read_as(sheet: SheetKind, texts: &[&str]) -> ReadRow {
    let columns: Vec<Option<Column>> = sheet.columns().iter().map(|(column, _)| Some(*column)).collect();
    read(sheet, &columns, &row(texts))
}

#[test]
fn a_school_code_of_another_length_is_taken_with_a_remark() {
    let read = read_as(SheetKind::Units, &["小学", "石桥小学", "50011200", "", "石桥街道", "", ""]);
    assert_eq!(read.faults, [Fault::CodeShape("50011200".to_owned())]);
    assert!(read.faults.iter().all(|fault| !fault.blocks()));
    let Said::Unit(unit) = read.said else { panic!("a unit") };
    assert_eq!((unit.kind(), unit.school_kind), (Some(UnitKind::School), Some(SchoolKind::Primary)));
}

#[test]
fn a_school_without_code_or_town_is_refused() {
    let read = read_as(SheetKind::Units, &["学校", "石桥小学", "", "小学", "", "", ""]);
    assert_eq!(read.faults, [Fault::Missing(Column::UnitCode), Fault::Missing(Column::Town)]);
}

#[test]
fn a_role_nobody_knows_is_named_and_a_class_teacher_is_sent_to_the_other_sheet() {
    let read = read_as(SheetKind::Staff, &["5001120001", "0007", "韩雨", "", "13900000007", "班主任、大队辅导"]);
    assert_eq!(read.faults, [Fault::TeacherInRoles, Fault::Role("大队辅导".to_owned())]);
}

#[test]
fn a_staff_number_that_a_spreadsheet_made_a_number_is_mended() {
    let read = read_as(SheetKind::Staff, &["5001120001.0", "12.0", "韩雨", "", "无", "校长"]);
    let Said::Staff(staff) = read.said else { panic!("staff") };
    assert_eq!((staff.unit.as_str(), staff.staff_no.as_str(), staff.phone.as_str()), ("5001120001", "12", ""));
    assert_eq!(staff.roles, [Role::SchoolLeader]);
}

#[test]
fn a_class_teacher_without_number_or_name_is_refused() {
    let read = read_as(SheetKind::Teachers, &["5001120001", "三年级2班", "", "", ""]);
    assert_eq!(read.faults, [Fault::NoPerson]);
}
