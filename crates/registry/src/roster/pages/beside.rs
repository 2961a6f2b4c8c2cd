//! A row beside what it collides with: the other row of the file, or the pupil the roll has already.

use super::batch_of;
use crate::people;
use crate::roster::class_label::{self, ClassClues};
use crate::roster::export;
use crate::roster::headings::{Field, MemberField, MemberNo};
use crate::roster::import::{Batch, open_waiting, other_row, rows};
use crate::roster::problem::{Problem, shown};
use crate::roster::row::RawRow;
use crate::roster::values::{LeftBehind, Relation, Sex};
use crate::unit::{self, UnitKind};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Error, Id, Result};
use gongyu_web::{Get, Holder, Reply, filters};

/// What is compared, in this order.
const FIELDS: [Field; 16] = [
    Field::Name,
    Field::Sex,
    Field::BirthDate,
    Field::IdNumber,
    Field::RollNumber,
    Field::SchoolCode,
    Field::Grade,
    Field::Class,
    Field::LeftBehind,
    Field::CurrentAddress,
    Field::Member(MemberNo::One, MemberField::Name),
    Field::Member(MemberNo::One, MemberField::Relation),
    Field::Member(MemberNo::One, MemberField::Phone),
    Field::Member(MemberNo::Two, MemberField::Name),
    Field::Member(MemberNo::Two, MemberField::Relation),
    Field::Member(MemberNo::Two, MemberField::Phone),
];

struct Line {
    label: String,
    left: String,
    right: String,
    differs: bool,
}

#[derive(Template)]
#[template(path = "roster/pages/beside.html")]
struct Page {
    id: String,
    row: i64,
    file: String,
    right_title: String,
    link: Option<String>,
    lines: Vec<Line>,
}

struct Side {
    title: String,
    link: Option<String>,
    texts: Vec<String>,
}

/// Shows a waiting row beside the other.
pub(super) fn show(g: &mut Get<'_>, at: Holder<right::ImportRoster>) -> Result<Reply> {
    let batch = batch_of(g.r, &at.actor, g.req.id()?)?;
    let number: i64 = g.req.query.get("row").parse().map_err(|_| Error::NotFound)?;
    let row = rows::row(g.r, batch.id, number)?;
    if !row.verdict.waits() {
        return Err(Error::NotFound);
    }
    let content = open_waiting(&g.app.vault, batch.id, &row)?;
    let line = u32::try_from(number).map_err(Error::internal)?;
    let left = of_raw(g, &content.raw(line))?;
    let problems: Vec<Problem> = serde_json::from_str(&row.problems)?;
    let other = problems.iter().flat_map(|p| &p.args).find(|(name, _)| name == "other_row");
    let right = match (row.other.or(row.student), other.and_then(|(_, n)| n.parse().ok())) {
        (_, Some(other)) => of_row(g, &batch, other)?,
        (Some(student), None) => of_pupil(g, student)?,
        (None, None) => return Err(Error::NotFound),
    };
    let heads = crate::roster::headings::match_headings(&batch.heading_texts());
    let lines = FIELDS
        .into_iter()
        .zip(left.into_iter().zip(right.texts))
        .filter(|(_, (left, right))| !left.is_empty() || !right.is_empty())
        .map(|(field, (left, right))| Line {
            label: if heads.has(field) { heads.title_of(field).to_owned() } else { field.title().to_owned() },
            // What one side leaves out contradicts nothing.
            differs: !left.is_empty() && !right.is_empty() && left != right,
            left: shown(field, &left),
            right: shown(field, &right),
        })
        .collect();
    let page = Page {
        id: batch.id.to_string(),
        row: number,
        file: batch.file_name,
        right_title: right.title,
        link: right.link,
        lines,
    };
    g.page(g.t("roster-beside-title"), "roster", &page)
}

