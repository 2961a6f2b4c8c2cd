//! To whom: what a hat may choose from, and what was chosen.

use crate::notice::model::{Audience, Grade, ListKind, ListRef};
use gongyu_kernel::{Id, Result};
use gongyu_registry::roster::class_label::{ClassKey, Stage};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::{people, year};
use gongyu_store::Reader;
use gongyu_web::FormData;
use gongyu_web::show::View;
use std::collections::BTreeMap;

/// Lists offered.
const LISTS: [ListKind; 3] = [ListKind::NeverReached, ListKind::Boarding, ListKind::Day];

/// Something to be ticked.
pub(super) struct Tick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) on: bool,
}

/// What a hat may choose from, with what is chosen.
pub(super) struct Offer {
    /// Kind of the hat's unit: class, school, town, district.
    pub(super) place: &'static str,
    pub(super) whole: bool,
    pub(super) grades: Vec<Tick>,
    pub(super) stages: Vec<Tick>,
    pub(super) units: Vec<Tick>,
    pub(super) lists: Vec<Tick>,
    pub(super) children: Vec<Tick>,
    /// Classes whose children may be chosen one by one.
    pub(super) pick_from: Vec<Tick>,
    /// The notice whose silent families are meant.
    pub(super) silent_on: Option<Id>,
}

impl Offer {
    /// Whether the finer choices should stand open.
    pub(super) fn is_fine(&self) -> bool {
        self.place == "class" && !self.whole
            || self.units.iter().any(|t| t.on)
            || self.lists.iter().any(|t| t.on)
            || (self.place != "class" && !self.children.is_empty())
    }
}

/// What a hat in `here` may choose from.
///
/// # Errors
/// As any statement.
pub(super) fn offer(r: &mut Reader, view: &View, here: &Unit, chosen: &Audience) -> Result<Offer> {
    let start = year::current(r)?.start;
    let tick = |u: &Unit| Tick { value: u.id.to_string(), label: u.display(start), on: chosen.units.contains(&u.id) };
    let silent_on = chosen.lists.iter().find(|l| l.list == ListKind::SilentOn).and_then(|l| l.of);
    let mut offer = Offer {
        place: here.kind.code(),
        whole: chosen.units.contains(&here.id) && chosen.grades.is_empty() && chosen.stages.is_empty(),
        grades: Vec::new(),
        stages: Vec::new(),
        units: Vec::new(),
        lists: LISTS
            .map(|list| Tick {
                value: list.code().to_owned(),
                label: view.t(&format!("notice-list-{}", list.code().replace('_', "-"))),
                on: chosen.lists.iter().any(|l| l.list == list),
            })
            .into(),
        children: Vec::new(),
        pick_from: Vec::new(),
        silent_on,
    };
    match here.kind {
        UnitKind::Class => {
            offer.children = people::class_members(r, here.id)?
                .into_iter()
                .map(|s| Tick { value: s.id.to_string(), label: s.name, on: chosen.children.contains(&s.id) })
                .collect();
        }
        UnitKind::School => {
            let classes = unit::classes_of(r, here.id)?;
            offer.grades = grades_of(&classes, start, chosen);
            offer.units = classes.iter().map(tick).collect();
            offer.pick_from = classes.iter().map(|c| Tick { on: false, ..tick(c) }).collect();
        }
        UnitKind::Town => {
            offer.units = unit::schools(r, Some(here.id))?.iter().map(tick).collect();
            offer.stages = stages(view, chosen);
        }
        UnitKind::District | UnitKind::Agency | UnitKind::Community => {
            offer.units = unit::towns(r)?.iter().map(tick).collect();
            offer.stages = stages(view, chosen);
        }
    }
    if here.kind != UnitKind::Class {
        for id in chosen.children.iter().take(crate::notice::rules::PICKS_MOST) {
            if let Ok(child) = people::find_student(r, *id) {
                offer.children.push(Tick { value: id.to_string(), label: child.name, on: true });
            }
        }
    }
    Ok(offer)
}

