use std::collections::BTreeMap;

use super::*;
use crate::roster::headings::match_headings;

const CHINESE: &str = include_str!("../../locales/zh-CN/roster-problems.ftl");
const ENGLISH: &str = include_str!("../../locales/en/roster-problems.ftl");

fn messages(catalogue: &str) -> BTreeMap<&str, &str> {
    catalogue.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect()
}

#[test]
fn every_problem_has_its_sentence_in_both_languages_and_no_sentence_is_left_over() {
    for catalogue in [CHINESE, ENGLISH] {
        let messages = messages(catalogue);
        for code in ProblemCode::ALL {
            assert!(messages.contains_key(code.key()), "{}", code.key());
        }
        assert_eq!(messages.len(), ProblemCode::ALL.len());
    }
}

#[test]
fn the_sentences_keep_the_words_of_the_house() {
    for (key, sentence) in messages(CHINESE) {
        for word in ["！", "请勿", "异常", "非法", "用户", "触达", "「"] {
            assert!(!sentence.contains(word), "{key}: {sentence}");
        }
    }
}

#[test]
fn problems_hold_sensitive_text_only_masked() {
    let heads = match_headings(&["身份证号".to_owned(), "联系电话".to_owned()]);
    let id = Problem::at(3, ProblemCode::IdChecksum, &heads, Field::IdNumber, "110105194912310021");
    assert_eq!((id.found.as_str(), id.column_title.as_str()), ("1101**********0021", "身份证号"));
    let phone = Problem::at(3, ProblemCode::PhoneUnreadable, &heads, Field::Phone, "12900005562");
    assert_eq!(phone.found, "129****5562");
}

#[test]
fn problems_are_stored_and_read_back_as_they_were() {
    let heads = match_headings(&["班号".to_owned()]);
    let problem = Problem::at(17, ProblemCode::ClassGuessed, &heads, Field::Class, "3.2")
        .arg("class", "三年级2班")
        .fix(Field::Class, "三年级2班", true);
    let json = serde_json::to_string(&problem).unwrap();
    assert!(json.contains("\"class_guessed\""));
    assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
}

#[test]
fn the_heaviest_problem_decides_about_the_row() {
    assert!(Severity::Bad > Severity::Ask && Severity::Ask > Severity::Note);
}
