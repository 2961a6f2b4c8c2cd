//! What leaders set about notices: the district its limits, a school whether subject teachers may send.

use crate::notice::rules::NoticeSettings;
use crate::notice::settings::{SchoolNotices, keep_school_settings, keep_settings, school_settings, settings_of};
use askama::Template;
use gongyu_access::{Actor, Role, right};
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Error, Result};
use gongyu_parts::attach::{self, Limits};
use gongyu_registry::unit;
use gongyu_web::filters;
use gongyu_web::{Flash, FormData, Get, Holder, Post, Reply};

/// Whether a hat sets anything here.
pub(super) const fn may_set(role: Role) -> bool {
    matches!(role, Role::SchoolLeader | Role::MoralDirector | Role::DistrictOfficer)
}

const fn whole_district(role: Role) -> bool {
    matches!(role, Role::DistrictOfficer)
}

struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "notice/pages/settings.html")]
struct Page {
    district: bool,
    fields: Vec<Field>,
    quiet_from: String,
    quiet_to: String,
    quiet_problem: String,
    subject_teachers: bool,
    school_choice: &'static str,
}

/// The whole numbers a district sets, with their bounds.
const NUMBERS: [(&str, &str, i64, i64); 10] = [
    ("per_class_and_day", "notice-set-cap", 1, 20),
    ("duplicate_minutes", "notice-set-duplicate", 0, 1440),
    ("remind_before_hours", "notice-set-before", 1, 168),
    ("remind_after_hours", "notice-set-after", 1, 168),
    ("remind_again_hours", "notice-set-again", 1, 72),
    ("chronic_unread", "notice-set-chronic", 1, 20),
    ("chronic_of", "notice-set-chronic-of", 1, 20),
    ("digest_hour", "notice-set-digest", 0, 23),
    ("attach_mb", "notice-set-mb", 1, 50),
    ("attach_files", "notice-set-files", 1, 20),
];

fn value_of(name: &str, s: &NoticeSettings, limits: &Limits) -> i64 {
    match name {
        "per_class_and_day" => s.per_class_and_day,
        "duplicate_minutes" => s.duplicate_minutes,
        "remind_before_hours" => s.remind_before_hours,
        "remind_after_hours" => s.remind_after_hours,
        "remind_again_hours" => s.remind_again_hours,
        "chronic_unread" => s.chronic_unread,
        "chronic_of" => s.chronic_of,
        "digest_hour" => i64::from(s.digest_hour),
        "attach_mb" => limits.megabytes(),
        _ => limits.files,
    }
}

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn allowed(actor: &Actor) -> Result<()> {
    if may_set(actor.hat.role) { Ok(()) } else { Err(Error::Forbidden) }
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeNotices>) -> Result<Reply> {
    allowed(&at.actor)?;
    let district = whole_district(at.actor.hat.role);
    let (settings, limits) = (settings_of(g.r)?, attach::limits(g.r)?);
    let fields = if district {
        NUMBERS
            .map(|(name, label, ..)| Field {
                value: g.value(name, &value_of(name, &settings, &limits).to_string()).to_owned(),
                problem: g.problem(name),
                name,
                label,
            })
            .into()
    } else {
        Vec::new()
    };
    let own = match unit::find(g.r, at.actor.unit()?)?.school {
        Some(school) if !district => school_settings(g.r, school)?,
        _ => SchoolNotices::default(),
    };
    let body = Page {
        district,
        fields,
        quiet_from: g.value("quiet_from", &clock(settings.quiet_from)).to_owned(),
        quiet_to: g.value("quiet_to", &clock(settings.quiet_to)).to_owned(),
        quiet_problem: g.problem("quiet_from"),
        subject_teachers: settings.subject_teachers,
        school_choice: match own.subject_teachers {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        },
    };
    g.page(g.t("notice-settings"), "notices", &body)
}

fn read(form: &FormData, before: &NoticeSettings) -> Result<(NoticeSettings, Limits)> {
    let mut invalid = Invalid::default();
    let mut numbers = NUMBERS.map(|(name, _, from, to)| form.number(name, from, to, &mut invalid)).into_iter();
    let mut next = || numbers.next().unwrap_or_default();
    let mut settings = NoticeSettings {
        per_class_and_day: next(),
        duplicate_minutes: next(),
        remind_before_hours: next(),
        remind_after_hours: next(),
        remind_again_hours: next(),
        chronic_unread: next(),
        chronic_of: next(),
        digest_hour: i8::try_from(next()).unwrap_or(18),
        subject_teachers: form.ticked("subject_teachers"),
        ..before.clone()
    };
    let limits = Limits { bytes: next() << 20, files: next() };
    match (minutes(form.get("quiet_from")), minutes(form.get("quiet_to"))) {
        (Some(from), Some(to)) => (settings.quiet_from, settings.quiet_to) = (from, to),
        _ => invalid.push("quiet_from", "notice-moment"),
    }
    if settings.chronic_unread > settings.chronic_of {
        invalid.push("chronic_unread", "notice-set-chronic-more");
    }
    invalid.into_result()?;
    Ok((settings, limits))
}

pub(super) fn save(p: &mut Post<'_>, at: Holder<right::SeeNotices>) -> Result<Reply> {
    allowed(&at.actor)?;
    if whole_district(at.actor.hat.role) {
        let before = settings_of(p.tx)?;
        let (settings, limits) = read(&p.req.form, &before)?;
        keep_settings(p.tx, &settings)?;
        attach::put_limits(p.tx, &limits)?;
    } else {
        let school = unit::find(p.tx, at.actor.unit()?)?.school.ok_or(Error::Forbidden)?;
        let subject_teachers = match p.form().get("subject_teachers") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        keep_school_settings(p.tx, school, SchoolNotices { subject_teachers })?;
    }
    p.audit("notice.settings", ("setting", None), "{}")?;
    Ok(Reply::to_with("/notices/settings", Flash::new("notice-settings-kept")))
}
