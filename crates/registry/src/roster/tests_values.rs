use super::*;

fn reads<T: Coded + std::fmt::Debug>(expected: T, writings: &[&str]) {
    for text in writings {
        assert_eq!(parse_coded::<T>(text), Some(expected), "{text}");
    }
}

fn every_form<T: Coded + std::fmt::Debug>() {
    for value in T::ALL {
        let (code, name) = (value.code(), value.name());
        let joined =
            [format!("{code}-{name}"), format!("{code} {name}"), format!("{code}.{name}"), format!("{code}{name}")];
        let plain = [code.to_owned(), name.to_owned(), format!(" {name}\u{3000}"), code.to_lowercase()];
        // A Latin letter glued to a Latin name ("1A") is not a writing anyone uses.
        let latin = name.is_ascii();
        for text in plain.iter().chain(joined.iter().filter(|_| !latin)) {
            assert_eq!(parse_coded::<T>(text), Some(*value), "{text}");
        }
    }
    assert_eq!(parse_coded::<T>("说不清"), None);
    assert_eq!(parse_coded::<T>(""), None);
}

#[test]
fn every_value_is_read_from_code_name_and_both_joined() {
    every_form::<Sex>();
    every_form::<YesNo>();
    every_form::<IdKind>();
    every_form::<HmtOverseas>();
    every_form::<HealthState>();
    every_form::<PoliticalStatus>();
    every_form::<HouseholdKind>();
    every_form::<EntryWay>();
    every_form::<BoardingKind>();
    every_form::<StudentSource>();
    every_form::<LeftBehind>();
    every_form::<Inclusive>();
    every_form::<Disability>();
    every_form::<TravelWay>();
    every_form::<BloodType>();
    every_form::<Ethnicity>();
    every_form::<Relation>();
}

#[test]
fn the_usual_other_writings_are_read() {
    reads(Sex::Male, &["男", "1", "１", "1.0", "1-男", "1 男", "男性", "男(1)", "01"]);
    reads(Sex::Female, &["女", "2", "２－女", "女生", "2：女"]);
    reads(Ethnicity::Han, &["汉族", "汉", "01", "1", "01汉", "01-汉族"]);
    reads(Ethnicity::Tujia, &["土家族", "土家", "15"]);
    reads(Ethnicity::Tu, &["土族", "30"]);
    reads(IdKind::Resident, &["居民身份证", "身份证", "1"]);
    reads(IdKind::Other, &["Z", "z", "其他", "Z-其他"]);
    reads(IdKind::HongKong, &["香港特区护照/身份证明", "6-香港特区护照/身份证明"]);
    reads(HmtOverseas::No, &["否", "00", "0", "00-否", "非港澳台侨外"]);
    reads(LeftBehind::OneParent, &["1", "单亲留守", "单亲留守儿童"]);
    reads(LeftBehind::BothParents, &["2", "双亲留守儿童", "2-双亲留守儿童"]);
    reads(LeftBehind::None, &["否", "0", "非留守儿童", "无"]);
    reads(Inclusive::No, &["00", "0", "非随班就读", "普通"]);
    reads(Inclusive::Other, &["19", "其他残疾随班就读"]);
    reads(HealthState::Good, &["10", "健康或良好", "健康", "1"]);
    reads(HouseholdKind::Urban, &["非农业户口", "非农业", "城镇", "2"]);
    reads(BoardingKind::Boarder, &["住校", "住读", "寄宿"]);
    reads(TravelWay::Cycle, &["自行车（含摩托车、电动自行车）", "自行车"]);
    reads(BloodType::Ab, &["AB", "ab型", "3"]);
    reads(EntryWay::Other, &["12", "99", "其他"]);
}

#[test]
fn yes_and_no_are_read_in_every_usual_form() {
    for yes in ["是", "1", "Y", "y", "√", "有", "1-是", "是 ", "TRUE"] {
        assert_eq!(parse_yes_no(yes), Some(true), "{yes}");
    }
    for no in ["否", "0", "N", "×", "无", "没有", "0-否", "0.0"] {
        assert_eq!(parse_yes_no(no), Some(false), "{no}");
    }
    assert_eq!(parse_yes_no("大概"), None);
}

#[test]
fn a_code_and_a_name_that_disagree_are_not_read() {
    assert_eq!(Sex::parse("1-女"), None);
    assert_eq!(Ethnicity::parse("02汉族"), None);
}

#[test]
fn codes_and_names_are_unique_within_a_set() {
    fn unique<T: Coded>() {
        for value in T::ALL {
            let same = |other: &&T| other.code() == value.code() || other.name() == value.name();
            assert_eq!(T::ALL.iter().filter(same).count(), 1, "{}", value.name());
        }
    }
    unique::<Ethnicity>();
    unique::<IdKind>();
    unique::<HmtOverseas>();
    unique::<Disability>();
    unique::<Relation>();
    assert_eq!(Ethnicity::ALL.len(), 58);
    assert_eq!(Ethnicity::parse("基诺族").map(Ethnicity::code), Some("56"));
}

#[test]
fn the_everyday_word_for_a_relation_is_kept() {
    for (text, relation, kin) in [
        ("父亲", Relation::Father, None),
        ("爸爸", Relation::Father, None),
        ("51", Relation::Father, None),
        ("继父", Relation::Father, Some("继父")),
        ("妈妈", Relation::Mother, None),
        ("爷爷", Relation::Grandparent, Some("爷爷")),
        ("外祖母", Relation::Grandparent, Some("外祖母")),
        ("61", Relation::Grandparent, Some("爷爷")),
        ("63-外祖父", Relation::Grandparent, Some("外祖父")),
        ("祖父母或外祖父母", Relation::Grandparent, None),
        ("姐姐", Relation::Sibling, Some("姐姐")),
        ("姑妈", Relation::Other, Some("姑妈")),
        ("其他", Relation::Other, None),
    ] {
        let expected = Kinship { relation, kin: kin.map(str::to_owned) };
        assert_eq!(Relation::read(text), Some(expected), "{text}");
    }
    assert_eq!(Relation::read("干爹的朋友"), None);
}

#[test]
fn learning_in_a_regular_class_goes_with_its_disability() {
    assert!(Disability::None.agrees_with(Inclusive::No));
    assert!(!Disability::Limbs.agrees_with(Inclusive::No));
    assert!(Disability::Sight.agrees_with(Inclusive::Sight));
    assert!(!Disability::Hearing.agrees_with(Inclusive::Sight));
    assert!(Disability::Multiple.agrees_with(Inclusive::Other));
    assert!(!Disability::Sight.agrees_with(Inclusive::Other));
}
