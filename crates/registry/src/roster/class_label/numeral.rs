//! Numbers from one to ninety-nine as class names write them.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The value of one Chinese digit.
pub(super) fn digit(c: char) -> Option<u16> {
    match c {
        '两' => Some(2),
        '〇' => Some(0),
        _ => DIGITS.iter().position(|d| *d == c).and_then(|at| u16::try_from(at).ok()),
    }
}

/// Whether the character can be part of a Chinese number up to ninety-nine.
pub(super) fn is_numeral(c: char) -> bool {
    c == '十' || digit(c).is_some()
}

/// Reads a Chinese number from one to ninety-nine; `None` for two digits side by side ("三二").
pub(super) fn parse(text: &[char]) -> Option<u16> {
    match *text {
        ['十'] => Some(10),
        [d] => digit(d).filter(|n| *n > 0),
        ['十', d] => digit(d).map(|n| 10 + n),
        [d, '十'] => digit(d).filter(|n| *n > 0).map(|n| n * 10),
        [d, '十', e] => Some(digit(d).filter(|n| *n > 0)? * 10 + digit(e)?),
        _ => None,
    }
}

/// Writes a number from one to ninety-nine in Chinese, others in digits.
pub(super) fn chinese(number: u16) -> String {
    let digit = |n: u16| DIGITS[usize::from(n)];
    match number {
        1..=9 => digit(number).to_string(),
        10 => "十".to_owned(),
        11..=19 => format!("十{}", digit(number % 10)),
        20..=99 if number.is_multiple_of(10) => format!("{}十", digit(number / 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number % 10)),
        _ => number.to_string(),
    }
}
