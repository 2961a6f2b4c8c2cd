//! The rules of the loop, a setting of the district.

use super::super::model::Rules;
use super::super::store;
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::Result;
use gongyu_kernel::error::Invalid;
use gongyu_web::filters;
use gongyu_web::{Flash, Get, Holder, Post, Reply};

/// Most working days that can be given: a quarter of a year.
const MOST_DAYS: i64 = 60;

struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    problem: String,
    most: i64,
}

#[derive(Template)]
#[template(path = "unreached/pages/settings.html")]
struct Page {
    fields: Vec<Field>,
    semester: bool,
}

pub(super) fn show(g: &mut Get<'_>, _: Holder<right::EditRules>) -> Result<Reply> {
    let rules = store::rules(g.r)?;
    let field = |name: &'static str, label, value: i64, most| Field {
        name,
        label,
        value: g.value(name, &value.to_string()).to_owned(),
        problem: g.problem(name),
        most,
    };
    let body = Page {
        fields: vec![
            field("class_days", "unreached-set-class", rules.class_days.into(), MOST_DAYS),
            field("school_days", "unreached-set-school", rules.school_days.into(), MOST_DAYS),
            field("town_days", "unreached-set-town", rules.town_days.into(), MOST_DAYS),
            field("site_days", "unreached-set-site", rules.site_days.into(), MOST_DAYS),
            field("settle_days", "unreached-set-settle", rules.settle_days, 366),
        ],
        semester: g.typed().map_or(rules.semester, |f| f.get("semester") == "1"),
    };
    g.page(g.t("unreached-settings"), "unreached", &body)
}

pub(super) fn save(p: &mut Post<'_>, _: Holder<right::EditRules>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let form = p.form();
    let mut days = |name| u32::try_from(form.number(name, 1, MOST_DAYS, &mut invalid)).unwrap_or(1);
    let rules = Rules {
        class_days: days("class_days"),
        school_days: days("school_days"),
        town_days: days("town_days"),
        site_days: days("site_days"),
        settle_days: form.number("settle_days", 0, 366, &mut invalid),
        semester: form.get("semester") == "1",
    };
    invalid.into_result()?;
    store::keep_rules(p.tx, &rules)?;
    p.audit("unreached.settings", ("setting", None), &serde_json::to_string(&rules)?)?;
    Ok(Reply::to_with("/unreached/settings", Flash::new("unreached-settings-saved")))
}
