//! Duty rules through their public interface.

mod default_set;
mod matching;
mod status;
mod words;

use super::{Rule, defaults};

fn rule(code: &str) -> Rule {
    defaults().iter().find(|rule| rule.code == code).expect("a rule of the default set").clone()
}
