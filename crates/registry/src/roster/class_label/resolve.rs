//! From what a row writes about its class to the one class it can mean.

use jiff::civil::Date;

use super::speciality::Speciality;
use super::writing::{self, Form, Writing};
use super::{ClassKey, SchoolKind, Stage, vocational};

/// What a row says about its class.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClassClues<'a> {
    /// The class column.
    pub label: &'a str,
    /// The grade column.
    pub grade: Option<&'a str>,
    /// The year whose autumn the pupil entered the school, from 入学年月.
    pub entry_year: Option<i16>,
    /// The date of birth, which tells grade 3 from grade 9 where the writing does not.
    pub birth_date: Option<Date>,
}

/// A class that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassReading {
    /// The class.
    pub key: ClassKey,
    /// False when the writing is only a habit and nothing else in the row supports the reading: a person is asked.
    pub sure: bool,
}

/// Why a class was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassFault {
    /// Nothing written.
    #[error("no class")]
    Empty,
    /// Follows no known habit.
    #[error("not understood")]
    Unreadable,
    /// A class number without a grade, and neither grade column nor entry date says which.
    #[error("a class number without a grade")]
    NoGrade,
    /// A grade or year this school cannot have now.
    #[error("no such grade at this school")]
    NotHere,
    /// The class says one grade, the grade column another.
    #[error("class and grade column differ")]
    GradeDiffers(ClassKey),
    /// Two classes are meant equally well.
    #[error("may mean two classes")]
    Ambiguous(ClassKey, ClassKey),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cohort {
    stage: Stage,
    entry_year: i16,
}

/// Reads the class of a row at a school of this kind in the school year beginning in `school_year_start`.
///
/// The label decides, the grade column must agree with it; entry date and birth date only choose between readings, because
/// pupils who moved here or repeated a year rightly differ from their class.
///
/// # Errors
/// A [`ClassFault`].
pub fn understand(
    clues: &ClassClues<'_>,
    kind: SchoolKind,
    school_year_start: i16,
) -> Result<ClassReading, ClassFault> {
    if clues.label.trim().is_empty() {
        return Err(ClassFault::Empty);
    }
    let taught = || (kind == SchoolKind::Vocational).then(|| vocational::read(clues.label)).flatten();
    let writing = writing::read(clues.label).or_else(taught).ok_or(ClassFault::Unreadable)?;
    let place = Place { kind, year: school_year_start, entry_year: clues.entry_year };
    let by_grade = clues.grade.and_then(writing::read_grade).map(|grade| place.cohorts(&grade)).unwrap_or_default();
    let by_entry = place.entered();
    let (class_no, speciality, form) = parts(&writing);
    let key = |cohort: &Cohort| ClassKey { speciality, ..cohort.class(class_no) };

    let readings = match writing {
        Writing::ClassOnly { .. } if !by_grade.is_empty() => by_grade.clone(),
        Writing::ClassOnly { .. } if clues.entry_year.is_none() => return Err(ClassFault::NoGrade),
        Writing::ClassOnly { .. } => by_entry.clone(),
        _ => place.cohorts(&writing),
    };
    let Some(first) = readings.first() else { return Err(ClassFault::NotHere) };
    let agreeing = both(&readings, &by_grade);
    if !by_grade.is_empty() && agreeing.is_empty() {
        return Err(ClassFault::GradeDiffers(key(first)));
    }
    let readings = if agreeing.is_empty() { readings } else { agreeing };
    let entered = both(&readings, &by_entry);
    let supported = !by_grade.is_empty() || !entered.is_empty();
    let readings = if entered.is_empty() { readings } else { entered };
    let cohort = choose(&readings, clues.birth_date, class_no)?;
    let sure = match form {
        Form::Full => true,
        Form::Digits => supported,
        Form::Loose => false,
    };
    Ok(ClassReading { key: key(&cohort), sure })
}

fn parts(writing: &Writing) -> (u16, Speciality, Form) {
    match *writing {
        Writing::Grade { class_no, speciality, form, .. } | Writing::Year { class_no, speciality, form, .. } => {
            (class_no, speciality, form)
        }
        Writing::ClassOnly { class_no, speciality } => (class_no, speciality, Form::Full),
    }
}

fn both(left: &[Cohort], right: &[Cohort]) -> Vec<Cohort> {
    left.iter().copied().filter(|cohort| right.contains(cohort)).collect()
}

