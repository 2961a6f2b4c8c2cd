//! From a file to a preview: every row checked, planned and staged; the registry itself stays untouched.

use super::base::{Base, name_mark};
use super::chunk::Entry;
use super::ids::Ids;
use super::keeper::{Keeper, Load};
use super::model::{Batch, BatchState, Content, Edits, StagedRow, Tally, Verdict};
use super::plan::{Case, Keys, fix_key, topic};
use super::scope::Scope;
use super::{Fault, Importer, fault, left, pipeline, rows, store};
use crate::roster::check::{CheckRules, Checker};
use crate::roster::headings::{HeadingMatch, match_headings};
use crate::roster::problem::Problem;
use crate::roster::row::{PupilRow, RawRow};
use gongyu_kernel::error::Code;
use gongyu_kernel::{Id, Result};
use gongyu_paper::sheet::{CellKind, Heading, Limits, Row, TableFile};
use gongyu_vault::Vault;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Seal name of a staged row.
const ROW: &str = "import_row.sealed";

/// Seals a staged row, bound to its import and its line.
pub(super) fn seal_row(vault: &Vault, batch: Id, number: i64, content: &Content) -> Result<Vec<u8>> {
    vault.seal_json(&format!("{ROW}:{number}"), batch, content)
}

/// Opens a staged row.
pub(super) fn open_row(vault: &Vault, batch: Id, number: i64, sealed: &[u8]) -> Result<Content> {
    vault.open_json(&format!("{ROW}:{number}"), batch, sealed)
}

/// What the file says in a row that waits.
///
/// # Errors
/// `Error::Internal` when it cannot be opened.
pub(crate) fn open_waiting(vault: &Vault, batch: Id, row: &rows::StoredRow) -> Result<Content> {
    open_row(vault, batch, row.number, &row.sealed)
}

/// A file whose headings are those of a roster.
pub(super) struct Opened {
    pub file: TableFile,
    pub heading: Heading,
    pub heads: HeadingMatch,
}

/// Opens a file and finds its headings.
///
/// # Errors
/// The message for a file that is no roster.
pub(super) fn open(path: &Path, school_known: bool) -> std::result::Result<Opened, Code> {
    let score = |texts: &[String]| {
        let heads = match_headings(texts);
        if heads.looks_like_roster() { heads.score } else { 0 }
    };
    let mut file = TableFile::open(path, &Limits::default()).map_err(|e| fault::of_sheet(&e))?;
    let heading = file.find_heading(&score).map_err(|e| fault::of_sheet(&e))?;
    let heads = match_headings(&heading.headings);
    match fault::of_headings(&heads, school_known) {
        Some(code) => Err(code),
        None => Ok(Opened { file, heading, heads }),
    }
}

/// The rules a file is checked by.
pub(super) fn rules(scope: &Scope) -> CheckRules {
    CheckRules { today: scope.today, school_year_start: scope.year, school_code: scope.code.clone() }
}

impl Importer {
    /// Reads a file for an import that is in `Reading`, or again before it is applied. A file that
    /// cannot be read ends in `Refused` with its reason.
    ///
    /// # Errors
    /// As any statement.
    pub fn stage(&self, batch: Id, path: &Path, job: Option<Id>) -> Result<()> {
        let found = self.batch(batch)?;
        let next = if found.state == BatchState::Applying { BatchState::Applying } else { BatchState::Preview };
        self.unstage(batch)?;
        let refused = match open(path, found.school.is_some()) {
            Ok(opened) => self.stage_rows(&found, opened, job, next)?.err(),
            Err(code) => Some(code),
        };
        let Some(code) = refused else { return Ok(()) };
        self.unstage(batch)?;
        let fault = Fault::from(code);
        self.db.write_wait(move |tx| store::refuse(tx, batch, &fault))
    }

