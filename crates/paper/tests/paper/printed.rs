//! Printed papers show every name.

use gongyu_paper::pdf::{
    Align, CardLayout, CardSheet, ContactCard, PdfError, ReportColumn, Slip, SlipQuestion, SlipSheet, TableReport,
    Template, render, uncovered,
};
use serde_json::json;

const NAMES: [&str; 9] =
    ["周小禾", "阿依古丽·买买提", "古丽努尔·阿卜杜热西提·买买提", "王𬎆", "𠮷田䶮", "㛃月", "欧阳青石", "𰻝𱁬", "李一"];

fn sheet(layout: CardLayout, names: &[&str]) -> CardSheet {
    let card = |name: &&str| ContactCard {
        child: (*name).to_owned(),
        class: "三年级2班".to_owned(),
        teacher: "陈知夏".to_owned(),
        teacher_phone: "13800000001".to_owned(),
        activation_code: "K7QM3XPA".to_owned(),
        activation_url: "https://gongyu.example/a/K7QM3XPA".to_owned(),
    };
    CardSheet {
        layout,
        district: "云岭区教育委员会".to_owned(),
        school: "云岭区青石镇中心小学".to_owned(),
        office_phone: String::new(),
        site: "gongyu.example".to_owned(),
        valid_until: "2026年12月31日".to_owned(),
        printed_on: "2026年9月1日".to_owned(),
        cards: names.iter().map(card).collect(),
    }
}

/// Keeps the paper to be looked at when the environment names a folder for it.
fn keep(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("GONGYU_KEEP_PAPERS") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("paper is kept");
    }
}

#[test]
fn nine_cards_take_two_sheets_printed_on_both_sides_and_show_every_name() {
    let names = [&NAMES[..7], &NAMES[8..], &["钱二"]].concat();
    let sheets = sheet(CardLayout::Eight, &names).typeset().expect("typeset");
    keep("eight.pdf", &sheets.bytes);
    assert!(sheets.bytes.starts_with(b"%PDF"));
    assert_eq!(sheets.pages, 4);
    assert_eq!(sheets.missing, Vec::<char>::new());
}

#[test]
fn single_cards_take_a_page_each() {
    let sheets = sheet(CardLayout::Single, &NAMES[1..4]).typeset().expect("typeset");
    keep("single.pdf", &sheets.bytes);
    assert_eq!(sheets.pages, 3);
    assert_eq!(sheets.missing, Vec::<char>::new());
}

#[test]
fn the_same_cards_give_the_same_bytes() {
    let cards = sheet(CardLayout::Eight, &NAMES[..2]);
    assert_eq!(cards.typeset().expect("once").bytes, cards.typeset().expect("twice").bytes);
}

#[test]
fn a_report_longer_than_a_page_goes_on() {
    let column = |title: &str, align, share| ReportColumn { title: title.to_owned(), align, share };
    let report = TableReport {
        title: "三年级2班联系情况".to_owned(),
        subtitle: "云岭区青石镇中心小学，2026年9月1日到11月23日".to_owned(),
        lead: "全班45名学生，家里联系到了43名，还有2名从未联系到。".to_owned(),
        columns: vec![
            column("姓名", Align::Left, 2.0),
            column("最近一次联系", Align::Left, 3.0),
            column("次数", Align::Right, 1.0),
            column("家访", Align::Center, 1.0),
        ],
        rows: (0..45)
            .map(|i| vec![NAMES[i % 7].to_owned(), "11月20日电话，好消息".to_owned(), i.to_string(), "已访".to_owned()])
            .collect(),
        notes: vec!["次数从本学期第一天算起。".to_owned(), "联系记录由家里确认过的占九成。".to_owned()],
        foot: "陈知夏打印于2026年11月23日".to_owned(),
        landscape: false,
    };
    let sheets = report.typeset().expect("typeset");
    keep("report.pdf", &sheets.bytes);
    assert!(sheets.pages >= 2);
    assert_eq!(sheets.missing, Vec::<char>::new());
}

#[test]
fn every_han_character_of_gb18030_has_a_glyph() {
    // Level 3 of GB 18030-2022: the unified ideographs to extension F.
    let blocks = [
        0x4E00..=0x9FEF_u32,
        0x3400..=0x4DB5,
        0x20000..=0x2A6D6,
        0x2A700..=0x2B734,
        0x2B740..=0x2B81D,
        0x2B820..=0x2CEA1,
        0x2CEB0..=0x2EBE0,
    ];
    let all: String = blocks.into_iter().flatten().filter_map(char::from_u32).collect();
    assert_eq!(uncovered(&all), Vec::<char>::new());
}

#[test]
fn a_character_nobody_can_draw_is_told() {
    assert_eq!(uncovered("王\u{E000}二\u{E000}\n"), ['\u{E000}']);
}

#[test]
fn data_that_does_not_fit_the_template_is_an_error() {
    let error = render(Template::TableReport, &json!({"title": "x"})).expect_err("refused");
    assert!(matches!(error, PdfError::Typeset { .. }));
    assert_eq!(error.code(), "pdf-typeset");
}

#[test]
fn a_notice_on_paper_has_a_part_that_comes_back_for_every_child() {
    let slips = NAMES.iter().map(|name| Slip { child: (*name).to_owned(), class: "三年级2班".to_owned() }).collect();
    let sheet = SlipSheet {
        title: "请在周四前选好家长开放日的场次".to_owned(),
        from: "青石镇中心小学 11月23日".to_owned(),
        body: vec!["各位家长：".to_owned(), "12月4日上午是本学期第二次家长开放日，您可以进教室听一节课。".repeat(3)],
        until: "11月26日".to_owned(),
        questions: vec![
            SlipQuestion {
                ask: "您选哪一场".to_owned(), choices: vec!["第一节".to_owned(), "第三节".to_owned()]
            },
            SlipQuestion { ask: "来几位".to_owned(), choices: Vec::new() },
        ],
        wants_back: true,
        foot: "打印于2026年11月23日".to_owned(),
        slips,
    };
    let sheets = sheet.typeset().unwrap();
    keep("notice_slip.pdf", &sheets.bytes);
    assert!(sheets.bytes.starts_with(b"%PDF-"));
    assert!(sheets.missing.is_empty(), "{:?}", sheets.missing);
    assert!((3..=5).contains(&sheets.pages), "{} pages", sheets.pages);
}
