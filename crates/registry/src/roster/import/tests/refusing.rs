use super::*;
use crate::roster::import::{BatchState, Fault};

fn fault(batch: &Batch) -> String {
    serde_json::from_str::<Fault>(&batch.fault).map(|fault| fault.key).unwrap_or_default()
}

#[test]
fn a_file_that_is_no_roster_is_refused_with_its_reason() {
    let d = District::new();
    let cases = [
        ("", "roster-file-empty"),
        ("书名,作者\n三国演义,罗贯中\n", "roster-sheet-not-found"),
        ("%PDF-1.7 abc", "roster-file-not-workbook"),
        ("姓名,性别,班级号,成员1姓名,民族\n周小禾,女,三年级1班,周青,汉族\n", "roster-missing-columns"),
    ];
    for (text, key) in cases {
        let batch = d.stage_as(text, None, true);
        assert_eq!((batch.state, fault(&batch).as_str()), (BatchState::Refused, key), "{text}");
        assert!(d.decide(batch.id, -1).is_err());
    }
    let batch = d.stage_as(&file(&[]), None, true);
    assert_eq!(fault(&batch), "roster-no-rows");
    assert_eq!(d.count(sql!("SELECT COUNT(*) FROM import_row")), 0);
    assert_eq!(d.pupils(), 0);
}

#[test]
fn a_pupil_of_another_school_is_refused_in_the_file_of_one_school() {
    let d = District::new();
    let batch = d.stage_as(&file(&few()), Some(d.a), false);
    assert_eq!((batch.added, batch.refused), (2, 1));
    d.apply(batch.id);
    assert_eq!(d.pupils(), 2);
}

#[test]
fn a_number_that_stands_twice_in_the_file_is_taken_once() {
    let d = District::new();
    let mut rows = few();
    rows.push(row(A, "周小麦", 1, "三年级1班", "周青", "13900000001"));
    let batch = d.stage(&rows);
    assert_eq!((batch.added, batch.refused), (3, 1));
}

#[test]
fn nobody_is_imported_twice_by_deciding_twice() {
    let d = District::new();
    let batch = d.stage(&few()).id;
    d.decide(batch, -1).unwrap();
    assert!(d.decide(batch, -1).is_err());
}

#[test]
fn every_fault_of_a_file_has_its_sentence_in_both_languages() {
    let zh = include_str!("../../../../locales/zh-CN/roster-import.ftl");
    let en = include_str!("../../../../locales/en/roster-import.ftl");
    let codes = [
        "file-io",
        "file-empty",
        "file-too-large",
        "file-old-xls",
        "file-encrypted",
        "file-macros",
        "file-zip-truncated",
        "file-zip-damaged",
        "file-zip-bomb",
        "file-not-workbook",
        "file-sheet-damaged",
        "file-too-much-text",
        "sheet-not-found",
        "csv-mixed-encoding",
        "csv-nul",
        "csv-utf16",
        "csv-cell-too-long",
    ];
    for code in codes {
        for words in [zh, en] {
            assert!(words.contains(&format!("\nroster-{code} = ")), "{code}");
        }
    }
}
