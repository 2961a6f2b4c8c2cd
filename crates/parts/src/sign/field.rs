//! The field a signature is given in (`assets/js/sign.js`).

use askama::Template;
use gongyu_kernel::Result;
use gongyu_web::FormData;
use gongyu_web::filters;
use gongyu_web::show::View;

/// The field: glass where scripts run, and always the typed name with its tick.
#[derive(Clone, Debug, Template)]
#[template(path = "sign/field.html")]
pub struct SignField {
    name: String,
    label: String,
    drawn: String,
    typed: String,
    agreed: bool,
    problem: String,
}

impl SignField {
    /// A field of this name; `label` says who signs, or what for.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            drawn: String::new(),
            typed: String::new(),
            agreed: false,
            problem: String::new(),
        }
    }

    /// With a signature that is there already, as `Signature::to_json` gave it.
    #[must_use]
    pub fn drawn(mut self, json: &str) -> Self {
        json.clone_into(&mut self.drawn);
        self
    }

    /// With what was given before the form was refused, and why.
    #[must_use]
    pub fn again(mut self, typed: Option<&FormData>, problem: String) -> Self {
        if let Some(form) = typed {
            form.get(&self.name).clone_into(&mut self.drawn);
            form.get(&format!("{}_typed", self.name)).clone_into(&mut self.typed);
            self.agreed = form.ticked(&format!("{}_agree", self.name));
        }
        self.problem = problem;
        self
    }

    /// As HTML, to be put in a template with `|safe`. The page asks for the script `sign.js`.
    ///
    /// # Errors
    /// `Error::Internal` when the template fails.
    pub fn html(&self, view: &View) -> Result<String> {
        view.render(self)
    }
}
