use jiff::civil::date;

use super::*;

/// The school year 2026/27.
const YEAR: i16 = 2026;

fn read(label: &str, kind: SchoolKind) -> Result<ClassReading, ClassFault> {
    understand(&ClassClues { label, ..ClassClues::default() }, kind, YEAR)
}

fn name(reading: &Result<ClassReading, ClassFault>) -> String {
    reading.as_ref().map_or_else(|fault| fault.to_string(), |reading| reading.key.display(YEAR))
}

#[test]
fn classes_are_read_in_every_usual_writing() {
    use SchoolKind::*;
    for (kind, class, labels) in [
        (
            Primary,
            "三年级2班",
            "三年级2班|三(2)班|三（2）班|三年级（2）班|三年级二班|三2班|三二班|3年级2班|3年2班|三年2班|3（2）班|2024级2班|24级2班|\
             2024级(2)班|小学三年级2班|小三2班|三年级 2 班|三（2）|２０２４级２班|03年级02班|三年级第2班|2030届2班|三年级2班(实验班)",
        ),
        (Primary, "一年级12班", "一年级12班|一年级十二班|一(12)班|2026级12班"),
        (Primary, "六年级10班", "六年级10班|六(十)班|2021级10班"),
        (Kindergarten, "大二班", "大二班|大(2)班|大2班|大班二班|大班2班|大（二）班|2024级2班"),
        (
            Kindergarten,
            "小一班",
            "小一班|小1班|小(1)班|小班|小班1班|幼儿园小一班|小班(1)班|小班1|幼儿园小班一班|小班年级一班|小班 第一班",
        ),
        (Kindergarten, "中二班", "中2班|中二班"),
        (Kindergarten, "托一班", "托班|托一班|托1班"),
        (
            Junior,
            "七年级3班",
            "七年级3班|初一3班|初一(3)班|初一三班|七(3)班|7年级3班|初一.3|2026级3班|初中一年级3班|一年级3班|初2026级3班",
        ),
        (Junior, "九年级11班", "九年级11班|初三11班|初三十一班|九(11)班"),
        (NineYear, "七年级3班", "七年级3班|初一3班|初2026级3班|2026级初中3班"),
        (NineYear, "一年级3班", "一年级3班|小学2026级3班"),
        (Senior, "高一3班", "高一3班|高一（3）班|高一年级3班|高一三班|十年级3班|2026级3班|高中一年级3班"),
        (CompleteSecondary, "高三1班", "高三1班|高2024级1班|十二年级1班"),
        (CompleteSecondary, "八年级1班", "八年级1班|初二1班"),
        (Vocational, "2025级3班", "2025级3班|25级3班|高二3班|二年级3班|职高二(3)班"),
        (Special, "三年级1班", "培智三年级1班|三年级1班|三(1)班|启聪三年级1班"),
        (Special, "九年级1班", "九年级1班|培智九年级1班"),
    ] {
        for label in labels.split('|') {
            let reading = read(label, kind);
            assert_eq!(name(&reading), class, "{label}");
            assert!(reading.is_ok_and(|reading| reading.sure), "{label} is sure");
        }
    }
}

#[test]
fn a_vocational_class_is_known_by_its_speciality_whatever_the_spelling() {
    for (class, labels) in [
        (
            "2024级护理1班",
            "24级护理1班|2024级护理1班|2024级护理(1)班|2024级护理（1）班|２０２４级护理１班|24级 护理 一班|2024级护理专业1班|护理24级1班|\
             护理2024级(1)班|24护理1班|24护理1|护理2401班|护理202401班|护理24-1班|2024级护理班|2024级中职护理1班|中职2024级护理1班|\
             中专24级护理01班|2024级护理1班(对口升学)|2027届护理1班|高三护理1班|职高三年级护理1班",
        ),
        (
            "2024级计算机应用2班",
            "2024级计算机应用(2)班|2024级计算机应用2班|24级计算机应用专业二班|计算机应用24级2班|【2024级】计算机应用2班",
        ),
        ("2025级高职护理1班", "2025级高职护理1班|高职25级护理1班|2025级护理高职1班|高职护理2501班"),
        ("2025级3+2学前教育2班", "2025级3+2学前教育2班|3+2学前教育25级2班"),
        ("2026级VR技术1班", "2026级vr技术1班|26级VR技术（1）班"),
        ("2025级旅游服务与管理12班", "25级旅游服务与管理12班|2025级旅游服务与管理十二班|旅游服务与管理2512班"),
    ] {
        for label in labels.split('|') {
            let reading = read(label, SchoolKind::Vocational);
            assert_eq!(name(&reading), class, "{label}");
            assert!(reading.is_ok_and(|reading| reading.sure), "{label} is sure");
        }
    }
    let two = [read("2024级护理1班", SchoolKind::Vocational), read("2024级会计1班", SchoolKind::Vocational)];
    assert_ne!(two[0], two[1], "another speciality is another class");
}