/// The only reading, or the one whose usual age the child is nearest to.
fn choose(readings: &[Cohort], birth: Option<Date>, class_no: u16) -> Result<Cohort, ClassFault> {
    let [first, second, ..] = *readings else { return readings.first().copied().ok_or(ClassFault::NotHere) };
    let unclear = ClassFault::Ambiguous(first.class(class_no), second.class(class_no));
    let Some(birth) = birth else { return Err(unclear) };
    let mut ranked: Vec<(i16, Cohort)> = readings.iter().map(|cohort| (cohort.age_off(birth).abs(), *cohort)).collect();
    ranked.sort_by_key(|(off, _)| *off);
    match ranked[..] {
        [(off, best), (next, _), ..] if off <= 2 && off < next => Ok(best),
        _ => Err(unclear),
    }
}

impl Cohort {
    fn class(self, class_no: u16) -> ClassKey {
        ClassKey::of_cohort(self.stage, self.entry_year, class_no)
    }

    /// Years by which the child's age on entry differs from the usual one.
    fn age_off(self, birth: Date) -> i16 {
        age_on_31_august(birth, self.entry_year) - self.stage.entry_age()
    }
}

/// Full years of age on 31 August of a year, the day the school age is counted to.
pub(in crate::roster) fn age_on_31_august(birth: Date, year: i16) -> i16 {
    year - birth.year() - i16::from(birth.month() > 8)
}

struct Place {
    kind: SchoolKind,
    year: i16,
    entry_year: Option<i16>,
}

impl Place {
    fn cohorts(&self, writing: &Writing) -> Vec<Cohort> {
        match *writing {
            Writing::ClassOnly { .. } => Vec::new(),
            Writing::Grade { stage, number, .. } => self.in_grade(stage, number),
            Writing::Year { stage, year, graduation, .. } => self.of_year(stage, year, graduation),
        }
    }

    fn stages(&self, named: Option<Stage>) -> impl Iterator<Item = Stage> {
        let named = match (named, self.kind) {
            (Some(Stage::Senior), SchoolKind::Vocational) => Some(Stage::Vocational),
            (Some(Stage::Primary | Stage::Junior), SchoolKind::Special) => Some(Stage::Special),
            (named, _) => named,
        };
        self.kind.stages().iter().copied().filter(move |stage| named.is_none_or(|name| name == *stage))
    }

    /// Without a named stage, 1 to 3 means the first years of the school where it has no primary classes.
    fn in_grade(&self, named: Option<Stage>, number: u16) -> Vec<Cohort> {
        let local = |stage: Stage| {
            let before: u16 = match stage {
                Stage::Junior => 6,
                Stage::Senior => 9,
                _ => 0,
            };
            let counts_anew = named.is_some() || !self.kind.stages().contains(&Stage::Primary);
            match number.checked_sub(before) {
                Some(grade) if grade > 0 || before == 0 => Some(grade),
                _ if counts_anew => Some(number),
                _ => None,
            }
        };
        self.stages(named)
            .filter_map(|stage| {
                let grade = u8::try_from(local(stage)?).ok()?;
                let fits = (stage.first_grade()..=stage.top_grade()).contains(&grade);
                let entry_year = ClassKey::in_grade(stage, grade, 1, self.year).entry_year;
                fits.then_some(Cohort { stage, entry_year })
            })
            .collect()
    }

    /// "2026级" is the entry year in most places; where the row's own entry date fits the year of leaving instead, as some
    /// secondary schools write it, that is taken.
    fn of_year(&self, named: Option<Stage>, year: i16, graduation: bool) -> Vec<Cohort> {
        let leaving = |stage: Stage| Cohort { stage, entry_year: year - i16::from(stage.top_grade()) };
        let entering = |stage: Stage| Cohort { stage, entry_year: year };
        let now = |cohort: &Cohort| cohort.class(1).grade(self.year).is_some();
        let by_entry: Vec<Cohort> = self.stages(named).map(entering).filter(now).collect();
        let by_leaving: Vec<Cohort> = self.stages(named).map(leaving).filter(now).collect();
        let fits = |cohorts: &[Cohort]| cohorts.iter().any(|cohort| Some(cohort.entry_year) == self.entry_year);
        if graduation || (!fits(&by_entry) && fits(&by_leaving)) { by_leaving } else { by_entry }
    }

    fn entered(&self) -> Vec<Cohort> {
        self.entry_year.map(|year| self.of_year(None, year, false)).unwrap_or_default()
    }
}
