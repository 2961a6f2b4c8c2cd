//! Roster files of the invented district, to try the import with and to measure it by: the same people that
//! `build` puts into the database, in the headings of the national system's export (G3).

use super::dice::Dice;
use super::family::{Family, Tie};
use super::names::Names;
use super::plan::{ClassPlan, Plan, SchoolPlan};
use super::posts::{Posts, mother_among};
use super::pupil::{Nursery, Pupil};
use super::{DemoOptions, Part};
use gongyu_kernel::calendar::SchoolCalendar;
use gongyu_kernel::{Date, Error, Result};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::people::Relation;
use gongyu_registry::roster::check::{CheckRules, Checker, ClassAnswer, SchoolAnswer, Schools};
use gongyu_registry::roster::class_label::{ClassKey, SchoolKind};
use gongyu_registry::roster::export;
use gongyu_registry::roster::headings::{Field, Generation, HeadingMatch, MemberField, MemberNo, match_headings};
use gongyu_registry::roster::id_number::{IdNumber, Phone, ResidentId};
use gongyu_registry::roster::roll_number::RollNumber;
use gongyu_registry::roster::row::{MemberRow, PupilRow, RawRow, YearMonth};
use gongyu_registry::roster::values::{
    self, BoardingKind, EntryWay, HealthState, HmtOverseas, HouseholdKind, IdKind, Inclusive, LeftBehind,
    PoliticalStatus, StudentSource,
};
use std::path::{Path, PathBuf};

/// The files written.
#[derive(Clone, Debug)]
pub struct RosterFiles {
    /// The whole district in one file.
    pub district: PathBuf,
    /// One school.
    pub school: PathBuf,
    /// One school, some rows of which are wrong in the ways of real files.
    pub school_to_mend: PathBuf,
    /// Code of the school of the two.
    pub school_code: String,
    /// Pupils of the district file.
    pub pupils: usize,
}

/// Place of the school written by itself.
const ONE_SCHOOL: usize = 2;

/// Writes roster files of the district of these options into a folder.
///
/// # Errors
/// `Error::Internal` when a file cannot be written.
pub fn roster_files(options: &DemoOptions, today: Date, out_dir: &Path) -> Result<RosterFiles> {
    let year = SchoolCalendar::default_chongqing().year_of(today).start;
    let plan = Plan::draw(options.seed, options.students, year);
    std::fs::create_dir_all(out_dir)?;
    let path = |name: &str| out_dir.join(name);
    let files = RosterFiles {
        district: path("云岭区-学籍.xlsx"),
        school: path("学校-学籍.xlsx"),
        school_to_mend: path("学校-学籍-要改正.xlsx"),
        school_code: plan.schools[ONE_SCHOOL].code.clone(),
        pupils: options.students,
    };
    let mut people = People::new(options.seed, &plan, today, year);
    let mut one = Vec::new();
    let mut book = begun();
    for school in &plan.schools {
        let rows = people.school(school);
        if school.index == ONE_SCHOOL {
            one = rows.clone();
        }
        book = book.rows(rows.into_iter().map(cells));
    }
    save(book, &files.district)?;
    save(begun().rows(one.iter().cloned().map(cells)), &files.school)?;
    spoil(&mut one);
    save(begun().rows(one.into_iter().map(cells)), &files.school_to_mend)?;
    Ok(files)
}

fn begun() -> Book {
    let columns: Vec<Column> =
        export::titles(Generation::G3).map(|title| Column::new(title, 14.0, ColumnKind::Text)).collect();
    Book::new().sheet("学生信息").columns(&columns)
}

fn cells(row: Vec<String>) -> Vec<Value> {
    row.into_iter().map(Value::from).collect()
}

fn save(book: Book, path: &Path) -> Result<()> {
    let bytes = book.finish().map_err(Error::internal)?;
    std::fs::write(path, bytes)?;
    Ok(())
}

pub(super) struct People<'a> {
    seed: u64,
    plan: &'a Plan,
    nursery: Nursery,
    posts: Posts,
    names: Names,
    mother: Option<String>,
    year: i16,
}

