//! The figures a page of reach opens with, each leading to what is behind it.

use crate::reach::{Group, points_text};
use gongyu_ledger::duty::SchoolDuties;
use gongyu_web::show::View;

/// The four cards.
#[derive(Clone, Debug, Default)]
pub struct Cards {
    /// Children.
    pub students: i64,
    /// Reached.
    pub reached: i64,
    /// How the share moved, in words; empty where it is not known.
    pub moved: String,
    /// Whether it is known who was never reached.
    pub never_known: bool,
    /// Never reached.
    pub never: i64,
    /// How their number moved, in words; empty where it is not known.
    pub never_moved: String,
    /// Of those never reached, in town.
    pub urban: i64,
    /// In the country.
    pub rural: i64,
    /// Whether duties are shown: those of a day gone by are not kept.
    pub duties_known: bool,
    /// Duties of today.
    pub duties: SchoolDuties,
    /// Duties asked: met, in time or late.
    pub asked: i64,
    /// Children whose father was reached.
    pub father: i64,
    /// Children whose mother was reached.
    pub mother: i64,
    /// Whether fathers and mothers are known: a weekly record does not keep them.
    pub parents: bool,
    /// Where the first two cards lead; empty for those who may not open the list.
    pub never_page: String,
    /// Where the duties lead.
    pub duties_page: String,
}

impl Cards {
    /// Of a whole, with those never reached in town and in the country.
    pub fn of(view: &View, whole: &Group, (urban, rural): (i64, i64), duties: Option<SchoolDuties>) -> Self {
        Self {
            students: whole.figures.students,
            reached: whole.reached(),
            moved: whole.moved().map(|n| moved_words(view, n)).unwrap_or_default(),
            never_known: whole.never().is_some(),
            never: whole.never().unwrap_or(0),
            never_moved: whole.never_moved().map(|n| never_words(view, n)).unwrap_or_default(),
            urban,
            rural,
            duties_known: duties.is_some(),
            duties: duties.unwrap_or_default(),
            asked: duties.map_or(0, |d| d.asked()),
            father: whole.figures.father,
            mother: whole.figures.mother,
            parents: true,
            never_page: String::new(),
            duties_page: String::new(),
        }
    }
}

/// 比上周多0.6个百分点.
fn moved_words(view: &View, tenths: i64) -> String {
    let key = match tenths {
        0 => "dash-moved-same",
        n if n > 0 => "dash-moved-more",
        _ => "dash-moved-less",
    };
    view.ta(key, &[("n", points_text(tenths.abs()).trim_start_matches('+').to_owned().into())])
}

/// 比上周少38名.
fn never_words(view: &View, n: i64) -> String {
    let key = match n {
        0 => "dash-never-same",
        n if n > 0 => "dash-never-more",
        _ => "dash-never-less",
    };
    view.ta(key, &[("n", gongyu_web::show::thousands(n.abs()).into())])
}
