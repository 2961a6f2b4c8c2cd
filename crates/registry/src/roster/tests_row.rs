use jiff::civil::date;

use super::*;
use crate::roster::headings::{MemberField, match_headings};
use crate::roster::values::Relation;

fn heads() -> HeadingMatch {
    match_headings(&Field::all().map(|field| field.title().to_owned()).collect::<Vec<_>>())
}

fn read(cells: &[(Field, &str)]) -> (PupilRow, Vec<Problem>) {
    let mut raw = RawRow::new(7);
    raw.set(Field::Name, "向思源", false);
    for (field, text) in cells {
        raw.set(*field, *text, false);
    }
    let mut problems = Vec::new();
    let row = PupilRow::read(&raw, &heads(), &mut problems);
    (row, problems)
}

fn codes(problems: &[Problem]) -> Vec<ProblemCode> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn dates_are_read_in_every_usual_form() {
    for text in [
        "20170302",
        "2017-03-02",
        "2017/3/2",
        "2017.3.2",
        "2017年3月2日",
        "２０１７年3月2日",
        "2017-03-02 00:00:00",
        "2017 年 3 月 2 日",
    ] {
        assert_eq!(read_date(text, false).map(|reading| reading.date), Some(date(2017, 3, 2)), "{text}");
    }
    for text in ["20171302", "20170230", "3月2日", "2017", "去年", "42796"] {
        assert_eq!(read_date(text, false), None, "{text}");
    }
}

#[test]
fn a_spreadsheet_number_is_a_date_only_in_a_number_cell() {
    assert_eq!(read_date("42796", true), Some(DateReading { date: date(2017, 3, 2), from_serial: true }));
    assert_eq!(read_date("42796.0", true).map(|reading| reading.date), Some(date(2017, 3, 2)));
    assert_eq!(read_date("20170302", true), Some(DateReading { date: date(2017, 3, 2), from_serial: false }));
    assert_eq!(read_date("19999", true), None);
}

#[test]
fn months_of_entry_are_read_in_every_usual_form() {
    for text in ["202309", "2023-09", "2023年9月", "2023.9", "2023/09", "20230901", "2023-09-01", "202309.0"] {
        assert_eq!(read_month(text, false), Some(YearMonth { year: 2023, month: 9 }), "{text}");
    }
    assert_eq!(read_month("202313", false), None);
    assert_eq!(YearMonth { year: 2024, month: 2 }.school_year_start(), 2023);
    assert_eq!(YearMonth { year: 2024, month: 8 }.school_year_start(), 2024);
}

#[test]
fn names_of_every_script_and_plane_are_valid() {
    for name in [
        "阿依古丽·买买提",
        "向思源",
        "𠮷田𫖯",
        "欧阳若溪",
        "Anna-Maria O'Brien",
        "བསྟན་འཛིན".split('་').next().unwrap(),
        "ئايگۈل",
        "李〇",
    ] {
        assert_eq!(name_fault(&tidy_name(name)), None, "{name}");
    }
}

#[test]
fn every_middle_dot_becomes_one() {
    for name in [
        "阿依古丽•买买提",
        "阿依古丽・买买提",
        "阿依古丽.买买提",
        "阿依古丽．买买提",
        "阿依古丽 · 买买提",
        "阿依古丽‧买买提",
    ] {
        assert_eq!(tidy_name(name), "阿依古丽·买买提", "{name}");
    }
    assert_eq!(tidy_name("李\u{3000}明"), "李明");
    assert_eq!(tidy_name(" Anna  Maria "), "Anna Maria");
    assert_eq!(tidy_name("J. Smith"), "J. Smith");
}

#[test]
fn names_that_are_none_are_refused_or_asked_about() {
    for (name, code) in [
        ("李明1", ProblemCode::NameDigits),
        ("李\u{7}明", ProblemCode::NameBadCharacter),
        ("李明😀", ProblemCode::NameBadCharacter),
        ("李明@", ProblemCode::NameBadCharacter),
        ("李?", ProblemCode::NameLostCharacter),
        ("李□", ProblemCode::NameLostCharacter),
        ("李\u{E123}", ProblemCode::NamePrivateCharacter),
        ("测试学生", ProblemCode::NameTrial),
        ("李", ProblemCode::NameOneCharacter),
        ("··", ProblemCode::NameBadCharacter),
    ] {
        assert_eq!(name_fault(&tidy_name(name)).map(|fault| fault.0), Some(code), "{name}");
    }
    assert_eq!(name_fault(&"长".repeat(51)).map(|fault| fault.0), Some(ProblemCode::NameTooLong));
}

#[test]
fn codes_and_names_give_the_same_row() {
    let names = [
        (Field::Sex, "男"),
        (Field::Ethnicity, "汉族"),
        (Field::LeftBehind, "双亲留守儿童"),
        (Field::Nationality, "中国"),
    ];
    let numbers = [(Field::Sex, "1"), (Field::Ethnicity, "1"), (Field::LeftBehind, "2"), (Field::Nationality, "CHN")];
    let (by_name, problems) = read(&names);
    assert_eq!(codes(&problems), []);
    assert_eq!(by_name, read(&numbers).0);
}

