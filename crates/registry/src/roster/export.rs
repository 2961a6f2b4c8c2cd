//! Writing roster files: in the shape of a generation, and the bad rows of an import to mend and bring back.

#[cfg(test)]
#[path = "tests_export.rs"]
mod tests;

use std::sync::LazyLock;

use super::headings::{Field, Generation, HeadingMatch, MemberField, match_headings};
use super::id_number::Phone;
use super::row::{MemberRow, PupilRow, RawRow};
use super::values::Relation;

/// The two columns put before those of a file of bad rows: where the row was, and what is wrong. They mark such a file when
/// it comes back.
pub const MENDING_TITLES: [&str; 2] = ["原来的行", "哪里不对，怎么改"];

const TITLES: [&str; 3] =
    [include_str!("data/headings-g1.txt"), include_str!("data/headings-g2.txt"), include_str!("data/headings-g3.txt")];

static FIELDS: LazyLock<[Vec<Field>; 3]> = LazyLock::new(|| {
    let fields = |text: &str| {
        let titles: Vec<String> = text.lines().map(str::to_owned).collect();
        match_headings(&titles).columns.into_iter().flatten().collect()
    };
    TITLES.map(fields)
});

/// The headings of a generation, in its order.
pub fn titles(generation: Generation) -> impl Iterator<Item = &'static str> {
    TITLES[generation as usize].lines()
}

/// The fields of a generation, in its order.
pub fn fields(generation: Generation) -> &'static [Field] {
    &FIELDS[generation as usize]
}

/// The texts of a pupil for the given fields. Coded values are written as names, as the sheet asks.
pub fn values(row: &PupilRow, fields: &[Field], school_year_start: i16) -> Vec<String> {
    fields.iter().map(|field| value(row, *field, school_year_start)).collect()
}

/// The headings of a file of bad rows: the mending columns, then those of the file the rows came from.
pub fn mending_titles(heads: &HeadingMatch) -> Vec<String> {
    let own = heads.columns.iter().flatten().map(|field| heads.title_of(*field));
    MENDING_TITLES.into_iter().chain(own).map(str::to_owned).collect()
}

