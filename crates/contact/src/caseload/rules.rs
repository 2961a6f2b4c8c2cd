//! The rules of the caseload, without a database. Figures are the district's to change.

use super::model::{Case, Rating, State, Track, Writer};
use gongyu_kernel::calendar::Holidays;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Result};
use gongyu_parts::deadline::{Clock, Stages, Term};
use serde::{Deserialize, Serialize};

/// Stage: taken up and given to somebody.
pub const ACCEPT: &str = "accept";
/// Stage: answered.
pub const ANSWER: &str = "answer";
/// Stage: a wrong recipient objects (信访工作条例).
pub const OBJECT: &str = "petition_object";
/// Stage: the petitioner is told of acceptance.
pub const PETITION_ACCEPT: &str = "petition_accept";
/// Stage: the petition is finished.
pub const PETITION_FINISH: &str = "petition_finish";
/// Stage: its answer is reviewed.
pub const REVIEW: &str = "petition_review";

/// 信访工作条例 (2022), POLICY 3.6: the petitioner is told of acceptance within 15 days.
pub const PETITION_ACCEPT_DAYS: u32 = 15;
/// The same: who is not competent objects within 5 working days.
pub const PETITION_OBJECT_DAYS: u32 = 5;
/// The same: finished within 60 days of acceptance.
pub const PETITION_FINISH_DAYS: u32 = 60;
/// The same: at most 30 more, with approval and notice.
pub const PETITION_MORE_DAYS: u32 = 30;
/// The same: a review is asked for within 30 days and decided within 30.
pub const PETITION_REVIEW_DAYS: u32 = 30;
/// The same: a review, and a second one of that.
pub const PETITION_REVIEWS: usize = 2;

/// Longest text of a letter, in characters.
pub const LONGEST: usize = 5_000;
/// Longest title.
pub const TITLE: usize = 60;

/// What a district sets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseSettings {
    /// Working days until somebody handles it [P] (1 to register and 1 to route, published procedures of school mailboxes).
    pub accept_days: u32,
    /// Working days until it is answered [P] (POLICY 3.6: one school's 7).
    pub answer_days: u32,
    /// Working days it may be extended by altogether [P].
    pub extend_days: u32,
    /// Days after the answer within which the writer may have it taken up again [P].
    pub reopen_days: u32,
    /// Days after the answer after which it is closed by itself [P].
    pub close_days: u32,
    /// Counts under this are not shown.
    pub few: i64,
}

impl Default for CaseSettings {
    fn default() -> Self {
        Self { accept_days: 2, answer_days: 7, extend_days: 10, reopen_days: 30, close_days: 30, few: 5 }
    }
}

/// The clocks of a matter that came in.
pub fn begin(settings: &CaseSettings, received_on: Date) -> Stages {
    let mut stages = Stages::default();
    stages.begin(ACCEPT, Clock::start(received_on, Term::workdays(settings.accept_days)));
    stages.begin(ANSWER, Clock::start(received_on, Term::workdays(settings.answer_days)));
    stages
}

/// The clock an answer runs by.
pub fn answering(case: &Case) -> &'static str {
    let reviewing = case.stages.get(REVIEW).is_some_and(|c| c.met.is_none());
    match case.track {
        Track::Ordinary => ANSWER,
        Track::Petition if reviewing => REVIEW,
        Track::Petition if case.stages.get(PETITION_FINISH).is_some() => PETITION_FINISH,
        Track::Petition => PETITION_ACCEPT,
    }
}

/// Gives the running answer more days within what is allowed; a deadline that is over is not extended.
///
/// # Errors
/// `Error::Conflict` when it is over or the days are used up; as `Clock::extend`.
pub fn extend(
    case: &mut Case,
    settings: &CaseSettings,
    holidays: &Holidays,
    n: u32,
    why: &str,
    today: Date,
) -> Result<()> {
    let key = answering(case);
    let most = match key {
        PETITION_FINISH => PETITION_MORE_DAYS,
        ANSWER => settings.extend_days,
        _ => return Err(Error::conflict("case-no-extension")),
    };
    let clock = case.stages.get_mut(key)?;
    if clock.due(holidays).is_some_and(|due| today > due) {
        return Err(Error::conflict("case-extend-late"));
    }
    let used: u32 = clock.extensions.iter().map(|e| e.n).sum();
    if used.saturating_add(n) > most {
        let left = most.saturating_sub(used);
        return Err(Error::field("days", gongyu_kernel::error::Code::new("case-extend-most").arg("n", left)));
    }
    clock.extend(n, why, today)
}

/// Whether the writer may have it taken up again: once, within the days, when answered.
pub fn may_reopen(case: &Case, settings: &CaseSettings, today: Date) -> bool {
    case.track == Track::Ordinary && !case.reopened && within(case, settings.reopen_days, today)
}

/// Whether the writer may ask for a review of a petition's answer.
pub fn may_review(case: &Case, today: Date) -> bool {
    let asked = case.stages.0.iter().filter(|s| s.key == REVIEW).count();
    case.track == Track::Petition && asked < PETITION_REVIEWS && within(case, PETITION_REVIEW_DAYS, today)
}

fn within(case: &Case, days: u32, today: Date) -> bool {
    let answered = matches!(case.state, State::Answered | State::Closed);
    let last = case.answered_on.map(|day| day.saturating_add(jiff::Span::new().days(i64::from(days))));
    answered && last.is_some_and(|last| today <= last)
}

/// Whether the writer may say what they think of the answer.
pub fn may_rate(case: &Case) -> bool {
    let answered = matches!(case.state, State::Answered | State::Closed) || case.state == State::Merged;
    answered && case.rating == Rating::None
}

/// Whether it may be taken onto the petition track.
pub fn may_petition(case: &Case) -> bool {
    case.track == Track::Ordinary && case.state != State::Merged
}

