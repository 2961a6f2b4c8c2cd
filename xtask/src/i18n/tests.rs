use super::{Words, language_of, uses};
use std::path::Path;

fn words(chinese: &str, english: &str, rust: &str) -> Vec<String> {
    let mut words = Words::default();
    words.add_catalogue("zh-CN", Path::new("zh.ftl"), chinese);
    words.add_catalogue("en", Path::new("en.ftl"), english);
    words.add_uses(uses::in_rust(Path::new("page.rs"), rust));
    words.check()
}

#[test]
fn a_whole_product_has_no_problem() {
    let chinese =
        "# dynamic: duty-\nhello-you = 您好，{ $name }\nduty-met = 已完成\n-brand = 共育\nabout-us = { -brand }\n";
    let english = "hello-you = Hello { $name }\nduty-met = Met\n-brand = Gongyu\nabout-us = { -brand }\n";
    assert_eq!(words(chinese, english, "ta(\"hello-you\", x); let k = [\"about-us\"];"), [""; 0]);
}

#[test]
fn each_kind_of_problem_is_told_with_its_place() {
    let told = |chinese, english, rust| words(chinese, english, rust).join("; ");
    assert!(told("a-b = 甲\n", "", "t(\"a-b\")").contains("zh.ftl:1: `a-b` is missing in en"));
    assert!(told("a-b = 甲\na-b = 乙\n", "a-b = A\n", "t(\"a-b\")").contains("zh.ftl:2: `a-b` is also at zh.ftl:1"));
    assert!(told("a-b = { $n }\n", "a-b = A\n", "t(\"a-b\")").contains("`a-b` uses {\"n\"}"));
    assert!(told("a-b = 甲\n", "a-b = A\n", "").contains("zh.ftl:1: `a-b` is used nowhere"));
    assert!(told("", "", "\nt(\"a-b\")").contains("page.rs:2: `a-b` is in no catalogue"));
    assert!(told("a-b = { c-d }\n", "a-b = A\n", "t(\"a-b\")").contains("`a-b` refers to `c-d`"));
}

#[test]
fn catalogues_are_known_by_their_folder() {
    assert_eq!(language_of(Path::new("crates/web/locales/zh-CN/web.ftl")), Some("zh-CN"));
    assert_eq!(language_of(Path::new("crates/web/locales/fr/web.ftl")), None);
    assert_eq!(language_of(Path::new("crates/web/other/en/web.ftl")), None);
}
