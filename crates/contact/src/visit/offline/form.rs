//! The record form as data: what the phone draws, in the order of a doorstep: something good first, chips before
//! text, little that must be there. Its choices are those of the model, so that the two cannot drift apart.

use crate::visit::model::{HomeSign, Owner, Point, Risk, Theme, Way};
use crate::visit::record::{LONGEST_MEASURE, LONGEST_TEXT};
use serde_json::{Value, json};

macro_rules! codes {
    ($t:ty) => {
        <$t>::ALL.iter().map(|v| v.code()).collect::<Vec<_>>()
    };
}

/// Keys of the words the choices are shown by.
pub(super) fn word_keys() -> Vec<&'static str> {
    let mut keys: Vec<&'static str> = Vec::new();
    keys.extend(HomeSign::ALL.iter().map(|v| v.label_key()));
    keys.extend(Point::ALL.iter().map(|v| v.label_key()));
    keys.extend(Theme::ALL.iter().map(|v| v.label_key()));
    keys.extend(Risk::ALL.iter().map(|v| v.label_key()));
    keys.extend(Owner::ALL.iter().map(|v| v.label_key()));
    keys.extend(Way::ALL.iter().map(|v| v.label_key()));
    keys.extend(crate::visit::model::Reason::ALL.iter().map(|v| v.label_key()));
    keys
}

fn text(name: &str, rows: u8) -> Value {
    json!({ "name": name, "kind": "text", "rows": rows, "max": LONGEST_TEXT, "label": format!("visit-offline-f-{name}") })
}

/// Words that a doorstep seldom needs: behind a line that opens.
fn folded(name: &str, rows: u8) -> Value {
    with(text(name, rows), "fold", json!(true))
}

fn with(mut field: Value, key: &str, value: Value) -> Value {
    field[key] = value;
    field
}

fn chips(name: &str, kind: &str, choices: &[&str], words: &str) -> Value {
    json!({
        "name": name, "kind": kind, "choices": choices, "words": words, "label": format!("visit-offline-f-{name}"),
    })
}

fn section(name: &str, fields: &[Value]) -> Value {
    json!({ "label": format!("visit-offline-s-{name}"), "fields": fields })
}

/// The form of who leads a visit, and of who comes along.
pub(super) fn forms() -> Value {
    json!({ "lead": lead(), "companion": companion() })
}

fn lead() -> Vec<Value> {
    let good = with(text("good", 2), "hint", json!("visit-offline-h-good"));
    let met = json!({ "name": "met", "kind": "many", "from": "met", "need": true, "label": "visit-offline-f-met" });
    let goers = json!({ "name": "visitors", "kind": "many", "from": "visitors", "label": "visit-offline-f-visitors" });
    let way = with(chips("way", "one", &codes!(Way), "visit-way-"), "need", json!(true));
    let day = json!({ "name": "day", "kind": "day", "need": true, "label": "visit-offline-f-day" });
    let time = |name: &str| json!({ "name": name, "kind": "time", "label": format!("visit-offline-f-{name}") });
    let findings = json!({
        "name": "findings", "kind": "findings", "choices": codes!(Theme), "words": "visit-theme-",
        "risks": codes!(Risk), "riskWords": "visit-risk-", "label": "visit-offline-f-findings",
        "hint": "visit-offline-h-findings",
    });
    let measures = json!({
        "name": "measures", "kind": "rows", "label": "visit-offline-f-measures", "add": "visit-offline-add-measure",
        "of": [
            { "name": "what", "kind": "line", "max": LONGEST_MEASURE, "need": true, "label": "visit-offline-f-what" },
            with(chips("owner", "one", &codes!(Owner), "visit-owner-"), "need", json!(true)),
            { "name": "due", "kind": "day", "label": "visit-offline-f-due" },
        ],
    });
    vec![
        section("begin", &[good, met, way]),
        section(
            "home",
            &[
                chips("home", "many", &codes!(HomeSign), "visit-home-"),
                folded("home_words", 2),
                folded("at_home", 2),
                folded("at_school", 2),
            ],
        ),
        section(
            "talk",
            &[chips("points", "many", &codes!(Point), "visit-point-"), text("talked", 3), folded("opinions", 2)],
        ),
        section("found", &[findings, folded("findings_words", 2)]),
        section("agreed", &[measures, folded("follow_up", 2)]),
        section("facts", &[day, time("from"), time("to"), goers, folded("purpose", 2), folded("outline", 2)]),
    ]
}

fn companion() -> Vec<Value> {
    let part = with(text("part", 5), "hint", json!("visit-offline-h-part"));
    vec![section("part", &[part])]
}
