//! Averages, what is too few to show, and advice. No SQL, no HTTP.

use super::forms::Form;
use gongyu_access::Role;

/// People behind an average under which it is not shown: it would point at somebody.
pub const FEWEST: i64 = 5;
/// Minutes a week from which the product itself is a burden [P].
const MUCH_MINUTES: f64 = 60.0;
/// Letters a family gets in a week from which they are too many [P].
const MANY_LETTERS: f64 = 5.0;
/// How much more than before is worth a word [P].
const RISE: f64 = 1.2;
/// Part of all time from which one kind of work stands out [P].
const HEAVY: f64 = 0.4;

/// Those whose time is averaged together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// 班主任.
    ClassTeachers,
    /// Other teachers, counsellors.
    Teachers,
    /// Leaders, directors, registrars of a school.
    Office,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 3] = [Self::ClassTeachers, Self::Teachers, Self::Office];

    /// The group of a role; `None` for those who belong to no school.
    pub const fn of(role: Role) -> Option<Self> {
        match role {
            Role::ClassTeacher => Some(Self::ClassTeachers),
            Role::SubjectTeacher | Role::Counsellor => Some(Self::Teachers),
            Role::SchoolLeader | Role::MoralDirector | Role::Registrar => Some(Self::Office),
            _ => None,
        }
    }

    /// Name in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClassTeachers => "class_teachers",
            Self::Teachers => "teachers",
            Self::Office => "office",
        }
    }

    /// The key of its name.
    pub const fn label_key(self) -> &'static str {
        match self {
            Self::ClassTeachers => "burden-group-class-teachers",
            Self::Teachers => "burden-group-teachers",
            Self::Office => "burden-group-office",
        }
    }
}

/// Forms of some people in some weeks, summed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// Forms.
    pub forms: i64,
    /// Of these, with a time.
    pub timed: i64,
    /// Seconds of those.
    pub seconds: i64,
    /// Taps of those.
    pub taps: i64,
}

impl Sum {
    /// Adds another.
    pub const fn add(&mut self, other: &Self) {
        self.forms += other.forms;
        self.timed += other.timed;
        self.seconds += other.seconds;
        self.taps += other.taps;
    }

    /// Minutes of all the forms: those without a time count as the others on the average.
    pub fn minutes(&self) -> f64 {
        if self.timed == 0 { 0.0 } else { self.seconds as f64 / 60.0 * self.forms as f64 / self.timed as f64 }
    }
}

/// What one person spends in a week, on the average of at least five.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Average {
    /// Minutes.
    pub minutes: f64,
    /// Forms.
    pub forms: f64,
    /// Taps.
    pub taps: f64,
}

impl Average {
    /// Of a sum over weeks, by the people of each week added up; `None` where they are too few.
    pub fn of(sum: &Sum, person_weeks: i64, weeks: i64) -> Option<Self> {
        if weeks < 1 || person_weeks < FEWEST * weeks {
            return None;
        }
        let per = |n: f64| n / person_weeks as f64;
        let all = if sum.timed == 0 { 0.0 } else { sum.forms as f64 / sum.timed as f64 };
        Some(Self { minutes: per(sum.minutes()), forms: per(sum.forms as f64), taps: per(sum.taps as f64 * all) })
    }
}

/// Which parts enter a total. Those too few to be shown are left out while they are too few together: what
/// is missing from the total would tell them.
pub fn in_total(people: &[i64]) -> Vec<bool> {
    let hidden: i64 = people.iter().filter(|n| **n < FEWEST).sum();
    people.iter().map(|n| *n >= FEWEST || hidden >= FEWEST).collect()
}

/// A word of advice: the key of its sentence and its figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// More minutes than in the weeks before.
    Rising(f64),
    /// More than an hour a week.
    Much(f64),
    /// One kind of work takes much of the time: in percent.
    Heavy(Form, i64),
    /// Families get many messages.
    Letters(f64),
    /// Hardly anybody notes several children at once.
    Bulk,
    /// Nothing stands out.
    Fine,
}

