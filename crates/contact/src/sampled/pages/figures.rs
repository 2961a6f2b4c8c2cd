//! How many families were asked and what they said: of a school, of a town by school, of the district by
//! town. In order of name: nothing here ranks anybody.

use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::calendar::Semester;
use gongyu_kernel::error::Invalid;
use gongyu_kernel::{Date, Error, Id, Millis, Result};
use gongyu_ledger::question::{self, Counts, Outcome, Settings};
use gongyu_paper::book::{Book, Column, ColumnKind, Value};
use gongyu_registry::permit::unit_in_reach;
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::{Download, Flash, Get, Holder, Post, Reply};
use std::collections::HashMap;

/// Families asked in a unit under which their answers are not told: they would point at somebody.
const FEWEST: i64 = 5;

struct Row {
    name: String,
    href: Option<String>,
    counts: Counts,
    /// Neither confirmed nor contradicted nor still waiting.
    rest: i64,
}

impl Row {
    const fn of(name: String, href: Option<String>, counts: Counts) -> Self {
        Self { name, href, counts, rest: counts.unconfirmed() }
    }

    /// Whether so few were asked that what they said stays untold.
    const fn few(&self) -> bool {
        self.counts.asked > 0 && self.counts.asked < FEWEST
    }
}

struct Contradicted {
    id: Id,
    asked_on: Date,
    outcome: Option<Outcome>,
    followed_at: Option<Millis>,
}

struct Rate {
    value: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "sampled/pages/figures.html")]
struct Page {
    above: Option<(String, String)>,
    name: String,
    lead: String,
    last: bool,
    query: String,
    same: String,
    whole: Row,
    column: &'static str,
    rows: Vec<Row>,
    /// Only for the leader of the school itself.
    opens: bool,
    records: Vec<Contradicted>,
    /// Only for who keeps the district's rules.
    rate: Option<Rate>,
    percent: i64,
    file: bool,
}

/// The unit looked at, the days of its questions, and whether they are last semester's.
struct Seen {
    here: Unit,
    last: bool,
    from: Date,
    to: Date,
}

fn seen(g: &mut Get<'_>, actor: &Actor) -> Result<Seen> {
    let id = match g.req.query.get("unit") {
        "" => actor.unit()?,
        given => given.parse().map_err(|_| Error::NotFound)?,
    };
    let here = unit_in_reach(g.r, actor, id, None)?;
    if !matches!(here.kind, UnitKind::School | UnitKind::Town | UnitKind::District) {
        return Err(Error::NotFound);
    }
    let (calendar, today) = (year::calendar(g.r)?, g.r.today());
    let last = g.req.query.get("term") == "last";
    let present: Semester = calendar.semester_of(today);
    let begins = calendar.dates_of(present).from;
    let dates = if last {
        let before = begins.yesterday().map_err(Error::internal)?;
        calendar.dates_of(calendar.semester_of(before))
    } else {
        calendar.dates_of(present)
    };
    Ok(Seen { here, last, from: dates.from, to: dates.to })
}

/// The unit whole, and its parts in order of name.
fn counted(g: &mut Get<'_>, s: &Seen) -> Result<(Counts, Vec<Row>)> {
    let one = (s.here.kind == UnitKind::School).then_some(s.here.id);
    let by_school = question::counts(g.r, one, s.from, s.to)?;
    let sum = |schools: &[Unit]| {
        let mut whole = Counts::default();
        schools.iter().filter_map(|school| by_school.get(&school.id)).for_each(|counts| whole.add(counts));
        whole
    };
    let term = if s.last { "&term=last" } else { "" };
    let row = |unit: &Unit, counts: Counts| {
        Row::of(unit.name.clone(), Some(format!("/questions?unit={}{term}", unit.id)), counts)
    };
    match s.here.kind {
        UnitKind::School => Ok((by_school.get(&s.here.id).copied().unwrap_or_default(), Vec::new())),
        UnitKind::Town => {
            let schools = unit::schools(g.r, Some(s.here.id))?;
            let rows = schools.iter().map(|u| row(u, by_school.get(&u.id).copied().unwrap_or_default()));
            Ok((sum(&schools), rows.collect()))
        }
        _ => {
            let schools = unit::schools(g.r, None)?;
            let mut of_town: HashMap<Id, Vec<Unit>> = HashMap::new();
            for school in &schools {
                if let Some(town) = school.town {
                    of_town.entry(town).or_default().push(school.clone());
                }
            }
            let towns = unit::towns(g.r)?;
            let rows = towns.iter().map(|t| row(t, of_town.get(&t.id).map(|s| sum(s)).unwrap_or_default()));
            Ok((sum(&schools), rows.collect()))
        }
    }
}

