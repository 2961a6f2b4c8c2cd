//! A family member of a pupil as the row gives it.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use crate::roster::headings::{Field, MemberField, MemberNo};
use crate::roster::id_number::{IdNumber, Phone};
use crate::roster::problem::{ProblemCode, Severity};
use crate::roster::values::{Ethnicity, IdKind, Kinship, Relation, fold};

/// A family member, mostly a guardian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// False for 成员1, true for 成员2.
    pub second: bool,
    /// The name, with one form of the middle dot; empty when the row gives none.
    pub name: String,
    /// What the member is to the pupil.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// The finer word for it ("爷爷", "外婆"), where the row gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kin: Option<String>,
    /// 关系说明
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation_note: Option<String>,
    /// 现住址
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// 户口所在地行政区划
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_region: Option<String>,
    /// The number to call first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Further numbers of the same cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_phones: Vec<Phone>,
    /// 是否监护人; after checking also filled where the headings or the law answer for an absent column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_guardian: Option<bool>,
    /// 身份证件类型
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_kind: Option<IdKind>,
    /// 身份证件号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<IdNumber>,
    /// 民族
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<Ethnicity>,
    /// 工作单位
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_unit: Option<String>,
    /// 职务
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

impl MemberRow {
    /// Which of the two members of the sheet this is.
    pub const fn no(&self) -> MemberNo {
        if self.second { MemberNo::Two } else { MemberNo::One }
    }
}

/// Reads a member; `None` when neither a name nor a telephone is given.
pub(super) fn read(r: &mut Reader<'_>, no: MemberNo) -> Option<MemberRow> {
    let of = |field| Field::Member(no, field);
    let name = r.name(of(MemberField::Name)).unwrap_or_default();
    let mut phones = r.phones(of(MemberField::Phone)).unwrap_or_default().into_iter();
    if name.is_empty() && fold::is_blank(r.raw.text(of(MemberField::Phone))) {
        return None;
    }
    if name.is_empty() {
        r.note(ProblemCode::MemberNameMissing, of(MemberField::Name));
    }
    let relation_note = r.text(of(MemberField::RelationNote));
    let (relation, kin) = kinship(r, no, relation_note.as_deref());
    let id_kind = r.coded(of(MemberField::IdKind));
    Some(MemberRow {
        second: no == MemberNo::Two,
        name,
        relation,
        kin,
        relation_note,
        address: r.text(of(MemberField::Address)),
        household_region: r.plain(of(MemberField::HouseholdRegion)),
        phone: phones.next(),
        other_phones: phones.collect(),
        is_guardian: r.yes_no(of(MemberField::IsGuardian)),
        id_kind,
        id_number: r.id_number(of(MemberField::IdNumber), id_kind, Severity::Ask),
        ethnicity: r.coded(of(MemberField::Ethnicity)),
        work_unit: r.text(of(MemberField::WorkUnit)),
        post: r.text(of(MemberField::Post)),
    })
}

/// The note beside "其他" or "祖父母或外祖父母" often holds the finer word, or the relation itself.
fn kinship(r: &mut Reader<'_>, no: MemberNo, note: Option<&str>) -> (Option<Relation>, Option<String>) {
    let field = Field::Member(no, MemberField::Relation);
    let text = fold::squeeze(r.raw.text(field));
    let noted = note.and_then(Relation::read);
    if fold::is_blank(&text) {
        let by_heading = r.heads.hints[no.index()].relation;
        let kin = noted.as_ref().and_then(|kinship| kinship.kin.clone());
        return (by_heading.or(noted.map(|kinship| kinship.relation)), kin);
    }
    match Relation::read(&text) {
        Some(Kinship { relation, kin: Some(kin) }) => (Some(relation), Some(kin)),
        Some(Kinship { relation: Relation::Other, kin: None }) => {
            let relation = noted.as_ref().map_or(Relation::Other, |kinship| kinship.relation);
            (Some(relation), noted.and_then(|kinship| kinship.kin).or(note.map(short)))
        }
        Some(Kinship { relation, kin: None }) => {
            let same = noted.filter(|kinship| kinship.relation == relation);
            (Some(relation), same.and_then(|kinship| kinship.kin))
        }
        None => {
            r.note(ProblemCode::RelationUnknown, field);
            (Some(Relation::Other), Some(short(&text)))
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}
