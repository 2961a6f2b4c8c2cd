use jiff::civil::date;

use super::*;
use crate::roster::class_label::{SchoolKind, Stage};
use crate::roster::headings::{MemberField, MemberNo, match_headings};
use crate::roster::id_number::check_character;
use crate::roster::problem::Severity;

const ONE: MemberNo = MemberNo::One;
const TWO: MemberNo = MemberNo::Two;

struct District;

impl Schools for District {
    fn school(&self, code: &str) -> SchoolAnswer {
        match code {
            "5099000001" => SchoolAnswer::Known(SchoolKind::Primary),
            "5099000002" => SchoolAnswer::Outside,
            _ => SchoolAnswer::Unknown,
        }
    }

    fn class(&self, _: &str, class: &ClassKey) -> ClassAnswer {
        match class.class_no {
            1..=6 => ClassAnswer::Exists,
            7 => ClassAnswer::Creatable,
            _ => ClassAnswer::Absent,
        }
    }
}

fn id(birth: &str, sequence: &str) -> String {
    let body = format!("509901{birth}{sequence}");
    format!("{body}{}", check_character(&body).unwrap_or('?'))
}

struct File {
    heads: HeadingMatch,
    checker: Checker,
    next_row: u32,
}

impl File {
    fn new() -> Self {
        Self::with_fields(Field::all())
    }

    fn with_fields(fields: impl Iterator<Item = Field>) -> Self {
        let rules = CheckRules { today: date(2026, 11, 23), school_year_start: 2026, school_code: None };
        let titles: Vec<String> = fields.map(|field| field.title().to_owned()).collect();
        Self { heads: match_headings(&titles), checker: Checker::new(rules), next_row: 2 }
    }

    /// A boy of grade three with his mother, changed in the given cells.
    fn row(&mut self, changes: &[(Field, &str)]) -> (PupilRow, Vec<Problem>) {
        let mut raw = RawRow::new(self.next_row);
        self.next_row += 1;
        let own = id("20180302", &format!("{:02}1", self.next_row));
        for (field, text) in [
            (Field::SchoolCode, "5099000001"),
            (Field::Name, "向思源"),
            (Field::Sex, "男"),
            (Field::BirthDate, "20180302"),
            (Field::IdNumber, own.as_str()),
            (Field::Class, "三年级2班"),
            (Field::Member(ONE, MemberField::Name), "冉小兰"),
            (Field::Member(ONE, MemberField::Relation), "母亲"),
            (Field::Member(ONE, MemberField::Phone), "13900005562"),
            (Field::Member(ONE, MemberField::IsGuardian), "是"),
        ] {
            raw.set(field, text.to_owned(), false);
        }
        for (field, text) in changes {
            raw.set(*field, *text, false);
        }
        let mut problems = Vec::new();
        let row = self.checker.read(&raw, &self.heads, &District, &mut problems);
        (row, problems)
    }
}

fn found(changes: &[(Field, &str)]) -> Vec<(ProblemCode, Severity)> {
    File::new().row(changes).1.iter().map(|problem| (problem.code, problem.severity)).collect()
}

