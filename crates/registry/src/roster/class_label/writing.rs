//! Taking a written class apart: what it says of the grade or entry year, and the number of the class.

use super::Stage;
use super::numeral;
use super::speciality::Speciality;
use crate::roster::values::fold;

/// How much of a class the writing spells out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Words or brackets leave no doubt: "三年级2班", "三(2)班", "2023级2班".
    Full,
    /// Digits by a habit: "302", "202302".
    Digits,
    /// A guess even with other evidence: "3.2" (a spreadsheet turns 3.10 into 3.1), or a grade without a class number.
    Loose,
}

/// What a written class says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// A grade, with the stage where it is named, and the class in it.
    Grade { stage: Option<Stage>, number: u16, class_no: u16, speciality: Speciality, form: Form },
    /// A year ("2023级" entry, "2029届" graduation) and the class in it.
    Year { stage: Option<Stage>, year: i16, graduation: bool, class_no: u16, speciality: Speciality, form: Form },
    /// Only the number of the class.
    ClassOnly { class_no: u16, speciality: Speciality },
}

const fn plain_grade(stage: Option<Stage>, number: u16, class_no: u16, form: Form) -> Writing {
    Writing::Grade { stage, number, class_no, speciality: Speciality::NONE, form }
}

const fn plain_year(stage: Option<Stage>, year: i16, graduation: bool, class_no: u16, form: Form) -> Writing {
    Writing::Year { stage, year, graduation, class_no, speciality: Speciality::NONE, form }
}

/// A year of two or four digits.
pub(super) fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => (1990..=2099).contains(&year).then_some(year),
        _ => None,
    }
}

enum Number {
    Digits(String),
    Han(Vec<char>),
}

impl Number {
    fn value(&self) -> Option<u16> {
        match self {
            Self::Digits(text) if text.len() <= 2 => text.parse().ok().filter(|n| *n > 0),
            Self::Digits(_) => None,
            Self::Han(chars) => numeral::parse(chars),
        }
    }
}

struct Cursor<'a>(&'a [char]);

impl Cursor<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let word: Vec<char> = word.chars().collect();
        let hit = self.0.starts_with(&word);
        if hit {
            self.0 = &self.0[word.len()..];
        }
        hit
    }

    fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    fn number(&mut self) -> Option<Number> {
        let run = |test: fn(&char) -> bool| self.0.iter().take_while(|c| test(c)).count();
        let digits = run(char::is_ascii_digit);
        let han = run(|c| numeral::is_numeral(*c));
        let (len, is_digits) = if digits > 0 { (digits, true) } else { (han, false) };
        let (head, rest) = self.0.split_at(len);
        self.0 = rest;
        match (len, is_digits) {
            (0, _) => None,
            (_, true) => Some(Number::Digits(head.iter().collect())),
            (_, false) => Some(Number::Han(head.to_vec())),
        }
    }

    /// The rest as a class number: "2班", "(2)班", "二班", "02"; a nickname in brackets after it is let be.
    fn class_no(&mut self) -> Option<u16> {
        let bracket = self.eat("(");
        let number = self.number()?.value()?;
        if bracket && !self.eat(")") {
            return None;
        }
        self.end_of_class().then_some(number)
    }

    fn end_of_class(&mut self) -> bool {
        let named = self.eat_any(&["班级", "班"]);
        self.0.is_empty() || (named && self.0.first() == Some(&'(') && self.0.last() == Some(&')'))
    }
}

const STAGES: &[(&str, Stage)] = &[
    ("幼儿园", Stage::Kindergarten),
    ("小学", Stage::Primary),
    ("初中", Stage::Junior),
    ("高中", Stage::Senior),
    ("中职", Stage::Vocational),
    ("职高", Stage::Vocational),
    ("培智", Stage::Special),
    ("启智", Stage::Special),
    ("启聪", Stage::Special),
    ("启明", Stage::Special),
    ("初", Stage::Junior),
    ("高", Stage::Senior),
    ("职", Stage::Vocational),
];

fn stage(cursor: &mut Cursor<'_>) -> Option<Stage> {
    let found = STAGES.iter().find(|(word, _)| cursor.eat(word)).map(|(_, stage)| *stage);
    if found.is_some() {
        cursor.eat("部");
    }
    found
}

/// A number cell may arrive with a decimal nought ("302.0"); no class has the number 0.
pub(super) fn squeezed(text: &str) -> String {
    let plain = fold::squeeze(text);
    plain.strip_suffix(".0").map(str::to_owned).unwrap_or(plain)
}

/// Takes a written class apart; `None` when it follows no known habit.
pub(super) fn read(label: &str) -> Option<Writing> {
    let plain = squeezed(label);
    let chars: Vec<char> = plain.chars().collect();
    let mut cursor = Cursor(&chars);
    let stage = stage(&mut cursor);
    if matches!(stage, None | Some(Stage::Kindergarten))
        && let Some(writing) = kindergarten(&mut Cursor(cursor.0))
    {
        return Some(writing);
    }
    if stage.is_none() && cursor.eat("小") {
        return numbered(&mut cursor, Some(Stage::Primary));
    }
    numbered(&mut cursor, stage)
}

