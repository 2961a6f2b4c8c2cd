//! Answers as data.

use super::{Kind, Question};
use crate::sign::Signature;
use gongyu_kernel::{Date, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The chosen one.
    One(String),
    /// The chosen ones, in the order of the question.
    Many(Vec<String>),
    /// Words.
    Text(String),
    /// A number.
    Number(i64),
    /// A day.
    Date(Date),
    /// A signature.
    Signature(Signature),
}

impl Answer {
    /// As words; a signature as `signed`.
    pub fn words(&self, question: &Question, signed: &str) -> String {
        let label = |key: &str| question.label_of(key).unwrap_or(key).to_owned();
        match self {
            Self::One(key) => label(key),
            Self::Many(keys) => keys.iter().map(|k| label(k)).collect::<Vec<_>>().join("、"),
            Self::Text(words) => words.clone(),
            Self::Number(n) => match &question.kind {
                Kind::Number { unit, .. } => format!("{n}{unit}"),
                _ => n.to_string(),
            },
            Self::Date(day) => day.to_string(),
            Self::Signature(signature) => match signature.typed_name() {
                Some(name) => name.to_owned(),
                None => signed.to_owned(),
            },
        }
    }
}

/// The answers to a form by the keys of its questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    /// From the JSON a record keeps; an empty text is no answer at all.
    ///
    /// # Errors
    /// `Error::Internal` when it is something else.
    pub fn parse(json: &str) -> Result<Self> {
        if json.is_empty() { Ok(Self::default()) } else { Ok(serde_json::from_str(json)?) }
    }

    /// As the JSON a record keeps.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be written.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// The answer to a question.
    pub fn get(&self, key: &str) -> Option<&Answer> {
        self.0.get(key)
    }
}
