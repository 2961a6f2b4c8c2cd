//! The import of a district's roster against merely parsing the same file.

use super::Line;
use super::place;
use anyhow::Result;
use gongyu::demo::{self, DemoOptions};
use gongyu_kernel::i18n::Lang;
use gongyu_paper::sheet::{Limits, TableFile, parse_only};
use gongyu_registry::roster::class_label::SchoolKind;
use gongyu_registry::roster::headings::{Field, match_headings};
use gongyu_registry::roster::import::import_files;
use gongyu_registry::unit::{self, NewUnit, Setting, UnitKind};
use gongyu_web::App;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

/// Measures with a file of so many pupils.
pub fn measure(pupils: usize) -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let app = place::app_at(&folder.path().join("data"), "")?;
    let options = DemoOptions { students: pupils, ..DemoOptions::default() };
    let files = demo::roster_files(&options, app.clock().today(), folder.path())?;
    eprintln!("roster written: {} pupils, {} MB", files.pupils, std::fs::metadata(&files.district)?.len() / 1_000_000);
    let began = Instant::now();
    let rows = parse_only(&files.district, &Limits::default(), &score)?;
    let parsed = began.elapsed().as_secs_f64();
    eprintln!("parsed {rows} rows in {parsed:.1} s");
    make_schools(&app, &files.district)?;
    let began = Instant::now();
    let report = import_files(&app, std::slice::from_ref(&files.district), None, false, false, Lang::Zh)?;
    let imported = began.elapsed().as_secs_f64();
    eprintln!("imported in {imported:.1} s: added {}, problems {}", report.added, report.problems.len());
    let began = Instant::now();
    let again = import_files(&app, std::slice::from_ref(&files.district), None, false, false, Lang::Zh)?;
    let second = began.elapsed().as_secs_f64();
    eprintln!("again in {second:.1} s: unchanged {}, added {}", again.unchanged, again.added);
    Ok(vec![Line {
        what: format!("import of {} pupils into an empty district, SQLite", report.added),
        ours: format!("{imported:.1} s; the same file again {second:.1} s"),
        limit: format!("{parsed:.1} s to parse the file"),
        ratio: format!("{:.1} ×", imported / parsed),
        aim: "≤ 3 ×",
    }])
}

fn score(cells: &[String]) -> usize {
    match_headings(cells).score as usize
}

/// The schools that the file names, each of a kind that has the stages of its classes.
fn make_schools(app: &App, file: &Path) -> Result<()> {
    let mut table = TableFile::open(file, &Limits::default())?;
    let heading = table.find_heading(&score)?;
    let heads = match_headings(&heading.headings);
    let at = |field: Field| heads.columns.iter().position(|c| *c == Some(field));
    let (code, grade) = (at(Field::SchoolCode), at(Field::Grade));
    let mut schools: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    table.read_rows(&heading, &mut |row| {
        let cell = |i: Option<usize>| i.and_then(|i| row.cells.get(i)).map_or("", |c| c.text.as_str());
        schools.entry(cell(code).to_owned()).or_default().insert(stage(cell(grade)));
        ControlFlow::Continue(())
    })?;
    let today = app.clock().today();
    app.db.write_wait(move |tx| {
        let unit = |kind, name, code, parent| NewUnit {
            kind,
            code,
            name,
            short_name: "",
            parent,
            school_kind: None,
            setting: None,
            class: None,
            phone: "",
            valid_from: today,
        };
        let district = unit::create(tx, &unit(UnitKind::District, "云岭区", "500199", None))?;
        let town =
            NewUnit { setting: Some(Setting::Urban), ..unit(UnitKind::Town, "临江街道", "", Some(district)) };
        let town = unit::create(tx, &town)?;
        for (code, stages) in &schools {
            let new = NewUnit { school_kind: Some(kind(stages)), ..unit(UnitKind::School, code, code, Some(town)) };
            unit::create(tx, &new)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn stage(grade: &str) -> u8 {
    match grade {
        g if g.ends_with('班') => 0,
        g if ["七", "八", "九"].iter().any(|n| g.starts_with(n)) => 2,
        g if g.starts_with('高') => 3,
        g if g.ends_with('级') && g.starts_with("20") => 4,
        _ => 1,
    }
}

fn kind(stages: &BTreeSet<u8>) -> SchoolKind {
    match stages.iter().copied().collect::<Vec<_>>()[..] {
        [0] => SchoolKind::Kindergarten,
        [1, 2] => SchoolKind::NineYear,
        [2] => SchoolKind::Junior,
        [2, 3] => SchoolKind::CompleteSecondary,
        [3] => SchoolKind::Senior,
        [4] => SchoolKind::Vocational,
        _ => SchoolKind::Primary,
    }
}
