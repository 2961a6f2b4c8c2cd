//! What the product costs a teacher in a week, which work costs most, what nobody had to type, and how
//! many messages families get.

use super::super::figures::{Burden, Letters, WeekCost, burden_of};
use super::super::forms::Form;
use super::super::rules::{Advice, Average, Seen, advice};
use super::unit_of;
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Result};
use gongyu_parts::figures::{Chart, Series};
use gongyu_registry::unit::{self, Unit, UnitKind};
use gongyu_store::Reader;
use gongyu_web::filters;
use gongyu_web::show::{View, thousands};
use gongyu_web::{Get, Holder, Reply};

/// Minutes of a week, or that too few people stand behind them.
struct Told {
    label: &'static str,
    minutes: Option<String>,
    more: String,
}

struct FormRow {
    label: &'static str,
    minutes: i64,
    share: i64,
    forms: i64,
    each: String,
}

struct PartRow {
    href: String,
    name: String,
    minutes: Option<String>,
    forms: String,
}

#[derive(Template)]
#[template(path = "burden/pages/page.html")]
struct Page {
    above: Option<(String, String)>,
    name: String,
    lead: String,
    groups: Vec<Told>,
    advice: Vec<String>,
    trend: Option<String>,
    forms: Vec<FormRow>,
    all_minutes: i64,
    timed: i64,
    saved: Vec<String>,
    letters: Vec<String>,
    column: &'static str,
    parts: Vec<PartRow>,
    file: Option<String>,
}

/// 12.4, without a needless nought: 12.
pub(super) fn figure(n: f64) -> String {
    let tenths = (n * 10.0).round() as i64;
    if tenths % 10 == 0 { thousands(tenths / 10) } else { format!("{}.{}", thousands(tenths / 10), tenths % 10) }
}

pub(in super::super) fn show(g: &mut Get<'_>, at: Holder<right::SeeBurden>) -> Result<Reply> {
    let here = unit_of(g, &at.actor)?;
    let burden = burden_of(g.r, &here)?;
    let view = g.view().clone();
    let whole: f64 = burden.forms.iter().map(|form| form.minutes).sum();
    let body = Page {
        above: above(g.r, &at.actor, &here)?,
        lead: lead(&view, &burden),
        groups: burden.groups.iter().map(|(group, average)| told(&view, group.label_key(), *average)).collect(),
        advice: advice(&seen(&burden)).iter().map(|said| advice_words(&view, said)).collect(),
        trend: trend(&view, &burden.weeks)?,
        forms: burden
            .forms
            .iter()
            .map(|form| FormRow {
                label: form.form.label_key(),
                minutes: form.minutes.round() as i64,
                share: form.minutes.round() as i64,
                forms: form.forms,
                each: each(&view, form.seconds_each, form.taps_each),
            })
            .collect(),
        all_minutes: whole.round() as i64,
        timed: burden.timed,
        saved: saved(&view, &burden),
        letters: burden.letters.map(|l| letters(&view, l)).unwrap_or_default(),
        column: if here.kind == UnitKind::Town { "burden-school" } else { "burden-town" },
        parts: burden
            .parts
            .iter()
            .map(|part| PartRow {
                href: format!("/burden?unit={}", part.id),
                name: part.name.clone(),
                minutes: part.average.map(|a| figure(a.minutes)),
                forms: part.average.map(|a| figure(a.forms)).unwrap_or_default(),
            })
            .collect(),
        file: at.actor.may(Action::Export).is_ok().then(|| format!("/burden/figures.xlsx?unit={}", here.id)),
        name: here.name,
    };
    Ok(g.page(view.t("burden-title"), "burden", &body)?.script("echarts.js").script("chart.js"))
}

/// The page one step up, as far as the viewer's own unit.
fn above(r: &mut Reader, actor: &Actor, here: &Unit) -> Result<Option<(String, String)>> {
    let hat: Option<Id> = actor.hat.unit;
    if hat == Some(here.id) {
        return Ok(None);
    }
    match (here.kind, here.town) {
        (UnitKind::School, Some(town)) if hat != Some(town) => {
            Ok(Some((format!("/burden?unit={town}"), unit::find(r, town)?.name)))
        }
        _ => Ok(Some(("/burden".to_owned(), actor.hat.unit_name.clone()))),
    }
}

