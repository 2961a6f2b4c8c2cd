//! A class is named by its grade, which changes with the school year; the roles given in a class carry
//! its name for the list of hats. Once a school year they are told the new one.

use crate::roster::class_label::ClassKey;
use crate::year;
use gongyu_access::grant;
use gongyu_kernel::{Id, Result};
use gongyu_store::jobs::{self, Every, Schedule};
use gongyu_store::{settings, sql};
use gongyu_web::App;

pub(super) const KIND: &str = "rollover.names";

/// Looked at each night; does something only in the first night of a school year.
pub(super) const SCHEDULES: &[Schedule] = &[Schedule { kind: KIND, every: Every::DayAt(0, 20) }];

/// Setting that holds the school year whose names the roles carry.
const NAMED: &str = "class-names-of";
/// Classes told in one write.
const CHUNK: i64 = 200;

pub(super) fn job(app: &App, job: Id, _: &str) -> Result<()> {
    let (current, named) = app.db.read_wait(|r| Ok((year::current(r)?.start, settings::get::<i16>(r, NAMED)?)))?;
    if named == Some(current) {
        return Ok(());
    }
    let mut after = Id(0);
    loop {
        let last = app.db.write_wait(move |tx| {
            let classes: Vec<(Id, String, i16, u16, String)> = tx.rows(
                sql!(
                    "SELECT id, stage, entry_year, class_no, speciality FROM unit
                      WHERE kind = 'class' AND valid_to IS NULL AND id > $1 ORDER BY id LIMIT $2"
                ),
                &[&after, &CHUNK],
            )?;
            for (id, stage, entry_year, class_no, taught) in &classes {
                let key = ClassKey::of_columns(Some(stage), Some(*entry_year), Some(*class_no), Some(taught));
                if let Some(key) = key {
                    grant::rename_unit(tx, *id, &key.display(current))?;
                }
            }
            jobs::progress(tx, job, &after)?;
            Ok(classes.last().map(|(id, ..)| *id))
        })?;
        match last {
            Some(id) => after = id,
            None => break,
        }
    }
    app.db.write_wait(move |tx| settings::put(tx, NAMED, &current))
}
