//! From what was chosen to classes and children, and how many families that is.

use crate::notice::model::{Audience, ListKind};
use crate::notice::rules::{self, PICKS_MOST};
use crate::notice::settings;
use gongyu_access::Actor;
use gongyu_deliver::ways;
use gongyu_kernel::{Error, Id, Result};
use gongyu_registry::roster::class_label::ClassKey;
use gongyu_registry::unit::{self, UnitKind};
use gongyu_registry::year;
use gongyu_store::{Reader, record, sql};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Children up to whom families are counted one by one; beyond, the classes' ready counts are summed.
const COUNTED_EXACTLY: i64 = 4_000;
/// Classes of which a list is made at most: lists are for a school, not for a district [P].
const CLASSES_OF_LIST: usize = 400;
/// Parts that a family is counted in: divisible by 1 to 10 brothers and sisters.
pub(crate) const FAMILY_PARTS: i64 = 2_520;

/// A class addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The class.
    pub class: Id,
    /// Its school.
    pub school: Id,
    /// All its children, or only those picked.
    pub whole: bool,
}

/// An audience worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// The classes, by identifier.
    pub classes: Vec<Target>,
    /// The children picked in classes that are not addressed whole.
    pub picks: Vec<Id>,
    /// The children left out.
    pub except: Vec<Id>,
}

record! {
    struct ClassRow {
        id: Id,
        school: Id,
        stage: Option<String>,
        entry_year: Option<i16>,
        class_no: Option<u16>,
        speciality: String,
    }
}

/// Works an audience out for a hat: every unit and child chosen must lie in the hat's own unit.
///
/// # Errors
/// `Error::NotFound` for what lies outside, `Error::Forbidden` for a kind of unit that the role does not
/// address, `Error::Invalid` when nobody is chosen, `Error::Conflict("notice-list-too-wide")`.
pub fn resolve(r: &mut Reader, actor: &Actor, audience: &Audience) -> Result<Targets> {
    let hat = unit::find(r, actor.unit()?)?;
    if !settings::may_send(r, actor.hat.role, hat.school)? {
        return Err(Error::Forbidden);
    }
    let units: BTreeSet<Id> = audience.units.iter().copied().collect();
    let units: Vec<Id> = units.into_iter().collect();
    check_units(r, actor, hat.id, &units)?;
    let mut classes = classes_in(r, &units)?;
    if !audience.grades.is_empty() || !audience.stages.is_empty() {
        let start = year::current(r)?.start;
        classes.retain(|c| {
            let Some(key) = key_of(c) else { return false };
            let grade = audience.grades.iter().any(|g| g.stage == key.stage && key.grade(start) == Some(g.grade));
            grade || audience.stages.contains(&key.stage)
        });
    }
    let whole = audience.lists.is_empty();
    let mut picks: BTreeSet<Id> = BTreeSet::new();
    if !whole {
        picks.extend(listed(r, audience, &classes)?);
    }
    let mut targets: BTreeMap<Id, Target> = BTreeMap::new();
    if whole {
        targets.extend(classes.iter().map(|c| (c.id, Target { class: c.id, school: c.school, whole })));
    }
    let chosen: BTreeSet<Id> = audience.children.iter().copied().collect();
    let mut by_hand: Vec<Id> = chosen.iter().copied().collect();
    check_children(r, hat.id, hat.kind, &by_hand)?;
    by_hand.extend(picks.iter().copied());
    let places: Vec<(Id, Id, Id)> = r.rows_in(
        sql!(
            "SELECT s.id, s.class_id, s.school_id FROM student s
              WHERE s.id IN ($1) AND s.state = 'active' AND s.class_id IS NOT NULL"
        ),
        &by_hand,
        &[],
    )?;
    let mut picked = BTreeSet::new();
    for (child, class, school) in places {
        let target = targets.entry(class).or_insert(Target { class, school, whole: false });
        if !target.whole {
            picked.insert(child);
        }
    }
    if targets.is_empty() {
        return Err(Error::field("audience", "notice-nobody"));
    }
    let except: BTreeSet<Id> = audience.except.iter().copied().collect();
    Ok(Targets {
        classes: targets.into_values().collect(),
        picks: picked.into_iter().filter(|id| !except.contains(id)).collect(),
        except: except.into_iter().collect(),
    })
}

