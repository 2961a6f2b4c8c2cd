//! The district's first page: who is not reached, which duty is late, and where.

use super::super::cards::Cards;
use super::super::overview::Overview;
use crate::reach::{
    Choice, Group, Moment, Row, Tones, depth_choices, difference, place_of, points_text, semester_choices,
};
use askama::Template;
use gongyu_access::{Action, Actor, right};
use gongyu_kernel::{Id, Result};
use gongyu_registry::unit::{Setting, Unit};
use gongyu_web::filters;
use gongyu_web::show::View;
use gongyu_web::{Get, Holder, HomeItem, Reply};

/// How many schools the short list names.
const TOP: usize = 5;

/// A school in the short list of those with most children never reached.
struct Top {
    id: Id,
    name: String,
    never: i64,
    students: i64,
}

/// Town and country beside each other.
struct Side {
    label: &'static str,
    color: &'static str,
    reached: i64,
    students: i64,
}

#[derive(Template)]
#[template(path = "dashboard/pages/district.html")]
struct District {
    here: &'static str,
    answer: String,
    never_text: String,
    place: String,
    updated: String,
    semesters: Vec<Choice>,
    depths: Vec<Choice>,
    as_of: String,
    today: String,
    setting: &'static str,
    query: String,
    by_setting: [(String, &'static str, bool); 3],
    exports: bool,
    cards: Cards,
    sides: Vec<Side>,
    gap: String,
    tones: Option<Tones>,
    top: Vec<Top>,
    top_all: usize,
    rows: Vec<Row>,
    towns: usize,
    items: Vec<HomeItem>,
}

#[derive(Template)]
#[template(path = "dashboard/pages/empty.html")]
struct Empty {
    schools: bool,
    too_early: bool,
    units: bool,
    roster: bool,
}

pub fn show(g: &mut Get<'_>, at: Holder<right::SeeDistrict>) -> Result<Reply> {
    let moment = Moment::read(g.r, &g.req.query)?;
    let all = Overview::load(g.r, &moment, None, true)?;
    let view = g.view().clone();
    let title = g.t("dash-title");
    let Some(whole) = all.whole() else { return g.page(title, "district", &empty(&at.actor, &moment, &all.units)) };
    let never = all.never_by_setting();
    let setting = chosen_setting(g.req.query.get("setting"));
    let cards = Cards {
        parents: moment.entire,
        never_page: "/never".to_owned(),
        duties_page: "/duties".to_owned(),
        ..Cards::of(&view, &whole, never, all.duties_of(|_| true))
    };
    let rows = town_rows(&all, setting);
    let items = g.home_items(&at.actor)?;
    let query = &g.req.query;
    let top: Vec<&Group> = most_never(&all.schools);
    let body = District {
        here: "/district",
        answer: answer(&view, &whole, &moment),
        never_text: never_words(&view, whole.never()),
        place: match place_of(never.0, never.1).words() {
            Some((key, n)) if whole.never_known => view.ta(key, &[("n", n.into()), ("percent", (n * 10).into())]),
            _ => String::new(),
        },
        updated: updated(&view, &moment),
        semesters: semester_choices(g.r, &view, &moment)?,
        depths: depth_choices(&view, &moment),
        as_of: query.get("as_of").to_owned(),
        today: view.today().to_string(),
        setting: setting.map_or("", Setting::code),
        query: query.query_with(&[]),
        by_setting: [("", "dash-all"), ("urban", "duty-setting-urban"), ("rural", "duty-setting-rural")].map(
            |(code, label)| (query.query_with(&[("setting", code)]), label, setting.map_or("", Setting::code) == code),
        ),
        exports: at.actor.may(Action::Export).is_ok(),
        sides: sides(&all),
        gap: gap(&view, &all),
        tones: Tones::of(&whole.figures),
        top_all: top.len(),
        top: top
            .into_iter()
            .take(TOP)
            .map(|s| Top {
                id: s.id,
                name: s.name.clone(),
                never: s.never().unwrap_or(0),
                students: s.figures.students,
            })
            .collect(),
        towns: rows.len(),
        items,
        rows,
        cards,
    };
    Ok(g.page(title, "district", &body)?.script("echarts.js").script("chart.js"))
}

fn empty(actor: &Actor, moment: &Moment, units: &[Unit]) -> Empty {
    Empty {
        schools: !units.is_empty(),
        too_early: moment.too_early,
        units: actor.may(Action::ManageUnits).is_ok(),
        roster: actor.may(Action::ImportRoster).is_ok(),
    }
}

/// The setting of an address; what is not understood does not narrow.
pub(crate) fn chosen_setting(text: &str) -> Option<Setting> {
    Setting::parse(text)
}

/// The towns of a setting as rows, in the order of need.
pub(crate) fn town_rows(all: &Overview, setting: Option<Setting>) -> Vec<Row> {
    let chosen = all.towns.iter().filter(|t| setting.is_none() || t.setting == setting);
    chosen.map(|town| Row::of(town, all.duties_of(|school| school.town.unwrap_or_default() == town.id))).collect()
}

/// Schools with children never reached, most first.
fn most_never(schools: &[Group]) -> Vec<&Group> {
    let mut most: Vec<&Group> = schools.iter().filter(|s| s.never().unwrap_or(0) > 0).collect();
    most.sort_by(|a, b| b.never().cmp(&a.never()).then_with(|| a.name.cmp(&b.name)));
    most
}

fn sides(all: &Overview) -> Vec<Side> {
    let side = |setting, label, color| {
        all.of_setting(setting).map(|g: Group| Side {
            label,
            color,
            reached: g.reached(),
            students: g.figures.students,
        })
    };
    let (urban, rural) =
        (side(Setting::Urban, "duty-setting-urban", "r"), side(Setting::Rural, "duty-setting-rural", "k2"));
    urban.into_iter().chain(rural).collect()
}

fn gap(view: &View, all: &Overview) -> String {
    let of = |setting| all.of_setting(setting).map(|g| (g.reached(), g.figures.students));
    match (of(Setting::Urban), of(Setting::Rural)) {
        (Some(urban), Some(rural)) => difference(urban, rural)
            .map(|tenths| {
                let n = points_text(tenths.abs()).trim_start_matches('+').to_owned();
                view.ta("dash-gap", &[("n", n.into())])
            })
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// 97.1%的学生家里这学期联系到了.
pub fn answer(view: &View, whole: &Group, moment: &Moment) -> String {
    let share = gongyu_web::show::percent(whole.reached(), whole.figures.students);
    let key = if moment.is_past() { "dash-answer-past" } else { "dash-answer" };
    view.ta(key, &[("share", share.into())])
}

/// 还有612名学生从未联系到.
pub(super) fn never_words(view: &View, never: Option<i64>) -> String {
    match never {
        None => String::new(),
        Some(0) => view.t("dash-answer-nobody"),
        Some(n) => view.ta("dash-answer-never", &[("n", gongyu_web::show::thousands(n).into())]),
    }
}

/// 更新到今天09:30, or which weekly record is shown.
pub fn updated(view: &View, moment: &Moment) -> String {
    match moment.week {
        Some(end) => view.ta("dash-as-of-week", &[("day", view.day(end).into())]),
        None if moment.is_past() => view.t("dash-past"),
        None => view.ta("dash-updated", &[("at", view.moment(view.now).into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongyu_ledger::figures::Figures;
    use gongyu_ledger::rules::Depth;

    #[test]
    fn the_short_list_names_schools_with_most_children_never_reached_and_none_without() {
        let school = |id: i64, students: i64, ever: i64| Group {
            id: Id(id),
            name: format!("{id}"),
            setting: None,
            town: None,
            schools: 1,
            figures: Figures { students, ever, ..Figures::default() },
            never_known: true,
            entire: true,
            depth: Depth::Confirmed,
            before: None,
        };
        let schools = [school(1, 10, 10), school(2, 10, 3), school(3, 90, 80)];
        let order: Vec<i64> = most_never(&schools).iter().map(|s| s.id.raw()).collect();
        assert_eq!(order, [3, 2]);
    }
}
