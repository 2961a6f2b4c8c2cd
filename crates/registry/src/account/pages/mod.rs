//! The pages.

pub mod activate;
pub mod audit;
mod audit_words;
pub mod code;
pub mod consent;
pub mod demo;
pub mod factor;
pub mod hat;
pub mod jobs;
pub mod look;
pub mod me;
pub mod notice;
pub mod notice_words;
pub mod password;
pub mod phone;
pub mod second;
pub mod sign_in;
pub mod tokens;
pub mod who;

use gongyu_web::Get;

/// Why a form was refused: at one field, or as a whole; empty when it was not.
pub fn why(g: &Get<'_>, field: &str) -> String {
    let at_field = g.problem(field);
    if at_field.is_empty() { g.refusal() } else { at_field }
}

/// The line above a page before signing in: the way to large letters and back.
pub struct Top {
    /// Large letters now.
    pub elder: bool,
    /// The page itself, to come back to.
    pub here: String,
}

impl Top {
    /// For the page being read.
    pub fn of(g: &Get<'_>) -> Self {
        Self { elder: g.view().prefs.elder, here: g.req.path.clone() }
    }
}
