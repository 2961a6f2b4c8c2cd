//! What the turn of the year does to a school: pure.

use crate::roster::class_label::{ClassKey, SchoolKind, Speciality, Stage};
use gongyu_kernel::{Date, Id};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// First month in which the turn of the year may be done: lessons end in the first days of July.
const FROM_MONTH: i8 = 7;
/// Most classes made for one stage; more is a slip of the finger [K].
pub const MOST_CLASSES: u16 = 40;

/// The school year that may be begun on a day, by the year it begins in; `None` from January to June,
/// when there is nothing to do yet.
pub fn due_year(today: Date) -> Option<i16> {
    (today.month() >= FROM_MONTH).then(|| today.year())
}

/// What becomes of a class in a school year.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fate {
    /// Goes on, one grade up; a class whose entry year this is begins its first grade.
    Rises,
    /// Has finished the top grade of its stage.
    Graduates,
    /// Its first year has not come.
    Waits,
}

/// The fate of a class in the school year beginning in `year`.
pub fn fate(key: &ClassKey, year: i16) -> Fate {
    let grade = year - key.entry_year + 1;
    if grade > i16::from(key.stage.top_grade()) {
        Fate::Graduates
    } else if grade < i16::from(key.stage.first_grade()) {
        Fate::Waits
    } else {
        Fate::Rises
    }
}

/// The class that a graduating class becomes in the same school: in a nine-year school grade 6 goes on as grade 7
/// (Compulsory Education Law, article 2: nine years are one).
pub fn next_class(kind: SchoolKind, key: &ClassKey, year: i16) -> Option<ClassKey> {
    let goes_on = kind == SchoolKind::NineYear && key.stage == Stage::Primary && fate(key, year) == Fate::Graduates;
    goes_on.then_some(ClassKey::of_cohort(Stage::Junior, key.entry_year + 6, key.class_no))
}

/// An open class before the turn.
#[derive(Clone, Debug)]
pub struct ClassNow {
    /// Class.
    pub id: Id,
    /// Cohort.
    pub key: ClassKey,
    /// Pupils in it.
    pub pupils: i64,
    /// Name of its class teacher.
    pub teacher: Option<String>,
}

/// A school before the turn.
#[derive(Clone, Debug)]
pub struct SchoolNow {
    /// Kind of school, which says what stages it has.
    pub kind: SchoolKind,
    /// Its open classes.
    pub classes: Vec<ClassNow>,
    /// Pupils in school who are in no class.
    pub without_class: i64,
}

/// What new entrants begin: a stage, in a vocational school with a speciality.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Course {
    /// The stage.
    pub stage: Stage,
    /// The speciality; none for classes that are only numbered.
    pub speciality: Speciality,
}

impl Course {
    /// A stage without specialities.
    pub const fn of(stage: Stage) -> Self {
        Self { stage, speciality: Speciality::NONE }
    }

    /// What a class was begun as.
    const fn of_class(key: &ClassKey) -> Self {
        Self { stage: key.stage, speciality: key.speciality }
    }
}

impl From<Course> for String {
    fn from(course: Course) -> Self {
        match course.speciality.is_none() {
            true => course.stage.key().to_owned(),
            false => format!("{}-{}", course.stage.key(), course.speciality),
        }
    }
}

impl TryFrom<String> for Course {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (stage, taught) = text.split_once('-').unwrap_or((&text, ""));
        let stage = Stage::from_key(stage).ok_or("no such stage")?;
        Ok(Self { stage, speciality: Speciality::read(taught).ok_or("no such speciality")? })
    }
}

/// How many classes the new entrants get, by what they begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entrants(pub BTreeMap<Course, u16>);

/// As many classes of each course as entered the year before, and never fewer than there are already. A speciality that
/// took nobody the year before is not asked about; a roster that brings it makes its class.
pub fn usual_entrants(now: &SchoolNow, year: i16) -> Entrants {
    let entered = |course: Course, in_year: i16| {
        let same = now.classes.iter().filter(|c| Course::of_class(&c.key) == course && c.key.entry_year == in_year);
        u16::try_from(same.count()).unwrap_or(u16::MAX)
    };
    let mut courses: BTreeSet<Course> = now
        .classes
        .iter()
        .filter(|c| c.key.entry_year == year || c.key.entry_year == year - 1)
        .map(|c| Course::of_class(&c.key))
        .filter(|course| now.kind.stages().contains(&course.stage))
        .collect();
    for stage in now.kind.stages() {
        if !courses.iter().any(|course| course.stage == *stage) {
            courses.insert(Course::of(*stage));
        }
    }
    let of = |course: Course| (course, entered(course, year - 1).max(entered(course, year)).min(MOST_CLASSES));
    Entrants(courses.into_iter().map(of).collect())
}

