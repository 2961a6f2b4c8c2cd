//! What counts towards a rule, and whom the rule is about.

use super::facts::{ActFacts, EventFacts, RecordFacts, SchoolKind, SubjectFacts, TouchFacts};
use super::model::{Counts, Rule, Subject};
use gongyu_kernel::calendar::{Date, Holidays, Period, SchoolCalendar};

/// Something that can count towards a duty.
pub trait Fact {
    /// Whether it is of the kind counted.
    fn satisfies(&self, counts: &Counts) -> bool;
    /// The day that decides which period it counts in.
    fn day(&self) -> Date;
}

impl Fact for TouchFacts {
    fn satisfies(&self, counts: &Counts) -> bool {
        let Counts::Touches { kinds, min_depth, channels, staff_role } = counts else {
            return false;
        };
        kinds.contains(&self.kind)
            && self.depth >= *min_depth
            && (channels.is_empty() || channels.contains(&self.channel))
            && staff_role.is_none_or(|role| self.staff_role == Some(role))
    }

    fn day(&self) -> Date {
        self.occurred_on
    }
}

impl Fact for ActFacts {
    fn satisfies(&self, counts: &Counts) -> bool {
        matches!(counts, Counts::Acts { kinds, .. } if kinds.contains(&self.kind))
    }

    fn day(&self) -> Date {
        self.held_on
    }
}

impl Fact for RecordFacts {
    fn satisfies(&self, counts: &Counts) -> bool {
        matches!(counts, Counts::Record { kind } if *kind == self.kind)
    }

    fn day(&self) -> Date {
        self.made_on
    }
}

/// Whether a touch, act or record counts towards a rule. Neither the rule's being in use nor its
/// dates matter here: they decide the status, and a rule not yet in use can be tried out on what
/// was recorded.
pub fn matches(rule: &Rule, fact: &impl Fact) -> bool {
    fact.satisfies(&rule.counts)
}

/// The period a fact counts in, or `None` when it does not count towards the rule.
pub fn counts_in(rule: &Rule, fact: &impl Fact, calendar: &SchoolCalendar) -> Option<Period> {
    matches(rule, fact).then(|| Period::of(rule.period, fact.day(), calendar))
}

/// How much a set of facts of one subject and one period counts towards a rule: the definition the
/// kept counters have to agree with.
pub fn tally_acts<'a>(rule: &Rule, acts: impl IntoIterator<Item = &'a ActFacts>) -> u32 {
    let counted = acts.into_iter().filter(|act| matches(rule, *act));
    let n = match rule.counts {
        Counts::Acts { each_kind_once: true, .. } => {
            counted.map(|act| &act.kind).collect::<std::collections::BTreeSet<_>>().len()
        }
        _ => counted.count(),
    };
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether an event was answered within the rule's working days; `None` when the rule is not about
/// such events. The day of the event does not count.
pub fn answered_in_time(rule: &Rule, event: &EventFacts, holidays: &Holidays) -> Option<bool> {
    match &rule.counts {
        Counts::Answered { kind, within_workdays } if *kind == event.kind => {
            let due = holidays.add_workdays(event.happened_on, u32::from(*within_workdays)).due;
            Some(event.answered_on.is_some_and(|answered| answered <= due))
        }
        _ => None,
    }
}

/// Whether a rule is about this subject. `subject` is what the subject is: a child, a class, a
/// school (kindergartens are [`Subject::Kindergarten`]) and so on.
pub fn applies(rule: &Rule, subject: Subject, facts: &SubjectFacts) -> bool {
    let kind = facts.school_kind.or((subject == Subject::Kindergarten).then_some(SchoolKind::Kindergarten));
    let is_subject = match rule.subject {
        Subject::School => matches!(subject, Subject::School | Subject::Kindergarten),
        Subject::Kindergarten => {
            subject == Subject::Kindergarten || (subject == Subject::School && kind == Some(SchoolKind::Kindergarten))
        }
        other => other == subject,
    };
    let about = &rule.applies;
    is_subject
        && allows(&about.stages, facts.stage.as_ref())
        && allows(&about.school_kinds, kind.as_ref())
        && about.setting.is_none_or(|setting| facts.setting == Some(setting))
        && (about.categories.is_empty()
            || facts.categories.iter().any(|has| about.categories.iter().any(|asked| asked.covers(*has))))
}

fn allows<T: PartialEq>(list: &[T], value: Option<&T>) -> bool {
    list.is_empty() || value.is_some_and(|value| list.contains(value))
}
