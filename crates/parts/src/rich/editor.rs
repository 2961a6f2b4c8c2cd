//! The field a text is written in: a plain text area that works by itself, with a few buttons and a
//! preview where scripts run (`assets/js/rich.js`).

use super::{MOST, html};
use askama::Template;
use askama::filters::Safe;
use gongyu_kernel::Result;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Post, Reply, Signed};

/// The field.
#[derive(Clone, Debug, Template)]
#[template(path = "rich/editor.html")]
pub struct Editor {
    /// Name in the form.
    pub name: &'static str,
    /// Label, in words.
    pub label: String,
    /// What is in it.
    pub value: String,
    /// Why it was refused; empty when it was not.
    pub problem: String,
    /// Lines shown at first.
    pub rows: u32,
}

impl Editor {
    /// A field of twelve lines.
    pub fn new(name: &'static str, label: String, value: &str, problem: String) -> Self {
        Self { name, label, value: value.to_owned(), problem, rows: 12 }
    }

    /// As HTML, to be put in a template with `|safe`. The page asks for the script `rich.js`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }

    fn most(&self) -> usize {
        MOST
    }
}

#[derive(Template)]
#[template(source = "{{ text }}", ext = "html")]
struct Shown {
    text: Safe<String>,
}

/// What a text being written will look like. Nothing is kept.
pub(crate) fn preview(p: &mut Post<'_>, _: Signed) -> Result<Reply> {
    let source: String = p.form().get("text").chars().take(MOST).collect();
    p.partial(&Shown { text: html(&source) })
}