fn kindergarten(cursor: &mut Cursor<'_>) -> Option<Writing> {
    let number = ["托", "小", "中", "大"].iter().position(|word| cursor.eat(word))?;
    let number = u16::try_from(number).ok()?;
    let stage = Some(Stage::Kindergarten);
    if cursor.0.is_empty() || cursor.0 == ['班'] {
        return Some(plain_grade(stage, number, 1, Form::Full));
    }
    cursor.eat_any(&["班年级", "班"]);
    cursor.eat("第");
    let class_no = cursor.class_no()?;
    Some(plain_grade(stage, number, class_no, Form::Full))
}

fn numbered(cursor: &mut Cursor<'_>, stage: Option<Stage>) -> Option<Writing> {
    if cursor.0.first() == Some(&'(') {
        return cursor.class_no().map(|class_no| Writing::ClassOnly { class_no, speciality: Speciality::NONE });
    }
    let number = cursor.number()?;
    if let Number::Digits(text) = &number {
        if cursor.eat("级") {
            return year(cursor, stage, text, false);
        }
        if cursor.eat("届") {
            return year(cursor, stage, text, true);
        }
        if text.len() > 2 {
            return cursor.end_of_class().then(|| digits(text, stage)).flatten();
        }
    }
    if cursor.eat_any(&["年级", "年"]) {
        let number = number.value()?;
        cursor.eat_any(&["-", ".", "第"]);
        let (class_no, form) = if cursor.0.is_empty() { (1, Form::Loose) } else { (cursor.class_no()?, Form::Full) };
        return Some(plain_grade(stage, number, class_no, form));
    }
    side_by_side(cursor, stage, &number)
}

/// A grade and a class with no word between them.
fn side_by_side(cursor: &mut Cursor<'_>, stage: Option<Stage>, number: &Number) -> Option<Writing> {
    let grade = |number, class_no, form| Some(plain_grade(stage, number, class_no, form));
    let dotted = cursor.eat_any(&[".", "-", "/", "·", "、"]);
    let followed = cursor.0.first().is_some_and(|c| *c == '(' || c.is_ascii_digit() || numeral::is_numeral(*c));
    if followed {
        let form = if dotted && stage.is_none() { Form::Loose } else { Form::Full };
        return grade(number.value()?, cursor.class_no()?, form);
    }
    if dotted || !cursor.end_of_class() {
        return None;
    }
    if let Number::Han(chars) = number
        && let [first, rest @ ..] = chars.as_slice()
        && !rest.is_empty()
        && (stage.is_some() || numeral::parse(chars).is_none())
    {
        return grade(numeral::digit(*first)?, numeral::parse(rest)?, Form::Full);
    }
    match stage {
        None => number.value().map(|class_no| Writing::ClassOnly { class_no, speciality: Speciality::NONE }),
        Some(_) => grade(number.value()?, 1, Form::Loose),
    }
}

fn year(cursor: &mut Cursor<'_>, stage_before: Option<Stage>, text: &str, graduation: bool) -> Option<Writing> {
    let year = full_year(text)?;
    let stage = stage_before.or_else(|| stage(cursor));
    let (class_no, form) = if cursor.0.is_empty() { (1, Form::Loose) } else { (cursor.class_no()?, Form::Full) };
    Some(plain_year(stage, year, graduation, class_no, form))
}

/// Three digits are grade and class; four are grade and class with two digits each, or a short year; six are year and class.
fn digits(text: &str, stage: Option<Stage>) -> Option<Writing> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let form = Form::Digits;
    let (head, class_no) = match text.len() {
        3 => (part(0, 1)?, part(1, 3)?),
        4 => (part(0, 2)?, part(2, 4)?),
        6 => (part(0, 4)?, part(4, 6)?),
        _ => return None,
    };
    if class_no == 0 || head == 0 {
        return None;
    }
    match (text.len(), head) {
        (6, 1990..=2099) => Some(plain_year(stage, i16::try_from(head).ok()?, false, class_no, form)),
        (3, _) | (4, 1..=12) => Some(plain_grade(stage, head, class_no, form)),
        (4, 13..=99) if !(1990..=2099).contains(&text.parse::<u16>().ok()?) => {
            Some(plain_year(stage, 2000 + i16::try_from(head).ok()?, false, class_no, form))
        }
        _ => None,
    }
}

/// A grade column: "三年级", "3", "初一", "大班", "2023级", "2023".
pub(super) fn read_grade(text: &str) -> Option<Writing> {
    let plain = squeezed(text);
    if let Ok(year @ 1990..=2099) = plain.parse::<i16>() {
        return Some(plain_year(None, year, false, 1, Form::Loose));
    }
    match read(&plain)? {
        Writing::ClassOnly { class_no, .. } => Some(plain_grade(None, class_no, 1, Form::Loose)),
        writing => Some(writing),
    }
}
