use super::rule;
use crate::rules::{Counts, OffReason, Rule, Subject, defaults};
use gongyu_kernel::calendar::PeriodKind;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_numbers_are_those_of_the_policy_table() {
    let table = [
        ("R01", 2, PeriodKind::Semester, Subject::School),
        ("R02", 3, PeriodKind::Semester, Subject::Kindergarten),
        ("R03", 2, PeriodKind::Semester, Subject::School),
        ("R04", 2, PeriodKind::Semester, Subject::School),
        ("R05", 1, PeriodKind::SchoolYear, Subject::Child),
        ("R06", 1, PeriodKind::Semester, Subject::Child),
        ("R07", 1, PeriodKind::Month, Subject::School),
        ("R08", 120, PeriodKind::SchoolDay, Subject::School),
        ("R09", 1, PeriodKind::Week, Subject::School),
        ("R10", 4, PeriodKind::CalendarYear, Subject::Town),
        ("R11", 4, PeriodKind::CalendarYear, Subject::Community),
        ("R12", 1, PeriodKind::CalendarYear, Subject::District),
        ("R13", 2, PeriodKind::Once, Subject::School),
        ("R15", 1, PeriodKind::Week, Subject::Guardian),
        ("R17", 1, PeriodKind::CalendarYear, Subject::School),
        ("R18", 1, PeriodKind::Once, Subject::Child),
    ];
    for (code, required, period, subject) in table {
        let rule = rule(code);
        assert_eq!((rule.required, rule.period, rule.subject), (required, period, subject), "{code}");
    }
    let percent = |code: &str| match rule(code).counts {
        Counts::Ratio { percent, .. } => percent,
        other => panic!("{code} counts {other:?}"),
    };
    assert_eq!(["R20", "R21", "R23", "R23C", "R24", "R24S"].map(percent), [100, 100, 100, 90, 95, 60]);
}

#[test]
fn every_row_of_the_policy_table_is_there_once() {
    let codes: Vec<&str> = defaults().iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    for n in 1..=25 {
        let code = format!("R{n:02}");
        assert!(codes.contains(&code.as_str()), "{code}");
    }
}

#[test]
fn in_use_are_the_winning_rules_a_school_or_class_can_be_shown_to_meet() {
    let used: Vec<&str> = defaults().iter().filter(|rule| rule.enabled).map(|rule| rule.code.as_str()).collect();
    assert_eq!(used, ["R01", "R02", "R05", "R06", "R07", "R13", "R17"]);
}

#[test]
fn a_rule_is_off_for_a_reason_and_for_none_when_in_use() {
    for rule in defaults() {
        assert_eq!(rule.enabled, rule.off_because.is_none(), "{}", rule.code);
        if let Some(OffReason::CoveredBy(by)) = &rule.off_because {
            assert!(super::rule(by).required >= rule.required, "{}", rule.code);
        }
    }
}

#[test]
fn the_titles_and_sources_are_those_of_the_school_home() {
    let shown = |code: &str| (rule(code).title_zh, rule(code).source_zh.cell());
    assert_eq!(shown("R01"), ("家庭教育活动，每学期2次".into(), "重庆市家庭教育促进条例第二十二条".into()));
    assert_eq!(shown("R05"), ("班主任家访，每学年每生1次".into(), "重庆市协同育人实施方案（2024）".into()));
    assert_eq!(shown("R06"), ("特殊群体学生家访，每学期1次".into(), "教基厅〔2025〕2号".into()));
    assert_eq!(shown("R13"), ("设立家长学校和家长委员会".into(), "重庆市家庭教育促进条例第十九条".into()));
    assert_eq!(shown("R17"), ("教职工犯罪记录查询，每年1次".into(), "未成年人保护法第六十二条".into()));
    assert_eq!(rule("R17").source_en.cell(), "Minors Protection Law, art. 62");
}

#[test]
fn every_default_rule_passes_the_editors_check_and_reads_back() {
    for rule in defaults() {
        rule.check().unwrap_or_else(|e| panic!("{}: {e}", rule.code));
        let text = serde_json::to_string(rule).expect("json");
        assert_eq!(&serde_json::from_str::<Rule>(&text).expect("json"), rule);
    }
}

/// Whether every field written in the file is still there after reading and writing again.
fn kept(written: &Value, again: &Value) -> bool {
    match written {
        Value::Object(fields) => fields.iter().all(|(key, value)| again.get(key).is_some_and(|a| kept(value, a))),
        other => other == again,
    }
}

#[test]
fn no_field_of_the_shipped_files_is_misspelt() {
    for text in crate::rules::defaults::FILES {
        for written in serde_json::from_str::<Vec<Value>>(text).expect("json") {
            let read: Rule = serde_json::from_value(written.clone()).expect("a rule");
            let again = serde_json::to_value(&read).expect("json");
            assert!(kept(&written, &again), "{}", read.code);
        }
    }
}

#[test]
fn a_rule_that_could_never_be_met_is_refused() {
    let refused = |edit: fn(&mut Rule)| {
        let mut rule = rule("R13");
        edit(&mut rule);
        rule.check().is_err()
    };
    assert!(refused(|rule| rule.required = 0));
    assert!(refused(|rule| rule.required = 3));
    assert!(refused(|rule| rule.title_zh = " ".into()));
    assert!(refused(|rule| rule.valid_to = "2010-01-01".parse().ok()));
    assert!(refused(|rule| rule.counts = Counts::Acts { kinds: vec![], each_kind_once: false }));
}
