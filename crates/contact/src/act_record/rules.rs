//! Which unit holds which kind of activity, and what its attendance is. No SQL, no HTTP.

use gongyu_ledger::rules::{ActKind, Subject, TouchKind};
use gongyu_registry::unit::{Unit, UnitKind};

/// The kinds a unit may record, the usual one first.
pub(super) fn kinds_of(unit: UnitKind) -> &'static [ActKind] {
    const CLASS: &[ActKind] =
        &[ActKind::PARENT_MEETING, ActKind::FAMILY_EDUCATION, ActKind::PRACTICE_ACTIVITY, ActKind::OPEN_DAY];
    const SCHOOL: &[ActKind] = &[
        ActKind::FAMILY_EDUCATION,
        ActKind::PARENT_MEETING,
        ActKind::OPEN_DAY,
        ActKind::PRACTICE_ACTIVITY,
        ActKind::FAMILY_EDUCATION_DAY,
        ActKind::CULTURE_VENUE,
        ActKind::PARENT_COMMITTEE_SET_UP,
        ActKind::PARENT_SCHOOL_SET_UP,
        ActKind::RECORD_CHECK,
    ];
    const DISTRICT: &[ActKind] = &[
        ActKind::FAMILY_EDUCATION,
        ActKind::FAMILY_EDUCATION_DAY,
        ActKind::CULTURE_VENUE,
        ActKind::PRACTICE_ACTIVITY,
        ActKind::CIRCULAR,
    ];
    const OTHER: &[ActKind] =
        &[ActKind::FAMILY_EDUCATION, ActKind::FAMILY_EDUCATION_DAY, ActKind::CULTURE_VENUE, ActKind::PRACTICE_ACTIVITY];
    match unit {
        UnitKind::Class => CLASS,
        UnitKind::School => SCHOOL,
        UnitKind::District => DISTRICT,
        UnitKind::Town | UnitKind::Agency | UnitKind::Community => OTHER,
    }
}

/// The kind of touch that coming to such an activity is; `None` where families do not come as such.
pub(super) fn attended_as(kind: &ActKind) -> Option<TouchKind> {
    if *kind == ActKind::PARENT_MEETING {
        Some(TouchKind::MEETING)
    } else if *kind == ActKind::OPEN_DAY {
        Some(TouchKind::OPEN_DAY)
    } else if *kind == ActKind::FAMILY_EDUCATION || *kind == ActKind::PRACTICE_ACTIVITY {
        Some(TouchKind::CONTACT)
    } else {
        None
    }
}

/// What a unit is to the duty rules.
pub(super) fn subject_of(unit: &Unit) -> Option<Subject> {
    match unit.kind {
        UnitKind::Class => Some(Subject::Class),
        UnitKind::School if unit.school_kind.as_deref() == Some("kindergarten") => Some(Subject::Kindergarten),
        UnitKind::School => Some(Subject::School),
        UnitKind::Town => Some(Subject::Town),
        UnitKind::Community => Some(Subject::Community),
        UnitKind::District => Some(Subject::District),
        UnitKind::Agency => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_district_records_circulars_and_only_schools_set_up_committees() {
        let records = |unit, kind: &ActKind| kinds_of(unit).contains(kind);
        assert!(records(UnitKind::District, &ActKind::CIRCULAR));
        assert!(!records(UnitKind::School, &ActKind::CIRCULAR));
        assert!(records(UnitKind::School, &ActKind::PARENT_COMMITTEE_SET_UP));
        assert!(!records(UnitKind::Class, &ActKind::PARENT_COMMITTEE_SET_UP));
    }

    #[test]
    fn a_family_that_comes_to_a_meeting_leaves_a_touch_of_that_kind_and_a_records_check_leaves_none() {
        assert_eq!(attended_as(&ActKind::PARENT_MEETING), Some(TouchKind::MEETING));
        assert_eq!(attended_as(&ActKind::OPEN_DAY), Some(TouchKind::OPEN_DAY));
        assert_eq!(attended_as(&ActKind::RECORD_CHECK), None);
    }
}