/// What the turn of the year would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Classes that graduate.
    pub graduating: Vec<ClassNow>,
    /// Classes whose pupils go on to another class of the school.
    pub going_on: Vec<(ClassNow, ClassKey)>,
    /// Classes that stay.
    pub staying: Vec<ClassNow>,
    /// Classes to be made.
    pub opening: Vec<ClassKey>,
    /// Pupils who graduate.
    pub pupils_graduating: i64,
    /// Classes that stay and have no class teacher.
    pub without_teacher: usize,
    /// Pupils in no class.
    pub without_class: i64,
}

impl Plan {
    /// Whether there is anything to do.
    pub fn is_idle(&self) -> bool {
        self.graduating.is_empty() && self.going_on.is_empty() && self.opening.is_empty()
    }
}

/// Plans the turn of the year. Classes of the new entrants are numbered from 1, those that exist are kept.
pub fn plan(now: &SchoolNow, year: i16, entrants: &Entrants) -> Plan {
    let (graduating, staying): (Vec<ClassNow>, Vec<ClassNow>) =
        now.classes.iter().cloned().partition(|c| fate(&c.key, year) == Fate::Graduates);
    let (mut over, mut going_on) = (Vec::new(), Vec::new());
    for class in graduating {
        match next_class(now.kind, &class.key, year) {
            Some(next) if fate(&next, year) == Fate::Rises => going_on.push((class, next)),
            _ => over.push(class),
        }
    }
    let exists = |key: &ClassKey| now.classes.iter().any(|c| c.key == *key);
    let mut opening: Vec<ClassKey> = entrants
        .0
        .iter()
        .filter(|(course, _)| now.kind.stages().contains(&course.stage))
        .flat_map(|(course, wanted)| {
            let Course { stage, speciality } = *course;
            let key = move |class_no| ClassKey { speciality, ..ClassKey::of_cohort(stage, year, class_no) };
            (1..=(*wanted).min(MOST_CLASSES)).map(key)
        })
        .filter(|key| !exists(key))
        .collect();
    for (_, next) in &going_on {
        if !exists(next) && !opening.contains(next) {
            opening.push(*next);
        }
    }
    let graduating = over;
    Plan {
        pupils_graduating: graduating.iter().map(|c| c.pupils).sum(),
        without_teacher: staying.iter().filter(|c| c.teacher.is_none()).count(),
        without_class: now.without_class,
        graduating,
        going_on,
        staying,
        opening,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn class(stage: Stage, grade: u8, class_no: u16, pupils: i64) -> ClassNow {
        let key = ClassKey::in_grade(stage, grade, class_no, 2025);
        ClassNow { id: Id(i64::from(grade) * 100 + i64::from(class_no)), key, pupils, teacher: Some("韩雨".into()) }
    }

    fn school() -> SchoolNow {
        let mut classes: Vec<ClassNow> = (1..=6).map(|grade| class(Stage::Primary, grade, 1, 40)).collect();
        classes.push(class(Stage::Primary, 1, 2, 41));
        classes.push(class(Stage::Primary, 6, 2, 38));
        SchoolNow { kind: SchoolKind::Primary, classes, without_class: 0 }
    }

    fn turned(now: &SchoolNow, plan: &Plan) -> SchoolNow {
        let opened = plan.opening.iter().map(|key| ClassNow { id: Id(1), key: *key, pupils: 0, teacher: None });
        SchoolNow { classes: plan.staying.iter().cloned().chain(opened).collect(), ..now.clone() }
    }

    #[test]
    fn there_is_nothing_to_do_before_july() {
        assert_eq!(due_year(date(2026, 6, 30)), None);
        assert_eq!(due_year(date(2026, 7, 1)), Some(2026));
        assert_eq!(due_year(date(2026, 11, 23)), Some(2026));
    }

    #[test]
    fn top_classes_graduate_and_the_others_rise_by_themselves() {
        let now = school();
        let plan = plan(&now, 2026, &usual_entrants(&now, 2026));
        assert_eq!((plan.graduating.len(), plan.pupils_graduating), (2, 78));
        assert!(plan.graduating.iter().all(|c| c.key.grade(2025) == Some(6)));
        assert_eq!(plan.staying.len(), 6);
        assert_eq!(plan.staying[0].key.display(2026), "二年级1班");
    }

    #[test]
    fn entrants_get_as_many_classes_as_last_year_unless_said_otherwise() {
        let now = school();
        assert_eq!(usual_entrants(&now, 2026).0[&Course::of(Stage::Primary)], 2);
        let three = Entrants([(Course::of(Stage::Primary), 3)].into());
        let names: Vec<String> = plan(&now, 2026, &three).opening.iter().map(|k| k.display(2026)).collect();
        assert_eq!(names, ["一年级1班", "一年级2班", "一年级3班"]);
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let now = school();
        let entrants = usual_entrants(&now, 2026);
        let after = turned(&now, &plan(&now, 2026, &entrants));
        assert!(plan(&after, 2026, &entrants).is_idle());
        assert!(plan(&after, 2026, &usual_entrants(&after, 2026)).is_idle());
    }

    #[test]
    fn every_stage_of_a_nine_year_school_turns_by_its_own_length() {
        let classes =
            vec![class(Stage::Primary, 6, 1, 40), class(Stage::Junior, 3, 1, 45), class(Stage::Junior, 1, 1, 44)];
        let now = SchoolNow { kind: SchoolKind::NineYear, classes, without_class: 0 };
        let plan = plan(&now, 2026, &usual_entrants(&now, 2026));
        assert_eq!(plan.pupils_graduating, 45);
        let opening: Vec<String> = plan.opening.iter().map(|k| k.display(2026)).collect();
        assert_eq!(opening, ["七年级1班"]);
    }

    #[test]
    fn grade_six_of_a_nine_year_school_goes_on_to_grade_seven() {
        let now = SchoolNow {
            kind: SchoolKind::NineYear,
            classes: vec![class(Stage::Primary, 6, 1, 40), class(Stage::Primary, 6, 2, 38)],
            without_class: 0,
        };
        let plan = plan(&now, 2026, &Entrants::default());
        assert!(plan.graduating.is_empty());
        let to: Vec<String> = plan.going_on.iter().map(|(_, key)| key.display(2026)).collect();
        assert_eq!(to, ["七年级1班", "七年级2班"]);
        assert_eq!(plan.opening.len(), 2);
        let primary = SchoolNow { kind: SchoolKind::Primary, ..now };
        assert_eq!(super::plan(&primary, 2026, &Entrants::default()).graduating.len(), 2);
    }

    #[test]
    fn the_turn_of_the_year_keeps_the_specialities() {
        let taught = |name: &str, grade, class_no| {
            let mut class = class(Stage::Vocational, grade, class_no, 40);
            class.key.speciality = Speciality::read(name).unwrap();
            class
        };
        let classes = vec![
            taught("护理", 1, 1),
            taught("护理", 1, 2),
            taught("会计", 1, 1),
            taught("护理", 3, 1),
            taught("汽修", 2, 1),
        ];
        let now = SchoolNow { kind: SchoolKind::Vocational, classes, without_class: 0 };
        let entrants = usual_entrants(&now, 2026);
        let stored = serde_json::to_string(&entrants).unwrap();
        assert_eq!(serde_json::from_str::<Entrants>(&stored).unwrap(), entrants);
        let plan = plan(&now, 2026, &entrants);
        let names: Vec<String> = plan.opening.iter().map(|key| key.display(2026)).collect();
        assert_eq!(names, ["2026级会计1班", "2026级护理1班", "2026级护理2班"]);
        assert_eq!(plan.graduating.len(), 1);
        let stays: Vec<String> = plan.staying.iter().map(|c| c.key.display(2026)).collect();
        assert!(stays.contains(&"2024级汽修1班".to_owned()), "{stays:?}");
        let before: Entrants = serde_json::from_str(r#"{"vocational":4}"#).unwrap();
        assert_eq!(before.0[&Course::of(Stage::Vocational)], 4, "a turn decided before there were specialities");
    }

    #[test]
    fn a_class_for_the_under_threes_becomes_the_first_year_and_a_later_cohort_waits() {
        let toddlers = ClassKey::of_cohort(Stage::Kindergarten, 2026, 1);
        assert_eq!(fate(&toddlers, 2026), Fate::Rises);
        assert_eq!(fate(&ClassKey { entry_year: 2028, ..toddlers }, 2026), Fate::Waits);
        assert_eq!(fate(&ClassKey { entry_year: 2023, ..toddlers }, 2026), Fate::Graduates);
    }
}
