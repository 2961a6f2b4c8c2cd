//! The fields of a record: as a form shows them and as a posted form says them.

use super::new::Choice;
use crate::contact_log::{Candidate, relation_words};
use crate::visit::model::{HomeSign, Owner, Point, Risk, Theme, VisitChild, Way};
use crate::visit::record::{Finding, MOST_MEASURES, Measure, VisitRecord};
use gongyu_kernel::Id;
use gongyu_kernel::error::Invalid;
use gongyu_registry::people::Relation;
use gongyu_web::{FormData, Get};

/// A measure as a row of the form.
pub(super) struct MeasureRow {
    pub(super) n: usize,
    pub(super) key: String,
    pub(super) what: String,
    pub(super) owners: Vec<Choice>,
    pub(super) due: String,
}

/// A theme with its degrees.
pub(super) struct ThemeRow {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) risks: Vec<Choice>,
}

/// What was found of one child, or of the family.
pub(super) struct Found {
    /// The child's name; empty for the family.
    pub(super) name: String,
    /// Something is chosen in it.
    pub(super) open: bool,
    pub(super) themes: Vec<ThemeRow>,
}

/// What the form holds.
pub(super) struct Fields {
    pub(super) record: VisitRecord,
    pub(super) day: String,
    pub(super) ways: Vec<Choice>,
    pub(super) met: Vec<Choice>,
    pub(super) visitors: Vec<Choice>,
    pub(super) home: Vec<Choice>,
    pub(super) points: Vec<Choice>,
    pub(super) found: Vec<Found>,
    pub(super) measures: Vec<MeasureRow>,
}

/// Name of the field of a theme: of the family's, or of a child's.
fn risk_field(child: Option<Id>, theme: Theme) -> String {
    child.map_or_else(|| format!("risk-{}", theme.code()), |id| format!("risk-{id}-{}", theme.code()))
}

/// The family's findings, and each child's where there are several.
fn found(g: &Get<'_>, record: &VisitRecord, children: &[VisitChild]) -> Vec<Found> {
    let several = children.len() > 1;
    let group = |child: Option<Id>, name: String| {
        let risk_of = |theme| {
            let of = |f: &&Finding| f.theme == theme && (f.child == child || !several);
            record.findings.iter().find(of).map(|f| f.risk)
        };
        let row = |theme: &Theme| ThemeRow {
            name: risk_field(child, *theme),
            label: g.t(theme.label_key()),
            risks: chips(g, Risk::ALL, Risk::code, Risk::label_key, |r| risk_of(*theme) == Some(r)),
        };
        Found {
            name,
            open: Theme::ALL.iter().any(|t| risk_of(*t).is_some()),
            themes: Theme::ALL.iter().map(row).collect(),
        }
    };
    let mut out = vec![group(None, String::new())];
    if several {
        out.extend(children.iter().map(|c| group(Some(c.student), c.name.clone())));
    }
    out
}

fn chips<T: Copy>(
    g: &Get<'_>,
    all: &[T],
    code: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
    on: impl Fn(T) -> bool,
) -> Vec<Choice> {
    all.iter().map(|c| Choice { value: code(*c).to_owned(), label: g.t(label(*c)), on: on(*c) }).collect()
}

impl Fields {
    /// The first line of what was agreed that a phone keeps behind a word: after those written on, and one more.
    pub(super) fn spare_from(&self) -> usize {
        self.measures.iter().take_while(|m| !m.what.is_empty()).count().clamp(1, self.measures.len() - 1)
    }

    /// The form of a record; `people` may have received the visit, `staff` may have gone.
    pub(super) fn of(
        g: &Get<'_>,
        record: VisitRecord,
        children: &[VisitChild],
        people: &[Candidate],
        staff: &[(Id, String)],
    ) -> Self {
        let owner_of = |owner: Owner| chips(g, Owner::ALL, Owner::code, Owner::label_key, |o| o == owner);
        let mut measures: Vec<MeasureRow> = record
            .measures
            .iter()
            .enumerate()
            .map(|(n, m)| MeasureRow {
                n,
                key: m.key.clone(),
                what: m.what.clone(),
                owners: owner_of(m.owner),
                due: m.due.map(|d| d.to_string()).unwrap_or_default(),
            })
            .collect();
        // Always one more line to write on, and three to begin with, as on the paper.
        let lines = (measures.len() + 1).clamp(3, MOST_MEASURES);
        for n in measures.len()..lines {
            let key = g.app.random.code(16);
            measures.push(MeasureRow {
                n,
                key,
                what: String::new(),
                owners: owner_of(Owner::Teacher),
                due: String::new(),
            });
        }
        Self {
            day: record.day.map(|d| d.to_string()).unwrap_or_default(),
            ways: chips(g, Way::ALL, Way::code, Way::label_key, |w| record.way == Some(w)),
            met: met(g, &record, people),
            visitors: staff
                .iter()
                .map(|(id, name)| Choice {
                    value: id.to_string(),
                    label: name.clone(),
                    on: record.visitors.contains(id),
                })
                .collect(),
            home: chips(g, HomeSign::ALL, HomeSign::code, HomeSign::label_key, |c| record.home.contains(&c)),
            points: chips(g, Point::ALL, Point::code, Point::label_key, |c| record.points.contains(&c)),
            found: found(g, &record, children),
            measures,
            record,
        }
    }
}

