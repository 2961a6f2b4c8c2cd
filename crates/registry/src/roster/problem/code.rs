//! The kinds of problems, each with its weight and its key in the catalogues.

use serde::{Deserialize, Serialize};

/// Whether a row with the problem may be imported. Ordered by weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; the row is imported.
    Note,
    /// A person decides; the row waits.
    Ask,
    /// Must be mended before the row can be imported.
    Bad,
}

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident $severity:ident $word:literal;)+) => {
        /// A kind of problem. The sentence is the message [`ProblemCode::key`] of the catalogues.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode { $($(#[$doc])* $variant,)+ }

        impl ProblemCode {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The key of the sentence in the catalogues, `roster-problem-` and a word.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!("roster-problem-", $word),)+ }
            }

            /// How much the problem weighs, unless the place it is found in says otherwise.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

problem_codes! {
    /// The name is empty.
    NameMissing Bad "name-missing";
    /// More than 50 characters. Args: `max`.
    NameTooLong Bad "name-too-long";
    /// A single character.
    NameOneCharacter Ask "name-one-character";
    /// A character no name holds: a control character, an emoji, a symbol. Args: `char`.
    NameBadCharacter Bad "name-bad-character";
    /// Digits in the name.
    NameDigits Bad "name-digits";
    /// A rare character was lost on the way and stands as `?` or a box.
    NameLostCharacter Bad "name-lost-character";
    /// A character from a private area, which other machines show differently.
    NamePrivateCharacter Ask "name-private-character";
    /// Looks like a trial entry, such as 测试.
    NameTrial Ask "name-trial";
    /// A value outside the set of the field, not kept.
    ValueUnknown Note "value-unknown";
    /// The text is longer than the field can hold. Args: `max`.
    TextTooLong Ask "text-too-long";
    /// Neither the column nor the identity number gives the sex.
    SexMissing Bad "sex-missing";
    /// The identity number says another sex than the column. Args: `id_sex`, `sex`.
    SexIdDiffer Bad "sex-id-differ";
    /// Neither the column nor the identity number gives the date of birth.
    BirthMissing Bad "birth-missing";
    /// The date cannot be read.
    DateUnreadable Bad "date-unreadable";
    /// The date was a spreadsheet number. Args: `date`.
    DateFromSerial Note "date-from-serial";
    /// The date lies in the future.
    DateFuture Bad "date-future";
    /// The identity number says another date of birth. Args: `date`.
    BirthIdDiffer Bad "birth-id-differ";
    /// Only the year differs from the identity number. Args: `year`.
    BirthYearDiffer Bad "birth-year-differ";
    /// The month of entry cannot be read.
    MonthUnreadable Note "month-unreadable";
    /// No identity number.
    IdMissing Bad "id-missing";
    /// The old 15-digit form.
    IdOldForm Bad "id-old-form";
    /// Too few characters. Args: `len`, `diff`.
    IdShort Bad "id-short";
    /// Too many characters. Args: `len`, `diff`.
    IdLong Bad "id-long";
    /// A character that cannot be in the number.
    IdBadCharacter Bad "id-bad-character";
    /// The spreadsheet lost the last digits.
    IdLostDigits Bad "id-lost-digits";
    /// The birth digits are no date.
    IdBirthInvalid Bad "id-birth-invalid";
    /// The check character does not fit.
    IdChecksum Bad "id-checksum";
    /// Another row has the same identity number. Args: `other_row`, `other_name`.
    IdDuplicate Bad "id-duplicate";
    /// The document is of the kind "other", so both members' identity numbers are needed.
    OtherIdNeedsMembers Bad "other-id-needs-members";
    /// The student-roll number has another shape.
    RollShape Ask "roll-shape";
    /// A G number that is not made of this pupil's identity number.
    RollIdDiffer Note "roll-id-differ";
    /// Another row has the same student-roll number. Args: `other_row`, `other_name`.
    RollDuplicate Bad "roll-duplicate";
    /// The student-roll number belongs to another pupil who is already known.
    RollTaken Bad "roll-taken";
    /// Digits missing from a mobile number. Args: `len`, `diff`.
    PhoneShort Bad "phone-short";
    /// Too many digits in a mobile number. Args: `len`, `diff`.
    PhoneLong Bad "phone-long";
    /// Not a telephone number.
    PhoneUnreadable Bad "phone-unreadable";
    /// A landline without its area code.
    PhoneNoAreaCode Ask "phone-no-area-code";
    /// Several numbers in one cell; all are kept, the first is called first. Args: `count`.
    PhoneSeveral Note "phone-several";
    /// No class.
    ClassMissing Bad "class-missing";
    /// The class cannot be read.
    ClassUnreadable Bad "class-unreadable";
    /// The class is a habit of writing that most likely means another. Args: `class`.
    ClassGuessed Bad "class-guessed";
    /// A class number, and nothing says of which grade.
    ClassNoGrade Bad "class-no-grade";
    /// The school has no such grade.
    ClassNotHere Bad "class-not-here";
    /// The grade column says another grade. Args: `grade`, `class`.
    ClassGradeDiffer Bad "class-grade-differ";
    /// Two classes may be meant. Args: `class`, `other`.
    ClassAmbiguous Ask "class-ambiguous";
    /// The class does not exist and may not be made by this import. Args: `class`.
    ClassAbsent Bad "class-absent";
    /// The class does not exist and will be made. Args: `class`.
    ClassNew Note "class-new";
    /// No school code.
    SchoolMissing Bad "school-missing";
    /// No school has this code.
    SchoolUnknown Bad "school-unknown";
    /// The school is not one the person works for.
    SchoolOutside Bad "school-outside";
    /// Nobody is marked as guardian.
    GuardianMissing Bad "guardian-missing";
    /// No guardian has a telephone: the family is reached on paper.
    GuardianNoPhone Note "guardian-no-phone";
    /// A member without a name.
    MemberNameMissing Ask "member-name-missing";
    /// The relation is not one of the known ones; kept as "other".
    RelationUnknown Note "relation-unknown";
    /// A father whose number is a woman's, or a mother whose number is a man's. Args: `relation`.
    RelationSexDiffer Ask "relation-sex-differ";
    /// Both members are written as father, or both as mother. Args: `relation`.
    RelationTwice Ask "relation-twice";
    /// Orphans and families of martyrs need a certificate.
    CertificateNeeded Note "certificate-needed";
    /// Kind of disability and learning in a regular class do not fit. Args: `disability`, `inclusive`.
    DisabilityInclusiveDiffer Ask "disability-inclusive-differ";
    /// The yes-or-no disability column and the kind of disability do not fit. Args: `disability`.
    DisabilityFlagDiffer Ask "disability-flag-differ";
    /// Left behind, but not said whether one parent is away or both; kept as one.
    LeftBehindKindMissing Note "left-behind-kind-missing";
    /// Left behind in one column, not in the other.
    LeftBehindFlagDiffer Ask "left-behind-flag-differ";
    /// An age far from that of the class. Args: `age`, `class`.
    AgeUnlikely Ask "age-unlikely";
    /// Same name, birth date and class as another row. Args: `other_row`.
    PersonDuplicate Ask "person-duplicate";
    /// A pupil already known elsewhere has the same birth date and a guardian's telephone. Args: `school`.
    SamePersonMoved Ask "same-person-moved";
    /// A pupil already known has the same name and birth date, but no number in common. Args: `school`.
    SamePersonDoubt Ask "same-person-doubt";
    /// The pupil was not left behind before. Args: `before`.
    LeftBehindChanged Ask "left-behind-changed";
}
