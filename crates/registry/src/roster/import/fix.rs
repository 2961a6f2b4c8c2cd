//! Mending and answering single rows of a preview.

use super::base::Base;
use super::model::{Batch, BatchState, Content, Edits, StagedRow, Verdict};
use super::plan::{Case, Keys, fix_key, topic};
use super::rows::{self, StoredRow, Twin};
use super::scope::Scope;
use super::stage::{open_row, phones_of, rules, seal_row};
use super::store;
use crate::roster::check::Checker;
use crate::roster::headings::{Field, HeadingMatch, match_headings};
use crate::roster::problem::{Problem, ProblemCode};
use gongyu_kernel::{Error, Id, Result};
use gongyu_store::Tx;
use gongyu_vault::Vault;

/// What a person does about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Puts texts into fields.
    Set(Vec<(Field, String)>),
    /// Leaves what was asked about as it is.
    Accept(ProblemCode),
    /// Says whether the pupil is the known one.
    Same(bool),
}

impl Mend {
    fn put_on(&self, edits: &mut Edits) {
        match self {
            Self::Set(fields) => {
                for (field, text) in fields {
                    edits.set.retain(|(other, _)| other != field);
                    edits.set.push((*field, text.clone()));
                }
            }
            Self::Accept(code) => edits.accepted.push(*code),
            Self::Same(same) => edits.same = Some(*same),
        }
    }
}

/// Mends waiting rows and checks each anew. Returns how many of them are good now.
///
/// # Errors
/// `Error::Conflict` while the import is being read or written, `Error::NotFound` for a row that does not wait.
pub fn mend_rows(tx: &mut Tx, vault: &Vault, batch: &Batch, numbers: &[i64], mend: &Mend) -> Result<usize> {
    if !matches!(batch.state, BatchState::Preview | BatchState::Done) {
        return Err(Error::conflict("roster-not-now"));
    }
    let heads = match_headings(&batch.heading_texts());
    let mut scope: Option<(Option<Id>, Scope)> = None;
    let mut good = 0;
    for number in numbers {
        let stored = rows::row(tx, batch.id, *number)?;
        if !stored.verdict.waits() {
            return Err(Error::NotFound);
        }
        if scope.as_ref().is_none_or(|(near, _)| *near != stored.school) {
            scope = Some((stored.school, Scope::load(tx, batch.school, stored.school)?));
        }
        let Some((_, at)) = &scope else { continue };
        let mut edits = store::edits_of_row(tx, vault, batch.id, *number)?;
        mend.put_on(&mut edits);
        store::put_edits(tx, vault, batch.id, *number, &edits)?;
        let verdict = recheck(tx, vault, batch, &heads, at, &stored, &edits)?;
        good += usize::from(!verdict.waits());
    }
    Ok(good)
}

fn recheck(
    tx: &mut Tx,
    vault: &Vault,
    batch: &Batch,
    heads: &HeadingMatch,
    scope: &Scope,
    stored: &StoredRow,
    edits: &Edits,
) -> Result<Verdict> {
    let content = open_row(vault, batch.id, stored.number, &stored.sealed)?;
    let line = u32::try_from(stored.number).map_err(Error::internal)?;
    let raw = content.raw(line);
    let mut mended = raw.clone();
    edits.put_on(&mut mended);
    let mut problems = Vec::new();
    let mut row = Checker::new(rules(scope)).read(&mended, heads, scope, &mut problems);
    let keys = Keys::of(vault, &mut row)?;
    let (id, roll) = (keys.id_blind.as_deref(), keys.roll_blind.as_deref());
    if let Some(twin) = rows::twin(tx, vault, batch.id, stored.number, id, roll)? {
        let Twin { by_id, number, name } = twin;
        let (code, field) = match by_id {
            true => (ProblemCode::IdDuplicate, Field::IdNumber),
            false => (ProblemCode::RollDuplicate, Field::RollNumber),
        };
        let problem = Problem::at(line, code, heads, field, mended.text(field));
        problems.push(problem.arg("other_row", number).arg("other_name", name));
    }
    let as_list = |text: Option<&str>| text.map(str::to_owned).into_iter().collect::<Vec<String>>();
    let mut base = Base::default();
    for found in Base::matching(tx, &as_list(id), &as_list(roll), &[row.name.clone()])? {
        base.add(found)?;
    }
    let phones = phones_of(vault, &row);
    for child in Base::of_phones(tx, &phones)? {
        base.add_child(child)?;
    }
    let case = Case { raw: &mended, heads, row: &row, keys: &keys, edits, phones: &phones };
    let plan = case.plan(scope, &mut base, &mut problems);
    let student = match plan.verdict {
        Verdict::Added => Some(tx.new_id()),
        _ => plan.student,
    };
    let waits = plan.verdict.waits();
    let key = if waits { fix_key(&mended, &problems) } else { String::new() };
    let (topic, name) = (topic(&problems), row.name.clone());
    let content = if waits { Content::of_cells(&raw) } else { Content { row: Some(row), cells: Vec::new() } };
    let staged = StagedRow {
        number: stored.number,
        verdict: plan.verdict,
        school: plan.school,
        student,
        other: plan.other,
        name,
        id_blind: keys.id_blind,
        roll_blind: keys.roll_blind,
        row_hash: keys.row_hash,
        since: plan.verdict.writes().then_some(scope.today),
        topic,
        fix_key: key,
        sealed: seal_row(vault, batch.id, stored.number, &content)?,
        problems,
    };
    rows::replace(tx, batch.id, stored.verdict, &staged)?;
    Ok(plan.verdict)
}
