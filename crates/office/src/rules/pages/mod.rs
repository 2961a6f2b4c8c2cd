//! The pages of the rule editor.

pub mod list;
pub mod look;
pub mod one;

use crate::duties::title;
use gongyu_ledger::duty::RuleBook;
use gongyu_ledger::rules::{Counts, OffReason, Rule};
use gongyu_web::show::View;

/// Why a rule is off, in words; empty when the rule is in use or nobody wrote down why.
fn off_words(view: &View, book: &RuleBook, rule: &Rule) -> String {
    match (&rule.off_because, rule.enabled) {
        (Some(OffReason::CoveredBy(code)), false) => {
            // A code means nothing to a reader, the other rule's name does.
            let name = book.rule(code).map_or(code.as_str(), |other| title(view, other));
            view.ta("duty-off-covered_by", &[("code", name.into())])
        }
        (Some(reason), false) => view.t(reason.label_key()),
        _ => String::new(),
    }
}

/// 2次, 90%, 3个工作日内.
fn amount(view: &View, rule: &Rule) -> String {
    if let Some(words) = rule.amount() {
        return view.code(&words);
    }
    match &rule.counts {
        Counts::Ratio { percent, .. } => view.ta("rules-amount-percent", &[("n", i64::from(*percent).into())]),
        Counts::Answered { within_workdays, .. } => {
            view.ta("rules-amount-workdays", &[("n", i64::from(*within_workdays).into())])
        }
        _ => view.ta("rules-amount-times", &[("n", i64::from(rule.required).into())]),
    }
}
