//! Roles as people write them in a list of staff, and in which units they can be held.

use crate::roster::values::fold::squeeze;
use crate::unit::UnitKind;
use gongyu_access::Role;

/// What one word of the roles column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleWord {
    /// A role of the product.
    Role(Role),
    /// 班主任, which needs a class and so its own sheet.
    ClassTeacher,
    /// A post that brings no role of its own, such as 教师.
    Nothing,
}

/// The words of a cell, split at the marks people use.
pub fn words(cell: &str) -> Vec<String> {
    cell.split(['、', '，', ',', ';', '；', '/', '|', ' ', '　', '\n', '+', '和'])
        .map(squeeze)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Reads one word.
pub fn read(word: &str) -> Option<RoleWord> {
    let role = match word {
        "班主任" => return Some(RoleWord::ClassTeacher),
        "教师" | "老师" | "任课教师" | "科任教师" | "职工" | "教职工" | "保育员" | "无" => {
            return Some(RoleWord::Nothing);
        }
        "校领导" | "校长" | "副校长" | "书记" | "副书记" | "园长" | "副园长" | "分管领导" | "学校领导" => {
            Role::SchoolLeader
        }
        "德育主任" | "德育副主任" | "政教主任" | "德育处主任" | "学生处主任" | "德育处" => {
            Role::MoralDirector
        }
        "学籍管理员" | "学籍" | "教务主任" | "教务处" | "教务处主任" | "教务员" | "管理员" => {
            Role::Registrar
        }
        "心理教师" | "心理老师" | "心理健康教师" | "心理辅导员" => Role::Counsellor,
        "镇街干部" | "镇街" | "教管办" | "镇街教育干部" => Role::TownOfficer,
        "区教委" | "区教委干部" | "教委干部" | "区教委工作人员" => Role::DistrictOfficer,
        "系统管理员" | "区管理员" => Role::DistrictAdmin,
        "责任督学" | "督学" => Role::Supervisor,
        "部门工作人员" | "部门联络员" | "部门干部" => Role::AgencyOfficer,
        "社区工作者" | "社区干部" | "社区" => Role::CommunityWorker,
        "安全审计员" | "审计员" => Role::Auditor,
        _ => return None,
    };
    Some(RoleWord::Role(role))
}

/// Whether a role can be held in a unit of this kind.
pub const fn fits(role: Role, kind: UnitKind) -> bool {
    match role {
        Role::SchoolLeader | Role::MoralDirector | Role::Registrar | Role::Counsellor => {
            matches!(kind, UnitKind::School)
        }
        Role::TownOfficer => matches!(kind, UnitKind::Town),
        Role::DistrictOfficer | Role::DistrictAdmin | Role::Auditor => matches!(kind, UnitKind::District),
        Role::Supervisor => matches!(kind, UnitKind::School | UnitKind::Town | UnitKind::District),
        Role::AgencyOfficer => matches!(kind, UnitKind::Agency),
        Role::CommunityWorker => matches!(kind, UnitKind::Community),
        Role::Guardian | Role::ClassTeacher | Role::SubjectTeacher => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_roles_in_one_cell_are_read_each() {
        let read: Vec<_> = words("德育主任、心理老师 班主任").iter().map(|w| read(w)).collect();
        assert_eq!(
            read,
            [
                Some(RoleWord::Role(Role::MoralDirector)),
                Some(RoleWord::Role(Role::Counsellor)),
                Some(RoleWord::ClassTeacher)
            ]
        );
    }

    #[test]
    fn a_role_is_held_only_in_a_unit_that_has_it() {
        assert!(fits(Role::Registrar, UnitKind::School));
        assert!(!fits(Role::Registrar, UnitKind::Town));
        assert!(!fits(Role::DistrictAdmin, UnitKind::School));
        assert!(Role::ALL.iter().all(|role| !fits(*role, UnitKind::Class)));
    }
}
