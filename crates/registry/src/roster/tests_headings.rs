use super::*;
use crate::roster::export;

fn matched(headings: &[&str]) -> HeadingMatch {
    match_headings(&headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>())
}

/// The headings of a generation in another order, dressed up the way offices dress them.
fn shuffled(generation: Generation) -> Vec<String> {
    let titles: Vec<&str> = export::titles(generation).collect();
    let step = 29;
    (0..titles.len())
        .map(|at| titles[at * step % titles.len()])
        .enumerate()
        .map(|(at, title)| match at % 6 {
            0 => format!("★{title}"),
            1 => format!("  {title}\u{3000}*"),
            2 => title.chars().flat_map(|c| [c, ' ']).collect(),
            3 => format!("{title}（必填）"),
            4 => title.replace("成员1", "成员１\n").replace("成员2", "成员②"),
            _ => format!("{}.{title}：", at + 1),
        })
        .collect()
}

#[test]
fn every_generation_is_matched_whatever_order_stars_and_spaces() {
    for (generation, count) in [(Generation::G1, 71), (Generation::G2, 73), (Generation::G3, 71)] {
        let found = match_headings(&shuffled(generation));
        assert_eq!(found.unknown, [], "{generation:?}");
        assert_eq!(found.duplicated, [], "{generation:?}");
        assert_eq!(found.missing_required, [], "{generation:?}");
        assert_eq!(found.score, count, "{generation:?}");
        assert_eq!(found.generation, Some(generation));
        let mut fields: Vec<usize> = found.columns.iter().map(|field| field.map_or(0, Field::index)).collect();
        let mut official: Vec<usize> = export::fields(generation).iter().map(|field| field.index()).collect();
        fields.sort_unstable();
        official.sort_unstable();
        assert_eq!(fields, official);
    }
}

#[test]
fn headings_that_mean_the_same_are_one_field() {
    for (heading, field) in [
        ("残疾人类型", Field::Disability),
        ("残疾类型", Field::Disability),
        ("上下学交通方式", Field::TravelWay),
        ("是否乘坐校车", Field::SchoolBus),
        ("班级号", Field::Class),
        ("班 级 名 称", Field::Class),
        ("学校标示码", Field::SchoolCode),
        ("身份证", Field::IdNumber),
        ("★身份证号", Field::IdNumber),
        ("全国学籍号", Field::RollNumber),
        ("学籍号", Field::RollNumber),
        ("学籍接续标识", Field::RollContinuation),
        ("国籍／地区", Field::Nationality),
        ("年级", Field::Grade),
        ("监护人1姓名", Field::Member(MemberNo::One, MemberField::Name)),
        ("第二监护人电话", Field::Member(MemberNo::Two, MemberField::Phone)),
        ("家庭成员二 身份证号", Field::Member(MemberNo::Two, MemberField::IdNumber)),
        ("母亲手机号", Field::Member(MemberNo::Two, MemberField::Phone)),
        ("家长姓名", Field::Member(MemberNo::One, MemberField::Name)),
        ("成员1监护人", Field::Member(MemberNo::One, MemberField::IsGuardian)),
        ("成员1电话", Field::Member(MemberNo::One, MemberField::Phone)),
    ] {
        assert_eq!(matched(&[heading]).columns, [Some(field)], "{heading}");
    }
}

#[test]
fn no_heading_stands_for_two_fields() {
    let mut owners: HashMap<String, Field> = HashMap::new();
    for field in Field::PUPIL {
        for word in std::iter::once(&field.title()).chain(field.synonyms()) {
            let normal = normalise_heading(word);
            if let Some(other) = owners.insert(normal, *field) {
                assert_eq!(other, *field, "{word}");
            }
        }
    }
}

#[test]
fn every_field_has_its_own_place_and_key() {
    for (at, field) in Field::all().enumerate() {
        assert_eq!(field.index(), at);
        assert_eq!(Field::from_key(field.key()), Some(field));
    }
    assert_eq!(Field::all().count(), Field::COUNT);
}

#[test]
fn repeated_and_unknown_headings_are_told_with_their_columns() {
    let found = matched(&["姓名", "★姓名", "幸运数字", "", "班号"]);
    assert_eq!(found.duplicated, [(Field::Name, vec![0, 1])]);
    assert_eq!(found.unknown, [(2, "幸运数字".to_owned())]);
    assert_eq!(found.columns, [Some(Field::Name), None, None, None, Some(Field::Class)]);
}

#[test]
fn a_file_of_one_school_needs_no_school_code() {
    let found = matched(&["姓名", "身份证号", "班级", "父亲姓名", "父亲电话"]);
    assert_eq!(found.missing_for(false), [Field::SchoolCode]);
    assert_eq!(found.missing_for(true), []);
    assert!(found.looks_like_roster());
    assert_eq!(found.hints[0].relation, Some(Relation::Father));
}

#[test]
fn another_sheet_does_not_look_like_a_roster() {
    assert!(!matched(&["姓名", "职称", "任教学科", "课时"]).looks_like_roster());
    assert!(!matched(&["某某小学2026年秋季学生名册"]).looks_like_roster());
}

#[test]
fn a_file_of_bad_rows_brought_back_is_recognised() {
    let found = matched(&["原来的行", "哪里不对，怎么改", "姓名", "班号"]);
    assert!(found.mended);
    assert_eq!(found.unknown, []);
    assert!(!matched(&["姓名", "班号"]).mended);
}

#[test]
fn the_title_of_a_field_is_the_one_of_the_file() {
    let found = matched(&["★班级号"]);
    assert_eq!(found.title_of(Field::Class), "★班级号");
    assert_eq!(found.title_of(Field::Name), "姓名");
}