/// A row as it is written, each cell in the writing of the other side, so that 否 is not told apart from 非留守儿童.
fn of_raw(g: &mut Get<'_>, raw: &RawRow<'_>) -> Result<Vec<String>> {
    let year = crate::year::current(g.r)?.start;
    let school = unit::by_code(g.r, UnitKind::School, raw.text(Field::SchoolCode).trim())?;
    let clues = ClassClues {
        label: raw.text(Field::Class),
        grade: Some(raw.text(Field::Grade)).filter(|grade| !grade.trim().is_empty()),
        ..ClassClues::default()
    };
    let class = school
        .and_then(|school| class_label::understand(&clues, school.kind_of_school()?, year).ok())
        .map(|reading| reading.key.display(year));
    let settled = |field: Field| {
        let text = raw.text(field).trim();
        let known = match field {
            Field::Sex => Sex::parse(text).map(|sex| sex.name().to_owned()),
            Field::LeftBehind => LeftBehind::parse(text).map(|away| away.name().to_owned()),
            Field::Member(_, MemberField::Relation) => Relation::parse(text).map(|word| word.name().to_owned()),
            Field::BirthDate => Some(text.chars().filter(char::is_ascii_digit).collect()),
            Field::Class => class.clone(),
            _ => None,
        };
        known.unwrap_or_else(|| text.to_owned())
    };
    Ok(FIELDS.into_iter().map(settled).collect())
}

/// The other row of the file: one that waits too, or a good one.
fn of_row(g: &mut Get<'_>, batch: &Batch, other: u32) -> Result<Side> {
    let title = g.view().ta("roster-beside-row", &[("row", other.into())]);
    let year = crate::year::current(g.r)?.start;
    let vault = g.app.vault.clone();
    let texts = match rows::row(g.r, batch.id, i64::from(other)) {
        Ok(row) if row.verdict.waits() => of_raw(g, &open_waiting(&vault, batch.id, &row)?.raw(other))?,
        Ok(_) | Err(Error::NotFound) => {
            let row = other_row(g.r, &vault, batch.id, other)?.ok_or(Error::NotFound)?;
            export::values(&row, &FIELDS, year)
        }
        Err(e) => return Err(e),
    };
    Ok(Side { title, link: None, texts })
}

/// The pupil as the roll has it today, whatever file or hand it came from.
fn of_pupil(g: &mut Get<'_>, id: Id) -> Result<Side> {
    let vault = g.app.vault.clone();
    let year = crate::year::current(g.r)?.start;
    let pupil = people::find_student(g.r, id)?;
    let details = people::student_details(g.r, &vault, id)?;
    let school = unit::find(g.r, pupil.school)?;
    let class = pupil.class.map(|class| unit::find(g.r, class)).transpose()?.and_then(|unit| unit.class_key());
    let guardians = people::guardians_of(g.r, id)?;
    let mut texts = Vec::with_capacity(FIELDS.len());
    for field in FIELDS {
        texts.push(match field {
            Field::Name => pupil.name.clone(),
            Field::Sex => if pupil.sex == "female" { "女" } else { "男" }.to_owned(),
            Field::BirthDate => pupil.birth_date.strftime("%Y%m%d").to_string(),
            Field::IdNumber => details.id_number.clone(),
            Field::RollNumber => details.roll_number.clone(),
            Field::SchoolCode => school.code.clone(),
            Field::Grade => class.map(|key| key.grade_name(year)).unwrap_or_default(),
            Field::Class => class.map(|key| key.display(year)).unwrap_or_default(),
            Field::LeftBehind => away(&pupil.left_behind).name().to_owned(),
            Field::CurrentAddress => details.address.clone(),
            Field::Member(no, field) => match guardians.get(no.index()) {
                Some(guardian) => match field {
                    MemberField::Name => guardian.name.clone(),
                    MemberField::Relation => relation(guardian.relation).name().to_owned(),
                    _ => people::phone_of(g.r, &vault, guardian.guardian)?.unwrap_or_default(),
                },
                None => String::new(),
            },
            _ => String::new(),
        });
    }
    let title = g.view().ta("roster-beside-kept", &[("school", school.short_name.as_str().into())]);
    Ok(Side { title, link: Some(format!("/students/{id}")), texts })
}

const fn relation(relation: people::Relation) -> Relation {
    match relation {
        people::Relation::Father => Relation::Father,
        people::Relation::Mother => Relation::Mother,
        people::Relation::Grandparent => Relation::Grandparent,
        people::Relation::Sibling => Relation::Sibling,
        people::Relation::Other => Relation::Other,
    }
}

const fn away(code: &str) -> LeftBehind {
    match code.as_bytes() {
        b"one" => LeftBehind::OneParent,
        b"both" => LeftBehind::BothParents,
        _ => LeftBehind::None,
    }
}
