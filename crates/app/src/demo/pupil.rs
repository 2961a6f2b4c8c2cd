//! Invented pupils of a class.

use super::dice::Dice;
use super::family::{Families, Family, Home};
use super::names::{Age, Names};
use super::plan::{ClassPlan, SchoolPlan};
use gongyu_kernel::Date;
use gongyu_registry::people::Relation;
use gongyu_registry::roster::class_label::Stage;
use gongyu_registry::roster::values::{Disability, Ethnicity, LeftBehind, Sex};
use jiff::ToSpan;
use jiff::civil::date;
use std::rc::Rc;

/// A pupil.
pub(super) struct Pupil {
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) birth: Date,
    pub(super) id_number: String,
    pub(super) ethnicity: Ethnicity,
    pub(super) boarding: bool,
    pub(super) disability: Disability,
    pub(super) seat: usize,
    /// First day in the class.
    pub(super) joined: Date,
    /// Last day, for one who moved away.
    pub(super) left: Option<Date>,
    pub(super) family: Rc<Family>,
    /// Nobody ever reached the family.
    pub(super) never: bool,
}

impl Pupil {
    /// Belongs to a group that the rules ask special visits for, by the district's default choice.
    pub(super) fn special(&self) -> bool {
        let family = &self.family;
        family.away != LeftBehind::None || family.migrant || family.orphan || self.disability != Disability::None
    }
}

/// What pupils are made of, carried from school to school.
pub(super) struct Nursery {
    pub(super) names: Names,
    pub(super) families: Families,
    /// The mother of two whom the guardian's sign-in shows, once her first child is there.
    shown: Option<Rc<Family>>,
    /// A teacher of the school before who is a mother in this one.
    pub(super) teacher_mother: Option<String>,
    /// Her family, once it is made.
    pub(super) mother_found: Option<Rc<Family>>,
    /// Last day of the records so far.
    pub(super) today: Date,
    /// Year in which the school year of today began.
    pub(super) year: i16,
}

/// What the drawings show by name: a class of 青禾小学 and a class of 青禾幼儿园.
const SHOWN_SCHOOLS: [usize; 2] = [0, 1];

impl Nursery {
    /// Nobody yet.
    pub(super) fn new(towns: usize, today: Date, year: i16) -> Self {
        let families = Families::new(towns);
        Self { names: Names::load(), families, shown: None, teacher_mother: None, mother_found: None, today, year }
    }

    /// The pupils of a class, those who left in the years of the records after the others.
    pub(super) fn class(&mut self, dice: &mut Dice, school: &SchoolPlan, class: &ClassPlan, town: &str) -> Vec<Pupil> {
        let home = Home { town: school.town, town_name: town, rural: school.rural };
        let board: Vec<(Sex, String)> = if is_shown(school, class, self.year) {
            self.names.board().iter().map(|(sex, name)| (*sex, (*name).to_owned())).collect()
        } else {
            Vec::new()
        };
        let mut pupils: Vec<Pupil> =
            (0..class.size).map(|seat| self.pupil(dice, school, class, home, seat, board.get(seat))).collect();
        if !board.is_empty() {
            for (seat, pupil) in pupils.iter_mut().enumerate() {
                pupil.never = seat < 3;
            }
        }
        let left = dice.times(class.size as f64 * 0.004);
        let joined = joined(class);
        for n in 0..left {
            let days = (self.today - joined).get_days();
            if days > 120 {
                let mut pupil = self.pupil(dice, school, class, home, class.size + n, None);
                let after = dice.between(60, i64::from(days) - 20);
                pupil.left = pupil.joined.checked_add(after.days()).ok();
                pupils.push(pupil);
            }
        }
        pupils
    }

    fn pupil(
        &mut self,
        dice: &mut Dice,
        school: &SchoolPlan,
        class: &ClassPlan,
        home: Home<'_>,
        seat: usize,
        shown: Option<&(Sex, String)>,
    ) -> Pupil {
        let sex = shown.map_or(if dice.chance(0.52) { Sex::Male } else { Sex::Female }, |(sex, _)| *sex);
        let birth = birth_of(dice, class);
        let (mut sex, mut name, mut ethnicity) = (sex, String::new(), None);
        let family = match self.special_family(dice, school, class, home, seat, birth, shown) {
            Some((family, given)) => {
                name = given;
                family
            }
            None => self.families.family_for(dice, &self.names, home, birth),
        };
        if name.is_empty() {
            if dice.chance(0.0012) {
                let (s, e, n) = self.names.minority(dice);
                (sex, ethnicity, name) = (s, Some(e), n.to_owned());
            } else {
                name = self.names.full(dice, &family.surname, sex, Age::Child);
            }
        }
        let never = dice.chance(if school.rural { 0.056 } else { 0.0113 } * if family.has_phone() { 0.8 } else { 4.0 });
        Pupil {
            id_number: self.families.numbers.id_number(birth, sex),
            ethnicity: ethnicity.unwrap_or(family.ethnicity),
            boarding: dice.chance(boarding_share(class.key.stage, school.rural)),
            disability: disability(dice, class.key.stage),
            name,
            sex,
            birth,
            seat: seat + 1,
            joined: joined(class),
            left: None,
            family,
            never,
        }
    }