/// A bad row as the file wrote it, with its number and what is wrong.
pub fn mending_values(raw: &RawRow<'_>, heads: &HeadingMatch, reasons: &str) -> Vec<String> {
    let own = heads.columns.iter().flatten().map(|field| raw.text(*field).to_owned());
    [raw.row.to_string(), reasons.to_owned()].into_iter().chain(own).collect()
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn phones(first: &Option<Phone>, others: &[Phone]) -> String {
    first.iter().chain(others).map(Phone::as_str).collect::<Vec<_>>().join("/")
}

fn yes_no(value: Option<bool>) -> String {
    match value {
        Some(true) => "是".to_owned(),
        Some(false) => "否".to_owned(),
        None => String::new(),
    }
}

macro_rules! name {
    ($value:expr) => {
        $value.map(|value| value.name().to_owned()).unwrap_or_default()
    };
}

/// The text of one field of a pupil; empty where nothing is known.
pub fn value(row: &PupilRow, field: Field, school_year_start: i16) -> String {
    match field {
        Field::SchoolCode => text(&row.school_code),
        Field::Campus => text(&row.campus),
        Field::Name => row.name.clone(),
        Field::Sex => name!(row.sex),
        Field::BirthDate => row.birth_date.map(|date| date.strftime("%Y%m%d").to_string()).unwrap_or_default(),
        Field::BirthRegion => text(&row.birth_region),
        Field::NativePlace => text(&row.native_place),
        Field::Ethnicity => name!(row.ethnicity),
        Field::Nationality => text(&row.nationality).replace("CHN", "中国"),
        Field::IdKind => name!(row.id_kind),
        Field::IdNumber => row.id_number.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        Field::IdValidity => text(&row.id_validity),
        Field::HmtOverseas => name!(row.hmt_overseas),
        Field::Health => name!(row.health),
        Field::Political => name!(row.political),
        Field::HouseholdKind => name!(row.household_kind),
        Field::HouseholdRegion => text(&row.household_region),
        Field::Grade => {
            row.class.map(|class| class.grade_name(school_year_start)).or(row.grade_label.clone()).unwrap_or_default()
        }
        Field::Class => class(row, school_year_start),
        Field::EntryMonth => row.entry_month.map(|month| month.digits()).unwrap_or_default(),
        Field::EntryWay => name!(row.entry_way),
        Field::Boarding => name!(row.boarding),
        Field::CurrentAddress => text(&row.current_address),
        Field::MailAddress => text(&row.mail_address),
        Field::FamilyAddress => text(&row.family_address),
        Field::Phone => phones(&row.phone, &row.other_phones),
        Field::PostCode => text(&row.post_code),
        Field::OnlyChild => yes_no(row.only_child),
        Field::Preschool => yes_no(row.preschool),
        Field::LeftBehind => name!(row.left_behind),
        Field::RuralLeftBehind => yes_no(row.rural_left_behind),
        Field::MigrantWorkerChild => yes_no(row.migrant_worker_child),
        Field::MigrantChild => yes_no(row.migrant_child),
        Field::Orphan => yes_no(row.orphan),
        Field::MartyrFamily => yes_no(row.martyr_family),
        Field::NeedsAid => yes_no(row.needs_aid),
        Field::GetsAllowance => yes_no(row.gets_allowance),
        Field::GovernmentPlace => yes_no(row.government_place),
        Field::TravelDistance => text(&row.travel_distance),
        Field::TravelWay => name!(row.travel_way),
        Field::SchoolBus => yes_no(row.school_bus),
        Field::FormerName => text(&row.former_name),
        Field::BloodType => name!(row.blood_type),
        Field::Talent => text(&row.talent),
        Field::RollNumber => row.roll_number.as_ref().map(|roll| roll.as_str().to_owned()).unwrap_or_default(),
        Field::RollContinuation => row
            .roll_number
            .as_ref()
            .map(|roll| roll.as_str().to_owned())
            .or(row.roll_continuation.clone())
            .unwrap_or_default(),
        Field::RollAuxNumber => text(&row.roll_aux_number),
        Field::SeatNumber => text(&row.seat_number),
        Field::StudentSource => name!(row.student_source),
        Field::Email => text(&row.email),
        Field::Homepage => text(&row.homepage),
        Field::Disability => name!(row.disability),
        Field::Disabled => yes_no(row.disabled),
        Field::Inclusive => name!(row.inclusive),
        Field::Member(no, field) => row
            .members
            .iter()
            .find(|member| member.no() == no)
            .map(|member| of_member(member, field))
            .unwrap_or_default(),
    }
}

/// The entry year and number where the row's entry date bears them out; otherwise the name, which needs no other column.
fn class(row: &PupilRow, school_year_start: i16) -> String {
    let entered = row.entry_month.map(|month| month.school_year_start());
    match row.class {
        Some(class) if class.speciality.is_none() && entered == Some(class.entry_year) => class.roster_code(),
        Some(class) => class.display(school_year_start),
        None => text(&row.class_label),
    }
}

fn of_member(member: &MemberRow, field: MemberField) -> String {
    match field {
        MemberField::Name => member.name.clone(),
        MemberField::Relation => name!(member.relation),
        MemberField::RelationNote => text(&member.relation_note.clone().or_else(|| finer_word(member))),
        MemberField::Address => text(&member.address),
        MemberField::HouseholdRegion => text(&member.household_region),
        MemberField::Phone => phones(&member.phone, &member.other_phones),
        MemberField::IsGuardian => yes_no(member.is_guardian),
        MemberField::IdKind => name!(member.id_kind),
        MemberField::IdNumber => member.id_number.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        MemberField::Ethnicity => name!(member.ethnicity),
        MemberField::WorkUnit => text(&member.work_unit),
        MemberField::Post => text(&member.post),
    }
}

/// The relation column knows five words; the finer one goes where the sheet has a place for it.
fn finer_word(member: &MemberRow) -> Option<String> {
    member.kin.clone().filter(|_| !member.relation.is_some_and(Relation::is_parent))
}
