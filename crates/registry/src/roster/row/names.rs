//! Names of people: letters of any script, rare characters included.
//!
//! "Only Han characters" is a check seen in the wild and wrong (POLICY.md 8.2): it refuses 阿依古丽·买买提.

use super::ProblemCode;

/// The longest name, in characters.
pub const NAME_MAX: usize = 50;

/// The name as it is kept: one form of the middle dot, no spaces between Han characters, single spaces elsewhere.
pub fn tidy_name(text: &str) -> String {
    let chars: Vec<char> = text.trim().chars().filter(|c| !is_invisible(*c)).map(dot).collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let before = out.chars().next_back();
        let after = chars[at + 1..].iter().copied().find(|c| !c.is_whitespace());
        if c.is_whitespace() {
            let needed = !before.is_none_or(|b| is_han(b) || b == '·') && !after.is_none_or(|a| is_han(a) || a == '·');
            if needed && before != Some(' ') {
                out.push(' ');
            }
        } else if c == '.' && before.is_some_and(is_han) && after.is_some_and(is_han) {
            out.push('·');
        } else {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// What is wrong with a tidied name, and the character it is about.
pub fn name_fault(name: &str) -> Option<(ProblemCode, Option<char>)> {
    let count = name.chars().count();
    if count > NAME_MAX {
        return Some((ProblemCode::NameTooLong, None));
    }
    for c in name.chars() {
        match c {
            '·' | '.' | '-' | ' ' | '\'' | '’' => {}
            '?' | '□' | '■' | '◇' | '\u{FFFD}' | '*' | '_' => {
                return Some((ProblemCode::NameLostCharacter, Some(c)));
            }
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}' | '\u{2FF0}'..='\u{2FFF}' => {
                return Some((ProblemCode::NamePrivateCharacter, Some(c)));
            }
            c if c.is_ascii_digit() => return Some((ProblemCode::NameDigits, Some(c))),
            c if is_letter(c) => {}
            _ => return Some((ProblemCode::NameBadCharacter, Some(c))),
        }
    }
    let trial = ["测试", "试验", "演示", "示例", "test", "TEST", "Test"];
    if trial.iter().any(|word| name.contains(word)) {
        return Some((ProblemCode::NameTrial, None));
    }
    if !name.chars().any(char::is_alphabetic) {
        return Some((ProblemCode::NameBadCharacter, name.chars().next()));
    }
    (count == 1).then_some((ProblemCode::NameOneCharacter, None))
}

fn dot(c: char) -> char {
    match c {
        '•' | '・' | '･' | '‧' | '∙' | '⋅' | '\u{387}' | '․' | '●' => '·',
        '\u{FF0E}' => '.',
        '\u{FF0D}' => '-',
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        c => c,
    }
}

/// Marks that come along with pasted text. Other control characters stay, and are refused.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\n' | '\r' | '\t')
}

/// Letters, the accents some are written with, and the selectors that choose between forms of a Han character.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_han(c) || matches!(c, '\u{300}'..='\u{36F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Han characters of every plane, so that a character newer than the compiler's tables is a letter too.
pub(in crate::roster) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' | '〇' | '々')
}
