//! The questions as fields to be answered.

use super::{Answer, Answers, BOX, Form, Kind};
use crate::sign::SignField;
use askama::Template;
use gongyu_kernel::Result;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{FormData, Get};

struct Pick {
    key: String,
    label: String,
    on: bool,
}

struct Line {
    field: String,
    ask: String,
    must: bool,
    kind: &'static str,
    picks: Vec<Pick>,
    value: String,
    unit: String,
    from: String,
    to: String,
    most: u32,
    glass: String,
    problem: String,
}

/// The fields of a form, with what was answered before.
#[derive(Template)]
#[template(path = "form/fields.html")]
pub struct Fields {
    lines: Vec<Line>,
}

impl Fields {
    /// The fields as a page shows them: what was typed before they were refused, else `before`.
    ///
    /// # Errors
    /// `Error::Internal` when a part cannot be shown.
    pub fn of(g: &Get<'_>, form: &Form, before: &Answers) -> Result<Self> {
        let problem = |field: &str| g.problem(field);
        Self::with(g.view(), form, before, g.typed(), &problem)
    }

    /// The fields without a request behind them: a preview.
    ///
    /// # Errors
    /// As `of`.
    pub fn preview(view: &View, form: &Form) -> Result<Self> {
        Self::with(view, form, &Answers::default(), None, &|_| String::new())
    }

    fn with(
        view: &View,
        form: &Form,
        before: &Answers,
        typed: Option<&FormData>,
        problem: &dyn Fn(&str) -> String,
    ) -> Result<Self> {
        let mut lines = Vec::with_capacity(form.questions.len());
        for question in &form.questions {
            let field = format!("{BOX}{}", question.key);
            let chosen = chosen(typed, &field, before.get(&question.key));
            let pick =
                |c: &super::Choice| Pick { on: chosen.contains(&c.key), key: c.key.clone(), label: c.label.clone() };
            let mut line = Line {
                ask: question.ask.clone(),
                must: question.must,
                kind: question.kind.code(),
                picks: question.kind.choices().iter().map(pick).collect(),
                value: chosen.first().cloned().unwrap_or_default(),
                unit: String::new(),
                from: String::new(),
                to: String::new(),
                most: 0,
                glass: String::new(),
                problem: problem(&field),
                field,
            };
            match &question.kind {
                Kind::Text { most } => line.most = *most,
                Kind::Number { unit, from, to } => {
                    line.unit.clone_from(unit);
                    line.from = from.to_string();
                    line.to = to.to_string();
                }
                Kind::Date { from, to } => {
                    line.from = from.map(|d| d.to_string()).unwrap_or_default();
                    line.to = to.map(|d| d.to_string()).unwrap_or_default();
                }
                Kind::Signature => {
                    let mut glass = SignField::new(line.field.clone(), line.ask.clone());
                    if let Some(Answer::Signature(signature)) = before.get(&question.key) {
                        glass = glass.drawn(&signature.to_json()?);
                    }
                    line.glass = glass.again(typed, line.problem.clone()).html(view)?;
                }
                Kind::One { .. } | Kind::Many { .. } => {}
            }
            lines.push(line);
        }
        Ok(Self { lines })
    }

    /// As HTML, to be put in a template with `|safe`. A page whose form asks for a signature asks for the script
    /// `sign.js`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }
}

/// The values of a field: as typed, else as answered.
fn chosen(typed: Option<&FormData>, field: &str, before: Option<&Answer>) -> Vec<String> {
    if let Some(form) = typed {
        return form.all(field).into_iter().map(ToOwned::to_owned).collect();
    }
    match before {
        Some(Answer::One(key)) => vec![key.clone()],
        Some(Answer::Many(keys)) => keys.clone(),
        Some(Answer::Text(words)) => vec![words.clone()],
        Some(Answer::Number(n)) => vec![n.to_string()],
        Some(Answer::Date(day)) => vec![day.to_string()],
        Some(Answer::Signature(_)) | None => Vec::new(),
    }
}