fn code(changes: &[(Field, &str)]) -> Vec<ProblemCode> {
    found(changes).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_good_row_has_no_problem_and_knows_its_class() {
    let (row, problems) = File::new().row(&[]);
    assert_eq!(problems, []);
    assert_eq!(row.class, Some(ClassKey::of_cohort(Stage::Primary, 2024, 2)));
}

#[test]
fn birth_date_and_sex_must_agree_with_the_identity_number() {
    let (_, problems) = File::new().row(&[(Field::BirthDate, "2018-03-20")]);
    assert_eq!(problems[0].code, ProblemCode::BirthIdDiffer);
    assert!(problems[0].args.contains(&("date".into(), "2018年3月2日".to_owned())));
    assert_eq!(problems[0].fix.as_ref().map(|fix| fix.replacement.as_str()), Some("2018-03-02"));
    assert_eq!(code(&[(Field::BirthDate, "1918-03-02")]), [ProblemCode::BirthYearDiffer]);
    assert_eq!(code(&[(Field::Sex, "女")]), [ProblemCode::SexIdDiffer]);
}

#[test]
fn empty_sex_and_birth_date_come_from_the_identity_number() {
    let (row, problems) = File::new().row(&[(Field::Sex, ""), (Field::BirthDate, "")]);
    assert_eq!(problems, []);
    assert_eq!(row.birth_date, Some(date(2018, 3, 2)));
    assert!(row.sex.is_some());
}

#[test]
fn the_birthplace_need_not_be_the_region_of_the_identity_number() {
    assert_eq!(code(&[(Field::BirthRegion, "110105")]), []);
}

#[test]
fn a_wrong_or_missing_identity_number_is_refused() {
    assert_eq!(found(&[(Field::IdNumber, "")]), [(ProblemCode::IdMissing, Severity::Bad)]);
    assert_eq!(found(&[(Field::IdNumber, "509901201803020411")]), [(ProblemCode::IdChecksum, Severity::Bad)]);
    assert_eq!(found(&[(Field::IdNumber, "5099011803020041")]), [(ProblemCode::IdShort, Severity::Bad)]);
}

#[test]
fn another_document_needs_both_members_numbers() {
    let other = [(Field::IdKind, "其他"), (Field::IdNumber, ""), (Field::Member(TWO, MemberField::Name), "向建国")];
    assert_eq!(code(&other), [ProblemCode::OtherIdNeedsMembers; 2]);
    let (mother, father) = (id("19880302", "042"), id("19870302", "051"));
    let mut with_numbers = other.to_vec();
    with_numbers.push((Field::Member(ONE, MemberField::IdNumber), &mother));
    with_numbers.push((Field::Member(TWO, MemberField::IdNumber), &father));
    assert_eq!(code(&with_numbers), []);
}

#[test]
fn a_guessed_class_waits_with_its_mending_for_all_the_same() {
    let (row, problems) = File::new().row(&[(Field::Class, "3.2")]);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!((problem.code, problem.severity), (ProblemCode::ClassGuessed, Severity::Bad));
    assert_eq!((problem.found.as_str(), problem.column_title.as_str()), ("3.2", "班号"));
    let fix = problem.fix.as_ref().unwrap();
    assert_eq!((fix.replacement.as_str(), fix.applies_same), ("三年级2班", true));
    assert_eq!(row.class, None);
}

#[test]
fn a_new_class_is_told_once_and_an_absent_one_refused() {
    let mut file = File::new();
    let (_, problems) = file.row(&[(Field::Class, "三年级7班")]);
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [ProblemCode::ClassNew]);
    assert_eq!(file.row(&[(Field::Class, "三年级7班"), (Field::Name, "冉佳琪")]).1, []);
    assert_eq!(code(&[(Field::Class, "三年级8班")]), [ProblemCode::ClassAbsent]);
}

#[test]
fn schools_outside_the_scope_are_refused() {
    assert_eq!(code(&[(Field::SchoolCode, "5099000002")]), [ProblemCode::SchoolOutside]);
    assert_eq!(code(&[(Field::SchoolCode, "5099000009")]), [ProblemCode::SchoolUnknown]);
    assert_eq!(code(&[(Field::SchoolCode, "")]), [ProblemCode::SchoolMissing]);
    let mut file = File::new();
    file.checker.rules.school_code = Some("5099000001".to_owned());
    assert_eq!(file.row(&[(Field::SchoolCode, "")]).1, []);
}

#[test]
fn ages_far_from_the_class_are_asked_about() {
    let born = |birth: &str| {
        let number = id(birth, "071");
        found(&[(Field::BirthDate, birth), (Field::IdNumber, &number)])
    };
    assert_eq!(born("20170901"), []);
    assert_eq!(born("20190801"), []);
    assert_eq!(born("20210301"), [(ProblemCode::AgeUnlikely, Severity::Ask)]);
    assert_eq!(born("20110301"), [(ProblemCode::AgeUnlikely, Severity::Ask)]);
}

