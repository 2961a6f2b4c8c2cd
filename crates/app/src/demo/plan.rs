//! The invented district on paper: towns, schools and classes with their sizes, before anything is written.

use super::dice::Dice;
use gongyu_registry::roster::class_label::{ClassKey, SchoolKind, Speciality, Stage};
use gongyu_registry::unit::Setting;
use std::collections::HashSet;

/// A town or sub-district.
#[derive(Clone, Debug)]
pub(super) struct TownPlan {
    pub(super) name: &'static str,
    pub(super) setting: Setting,
    weight: u32,
}

/// A class and how many pupils it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClassPlan {
    pub(super) key: ClassKey,
    pub(super) size: usize,
}

/// A school with its classes.
#[derive(Clone, Debug)]
pub(super) struct SchoolPlan {
    /// Place in the district, from 0.
    pub(super) index: usize,
    /// Place of its town.
    pub(super) town: usize,
    /// Ten digits, invented: no real school's code begins with 99.
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: SchoolKind,
    pub(super) rural: bool,
    pub(super) classes: Vec<ClassPlan>,
}

impl SchoolPlan {
    /// Pupils of the school.
    pub(super) fn pupils(&self) -> usize {
        self.classes.iter().map(|class| class.size).sum()
    }
}

/// The whole district on paper.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) towns: Vec<TownPlan>,
    pub(super) schools: Vec<SchoolPlan>,
}

struct Draft {
    name: String,
    kind: SchoolKind,
    town: usize,
    size: f64,
}

/// Pupils for whom one more school of the list is opened in a small district.
const PUPILS_A_SCHOOL: usize = 500;
/// Even the smallest district has one school of each kind; they head the list.
const FEWEST_SCHOOLS: usize = 13;

impl Plan {
    /// A district of `students` pupils in the school year that begins in `year`.
    pub(super) fn draw(seed: u64, students: usize, year: i16) -> Self {
        let towns = towns();
        let mut dice = Dice::of(seed, 1);
        let mut drafts = listed(&towns);
        let known: f64 = drafts.iter().map(|d| d.size).sum();
        if students as f64 > known {
            further(&mut drafts, &towns, students as f64, &mut dice);
        } else {
            drafts.truncate((students / PUPILS_A_SCHOOL).clamp(FEWEST_SCHOOLS, drafts.len()));
        }
        let sizes = shared_out(students, &drafts.iter().map(|d| d.size).collect::<Vec<_>>());
        let schools = drafts
            .into_iter()
            .zip(sizes)
            .enumerate()
            .map(|(index, (draft, size))| SchoolPlan {
                index,
                town: draft.town,
                code: format!("99{:02}{index:06}", draft.town + 1),
                rural: towns[draft.town].setting == Setting::Rural,
                classes: classes(draft.kind, size, year, &mut dice),
                name: draft.name,
                kind: draft.kind,
            })
            .collect();
        Self { towns, schools }
    }
}

fn towns() -> Vec<TownPlan> {
    let town = |line: &'static str| {
        let mut parts = line.split(' ');
        let (name, setting) = (parts.next()?, parts.next()?);
        let setting = if setting == "rural" { Setting::Rural } else { Setting::Urban };
        Some(TownPlan { name, setting, weight: parts.next()?.parse().ok()? })
    };
    include_str!("data/towns.txt").lines().filter_map(town).collect()
}

fn listed(towns: &[TownPlan]) -> Vec<Draft> {
    let draft = |line: &'static str| {
        let mut parts = line.split(' ');
        let (name, kind, town) = (parts.next()?, SchoolKind::from_key(parts.next()?)?, parts.next()?);
        let town = towns.iter().position(|t| t.name == town)?;
        Some(Draft { name: name.to_owned(), kind, town, size: parts.next()?.parse().ok()? })
    };
    include_str!("data/schools.txt").lines().filter_map(draft).collect()
}

/// Kinds of the further schools of a large district, in the shape of a real one: every second is a kindergarten.
const KINDS: [SchoolKind; 10] = [
    SchoolKind::Primary,
    SchoolKind::Kindergarten,
    SchoolKind::Junior,
    SchoolKind::Kindergarten,
    SchoolKind::Primary,
    SchoolKind::Kindergarten,
    SchoolKind::CompleteSecondary,
    SchoolKind::Kindergarten,
    SchoolKind::Primary,
    SchoolKind::NineYear,
];