fn met(g: &Get<'_>, record: &VisitRecord, people: &[Candidate]) -> Vec<Choice> {
    let view = g.view();
    let mut seen: Vec<Id> = Vec::new();
    let mut out = Vec::new();
    for c in people {
        if seen.contains(&c.guardian) {
            continue;
        }
        seen.push(c.guardian);
        let relation = relation_words(view, c.relation, &c.kin);
        let args = [("relation", relation.into()), ("name", c.name.as_str().into())];
        let value = format!("guardian:{}", c.guardian);
        out.push(Choice { on: record.met.contains(&value), label: view.ta("contact-relation-and-name", &args), value });
    }
    let held = |relation: Relation| people.iter().any(|c| c.relation == relation);
    for relation in [Relation::Father, Relation::Mother, Relation::Grandparent, Relation::Other] {
        let value = relation.code().to_owned();
        if !held(relation) || record.met.contains(&value) {
            out.push(Choice { on: record.met.contains(&value), label: relation_words(view, relation, ""), value });
        }
    }
    out.push(Choice { value: "child".to_owned(), label: g.t("visit-met-child"), on: record.met.contains("child") });
    out
}

/// Reads a posted record. What the form does not show (companions' parts) stays as it was in `base`; `me` is the
/// member of staff whose own part the form may hold.
pub(super) fn read(
    form: &FormData,
    base: &VisitRecord,
    children: &[VisitChild],
    me: Option<Id>,
    invalid: &mut Invalid,
) -> VisitRecord {
    let text = |name: &str| form.get(name).replace("\r\n", "\n");
    if !form.get("day").is_empty() && form.get("day").parse::<gongyu_kernel::Date>().is_err() {
        invalid.push("day", "field-date");
    }
    let own = children.iter().filter(|_| children.len() > 1).map(|c| Some(c.student));
    let mut findings = Vec::new();
    for child in std::iter::once(None).chain(own) {
        for theme in Theme::ALL {
            if let Some(risk) = Risk::parse(form.get(&risk_field(child, *theme))) {
                findings.push(Finding { theme: *theme, risk, child });
            }
        }
    }
    findings.sort_unstable();
    let mut parts = base.parts.clone();
    if let Some(me) = me.filter(|_| form.has("part")) {
        parts.remove(&me);
        if !form.get("part").is_empty() {
            parts.insert(me, text("part"));
        }
    }
    VisitRecord {
        good: text("good"),
        purpose: text("purpose"),
        outline: text("outline"),
        day: form.get("day").parse().ok(),
        from: text("from"),
        to: text("to"),
        way: Way::parse(form.get("way")),
        visitors: form.ids("visitors").into_iter().collect(),
        met: form.all("met").into_iter().filter(|m| !m.is_empty()).map(ToOwned::to_owned).collect(),
        home: form.all("home").into_iter().filter_map(HomeSign::parse).collect(),
        home_words: text("home_words"),
        at_home: text("at_home"),
        at_school: text("at_school"),
        points: form.all("points").into_iter().filter_map(Point::parse).collect(),
        talked: text("talked"),
        opinions: text("opinions"),
        findings,
        findings_words: text("findings_words"),
        measures: measures(form),
        follow_up: text("follow_up"),
        parts,
    }
}

fn measures(form: &FormData) -> Vec<Measure> {
    (0..MOST_MEASURES)
        .filter_map(|n| {
            let field = |name: &str| form.get(&format!("{name}-{n}"));
            let what = field("what");
            (!what.is_empty()).then(|| Measure {
                key: field("key").to_owned(),
                what: what.to_owned(),
                owner: Owner::parse(field("owner")).unwrap_or(Owner::Teacher),
                due: field("due").parse().ok(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_words_and_measures_are_read_and_what_the_form_does_not_show_stays() {
        let own = Finding { theme: Theme::Mood, risk: Risk::Act, child: Some(Id(9)) };
        let gone = Finding { theme: Theme::Health, risk: Risk::Watch, child: Some(Id(9)) };
        let mut base = VisitRecord { findings: vec![own, gone], ..VisitRecord::default() };
        let child = |id| VisitChild { visit: Id(1), student: Id(id), name: "小雨".to_owned(), class: Id(2) };
        base.parts.insert(Id(5), "龚老师的话".to_owned());
        let posted = "good=%E7%88%B1%E7%AC%91&day=2026-11-20&way=home&met=mother&met=guardian%3A7&home=desk&home=books\
                      &risk-care=watch&risk-mood=&risk-9-mood=act&risk-8-care=&risk-77-care=act&what-0=%E6%AF%8F%E5%A4%A9%E8%AF%BB%E4%B9%A6&key-0=a&owner-0=family\
                      &due-0=2026-12-01&what-1=&key-1=b&part=%E6%88%91%E7%9A%84";
        let mut invalid = Invalid::default();
        let children = [child(8), child(9)];
        let record = read(&FormData::parse(posted.as_bytes()), &base, &children, Some(Id(6)), &mut invalid);
        assert!(invalid.fields.is_empty());
        assert_eq!(
            (record.good.as_str(), record.way, record.home.len(), record.met.len()),
            ("爱笑", Some(Way::Home), 2, 2)
        );
        assert_eq!(record.findings.len(), 2);
        assert!(record.findings.contains(&own));
        assert_eq!(record.measures.len(), 1);
        assert_eq!(record.measures[0].owner, Owner::Family);
        assert_eq!(record.parts.len(), 2);
    }
}
