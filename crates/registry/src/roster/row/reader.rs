//! Reading the cells of one row, noting what cannot be read.

use jiff::civil::Date;

use super::dates::{YearMonth, read_date, read_month};
use super::names::{NAME_MAX, name_fault, tidy_name};
use super::raw::RawRow;
use crate::roster::headings::{Field, HeadingMatch, MemberField};
use crate::roster::id_number::{IdFault, IdNumber, Phone, PhoneFault, ResidentId, read_phones};
use crate::roster::problem::{Problem, ProblemCode, Severity};
use crate::roster::values::{Coded, IdKind, fold, parse_coded, parse_yes_no};

/// The longest free text, in characters.
const TEXT_MAX: usize = 200;

pub(super) struct Reader<'r> {
    pub raw: &'r RawRow<'r>,
    pub heads: &'r HeadingMatch,
    pub problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    pub fn problem(&self, code: ProblemCode, field: Field) -> Problem {
        Problem::at(self.raw.row, code, self.heads, field, self.raw.text(field))
    }

    pub fn note(&mut self, code: ProblemCode, field: Field) {
        self.problems.push(self.problem(code, field));
    }

    /// Free text, `None` for an empty cell or a mark that stands for nothing.
    pub fn text(&mut self, field: Field) -> Option<String> {
        let text = fold::tidy(self.raw.text(field));
        if fold::is_blank(&text) {
            return None;
        }
        if text.chars().count() > TEXT_MAX {
            let problem = self.problem(ProblemCode::TextTooLong, field).arg("max", TEXT_MAX);
            self.problems.push(problem);
            return Some(text.chars().take(TEXT_MAX).collect());
        }
        Some(text.into_owned())
    }

    /// A code or number kept as text, half-width and without spaces.
    pub fn plain(&mut self, field: Field) -> Option<String> {
        let text = self.text(field)?;
        let plain = fold::squeeze(&text);
        let whole = plain.strip_suffix(".0").filter(|head| head.bytes().all(|b| b.is_ascii_digit()));
        Some(whole.map(str::to_owned).unwrap_or(plain))
    }

    pub fn name(&mut self, field: Field) -> Option<String> {
        let name = tidy_name(self.raw.text(field));
        if fold::is_blank(&name) {
            return None;
        }
        if let Some((code, character)) = name_fault(&name) {
            let mut problem = self.problem(code, field).arg("max", NAME_MAX);
            if let Some(c) = character {
                problem = problem.arg("char", c.escape_debug());
            }
            self.problems.push(problem);
        }
        Some(name)
    }

    pub fn coded<T: Coded>(&mut self, field: Field) -> Option<T> {
        let text = self.raw.text(field);
        if text.is_empty() {
            return None;
        }
        let value = parse_coded(text);
        if value.is_none() && !fold::is_blank(text) {
            let weight = if weighs(field) { Severity::Ask } else { Severity::Note };
            self.problems.push(self.problem(ProblemCode::ValueUnknown, field).weighing(weight));
        }
        value
    }

    pub fn yes_no(&mut self, field: Field) -> Option<bool> {
        let text = self.raw.text(field);
        if text.trim().is_empty() {
            return None;
        }
        let answer = parse_yes_no(text);
        if answer.is_none() && !fold::is_blank(text) {
            let weight = if weighs(field) { Severity::Ask } else { Severity::Note };
            self.problems.push(self.problem(ProblemCode::ValueUnknown, field).weighing(weight));
        }
        answer
    }

    pub fn date(&mut self, field: Field) -> Option<Date> {
        let cell = self.raw.get(field)?;
        if fold::is_blank(&cell.text) {
            return None;
        }
        match read_date(&cell.text, cell.is_number) {
            Some(reading) => {
                if reading.from_serial {
                    let problem = self.problem(ProblemCode::DateFromSerial, field).arg("date", reading.date);
                    self.problems.push(problem);
                }
                Some(reading.date)
            }
            None => {
                self.note(ProblemCode::DateUnreadable, field);
                None
            }
        }
    }

    pub fn month(&mut self, field: Field) -> Option<YearMonth> {
        let cell = self.raw.get(field)?;
        if fold::is_blank(&cell.text) {
            return None;
        }
        let month = read_month(&cell.text, cell.is_number);
        if month.is_none() {
            self.note(ProblemCode::MonthUnreadable, field);
        }
        month
    }

    /// The numbers of a cell; `None` when it cannot be read, empty when the family has none.
    pub fn phones(&mut self, field: Field) -> Option<Vec<Phone>> {
        let text = self.raw.text(field);
        match read_phones(text) {
            Ok(phones) => {
                if phones.len() > 1 {
                    let problem = self.problem(ProblemCode::PhoneSeveral, field).arg("count", phones.len());
                    self.problems.push(problem);
                }
                Some(phones)
            }
            Err(fault) => {
                let len = fold::squeeze(text).chars().filter(char::is_ascii_digit).count();
                let code = match fault {
                    PhoneFault::Short(_) => ProblemCode::PhoneShort,
                    PhoneFault::Long(_) => ProblemCode::PhoneLong,
                    PhoneFault::NoAreaCode => ProblemCode::PhoneNoAreaCode,
                    PhoneFault::Unreadable => ProblemCode::PhoneUnreadable,
                };
                let len = match fault {
                    PhoneFault::Short(len) | PhoneFault::Long(len) => len,
                    _ => len,
                };
                let problem = self.problem(code, field).arg("len", len).arg("diff", fault.off_by());
                self.problems.push(problem);
                None
            }
        }
    }

    /// The number of a document of a kind. A number that is a valid resident number is one, whatever the kind says.
    pub fn id_number(&mut self, field: Field, kind: Option<IdKind>, severity: Severity) -> Option<IdNumber> {
        let cell = self.raw.get(field)?;
        let text = &cell.text;
        if fold::is_blank(text) {
            return None;
        }
        // A spreadsheet holds fifteen digits exactly; an 18-digit number stored as one has lost its end.
        let rounded = cell.is_number && fold::squeeze(text).len() > 16;
        let resident = if rounded { Err(IdFault::LostDigits) } else { ResidentId::parse(text) };
        let fault = match (resident, kind) {
            (Ok(id), _) => return Some(IdNumber::Resident(id)),
            (Err(fault), None | Some(IdKind::Resident | IdKind::HouseholdBook)) => fault,
            (Err(_), Some(_)) => match IdNumber::other(text) {
                Ok(number) => return Some(number),
                Err(fault) => fault,
            },
        };
        let problem = self.problem(id_code(&fault), field).weighing(severity);
        self.problems.push(match fault {
            IdFault::Length(len) => problem.arg("len", len).arg("diff", len.abs_diff(18)),
            _ => problem,
        });
        None
    }
}

fn id_code(fault: &IdFault) -> ProblemCode {
    match fault {
        IdFault::OldForm => ProblemCode::IdOldForm,
        IdFault::Length(len) if *len > 18 => ProblemCode::IdLong,
        IdFault::Length(_) => ProblemCode::IdShort,
        IdFault::Character => ProblemCode::IdBadCharacter,
        IdFault::LostDigits => ProblemCode::IdLostDigits,
        IdFault::Birth => ProblemCode::IdBirthInvalid,
        IdFault::Checksum => ProblemCode::IdChecksum,
    }
}

/// Fields a family is helped or identified by: an unreadable value is asked about instead of left out.
const fn weighs(field: Field) -> bool {
    matches!(
        field,
        Field::Sex
            | Field::Ethnicity
            | Field::IdKind
            | Field::LeftBehind
            | Field::Orphan
            | Field::Disability
            | Field::Inclusive
            | Field::Member(_, MemberField::IsGuardian)
    )
}
