//! Answers as columns of a workbook.

use super::{Answer, Answers, Form, Kind};
use gongyu_paper::book::{Column, ColumnKind, Value};

/// One column for each question.
pub fn columns(form: &Form) -> Vec<Column> {
    let of = |q: &super::Question| match &q.kind {
        Kind::Number { unit, .. } if unit.is_empty() => Column::new(q.ask.clone(), 14.0, ColumnKind::Number),
        Kind::Number { unit, .. } => Column::new(format!("{}（{unit}）", q.ask), 14.0, ColumnKind::Number),
        Kind::Text { .. } => Column::new(q.ask.clone(), 36.0, ColumnKind::Text),
        _ => Column::new(q.ask.clone(), 20.0, ColumnKind::Text),
    };
    form.questions.iter().map(of).collect()
}

/// The cells of one set of answers, in the order of `columns`; `signed` stands for a drawn signature.
pub fn cells(form: &Form, answers: &Answers, signed: &str) -> Vec<Value> {
    let of = |q: &super::Question| match answers.get(&q.key) {
        Some(Answer::Number(n)) => Value::from(*n),
        Some(answer) => Value::from(answer.words(q, signed)),
        None => Value::Empty,
    };
    form.questions.iter().map(of).collect()
}
