//! Who does what with a task, as plain rules.

use super::model::Level;
use gongyu_access::Role;

/// What a person may do with a task they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Read it.
    Read,
    /// It lies with them.
    Own,
    /// It lies one below them: they may take it over.
    Above,
}

/// Where a role works on tasks; `None` for roles that do not.
pub const fn level_of(role: Role) -> Option<Level> {
    match role {
        Role::ClassTeacher => Some(Level::Class),
        Role::SchoolLeader | Role::MoralDirector => Some(Level::School),
        Role::TownOfficer => Some(Level::Town),
        Role::AgencyOfficer | Role::CommunityWorker => Some(Level::Site),
        _ => None,
    }
}

/// The level a task is handed on to; `None` at the end of the way.
pub const fn onward(level: Level) -> Option<Level> {
    match level {
        Level::Class => Some(Level::School),
        Level::School => Some(Level::Town),
        Level::Town => Some(Level::Site),
        Level::Site => None,
    }
}

/// The level a task is handed back to with an answer; `None` for the class teacher, with whom it begins.
pub const fn back(level: Level) -> Option<Level> {
    match level {
        Level::Class => None,
        Level::School => Some(Level::Class),
        Level::Town => Some(Level::School),
        Level::Site => Some(Level::Town),
    }
}

/// Who is told when a day passes, besides the one with whom the task lies: the school of its teachers, the
/// town of its schools and its sites, the district (`None`) of its towns.
pub const fn told_when_late(level: Level) -> Option<Level> {
    match level {
        Level::Class => Some(Level::School),
        Level::School | Level::Site => Some(Level::Town),
        Level::Town => None,
    }
}

/// Whether a role reads a task of its own unit. A town learns whose child it is only once the task was handed
/// to it or its day passed at the school; a site learns of what it was handed; everybody else of a school or
/// the district sees their own.
pub const fn reads(role: Role, level: Level, late: bool) -> bool {
    match role {
        Role::ClassTeacher | Role::SchoolLeader | Role::MoralDirector | Role::DistrictOfficer => true,
        Role::TownOfficer => match level {
            Level::Town | Level::Site => true,
            Level::School => late,
            Level::Class => false,
        },
        Role::AgencyOfficer | Role::CommunityWorker => matches!(level, Level::Site),
        _ => false,
    }
}

/// What a role may do with a task it reads.
pub fn part(role: Role, level: Level, late: bool) -> Part {
    match level_of(role) {
        Some(own) if own == level => Part::Own,
        Some(own) if told_when_late(level) == Some(own) && (late || level != Level::School) => Part::Above,
        _ => Part::Read,
    }
}

/// Whether a knock at the door is noted here: by those who go there for the errand. Teachers note it where they
/// note every contact and every home visit.
pub const fn knocks(level: Level) -> bool {
    matches!(level, Level::Town | Level::Site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_goes_from_the_class_to_the_school_to_the_town_to_a_site_and_the_same_way_back() {
        let mut level = Level::Class;
        let mut way = vec![level];
        while let Some(next) = onward(level) {
            assert_eq!(back(next), Some(level));
            level = next;
            way.push(level);
        }
        assert_eq!(way, Level::ALL);
        assert_eq!(back(Level::Class), None);
    }

    #[test]
    fn a_town_reads_what_was_handed_to_it_and_what_is_late_at_a_school() {
        let reads = |level, late| reads(Role::TownOfficer, level, late);
        assert!(reads(Level::Town, false) && reads(Level::Site, false) && reads(Level::School, true));
        assert!(!reads(Level::School, false) && !reads(Level::Class, true));
    }

    #[test]
    fn a_village_worker_reads_only_errands() {
        for level in [Level::Class, Level::School, Level::Town] {
            assert!(!reads(Role::CommunityWorker, level, true));
        }
        assert!(reads(Role::CommunityWorker, Level::Site, false));
    }

    #[test]
    fn only_whoever_has_a_task_hands_it_on_and_the_next_one_up_may_take_it() {
        assert_eq!(part(Role::ClassTeacher, Level::Class, true), Part::Own);
        assert_eq!(part(Role::ClassTeacher, Level::School, true), Part::Read);
        assert_eq!(part(Role::MoralDirector, Level::Class, false), Part::Above);
        assert_eq!(part(Role::MoralDirector, Level::Town, true), Part::Read);
        assert_eq!(part(Role::TownOfficer, Level::School, false), Part::Read);
        assert_eq!(part(Role::TownOfficer, Level::School, true), Part::Above);
        assert_eq!(part(Role::TownOfficer, Level::Site, false), Part::Above);
        assert_eq!(part(Role::DistrictOfficer, Level::Town, true), Part::Read);
    }

    #[test]
    fn what_is_late_is_told_one_step_up_and_no_further() {
        assert_eq!(told_when_late(Level::Class), Some(Level::School));
        assert_eq!(told_when_late(Level::Site), Some(Level::Town));
        assert_eq!(told_when_late(Level::Town), None);
    }
}