fn stages(view: &View, chosen: &Audience) -> Vec<Tick> {
    let tick = |stage: Stage| Tick {
        value: stage.key().to_owned(),
        label: view.t(&format!("notice-stage-{}", stage.key())),
        on: chosen.stages.contains(&stage),
    };
    Stage::ALL.into_iter().map(tick).collect()
}

fn grades_of(classes: &[Unit], start: i16, chosen: &Audience) -> Vec<Tick> {
    let mut found: BTreeMap<(Stage, u8), ClassKey> = BTreeMap::new();
    for key in classes.iter().filter_map(Unit::class_key) {
        if let Some(grade) = key.grade(start) {
            found.entry((key.stage, grade)).or_insert(key);
        }
    }
    let tick = |((stage, grade), key): ((Stage, u8), ClassKey)| Tick {
        value: format!("{}-{grade}", stage.key()),
        label: key.grade_name(start),
        on: chosen.grades.contains(&Grade { stage, grade }),
    };
    found.into_iter().map(tick).collect()
}

fn grade_of(text: &str) -> Option<Grade> {
    let (stage, grade) = text.rsplit_once('-')?;
    Some(Grade { stage: Stage::from_key(stage)?, grade: grade.parse().ok()? })
}

/// Reads what was chosen.
///
/// # Errors
/// As any statement.
pub(super) fn read(r: &mut Reader, form: &FormData, here: &Unit) -> Result<Audience> {
    let mut chosen = Audience {
        lists: form
            .all("list")
            .into_iter()
            .filter_map(ListKind::parse)
            .filter(|l| *l != ListKind::SilentOn)
            .map(|list| ListRef { list, of: None })
            .collect(),
        ..Audience::default()
    };
    if let Some(of) = form.id("silent_on") {
        chosen.lists.push(ListRef { list: ListKind::SilentOn, of: Some(of) });
    }
    let whole = form.ticked("whole");
    if here.kind == UnitKind::Class {
        if whole || !chosen.lists.is_empty() {
            chosen.units = vec![here.id];
        } else {
            chosen.children = form.ids("child");
        }
        return Ok(chosen);
    }
    chosen.children = form.ids("child");
    chosen.children.dedup();
    let units = form.ids("unit");
    let grades: Vec<Grade> = form.all("grade").into_iter().filter_map(grade_of).collect();
    let stages: Vec<Stage> = form.all("stage").into_iter().filter_map(Stage::from_key).collect();
    if whole {
        chosen.units = vec![here.id];
    } else if !grades.is_empty() && !units.is_empty() {
        // Grades and single classes side by side: the grades become their classes.
        let start = year::current(r)?.start;
        chosen.units = units;
        for class in unit::classes_of(r, here.id)? {
            let of = class.class_key().and_then(|k| Some(Grade { stage: k.stage, grade: k.grade(start)? }));
            if of.is_some_and(|g| grades.contains(&g)) && !chosen.units.contains(&class.id) {
                chosen.units.push(class.id);
            }
        }
    } else if !units.is_empty() {
        chosen.units = units;
        chosen.stages = stages;
    } else if !grades.is_empty() || !stages.is_empty() || !chosen.lists.is_empty() {
        chosen.units = vec![here.id];
        chosen.grades = grades;
        chosen.stages = stages;
    }
    Ok(chosen)
}

/// The choice as a new notice begins: a class teacher's whole class.
pub(super) fn first(here: &Unit, silent_on: Option<Id>) -> Audience {
    match (here.kind, silent_on) {
        (_, Some(of)) => Audience {
            units: vec![here.id],
            lists: vec![ListRef { list: ListKind::SilentOn, of: Some(of) }],
            ..Audience::default()
        },
        (UnitKind::Class, None) => Audience { units: vec![here.id], ..Audience::default() },
        _ => Audience::default(),
    }
}
