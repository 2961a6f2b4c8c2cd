//! A contact noted by a teacher: which child, which way, what it was about. Three taps on a phone,
//! several children at once, the family gets no message. Each note is one row here and one touch in
//! the ledger for each child.

mod choices;
mod log;
mod model;
mod pages;
mod rules;
mod store;
mod words;

pub use choices::{SchoolChoices, choices_of, keep_choices};
pub use log::{amend, log, undo};
pub use model::{Candidate, ContactRecord, LastTouch, NewContact, Who};
pub use rules::{Advice, OFFERED, QUICK, advice, default_guardian, depth, kind, may_correct, staff_role};
pub use store::{candidates, find, last_touches, notes};
pub use words::{advice_key, channel_icon, mark, relation_words, tone_class, tone_icon};

use gongyu_kernel::i18n::Words;
use gongyu_web::Feature;

/// Kind of the source of a touch that comes from here.
pub const SOURCE: &str = "contact_record";

const WORDS: Words = Words {
    zh: include_str!("../../locales/zh-CN/contact-log.ftl"),
    en: include_str!("../../locales/en/contact-log.ftl"),
};

/// The contact log.
pub fn feature() -> Feature {
    Feature {
        name: "contact_log",
        routes: Some(pages::routes),
        words: &[WORDS],
        migrations: crate::MIGRATIONS,
        ..Feature::default()
    }
}
