//! Questions put to people, and what they answer: one choice, several, words, a number, a day, a
//! signature. The questions are kept as JSON by the record they belong to, the answers beside it; this
//! module reads, checks, shows, counts and lays out both.

mod answer;
mod build;
mod check;
mod fields;
mod model;
mod sheet;
mod tally;

pub use answer::{Answer, Answers};
pub use build::{Asked, Builder, read};
pub use check::{BOX, answers};
pub use fields::Fields;
pub use model::{Choice, Form, Kind, MOST_CHOICES, MOST_QUESTIONS, Question};
pub use sheet::{cells, columns};
pub use tally::{QuestionTally, Tally};

#[cfg(test)]
mod tests;
