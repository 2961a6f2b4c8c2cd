//! What was answered, counted.

use super::{Answer, Answers, Form, Kind};
use crate::figures::{Chart, Series};
use gongyu_web::show::View;
use std::collections::BTreeMap;

/// The answers to one question, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionTally {
    /// How many answered it.
    pub answered: i64,
    /// How often each choice was taken, by its key.
    pub choices: BTreeMap<String, i64>,
    /// Sum of the numbers.
    pub sum: i64,
    /// Smallest and largest number.
    pub range: Option<(i64, i64)>,
}

/// The answers to a form, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many answers there are.
    pub total: i64,
    /// Each question's, by its key.
    pub questions: BTreeMap<String, QuestionTally>,
}

impl Tally {
    /// Of these answers.
    pub fn of<'a>(answers: impl IntoIterator<Item = &'a Answers>) -> Self {
        let mut tally = Self::default();
        for one in answers {
            tally.add(one);
        }
        tally
    }

    /// Counts one more.
    pub fn add(&mut self, answers: &Answers) {
        self.total += 1;
        for (key, answer) in &answers.0 {
            let question = self.questions.entry(key.clone()).or_default();
            question.answered += 1;
            match answer {
                Answer::One(choice) => *question.choices.entry(choice.clone()).or_default() += 1,
                Answer::Many(choices) => {
                    for choice in choices {
                        *question.choices.entry(choice.clone()).or_default() += 1;
                    }
                }
                Answer::Number(n) => {
                    question.sum = question.sum.saturating_add(*n);
                    let (low, high) = question.range.unwrap_or((*n, *n));
                    question.range = Some((low.min(*n), high.max(*n)));
                }
                Answer::Text(_) | Answer::Date(_) | Answer::Signature(_) => {}
            }
        }
    }

    /// How often a choice was taken.
    pub fn taken(&self, question: &str, choice: &str) -> i64 {
        self.questions.get(question).and_then(|q| q.choices.get(choice)).copied().unwrap_or(0)
    }

    /// A chart for each question with choices, the finding in words.
    pub fn charts(&self, view: &View, form: &Form) -> Vec<(String, Chart)> {
        let mut out = Vec::new();
        for question in &form.questions {
            let (Kind::One { choices } | Kind::Many { choices }) = &question.kind else { continue };
            let counts: Vec<i64> = choices.iter().map(|c| self.taken(&question.key, &c.key)).collect();
            let most = choices.iter().zip(&counts).max_by_key(|(_, n)| **n);
            let finding = match most {
                Some((choice, n)) if *n > 0 => view.ta(
                    "form-finding",
                    &[
                        ("ask", question.ask.as_str().into()),
                        ("label", choice.label.as_str().into()),
                        ("n", (*n).into()),
                    ],
                ),
                _ => view.ta("form-finding-none", &[("ask", question.ask.as_str().into())]),
            };
            let chart = Chart::bar(finding)
                .horizontal()
                .labels(choices.iter().map(|c| c.label.clone()))
                .series(Series::new(view.t("form-pupils"), counts.iter().map(|n| *n as f64)));
            out.push((question.ask.clone(), chart));
        }
        out
    }
}
