//! Pupils, guardians, families, staff.

pub mod family;
mod guardian;
mod model;
mod staff;
mod student;

pub use guardian::{
    Guardian, GuardianOf, NewGuardianship, children_of, end_guardianship, find_guardian, guardians_of, link,
    new_guardian, phone_of, set_phone,
};
pub use model::{ID_BLIND, PHONE_BLIND, ROLL_BLIND, Relation, SealedGuardian, SealedStudent, StudentState};
pub use staff::{NewStaff, Staff, create_staff, find_staff, staff_of_school, staff_phone};
pub use student::{
    NewStudent, Student, class_members, create_student, find_student, index_student, leave, move_to_class,
    student_details, update_student,
};