#[test]
fn a_bare_yes_to_left_behind_is_noted_and_kept_as_one_parent() {
    let (row, problems) = read(&[(Field::LeftBehind, "是")]);
    assert_eq!(row.left_behind, Some(LeftBehind::OneParent));
    assert_eq!(codes(&problems), [ProblemCode::LeftBehindKindMissing]);
}

#[test]
fn an_unknown_value_holds_the_row_only_where_it_weighs() {
    let (row, problems) = read(&[(Field::TravelWay, "骑马"), (Field::Disability, "说不清")]);
    assert_eq!((row.travel_way, row.disability), (None, None));
    let weights: Vec<_> = problems.iter().map(|problem| (problem.found.as_str(), problem.severity)).collect();
    assert_eq!(weights, [("骑马", Severity::Note), ("说不清", Severity::Ask)]);
}

#[test]
fn a_short_telephone_is_told_masked_with_what_is_missing() {
    let field = Field::Member(MemberNo::One, MemberField::Phone);
    let (_, problems) = read(&[(Field::Member(MemberNo::One, MemberField::Name), "冉小兰"), (field, "1390000562")]);
    assert_eq!(codes(&problems), [ProblemCode::PhoneShort]);
    assert_eq!(problems[0].found, "139****562");
    assert_eq!(problems[0].args, [("len".into(), "10".to_owned()), ("diff".into(), "1".to_owned())]);
    assert_eq!(problems[0].column_title, "成员1联系电话");
}

#[test]
fn a_member_keeps_the_finer_word_for_the_relation() {
    let of = |field| Field::Member(MemberNo::One, field);
    let name = (of(MemberField::Name), "谭国秀");
    for (relation, note, expected) in [
        ("外婆", "", (Relation::Grandparent, Some("外婆"))),
        ("祖父母或外祖父母", "爷爷", (Relation::Grandparent, Some("爷爷"))),
        ("其他", "姑妈", (Relation::Other, Some("姑妈"))),
        ("其他", "邻居", (Relation::Other, Some("邻居"))),
        ("母亲", "", (Relation::Mother, None)),
    ] {
        let (row, problems) =
            read(&[name, (of(MemberField::Relation), relation), (of(MemberField::RelationNote), note)]);
        let member = &row.members[0];
        assert_eq!((member.relation, member.kin.as_deref()), (Some(expected.0), expected.1), "{relation} {note}");
        assert_eq!(codes(&problems), []);
    }
    let (row, problems) = read(&[name, (of(MemberField::Relation), "干亲家")]);
    assert_eq!((row.members[0].relation, row.members[0].kin.as_deref()), (Some(Relation::Other), Some("干亲家")));
    assert_eq!(codes(&problems), [ProblemCode::RelationUnknown]);
}

#[test]
fn members_without_name_and_telephone_are_not_there() {
    let (row, problems) = read(&[(Field::Member(MemberNo::One, MemberField::Name), "无")]);
    assert_eq!(row.members, []);
    assert_eq!(codes(&problems), []);
}

#[test]
fn an_identity_number_stored_as_an_amount_has_lost_its_end() {
    let mut raw = RawRow::new(2);
    raw.set(Field::Name, "向思源", false);
    raw.set(Field::IdNumber, "110105194912310000", true);
    let mut problems = Vec::new();
    assert_eq!(PupilRow::read(&raw, &heads(), &mut problems).id_number, None);
    assert_eq!(codes(&problems), [ProblemCode::IdLostDigits]);
}

#[test]
fn the_continuation_mark_of_an_export_is_the_roll_number_where_it_looks_like_one() {
    let (row, problems) = read(&[(Field::RollContinuation, "G11010519491231002X")]);
    assert_eq!(row.roll_number.map(String::from).as_deref(), Some("G11010519491231002X"));
    assert_eq!(codes(&problems), []);
    let (row, problems) = read(&[(Field::RollContinuation, "新生")]);
    assert_eq!((row.roll_number, problems.len()), (None, 0));
    let (_, problems) = read(&[(Field::RollNumber, "G1101")]);
    assert_eq!(codes(&problems), [ProblemCode::RollShape]);
}

#[test]
fn reading_never_panics_whatever_stands_in_the_cells() {
    let long = "很".repeat(5000);
    for text in [
        "\u{0}",
        "=1+1",
        "'",
        "😀",
        "1-",
        "-",
        "((((",
        "年月日",
        "99999999999999999999",
        "\u{FEFF}",
        "NaN",
        "1e999",
        "２0２4级",
        &long,
    ] {
        let cells: Vec<(Field, &str)> = Field::all().map(|field| (field, text)).collect();
        for is_number in [false, true] {
            let mut raw = RawRow::new(1);
            for (field, text) in &cells {
                raw.set(*field, *text, is_number);
            }
            let mut problems = Vec::new();
            PupilRow::read(&raw, &heads(), &mut problems);
        }
    }
}

#[test]
fn a_row_is_stored_and_read_back_as_it_was() {
    let (row, _) = read(&[(Field::Sex, "男"), (Field::BirthDate, "20170302"), (Field::IdNumber, "11010519491231002X")]);
    let json = serde_json::to_string(&row).unwrap();
    assert_eq!(serde_json::from_str::<PupilRow>(&json).unwrap(), row);
}