impl<'a> People<'a> {
    fn new(seed: u64, plan: &'a Plan, today: Date, year: i16) -> Self {
        let nursery = Nursery::new(plan.towns.len(), today, year);
        Self { seed, plan, nursery, posts: Posts::new(year), names: Names::load(), mother: None, year }
    }

    /// The names of a school's pupils of today.
    #[cfg(test)]
    pub(super) fn names_of(&mut self, school: &SchoolPlan) -> Vec<String> {
        let at = export::fields(Generation::G3).iter().position(|f| *f == Field::Name).unwrap_or(0);
        self.school(school).into_iter().map(|row| row[at].clone()).collect()
    }

    /// The rows of a school's pupils of today.
    fn school(&mut self, school: &SchoolPlan) -> Vec<Vec<String>> {
        let mut dice = Dice::of(self.seed, Part::Staff.of(school.index));
        let posts = self.posts.of_school(&mut dice, &self.names, school);
        self.nursery.teacher_mother = self.mother.take();
        self.mother = mother_among(&posts).map(|post| post.name.clone());
        let mut dice = Dice::of(self.seed, Part::Pupils.of(school.index));
        let fields = export::fields(Generation::G3);
        let mut rows = Vec::with_capacity(school.pupils());
        for class in &school.classes {
            let town = self.plan.towns[school.town].name;
            for pupil in self.nursery.class(&mut dice, school, class, town).iter().filter(|p| p.left.is_none()) {
                rows.push(export::values(&row_of(pupil, school, class), fields, self.year));
            }
        }
        rows
    }
}

/// Reads the row of a pupil as the import will read it out of a file of the school.
pub(super) struct ReadBack {
    heads: HeadingMatch,
    rules: CheckRules,
    kind: SchoolKind,
}

impl ReadBack {
    pub(super) fn new(kind: SchoolKind, today: Date, year: i16) -> Self {
        let titles: Vec<String> = export::titles(Generation::G3).map(str::to_owned).collect();
        let rules = CheckRules { today, school_year_start: year, school_code: None };
        Self { heads: match_headings(&titles), rules, kind }
    }

    /// The row of a pupil, written and read again.
    pub(super) fn row(&self, pupil: &Pupil, school: &SchoolPlan, class: &ClassPlan) -> PupilRow {
        let written = row_of(pupil, school, class);
        let texts = export::values(&written, export::fields(Generation::G3), self.rules.school_year_start);
        let raw = RawRow::from_texts(2, &self.heads, texts.iter().map(String::as_str));
        Checker::new(self.rules.clone()).read(&raw, &self.heads, self, &mut Vec::new())
    }
}

impl Schools for ReadBack {
    fn school(&self, _: &str) -> SchoolAnswer {
        SchoolAnswer::Known(self.kind)
    }
    fn class(&self, _: &str, _: &ClassKey) -> ClassAnswer {
        ClassAnswer::Exists
    }
}

/// A file of the first school as schools send them: some rows of it are wrong.
pub(super) fn to_mend(options: &DemoOptions, plan: &Plan, today: Date, year: i16) -> Result<Vec<u8>> {
    let mut people = People::new(options.seed, plan, today, year);
    let mut rows = plan.schools.first().map(|school| people.school(school)).unwrap_or_default();
    spoil(&mut rows);
    begun().rows(rows.into_iter().map(cells)).finish().map_err(Error::internal)
}

/// The people of a district, for the tests.
#[cfg(test)]
pub(super) fn people_of<'a>(options: &DemoOptions, plan: &'a Plan, today: Date) -> People<'a> {
    People::new(options.seed, plan, today, 2026)
}

