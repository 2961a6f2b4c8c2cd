//! One row of a sheet as what it says, with what cannot be understood of it.

use super::fault::Fault;
use super::heading::{Column, SheetKind};
use super::role_words::{self, RoleWord};
use crate::roster::class_label::SchoolKind;
use crate::roster::id_number::read_phones;
use crate::roster::values::fold::{is_blank, squeeze, tidy};
use crate::unit::{Setting, UnitKind};
use gongyu_access::Role;
use gongyu_kernel::Id;
use gongyu_paper::sheet::Row;
use serde::{Deserialize, Serialize};

/// Longest name or title taken, in characters.
const LONGEST: usize = 60;

/// A row of 单位.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Kind; a row whose kind is not understood has none and is refused.
    pub kind: Option<String>,
    /// Name.
    pub name: String,
    /// Code; may be empty but for schools.
    pub code: String,
    /// Kind of school, as its key.
    pub school_kind: Option<SchoolKind>,
    /// Town, by name.
    pub town: String,
    /// Urban or rural, as its code.
    pub setting: Option<String>,
    /// Office telephone.
    pub phone: String,
}

impl UnitRow {
    /// Kind.
    pub fn kind(&self) -> Option<UnitKind> {
        UnitKind::parse(self.kind.as_deref()?)
    }

    /// Urban or rural.
    pub fn setting(&self) -> Option<Setting> {
        Setting::parse(self.setting.as_deref()?)
    }
}

/// A row of 教职工.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Code or name of the unit.
    pub unit: String,
    /// Number within the unit; may be empty.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// Post.
    pub title: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Roles.
    pub roles: Vec<Role>,
}

/// A row of 班主任.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherRow {
    /// Code or name of the school.
    pub unit: String,
    /// Class as written.
    pub class: String,
    /// Number of the teacher; may be empty.
    pub staff_no: String,
    /// Name of the teacher; may be empty.
    pub name: String,
    /// Telephone of the teacher, to tell namesakes apart.
    pub phone: String,
}

/// A role that a complete list no longer names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndRow {
    /// The grant that ends.
    pub grant: Id,
}

/// A row of any sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// 单位.
    Unit(UnitRow),
    /// 教职工.
    Staff(StaffRow),
    /// 班主任.
    Teacher(TeacherRow),
    /// No row: what a complete list leaves out.
    End(EndRow),
}

/// A row with its place in the file and its faults so far.
#[derive(Clone, Debug)]
pub struct ReadRow {
    /// Sheet.
    pub sheet: SheetKind,
    /// Number as Excel shows it.
    pub number: usize,
    /// What it says.
    pub said: Said,
    /// The cells as they stand, by the template's columns, for the file of bad rows.
    pub cells: Vec<String>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

struct Cells<'a> {
    columns: &'a [Option<Column>],
    row: &'a Row,
    faults: Vec<Fault>,
}

impl Cells<'_> {
    fn raw(&self, column: Column) -> &str {
        let at = self.columns.iter().position(|c| *c == Some(column));
        at.and_then(|i| self.row.cells.get(i)).map_or("", |cell| cell.text.as_str())
    }

    fn text(&mut self, column: Column, required: bool) -> String {
        let text = tidy(self.raw(column)).into_owned();
        let text = if is_blank(&text) { String::new() } else { text };
        if required && text.is_empty() {
            self.faults.push(Fault::Missing(column));
        }
        if text.chars().count() > LONGEST {
            self.faults.push(Fault::TooLong(column));
        }
        text
    }

    /// Codes and numbers: no spaces, and no `.0` where a spreadsheet made a number of them.
    fn code(&mut self, column: Column, required: bool) -> String {
        let text = squeeze(&self.text(column, required));
        text.strip_suffix(".0").map(ToOwned::to_owned).unwrap_or(text)
    }

    fn phone(&mut self) -> String {
        let written = self.raw(Column::Phone).to_owned();
        match read_phones(&written) {
            Ok(phones) => phones.first().map(|p| p.as_str().to_owned()).unwrap_or_default(),
            Err(_) => {
                self.faults.push(Fault::Phone(written));
                String::new()
            }
        }
    }
}

/// Reads a row of a sheet.
pub fn read(sheet: SheetKind, columns: &[Option<Column>], row: &Row) -> ReadRow {
    let mut cells = Cells { columns, row, faults: Vec::new() };
    let said = match sheet {
        SheetKind::Units => Said::Unit(unit_row(&mut cells)),
        SheetKind::Staff => Said::Staff(staff_row(&mut cells)),
        SheetKind::Teachers => Said::Teacher(teacher_row(&mut cells)),
    };
    let written = sheet.columns().iter().map(|(column, _)| cells.raw(*column).to_owned()).collect();
    ReadRow { sheet, number: row.number, said, cells: written, faults: cells.faults }
}

