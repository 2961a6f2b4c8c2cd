//! Pupils, guardians, families, staff.

mod custody;
mod enrolment;
pub mod family;
mod found;
mod guardian;
mod model;
mod packed;
pub mod pages;
mod staff;
mod staffing;
mod student;
mod withheld;

pub use custody::{
    ClassGuardian, Custody, GuardianNumber, find_tie, guardian_known, guardians_of_class, next_position,
    numbers_of_class, phones_of_child, reindex, reindex_children, resume, set_custody, set_relation, tied_children,
};
pub use enrolment::{Stay, stays};
pub use found::{PUPILS, PupilHit, STAFF, StaffHit, Typed, pupils, staff};
pub use guardian::{
    GUARDIAN_COLUMNS, GUARDIANSHIP_COLUMNS, Guardian, GuardianOf, NewGuardianship, children_of, end_guardianship,
    find_guardian, guardians_of, link, new_guardian, phone_of, phones_of, set_phone,
};
pub(crate) use model::{GUARDIAN_PHONE, GUARDIAN_SEALED, STUDENT_SEALED};
pub use model::{ID_BLIND, PHONE_BLIND, ROLL_BLIND, Relation, SealedGuardian, SealedStudent, StudentState};
pub(crate) use packed::{Packer, unpack};
pub use staff::{NewStaff, Staff, create_staff, find_staff, staff_of_school, staff_phone};
pub use staffing::{
    HeldRole, ROLES, STAFF_OF_UNIT, StaffLine, appoint, dismiss, free_login, hand_over, is_login, is_of_class,
    leave_staff, login_for, login_of, offices_below, past_role, return_staff, roles_in_school, roles_of, staff_lines,
};
pub use student::{
    NewStudent, Student, addresses_of, class_members, create_student, find_student, index_student, leave,
    move_to_class, student_details, update_student,
};
pub use withheld::{hold_back, release, settle, withheld_children};
