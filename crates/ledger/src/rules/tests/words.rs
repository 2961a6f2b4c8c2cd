use crate::rules::{
    ActKind, Category, Channel, Depth, EventKind, MeasureKey, OffReason, RecordKind, SchoolKind, Setting, SourceTag,
    StaffRole, Stage, Subject, Tone, TouchKind, defaults,
};
use gongyu_kernel::calendar::PeriodKind;
use gongyu_kernel::i18n::{Catalogue, Lang, Words};

const WORDS: Words = Words {
    zh: include_str!("../../../locales/zh-CN/duty-rules.ftl"),
    en: include_str!("../../../locales/en/duty-rules.ftl"),
};

fn keys() -> Vec<String> {
    macro_rules! labels {
        ($($closed:ident),+; $($open:ident),+) => {
            [
                $( $closed::ALL.iter().map(|v| v.label_key().to_owned()).collect::<Vec<_>>(), )+
                $( $open::KNOWN.iter().map(|v| v.label_key()).collect::<Vec<_>>(), )+
            ]
        };
    }
    let lists = labels![
        Depth, Tone, Channel, StaffRole, Stage, SchoolKind, Setting, Category, SourceTag, Subject;
        TouchKind, ActKind, RecordKind, EventKind, MeasureKey
    ];
    let periods = PeriodKind::ALL.map(|kind| format!("duty-period-{}", kind.code()));
    let statuses = ["met", "due", "overdue", "not_applicable"].map(|code| format!("duty-status-{code}"));
    let reasons = [
        OffReason::NothingCountsItYet,
        OffReason::CoveredBy(String::new()),
        OffReason::NoNumberInText,
        OffReason::CalendarEvent,
        OffReason::FamilyMatter,
        OffReason::EncouragedOnly,
    ];
    let reasons = reasons.iter().map(|reason| reason.label_key().to_owned());
    lists.into_iter().flatten().chain(periods).chain(statuses).chain(reasons).collect()
}

#[test]
fn every_name_has_words_in_both_languages() {
    let catalogue = Catalogue::build(&[WORDS]).expect("fluent");
    for key in keys() {
        for lang in Lang::ALL {
            assert!(catalogue.has(lang, &key), "{}: {key}", lang.tag());
        }
    }
}

#[test]
fn both_catalogues_have_the_same_keys() {
    let named = |text: &'static str| -> Vec<&str> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key).or_else(|| line.strip_suffix(" =")))
            .collect()
    };
    assert_eq!(named(WORDS.zh), named(WORDS.en));
}

#[test]
fn names_read_back_and_nonsense_does_not() {
    assert!(Depth::Told < Depth::Confirmed && Depth::Confirmed < Depth::Talked && Depth::Talked < Depth::Met);
    assert!(Channel::ALL.iter().all(|channel| Channel::parse(channel.code()) == Some(*channel)));
    assert!(TouchKind::KNOWN.iter().all(|kind| TouchKind::parse(kind.code()).as_ref() == Some(kind)));
    assert_eq!(TouchKind::parse("tutoring").map(|kind| kind.code().to_owned()), Some("tutoring".into()));
    assert_eq!(TouchKind::declared("visit"), TouchKind::VISIT);
    assert_eq!(Depth::parse("hugged"), None);
    for bad in ["", "Visit", "9lives", "home visit", "家访", &"a".repeat(41)] {
        assert_eq!(ActKind::parse(bad), None, "{bad}");
    }
    let rule = &defaults()[0];
    let text = serde_json::to_string(&rule.subject).expect("json");
    assert_eq!(text, format!("\"{}\"", rule.subject.code()));
}
