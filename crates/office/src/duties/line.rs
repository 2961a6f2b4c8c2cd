//! A duty as a table shows it.

use super::badge::Badge;
use super::rights::{LEAST_SHOWN, is_sensitive, may_count};
use gongyu_access::Actor;
use gongyu_kernel::Date;
use gongyu_kernel::calendar::{PeriodKind, SchoolCalendar};
use gongyu_kernel::i18n::Lang;
use gongyu_ledger::duty::DutyLine;
use gongyu_ledger::rules::{Citation, Deadline, DutyStatus, Rule, due_on};
use gongyu_web::FormData;
use gongyu_web::show::{View, thousands};

/// How far a duty has come, as the viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// 1/2次, 743/1,387名.
    Shown(String),
    /// Fewer than five of a special group.
    TooFew,
    /// The viewer may not see who belongs to the group.
    Hidden,
}

impl Count {
    /// Of a line, for a viewer.
    pub fn of(view: &View, actor: &Actor, line: &DutyLine) -> Self {
        if !may_count(actor, &line.rule) {
            return Self::Hidden;
        }
        let done = thousands(i64::from(line.tally.done));
        match line.tally.out_of {
            Some(out_of) if is_sensitive(&line.rule) && (1..LEAST_SHOWN).contains(&out_of) => Self::TooFew,
            Some(out_of) => {
                let whole = thousands(i64::from(out_of));
                Self::Shown(view.ta("duties-progress-pupils", &[("done", done.into()), ("whole", whole.into())]))
            }
            None => {
                let whole = thousands(i64::from(line.rule.required));
                Self::Shown(view.ta("duties-progress-times", &[("done", done.into()), ("whole", whole.into())]))
            }
        }
    }
}

/// One duty.
#[derive(Clone, Debug)]
pub struct Line {
    /// Code of the rule.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// The text that asks it.
    pub source: String,
    /// How far it has come.
    pub count: Count,
    /// The last day to do it in time; `None` where no day is set.
    pub by: Option<Date>,
    /// Where it stands.
    pub badge: Badge,
    /// Where it opens.
    pub href: String,
    status: DutyStatus,
}

impl Line {
    /// Of a duty of a unit whose page is at `base`.
    pub fn of(view: &View, actor: &Actor, calendar: &SchoolCalendar, base: &str, line: &DutyLine) -> Self {
        Self {
            code: line.rule.code.clone(),
            title: title(view, &line.rule).to_owned(),
            source: citation(view, &line.rule).cell(),
            count: Count::of(view, actor, line),
            by: deadline(line, calendar),
            badge: Badge::of(view, line.status, view.today()),
            href: format!("{base}/duties/{}", line.rule.code),
            status: line.status,
        }
    }
}

/// Title of a rule in the reader's language.
pub fn title<'a>(view: &View, rule: &'a Rule) -> &'a str {
    if view.lang() == Lang::Zh { &rule.title_zh } else { &rule.title_en }
}

/// The text a rule comes from in the reader's language.
pub fn citation<'a>(view: &View, rule: &'a Rule) -> &'a Citation {
    if view.lang() == Lang::Zh { &rule.source_zh } else { &rule.source_en }
}

/// The last day on which a duty can be met in time; what is done once has none unless its text sets one.
pub fn deadline(line: &DutyLine, calendar: &SchoolCalendar) -> Option<Date> {
    let undated = line.period.kind == PeriodKind::Once && !matches!(line.rule.deadline, Deadline::On { .. });
    (!undated).then(|| due_on(&line.rule, calendar, &line.period))
}

/// Which duties a table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    #[default]
    All,
    /// Late.
    Overdue,
    /// Still in time.
    Due,
    /// Done.
    Met,
}

impl Wanted {
    /// Every choice, as the chips stand.
    pub const ALL: [Self; 4] = [Self::All, Self::Overdue, Self::Due, Self::Met];

    /// Value in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Met => "met",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "duties-all",
            Self::Overdue => "duty-status-overdue",
            Self::Due => "duty-status-due",
            Self::Met => "duty-status-met",
        }
    }

    /// Reads `state` of an address; what is not understood does not narrow.
    pub fn read(query: &FormData) -> Self {
        Self::ALL.into_iter().find(|w| w.code() == query.get("state")).unwrap_or_default()
    }

    /// Whether a status is wanted.
    pub fn takes(self, status: DutyStatus) -> bool {
        match self {
            Self::All => true,
            Self::Overdue => matches!(status, DutyStatus::Overdue { .. }),
            Self::Due => matches!(status, DutyStatus::Due { .. }),
            Self::Met => status == DutyStatus::Met,
        }
    }
}

/// A filter chip: its words, how many it leaves, its query and whether it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct States {
    /// Message key.
    pub label: &'static str,
    /// How many.
    pub n: usize,
    /// Query of its address.
    pub query: String,
    /// Chosen now.
    pub on: bool,
}

/// The chips over a table of duties; the numbers come from the same statuses as the table.
pub fn chips(query: &FormData, statuses: &[DutyStatus]) -> Vec<States> {
    let wanted = Wanted::read(query);
    Wanted::ALL
        .into_iter()
        .map(|w| States {
            label: w.label(),
            n: statuses.iter().filter(|s| w.takes(**s)).count(),
            query: query.query_with(&[("state", w.code())]),
            on: w == wanted,
        })
        .collect()
}

/// The lines wanted.
pub fn wanted(lines: Vec<Line>, wanted: Wanted) -> Vec<Line> {
    lines.into_iter().filter(|l| wanted.takes(l.status)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn statuses() -> Vec<DutyStatus> {
        let day = date(2026, 11, 18);
        vec![
            DutyStatus::Overdue { since: day },
            DutyStatus::Due { by: day, near: true },
            DutyStatus::Due { by: day, near: false },
            DutyStatus::Met,
            DutyStatus::NotApplicable,
        ]
    }

    #[test]
    fn each_chip_says_how_many_lines_it_leaves() {
        let query = FormData::parse(b"state=due&term=1");
        let chips = chips(&query, &statuses());
        assert_eq!(chips.iter().map(|c| c.n).collect::<Vec<_>>(), [5, 1, 2, 1]);
        assert_eq!(chips.iter().map(|c| c.on).collect::<Vec<_>>(), [false, false, true, false]);
        assert_eq!(chips[1].query, "term=1&state=overdue");
    }

    #[test]
    fn an_unknown_state_shows_everything() {
        assert_eq!(Wanted::read(&FormData::parse(b"state=late")), Wanted::All);
    }
}
