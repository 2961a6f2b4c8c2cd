//! Who is visited first, who lives near whom, and how a year's visits are spread. No SQL, no HTTP.

use gongyu_kernel::Date;
use gongyu_kernel::calendar::PeriodKind;
use gongyu_ledger::rules::{Category, Counts, Rule, SchoolKind, Subject, TouchKind};

/// Why a family comes before another; the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Something happened, or somebody suggests it.
    Trigger,
    /// Nobody of the school was ever at the door.
    Never,
    /// A child of a special group not yet visited this semester (R06).
    Special,
    /// Not yet visited this school year (R05).
    Yearly,
    /// Visited as often as asked.
    Met,
}

impl Need {
    /// Key of its words.
    pub const fn label_key(self) -> &'static str {
        match self {
            Self::Trigger => "visit-need-trigger",
            Self::Never => "visit-need-never",
            Self::Special => "visit-need-special",
            Self::Yearly => "visit-need-yearly",
            Self::Met => "visit-need-met",
        }
    }
}

/// How often the duty rules in use ask for a home visit, for the children of one kind of school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// Every child once a school year.
    pub yearly: bool,
    /// Every child once a semester.
    pub each_semester: bool,
    /// A child of a special group once a semester.
    pub special: bool,
}

impl Asks {
    /// Reads them from the rules in use on a day.
    pub fn of<'a>(rules: impl IntoIterator<Item = &'a Rule>, school: Option<SchoolKind>, day: Date) -> Self {
        let mut asks = Self::default();
        for rule in rules.into_iter().filter(|r| r.enabled && !r.soft && r.in_force(day)) {
            let Counts::Touches { kinds, .. } = &rule.counts else { continue };
            let kinds_fit = rule.applies.school_kinds.is_empty()
                || school.is_some_and(|kind| rule.applies.school_kinds.contains(&kind));
            if !kinds.contains(&TouchKind::VISIT) || rule.subject != Subject::Child || !kinds_fit {
                continue;
            }
            let everybody = rule.applies.categories.is_empty();
            let special = rule.applies.categories.contains(&Category::SpecialGroup);
            match rule.period {
                PeriodKind::SchoolYear if everybody => asks.yearly = true,
                PeriodKind::Semester if everybody => asks.each_semester = true,
                PeriodKind::Semester if special => asks.special = true,
                _ => {}
            }
        }
        asks
    }
}

/// What is known of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Visits ever, this school year, this semester.
    pub visits: (i64, i64, i64),
    /// Belongs to a special group.
    pub special: bool,
    /// A special visit is suggested and open.
    pub suggested: bool,
}

/// What a child needs.
pub fn need(known: Known, asks: Asks) -> Need {
    let (ever, year, semester) = known.visits;
    if known.suggested {
        Need::Trigger
    } else if ever == 0 {
        Need::Never
    } else if semester == 0 && (asks.each_semester || (asks.special && known.special)) {
        Need::Special
    } else if year == 0 {
        Need::Yearly
    } else {
        Need::Met
    }
}

/// Characters after which a place within a town ends, the smaller place first: an estate says more than
/// its road, a village more than its group.
const ENDS: [&str; 12] = ["小区", "花园", "新村", "村", "社区", "苑", "大道", "路", "街", "巷", "湾", "组"];
/// What lies before it.
const BEFORE: [&str; 6] = ["街道", "镇", "乡", "区", "县", "市"];

/// The neighbourhood of an address: village, estate or road, as far as the address says it; empty when
/// it does not. `石桥镇柳溪村三组18号` is 柳溪村.
pub fn neighbourhood(address: &str) -> String {
    let mut rest: &str = address.trim();
    // The last town named is the nearest; a district's 区 is not an estate's.
    for end in BEFORE {
        if let Some(at) = rest.find(end) {
            let cut = at + end.len();
            if end != "区" || !rest[..at].ends_with('小') && !rest[..at].ends_with('社') {
                rest = &rest[cut..];
                if matches!(end, "街道" | "镇" | "乡") {
                    break;
                }
            }
        }
    }
    let named = ENDS.iter().find_map(|end| {
        let at = rest.find(end)? + end.len();
        let name = &rest[..at];
        let start = name.rfind(|c: char| c.is_ascii_digit() || c == '号').map_or(0, |i| i + last_len(name, i));
        let name = &name[start..];
        (name.chars().count() > 1).then(|| name.to_owned())
    });
    named.unwrap_or_default()
}

fn last_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// A family to be put into the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPlan {
    /// Place in the caller's list.
    pub at: usize,
    /// How pressing.
    pub need: Need,
    /// Neighbourhood; empty when not known.
    pub group: String,
}

