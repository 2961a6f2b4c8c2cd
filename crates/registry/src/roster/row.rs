//! One pupil as a row of the roster gives it, typed.

mod dates;
mod member;
mod names;
mod raw;
mod reader;
#[cfg(test)]
#[path = "tests_row.rs"]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use dates::{DateReading, YearMonth, read_date, read_month};
pub use member::MemberRow;
pub use names::{NAME_MAX, name_fault, tidy_name};
pub use raw::{RawCell, RawRow};

use super::class_label::ClassKey;
use super::headings::{Field, HeadingMatch, MemberNo};
use super::id_number::{IdNumber, Phone};
use super::problem::{Problem, ProblemCode, Severity};
use super::roll_number::RollNumber;
use super::values::{
    BloodType, BoardingKind, Disability, EntryWay, Ethnicity, HealthState, HmtOverseas, HouseholdKind, IdKind,
    Inclusive, LeftBehind, PoliticalStatus, Sex, StudentSource, TravelWay, fold,
};
use reader::Reader;

/// A pupil of the roster. An empty cell is `None`; a cell that could not be read is `None` with a [`Problem`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilRow {
    /// The row in the file, counted from 1.
    pub row: u32,
    /// 学校标识码
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_code: Option<String>,
    /// 校区号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campus: Option<String>,
    /// 姓名, with one form of the middle dot.
    pub name: String,
    /// 曾用名
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_name: Option<String>,
    /// 性别; after checking also from the identity number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// 出生日期; after checking also from the identity number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// 出生地行政区划代码
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_region: Option<String>,
    /// 籍贯
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_place: Option<String>,
    /// 民族
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<Ethnicity>,
    /// 国籍/地区: `CHN` for China, otherwise as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nationality: Option<String>,
    /// 身份证件类型
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_kind: Option<IdKind>,
    /// 身份证件号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<IdNumber>,
    /// 身份证件有效期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_validity: Option<String>,
    /// 港澳台侨外
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hmt_overseas: Option<HmtOverseas>,
    /// 健康状况
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<HealthState>,
    /// 政治面貌
    #[serde(skip_serializing_if = "Option::is_none")]
    pub political: Option<PoliticalStatus>,
    /// 户口性质
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_kind: Option<HouseholdKind>,
    /// 户口所在地行政区划
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_region: Option<String>,
    /// 年级, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade_label: Option<String>,
    /// 班号, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_label: Option<String>,
    /// The class that is meant; filled by the check, which knows the kind of school.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassKey>,
    /// 入学年月
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_month: Option<YearMonth>,
    /// 入学方式
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_way: Option<EntryWay>,
    /// 就读方式
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boarding: Option<BoardingKind>,
    /// 现住址
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_address: Option<String>,
    /// 通信地址
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_address: Option<String>,
    /// 家庭地址
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_address: Option<String>,
    /// 联系电话
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Further numbers of the same cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_phones: Vec<Phone>,
    /// 邮政编码
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_code: Option<String>,
    /// 是否独生子女
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_child: Option<bool>,
    /// 是否受过学前教育
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preschool: Option<bool>,
    /// 是否留守儿童
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_behind: Option<LeftBehind>,
    /// 是否农村留守儿童
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rural_left_behind: Option<bool>,
    /// 是否进城务工人员随迁子女
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrant_worker_child: Option<bool>,
    /// 是否随迁子女
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrant_child: Option<bool>,
    /// 是否孤儿
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orphan: Option<bool>,
    /// 是否烈士或优抚子女
    #[serde(skip_serializing_if = "Option::is_none")]
    pub martyr_family: Option<bool>,
    /// 是否需要申请资助
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_aid: Option<bool>,
    /// 是否享受一补
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gets_allowance: Option<bool>,
    /// 是否由政府购买学位
    #[serde(skip_serializing_if = "Option::is_none")]
    pub government_place: Option<bool>,
    /// 上下学距离, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_distance: Option<String>,
    /// 上下学方式
    #[serde(skip_serializing_if = "Option::is_none")]
    pub travel_way: Option<TravelWay>,
    /// 是否需要乘坐校车
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_bus: Option<bool>,
    /// 血型
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blood_type: Option<BloodType>,
    /// 特长
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talent: Option<String>,
    /// 学籍号, from its own column or from 学籍接续标识 where that holds one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roll_number: Option<RollNumber>,
    /// 学籍接续标识, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roll_continuation: Option<String>,
    /// 学籍辅号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roll_aux_number: Option<String>,
    /// 班内学号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat_number: Option<String>,
    /// 学生来源
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student_source: Option<StudentSource>,
    /// 电子信箱
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// 主页地址
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// 残疾类型
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disability: Option<Disability>,
    /// 是否残疾人
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// 随班就读
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inclusive: Option<Inclusive>,
    /// The family members the row names, at most two.
    pub members: Vec<MemberRow>,
}

