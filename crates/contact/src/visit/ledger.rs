//! A recorded visit in the ledger: a touch for each child, reversed and recorded again when what counts
//! of it changes, reversed when the record is taken back.

use super::SOURCE;
use super::model::{Risk, Visit, VisitId, Way};
use super::permit::Held;
use super::record::VisitRecord;
use crate::contact_log::{Candidate, candidates};
use gongyu_kernel::{Date, Id, Result};
use gongyu_ledger::rules::{Depth, StaffRole, Tone, TouchKind};
use gongyu_ledger::touch::{self, NewTouch, Touch};
use gongyu_registry::people::Relation;
use gongyu_store::{Reader, Tx};

/// Kind of touch: only at the family's door it is a home visit.
pub fn kind(way: Way) -> TouchKind {
    if way == Way::Home { TouchKind::VISIT } else { TouchKind::CONTACT }
}

/// How deep: at home and at school one meets, on a line one talks.
pub const fn depth(way: Way) -> Depth {
    match way {
        Way::Home | Way::School => Depth::Met,
        Way::Phone | Way::Video => Depth::Talked,
    }
}

/// What it was about: something pressing makes it a concern, else it began with something good.
pub fn tone(record: &VisitRecord) -> Tone {
    if record.findings.iter().any(|f| f.risk >= Risk::Act) {
        Tone::Concern
    } else if record.good.trim().is_empty() {
        Tone::Neutral
    } else {
        Tone::Good
    }
}

/// Brings the ledger in line with a whole record.
///
/// # Errors
/// As `touch::record`.
pub(super) fn follow(tx: &mut Tx, held: &Held, visit: &Visit, record: &VisitRecord, day: Date, way: Way) -> Result<()> {
    let students = held.students();
    let people = candidates(tx, &students)?;
    let role = StaffRole::parse(&visit.lead_role).unwrap_or(StaffRole::Other);
    let one = |student: &Id| {
        let (guardian, relation) = received(record, *student, &people);
        NewTouch {
            student: *student,
            kind: kind(way),
            depth: depth(way),
            channel: way.channel(),
            tone: Some(tone(record)),
            by_family: visit.reason == super::model::Reason::Asked,
            occurred_on: day,
            guardian,
            relation,
            staff: visit.lead,
            staff_role: Some(role),
            minutes: record.minutes(),
            source: (SOURCE, Some(visit.id)),
            act: None,
            client_key: None,
        }
    };
    let wanted: Vec<NewTouch> = students.iter().map(one).collect();
    let standing = standing(tx, visit.id)?;
    let same = standing.len() == wanted.len() && wanted.iter().all(|w| standing.iter().any(|s| says_the_same(w, s)));
    if !same {
        let ids: Vec<Id> = standing.iter().map(|t| t.id).collect();
        touch::reverse(tx, &ids)?;
        touch::record(tx, &wanted)?;
    }
    Ok(())
}

/// Takes the touches of a visit back.
///
/// # Errors
/// As `touch::reverse`.
pub(super) fn take_back(tx: &mut Tx, visit: VisitId) -> Result<()> {
    let ids: Vec<Id> = standing(tx, visit)?.iter().map(|t| t.id).collect();
    touch::reverse(tx, &ids).map(drop)
}

/// The touches of a visit that were not taken back.
pub(super) fn standing(r: &mut Reader, visit: VisitId) -> Result<Vec<Touch>> {
    Ok(touch::of_source(r, SOURCE, visit)?.into_iter().filter(|t| !t.reversed).collect())
}

fn says_the_same(new: &NewTouch, old: &Touch) -> bool {
    (new.student, &new.kind, new.channel, new.depth, new.tone)
        == (old.student, &old.kind, old.channel, old.depth, old.tone)
        && (new.occurred_on, new.guardian, new.relation, new.minutes)
            == (old.occurred_on, old.guardian, old.relation, old.minutes)
}

/// Guardian and relation met, as far as the roster knows them: a guardian before a mere relation.
fn received(record: &VisitRecord, student: Id, people: &[Candidate]) -> (Option<Id>, Option<Relation>) {
    let of_child = || people.iter().filter(|c| c.student == student);
    let named = record.guardians_met();
    if let Some(found) = of_child().find(|c| named.contains(&c.guardian)) {
        return (Some(found.guardian), Some(found.relation));
    }
    let relation = record.met.iter().find_map(|m| Relation::parse(m));
    match relation.and_then(|rel| of_child().find(|c| c.relation == rel)) {
        Some(found) => (Some(found.guardian), Some(found.relation)),
        None => (None, relation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::model::Theme;
    use crate::visit::record::Finding;

    #[test]
    fn only_at_the_familys_door_it_is_a_home_visit() {
        assert_eq!((kind(Way::Home), depth(Way::Home)), (TouchKind::VISIT, Depth::Met));
        assert_eq!((kind(Way::Phone), depth(Way::Phone)), (TouchKind::CONTACT, Depth::Talked));
        assert_eq!((kind(Way::Video), depth(Way::Video)), (TouchKind::CONTACT, Depth::Talked));
        assert_eq!((kind(Way::School), depth(Way::School)), (TouchKind::CONTACT, Depth::Met));
    }

    #[test]
    fn a_visit_that_begins_with_something_good_is_good_unless_something_presses() {
        let mut record = VisitRecord::default();
        assert_eq!(tone(&record), Tone::Neutral);
        record.good = "爱读书".to_owned();
        assert_eq!(tone(&record), Tone::Good);
        record.findings.push(Finding { theme: Theme::Mood, risk: Risk::Watch, child: None });
        assert_eq!(tone(&record), Tone::Good);
        record.findings.push(Finding { theme: Theme::Care, risk: Risk::Act, child: None });
        assert_eq!(tone(&record), Tone::Concern);
    }
}