/// Whether its answer may be published: the writer agrees and has the answer.
pub fn may_publish(case: &Case) -> bool {
    case.wishes_public && matches!(case.state, State::Answered | State::Closed)
}

/// A letter not signed is seen from the next day on, together with all others of its day, so that the moment
/// it appears does not tell who wrote it. No time is lost: the day of receipt does not count.
pub fn seen_from(writer: Writer, received_on: Date) -> Date {
    if writer == Writer::Anonymous { received_on.tomorrow().unwrap_or(received_on) } else { received_on }
}

/// Words for the public page say nothing that leads to a person: no name of those concerned, no number that
/// could be a telephone or a card.
pub fn check_public(question: &str, answer: &str, names: &[String], invalid: &mut Invalid) {
    for (field, text) in [("question", question), ("answer", answer)] {
        let named = names.iter().any(|name| name.chars().count() > 1 && text.contains(name.as_str()));
        if named {
            invalid.push(field, "case-public-name");
        } else if longest_number(text) >= 7 {
            invalid.push(field, "case-public-number");
        }
    }
}

fn longest_number(text: &str) -> usize {
    let (mut run, mut longest) = (0, 0);
    for c in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caseload::model::{Door, Topic};
    use gongyu_kernel::Id;
    use jiff::civil::date;

    fn case() -> Case {
        let received_on = date(2026, 11, 23);
        Case {
            id: Id(1),
            school: Id(2),
            door: Door::Mailbox,
            writer: Writer::Named,
            topic: Topic::Food,
            state: State::Handling,
            track: Track::Ordinary,
            received_on,
            school_year: "2026-2027".to_owned(),
            handler: None,
            stages: begin(&CaseSettings::default(), received_on),
            due_on: None,
            late: false,
            merged_into: None,
            reopened: false,
            rating: Rating::None,
            wishes_public: true,
            answered_on: None,
            version: 1,
            sealed: Vec::new(),
        }
    }

    #[test]
    fn policy_3_6_a_letter_is_answered_within_7_working_days() {
        let (case, holidays) = (case(), Holidays::national());
        assert_eq!(case.stages.get(ANSWER).and_then(|c| c.due(&holidays)), Some(date(2026, 12, 2)));
        assert_eq!(case.stages.get(ACCEPT).and_then(|c| c.due(&holidays)), Some(date(2026, 11, 25)));
    }

    #[test]
    fn an_extension_is_given_in_time_and_not_beyond_what_the_district_allows() {
        let (mut case, settings, holidays) = (case(), CaseSettings::default(), Holidays::national());
        extend(&mut case, &settings, &holidays, 6, "等食堂检测结果", date(2026, 12, 2)).unwrap();
        let over = extend(&mut case, &settings, &holidays, 5, "再等", date(2026, 12, 3)).unwrap_err();
        assert!(matches!(over, Error::Invalid(_)));
        let late = extend(&mut case, &settings, &holidays, 1, "忘了", date(2027, 1, 8)).unwrap_err();
        assert!(matches!(late, Error::Conflict(code) if code.key == "case-extend-late"));
    }

    #[test]
    fn petition_regulations_a_finish_is_extended_by_30_days_at_most_and_acceptance_never() {
        let (mut case, settings, holidays) = (case(), CaseSettings::default(), Holidays::national());
        case.track = Track::Petition;
        case.stages.begin(PETITION_ACCEPT, Clock::start(date(2026, 12, 1), Term::days(PETITION_ACCEPT_DAYS)));
        assert!(extend(&mut case, &settings, &holidays, 1, "忙", date(2026, 12, 2)).is_err());
        case.stages.begin(PETITION_FINISH, Clock::start(date(2026, 12, 10), Term::days(PETITION_FINISH_DAYS)));
        assert!(extend(&mut case, &settings, &holidays, 31, "复杂", date(2027, 1, 4)).is_err());
        extend(&mut case, &settings, &holidays, 30, "复杂", date(2027, 1, 4)).unwrap();
        let finish = case.stages.get(PETITION_FINISH).and_then(|c| c.due(&holidays));
        assert_eq!(finish, Some(date(2027, 3, 10)));
    }

    #[test]
    fn it_is_taken_up_again_once_and_within_30_days() {
        let (mut case, settings) = (case(), CaseSettings::default());
        assert!(!may_reopen(&case, &settings, date(2026, 12, 1)), "not answered yet");
        (case.state, case.answered_on) = (State::Answered, Some(date(2026, 12, 1)));
        assert!(may_reopen(&case, &settings, date(2026, 12, 31)) && !may_reopen(&case, &settings, date(2027, 1, 1)));
        case.reopened = true;
        assert!(!may_reopen(&case, &settings, date(2026, 12, 2)));
    }

    #[test]
    fn an_unsigned_letter_is_seen_the_next_day_with_all_of_its_day() {
        assert_eq!(seen_from(Writer::Anonymous, date(2026, 11, 23)), date(2026, 11, 24));
        assert_eq!(seen_from(Writer::Confidential, date(2026, 11, 23)), date(2026, 11, 23));
    }

    #[test]
    fn a_public_answer_names_nobody_and_holds_no_number_of_anybody() {
        let check = |question: &str| {
            let mut invalid = Invalid::default();
            check_public(question, "已换菜单", &["林秀兰".to_owned()], &mut invalid);
            invalid.of("question").map(|c| c.key.to_string())
        };
        assert_eq!(check("食堂太咸"), None);
        assert_eq!(check("林秀兰家长问食堂").as_deref(), Some("case-public-name"));
        assert_eq!(check("请打 199 0000 0001").as_deref(), Some("case-public-number"));
        assert_eq!(check("2026年11月23日的菜"), None);
    }
}