fn key_of(row: &ClassRow) -> Option<ClassKey> {
    ClassKey::of_columns(row.stage.as_deref(), row.entry_year, row.class_no, Some(&row.speciality))
}

fn check_units(r: &mut Reader, actor: &Actor, hat: Id, units: &[Id]) -> Result<()> {
    let within: Vec<(Id, UnitKind)> = r.rows_in(
        sql!(
            "SELECT u.id, u.kind FROM unit u
              JOIN unit_closure c ON c.descendant_id = u.id AND c.ancestor_id = $2 AND c.valid_to IS NULL
              WHERE u.id IN ($1) AND u.valid_to IS NULL"
        ),
        units,
        &[&hat],
    )?;
    let known: HashMap<Id, UnitKind> = within.into_iter().collect();
    for unit in units {
        let kind = known.get(unit).ok_or(Error::NotFound)?;
        if !rules::may_address(actor.hat.role, *kind) {
            return Err(Error::Forbidden);
        }
    }
    Ok(())
}

fn check_children(r: &mut Reader, hat: Id, kind: UnitKind, children: &[Id]) -> Result<()> {
    if children.len() > PICKS_MOST {
        return Err(Error::field("audience", "notice-picks-many"));
    }
    let within: Vec<(Id,)> = match kind {
        UnitKind::Class => {
            r.rows_in(sql!("SELECT id FROM student WHERE id IN ($1) AND class_id = $2"), children, &[&hat])?
        }
        UnitKind::School => {
            r.rows_in(sql!("SELECT id FROM student WHERE id IN ($1) AND school_id = $2"), children, &[&hat])?
        }
        _ => r.rows_in(
            sql!(
                "SELECT s.id FROM student s
                  JOIN unit_closure c ON c.descendant_id = s.school_id AND c.ancestor_id = $2 AND c.valid_to IS NULL
                  WHERE s.id IN ($1)"
            ),
            children,
            &[&hat],
        )?,
    };
    let known: HashSet<Id> = within.into_iter().map(|(id,)| id).collect();
    if children.iter().all(|c| known.contains(c)) { Ok(()) } else { Err(Error::NotFound) }
}

fn classes_in(r: &mut Reader, units: &[Id]) -> Result<Vec<ClassRow>> {
    let mut rows: Vec<ClassRow> = r.rows_in(
        sql!(
            "SELECT u.id, u.school_id, u.stage, u.entry_year, u.class_no, u.speciality FROM unit_closure c
              JOIN unit u ON u.id = c.descendant_id
              WHERE c.ancestor_id IN ($1) AND c.valid_to IS NULL AND u.kind = 'class' AND u.valid_to IS NULL"
        ),
        units,
        &[],
    )?;
    rows.sort_by_key(|c| c.id);
    rows.dedup_by_key(|c| c.id);
    Ok(rows)
}