    fn stage_rows(
        &self,
        batch: &Batch,
        opened: Opened,
        job: Option<Id>,
        next: BatchState,
    ) -> Result<std::result::Result<(), Code>> {
        let Opened { mut file, heading, heads } = opened;
        let (id, school) = (batch.id, batch.school);
        let mut notes = fault::notes_of(&heads);
        let texts = serde_json::to_string(&heading.headings)?;
        let (first_notes, mended) = (serde_json::to_string(&notes)?, heads.mended);
        self.db.write_wait(move |tx| store::begin_reading(tx, id, &texts, &first_notes, mended))?;
        let vault = self.vault.clone();
        let (version, scope, base, edits, percent) = self.db.read_wait(move |r| {
            Ok((
                store::version(r)?,
                Scope::load(r, school, None)?,
                Base::load(r, school)?,
                store::edits_of(r, &vault, id)?,
                left::percent(r)?,
            ))
        })?;
        let mut desk = Desk {
            importer: self,
            batch: id,
            whole: school.is_none(),
            checker: Checker::new(rules(&scope)),
            heads,
            scope,
            base,
            edits: edits.into_iter().collect(),
            ids: Ids::new(&self.db),
            tally: Tally::default(),
            schools: HashSet::new(),
            waiting: HashSet::new(),
            read: 0,
        };
        let mut keeper = Keeper::new(&self.db, &self.vault, id, job);
        let ended = pipeline::run(&mut file, &heading, |rows| desk.check(&rows), |load| keeper.take(load))?;
        let end = match ended {
            Ok(end) => end,
            Err(code) => return Ok(Err(code)),
        };
        if desk.read == 0 {
            return Ok(Err(Code::new("roster-no-rows")));
        }
        if !end.merged.is_empty() {
            let ranges: Vec<&str> = end.merged.iter().map(String::as_str).take(5).collect();
            notes.push(Code::new("roster-note-merged").arg("ranges", ranges.join("、")).into());
        }
        keeper.flush(false)?;
        let over = batch.complete && !mended && desk.stage_left(percent, &mut keeper)?;
        let (tally, notes) = (desk.tally, serde_json::to_string(&notes)?);
        self.db.write_wait(move |tx| store::finish_reading(tx, id, &tally, over, &notes, version, next))?;
        Ok(Ok(()))
    }
}

/// The table at which the rows of one file are looked at.
struct Desk<'i> {
    importer: &'i Importer,
    batch: Id,
    whole: bool,
    checker: Checker,
    heads: HeadingMatch,
    scope: Scope,
    base: Base,
    edits: HashMap<i64, Edits>,
    ids: Ids,
    tally: Tally,
    schools: HashSet<Id>,
    waiting: HashSet<u64>,
    read: i64,
}

struct Checked<'r> {
    raw: RawRow<'r>,
    edits: Edits,
    row: PupilRow,
    keys: Keys,
    phones: Vec<String>,
    problems: Vec<Problem>,
}