impl PupilRow {
    /// Reads a row. Never fails: what cannot be read is left out and noted in `problems`. Checks between fields, between
    /// rows and against the school are [`super::check::Checker`]'s.
    pub fn read(raw: &RawRow<'_>, heads: &HeadingMatch, problems: &mut Vec<Problem>) -> Self {
        let mut r = Reader { raw, heads, problems };
        let name = r.name(Field::Name).unwrap_or_default();
        if name.is_empty() {
            r.note(ProblemCode::NameMissing, Field::Name);
        }
        let id_kind = r.coded(Field::IdKind);
        let mut phones = r.phones(Field::Phone).unwrap_or_default().into_iter();
        Self {
            row: raw.row,
            school_code: r.plain(Field::SchoolCode),
            campus: r.plain(Field::Campus),
            name,
            former_name: r.text(Field::FormerName),
            sex: r.coded(Field::Sex),
            birth_date: r.date(Field::BirthDate),
            birth_region: r.plain(Field::BirthRegion),
            native_place: r.text(Field::NativePlace),
            ethnicity: r.coded(Field::Ethnicity),
            nationality: r.plain(Field::Nationality).map(nationality),
            id_number: r.id_number(Field::IdNumber, id_kind, Severity::Bad),
            id_kind,
            id_validity: r.text(Field::IdValidity),
            hmt_overseas: r.coded(Field::HmtOverseas),
            health: r.coded(Field::Health),
            political: r.coded(Field::Political),
            household_kind: r.coded(Field::HouseholdKind),
            household_region: r.plain(Field::HouseholdRegion),
            grade_label: r.text(Field::Grade),
            class_label: r.text(Field::Class),
            class: None,
            entry_month: r.month(Field::EntryMonth),
            entry_way: r.coded(Field::EntryWay),
            boarding: r.coded(Field::Boarding),
            current_address: r.text(Field::CurrentAddress),
            mail_address: r.text(Field::MailAddress),
            family_address: r.text(Field::FamilyAddress),
            phone: phones.next(),
            other_phones: phones.collect(),
            post_code: r.plain(Field::PostCode),
            only_child: r.yes_no(Field::OnlyChild),
            preschool: r.yes_no(Field::Preschool),
            left_behind: left_behind(&mut r),
            rural_left_behind: r.yes_no(Field::RuralLeftBehind),
            migrant_worker_child: r.yes_no(Field::MigrantWorkerChild),
            migrant_child: r.yes_no(Field::MigrantChild),
            orphan: r.yes_no(Field::Orphan),
            martyr_family: r.yes_no(Field::MartyrFamily),
            needs_aid: r.yes_no(Field::NeedsAid),
            gets_allowance: r.yes_no(Field::GetsAllowance),
            government_place: r.yes_no(Field::GovernmentPlace),
            travel_distance: r.plain(Field::TravelDistance),
            travel_way: r.coded(Field::TravelWay),
            school_bus: r.yes_no(Field::SchoolBus),
            blood_type: r.coded(Field::BloodType),
            talent: r.text(Field::Talent),
            roll_number: roll_number(&mut r),
            roll_continuation: r.plain(Field::RollContinuation),
            roll_aux_number: r.plain(Field::RollAuxNumber),
            seat_number: r.plain(Field::SeatNumber),
            student_source: r.coded(Field::StudentSource),
            email: r.plain(Field::Email),
            homepage: r.plain(Field::Homepage),
            disability: r.coded(Field::Disability),
            disabled: r.yes_no(Field::Disabled),
            inclusive: r.coded(Field::Inclusive),
            members: MemberNo::ALL.into_iter().filter_map(|no| member::read(&mut r, no)).collect(),
        }
    }
}

fn nationality(text: String) -> String {
    match text.to_ascii_uppercase().as_str() {
        "中国" | "中华人民共和国" | "CN" | "CHN" | "156" => "CHN".to_owned(),
        _ => text,
    }
}

/// A bare "是" does not say whether one parent is away or both: the weaker is kept, and noted.
fn left_behind(r: &mut Reader<'_>) -> Option<LeftBehind> {
    let squeezed = fold::squeeze(r.raw.text(Field::LeftBehind));
    if matches!(squeezed.as_str(), "是" | "有" | "留守" | "留守儿童" | "Y" | "y" | "√" | "✓") {
        r.note(ProblemCode::LeftBehindKindMissing, Field::LeftBehind);
        return Some(LeftBehind::OneParent);
    }
    r.coded(Field::LeftBehind)
}

/// The continuation mark of an export mostly is the roll number; it is taken as one only where it has the shape.
fn roll_number(r: &mut Reader<'_>) -> Option<RollNumber> {
    let text = r.raw.text(Field::RollNumber);
    if fold::is_blank(text) {
        return RollNumber::parse(r.raw.text(Field::RollContinuation)).ok();
    }
    let number = RollNumber::parse(text).ok();
    if number.is_none() {
        r.note(ProblemCode::RollShape, Field::RollNumber);
    }
    number
}