#[test]
fn one_guardian_is_needed_and_a_telephone_is_not() {
    let guardian = Field::Member(ONE, MemberField::IsGuardian);
    let phone = Field::Member(ONE, MemberField::Phone);
    assert_eq!(found(&[(guardian, "")]), [(ProblemCode::GuardianMissing, Severity::Bad)]);
    assert_eq!(found(&[(guardian, "否")]), [(ProblemCode::GuardianMissing, Severity::Bad)]);
    assert_eq!(found(&[(phone, "无")]), [(ProblemCode::GuardianNoPhone, Severity::Note)]);
    assert_eq!(found(&[(phone, "1390000562")]), [(ProblemCode::PhoneShort, Severity::Bad)]);
    assert_eq!(found(&[(phone, "无"), (Field::Phone, "023-67801234")]), []);
}

#[test]
fn without_a_guardian_column_parents_are_guardians_by_law() {
    let without = |field: &Field| !matches!(field, Field::Member(_, MemberField::IsGuardian));
    let mut file = File::with_fields(Field::all().filter(without));
    let unmarked = (Field::Member(ONE, MemberField::IsGuardian), "");
    let (row, problems) = file.row(&[unmarked]);
    assert_eq!((problems.len(), row.members[0].is_guardian), (0, Some(true)));
    let (_, problems) =
        file.row(&[unmarked, (Field::Name, "冉佳琪"), (Field::Member(ONE, MemberField::Relation), "奶奶")]);
    assert_eq!(problems[0].code, ProblemCode::GuardianMissing);
}

#[test]
fn the_same_number_in_two_rows_names_the_other_row() {
    let mut file = File::new();
    let number = id("20180302", "771");
    let roll = format!("G{number}");
    file.row(&[(Field::IdNumber, &number), (Field::RollNumber, &roll)]);
    let (_, problems) = file.row(&[(Field::Name, "马骁"), (Field::IdNumber, &number)]);
    assert_eq!(problems[0].code, ProblemCode::IdDuplicate);
    assert_eq!(problems[0].args, [("other_row".into(), "2".to_owned()), ("other_name".into(), "向思源".to_owned())]);
    assert!(!problems[0].found.contains("20180302"));
    let (_, problems) = file.row(&[(Field::Name, "马睿"), (Field::RollNumber, &roll)]);
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::RollIdDiffer, ProblemCode::RollDuplicate]);
}

#[test]
fn the_same_name_birth_and_class_twice_is_asked_about() {
    let mut file = File::new();
    file.row(&[]);
    let (_, problems) = file.row(&[]);
    assert_eq!((problems[0].code, problems[0].severity), (ProblemCode::PersonDuplicate, Severity::Ask));
    assert_eq!(file.row(&[(Field::Class, "三年级3班")]).1, []);
}

#[test]
fn flags_that_do_not_fit_each_other_are_asked_about_and_never_block() {
    for (changes, expected) in [
        (
            vec![(Field::Disability, "视力残疾"), (Field::Inclusive, "非随班就读")],
            ProblemCode::DisabilityInclusiveDiffer,
        ),
        (vec![(Field::Disability, "无残疾"), (Field::Disabled, "是")], ProblemCode::DisabilityFlagDiffer),
        (vec![(Field::LeftBehind, "否"), (Field::RuralLeftBehind, "是")], ProblemCode::LeftBehindFlagDiffer),
    ] {
        assert_eq!(found(&changes), [(expected, Severity::Ask)]);
    }
    assert_eq!(found(&[(Field::Orphan, "是")]), [(ProblemCode::CertificateNeeded, Severity::Note)]);
}

#[test]
fn relations_that_cannot_be_are_asked_about() {
    let man = id("19880302", "041");
    assert_eq!(code(&[(Field::Member(ONE, MemberField::IdNumber), &man)]), [ProblemCode::RelationSexDiffer]);
    let second =
        [(Field::Member(TWO, MemberField::Name), "冉小梅"), (Field::Member(TWO, MemberField::Relation), "妈妈")];
    assert_eq!(code(&second), [ProblemCode::RelationTwice]);
}
