//! Statements and tables.

use super::Whole;
use gongyu_store::schema;
use gongyu_testkit::{Engine, both_engines};
use gongyu_vault::classes::{CLASSES, Class};

both_engines! {
    fn every_statement_and_every_list_prepares(engine) {
        let whole = Whole::new(engine);
        let wrong = schema::unprepared(whole.house.db()).unwrap();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(gongyu_store::registered().count() > 200, "the registry lost its statements");
    }
}

#[test]
fn both_engines_have_the_same_tables() {
    let lite = schema::shape(Whole::new(Engine::Sqlite).house.db()).unwrap();
    let pg = schema::shape(Whole::new(Engine::Postgres).house.db()).unwrap();
    for (table, columns) in &lite {
        assert_eq!(Some(columns), pg.get(table), "table {table}");
    }
    assert_eq!(lite.len(), pg.len());
}

#[test]
fn every_classed_column_exists_and_every_sealed_one_holds_bytes() {
    let shape = schema::shape(Whole::new(Engine::Sqlite).house.db()).unwrap();
    for (table, column, class) in CLASSES {
        let kind = shape.get(*table).and_then(|c| c.get(*column));
        assert!(kind.is_some(), "{table}.{column} is classed but does not exist");
        if *class == Class::Sealed {
            assert_eq!(kind, Some(&"bytes"), "{table}.{column} is sealed");
        }
    }
    for (table, columns) in &shape {
        for (column, kind) in columns {
            let named = column.ends_with("sealed");
            let classed = CLASSES.iter().any(|(t, c, class)| t == table && c == column && *class == Class::Sealed);
            assert!(!named || *kind != "bytes" || classed, "{table}.{column} is sealed but not classed");
        }
    }
}

#[test]
fn the_figures_of_the_small_district_agree_with_its_ledger() {
    let whole = Whole::new(Engine::Sqlite);
    for feature in &whole.house.app.features {
        if let Some(check) = feature.integrity {
            assert_eq!(check(&whole.house.app).unwrap(), Vec::<String>::new(), "feature {}", feature.name);
        }
    }
}
