use jiff::civil::date;

use super::*;
use crate::roster::check::{CheckRules, Checker, ClassAnswer, SchoolAnswer, Schools};
use crate::roster::class_label::{ClassKey, SchoolKind};
use crate::roster::problem::{Problem, Severity};

struct AnySchool;

impl Schools for AnySchool {
    fn school(&self, _: &str) -> SchoolAnswer {
        SchoolAnswer::Known(SchoolKind::NineYear)
    }

    fn class(&self, _: &str, _: &ClassKey) -> ClassAnswer {
        ClassAnswer::Exists
    }
}

const FULL: &[(&str, &str)] = &[
    ("学籍号", "G11010520180302418X"),
    ("学校标识码", "5099000001"),
    ("姓名", "阿依古丽·买买提"),
    ("性别", "女"),
    ("出生日期", "20180302"),
    ("身份证件类型", "护照"),
    ("身份证件号", "E1234567"),
    ("民族", "维吾尔族"),
    ("国籍/地区", "中国"),
    ("港澳台侨外", "否"),
    ("户口性质", "农业户口"),
    ("是否留守儿童", "双亲留守儿童"),
    ("是否孤儿", "否"),
    ("健康状况", "健康或良好"),
    ("年级", "三年级"),
    ("班号", "三年级2班"),
    ("入学年月", "202409"),
    ("就读方式", "住校"),
    ("联系电话", "023-67801234"),
    ("残疾类型", "无残疾"),
    ("上下学方式", "自行车(含摩托车、电动自行车)"),
    ("成员1姓名", "谭国秀"),
    ("成员1关系", "外婆"),
    ("成员1联系电话", "13900005562/13900005563"),
    ("成员1是否监护人", "是"),
    ("成员2姓名", "买买提"),
    ("成员2关系", "父亲"),
];

/// The row, and the problems that would hold it back.
fn check(titles: &[String], texts: &[String]) -> (PupilRow, Vec<Problem>) {
    let heads = match_headings(titles);
    let rules = CheckRules { today: date(2026, 11, 23), school_year_start: 2026, school_code: None };
    let raw = RawRow::from_texts(2, &heads, texts.iter().map(String::as_str));
    let mut problems = Vec::new();
    let row = Checker::new(rules).read(&raw, &heads, &AnySchool, &mut problems);
    problems.retain(|problem| problem.severity > Severity::Note);
    (row, problems)
}

fn pupil() -> PupilRow {
    let (titles, texts): (Vec<_>, Vec<_>) = FULL.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).unzip();
    let (row, problems) = check(&titles, &texts);
    assert_eq!(problems, []);
    row
}

#[test]
fn a_file_written_in_the_shape_of_a_generation_reads_back_the_same() {
    let row = pupil();
    for generation in [Generation::G1, Generation::G2, Generation::G3] {
        let titles: Vec<String> = titles(generation).map(str::to_owned).collect();
        let texts = values(&row, fields(generation), 2026);
        assert_eq!(texts.len(), titles.len());
        let (again, problems) = check(&titles, &texts);
        assert_eq!(problems, [], "{generation:?}");
        assert_eq!(values(&again, fields(generation), 2026), texts, "{generation:?}");
        assert_eq!((&again.name, again.class, again.sex), (&row.name, row.class, row.sex));
        assert_eq!(again.members[0].kin, row.members[0].kin);
        assert_eq!(again.members[0].other_phones, row.members[0].other_phones);
    }
}

#[test]
fn only_the_export_carries_the_roll_number() {
    let texts = values(&pupil(), fields(Generation::G3), 2026);
    assert_eq!(texts[0], "G11010520180302418X");
}

#[test]
fn bad_rows_are_written_as_they_came_with_row_and_reason() {
    let titles: Vec<String> = ["★姓名", "班级号", "备注"].map(str::to_owned).to_vec();
    let heads = match_headings(&titles);
    let raw = RawRow::from_texts(17, &heads, ["向思源", "3.2", "随便"]);
    assert_eq!(mending_titles(&heads), ["原来的行", "哪里不对，怎么改", "★姓名", "班级号"]);
    assert_eq!(mending_values(&raw, &heads, "没有这个班"), ["17", "没有这个班", "向思源", "3.2"]);
    assert!(match_headings(&mending_titles(&heads)).mended);
}
