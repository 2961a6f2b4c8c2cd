//! The pupils an import has written, to look at.

use super::store;
use gongyu_kernel::{Id, Result};
use gongyu_store::{Reader, sql};
use std::collections::HashSet;

/// One pupil of a finished import.
#[derive(Clone, Debug)]
pub(crate) struct WrittenPupil {
    pub id: Id,
    pub name: String,
    pub school: Id,
    pub class: Option<Id>,
    pub is_new: bool,
}

type Line = (Id, String, Id, Option<Id>);

/// The pupils of one transaction of an import, by school and class, and where the page before it begins.
pub(crate) fn written_page(r: &mut Reader, batch: Id, before: Id) -> Result<(Vec<WrittenPupil>, Option<Id>)> {
    let steps = store::steps(r, batch, before, 2)?;
    let Some(step) = steps.first() else { return Ok((Vec::new(), None)) };
    let made: HashSet<Id> = step.made().into_iter().collect();
    let all: Vec<Id> = made.iter().copied().chain(step.known()).collect();
    let mut lines: Vec<Line> =
        r.rows_in(sql!("SELECT id, name, school_id, class_id FROM student WHERE id IN ($1)"), &all, &[])?;
    lines.sort_by(|a, b| (a.2, a.3, &a.1).cmp(&(b.2, b.3, &b.1)));
    let pupil = |(id, name, school, class): Line| WrittenPupil { id, name, school, class, is_new: made.contains(&id) };
    let next = (steps.len() > 1).then_some(step.id);
    Ok((lines.into_iter().map(pupil).collect(), next))
}