#[test]
fn a_speciality_without_its_year_takes_it_from_the_row() {
    let clues = |grade, entry_year| ClassClues { label: "护理(1)班", grade, entry_year, birth_date: None };
    for clues in [clues(Some("2024级"), None), clues(None, Some(2024)), clues(Some("三年级"), Some(2024))] {
        assert_eq!(name(&understand(&clues, SchoolKind::Vocational, YEAR)), "2024级护理1班", "{clues:?}");
    }
    assert_eq!(understand(&clues(None, None), SchoolKind::Vocational, YEAR), Err(ClassFault::NoGrade));
    let other = ClassClues { label: "2024级护理1班", grade: Some("2025级"), ..ClassClues::default() };
    assert!(matches!(understand(&other, SchoolKind::Vocational, YEAR), Err(ClassFault::GradeDiffers(_))));
    for label in ["2024级护理0班", "2019级护理1班", "?班", "2024级护理24级1班"] {
        assert!(read(label, SchoolKind::Vocational).is_err(), "{label}");
    }
}

#[test]
fn a_class_keeps_its_speciality_in_stored_data_and_in_its_name() {
    let key = read("24级护理专业(1)班", SchoolKind::Vocational).unwrap().key;
    let stored = serde_json::to_string(&key).unwrap();
    assert_eq!(stored, r#"{"stage":"vocational","entry_year":2024,"class_no":1,"speciality":"护理"}"#);
    assert_eq!(serde_json::from_str::<ClassKey>(&stored).unwrap(), key);
    let plain = ClassKey::of_cohort(Stage::Primary, 2024, 1);
    assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"stage":"primary","entry_year":2024,"class_no":1}"#);
    for year in [2024, 2025, 2026, 2027] {
        assert_eq!(key.display(year), "2024级护理1班");
    }
    assert_eq!(ClassKey::of_columns(Some("vocational"), Some(2024), Some(1), Some("护理")), Some(key));
}

#[test]
fn habits_of_writing_are_guessed_and_asked_about() {
    use SchoolKind::*;
    for (kind, label, class) in [
        (Primary, "3.2", "三年级2班"),
        (Primary, "3-2", "三年级2班"),
        (Primary, "302", "三年级2班"),
        (Primary, "302.0", "三年级2班"),
        (Primary, "0302", "三年级2班"),
        (Primary, "202402", "三年级2班"),
        (Primary, "2402", "三年级2班"),
        (Primary, "三年级", "三年级1班"),
        (Junior, "701", "七年级1班"),
        (Junior, "101", "七年级1班"),
        (Senior, "1002", "高一2班"),
        (NineYear, "801", "八年级1班"),
    ] {
        let reading = read(label, kind);
        assert_eq!(name(&reading), class, "{label}");
        assert!(reading.is_ok_and(|reading| !reading.sure), "{label} is a guess");
    }
}

#[test]
fn what_else_the_row_says_makes_a_habit_sure() {
    let third = |label, grade, entry_year| ClassClues { label, grade, entry_year, birth_date: None };
    for clues in [
        third("302", Some("三年级"), None),
        third("302", None, Some(2024)),
        third("2", Some("三年级"), None),
        third("02", Some("3"), None),
        third("2班", Some("2024级"), None),
        third("2班", Some("2024"), None),
        third("2", None, Some(2024)),
        third("二班", None, Some(2024)),
        third("202402", None, Some(2024)),
    ] {
        let reading = understand(&clues, SchoolKind::Primary, YEAR);
        assert_eq!(name(&reading), "三年级2班", "{clues:?}");
        assert!(reading.is_ok_and(|reading| reading.sure), "{clues:?}");
    }
}

