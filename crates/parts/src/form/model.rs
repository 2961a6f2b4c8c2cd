//! Questions as data.

use gongyu_kernel::{Date, Result};
use serde::{Deserialize, Serialize};

/// Questions of one form at most [P]: more is a survey, and nobody answers one on a phone.
pub const MOST_QUESTIONS: usize = 20;
/// Choices of one question at most [P].
pub const MOST_CHOICES: usize = 20;

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its questions in order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Short name that answers refer to, unique in its form.
    pub key: String,
    /// The question as it is asked.
    pub ask: String,
    /// Must be answered.
    #[serde(default)]
    pub must: bool,
    /// What kind of answer it takes.
    #[serde(flatten)]
    pub kind: Kind,
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Short name that answers refer to, unique in its question.
    pub key: String,
    /// As it is offered.
    pub label: String,
}

/// What kind of answer a question takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// One of these.
    One {
        /// The choices.
        choices: Vec<Choice>,
    },
    /// Any of these.
    Many {
        /// The choices.
        choices: Vec<Choice>,
    },
    /// Words.
    Text {
        /// Characters at most.
        most: u32,
    },
    /// A whole number.
    Number {
        /// Unit written behind it; empty for none.
        unit: String,
        /// Smallest allowed.
        from: i64,
        /// Largest allowed.
        to: i64,
    },
    /// A day.
    Date {
        /// Earliest allowed.
        from: Option<Date>,
        /// Latest allowed.
        to: Option<Date>,
    },
    /// A signature on the glass or a typed name.
    Signature,
}

impl Kind {
    /// Text in forms and in the catalogues.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::One { .. } => "one",
            Self::Many { .. } => "many",
            Self::Text { .. } => "text",
            Self::Number { .. } => "number",
            Self::Date { .. } => "date",
            Self::Signature => "signature",
        }
    }

    /// The choices, of a question that has some.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::One { choices } | Self::Many { choices } => choices,
            _ => &[],
        }
    }
}

impl Form {
    /// From the JSON a record keeps; an empty text is no question at all.
    ///
    /// # Errors
    /// `Error::Internal` when it is something else.
    pub fn parse(json: &str) -> Result<Self> {
        if json.is_empty() { Ok(Self::default()) } else { Ok(serde_json::from_str(json)?) }
    }

    /// As the JSON a record keeps; an empty text for no question.
    ///
    /// # Errors
    /// `Error::Internal` when it cannot be written.
    pub fn to_json(&self) -> Result<String> {
        if self.questions.is_empty() { Ok(String::new()) } else { Ok(serde_json::to_string(self)?) }
    }

    /// Whether there is nothing to answer.
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// A question by its key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|q| q.key == key)
    }

    /// The one question with choices, when there is only that: such a form is answered by one tap.
    pub fn single_choice(&self) -> Option<&Question> {
        match self.questions.as_slice() {
            [q] if matches!(q.kind, Kind::One { .. }) => Some(q),
            _ => None,
        }
    }

    /// Whether a signature is asked for.
    pub fn asks_signature(&self) -> bool {
        self.questions.iter().any(|q| q.kind == Kind::Signature)
    }
}

impl Question {
    /// The words of a choice.
    pub fn label_of(&self, choice: &str) -> Option<&str> {
        self.kind.choices().iter().find(|c| c.key == choice).map(|c| c.label.as_str())
    }
}
