//! The parts of a workbook around its sheets: which sheets there are, which styles are dates.

use std::collections::HashMap;
use std::fs::File;
use std::ops::ControlFlow;

use quick_xml::events::Event;

use super::error::SheetError;
use super::numbers::{is_builtin_date, is_date_format};
use super::package::Package;
use super::rows::{Context, MergedRange, scan_rows};
use super::strings::SharedStrings;
use super::xml::{Xml, attribute};
use super::{Limits, Row};

/// An open workbook.
pub(super) struct Workbook {
    package: Package,
    sheets: Vec<Sheet>,
    strings: SharedStrings,
    date_styles: Vec<bool>,
    date1904: bool,
    limits: Limits,
}

struct Sheet {
    name: String,
    entry: String,
}

struct Relation {
    kind: String,
    target: String,
}

impl Workbook {
    pub(super) fn open(file: File, limits: &Limits) -> Result<Self, SheetError> {
        let mut package = Package::open(file, limits)?;
        let main = main_part(&mut package)?;
        refuse_macro_type(&mut package)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let file_name = main.rsplit('/').next().unwrap_or_default();
        let relations = relations(&mut package, &format!("{folder}/_rels/{file_name}.rels"), &folder)?;
        let (listed, date1904) = listed_sheets(&mut package, &main)?;
        let mut sheets = Vec::new();
        for (name, id) in listed {
            let relation = relations.get(&id).filter(|relation| relation.kind.ends_with("/worksheet"));
            if let Some(entry) = relation.and_then(|relation| package.find(&relation.target)) {
                sheets.push(Sheet { name, entry });
            }
        }
        let of_kind = |kind: &str| relations.values().find(|r| r.kind.ends_with(kind)).map(|r| r.target.clone());
        let strings = match of_kind("/sharedStrings").and_then(|target| package.find(&target)) {
            Some(entry) => SharedStrings::read(package.part(&entry)?, &entry, limits)?,
            None => SharedStrings::default(),
        };
        let date_styles = match of_kind("/styles").and_then(|target| package.find(&target)) {
            Some(entry) => date_styles(&mut package, &entry)?,
            None => Vec::new(),
        };
        Ok(Self { package, sheets, strings, date_styles, date1904, limits: *limits })
    }

    pub(super) fn sheet_names(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    pub(super) fn scan(
        &mut self,
        sheet: usize,
        columns: usize,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<Vec<MergedRange>, SheetError> {
        let entry = &self.sheets[sheet].entry;
        let context = Context {
            strings: &self.strings,
            date_styles: &self.date_styles,
            date1904: self.date1904,
            columns,
            cell_bytes: self.limits.cell_bytes,
        };
        scan_rows(self.package.part(entry)?, entry, &context, each)
    }
}

/// The part that is the workbook, by the package's own relations, else where Excel puts it.
fn main_part(package: &mut Package) -> Result<String, SheetError> {
    let named = relations(package, "_rels/.rels", "")?
        .into_values()
        .find(|relation| relation.kind.ends_with("/officeDocument"))
        .map(|relation| relation.target);
    named
        .into_iter()
        .chain(["xl/workbook.xml".to_owned()])
        .filter(|target| target.ends_with("workbook.xml") || target.starts_with("xl/"))
        .find_map(|target| package.find(&target).filter(|entry| !entry.ends_with(".bin")))
        .ok_or_else(|| SheetError::NotWorkbook { looks: package.looks() })
}

/// A workbook that declares itself macro-enabled is refused even when its macros were taken out.
fn refuse_macro_type(package: &mut Package) -> Result<(), SheetError> {
    let Some(entry) = package.find("[Content_Types].xml") else { return Ok(()) };
    let mut xml = Xml::new(package.part(&entry)?, &entry);
    loop {
        match xml.next()? {
            Event::Start(tag) if attribute(&tag, "ContentType").is_some_and(|kind| kind.contains("macroEnabled")) => {
                return Err(SheetError::Macros { entry });
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Relations by id, targets resolved to part names.
fn relations(package: &mut Package, entry: &str, folder: &str) -> Result<HashMap<String, Relation>, SheetError> {
    let mut found = HashMap::new();
    let Some(entry) = package.find(entry.trim_start_matches('/')) else { return Ok(found) };
    let mut xml = Xml::new(package.part(&entry)?, &entry);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let value = |local| attribute(&tag, local).unwrap_or_default();
                let target = resolve(folder, &value("Target"));
                found.insert(value("Id"), Relation { kind: value("Type"), target });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A target is relative to the folder of the part that names it, unless it begins with a slash.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

/// Names and relation ids of the sheets a person sees, and the epoch of dates.
fn listed_sheets(package: &mut Package, entry: &str) -> Result<(Vec<(String, String)>, bool), SheetError> {
    let mut xml = Xml::new(package.part(entry)?, entry);
    let (mut sheets, mut date1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheet" if attribute(&tag, "state").is_none_or(|state| state == "visible") => {
                    let id = attribute(&tag, "id").unwrap_or_default();
                    sheets.push((attribute(&tag, "name").unwrap_or_default(), id));
                }
                "workbookPr" => date1904 = attribute(&tag, "date1904").is_some_and(|v| v == "1" || v == "true"),
                _ => {}
            },
            Event::Eof => return Ok((sheets, date1904)),
            _ => {}
        }
    }
}

/// For every cell style, whether it shows a number as a date.
fn date_styles(package: &mut Package, entry: &str) -> Result<Vec<bool>, SheetError> {
    let mut xml = Xml::new(package.part(entry)?, entry);
    let mut own_formats: HashMap<u32, bool> = HashMap::new();
    let (mut styles, mut in_cell_styles) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                        own_formats.insert(id, is_date_format(&code));
                    }
                }
                "cellXfs" => in_cell_styles = true,
                "xf" if in_cell_styles => {
                    let id = attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.push(own_formats.get(&id).copied().unwrap_or_else(|| is_builtin_date(id)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cell_styles = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}