fn lead(view: &View, burden: &Burden) -> String {
    match burden.class_teachers() {
        Some(average) => view.ta("burden-lead", &[("n", figure(average.minutes).into())]),
        None if burden.weeks.iter().all(|w| w.average.is_none()) => view.t("burden-lead-few"),
        None => view.t("burden-lead-none"),
    }
}

fn told(view: &View, label: &'static str, average: Option<Average>) -> Told {
    let more = average.map_or_else(String::new, |a| {
        view.ta("burden-forms-taps", &[("forms", figure(a.forms).into()), ("taps", figure(a.taps).into())])
    });
    Told { label, minutes: average.map(|a| figure(a.minutes)), more }
}

fn seen(burden: &Burden) -> Seen {
    Seen {
        minutes: burden.class_teachers().map(|a| a.minutes),
        before: burden.before.map(|a| a.minutes),
        by_form: burden.forms.iter().map(|form| (form.form, form.minutes)).collect(),
        bulk: (burden.bulk, burden.noted),
        letters: burden.letters.and_then(|l| l.per_family),
    }
}

fn advice_words(view: &View, said: &Advice) -> String {
    match said {
        Advice::Rising(n) => view.ta("burden-advice-rising", &[("n", figure(*n).into())]),
        Advice::Much(n) => view.ta("burden-advice-much", &[("n", figure(*n).into())]),
        Advice::Letters(n) => view.ta("burden-advice-letters", &[("n", figure(*n).into())]),
        Advice::Bulk => view.t("burden-advice-bulk"),
        Advice::Fine => view.t("burden-advice-fine"),
        Advice::Heavy(form, percent) => {
            let work = view.t(form.label_key());
            let key = match form {
                Form::Contact => "burden-advice-heavy-contact",
                Form::Notice => "burden-advice-heavy-notice",
                Form::Visit => "burden-advice-heavy-visit",
                _ => "burden-advice-heavy-other",
            };
            view.ta(key, &[("work", work.into()), ("n", (*percent).into())])
        }
    }
}

/// Minutes of a class teacher, week after week; `None` where there is no line to draw.
fn trend(view: &View, weeks: &[WeekCost]) -> Result<Option<String>> {
    let first = weeks.iter().position(|week| week.average.is_some());
    // The present week is not over: half a week would look like relief.
    let known = first.map_or(&[][..], |first| &weeks[first..weeks.len() - 1]);
    if known.len() < 2 {
        return Ok(None);
    }
    let labels = known.iter().map(|week| view.day(week.week));
    let values = known.iter().map(|week| week.average.map(|a| (a.minutes * 10.0).round() / 10.0));
    let (begin, end) = (known.iter().find_map(|w| w.average), known.iter().rev().find_map(|w| w.average));
    let finding = match (begin, end) {
        (Some(begin), Some(end)) => view
            .ta("burden-trend-finding", &[("from", figure(begin.minutes).into()), ("to", figure(end.minutes).into())]),
        _ => String::new(),
    };
    let series = Series::new(view.t("burden-minutes-each"), values).color("c1");
    let chart = Chart::line(finding).labels(labels).every(4).unit(view.t("burden-minutes")).decimals(1).series(series);
    chart.figure(view).map(Some)
}

fn each(view: &View, seconds: Option<f64>, taps: Option<f64>) -> String {
    match (seconds, taps) {
        (Some(seconds), Some(taps)) => {
            let seconds = thousands(seconds.round() as i64);
            view.ta("burden-each", &[("seconds", seconds.into()), ("taps", figure(taps).into())])
        }
        _ => "—".to_owned(),
    }
}

fn saved(view: &View, burden: &Burden) -> Vec<String> {
    [("burden-saved-bulk", burden.bulk), ("burden-saved-confirmed", burden.confirmed)]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| view.ta(key, &[("n", thousands(n).into())]))
        .collect()
}

fn letters(view: &View, letters: Letters) -> Vec<String> {
    let mut lines = Vec::new();
    match letters.per_family {
        Some(n) => lines.push(view.ta("burden-letters-week", &[("n", figure(n).into())])),
        None => lines.push(view.t("burden-letters-none")),
    }
    if let Some(before) = letters.before {
        lines.push(view.ta("burden-letters-before", &[("n", figure(before).into())]));
    }
    if letters.gathered > 0 {
        lines.push(view.ta("burden-letters-gathered", &[("n", thousands(letters.gathered).into())]));
    }
    lines.push(match letters.limit {
        0 => view.t("burden-letters-no-limit"),
        n => view.ta("burden-letters-limit", &[("n", n.into())]),
    });
    lines
}
