//! The family: at least one guardian, someone to call, relations that fit.

use super::Case;
use crate::roster::headings::{Field, MemberField, MemberNo};
use crate::roster::problem::ProblemCode;
use crate::roster::row::PupilRow;
use crate::roster::values::Relation;

pub(super) fn check(case: &mut Case<'_>, row: &mut PupilRow) {
    answer_absent_column(case, row);
    guardians(case, row);
    relations(case, row);
}

/// Where a file has no guardian column, a heading that says 监护人 answers, and else the law: parents are the guardians of
/// their minor children (Civil Code, article 27). An empty cell of an existing column stays empty.
fn answer_absent_column(case: &Case<'_>, row: &mut PupilRow) {
    let column = |no| case.heads.has(Field::Member(no, MemberField::IsGuardian));
    let any_column = MemberNo::ALL.into_iter().any(column);
    for member in row.members.iter_mut().filter(|member| !column(member.no())) {
        let by_heading = case.heads.hints[member.no().index()].guardian;
        let by_law = !any_column && member.relation.is_some_and(Relation::is_parent);
        if by_heading || by_law {
            member.is_guardian = Some(true);
        }
    }
}

fn guardians(case: &mut Case<'_>, row: &PupilRow) {
    let guardian = |field| Field::Member(MemberNo::One, field);
    let mut guardians = row.members.iter().filter(|member| member.is_guardian == Some(true)).peekable();
    if row.members.is_empty() {
        return case.note(ProblemCode::GuardianMissing, guardian(MemberField::Name));
    }
    if guardians.peek().is_none() {
        return case.note(ProblemCode::GuardianMissing, guardian(MemberField::IsGuardian));
    }
    let unread = MemberNo::ALL.into_iter().any(|no| case.has_problem(Field::Member(no, MemberField::Phone)));
    let reachable = row.phone.is_some() || guardians.any(|member| member.phone.is_some());
    if !reachable && !unread && !case.has_problem(Field::Phone) {
        case.note(ProblemCode::GuardianNoPhone, guardian(MemberField::Phone));
    }
}

fn relations(case: &mut Case<'_>, row: &PupilRow) {
    for member in &row.members {
        let (Some(relation), Some(id)) = (member.relation, member.id_number.as_ref().and_then(|id| id.resident()))
        else {
            continue;
        };
        if relation.sex().is_some_and(|sex| sex != id.sex()) {
            let field = Field::Member(member.no(), MemberField::IdNumber);
            let problem = case.problem(ProblemCode::RelationSexDiffer, field);
            case.report(problem.arg("relation", relation.name()));
        }
    }
    if let [first, second] = row.members.as_slice()
        && let Some(relation) = first.relation.filter(|relation| relation.is_parent())
        && second.relation == Some(relation)
    {
        let field = Field::Member(MemberNo::Two, MemberField::Relation);
        case.report(case.problem(ProblemCode::RelationTwice, field).arg("relation", relation.name()));
    }
}