pub(super) fn show(g: &mut Get<'_>, at: Holder<right::SeeReach>) -> Result<Reply> {
    let s = seen(g, &at.actor)?;
    let (whole, rows) = counted(g, &s)?;
    let view = g.view().clone();
    let own = at.actor.hat.unit == Some(s.here.id);
    let opens = own && s.here.kind == UnitKind::School && at.actor.may(Action::SeeContradicted).is_ok();
    let records = if opens {
        let found = question::contradicted(g.r, s.here.id, s.from, s.to)?;
        found
            .into_iter()
            .map(|q| Contradicted { id: q.id, asked_on: q.asked_on, outcome: q.outcome, followed_at: q.followed_at })
            .collect()
    } else {
        Vec::new()
    };
    let percent = i64::from(question::settings_of(g.r)?.percent);
    let keeps = s.here.kind == UnitKind::District && at.actor.may(Action::EditRules).is_ok();
    let above = if own {
        None
    } else {
        match (s.here.kind, s.here.town, at.actor.unit()?) {
            (UnitKind::School, Some(town), hat) if town != hat => {
                Some((format!("/questions?unit={town}"), unit::find(g.r, town)?.name))
            }
            _ => Some(("/questions".to_owned(), at.actor.hat.unit_name.clone())),
        }
    };
    let whole = Row::of(s.here.name.clone(), None, whole);
    let body = Page {
        above,
        lead: lead(&view, &whole),
        name: s.here.name,
        last: s.last,
        query: g.req.query.query_with(&[("term", if s.last { "" } else { "last" })]),
        same: g.req.query.query_with(&[]),
        column: if s.here.kind == UnitKind::Town { "sampled-school" } else { "sampled-town" },
        rows,
        opens,
        records,
        rate: keeps.then(|| Rate {
            value: g.value("percent", &percent.to_string()).to_owned(),
            problem: g.problem("percent"),
        }),
        percent,
        file: at.actor.may(Action::Export).is_ok(),
        whole,
    };
    g.page(view.t("sampled-title"), "questions", &body)
}

fn lead(view: &gongyu_web::show::View, row: &Row) -> String {
    let counts = row.counts;
    match counts.asked {
        0 => view.t("sampled-lead-none"),
        n if n < FEWEST => view.t("sampled-lead-few"),
        n => view.ta(
            "sampled-lead",
            &[("asked", n.into()), ("yes", counts.yes.into()), ("no", counts.no.into()), ("rest", row.rest.into())],
        ),
    }
}

/// How many contacts are drawn.
pub(super) fn keep(p: &mut Post<'_>, _: Holder<right::EditRules>, _: Holder<right::SeeReach>) -> Result<Reply> {
    let mut invalid = Invalid::default();
    let percent = p.form().number("percent", 0, 20, &mut invalid);
    invalid.into_result()?;
    let percent = u8::try_from(percent).map_err(Error::internal)?;
    question::keep_settings(p.tx, Settings { percent })?;
    p.audit("question.rate", ("touch_question", None), &serde_json::json!({ "percent": percent }).to_string())?;
    Ok(Reply::to_with("/questions", Flash::new("sampled-rate-kept")))
}

/// Exactly what the page shows, small counts left out as there.
pub(super) fn file(g: &mut Get<'_>, at: Holder<right::SeeReach>, _: Holder<right::Export>) -> Result<Reply> {
    let s = seen(g, &at.actor)?;
    let (whole, mut rows) = counted(g, &s)?;
    let (view, name) = (g.view().clone(), s.here.name.clone());
    rows.push(Row::of(s.here.name, None, whole));
    Ok(Reply::later(move || {
        let column = |key: &str, width, kind| Column::new(view.t(key), width, kind);
        let columns = [
            column("sampled-unit", 32.0, ColumnKind::Text),
            column("sampled-asked", 12.0, ColumnKind::Text),
            column("sampled-yes", 14.0, ColumnKind::Number),
            column("sampled-no", 18.0, ColumnKind::Number),
            column("sampled-unconfirmed", 18.0, ColumnKind::Number),
            column("sampled-open", 14.0, ColumnKind::Number),
        ];
        let cells = |row: &Row| {
            let told = |n: i64| Value::from((!row.few()).then_some(n));
            let asked = if row.few() { view.t("sampled-few") } else { row.counts.asked.to_string() };
            vec![
                Value::from(row.name.clone()),
                Value::from(asked),
                told(row.counts.yes),
                told(row.counts.no),
                told(row.rest),
                told(row.counts.waiting),
            ]
        };
        let title = view.t("sampled-title");
        let book = Book::new().sheet(&title).note(&view.t("sampled-note")).columns(&columns);
        let bytes = book.rows(rows.iter().map(cells)).finish().map_err(Error::internal)?;
        Ok(Download::xlsx(format!("{title} {name}.xlsx"), bytes))
    }))
}
