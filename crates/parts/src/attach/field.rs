//! Files on a page: the field that takes them, and the list that shows them.

use super::{Attachment, Limits};
use askama::Template;
use gongyu_kernel::{Id, Result};
use gongyu_web::filters;
use gongyu_web::show::View;

/// What the field offers to choose from; the content decides all the same.
const ACCEPT: &str = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.pptx,.mp3,.m4a,.amr";
/// The same for pictures alone: a phone then offers its camera.
const PICTURES: &str = "image/jpeg,image/png,image/webp";

/// A file as it is shown.
#[derive(Clone, Debug)]
pub struct Line {
    id: Id,
    name: String,
    href: String,
    small: Option<String>,
    icon: &'static str,
    size: String,
}

impl Line {
    /// Of a file.
    pub fn of(file: &Attachment) -> Self {
        let kilobytes = (file.size + 1023) / 1024;
        let size = if kilobytes < 1024 {
            format!("{kilobytes} KB")
        } else {
            format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024)
        };
        Self {
            id: file.id,
            name: file.name.clone(),
            href: file.href(),
            small: file.small_href(),
            icon: file.kind.icon(),
            size,
        }
    }
}

/// The field. Without a script its files go with the form (a form of `Routes::upload_with`, `multipart/form-data`);
/// with `attach.js` each goes at once, with its progress. Either way `bring_all` gives the chosen ones. A file already
/// there is a ticked box: unticked, it is let go.
#[derive(Clone, Debug, Template)]
#[template(path = "attach/field.html")]
pub struct Field {
    name: &'static str,
    files: Vec<Line>,
    limits: Limits,
    accept: &'static str,
    problem: String,
}

impl Field {
    /// A field of this name with the files that are there.
    pub fn new(name: &'static str, files: &[Attachment], limits: Limits, problem: String) -> Self {
        Self { name, files: files.iter().map(Line::of).collect(), limits, accept: ACCEPT, problem }
    }

    /// For pictures alone.
    #[must_use]
    pub fn pictures(mut self) -> Self {
        self.accept = PICTURES;
        self
    }

    /// Whether it is for pictures alone.
    fn is_pictures(&self) -> bool {
        self.accept == PICTURES
    }

    /// As HTML, to be put in a template with `|safe`. The page asks for the script `attach.js`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }

    fn max_mb(&self) -> i64 {
        self.limits.megabytes()
    }
}

/// Chosen files of the field, as they come back from the upload.
#[derive(Template)]
#[template(path = "attach/chosen.html")]
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) files: Vec<Line>,
}

/// Files shown to be opened.
#[derive(Clone, Debug, Template)]
#[template(path = "attach/files.html")]
pub struct Files {
    files: Vec<Line>,
}

impl Files {
    /// Of these.
    pub fn new(files: &[Attachment]) -> Self {
        Self { files: files.iter().map(Line::of).collect() }
    }

    /// As HTML, to be put in a template with `|safe`; empty for none.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
