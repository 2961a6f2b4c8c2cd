use super::*;
use gongyu_kernel::error::Invalid;
use gongyu_web::FormData;

fn posted(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

fn open_day() -> Form {
    let mut invalid = Invalid::default();
    let form = read(
        &posted(&[
            ("q0_ask", "您选哪一场"),
            ("q0_kind", "one"),
            ("q0_choices", "第一节\n\n第三节\n第一节\n这次来不了"),
            ("q0_must", "on"),
            ("q1_ask", "来几位"),
            ("q1_kind", "number"),
            ("q1_from", "1"),
            ("q1_to", "3"),
            ("q1_unit", "位"),
            ("q4_ask", "带什么"),
            ("q4_kind", "many"),
            ("q4_choices", "水杯\n雨具"),
        ]),
        &mut invalid,
    );
    assert_eq!(invalid, Invalid::default());
    form
}

#[test]
fn a_form_is_written_as_cards_and_kept_as_json() {
    let form = open_day();
    assert_eq!(form.questions.len(), 3);
    let labels: Vec<&str> = form.questions[0].kind.choices().iter().map(|c| c.label.as_str()).collect();
    assert_eq!(labels, ["第一节", "第三节", "这次来不了"]);
    assert_eq!(Form::parse(&form.to_json().unwrap()).unwrap(), form);
    assert_eq!(Form::parse("").unwrap(), Form::default());
}

#[test]
fn a_card_that_cannot_be_asked_is_refused_by_name() {
    let mut invalid = Invalid::default();
    read(
        &posted(&[
            ("q0_ask", "选一个"),
            ("q0_kind", "one"),
            ("q0_choices", "只有一个"),
            ("q1_choices", "没有问题\n只有选项"),
            ("q2_ask", "几位"),
            ("q2_kind", "number"),
            ("q2_from", "5"),
            ("q2_to", "1"),
        ]),
        &mut invalid,
    );
    let named: Vec<(&str, &str)> = invalid.fields.iter().map(|(f, c)| (f.as_ref(), c.key.as_ref())).collect();
    assert_eq!(named, [("q0_ask", "form-choices-few"), ("q1_ask", "form-ask-missing"), ("q2_ask", "form-bounds")]);
}

#[test]
fn every_answer_is_checked_against_its_question() {
    let form = open_day();
    let mut invalid = Invalid::default();
    let given =
        answers(&form, &posted(&[("a_q1", "c2"), ("a_q2", "２"), ("a_q3", "c2"), ("a_q3", "c1")]), &mut invalid);
    assert_eq!(invalid, Invalid::default());
    assert_eq!(given.get("q1"), Some(&Answer::One("c2".to_owned())));
    assert_eq!(given.get("q2"), Some(&Answer::Number(2)));
    assert_eq!(given.get("q3"), Some(&Answer::Many(vec!["c1".to_owned(), "c2".to_owned()])));
    assert_eq!(Answers::parse(&given.to_json().unwrap()).unwrap(), given);
    let mut invalid = Invalid::default();
    answers(&form, &posted(&[("a_q2", "9"), ("a_q3", "c7")]), &mut invalid);
    let named: Vec<(&str, &str)> = invalid.fields.iter().map(|(f, c)| (f.as_ref(), c.key.as_ref())).collect();
    assert_eq!(named, [("a_q1", "form-choose-one"), ("a_q2", "field-number"), ("a_q3", "form-choose-some")]);
}

#[test]
fn answers_are_counted_by_choice_and_laid_out_for_a_sheet() {
    let form = open_day();
    let one = |pairs: &[(&str, &str)]| answers(&form, &posted(pairs), &mut Invalid::default());
    let all = [
        one(&[("a_q1", "c1"), ("a_q2", "1"), ("a_q3", "c1")]),
        one(&[("a_q1", "c1"), ("a_q2", "3")]),
        one(&[("a_q1", "c3")]),
    ];
    let tally = Tally::of(&all);
    assert_eq!((tally.total, tally.taken("q1", "c1"), tally.taken("q1", "c2")), (3, 2, 0));
    assert_eq!((tally.questions["q2"].sum, tally.questions["q2"].range), (4, Some((1, 3))));
    assert_eq!(columns(&form).len(), 3);
    let line = cells(&form, &all[0], "已签");
    assert_eq!(line, ["第一节".into(), 1i64.into(), "水杯".into()]);
}
