//! Reading and checking answers, each question with its own reason in words.

use super::{Answer, Answers, Form, Kind, Question};
use crate::sign;
use gongyu_kernel::error::{Code, Invalid};
use gongyu_web::FormData;

/// What stands before the key of a question in the name of its field.
pub const BOX: &str = "a_";

/// Reads the answers from the fields `Fields` showed. A question that was refused is named in `invalid` by its
/// field, `a_KEY`.
pub fn answers(form: &Form, posted: &FormData, invalid: &mut Invalid) -> Answers {
    let mut out = Answers::default();
    for question in &form.questions {
        let field = format!("{BOX}{}", question.key);
        match one(question, posted, &field) {
            Ok(Some(answer)) => {
                out.0.insert(question.key.clone(), answer);
            }
            Ok(None) if question.must => invalid.push(field, missing(&question.kind)),
            Ok(None) => {}
            Err(code) => invalid.push(field, code),
        }
    }
    out
}

fn missing(kind: &Kind) -> Code {
    Code::new(match kind {
        Kind::One { .. } => "form-choose-one",
        Kind::Many { .. } => "form-choose-some",
        Kind::Signature => "sign-missing",
        _ => "form-answer-missing",
    })
}

fn one(question: &Question, posted: &FormData, field: &str) -> Result<Option<Answer>, Code> {
    let given = posted.get(field);
    match &question.kind {
        Kind::One { choices } => match given {
            "" => Ok(None),
            key if choices.iter().any(|c| c.key == key) => Ok(Some(Answer::One(key.to_owned()))),
            _ => Err(Code::new("form-choose-one")),
        },
        Kind::Many { choices } => {
            let ticked = posted.all(field);
            if ticked.iter().any(|t| !t.is_empty() && !choices.iter().any(|c| c.key == *t)) {
                return Err(Code::new("form-choose-some"));
            }
            let chosen: Vec<String> =
                choices.iter().filter(|c| ticked.contains(&c.key.as_str())).map(|c| c.key.clone()).collect();
            Ok((!chosen.is_empty()).then_some(Answer::Many(chosen)))
        }
        Kind::Text { most } => {
            if given.chars().count() > *most as usize {
                return Err(Code::new("field-too-long").arg("n", most));
            }
            if given.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                return Err(Code::new("field-odd-characters"));
            }
            Ok((!given.is_empty()).then(|| Answer::Text(given.replace("\r\n", "\n"))))
        }
        Kind::Number { from, to, .. } => {
            if given.is_empty() {
                return Ok(None);
            }
            match half_width(given).parse::<i64>() {
                Ok(n) if (*from..=*to).contains(&n) => Ok(Some(Answer::Number(n))),
                _ => Err(Code::new("field-number").arg("from", from).arg("to", to)),
            }
        }
        Kind::Date { from, to } => {
            if given.is_empty() {
                return Ok(None);
            }
            let Ok(day) = given.parse::<gongyu_kernel::Date>() else { return Err(Code::new("field-date")) };
            if from.is_some_and(|f| day < f) || to.is_some_and(|t| day > t) {
                return Err(Code::new("form-date-outside"));
            }
            Ok(Some(Answer::Date(day)))
        }
        Kind::Signature => {
            let mut refused = Invalid::default();
            let read = sign::read(posted, field, false, &mut refused);
            match refused.of(field) {
                Some(code) => Err(code.clone()),
                None => Ok(read.map(Answer::Signature)),
            }
        }
    }
}

/// Digits as a Chinese keyboard may give them.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '－' => '-',
            c => c,
        })
        .collect()
}