/// Spreads visits over weeks, `per_week` in each: the most pressing first, and with each of them its
/// neighbours, so that one way leads to several doors. What does not fit goes into the last week.
/// Gives place and day by which.
pub fn spread(mut families: Vec<ToPlan>, per_week: usize, weeks: &[Date]) -> Vec<(usize, Date)> {
    let Some(last) = weeks.last() else { return Vec::new() };
    families.sort_by(|a, b| (a.need, &a.group, a.at).cmp(&(b.need, &b.group, b.at)));
    let mut out = Vec::with_capacity(families.len());
    let mut week = 0;
    let mut room = per_week.max(1);
    while !families.is_empty() {
        let first = families.remove(0);
        let group = first.group.clone();
        let mut together = vec![first];
        while together.len() < room && !group.is_empty() {
            let Some(next) = families.iter().position(|f| f.group == group) else { break };
            together.push(families.remove(next));
        }
        for family in together {
            out.push((family.at, *weeks.get(week).unwrap_or(last)));
            room -= 1;
        }
        if room == 0 {
            (week, room) = (week + 1, per_week.max(1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(ever: i64, year: i64, semester: i64, special: bool, suggested: bool) -> Known {
        Known { visits: (ever, year, semester), special, suggested }
    }

    const ASKS: Asks = Asks { yearly: true, each_semester: false, special: true };

    #[test]
    fn what_happened_comes_before_never_visited_before_special_before_the_year() {
        assert_eq!(need(known(3, 1, 1, false, true), ASKS), Need::Trigger);
        assert_eq!(need(known(0, 0, 0, true, false), ASKS), Need::Never);
        assert_eq!(need(known(3, 1, 0, true, false), ASKS), Need::Special);
        assert_eq!(need(known(3, 0, 0, false, false), ASKS), Need::Yearly);
        assert_eq!(need(known(3, 1, 0, false, false), ASKS), Need::Met);
        assert!(Need::Trigger < Need::Never && Need::Special < Need::Yearly);
    }

    #[test]
    fn a_special_child_is_not_asked_for_twice_a_year_where_no_rule_asks() {
        let kindergarten = Asks { special: false, ..ASKS };
        assert_eq!(need(known(3, 1, 0, true, false), kindergarten), Need::Met);
        let all = Asks { each_semester: true, ..ASKS };
        assert_eq!(need(known(3, 1, 0, false, false), all), Need::Special);
    }

    #[test]
    fn the_default_rules_ask_for_a_visit_a_year_and_for_special_groups_each_semester() {
        let day = "2026-11-23".parse().unwrap();
        let rules = gongyu_ledger::rules::defaults();
        assert_eq!(Asks::of(rules, Some(SchoolKind::Primary), day), ASKS);
        assert_eq!(Asks::of(rules, Some(SchoolKind::Kindergarten), day), Asks { special: false, ..ASKS });
    }

    #[test]
    fn a_neighbourhood_is_the_village_the_estate_or_the_road() {
        assert_eq!(neighbourhood("云岭区石桥镇柳溪村三组18号"), "柳溪村");
        assert_eq!(neighbourhood("石桥镇向阳路1号"), "向阳路");
        assert_eq!(neighbourhood("云岭区临江街道云岭大道88号3幢2-1"), "云岭大道");
        assert_eq!(neighbourhood("云岭区临江街道望江路20号金科小区6栋"), "金科小区");
        assert_eq!(neighbourhood("不详"), "");
        assert_eq!(neighbourhood(""), "");
    }

    fn family(at: usize, need: Need, group: &str) -> ToPlan {
        ToPlan { at, need, group: group.to_owned() }
    }

    #[test]
    fn neighbours_go_together_with_the_most_pressing_of_them() {
        let weeks: Vec<Date> = ["2026-11-29", "2026-12-06", "2026-12-13"].map(|d| d.parse().unwrap()).to_vec();
        let families = vec![
            family(0, Need::Yearly, "柳溪村"),
            family(1, Need::Yearly, "大石村"),
            family(2, Need::Never, "大石村"),
            family(3, Need::Yearly, "柳溪村"),
            family(4, Need::Trigger, "柳溪村"),
        ];
        let spread = spread(families, 2, &weeks);
        let week =
            |at: usize| spread.iter().find(|(a, _)| *a == at).map(|(_, d)| weeks.iter().position(|w| w == d).unwrap());
        assert_eq!((week(4), week(0)), (Some(0), Some(0)));
        assert_eq!((week(2), week(1)), (Some(1), Some(1)));
        assert_eq!(week(3), Some(2));
    }

    #[test]
    fn everybody_is_in_the_plan_though_weeks_run_out() {
        let weeks: Vec<Date> = vec!["2026-11-29".parse().unwrap()];
        let families = (0..7).map(|at| family(at, Need::Yearly, "")).collect();
        assert_eq!(spread(families, 2, &weeks).len(), 7);
        assert!(super::spread(vec![family(0, Need::Never, "")], 2, &[]).is_empty());
    }
}
