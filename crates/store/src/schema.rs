//! What the tables look like, for the tests that compare the engines and prepare every statement.

use crate::conn::Conn;
use crate::{Db, Engine, Reader, list, registered, sql};
use gongyu_kernel::Result;
use std::collections::BTreeMap;

/// Column names and kinds of every table, the kinds folded to what both engines call alike.
pub type Shape = BTreeMap<String, BTreeMap<String, &'static str>>;

/// The shape of the database.
///
/// # Errors
/// As any statement.
pub fn shape(db: &Db) -> Result<Shape> {
    db.read_wait(|r| {
        let text = match r.engine() {
            Engine::Sqlite => {
                "SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c
                 ON 1 = 1 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
            }
            Engine::Postgres => {
                "SELECT table_name::text, column_name::text, data_type::text
                 FROM information_schema.columns WHERE table_schema = current_schema()"
            }
        };
        let mut shape = Shape::new();
        r.each_dynamic(text, text, &[], |row| {
            let kind: String = row.get(2)?;
            shape.entry(row.get(0)?).or_default().insert(row.get(1)?, folded(&kind));
            Ok(())
        })?;
        Ok(shape)
    })
}

/// Every row of every table as text, of sealed bytes only how many: for tests that look for what must not be
/// kept.
///
/// # Errors
/// As any statement.
pub fn dump(db: &Db) -> Result<BTreeMap<String, Vec<String>>> {
    let shape = shape(db)?;
    db.read_wait(move |r| {
        let mut out = BTreeMap::new();
        for (table, columns) in &shape {
            let cells = columns.iter().map(|(name, kind)| match *kind {
                "bytes" => format!("COALESCE(CAST(length({name}) AS TEXT), '')"),
                _ => format!("COALESCE(CAST({name} AS TEXT), '')"),
            });
            let text = format!("SELECT {} FROM {table}", cells.collect::<Vec<_>>().join(" || ' | ' || "));
            let rows: &mut Vec<String> = out.entry(table.clone()).or_default();
            r.each_dynamic(&text, &text, &[], |row| {
                rows.push(row.get(0)?);
                Ok(())
            })?;
        }
        Ok(out)
    })
}

fn folded(kind: &str) -> &'static str {
    match kind {
        "integer" | "bigint" => "int",
        "text" => "text",
        "boolean" => "bool",
        "blob" | "bytea" => "bytes",
        "double precision" => "real",
        _ => "other",
    }
}

/// Prepares every registered statement and every list; returns the place and reason of each failure.
///
/// # Errors
/// As any statement.
pub fn unprepared(db: &Db) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for statement in registered() {
        if let Err(e) = db.read_wait(move |r| prepare(r, statement.text(), statement.lite())) {
            wrong.push(format!("{}: {e}", statement.place()));
        }
    }
    for spec in list::registered() {
        for text in list::texts(spec) {
            let lite = sql::numbered(&text);
            let name = spec.name;
            if let Err(e) = db.read_wait(move |r| prepare(r, &text, &lite)) {
                wrong.push(format!("list {name}: {e}"));
            }
        }
    }
    Ok(wrong)
}

fn prepare(r: &mut Reader, text: &str, lite: &str) -> Result<()> {
    let conn: &mut Conn = &mut r.conn;
    conn.prepare(text, lite)
}
