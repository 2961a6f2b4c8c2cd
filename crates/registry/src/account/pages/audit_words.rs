//! Entries of the audit log in words: role and unit of the hat, what was done, to whom, the facts kept.

use super::audit::Line;
use crate::unit;
use crate::year;
use gongyu_access::Role;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, sql};
use gongyu_web::show::View;
use std::collections::HashMap;

/// What actions begin with, in the order in which the picker offers them; each has words `audit-area-…`.
pub(super) const AREAS: [&str; 30] = [
    "sign-in",
    "account",
    "password",
    "factor",
    "session",
    "hat",
    "token",
    "contacts",
    "contact",
    "notice",
    "visit",
    "unreached",
    "note",
    "number",
    "consent",
    "guardian",
    "card",
    "roster",
    "org",
    "rollover",
    "role",
    "staff",
    "act",
    "rule",
    "calendar",
    "delivery",
    "channels",
    "attachment",
    "audit",
    "job",
];

/// An entry in words.
pub(super) struct Described {
    pub(super) line: Line,
    /// Day and clock to the second, in Beijing.
    pub(super) exact: String,
    pub(super) hat: String,
    pub(super) action: String,
    pub(super) kind: String,
    /// The record and its name, or its number where it has none.
    pub(super) object: Option<(Id, String)>,
    pub(super) detail: String,
}

/// An action in words; one nobody wrote words for is shown as its code.
pub(super) fn action(view: &View, code: &str) -> String {
    known(view, &format!("audit-action-{}", code.replace(['.', '_'], "-"))).unwrap_or_else(|| code.to_owned())
}

fn known(view: &View, key: &str) -> Option<String> {
    view.has(key).then(|| view.t(key))
}

/// Puts entries into words, with few statements however many there are.
///
/// # Errors
/// As any statement.
pub(super) fn describe(r: &mut Reader, view: &View, lines: &[Line]) -> Result<Vec<Described>> {
    let start = year::current(r)?.start;
    let hats: Vec<Id> = lines.iter().filter_map(|l| hat_unit(&l.hat)).collect();
    let of = |kinds: &[&str]| -> Vec<Id> {
        lines.iter().filter(|l| kinds.contains(&l.object_kind.as_str())).filter_map(|l| l.object).collect()
    };
    let mut wanted = hats;
    wanted.extend(of(&["unit", "class", "school", "town", "district"]));
    wanted.sort_unstable();
    wanted.dedup();
    let mut names: HashMap<Id, String> = HashMap::new();
    for id in wanted {
        if let Ok(unit) = unit::find(r, id) {
            names.insert(id, full_name(r, &unit, start)?);
        }
    }
    let students: Vec<(Id, String)> =
        r.rows_in(sql!("SELECT id, name FROM student WHERE id IN ($1)"), &of(&["student"]), &[])?;
    let accounts: Vec<(Id, String)> =
        r.rows_in(sql!("SELECT id, name FROM account WHERE id IN ($1)"), &of(&["account"]), &[])?;
    let staff: Vec<(Id, String)> =
        r.rows_in(sql!("SELECT id, name FROM staff WHERE id IN ($1)"), &of(&["staff"]), &[])?;
    names.extend(students);
    names.extend(accounts);
    names.extend(staff);
    Ok(lines.iter().map(|line| one(view, line, &names)).collect())
}

/// 石桥中心校三年级2班; a class alone would be one of many.
fn full_name(r: &mut Reader, unit: &unit::Unit, start: i16) -> Result<String> {
    let own = unit.display(start);
    match unit.school.filter(|school| *school != unit.id) {
        Some(school) => {
            let school = unit::find(r, school)?.name;
            Ok(if own.starts_with(&school) { own } else { format!("{school}{own}") })
        }
        None => Ok(own),
    }
}

fn one(view: &View, line: &Line, names: &HashMap<Id, String>) -> Described {
    let kind = known(view, &format!("audit-kind-{}", line.object_kind.replace(['.', '_'], "-")));
    Described {
        exact: line.at.civil().strftime("%Y-%m-%d %H:%M:%S").to_string(),
        hat: hat(view, &line.hat, names),
        action: action(view, &line.action),
        kind: kind.unwrap_or_else(|| line.object_kind.clone()),
        object: line.object.map(|id| (id, names.get(&id).cloned().unwrap_or_else(|| tail(id)))),
        detail: detail(view, &line.detail),
        line: line.clone(),
    }
}

/// The last digits of an identifier, enough to tell two records on a page apart.
fn tail(id: Id) -> String {
    let digits = id.to_string();
    let from = digits.len().saturating_sub(6);
    format!("…{}", &digits[from..])
}

fn hat_unit(hat: &str) -> Option<Id> {
    hat.split_once('@').and_then(|(_, unit)| unit.parse().ok())
}

/// 班主任 石桥中心校三年级2班, of `class_teacher@120`.
fn hat(view: &View, code: &str, names: &HashMap<Id, String>) -> String {
    let role = code.split('@').next().unwrap_or_default();
    let role = match Role::parse(role) {
        Some(role) => view.t(&format!("role-{}", role.code().replace('_', "-"))),
        None => role.to_owned(),
    };
    match hat_unit(code).and_then(|id| names.get(&id)) {
        Some(unit) => format!("{role} {unit}"),
        None => role,
    }
}

/// The facts kept with an entry: words where there are words for them, else as they are.
fn detail(view: &View, json: &str) -> String {
    let Ok(serde_json::Value::Object(facts)) = serde_json::from_str::<serde_json::Value>(json) else {
        return if json == "{}" { String::new() } else { json.to_owned() };
    };
    let parts: Vec<String> =
        facts.iter().map(|(key, value)| fact(view, key, value)).filter(|f| !f.is_empty()).collect();
    parts.join(&view.t("account-audit-list-mark"))
}

fn fact(view: &View, key: &str, value: &serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) => value_words(view, text),
        serde_json::Value::Bool(true) => view.t("account-audit-true"),
        serde_json::Value::Null | serde_json::Value::Bool(false) => return String::new(),
        other => other.to_string(),
    };
    let label = known(view, &format!("audit-fact-{}", key.replace(['.', '_'], "-"))).unwrap_or_else(|| key.to_owned());
    view.ta("account-audit-fact", &[("label", label.into()), ("value", text.into())])
}

/// Roles, channels and tones are codes in the log and words on the page.
fn value_words(view: &View, text: &str) -> String {
    let families =
        [format!("role-{}", text.replace('_', "-")), format!("touch-channel-{text}"), format!("touch-tone-{text}")];
    families.iter().find_map(|key| known(view, key)).unwrap_or_else(|| text.to_owned())
}