    /// The families that the sign-ins show: a mother of two in two schools, and teachers who are mothers.
    #[expect(clippy::too_many_arguments, reason = "a child is placed by as much, and only here")]
    fn special_family(
        &mut self,
        dice: &mut Dice,
        school: &SchoolPlan,
        class: &ClassPlan,
        home: Home<'_>,
        seat: usize,
        birth: Date,
        shown: Option<&(Sex, String)>,
    ) -> Option<(Rc<Family>, String)> {
        if let Some((_, name)) = shown {
            let surname: String = name.chars().take(1).collect();
            let first = surname == "陈";
            let family = loop {
                let family = self.families.found(dice, &self.names, home, &surname, birth, None);
                if !first || plain_pair(&family) {
                    break Rc::new(family);
                }
            };
            if first {
                self.shown = Some(family.clone());
            }
            return Some((family, name.clone()));
        }
        let eldest = class.key.stage == Stage::Kindergarten && class.key.grade(self.year) == Some(3);
        if school.index == SHOWN_SCHOOLS[1] && eldest && seat == 0 && is_second(school, class) {
            return self.shown.clone().map(|family| {
                family.kids.borrow_mut().push(birth);
                (family, "陈语乐".to_owned())
            });
        }
        if seat == 1
            && let Some(mother) = self.teacher_mother.take()
        {
            let surname = self.names.surname(dice).to_owned();
            let family = self.families.found(dice, &self.names, home, &surname, birth, Some(&mother));
            let family = Rc::new(family);
            self.mother_found = Some(family.clone());
            return Some((family, String::new()));
        }
        None
    }
}

/// Mother and father at home, both with a telephone.
fn plain_pair(family: &Family) -> bool {
    let mother = family.ties.first().is_some_and(|tie| tie.relation == Relation::Mother);
    let phones = family.people.iter().filter(|p| p.phone.is_some()).count();
    mother && phones == 2 && family.away == LeftBehind::None && !family.migrant
}

/// Whether this is the class that the drawings show: 三年级2班 of the first school.
pub(super) fn is_shown(school: &SchoolPlan, class: &ClassPlan, year: i16) -> bool {
    let third = class.key.stage == Stage::Primary && class.key.grade(year) == Some(3);
    school.index == SHOWN_SCHOOLS[0] && third && is_second(school, class)
}

/// Whether this is the second class of its grade, or the only one.
fn is_second(school: &SchoolPlan, class: &ClassPlan) -> bool {
    let same = |c: &&ClassPlan| c.key.stage == class.key.stage && c.key.entry_year == class.key.entry_year;
    let classes = school.classes.iter().filter(same).count();
    usize::from(class.key.class_no) == classes.min(2)
}

/// First day of a class: 1 September of its first year.
fn joined(class: &ClassPlan) -> Date {
    date(class.key.entry_year, 9, 1)
}

/// Of the age that grade usually has; a few are a year older.
fn birth_of(dice: &mut Dice, class: &ClassPlan) -> Date {
    let late = i16::from(dice.chance(0.03));
    let first = date(class.key.entry_year - class.key.stage.entry_age() - 1 - late, 9, 1);
    first.checked_add(dice.between(0, 364).days()).unwrap_or(first)
}

const fn boarding_share(stage: Stage, rural: bool) -> f64 {
    match (stage, rural) {
        (Stage::Junior, true) => 0.6,
        (Stage::Junior, false) => 0.06,
        (Stage::Senior, true) => 0.8,
        (Stage::Senior, false) => 0.45,
        (Stage::Vocational, _) => 0.55,
        (Stage::Primary, true) => 0.1,
        (Stage::Special, _) => 0.3,
        _ => 0.0,
    }
}

fn disability(dice: &mut Dice, stage: Stage) -> Disability {
    let share = if stage == Stage::Special { 1.0 } else { 0.003 };
    if dice.chance(share) {
        *dice.pick(&[Disability::Intellect, Disability::Hearing, Disability::Limbs, Disability::Mind])
    } else {
        Disability::None
    }
}