/// The children of some classes who stand in one of the lists.
fn listed(r: &mut Reader, audience: &Audience, classes: &[ClassRow]) -> Result<Vec<Id>> {
    if classes.len() > CLASSES_OF_LIST {
        return Err(Error::conflict("notice-list-too-wide"));
    }
    let ids: Vec<Id> = classes.iter().map(|c| c.id).collect();
    let mut out = Vec::new();
    for list in &audience.lists {
        let found: Vec<(Id,)> = match list.list {
            ListKind::Boarding => r.rows_in(
                sql!("SELECT id FROM student WHERE class_id IN ($1) AND state = 'active' AND boarding"),
                &ids,
                &[],
            )?,
            ListKind::Day => r.rows_in(
                sql!("SELECT id FROM student WHERE class_id IN ($1) AND state = 'active' AND NOT boarding"),
                &ids,
                &[],
            )?,
            ListKind::NeverReached => r.rows_in(
                sql!(
                    "SELECT s.id FROM student s WHERE s.class_id IN ($1) AND s.state = 'active'
                      AND NOT EXISTS (SELECT 1 FROM reach w WHERE w.student_id = s.id AND w.period = 'all'
                                       AND w.n_confirmed + w.n_talked + w.n_met > 0)"
                ),
                &ids,
                &[],
            )?,
            ListKind::SilentOn => {
                let of = list.of.unwrap_or_default();
                r.rows_in(
                    sql!(
                        "SELECT student_id FROM notice_child
                          WHERE class_id IN ($1) AND notice_id = $2 AND state <> 'confirmed'"
                    ),
                    &ids,
                    &[&of],
                )?
            }
        };
        out.extend(found.into_iter().map(|(id,)| id));
    }
    Ok(out)
}

/// What sending would do, before it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Children addressed.
    pub children: i64,
    /// Families: children who share a guardian are one.
    pub families: i64,
    /// Children whose receiving guardians have no telephone and no other way.
    pub no_phone: i64,
    /// Children without anybody who may receive it.
    pub no_guardian: i64,
    /// Classes addressed, whole or in part.
    pub classes: i64,
    /// Families by the way that would carry it; only where they are counted one by one.
    pub by_way: Option<ByWay>,
    /// Classes that had their day's notices already: for them it goes into the digest.
    pub over_cap: Vec<Id>,
    /// Notices to a class and day after which that happens.
    pub cap: i64,
    /// False when families are summed from the classes' ready counts.
    pub exact: bool,
}

/// Families by the way that would carry the letter first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByWay {
    /// WeChat or WeCom.
    pub wechat: i64,
    /// Inside the product, by push or by e-mail, where there is no telephone.
    pub app: i64,
    /// A text message.
    pub sms: i64,
    /// Nothing: somebody calls, or a slip goes home with the child.
    pub by_hand: i64,
}

record! {
    struct Line {
        student: Id,
        family: Id,
        guardian: Option<Id>,
    }
}

/// How many families an audience is: for the composer, at every change of the choice. A district answers
/// from ready counts of its classes.
///
/// # Errors
/// As `resolve`.
pub fn preview(r: &mut Reader, actor: &Actor, audience: &Audience) -> Result<Preview> {
    let targets = resolve(r, actor, audience)?;
    let settings = settings::settings_of(r)?;
    let ids: Vec<Id> = targets.classes.iter().map(|t| t.class).collect();
    let over_cap =
        if ids.len() <= CLASSES_OF_LIST { over_cap(r, &ids, settings.per_class_and_day)? } else { Vec::new() };
    let whole: Vec<Id> = targets.classes.iter().filter(|t| t.whole).map(|t| t.class).collect();
    let ready = super::reach::sums(r, &whole)?;
    let base = Preview {
        classes: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        over_cap,
        cap: settings.per_class_and_day,
        ..Preview::default()
    };
    if ready.children > COUNTED_EXACTLY {
        // What is picked or left out by hand beside a whole district is too few to show.
        return Ok(Preview {
            children: ready.children,
            families: ready.family_parts / FAMILY_PARTS,
            no_phone: ready.no_phone,
            no_guardian: ready.no_guardian,
            ..base
        });
    }
    let mut lines = lines_of_classes(r, &whole)?;
    lines.extend(lines_of_children(r, &targets.picks)?);
    let except: HashSet<Id> = targets.except.iter().copied().collect();
    lines.retain(|l| !except.contains(&l.student));
    counted(r, &lines, base)
}

