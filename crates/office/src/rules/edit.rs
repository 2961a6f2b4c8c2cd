//! A posted form over a rule: what the district may change, checked. Pure.

use gongyu_kernel::calendar::PeriodKind;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Result};
use gongyu_ledger::rules::{Category, Counts, Deadline, Rule, SchoolKind, Setting, Stage, Subject};
use gongyu_web::FormData;

/// A number no duty needs.
const MOST: i64 = 400;

/// The rule as the form would have it.
///
/// # Errors
/// `Error::Invalid` with the fields refused and why.
pub(super) fn edited(rule: &Rule, form: &FormData) -> Result<Rule> {
    let mut invalid = Invalid::default();
    let mut new = rule.clone();
    new.enabled = form.ticked("enabled");
    if new.enabled {
        new.off_because = None;
    }
    match &mut new.counts {
        Counts::Ratio { percent, .. } => {
            *percent = u8::try_from(form.number("percent", 1, 100, &mut invalid)).unwrap_or(100);
        }
        Counts::Answered { within_workdays, .. } => {
            *within_workdays = u16::try_from(form.number("workdays", 1, 60, &mut invalid)).unwrap_or(1);
        }
        _ => new.required = u32::try_from(form.number("required", 1, MOST, &mut invalid)).unwrap_or(1),
    }
    if let Some(period) = form.choice("period", PeriodKind::parse, &mut invalid) {
        new.period = period;
    }
    new.due_from = u16::try_from(form.number("due_from", 0, 366, &mut invalid)).unwrap_or(0);
    new.valid_from = day(form, "valid_from", &mut invalid);
    new.valid_to = day(form, "valid_to", &mut invalid);
    if let Some(deadline) = deadline(form, &mut invalid) {
        new.deadline = deadline;
    }
    let applies = &mut new.applies;
    applies.stages = form.all("stages").into_iter().filter_map(Stage::parse).collect();
    applies.school_kinds = form.all("school_kinds").into_iter().filter_map(SchoolKind::parse).collect();
    applies.setting = Setting::parse(form.get("setting"));
    if new.subject == Subject::Child {
        // A group the text names stays named; the form only decides between all children and the group.
        applies.categories = match (form.ticked("special"), applies.categories.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => vec![Category::SpecialGroup],
            (true, false) => applies.categories.clone(),
        };
    }
    invalid.into_result()?;
    new.check()?;
    Ok(new)
}

/// A day that may be left empty.
fn day(form: &FormData, name: &'static str, invalid: &mut Invalid) -> Option<Date> {
    if form.get(name).is_empty() { None } else { form.date(name, invalid) }
}

fn deadline(form: &FormData, invalid: &mut Invalid) -> Option<Deadline> {
    match form.get("deadline") {
        "last_lesson" => Some(Deadline::LastLesson),
        "period_end" => Some(Deadline::PeriodEnd),
        "day" => {
            let month = form.number("deadline_month", 1, 12, invalid);
            let day = form.number("deadline_day", 1, 31, invalid);
            Some(Deadline::Day { month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? })
        }
        "on" => form.date("deadline_on", invalid).map(|date| Deadline::On { date }),
        _ => {
            invalid.push("deadline", "field-choose");
            None
        }
    }
}

/// The kind of a deadline, as its form field says it.
pub(super) const fn deadline_code(deadline: Deadline) -> &'static str {
    match deadline {
        Deadline::LastLesson => "last_lesson",
        Deadline::PeriodEnd => "period_end",
        Deadline::Day { .. } => "day",
        Deadline::On { .. } => "on",
    }
}

/// Whether two versions ask the same.
pub(super) fn same(a: &Rule, b: &Rule) -> bool {
    let (mut a, b) = (a.clone(), b);
    a.version = b.version;
    a == *b
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_kernel::Error;
    use gongyu_ledger::rules::defaults;

    fn rule(code: &str) -> Rule {
        defaults().iter().find(|r| r.code == code).unwrap().clone()
    }

    fn form(changes: &str) -> FormData {
        FormData::parse(
            format!("enabled=on&required=2&period=semester&due_from=70&deadline=last_lesson&{changes}").as_bytes(),
        )
    }

    fn refused(rule: &Rule, text: &str) -> Vec<String> {
        match edited(rule, &FormData::parse(text.as_bytes())) {
            Err(Error::Invalid(invalid)) => invalid.fields.iter().map(|(f, _)| f.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn count_period_and_reach_are_changed_and_the_text_stays() {
        let old = rule("R01");
        let form = FormData::parse(
            b"enabled=on&required=3&period=school_year&due_from=30&deadline=period_end&school_kinds=primary&setting=rural",
        );
        let new = edited(&old, &form).unwrap();
        assert_eq!((new.required, new.period, new.due_from), (3, PeriodKind::SchoolYear, 30));
        assert_eq!((new.applies.school_kinds.len(), new.applies.setting), (1, Some(Setting::Rural)));
        assert_eq!((new.title_zh, new.source_zh, new.counts), (old.title_zh, old.source_zh, old.counts));
    }

    #[test]
    fn switching_a_rule_on_forgets_why_it_was_off() {
        let new = edited(&rule("R03"), &form("")).unwrap();
        assert!(new.enabled && new.off_because.is_none());
    }

    #[test]
    fn a_rule_for_children_is_narrowed_to_the_special_group_and_widened_again() {
        let narrow = edited(&rule("R05"), &form("special=on")).unwrap();
        assert_eq!(narrow.applies.categories, [Category::SpecialGroup]);
        assert!(edited(&narrow, &form("")).unwrap().applies.categories.is_empty());
    }

    #[test]
    fn what_cannot_be_is_refused_field_by_field() {
        let text = "required=0&period=fortnight&due_from=9999&deadline=soon&valid_from=2026-02-30";
        assert_eq!(refused(&rule("R01"), text), ["required", "period", "due_from", "valid_from", "deadline"]);
        let backwards =
            "required=1&period=semester&due_from=0&deadline=last_lesson&valid_from=2026-09-01&valid_to=2026-08-01";
        assert_eq!(refused(&rule("R01"), backwards), ["valid_to"]);
    }

    #[test]
    fn the_form_of_a_rule_left_alone_asks_the_same() {
        let old = rule("R07");
        let kinds: String = old.applies.school_kinds.iter().map(|k| format!("&school_kinds={}", k.code())).collect();
        let text = format!(
            "enabled=on&required={}&period={}&due_from={}&deadline={}&valid_from={}{kinds}",
            old.required,
            old.period.code(),
            old.due_from,
            deadline_code(old.deadline),
            old.valid_from.map(|d| d.to_string()).unwrap_or_default(),
        );
        assert!(same(&old, &edited(&old, &FormData::parse(text.as_bytes())).unwrap()));
    }
}