/// What the advice is given on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Minutes of a class teacher in the last weeks.
    pub minutes: Option<f64>,
    /// The same in as many weeks before.
    pub before: Option<f64>,
    /// Minutes by kind of work.
    pub by_form: Vec<(Form, f64)>,
    /// Contacts noted as one of several in one note, of all noted.
    pub bulk: (i64, i64),
    /// Messages a family got in the last week.
    pub letters: Option<f64>,
}

/// Advice in words, at most three, the weightiest first.
pub fn advice(seen: &Seen) -> Vec<Advice> {
    let mut found = Vec::new();
    if let Some(minutes) = seen.minutes.filter(|m| *m >= MUCH_MINUTES) {
        found.push(Advice::Much(minutes));
    }
    if let (Some(now), Some(before)) = (seen.minutes, seen.before)
        && before > 0.0
        && now > before * RISE
        && now - before >= 2.0
    {
        found.push(Advice::Rising(now - before));
    }
    if let Some(letters) = seen.letters.filter(|n| *n > MANY_LETTERS) {
        found.push(Advice::Letters(letters));
    }
    let all: f64 = seen.by_form.iter().map(|(_, minutes)| minutes).sum();
    let heaviest = seen.by_form.iter().filter(|(form, _)| *form != Form::Other).max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((form, minutes)) = heaviest.filter(|(_, minutes)| all > 0.0 && minutes / all >= HEAVY) {
        found.push(Advice::Heavy(*form, (minutes / all * 100.0).round() as i64));
    }
    if seen.bulk.1 >= 50 && seen.bulk.0 * 10 < seen.bulk.1 {
        found.push(Advice::Bulk);
    }
    if found.is_empty() {
        found.push(Advice::Fine);
    }
    found.truncate(3);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: Sum = Sum { forms: 100, timed: 50, seconds: 3_000, taps: 200 };

    #[test]
    fn forms_without_a_time_count_as_the_others_on_the_average() {
        assert!((SUM.minutes() - 100.0).abs() < 1e-9);
        let average = Average::of(&SUM, 20, 4).unwrap();
        assert!((average.minutes - 5.0).abs() < 1e-9 && (average.forms - 5.0).abs() < 1e-9);
        assert!((average.taps - 20.0).abs() < 1e-9);
    }

    #[test]
    fn an_average_of_fewer_than_five_people_is_not_shown() {
        assert!(Average::of(&SUM, 4, 1).is_none());
        assert!(Average::of(&SUM, 19, 4).is_none(), "fewer than five on the average of the weeks");
        assert!(Average::of(&SUM, 5, 1).is_some());
        assert!(Average::of(&SUM, 0, 0).is_none());
    }

    #[test]
    fn a_total_never_gives_away_the_part_that_is_not_shown() {
        assert_eq!(in_total(&[12, 4, 9]), [true, false, true]);
        assert_eq!(in_total(&[12, 4, 3]), [true, true, true], "seven people together are enough");
        assert_eq!(in_total(&[]), [false; 0]);
    }

    #[test]
    fn advice_says_what_stands_out_and_is_quiet_otherwise() {
        assert_eq!(advice(&Seen::default()), [Advice::Fine]);
        let seen = Seen {
            minutes: Some(75.0),
            before: Some(40.0),
            by_form: vec![(Form::Contact, 50.0), (Form::Notice, 25.0)],
            bulk: (2, 100),
            letters: Some(6.2),
        };
        assert_eq!(advice(&seen), [Advice::Much(75.0), Advice::Rising(35.0), Advice::Letters(6.2)]);
        let heavy = Seen { minutes: Some(10.0), before: Some(9.5), letters: None, ..seen };
        assert_eq!(advice(&heavy), [Advice::Heavy(Form::Contact, 67), Advice::Bulk]);
    }
}
