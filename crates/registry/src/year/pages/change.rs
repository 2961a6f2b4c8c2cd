//! Changing the calendar: dates of a school year, days off, make-up workdays, years whose notice is entered.

use super::show::{Notice, wanted_year, year_name};
use crate::year;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::calendar::{AugustRule, DayMark, SchoolCalendar, YearDates};
use gongyu_kernel::error::{Code, Invalid};
use gongyu_kernel::{Date, Error, Result};
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

/// One of the six dates of a school year.
struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    problem: String,
}

/// One day the district sees differently.
struct Own {
    date: Date,
    what: &'static str,
    name: String,
}

#[derive(Template)]
#[template(path = "year/pages/change.html")]
struct Change {
    start: i16,
    name: String,
    fields: Vec<Field>,
    august_old: bool,
    refusal: String,
    day: String,
    day_problem: String,
    kind: String,
    reason: String,
    reason_problem: String,
    own: Vec<Own>,
    notices: Vec<Notice>,
}

const DATES: [(&str, &str); 6] = [
    ("first_from", "calendar-date-first-from"),
    ("first_teaching_from", "calendar-date-first-teaching-from"),
    ("first_teaching_to", "calendar-date-first-teaching-to"),
    ("second_from", "calendar-date-second-from"),
    ("second_teaching_from", "calendar-date-second-teaching-from"),
    ("second_teaching_to", "calendar-date-second-teaching-to"),
];

fn values(dates: &YearDates) -> [Date; 6] {
    [
        dates.first_from,
        dates.first_teaching_from,
        dates.first_teaching_to,
        dates.second_from,
        dates.second_teaching_from,
        dates.second_teaching_to,
    ]
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::EditCalendar>) -> Result<Reply> {
    let calendar = year::calendar(g.r)?;
    let year = wanted_year(g, &calendar, g.r.today());
    let dates = values(&calendar.year_dates(year));
    let fields = DATES
        .iter()
        .zip(dates)
        .map(|((name, label), date)| Field {
            name,
            label,
            value: g.value(name, &date.to_string()).to_owned(),
            problem: g.problem(name),
        })
        .collect();
    let own = calendar.holidays.edits().days.into_iter().map(|edit| match edit.mark {
        DayMark::Off(name) => Own { date: edit.date, what: "calendar-kind-off", name },
        DayMark::Workday(name) => Own { date: edit.date, what: "calendar-kind-work", name },
        DayMark::Plain => Own { date: edit.date, what: "calendar-kind-plain", name: String::new() },
    });
    let page = Change {
        start: year.start,
        name: year_name(g, year),
        fields,
        august_old: calendar.august_counts_for == AugustRule::OldYear,
        refusal: g.refusal(),
        day: g.value("day", "").to_owned(),
        day_problem: g.problem("day"),
        kind: g.value("kind", "off").to_owned(),
        reason: g.value("reason", "").to_owned(),
        reason_problem: g.problem("reason"),
        own: own.collect(),
        notices: vec![Notice::of(&calendar, year.start), Notice::of(&calendar, year.start + 1)],
    };
    g.page(g.t("calendar-edit-title"), "calendar", &page)
}

fn in_force(p: &mut Post<'_>) -> Result<SchoolCalendar> {
    Ok((*year::calendar(p.tx)?).clone())
}

fn keep(p: &mut Post<'_>, calendar: &SchoolCalendar, action: &str, detail: &str) -> Result<()> {
    year::set_calendar(p.tx, calendar)?;
    p.audit(action, ("calendar", None), detail)
}

fn form_year(form: &FormData) -> Result<i16> {
    form.get("year").parse().ok().filter(|y| (2015..=2050).contains(y)).ok_or(Error::NotFound)
}

fn back_to(p: &Post<'_>) -> String {
    format!("/calendar/edit?year={}", form_year(p.form()).unwrap_or_else(|_| p.view().today().year()))
}

pub(super) fn save_dates(p: &mut Post<'_>, _: Holder<right::EditCalendar>) -> Result<Reply> {
    let start = form_year(p.form())?;
    let mut invalid = Invalid::default();
    let dates: Vec<Date> = DATES.iter().filter_map(|(name, _)| p.form().date(name, &mut invalid)).collect();
    invalid.into_result()?;
    let [first_from, first_teaching_from, first_teaching_to, second_from, second_teaching_from, second_teaching_to] =
        dates[..]
    else {
        return Err(Error::NotFound);
    };
    let mut calendar = in_force(p)?;
    calendar.august_counts_for =
        if p.form().get("august") == "old" { AugustRule::OldYear } else { AugustRule::NewYear };
    let dates = YearDates {
        first_from,
        first_teaching_from,
        first_teaching_to,
        second_from,
        second_teaching_from,
        second_teaching_to,
    };
    let calendar =
        year::dates_from(calendar, start, dates).map_err(|_| Error::conflict(Code::new("calendar-out-of-order")))?;
    keep(p, &calendar, "calendar.dates", &serde_json::json!({ "year": start }).to_string())?;
    Ok(Reply::to_with(format!("/calendar?year={start}"), Flash::new("calendar-saved")))
}

pub(super) fn save_day(p: &mut Post<'_>, _: Holder<right::EditCalendar>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let date = p.form().date("day", &mut invalid);
    let plain = p.form().get("kind") == "plain";
    let reason = if plain { String::new() } else { p.form().required("reason", 30, &mut invalid) };
    invalid.into_result()?;
    let date = date.ok_or(Error::NotFound)?;
    let mark = match p.form().get("kind") {
        "work" => DayMark::Workday(reason),
        "plain" => DayMark::Plain,
        _ => DayMark::Off(reason),
    };
    let calendar = year::mark_day(in_force(p)?, date, mark);
    keep(p, &calendar, "calendar.day", &serde_json::json!({ "day": date.to_string() }).to_string())?;
    Ok(Reply::to_with(back_to(p), Flash::new("calendar-saved")))
}

pub(super) fn remove_day(p: &mut Post<'_>, _: Holder<right::EditCalendar>) -> Result<Reply> {
    let date: Date = p.form().get("day").parse().map_err(|_| Error::NotFound)?;
    let calendar = year::clear_day(in_force(p)?, date);
    keep(p, &calendar, "calendar.day-removed", &serde_json::json!({ "day": date.to_string() }).to_string())?;
    Ok(Reply::to_with(back_to(p), Flash::new("calendar-day-removed")))
}

pub(super) fn save_published(p: &mut Post<'_>, _: Holder<right::EditCalendar>) -> Result<Reply> {
    let notice: i16 = p.form().get("notice").parse().map_err(|_| Error::NotFound)?;
    let published = p.form().ticked("published");
    let calendar = year::set_published(in_force(p)?, notice, published);
    keep(
        p,
        &calendar,
        "calendar.published",
        &serde_json::json!({ "year": notice, "published": published }).to_string(),
    )?;
    Ok(Reply::to_with(back_to(p), Flash::new("calendar-saved")))
}