fn unit_row(cells: &mut Cells<'_>) -> UnitRow {
    let written = cells.text(Column::UnitKind, true);
    let meant = unit_kind(&written);
    if meant.is_none() && !written.is_empty() {
        cells.faults.push(Fault::UnitKind(written));
    }
    let kind = meant.map(|(kind, _)| kind);
    let by_kind = meant.and_then(|(_, school)| school);
    let asks = |wanted: &[UnitKind]| kind.is_some_and(|k| wanted.contains(&k));
    let name = cells.text(Column::UnitName, true);
    let code = cells.code(Column::UnitCode, asks(&[UnitKind::School]));
    if asks(&[UnitKind::School]) && !code.is_empty() && !(code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit()))
    {
        cells.faults.push(Fault::CodeShape(code.clone()));
    }
    let written = cells.text(Column::SchoolKind, asks(&[UnitKind::School]) && by_kind.is_none());
    let school_kind = school_kind(&written).or(by_kind).filter(|_| asks(&[UnitKind::School]));
    if asks(&[UnitKind::School]) && school_kind.is_none() && !written.is_empty() {
        cells.faults.push(Fault::SchoolKind(written));
    }
    let town = cells.text(Column::Town, asks(&[UnitKind::School, UnitKind::Community]));
    let written = cells.text(Column::Setting, asks(&[UnitKind::Town]));
    let setting = setting(&written);
    if setting.is_none() && !written.is_empty() {
        cells.faults.push(Fault::Setting(written));
    }
    let phone = cells.phone();
    UnitRow {
        kind: kind.map(|k| k.code().to_owned()),
        name,
        code,
        school_kind,
        town,
        setting: setting.map(|s| s.code().to_owned()),
        phone,
    }
}

fn staff_row(cells: &mut Cells<'_>) -> StaffRow {
    let mut roles = Vec::new();
    for word in role_words::words(&cells.text(Column::Roles, false)) {
        match role_words::read(&word) {
            Some(RoleWord::Role(role)) if !roles.contains(&role) => roles.push(role),
            Some(RoleWord::Role(_) | RoleWord::Nothing) => {}
            Some(RoleWord::ClassTeacher) => cells.faults.push(Fault::TeacherInRoles),
            None => cells.faults.push(Fault::Role(word)),
        }
    }
    StaffRow {
        unit: cells.code(Column::UnitCode, true),
        staff_no: cells.code(Column::StaffNo, false),
        name: cells.text(Column::Name, true),
        title: cells.text(Column::Title, false),
        phone: cells.phone(),
        roles,
    }
}

fn teacher_row(cells: &mut Cells<'_>) -> TeacherRow {
    let row = TeacherRow {
        unit: cells.code(Column::UnitCode, true),
        class: cells.text(Column::Class, true),
        staff_no: cells.code(Column::StaffNo, false),
        name: cells.text(Column::Name, false),
        phone: cells.phone(),
    };
    if row.staff_no.is_empty() && row.name.is_empty() {
        cells.faults.push(Fault::NoPerson);
    }
    row
}

/// Kind of unit by the words people use; a kind of school names a school at once.
fn unit_kind(written: &str) -> Option<(UnitKind, Option<SchoolKind>)> {
    let word = squeeze(written);
    let kind = match word.as_str() {
        "镇街" | "镇" | "乡" | "街道" | "乡镇" | "乡镇街道" => UnitKind::Town,
        "学校" | "中小学" => UnitKind::School,
        "部门" | "成员单位" | "机构" | "单位" => UnitKind::Agency,
        "社区" | "村" | "村居" | "社区站点" | "社区家长学校" => UnitKind::Community,
        other => return school_kind(other).map(|school| (UnitKind::School, Some(school))),
    };
    Some((kind, None))
}

fn school_kind(written: &str) -> Option<SchoolKind> {
    Some(match squeeze(written).as_str() {
        "幼儿园" | "学前" | "学前教育" => SchoolKind::Kindergarten,
        "小学" | "完全小学" | "中心小学" | "教学点" => SchoolKind::Primary,
        "九年一贯制" | "九年一贯制学校" | "九年制" => SchoolKind::NineYear,
        "初中" | "初级中学" => SchoolKind::Junior,
        "高中" | "高级中学" | "普通高中" => SchoolKind::Senior,
        "完全中学" | "完中" | "中学" => SchoolKind::CompleteSecondary,
        "中职" | "中等职业学校" | "职高" | "职业学校" | "职业高中" => SchoolKind::Vocational,
        "特教" | "特殊教育学校" | "特殊教育" => SchoolKind::Special,
        _ => return None,
    })
}

fn setting(written: &str) -> Option<Setting> {
    Some(match squeeze(written).as_str() {
        "城区" | "城市" | "城镇" | "城" => Setting::Urban,
        "乡村" | "农村" | "乡" | "村" => Setting::Rural,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "tests_row.rs"]
mod tests;
