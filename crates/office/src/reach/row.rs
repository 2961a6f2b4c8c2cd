//! A group as a table shows it, and what contacts were about as a bar.

use super::groups::Group;
use super::points::points_text;
use gongyu_kernel::Id;
use gongyu_ledger::duty::SchoolDuties;
use gongyu_ledger::figures::Figures;

/// How a share moved in a week, as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// +0.6.
    pub text: String,
    /// Arrow before it; empty when nothing moved.
    pub icon: &'static str,
    /// It fell.
    pub fell: bool,
}

impl Change {
    /// Of so many tenths of a percentage point.
    pub fn of(tenths: i64) -> Self {
        let icon = match tenths {
            n if n > 0 => "arrow-up",
            n if n < 0 => "arrow-down",
            _ => "",
        };
        Self { text: points_text(tenths), icon, fell: tenths < 0 }
    }
}

/// A row of a table of groups.
#[derive(Clone, Debug)]
pub struct Row {
    /// The unit; 0 for those without a town.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Key of 城区 or 乡村; empty when not known.
    pub setting: &'static str,
    /// Schools in it.
    pub schools: i64,
    /// Classes in it.
    pub classes: i64,
    /// Children.
    pub students: i64,
    /// Reached.
    pub reached: i64,
    /// Not reached.
    pub missing: i64,
    /// Whether it is known who was never reached.
    pub never_known: bool,
    /// Never reached.
    pub never: i64,
    /// Change in a week.
    pub change: Option<Change>,
    /// Duties, where asked for.
    pub duties: Option<SchoolDuties>,
    /// Of these, late.
    pub overdue: i64,
}

impl Row {
    /// Of a group.
    pub fn of(group: &Group, duties: Option<SchoolDuties>) -> Self {
        Self {
            id: group.id,
            name: group.name.clone(),
            setting: match group.setting.map(|s| s.code()) {
                Some("urban") => "duty-setting-urban",
                Some("rural") => "duty-setting-rural",
                _ => "",
            },
            schools: group.schools,
            classes: group.figures.classes,
            students: group.figures.students,
            reached: group.reached(),
            missing: group.figures.students - group.reached(),
            never_known: group.never().is_some(),
            never: group.never().unwrap_or(0),
            change: group.moved().map(Change::of),
            duties,
            overdue: duties.map_or(0, |d| d.overdue),
        }
    }
}

/// What contacts were about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tones {
    /// 好消息.
    pub good: i64,
    /// 日常.
    pub plain: i64,
    /// 关心.
    pub care: i64,
    /// 批评.
    pub blame: i64,
    /// All of them.
    pub all: i64,
}

impl Tones {
    /// Of a group's contacts; `None` where there were none.
    pub fn of(figures: &Figures) -> Option<Self> {
        let all = figures.toned();
        let tones =
            Self { good: figures.good, plain: figures.neutral, care: figures.concern, blame: figures.complaint, all };
        (all > 0).then_some(tones)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_fell_says_so_with_arrow_and_sign() {
        assert_eq!(Change::of(-3), Change { text: "−0.3".into(), icon: "arrow-down", fell: true });
        assert_eq!(Change::of(0), Change { text: "0.0".into(), icon: "", fell: false });
    }

    #[test]
    fn no_contact_has_no_bar() {
        assert_eq!(Tones::of(&Figures::default()), None);
        let some = Figures { good: 3, complaint: 1, ..Figures::default() };
        assert_eq!(Tones::of(&some).map(|t| (t.good, t.blame, t.all)), Some((3, 1, 4)));
    }
}
