use jiff::civil::date;

use super::*;

/// An invented number that passes the checks: an invented region code, the given birth and sequence.
fn number(birth: &str, sequence: &str) -> String {
    let body = format!("509901{birth}{sequence}");
    format!("{body}{}", check_character(&body).unwrap_or('?'))
}

#[test]
fn the_check_character_follows_gb_11643() {
    // The worked example of the standard: 11010519491231002X.
    assert_eq!(check_character("11010519491231002"), Some('X'));
    assert!(ResidentId::parse("11010519491231002X").is_ok());
    assert_eq!(ResidentId::parse("110105194912310021"), Err(IdFault::Checksum));
}

#[test]
fn every_single_wrong_digit_is_noticed() {
    let good = number("20170302", "041");
    assert!(ResidentId::parse(&good).is_ok());
    for at in (0..17).filter(|at| !(6..14).contains(at)) {
        for wrong in b'0'..=b'9' {
            let mut bytes = good.clone().into_bytes();
            if bytes[at] != wrong {
                bytes[at] = wrong;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                assert_eq!(ResidentId::parse(&text), Err(IdFault::Checksum), "{text}");
            }
        }
    }
}

#[test]
fn birth_date_and_sex_are_read_from_the_number() {
    let boy = ResidentId::parse(&number("20170302", "041")).unwrap();
    assert_eq!((boy.birth_date(), boy.sex()), (date(2017, 3, 2), Sex::Male));
    let girl = ResidentId::parse(&number("20170302", "042")).unwrap();
    assert_eq!(girl.sex(), Sex::Female);
}

#[test]
fn widths_spaces_and_a_small_x_do_not_matter() {
    for text in
        ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ", "'11010519491231002X"]
    {
        assert_eq!(ResidentId::parse(text).unwrap().as_str(), "11010519491231002X", "{text}");
    }
}

#[test]
fn numbers_that_are_none_say_why() {
    for (text, fault) in [
        ("110105491231002", IdFault::OldForm),
        ("1101051949123100", IdFault::Length(16)),
        ("11010519491231002X1", IdFault::Length(19)),
        ("11010519491331002X", IdFault::Birth),
        ("11010519490230002X", IdFault::Birth),
        ("1101051949123X002X", IdFault::Character),
        ("11O10519491231002X", IdFault::Character),
        ("1.10105E+17", IdFault::LostDigits),
        ("没有", IdFault::Character),
    ] {
        assert_eq!(ResidentId::parse(text), Err(fault), "{text}");
    }
}

#[test]
fn numbers_of_other_documents_are_kept_as_written() {
    assert_eq!(IdNumber::other("e 1234567").unwrap().as_str(), "E1234567");
    assert_eq!(IdNumber::other("H12345678(9)").unwrap().as_str(), "H12345678(9)");
    assert_eq!(IdNumber::other("护照丢了"), Err(IdFault::Character));
    assert_eq!(IdNumber::other("12"), Err(IdFault::Length(2)));
}

#[test]
fn telephones_are_read_in_every_usual_form() {
    for (text, number) in [
        ("13900005562", "13900005562"),
        ("139-0000-5562", "13900005562"),
        ("+86 139 0000 5562", "13900005562"),
        ("8613900005562", "13900005562"),
        ("１３９００００５５６２", "13900005562"),
        ("13900005562.0", "13900005562"),
        ("023-67801234", "023-67801234"),
        ("(023)67801234", "023-67801234"),
        ("02367801234", "023-67801234"),
        ("0830-2345678", "0830-2345678"),
        ("023-67801234-801", "023-67801234-801"),
    ] {
        assert_eq!(Phone::parse(text).unwrap().as_str(), number, "{text}");
    }
}

#[test]
fn telephones_that_are_none_say_why() {
    for (text, fault) in [
        ("1390000556", PhoneFault::Short(10)),
        ("139000055621", PhoneFault::Long(12)),
        ("67801234", PhoneFault::NoAreaCode),
        ("12900005562", PhoneFault::Unreadable),
        ("问奶奶", PhoneFault::Unreadable),
    ] {
        assert_eq!(Phone::parse(text), Err(fault), "{text}");
    }
    assert_eq!(PhoneFault::Short(10).off_by(), 1);
}

#[test]
fn a_family_without_a_telephone_is_no_error() {
    for text in ["", "无", "没有", "无电话", "/", "—"] {
        assert_eq!(read_phones(text), Ok(Vec::new()), "{text}");
    }
    assert_eq!(read_phones("13900005562/023-67801234").map(|phones| phones.len()), Ok(2));
}

#[test]
fn lists_show_only_the_ends_of_numbers() {
    assert_eq!(mask_id("50990120170302412X"), "5099**********412X");
    assert_eq!(mask_id("G509901201703020317"), "G5099**********0317");
    assert_eq!(mask_id("E12345678"), "E1*****78");
    assert_eq!(mask_id("12"), "**");
    assert_eq!(mask_phone("13900005562"), "139****5562");
    assert_eq!(mask_phone("1390000562"), "139****562");
    assert_eq!(mask_phone("67801"), "678**");
    assert_eq!(mask_address("云岭区麻柳镇三组12号"), "云岭区麻柳镇****");
}

#[test]
fn debug_prints_hold_no_number() {
    let id = number("20170302", "041");
    let printed = format!("{:?} {:?}", ResidentId::parse(&id), Phone::parse("13900005562"));
    assert!(!printed.contains(&id) && !printed.contains("13900005562"));
}

#[test]
fn stored_numbers_are_checked_again_when_read_back() {
    let id = ResidentId::parse("11010519491231002X").unwrap();
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, "\"11010519491231002X\"");
    assert_eq!(serde_json::from_str::<ResidentId>(&json).unwrap(), id);
    assert!(serde_json::from_str::<ResidentId>("\"110105194912310021\"").is_err());
}