/// A pupil as the national roster writes one.
fn row_of(pupil: &Pupil, school: &SchoolPlan, class: &ClassPlan) -> PupilRow {
    let family = &*pupil.family;
    let id = ResidentId::parse(&pupil.id_number).ok();
    let phone = family.people.iter().find_map(|p| p.phone.as_deref());
    PupilRow {
        school_code: Some(school.code.clone()),
        name: pupil.name.clone(),
        sex: Some(pupil.sex),
        birth_date: Some(pupil.birth),
        birth_region: Some("500199".to_owned()),
        ethnicity: Some(pupil.ethnicity),
        nationality: Some("CHN".to_owned()),
        id_kind: Some(IdKind::Resident),
        roll_number: id.as_ref().map(RollNumber::of),
        id_number: id.map(IdNumber::Resident),
        hmt_overseas: Some(HmtOverseas::No),
        health: Some(HealthState::Good),
        political: Some(PoliticalStatus::Masses),
        household_kind: Some(if school.rural { HouseholdKind::Rural } else { HouseholdKind::Urban }),
        household_region: Some("500199".to_owned()),
        class: Some(class.key),
        entry_month: Some(YearMonth { year: class.key.entry_year, month: 9 }),
        entry_way: Some(EntryWay::Nearby),
        boarding: Some(if pupil.boarding { BoardingKind::Boarder } else { BoardingKind::Day }),
        current_address: Some(family.address.clone()),
        mail_address: Some(family.address.clone()),
        family_address: Some(family.address.clone()),
        phone: phone.and_then(|p| Phone::parse(p).ok()),
        only_child: Some(family.kids.borrow().len() == 1),
        preschool: Some(true),
        left_behind: Some(family.away),
        migrant_worker_child: Some(family.migrant),
        orphan: Some(family.orphan),
        martyr_family: Some(false),
        needs_aid: Some(family.away == LeftBehind::BothParents && pupil.boarding),
        gets_allowance: Some(school.rural && pupil.boarding),
        seat_number: Some(pupil.seat.to_string()),
        student_source: Some(StudentSource::Normal),
        disability: Some(pupil.disability),
        inclusive: Some(Inclusive::No),
        members: family.ties.iter().take(2).enumerate().map(|(at, tie)| member(family, tie, at == 1)).collect(),
        ..PupilRow::default()
    }
}

fn member(family: &Family, tie: &Tie, second: bool) -> MemberRow {
    let person = &family.people[tie.person];
    let id = ResidentId::parse(&person.id_number).ok().map(IdNumber::Resident);
    MemberRow {
        second,
        name: person.name.clone(),
        relation: Some(relation(tie.relation)),
        kin: (!tie.kin.is_empty()).then(|| tie.kin.to_owned()),
        relation_note: None,
        address: Some(family.address.clone()),
        household_region: Some("500199".to_owned()),
        phone: person.phone.as_deref().and_then(|p| Phone::parse(p).ok()),
        other_phones: Vec::new(),
        is_guardian: Some(tie.is_guardian),
        id_kind: id.is_some().then_some(IdKind::Resident),
        id_number: id,
        ethnicity: Some(family.ethnicity),
        work_unit: (!person.work.is_empty()).then(|| person.work.to_owned()),
        post: None,
    }
}

const fn relation(relation: Relation) -> values::Relation {
    match relation {
        Relation::Father => values::Relation::Father,
        Relation::Mother => values::Relation::Mother,
        Relation::Grandparent => values::Relation::Grandparent,
        Relation::Sibling => values::Relation::Sibling,
        Relation::Other => values::Relation::Other,
    }
}

/// Writes some rows the wrong way, as files from schools are: a class a spreadsheet turned into a number,
/// a telephone a digit short, a sex and a birth date that the identity number contradicts.
fn spoil(rows: &mut [Vec<String>]) {
    let fields = export::fields(Generation::G3);
    let at = |field: Field| fields.iter().position(|f| *f == field).unwrap_or(0);
    let (class, sex, birth) = (at(Field::Class), at(Field::Sex), at(Field::BirthDate));
    let phone = at(Field::Member(MemberNo::One, MemberField::Phone));
    for (n, row) in rows.iter_mut().enumerate() {
        match n % 40 {
            7 => row[class] = "3.2".to_owned(),
            13 => {
                row[phone].pop();
            }
            21 if n % 80 == 21 => row[sex] = if row[sex] == "男" { "女" } else { "男" }.to_owned(),
            33 if n % 80 == 33 => row[birth] = format!("19{}", row[birth].get(2..).unwrap_or_default()),
            _ => {}
        }
    }
}
