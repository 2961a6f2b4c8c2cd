//! A duty of a school opened: the text that asks it, what counts towards it, and what is missing.

use super::super::line::{Count, Line, citation, deadline, title};
use super::super::rights::is_sensitive;
use crate::dashboard::{Crumb, crumbs};
use askama::Template;
use gongyu_access::right;
use gongyu_kernel::{Date, Error, Id, Result};
use gongyu_ledger::act::Act;
use gongyu_ledger::duty::{self, DutyLine};
use gongyu_ledger::rules::{Counts, Rule};
use gongyu_registry::permit::ForSchool;
use gongyu_registry::unit;
use gongyu_registry::year;
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Reply};

/// A class with how many of its children a duty is done for.
struct ClassRow {
    id: Id,
    name: String,
    done: i64,
    asked: i64,
    missing: i64,
}

/// The text a duty comes from and what it asks, in words.
pub(super) struct Asked {
    pub(super) title: String,
    pub(super) article: String,
    pub(super) year: i16,
    pub(super) tag: &'static str,
    pub(super) counts: String,
    pub(super) times: u32,
    pub(super) period: String,
}

#[derive(Template)]
#[template(path = "duties/pages/detail.html")]
struct Detail {
    crumbs: Vec<Crumb>,
    asked: Asked,
    line: Line,
    from: Option<Date>,
    to: Option<Date>,
    acts: Option<Vec<Act>>,
    missing: u32,
    classes: Option<Vec<ClassRow>>,
    sensitive: bool,
}

pub fn show(g: &mut Get<'_>, at: ForSchool<right::SeeDuties>) -> Result<Reply> {
    let code: String = g.req.param("rule")?;
    let school = &at.school;
    let found = duty::school_lines(g.r, school)?.into_iter().find(|l| l.rule.code == code);
    let line = found.ok_or(Error::NotFound)?;
    let (calendar, view) = (year::calendar(g.r)?, g.view().clone());
    let sensitive = is_sensitive(&line.rule);
    let (mut acts, mut classes, mut missing) = (None, None, 0);
    match line.rule.counts {
        Counts::Acts { .. } => {
            acts = Some(duty::counted_acts(g.r, school.id, &line)?);
            missing = line.rule.required.saturating_sub(line.tally.done);
        }
        // The classes of a rule about a special group would say where its children are.
        Counts::Touches { .. } if !sensitive => classes = Some(class_rows(g, school.id, &line)?),
        _ => {}
    }
    let mut way = crumbs(g.r, &view, &at.actor, school)?;
    way.push(Crumb { href: format!("/schools/{}/duties", school.id), name: school.name.clone() });
    let dated = deadline(&line, &calendar).is_some();
    let body = Detail {
        crumbs: way,
        asked: Asked::of(&view, &line.rule),
        line: Line::of(&view, &at.actor, &calendar, &format!("/schools/{}", school.id), &line),
        from: dated.then_some(line.period.from),
        to: dated.then_some(line.period.to),
        acts,
        missing,
        classes,
        sensitive,
    };
    g.page(title(&view, &line.rule), "duties", &body)
}

fn class_rows(g: &mut Get<'_>, school: Id, line: &DutyLine) -> Result<Vec<ClassRow>> {
    let start = year::current(g.r)?.start;
    let names: Vec<(Id, String)> =
        unit::classes_of(g.r, school)?.into_iter().map(|u| (u.id, u.display(start))).collect();
    let mut rows: Vec<ClassRow> = duty::class_counts(g.r, school, line)?
        .into_iter()
        .map(|(id, done, asked)| ClassRow {
            name: names.iter().find(|(known, _)| *known == id).map(|(_, n)| n.clone()).unwrap_or_default(),
            id,
            done: done.min(asked),
            asked,
            missing: (asked - done).max(0),
        })
        .collect();
    rows.sort_by(|a, b| b.missing.cmp(&a.missing).then(a.id.cmp(&b.id)));
    Ok(rows)
}

impl Asked {
    pub(super) fn of(view: &View, rule: &Rule) -> Self {
        let source = citation(view, rule);
        Self {
            title: source.title.clone(),
            article: source.article.clone(),
            year: source.year,
            tag: rule.tag.label_key(),
            counts: counts_words(view, rule),
            times: rule.required,
            period: view.t(&format!("duty-period-{}", rule.period.code())),
        }
    }
}

/// What counts towards a rule, in words.
pub(crate) fn counts_words(view: &View, rule: &Rule) -> String {
    let list = |keys: Vec<String>| keys.iter().map(|k| view.t(k)).collect::<Vec<_>>().join(&view.t("duties-or"));
    match &rule.counts {
        Counts::Acts { kinds, .. } => list(kinds.iter().map(|k| k.label_key()).collect()),
        Counts::Touches { kinds, min_depth, channels, staff_role } => {
            let mut text = list(kinds.iter().map(|k| k.label_key()).collect());
            let mut add = |key: &str, words: String| text.push_str(&view.ta(key, &[("what", words.into())]));
            add("duties-counts-depth", view.t(min_depth.label_key()));
            if !channels.is_empty() {
                add("duties-counts-channel", list(channels.iter().map(|c| c.label_key().to_owned()).collect()));
            }
            if let Some(role) = staff_role {
                add("duties-counts-role", view.t(role.label_key()));
            }
            text
        }
        Counts::Record { kind } => view.t(&kind.label_key()),
        Counts::Answered { kind, within_workdays } => view.ta(
            "duties-counts-answered",
            &[("what", view.t(&kind.label_key()).into()), ("days", i64::from(*within_workdays).into())],
        ),
        Counts::Ratio { numerator, denominator, percent } => view.ta(
            "duties-counts-ratio",
            &[
                ("part", view.t(&numerator.label_key()).into()),
                ("whole", view.t(&denominator.label_key()).into()),
                ("percent", i64::from(*percent).into()),
            ],
        ),
    }
}