#[test]
fn a_dotted_class_stays_a_guess_because_3_10_turns_into_3_1() {
    let clues = ClassClues { label: "3.1", grade: Some("三年级"), entry_year: Some(2024), birth_date: None };
    assert!(understand(&clues, SchoolKind::Primary, YEAR).is_ok_and(|reading| !reading.sure));
}

#[test]
fn a_pupil_who_entered_in_another_year_is_in_the_class_that_is_written() {
    let clues = ClassClues { label: "三年级2班", entry_year: Some(2023), ..ClassClues::default() };
    assert_eq!(name(&understand(&clues, SchoolKind::Primary, YEAR)), "三年级2班");
}

#[test]
fn the_age_tells_grade_three_from_grade_nine() {
    let clues = |birth| ClassClues { label: "2024级2班", birth_date: Some(birth), ..ClassClues::default() };
    let young = understand(&clues(date(2018, 5, 1)), SchoolKind::NineYear, YEAR);
    let old = understand(&clues(date(2012, 5, 1)), SchoolKind::NineYear, YEAR);
    assert_eq!((name(&young), name(&old)), ("三年级2班".to_owned(), "九年级2班".to_owned()));
    let unclear = read("2024级2班", SchoolKind::NineYear);
    assert!(matches!(unclear, Err(ClassFault::Ambiguous(..))));
}

#[test]
fn a_year_of_leaving_is_taken_where_the_entry_date_says_so() {
    let clues = ClassClues { label: "初2028级3班", entry_year: Some(2025), ..ClassClues::default() };
    assert_eq!(name(&understand(&clues, SchoolKind::Junior, YEAR)), "八年级3班");
}

#[test]
fn classes_that_cannot_be_are_refused_with_their_reason() {
    use SchoolKind::*;
    assert_eq!(read("", Primary), Err(ClassFault::Empty));
    assert_eq!(read("2班", Primary), Err(ClassFault::NoGrade));
    assert_eq!(read("七年级2班", Primary), Err(ClassFault::NotHere));
    assert_eq!(read("2015级2班", Primary), Err(ClassFault::NotHere));
    assert_eq!(read("大二班", Primary), Err(ClassFault::NotHere));
    assert_eq!(read("高一2班", Junior), Err(ClassFault::NotHere));
    for label in ["火箭班", "三年级火箭班", "2025级护理3班", "三年级0班", "?", "20242", "2024", "班", "(2", "一二三四"]
    {
        assert_eq!(read(label, Primary), Err(ClassFault::Unreadable), "{label}");
    }
    let clues = ClassClues { label: "三年级2班", grade: Some("四年级"), ..ClassClues::default() };
    assert!(matches!(understand(&clues, Primary, YEAR), Err(ClassFault::GradeDiffers(_))));
}

#[test]
fn a_class_moves_up_by_itself_and_leaves_at_the_top() {
    let class = ClassKey::of_cohort(Stage::Primary, 2024, 2);
    assert_eq!(class.display(2024), "一年级2班");
    assert_eq!(class.display(2026), "三年级2班");
    assert_eq!(class.display(2029), "六年级2班");
    assert_eq!((class.grade(2030), class.display(2030)), (None, "2024级2班".to_owned()));
    let nursery = ClassKey::of_cohort(Stage::Kindergarten, 2027, 1);
    assert_eq!(nursery.display(2026), "托一班");
    assert_eq!(nursery.display(2027), "小一班");
    assert_eq!(class.roster_code(), "202402");
}

#[test]
fn the_name_of_a_class_reads_back_as_the_class() {
    for kind in SchoolKind::ALL {
        for stage in kind.stages() {
            for grade in stage.first_grade()..=stage.top_grade() {
                for class_no in [1, 2, 10, 12, 21] {
                    let key = ClassKey::in_grade(*stage, grade, class_no, YEAR);
                    let reading = read(&key.display(YEAR), kind);
                    assert_eq!(reading, Ok(ClassReading { key, sure: true }), "{}", key.display(YEAR));
                }
            }
        }
    }
}

#[test]
fn stored_words_of_stages_and_kinds_read_back() {
    assert!(Stage::ALL.into_iter().all(|stage| Stage::from_key(stage.key()) == Some(stage)));
    assert!(SchoolKind::ALL.into_iter().all(|kind| SchoolKind::from_key(kind.key()) == Some(kind)));
}