fn further(drafts: &mut Vec<Draft>, towns: &[TownPlan], students: f64, dice: &mut Dice) {
    let places: Vec<&str> = include_str!("data/places.txt").split_whitespace().collect();
    let weights: Vec<u32> = towns.iter().map(|t| t.weight).collect();
    let mut taken: HashSet<String> = drafts.iter().map(|d| d.name.clone()).collect();
    let mut total: f64 = drafts.iter().map(|d| d.size).sum();
    let mut n = 0;
    while total < students {
        let kind = KINDS[n % KINDS.len()];
        let town = dice.weighted(&weights);
        let rural = towns[town].setting == Setting::Rural;
        let kind = match kind {
            SchoolKind::CompleteSecondary if rural => SchoolKind::Junior,
            kind => kind,
        };
        let size = usual_size(kind, rural) * dice.within(0.6, 1.4);
        drafts.push(Draft { name: new_name(kind, &places, n, &mut taken), kind, town, size });
        total += size;
        n += 1;
    }
}

fn usual_size(kind: SchoolKind, rural: bool) -> f64 {
    match (kind, rural) {
        (SchoolKind::Kindergarten, true) => 130.0,
        (SchoolKind::Kindergarten, false) => 290.0,
        (SchoolKind::Primary, true) => 380.0,
        (SchoolKind::NineYear, true) => 480.0,
        (SchoolKind::Junior, true) => 430.0,
        (SchoolKind::CompleteSecondary, _) => 1900.0,
        (SchoolKind::Junior, false) => 1000.0,
        _ => 1150.0,
    }
}

fn new_name(kind: SchoolKind, places: &[&str], n: usize, taken: &mut HashSet<String>) -> String {
    let ending = match kind {
        SchoolKind::Kindergarten => "幼儿园",
        SchoolKind::Primary => "小学",
        SchoolKind::NineYear => "学校",
        SchoolKind::Junior => "初级中学",
        _ => "中学",
    };
    let rounds = ["", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十"];
    let start = n * 7;
    for step in 0.. {
        let place = places[(start + step) % places.len()];
        let round = step / places.len();
        let name = match rounds.get(round) {
            Some(word) => format!("{place}{word}{ending}"),
            None => format!("{place}{ending}{round}部"),
        };
        if taken.insert(name.clone()) {
            return name;
        }
    }
    String::new()
}

/// Shares a whole out by weight so that the parts add up to it and none is without.
fn shared_out(whole: usize, weights: &[f64]) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let mut given = 0;
    let mut so_far = 0.0;
    weights
        .iter()
        .map(|weight| {
            so_far += weight;
            let upto = (so_far / total * whole as f64).round() as usize;
            let part = upto.saturating_sub(given);
            given = upto;
            part
        })
        .collect()
}

const fn largest_class(stage: Stage) -> usize {
    match stage {
        Stage::Kindergarten => 30,
        Stage::Primary => 45,
        Stage::Junior => 49,
        Stage::Senior => 52,
        Stage::Vocational => 46,
        Stage::Special => 12,
    }
}

/// What the vocational school teaches, the first most of all.
const TAUGHT: [&str; 4] = ["护理", "计算机应用", "学前教育", "汽车运用与维修"];

fn class_key(stage: Stage, grade: u8, at: usize, year: i16) -> ClassKey {
    let number = |at: usize| u16::try_from(at + 1).unwrap_or(1);
    if stage != Stage::Vocational {
        return ClassKey::in_grade(stage, grade, number(at), year);
    }
    let speciality = Speciality::read(TAUGHT[at % TAUGHT.len()]).unwrap_or_default();
    ClassKey { speciality, ..ClassKey::in_grade(stage, grade, number(at / TAUGHT.len()), year) }
}

fn classes(kind: SchoolKind, pupils: usize, year: i16, dice: &mut Dice) -> Vec<ClassPlan> {
    let grades: Vec<(Stage, u8)> = kind
        .stages()
        .iter()
        .flat_map(|stage| {
            let top = if *stage == Stage::Special { 6 } else { stage.top_grade() };
            (1..=top).map(move |grade| (*stage, grade))
        })
        .collect();
    let weights: Vec<f64> = grades.iter().map(|_| dice.within(0.9, 1.1)).collect();
    let mut out = Vec::new();
    for ((stage, grade), size) in grades.into_iter().zip(shared_out(pupils, &weights)) {
        let number = size.div_ceil(largest_class(stage)).max(usize::from(size > 0));
        let parts = shared_out(size, &vec![1.0; number]);
        for (at, size) in parts.into_iter().enumerate() {
            out.push(ClassPlan { key: class_key(stage, grade, at, year), size });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_has_as_many_pupils_as_asked_for_and_every_name_once() {
        for students in [600, 20_000, 100_000] {
            let plan = Plan::draw(7, students, 2026);
            let pupils: usize = plan.schools.iter().map(SchoolPlan::pupils).sum();
            assert_eq!(pupils, students);
            let names: HashSet<&str> = plan.schools.iter().map(|s| s.name.as_str()).collect();
            assert_eq!(names.len(), plan.schools.len());
            assert!(SchoolKind::ALL.iter().all(|kind| plan.schools.iter().any(|s| s.kind == *kind)));
        }
    }
}
