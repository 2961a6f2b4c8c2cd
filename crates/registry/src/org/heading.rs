//! The three sheets and their columns, found by heading whatever the order, stars, spaces or notes in brackets.

use crate::roster::values::fold::squeeze;
use serde::{Deserialize, Serialize};

/// One of the three sheets, in the order in which they are applied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetKind {
    /// 单位.
    Units,
    /// 教职工.
    Staff,
    /// 班主任.
    Teachers,
}

/// A column of any of the sheets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Kind of unit.
    UnitKind,
    /// Name of the unit.
    UnitName,
    /// Code of the unit; for schools the 10-digit school code.
    UnitCode,
    /// Kind of school.
    SchoolKind,
    /// Town it lies in.
    Town,
    /// Urban or rural.
    Setting,
    /// Telephone of the office, or of the person.
    Phone,
    /// Number of the person within the unit.
    StaffNo,
    /// Name of the person.
    Name,
    /// Post.
    Title,
    /// Roles in words.
    Roles,
    /// Class as people write it.
    Class,
}

impl SheetKind {
    /// All of them, in the order in which they are applied.
    pub const ALL: [Self; 3] = [Self::Units, Self::Staff, Self::Teachers];

    /// Text in the database and in the catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Staff => "staff",
            Self::Teachers => "teachers",
        }
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == text)
    }

    /// Name of the sheet in the template.
    pub const fn sheet_name(self) -> &'static str {
        match self {
            Self::Units => "单位",
            Self::Staff => "教职工",
            Self::Teachers => "班主任",
        }
    }

    /// Its columns in the order of the template, with whether each must be filled.
    pub const fn columns(self) -> &'static [(Column, bool)] {
        match self {
            Self::Units => &[
                (Column::UnitKind, true),
                (Column::UnitName, true),
                (Column::UnitCode, false),
                (Column::SchoolKind, false),
                (Column::Town, false),
                (Column::Setting, false),
                (Column::Phone, false),
            ],
            Self::Staff => &[
                (Column::UnitCode, true),
                (Column::StaffNo, false),
                (Column::Name, true),
                (Column::Title, false),
                (Column::Phone, false),
                (Column::Roles, false),
            ],
            Self::Teachers => &[
                (Column::UnitCode, true),
                (Column::Class, true),
                (Column::StaffNo, false),
                (Column::Name, false),
                (Column::Phone, false),
            ],
        }
    }

    /// Whether headings are those of this sheet: its own mark, and not that of another.
    fn is_meant(self, found: &[Option<Column>]) -> bool {
        let has = |column| found.contains(&Some(column));
        match self {
            Self::Units => has(Column::UnitKind) && has(Column::UnitName) && !has(Column::Name),
            Self::Staff => has(Column::UnitCode) && has(Column::Name) && !has(Column::Class),
            Self::Teachers => {
                has(Column::UnitCode) && has(Column::Class) && (has(Column::Name) || has(Column::StaffNo))
            }
        }
    }

    /// How well a row of texts passes for the heading of this sheet; 0 means not at all.
    pub fn score(self, texts: &[String]) -> usize {
        let found = self.read(texts);
        if self.is_meant(&found) { found.iter().flatten().count() } else { 0 }
    }

    /// Which column is which; a heading met a second time is left out.
    pub fn read(self, headings: &[String]) -> Vec<Option<Column>> {
        let mut seen = Vec::new();
        headings
            .iter()
            .map(|heading| {
                let column = self.column_of(heading).filter(|column| !seen.contains(column))?;
                seen.push(column);
                Some(column)
            })
            .collect()
    }

    fn column_of(self, heading: &str) -> Option<Column> {
        let plain = plain(heading);
        self.columns().iter().map(|(column, _)| *column).find(|column| column.titles(self).contains(&plain.as_str()))
    }
}

impl Column {
    /// How people head it; the first is the template's own.
    const fn titles(self, sheet: SheetKind) -> &'static [&'static str] {
        match (self, sheet) {
            (Self::UnitKind, _) => &["单位类型", "类型", "单位类别", "机构类型"],
            (Self::UnitName, _) => &["单位名称", "名称", "学校名称", "单位全称", "单位"],
            (Self::UnitCode, SheetKind::Units) => &["单位代码", "学校标识码", "学校代码", "代码", "标识码", "机构代码"],
            (Self::UnitCode, _) => &[
                "单位代码",
                "学校标识码",
                "学校代码",
                "代码",
                "标识码",
                "学校",
                "单位",
                "学校名称",
                "单位名称",
                "所在学校",
            ],
            (Self::SchoolKind, _) => &["办学类型", "学校类型", "学校类别", "办学类别", "学段"],
            (Self::Town, _) => &["所属镇街", "镇街", "所在镇街", "乡镇", "街道", "所属乡镇"],
            (Self::Setting, _) => &["城乡", "城乡类型", "城乡分类", "城区乡村"],
            (Self::Phone, SheetKind::Units) => &["办公电话", "电话", "联系电话", "值班电话"],
            (Self::Phone, _) => &["手机", "电话", "手机号", "手机号码", "联系电话", "班主任电话"],
            (Self::StaffNo, _) => &["工号", "教职工号", "职工号", "教师编号", "编号", "班主任工号"],
            (Self::Name, SheetKind::Teachers) => &["班主任姓名", "姓名", "班主任", "教师姓名"],
            (Self::Name, _) => &["姓名", "教职工姓名", "教师姓名"],
            (Self::Title, _) => &["职务", "岗位", "职务或岗位", "任教学科"],
            (Self::Roles, _) => &["身份", "系统身份", "角色", "平台身份"],
            (Self::Class, _) => &["班级", "班级名称", "班号", "班"],
        }
    }

    /// Its heading in the template.
    pub fn title(self, sheet: SheetKind) -> &'static str {
        self.titles(sheet)[0]
    }
}

/// A heading without stars, spaces, colons, or a note in brackets.
fn plain(heading: &str) -> String {
    let squeezed = squeeze(heading);
    let body = squeezed.split('(').next().unwrap_or_default();
    body.chars().filter(|c| !matches!(c, '*' | ':' | '＊' | '★' | '、' | '/')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn columns_are_found_whatever_their_order_stars_spaces_and_notes() {
        let found = SheetKind::Staff.read(&row(&["* 姓 名", "身份（可写多个）", "学校标识码＊", "备注", "手机号 码"]));
        assert_eq!(found, [Some(Column::Name), Some(Column::Roles), Some(Column::UnitCode), None, Some(Column::Phone)]);
    }

    #[test]
    fn each_sheet_is_told_from_the_others() {
        let staff = row(&["单位代码", "工号", "姓名", "职务", "手机", "身份"]);
        let teachers = row(&["单位代码", "班级", "工号", "班主任姓名"]);
        let units = row(&["单位类型", "单位名称", "单位代码", "所属镇街"]);
        let scores = |texts: &[String]| SheetKind::ALL.map(|kind| kind.score(texts) > 0);
        assert_eq!(scores(&units), [true, false, false]);
        assert_eq!(scores(&staff), [false, true, false]);
        assert_eq!(scores(&teachers), [false, false, true]);
        assert_eq!(scores(&row(&["说明"])), [false, false, false]);
    }
}
