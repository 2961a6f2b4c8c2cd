//! The roll of a class as a file. Numbers are in it only for those who may see them, and taking it is noted.

use super::{relation_words, sex_words};
use crate::people::{self, GuardianNumber, Student};
use crate::permit::ForClass;
use crate::year;
use gongyu_access::{Action, right};
use gongyu_kernel::{Error, Id, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_web::{Download, Post, Reply};
use std::collections::HashMap;

/// Guardians of one child in a row at most; more are rare and stand on the child's page.
const GUARDIANS: usize = 3;

pub(super) fn make(p: &mut Post<'_>, at: ForClass<right::Export>) -> Result<Reply> {
    at.actor.may(Action::SeeClass)?;
    let numbers = at.actor.may(Action::SeeContacts).is_ok();
    let mut members = people::class_members(p.tx, at.class.id)?;
    members.sort_by_key(|s| s.number_in_class.unwrap_or(i64::MAX));
    let mut guardians: HashMap<Id, Vec<GuardianNumber>> = HashMap::new();
    for guardian in people::numbers_of_class(p.tx, at.class.id)? {
        guardians.entry(guardian.student).or_default().push(guardian);
    }
    let action = if numbers { "contacts.exported" } else { "roster.exported" };
    let detail = serde_json::json!({ "rows": members.len() }).to_string();
    p.audit(action, ("class", Some(at.class.id)), &detail)?;
    let start = year::current(p.tx)?.start;
    let (view, vault) = (p.view().clone(), p.app.vault.clone());
    let sheet = at.class.display(start);
    Ok(Reply::later(move || {
        let t = |key: &str| view.t(key);
        let mut columns = vec![
            Column::new(t("people-number"), 8.0, ColumnKind::Number),
            Column::new(t("people-name"), 16.0, ColumnKind::Text),
            Column::new(t("people-sex"), 6.0, ColumnKind::Text),
            Column::new(t("people-birth"), 12.0, ColumnKind::Date),
            Column::new(t("people-boarding"), 8.0, ColumnKind::Text),
        ];
        for n in 1..=GUARDIANS {
            let of = |key: &str| view.ta(key, &[("n", n.into())]);
            columns.push(Column::new(of("people-file-guardian"), 16.0, ColumnKind::Text));
            columns.push(Column::new(of("people-file-relation"), 10.0, ColumnKind::Text));
            if numbers {
                columns.push(Column::new(of("people-file-phone"), 16.0, ColumnKind::Text));
            }
        }
        let row = |s: Student| -> Result<Vec<Value>> {
            let born = s.birth_date;
            let mut cells = vec![
                s.number_in_class.into(),
                Value::from(s.name),
                Value::from(sex_words(&view, &s.sex)),
                Value::Date {
                    year: u16::try_from(born.year()).unwrap_or(1900),
                    month: born.month().unsigned_abs(),
                    day: born.day().unsigned_abs(),
                },
                Value::from(if s.boarding { t("people-yes") } else { String::new() }),
            ];
            for guardian in guardians.get(&s.id).into_iter().flatten().take(GUARDIANS) {
                cells.push(Value::from(guardian.name.as_str()));
                cells.push(Value::from(relation_words(&view, guardian.relation, &guardian.kin)));
                if numbers {
                    cells.push(Value::from(guardian.open(&vault)?));
                }
            }
            Ok(cells)
        };
        let rows = members.into_iter().map(row).collect::<Result<Vec<_>>>()?;
        let note = view.ta("people-file-note", &[("day", view.day(view.today()).into()), ("n", rows.len().into())]);
        let book = Book::new().sheet(&sheet).note(&note).columns(&columns).rows(rows);
        Ok(Download::xlsx(format!("{sheet}.xlsx"), book.finish().map_err(Error::internal)?))
    }))
}
