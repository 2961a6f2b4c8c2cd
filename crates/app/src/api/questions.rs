//! Questions of a notice and what families answered, for other programs: in numbers and choices, signatures only as
//! given or not. Names stay on the pages and in the list of pupils.

use super::shape::{ErrorBody, PageOf, paged};
use gongyu_access::right;
use gongyu_contact::notice::store::{self, ChildLine};
use gongyu_contact::notice::{ForNotice, Kind};
use gongyu_kernel::{Error, Result};
use gongyu_parts::form::{Answer, Answers, Asked, Form, MOST_QUESTIONS, Question};
use gongyu_web::permit::Holder;
use gongyu_web::{Get, Reply, api};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A question to be put.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewQuestion {
    ask: String,
    /// `one`, `many`, `text`, `number`, `date` or `signature`.
    kind: String,
    /// Words of the choices, for `one` and `many`.
    #[serde(default)]
    choices: Vec<String>,
    /// Unit of a number.
    #[serde(default)]
    unit: String,
    /// Smallest number or earliest day.
    #[serde(default)]
    from: String,
    /// Largest number or latest day.
    #[serde(default)]
    to: String,
    /// It must be answered.
    #[serde(default = "yes")]
    must: bool,
}

const fn yes() -> bool {
    true
}

const SORTS: [&str; 6] = ["one", "many", "text", "number", "date", "signature"];

/// The questions as the notice keeps them, checked by the rules of the page.
pub(super) fn asked(kind: Kind, questions: &[NewQuestion]) -> Result<String> {
    if (kind != Kind::Answer && !questions.is_empty()) || questions.len() > MOST_QUESTIONS {
        return Err(Error::field("questions", "api-unknown-word"));
    }
    let mut form = Form::default();
    for question in questions {
        if !SORTS.contains(&question.kind.as_str()) {
            return Err(Error::field("questions", "api-unknown-word"));
        }
        form.ask(&Asked {
            ask: question.ask.trim().to_owned(),
            kind: question.kind.clone(),
            choices: question.choices.clone(),
            unit: question.unit.clone(),
            from: question.from.clone(),
            to: question.to.clone(),
            must: question.must,
        })
        .map_err(|why| Error::field("questions", why))?;
    }
    form.to_json()
}

/// A question of a notice.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionBody {
    /// Answers refer to it.
    key: String,
    ask: String,
    kind: &'static str,
    must: bool,
    /// Words of the choices by their keys.
    choices: BTreeMap<String, String>,
}

impl From<&Question> for QuestionBody {
    fn from(q: &Question) -> Self {
        Self {
            key: q.key.clone(),
            ask: q.ask.clone(),
            kind: q.kind.code(),
            must: q.must,
            choices: q.kind.choices().iter().map(|c| (c.key.clone(), c.label.clone())).collect(),
        }
    }
}

/// One answer; which field is there follows from the kind of the question.
#[derive(Serialize, ToSchema, Default)]
pub(super) struct ValueBody {
    /// Keys of the chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    date: Option<String>,
    /// There is a signature; its lines stay here.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed: Option<bool>,
}

impl From<&Answer> for ValueBody {
    fn from(answer: &Answer) -> Self {
        let empty = Self::default();
        match answer {
            Answer::One(key) => Self { chosen: Some(vec![key.clone()]), ..empty },
            Answer::Many(keys) => Self { chosen: Some(keys.clone()), ..empty },
            Answer::Text(words) => Self { text: Some(words.clone()), ..empty },
            Answer::Number(n) => Self { number: Some(*n), ..empty },
            Answer::Date(day) => Self { date: Some(day.to_string()), ..empty },
            Answer::Signature(_) => Self { signed: Some(true), ..empty },
        }
    }
}

/// What a family answered about a child.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerBody {
    student: String,
    class: String,
    /// UTC milliseconds since 1970.
    at: i64,
    /// Answers by the keys of the questions.
    answers: BTreeMap<String, ValueBody>,
}

/// The questions of a notice and one page of answers.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswersBody {
    questions: Vec<QuestionBody>,
    #[serde(flatten)]
    page: PageOf<AnswerBody>,
}

/// What families answered, child by child; the answer that counts, of which a family has one.
#[utoipa::path(get, path = "/api/v1/notices/{id}/answers", tag = "notices",
    params(("id" = String, Path, description = "The notice"),
           ("after" = Option<String>, Query, description = "`next` of the page before"),
           ("limit" = Option<u32>, Query, description = "Rows of a page, at most 1000")),
    responses(
        (status = 200, description = "One page", body = AnswersBody),
        (status = 401, description = "No token, or one that no longer works", body = ErrorBody),
        (status = 403, description = "The role does not see notices", body = ErrorBody),
        (status = 404, description = "There is no such notice in reach, or it asks nothing", body = ErrorBody),
    ))]
pub(super) fn answers(g: &mut Get<'_>, _: Holder<right::UseApi>, at: ForNotice<right::SeeNotices>) -> Result<Reply> {
    let (notice, slice) = (&at.sight.notice, at.sight.slice);
    if notice.kind != Kind::Answer {
        return Err(Error::NotFound);
    }
    let form = Form::parse(&notice.questions)?;
    let list = paged(store::children(notice.id, slice).filter("answered", &[]).order("latest"), g.req)?;
    let found = list.rows::<ChildLine>(g.r)?;
    let line = |line: &ChildLine| -> Result<AnswerBody> {
        let answers = Answers::parse(&line.body)?;
        Ok(AnswerBody {
            student: line.student.to_string(),
            class: line.class.to_string(),
            at: line.changed_at.0,
            answers: answers.0.iter().map(|(key, answer)| (key.clone(), answer.into())).collect(),
        })
    };
    let items = found.rows.iter().map(line).collect::<Result<Vec<_>>>()?;
    let questions = form.questions.iter().map(QuestionBody::from).collect();
    api::json(&AnswersBody { questions, page: PageOf { items, next: found.next } })
}
