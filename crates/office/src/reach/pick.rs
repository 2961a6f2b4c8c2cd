//! What a reader may choose on a page of figures: the semester, and how deep a contact has to be.

use super::moment::Moment;
use gongyu_kernel::Result;
use gongyu_kernel::calendar::{Half, Semester};
use gongyu_ledger::rules::Depth;
use gongyu_store::{Reader, sql};
use gongyu_web::show::View;

/// One entry of a select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Value in the address.
    pub value: String,
    /// Words.
    pub label: String,
    /// Chosen now.
    pub chosen: bool,
}

/// How many semesters that are over are offered.
const SEMESTERS_BACK: usize = 6;

/// 2026—2027学年上学期.
pub fn semester_words(view: &View, semester: Semester) -> String {
    let key = match semester.half {
        Half::First => "reach-semester-first",
        Half::Second => "reach-semester-second",
    };
    let (from, to) = (semester.year.start.to_string(), (semester.year.start + 1).to_string());
    view.ta(key, &[("from", from.into()), ("to", to.into())])
}

/// The present semester and those before it in which something was counted.
///
/// # Errors
/// As any statement.
pub fn semester_choices(r: &mut Reader, view: &View, moment: &Moment) -> Result<Vec<Choice>> {
    let mut semesters = vec![moment.present];
    let mut earlier = moment.present.prev();
    for _ in 0..SEMESTERS_BACK {
        let found: Option<(i64,)> =
            r.row(sql!("SELECT class_id FROM class_reach WHERE period = $1 LIMIT 1"), &[&earlier.code()])?;
        if found.is_some() || earlier == moment.semester {
            semesters.push(earlier);
        }
        earlier = earlier.prev();
    }
    Ok(semesters
        .into_iter()
        .map(|s| Choice { value: s.code(), label: semester_words(view, s), chosen: s == moment.semester })
        .collect())
}

/// The depths that are known of the moment.
pub fn depth_choices(view: &View, moment: &Moment) -> Vec<Choice> {
    Depth::ALL
        .iter()
        .filter(|d| moment.entire || **d != Depth::Told)
        .map(|d| Choice {
            value: d.code().to_owned(),
            label: view.t(&format!("reach-depth-{}", d.code())),
            chosen: *d == moment.depth,
        })
        .collect()
}
