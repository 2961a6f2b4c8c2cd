//! The schools and classes a file may speak about, in memory: they are asked for every row.

use crate::roster::check::{ClassAnswer, SchoolAnswer, Schools};
use crate::roster::class_label::{ClassKey, SchoolKind};
use crate::unit;
use gongyu_kernel::{Date, Id, Result};
use gongyu_store::{Reader, sql};
use std::collections::HashMap;

struct School {
    id: Id,
    kind: SchoolKind,
}

/// What a file is checked against.
pub(super) struct Scope {
    only: Option<Id>,
    by_code: HashMap<String, School>,
    names: HashMap<Id, String>,
    classes: HashMap<(Id, ClassKey), Id>,
    /// Code of the one school, when the file is for one.
    pub code: Option<String>,
    /// The calendar year in which the school year of today began.
    pub year: i16,
    /// First day of that school year.
    pub year_begins: Date,
    /// Today.
    pub today: Date,
}

impl Scope {
    /// Everything of the district, of which only the school `only` may be imported if given. `near` loads only the
    /// classes of one school, for looking at a single row.
    pub fn load(r: &mut Reader, only: Option<Id>, near: Option<Id>) -> Result<Self> {
        let (today, calendar) = (r.today(), crate::year::calendar(r)?);
        let year = calendar.year_of(today);
        let (mut by_code, mut names, mut code) = (HashMap::new(), HashMap::new(), None);
        for school in unit::schools(r, None)? {
            if only == Some(school.id) {
                code = Some(school.code.clone());
            }
            if let Some(kind) = school.kind_of_school() {
                by_code.insert(school.code.clone(), School { id: school.id, kind });
            }
            names.insert(school.id, school.short_name);
        }
        let mut classes = HashMap::new();
        let one = only.or(near);
        let (every, one) = (one.is_none(), one.unwrap_or_default());
        r.each(
            sql!(
                "SELECT id, school_id, stage, entry_year, class_no, speciality FROM unit
                  WHERE kind = 'class' AND valid_to IS NULL AND ($1 OR school_id = $2)"
            ),
            &[&every, &one],
            |row| {
                let (stage, taught): (String, String) = (row.get(2)?, row.get(5)?);
                let key = ClassKey::of_columns(Some(&stage), Some(row.get(3)?), Some(row.get(4)?), Some(&taught));
                if let Some(key) = key {
                    classes.insert((row.get(1)?, key), row.get(0)?);
                }
                Ok(())
            },
        )?;
        let year_begins = calendar.year_begins(year);
        Ok(Self { only, by_code, names, classes, code, year: year.start, year_begins, today })
    }

    /// The school of a code, if the file may speak about it.
    pub fn school_of(&self, code: &str) -> Option<Id> {
        let id = self.by_code.get(code)?.id;
        (self.only.is_none() || self.only == Some(id)).then_some(id)
    }

    /// The class, if there is one already.
    pub fn class_of(&self, school: Id, key: &ClassKey) -> Option<Id> {
        self.classes.get(&(school, *key)).copied()
    }

    /// Short name of a school.
    pub fn name_of(&self, school: Id) -> &str {
        self.names.get(&school).map_or("", String::as_str)
    }
}

impl Schools for Scope {
    fn school(&self, code: &str) -> SchoolAnswer {
        match self.by_code.get(code) {
            None => SchoolAnswer::Unknown,
            Some(school) if self.only.is_some_and(|only| only != school.id) => SchoolAnswer::Outside,
            Some(school) => SchoolAnswer::Known(school.kind),
        }
    }

    fn class(&self, code: &str, class: &ClassKey) -> ClassAnswer {
        match self.by_code.get(code) {
            Some(school) if self.classes.contains_key(&(school.id, *class)) => ClassAnswer::Exists,
            _ => ClassAnswer::Creatable,
        }
    }
}
