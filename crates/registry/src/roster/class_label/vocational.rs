//! Classes of vocational schools as they are written with their speciality: 24级护理1班, 2024级计算机应用(2)班,
//! 护理2401班, 高二机电技术应用1班.

use super::numeral;
use super::speciality::Speciality;
use super::writing::{Form, Writing, squeezed};
use super::{Stage, writing};

/// Words that say no more than that the school is a vocational one; 高职, 五年制 and 3+2 are courses of their own beside
/// 中职 and stay in the speciality.
const PLAIN: &[&str] = &["中等职业", "中职部", "中职", "职高部", "职高", "中专部", "中专", "技校"];
/// Courses, in whatever place they are written: 高职护理 is 护理高职.
const COURSES: &[&str] = &["五年一贯制", "五年制", "3+2", "三二分段", "高职部", "高职", "大专"];

/// The year or grade a class is written with.
enum Head {
    Year(i16),
    Leaving(i16),
    Grade(u16),
}

/// Takes a class with a speciality apart; `None` when there is no speciality in it.
pub(super) fn read(label: &str) -> Option<Writing> {
    let mut text = squeezed(label);
    if let Some(at) = text.find("班(").filter(|_| text.ends_with(')')) {
        text.truncate(at);
    }
    let text = text.strip_suffix("班级").or_else(|| text.strip_suffix('班')).unwrap_or(&text).to_owned();
    let chars: Vec<char> = text.chars().collect();
    let (head, chars) = match head(&chars) {
        Some((head, rest)) => (Some(head), rest),
        None => (None, chars),
    };
    let (middle, number) = tail(&chars);
    let (head, class_no) = match (head, number) {
        (None, Some((year, class_no))) if year > 0 => (Some(Head::Year(year)), class_no),
        (Some(_), Some((year, _))) if year > 0 => return None,
        (head, Some((_, class_no))) => (head, class_no),
        (head, None) => (head, 1),
    };
    let speciality = speciality(&middle.iter().collect::<String>())?;
    let (stage, form) = (Some(Stage::Vocational), Form::Full);
    Some(match head {
        Some(Head::Year(year)) => Writing::Year { stage, year, graduation: false, class_no, speciality, form },
        Some(Head::Leaving(year)) => Writing::Year { stage, year, graduation: true, class_no, speciality, form },
        Some(Head::Grade(number)) => Writing::Grade { stage, number, class_no, speciality, form },
        None => Writing::ClassOnly { class_no, speciality },
    })
}

/// What is left of a name once its year and number are gone, in one order and without the words that say nothing.
fn speciality(middle: &str) -> Option<Speciality> {
    let mut name = PLAIN.iter().fold(middle.to_owned(), |name, word| name.replacen(word, "", 1));
    let mut course = String::new();
    for word in COURSES {
        if let Some(at) = name.find(word) {
            course = word.trim_end_matches('部').to_owned();
            name.replace_range(at..at + word.len(), "");
            break;
        }
    }
    let read = Speciality::read(&format!("{course}{name}"))?;
    let says_something = read.as_str().chars().any(char::is_alphabetic);
    let digits = read.as_str().trim_start_matches("3+2").chars().any(|c| c.is_ascii_digit());
    (says_something && !digits).then_some(read)
}

/// The year or grade, wherever it stands, and the writing without it: 2024级…, 24级…, 24护理, …2024级…, 高二…, 二年级….
fn head(chars: &[char]) -> Option<(Head, Vec<char>)> {
    let without = |from: usize, to: usize| [&chars[..from], &chars[to..]].concat();
    for at in 0..chars.len() {
        let run = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let starts = at == 0 || !chars[at - 1].is_ascii_digit();
        if run == 0 || !starts {
            continue;
        }
        let end = at + run;
        let (next, digits): (Option<&char>, String) = (chars.get(end), chars[at..end].iter().collect());
        let is_head = at == 0 && next.is_some_and(|c| c.is_alphabetic() && *c != '年');
        match (writing::full_year(&digits), next) {
            (Some(year), Some('级')) => return Some((Head::Year(year), without(at, end + 1))),
            (Some(year), Some('届')) => return Some((Head::Leaving(year), without(at, end + 1))),
            (Some(year), _) if is_head => return Some((Head::Year(year), without(at, end))),
            _ => {}
        }
    }
    grade(chars)
}

fn grade(chars: &[char]) -> Option<(Head, Vec<char>)> {
    let text: String = chars.iter().collect();
    let plain = PLAIN.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
    let rest: Vec<char> = plain.chars().collect();
    let number = |c: char| numeral::digit(c).or_else(|| c.to_digit(10).and_then(|n| u16::try_from(n).ok()));
    let (number, used) = match *rest.as_slice() {
        ['高' | '职', d, '年', '级', ..] => (number(d)?, 4),
        ['高' | '职', d, ..] if number(d).is_some() => (number(d)?, 2),
        [d, '年', '级', ..] => (number(d)?, 3),
        _ => return None,
    };
    (1..=3).contains(&number).then(|| (Head::Grade(number), rest[used..].to_vec()))
}

/// The number at the end: 1, (1), -1, 一, and 2401 or 202401 with the year before it (0 where there is none).
fn tail(chars: &[char]) -> (Vec<char>, Option<(i16, u16)>) {
    let body = chars.strip_suffix(&[')']).unwrap_or(chars);
    let back = |test: fn(&char) -> bool| body.iter().rev().take_while(|c| test(c)).count();
    let (digits, han) = (back(char::is_ascii_digit), back(|c| numeral::is_numeral(*c)));
    let len = if digits > 0 { digits } else { han };
    let (before, number) = body.split_at(body.len() - len);
    let text: String = number.iter().collect();
    let read = match (digits, len) {
        (_, 0) => None,
        (4 | 6, _) => {
            let (year, class) = text.split_at(digits - 2);
            writing::full_year(year).zip(class.parse().ok().filter(|n| *n > 0))
        }
        (1 | 2, _) => text.parse().ok().filter(|n| *n > 0).map(|n| (0, n)),
        (0, _) => numeral::parse(number).map(|n| (0, n)),
        _ => None,
    };
    if read.is_none() {
        return (chars.to_vec(), None);
    }
    // 24-1: the year and the number of the class with a stroke between them.
    let before = before.strip_suffix(&['-']).unwrap_or(before);
    let years = before.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let (front, year) = before.split_at(before.len() - years);
    match (read, writing::full_year(&year.iter().collect::<String>())) {
        (Some((0, class_no)), Some(year)) => (front.to_vec(), Some((year, class_no))),
        (read, _) => (before.strip_suffix(&['(']).unwrap_or(before).to_vec(), read),
    }
}
