//! The policy table.

use super::assert_kept;
use gongyu_access::{Action, Role, policy};

#[test]
fn the_policy_table_is_as_kept() {
    assert_kept("policy.txt", &policy::matrix());
}

#[test]
fn nobody_adds_up_rights_and_guardians_have_only_their_own() {
    for action in Action::ALL {
        assert_eq!(Role::Guardian.may(*action), *action == Action::SeeOwnChildren);
        assert_eq!(Role::Auditor.may(*action), *action == Action::SeeAudit);
    }
}