impl Desk<'_> {
    fn check(&mut self, rows: &[Row]) -> Result<Load> {
        let mut checked = Vec::with_capacity(rows.len());
        for row in rows {
            let raw = raw_row(row, &self.heads)?;
            if raw.is_empty() {
                continue;
            }
            self.read += 1;
            let edits = self.edits.remove(&i64::from(raw.row)).unwrap_or_default();
            let mut mended = raw.clone();
            edits.put_on(&mut mended);
            let mut problems = Vec::new();
            let mut row = self.checker.read(&mended, &self.heads, &self.scope, &mut problems);
            let keys = Keys::of(&self.importer.vault, &mut row)?;
            checked.push(Checked { raw, edits, row, keys, phones: Vec::new(), problems });
        }
        if !self.whole {
            self.know(&checked)?;
        }
        self.know_families(&mut checked)?;
        let mut load = Load { read: self.read, ..Load::default() };
        checked.into_iter().try_for_each(|row| self.stage(row, &mut load))?;
        Ok(load)
    }

    /// Looks up pupils of other schools whom these rows may speak of.
    fn know(&mut self, checked: &[Checked<'_>]) -> Result<()> {
        let ids: Vec<String> = checked.iter().filter_map(|c| c.keys.id_blind.clone()).collect();
        let rolls: Vec<String> = checked.iter().filter_map(|c| c.keys.roll_blind.clone()).collect();
        let names: Vec<String> = checked.iter().map(|c| c.row.name.clone()).collect();
        let found = self.importer.db.read_wait(move |r| Base::matching(r, &ids, &rolls, &names))?;
        found.into_iter().try_for_each(|found| self.base.add(found))
    }

    /// Looks up whose families have the telephones of rows that no number leads to a known pupil.
    fn know_families(&mut self, checked: &mut [Checked<'_>]) -> Result<()> {
        if self.base.is_empty() {
            return Ok(());
        }
        let vault = &self.importer.vault;
        let mut phones = Vec::new();
        for case in checked {
            let (id, roll) = (case.keys.id_blind.as_deref(), case.keys.roll_blind.as_deref());
            if self.base.by_id(id).or(self.base.by_roll(roll)).is_none() {
                case.phones = phones_of(vault, &case.row);
                phones.extend(case.phones.iter().cloned());
            }
        }
        if phones.is_empty() {
            return Ok(());
        }
        let found = self.importer.db.read_wait(move |r| Base::of_phones(r, &phones))?;
        found.into_iter().try_for_each(|child| self.base.add_child(child))
    }

    fn stage(&mut self, checked: Checked<'_>, load: &mut Load) -> Result<()> {
        let Checked { raw, edits, row, keys, phones, mut problems } = checked;
        let case = Case { raw: &raw, heads: &self.heads, row: &row, keys: &keys, edits: &edits, phones: &phones };
        let plan = case.plan(&self.scope, &mut self.base, &mut problems);
        self.tally.count(plan.verdict);
        self.schools.extend(plan.school);
        let number = i64::from(raw.row);
        if plan.verdict.waits() {
            self.waiting.insert(name_mark(&row.name));
            let sealed = seal_row(&self.importer.vault, self.batch, number, &Content::of_cells(&raw))?;
            load.waiting.push(StagedRow {
                number,
                verdict: plan.verdict,
                school: plan.school,
                student: plan.student,
                other: plan.other,
                name: row.name,
                id_blind: keys.id_blind,
                roll_blind: keys.roll_blind,
                row_hash: keys.row_hash,
                since: None,
                topic: topic(&problems),
                fix_key: fix_key(&raw, &problems),
                sealed,
                problems,
            });
            return Ok(());
        }
        load.keys.push(raw.row, &keys);
        if plan.verdict == Verdict::Unchanged {
            return Ok(());
        }
        let student = match (plan.verdict, plan.student) {
            (Verdict::Added, _) | (_, None) => self.ids.take()?,
            (_, Some(known)) => known,
        };
        let school = plan.school.ok_or_else(|| gongyu_kernel::Error::internal("a good row without its school"))?;
        let (verdict, since) = (plan.verdict, Some(plan.since));
        load.entries.push(Entry { number, verdict, student, school, since, keys: Some(keys), row: Some(row) });
        Ok(())
    }

    /// Stages those who would leave; true when they are more than goes without asking again.
    fn stage_left(&mut self, percent: i64, keeper: &mut Keeper) -> Result<bool> {
        let (gone, over) = left::leaving(&self.base, &self.schools, &self.waiting, percent);
        let entry = |(n, known): (i64, &super::base::Known)| Entry {
            number: -n,
            verdict: Verdict::Left,
            student: known.id,
            school: known.school,
            since: None,
            keys: None,
            row: None,
        };
        keeper.leave((1..).zip(&gone).map(entry).collect())?;
        self.tally.gone = i64::try_from(gone.len()).unwrap_or(i64::MAX);
        Ok(over)
    }
}

/// Blind indexes of every telephone of a row.
pub(super) fn phones_of(vault: &Vault, row: &PupilRow) -> Vec<String> {
    let members = row.members.iter().filter_map(|member| member.phone.as_ref());
    let all = members.chain(&row.phone);
    all.map(|phone| vault.blind(crate::people::PHONE_BLIND, phone.as_str())).collect()
}

fn raw_row<'r>(row: &'r Row, heads: &HeadingMatch) -> Result<RawRow<'r>> {
    let mut raw = RawRow::new(u32::try_from(row.number).map_err(gongyu_kernel::Error::internal)?);
    for (field, cell) in heads.columns.iter().zip(&row.cells) {
        if let Some(field) = field {
            raw.set(*field, cell.text.as_str(), cell.kind == CellKind::Number);
        }
    }
    Ok(raw)
}