fn counted(r: &mut Reader, lines: &[Line], base: Preview) -> Result<Preview> {
    let guardians: BTreeSet<Id> = lines.iter().filter_map(|l| l.guardian).collect();
    let guardians: Vec<Id> = guardians.into_iter().collect();
    let ways = ways::of_guardians(r, &guardians)?;
    let mut children: HashMap<Id, (bool, bool)> = HashMap::new();
    let mut families: HashMap<Id, u8> = HashMap::new();
    for line in lines {
        let way = line.guardian.and_then(|g| ways.get(&g)).copied().unwrap_or_default();
        let child = children.entry(line.student).or_default();
        child.0 |= line.guardian.is_some();
        child.1 |= way.any();
        let rank = if way.wechat || way.wecom {
            3
        } else if way.phone {
            2
        } else {
            u8::from(way.any())
        };
        let best = families.entry(line.family).or_default();
        *best = (*best).max(rank);
    }
    let count = |rank: u8| i64::try_from(families.values().filter(|r| **r == rank).count()).unwrap_or(i64::MAX);
    let tally = |f: fn(&(bool, bool)) -> bool| i64::try_from(children.values().filter(|c| f(c)).count()).unwrap_or(0);
    Ok(Preview {
        children: i64::try_from(children.len()).unwrap_or(i64::MAX),
        families: i64::try_from(families.len()).unwrap_or(i64::MAX),
        no_phone: tally(|(known, way)| *known && !*way),
        no_guardian: tally(|(known, _)| !*known),
        by_way: Some(ByWay { wechat: count(3), sms: count(2), app: count(1), by_hand: count(0) }),
        exact: true,
        ..base
    })
}

fn lines_of_classes(r: &mut Reader, classes: &[Id]) -> Result<Vec<Line>> {
    r.rows_in(
        sql!(
            "SELECT s.id, s.family_id, k.guardian_id FROM student s
              LEFT JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND NOT EXISTS (SELECT 1 FROM consent w WHERE w.student_id = s.id AND w.guardian_id = k.guardian_id
                                 AND w.withdrawn_at IS NOT NULL
                                 AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.student_id = s.id
                                                  AND v.guardian_id = k.guardian_id AND v.withdrawn_at IS NULL))
              WHERE s.class_id IN ($1) AND s.state = 'active'"
        ),
        classes,
        &[],
    )
}

fn lines_of_children(r: &mut Reader, children: &[Id]) -> Result<Vec<Line>> {
    r.rows_in(
        sql!(
            "SELECT s.id, s.family_id, k.guardian_id FROM student s
              LEFT JOIN guardianship k ON k.student_id = s.id AND k.valid_to IS NULL AND k.may_receive AND NOT k.restricted
                AND NOT EXISTS (SELECT 1 FROM consent w WHERE w.student_id = s.id AND w.guardian_id = k.guardian_id
                                 AND w.withdrawn_at IS NOT NULL
                                 AND NOT EXISTS (SELECT 1 FROM consent v WHERE v.student_id = s.id
                                                  AND v.guardian_id = k.guardian_id AND v.withdrawn_at IS NULL))
              WHERE s.id IN ($1) AND s.state = 'active'"
        ),
        children,
        &[],
    )
}

/// Of some classes those that had their day's notices already; urgent ones are not counted.
///
/// # Errors
/// As any statement.
pub(crate) fn over_cap(r: &mut Reader, classes: &[Id], cap: i64) -> Result<Vec<Id>> {
    let today = r.today();
    let had: Vec<(Id, i64)> = r.rows_in(
        sql!(
            "SELECT c.class_id, COUNT(*) FROM notice_class c JOIN notice n ON n.id = c.notice_id AND NOT n.urgent
              WHERE c.class_id IN ($1) AND c.day = $2 AND n.correction_of IS NULL GROUP BY c.class_id"
        ),
        classes,
        &[&today],
    )?;
    let mut over: Vec<Id> = had.into_iter().filter(|(_, n)| *n >= cap).map(|(class, _)| class).collect();
    over.sort_unstable();
    over.dedup();
    Ok(over)
}
