//! The pupil: identity number, sex, date of birth, roll number, age, disability and left-behind columns.

use jiff::civil::Date;

use super::Case;
use crate::roster::class_label::{ClassKey, Stage, age_on_31_august};
use crate::roster::headings::{Field, MemberField, MemberNo};
use crate::roster::problem::ProblemCode;
use crate::roster::roll_number::RollKind;
use crate::roster::row::PupilRow;
use crate::roster::values::{Disability, IdKind, LeftBehind, fold};

pub(super) fn check(case: &mut Case<'_>, row: &mut PupilRow) {
    id_number(case, row);
    birth_date(case, row);
    sex(case, row);
    roll_number(case, row);
    flags(case, row);
}

/// A pupil whose document is of the kind "other" may have no number; then both members' numbers stand in (POLICY.md 8.2).
/// A roll number of the kinds for pupils without an identity number says the same as the kind "other".
fn id_number(case: &mut Case<'_>, row: &PupilRow) {
    if row.id_number.is_some() || case.has_problem(Field::IdNumber) {
        return;
    }
    let no_number_yet = row.roll_number.as_ref().is_some_and(|roll| roll.kind() != RollKind::Formal);
    let other = match row.id_kind {
        Some(kind) => kind == IdKind::Other,
        None => no_number_yet,
    };
    if !other {
        return case.note(ProblemCode::IdMissing, Field::IdNumber);
    }
    for no in MemberNo::ALL {
        let numbered = row.members.iter().any(|member| member.no() == no && member.id_number.is_some());
        if !numbered {
            case.note(ProblemCode::OtherIdNeedsMembers, Field::Member(no, MemberField::IdNumber));
        }
    }
}

fn birth_date(case: &mut Case<'_>, row: &mut PupilRow) {
    let by_id = row.id_number.as_ref().and_then(|id| id.resident()).map(|id| id.birth_date());
    let field = Field::BirthDate;
    match (row.birth_date, by_id) {
        (Some(written), Some(by_id)) if written != by_id => {
            let only_year = (written.month(), written.day()) == (by_id.month(), by_id.day());
            let code = if only_year { ProblemCode::BirthYearDiffer } else { ProblemCode::BirthIdDiffer };
            let problem = case.problem(code, field).arg("year", by_id.year()).arg("date", chinese_date(by_id));
            case.report(problem.fix(field, by_id.to_string(), false));
        }
        (Some(written), _) if written > case.rules.today => case.note(ProblemCode::DateFuture, field),
        (None, Some(by_id)) => {
            let row_no = case.raw.row;
            let unread = case.problems.iter_mut().rev().take_while(|problem| problem.row == row_no);
            for problem in unread.filter(|problem| problem.code == ProblemCode::DateUnreadable) {
                *problem = problem.clone().fix(field, by_id.to_string(), false);
            }
            if !case.has_problem(field) {
                row.birth_date = Some(by_id);
            }
        }
        (None, None) if !case.has_problem(field) && row.id_number.is_some() => {
            case.note(ProblemCode::BirthMissing, field);
        }
        _ => {}
    }
}

fn sex(case: &mut Case<'_>, row: &mut PupilRow) {
    let by_id = row.id_number.as_ref().and_then(|id| id.resident()).map(|id| id.sex());
    match (row.sex, by_id) {
        (Some(written), Some(by_id)) if written != by_id => {
            let problem = case.problem(ProblemCode::SexIdDiffer, Field::IdNumber);
            let problem = problem.arg("id_sex", by_id.name()).arg("sex", written.name());
            case.report(problem.fix(Field::Sex, by_id.name(), false));
        }
        (None, Some(by_id)) => row.sex = Some(by_id),
        (None, None) if !case.has_problem(Field::Sex) && row.id_number.is_some() => {
            case.note(ProblemCode::SexMissing, Field::Sex);
        }
        _ => {}
    }
}

fn roll_number(case: &mut Case<'_>, row: &PupilRow) {
    if let (Some(roll), Some(id)) = (&row.roll_number, row.id_number.as_ref().and_then(|id| id.resident()))
        && !roll.fits(id)
    {
        let own = !fold::is_blank(case.raw.text(Field::RollNumber));
        case.note(ProblemCode::RollIdDiffer, if own { Field::RollNumber } else { Field::RollContinuation });
    }
}

fn flags(case: &mut Case<'_>, row: &PupilRow) {
    for (flag, field) in [(row.orphan, Field::Orphan), (row.martyr_family, Field::MartyrFamily)] {
        if flag == Some(true) {
            case.note(ProblemCode::CertificateNeeded, field);
        }
    }
    if let (Some(disability), Some(inclusive)) = (row.disability, row.inclusive)
        && !disability.agrees_with(inclusive)
    {
        let problem = case.problem(ProblemCode::DisabilityInclusiveDiffer, Field::Inclusive);
        case.report(problem.arg("disability", disability.name()).arg("inclusive", inclusive.name()));
    }
    if let (Some(flag), Some(disability)) = (row.disabled, row.disability)
        && flag != (disability != Disability::None)
    {
        let problem = case.problem(ProblemCode::DisabilityFlagDiffer, Field::Disabled);
        case.report(problem.arg("disability", disability.name()));
    }
    if row.rural_left_behind == Some(true) && row.left_behind == Some(LeftBehind::None) {
        case.note(ProblemCode::LeftBehindFlagDiffer, Field::RuralLeftBehind);
    }
}

/// Asks about ages that are rare in the grade. The bounds are the product's own: a year early or three late is common
/// enough to pass, and later still for special and vocational classes.
pub(super) fn check_age(case: &mut Case<'_>, row: &PupilRow, class: &ClassKey) {
    let year = case.rules.school_year_start;
    let (Some(birth), Some(grade)) = (row.birth_date, class.grade(year)) else { return };
    if case.has_problem(Field::BirthDate) {
        return;
    }
    let age = age_on_31_august(birth, year);
    let usual = class.stage.entry_age() + i16::from(grade) - 1;
    let late = match class.stage {
        Stage::Special => 8,
        Stage::Vocational => 6,
        _ => 3,
    };
    if !(usual - 1..=usual + late).contains(&age) {
        let problem = case.problem(ProblemCode::AgeUnlikely, Field::BirthDate);
        case.report(problem.arg("age", age).arg("class", class.display(year)));
    }
}

/// A date in the words the screens use.
fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
