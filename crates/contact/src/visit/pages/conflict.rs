//! Two people wrote in the same fields: each is shown with both, and somebody chooses.

use super::record::saved_reply;
use crate::visit::merge::{FieldConflict, FieldKind, Merged, merge};
use crate::visit::permit::Held;
use crate::visit::store::{self, Conflict, Outcome, Save};
use crate::visit::{OfVisit, VisitRecord};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Page as Whole, Post, Reply};
use serde_json::Value;

struct Row {
    field: &'static str,
    label: String,
    mine: String,
    theirs: String,
    both: bool,
}

#[derive(Template)]
#[template(path = "visit/pages/conflict.html")]
struct Body {
    phone: bool,
    id: Id,
    names: String,
    key: String,
    base: i64,
    version: i64,
    mine: String,
    draft: bool,
    rows: Vec<Row>,
}

/// The page on which a conflict is decided; what this person wrote is carried along.
pub(super) fn page(p: &mut Post<'_>, held: &Held, conflict: &Conflict, mine: &VisitRecord) -> Result<Reply> {
    let view = p.view().clone();
    let rows = conflict.fields.iter().map(|f| row(&view, f)).collect();
    let body = Body {
        phone: view.phone,
        id: held.visit.id,
        names: held.children.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(&view.t("visit-and")),
        key: p.app.random.code(24),
        base: p.form().get("base").parse().unwrap_or(0),
        version: conflict.version,
        mine: serde_json::to_string(mine)?,
        draft: p.form().get("draft") == "1",
        rows,
    };
    Ok(Reply::Page(Whole::new(view.t("visit-conflict-title"), "visits", view.render(&body)?)))
}

fn row(view: &View, f: &FieldConflict) -> Row {
    Row {
        field: f.field,
        label: view.t(&format!("visit-field-{}", f.field)),
        mine: said(view, f.field, &f.mine),
        theirs: said(view, f.field, &f.theirs),
        both: f.kind == FieldKind::Text,
    }
}

/// A value of a field in words.
fn said(view: &View, field: &str, value: &Value) -> String {
    match value {
        Value::Null => view.t("visit-nothing"),
        Value::String(text) if text.is_empty() => view.t("visit-nothing"),
        Value::String(text) if field == "way" => view.t(&format!("visit-way-{text}")),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => view.t("visit-nothing"),
        Value::Array(list) => {
            let one = |v: &Value| match (v.get("what"), v.get("theme"), v.get("risk")) {
                (Some(Value::String(what)), ..) => what.clone(),
                (_, Some(Value::String(theme)), Some(Value::String(risk))) => {
                    format!("{} {}", view.t(&format!("visit-theme-{theme}")), view.t(&format!("visit-risk-{risk}")))
                }
                _ => String::new(),
            };
            list.iter().map(one).collect::<Vec<_>>().join(&view.t("visit-and"))
        }
        Value::Object(map) => map.values().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// Saves what was chosen on top of the version that was shown; if somebody saved meanwhile, the page
/// comes again.
pub(super) fn decide(p: &mut Post<'_>, at: OfVisit<right::RecordVisit>) -> Result<Reply> {
    let id = at.held.visit.id;
    let number = |name: &str| p.form().get(name).parse::<i64>().map_err(|_| Error::NotFound);
    let (base, version) = (number("base")?, number("version")?);
    let mine: VisitRecord = serde_json::from_str(p.form().get("mine")).map_err(|_| Error::NotFound)?;
    let was = store::version_record(p.tx, &p.app.vault, id, base)?;
    let theirs = store::version_record(p.tx, &p.app.vault, id, version)?;
    let merged = merge(&was, &mine, &theirs)?;
    let fields = chosen(merged, |field| p.form().get(&format!("pick-{field}")).to_owned())?;
    let key = p.form().get("key").to_owned();
    let save = Save {
        client_key: &key,
        base_version: version,
        fields: fields.clone(),
        draft: p.form().get("draft") == "1",
        said_at: None,
    };
    match store::save_record(p.tx, &p.app.vault, &at.actor, &at.held, &save)? {
        Outcome::Saved(saved) => saved_reply(p, id, &saved),
        Outcome::Conflict(again) => page(p, &at.held, &again, &fields),
    }
}

/// The merged record with each undecided field as chosen: `mine`, `both` for words, else what stands.
fn chosen(merged: Merged, pick: impl Fn(&str) -> String) -> Result<VisitRecord> {
    let mut record = serde_json::to_value(&merged.record)?;
    for conflict in &merged.conflicts {
        let value = match (pick(conflict.field).as_str(), conflict.kind) {
            ("mine", _) => conflict.mine.clone(),
            ("both", FieldKind::Text) => {
                let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
                Value::String(format!("{}\n{}", text(&conflict.theirs), text(&conflict.mine)))
            }
            ("theirs", _) => conflict.theirs.clone(),
            _ => return Err(Error::field("pick", "field-choose")),
        };
        record[conflict.field] = value;
    }
    Ok(serde_json::from_value(record)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Merged {
        let base = VisitRecord::default();
        let mine = VisitRecord { good: "字写得好".to_owned(), from: "18:00".to_owned(), ..VisitRecord::default() };
        let theirs = VisitRecord { good: "爱笑".to_owned(), from: "18:30".to_owned(), ..VisitRecord::default() };
        merge(&base, &mine, &theirs).unwrap()
    }

    #[test]
    fn words_may_be_kept_from_both_and_a_time_from_one() {
        let record = chosen(two(), |f| if f == "good" { "both".to_owned() } else { "mine".to_owned() }).unwrap();
        assert_eq!((record.good.as_str(), record.from.as_str()), ("爱笑\n字写得好", "18:00"));
    }

    #[test]
    fn a_field_nobody_chose_is_not_decided_for_them() {
        assert!(chosen(two(), |f| if f == "good" { "mine".to_owned() } else { String::new() }).is_err());
    }
}
